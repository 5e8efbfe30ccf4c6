"""`maimod lsp` with the model of the tests."""

from __future__ import annotations

import sys

from maimod.__main__ import main
from server.worker import process
from tests.server import wondering

if __name__ == "__main__":
    wondering.install()
    process.PROGRAM = f"from tests.server import wondering; wondering.install(); {process.PROGRAM}"
    sys.argv = ["maimod", "lsp"]
    main()

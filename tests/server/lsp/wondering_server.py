"""`maimod lsp` with the model of the tests."""

from __future__ import annotations

import sys

from maimod.__main__ import main
from tests.server import wondering

if __name__ == "__main__":
    wondering.install()
    sys.argv = ["maimod", "lsp"]
    main()

"""`maimod lsp` whose writer has the tests' own weights, and waits where a map's tags tell it to.

Tags `gate:PATH` keep it at work until that file is there or nobody waits any more, `stuck:PATH` even then.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

INSTALL = "from tests.server.lsp import writing_server; writing_server.install()"


def install() -> None:
    """In the worker: other weights, and gates."""
    from generation.sections import Generator
    from models.bundled import graphs
    from models.bundled.sampling import Cancelled
    from tests.models import tiny

    def weights(path: str | None = None) -> tuple[bytes, str, str]:  # noqa: ARG001  the reader's signature
        return tiny.WEIGHTS.read_bytes(), str(tiny.WEIGHTS), ""

    proposals: Callable[..., Any] = Generator.proposals

    def gated(self: Generator, subject: Any, request: Any, song: Any, progress: Any, cancelled: Any) -> object:  # noqa: ANN401
        tags = next((line.text for line in subject.document.lines if line.text.startswith("Tags:")), "").strip()
        how, _, path = tags.removeprefix("Tags:").partition(":")
        while path and not Path(path).exists():
            progress(0.25)
            time.sleep(0.005)
            if how == "gate" and cancelled():
                raise Cancelled
        return proposals(self, subject, request, song, progress, cancelled)

    graphs.read_weights = weights
    Generator.proposals = gated  # type: ignore[assignment, method-assign]


if __name__ == "__main__":
    from maimod.__main__ import main
    from server.worker import process

    process.PROGRAM = f"{INSTALL}; {process.PROGRAM}"
    sys.argv = ["maimod", "lsp"]
    main()

"""What an editor's user wants to see beside the text; see `server.editor_settings`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from server.language.hints import Wanted
from server.lsp.server import Server

INLAY_HINTS, CODE_LENS = "inlay-hints", "code-lens"


def wanted_hints(ls: Server) -> Wanted:
    """`inlay-hints`: true, false, or a table of `time`, `snap`, `tempo` and `velocity`."""
    given = ls.session.options.get(INLAY_HINTS)
    if given is False:
        return Wanted(time=False, snap=False, tempo=False, velocity=False)
    table: Mapping[str, object] = cast("Mapping[str, object]", given) if isinstance(given, Mapping) else {}
    return Wanted(*(table.get(name) is not False for name in ("time", "snap", "tempo", "velocity")))


def wants_lenses(ls: Server) -> bool:
    """`code-lens`: true (the default) or false."""
    return ls.session.options.get(CODE_LENS) is not False

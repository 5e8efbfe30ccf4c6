"""What an editor's user wants to see beside the text; see `server.editor_settings`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from pygls.capabilities import get_capability

from server.language.hints import Wanted
from server.lsp.server import Server

INLAY_HINTS, CODE_LENS = "inlay-hints", "code-lens"


def wanted_hints(ls: Server, path: str | None) -> Wanted:
    """`inlay-hints`: true, false, or a table of `time`, `snap`, `tempo` and `velocity`."""
    given = ls.session.options_for(path).get(INLAY_HINTS)
    if given is False:
        return Wanted(time=False, snap=False, tempo=False, velocity=False)
    table: Mapping[str, object] = cast("Mapping[str, object]", given) if isinstance(given, Mapping) else {}
    return Wanted(*(table.get(name) is not False for name in ("time", "snap", "tempo", "velocity")))


def wants_lenses(ls: Server, path: str | None) -> bool:
    """`code-lens`: true (the default) or false."""
    return ls.session.options_for(path).get(CODE_LENS) is not False


def refresh(ls: Server) -> None:
    """Asks the editor to ask for hints and lenses again: the settings are others."""
    able = ls.client_capabilities
    if get_capability(able, "workspace.inlay_hint.refresh_support"):
        ls.workspace_inlay_hint_refresh(None)
    if get_capability(able, "workspace.code_lens.refresh_support"):
        ls.workspace_code_lens_refresh(None)

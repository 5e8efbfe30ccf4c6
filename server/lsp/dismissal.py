"""The commands behind "Dismiss" and "Switch off": what the mapper does not want to hear of again, and how it comes back."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, cast

from server.dismissals import KEYS, Dismissal, add, load, remove
from server.lsp.server import Refusal, Server
from server.settings_file import switch_off as write_switch_off
from server.uris import path_of

DISMISS, RESTORE, LIST, SWITCH_OFF = "maimod.dismiss", "maimod.restore", "maimod.dismissals", "maimod.switchOff"


def dismiss(
    ls: Server, uri: str, map_name: str, rule: str, kind: str = "", section: str = "", subject: str = ""
) -> Refusal | None:
    """Writes a dismissal beside the map; without `kind`, `section` and `subject` one of all that the rule finds in it."""
    folder = _folder(uri)
    if folder is None:
        return Refusal("maimod: only the findings of a map that was saved can be dismissed.")
    return _written(ls, folder, lambda: add(folder, [Dismissal(map_name, rule, kind, section, subject)]), "the dismissal")


def dismissals(ls: Server, uri: str) -> list[dict[str, str]]:  # noqa: ARG001  a command's signature
    """The dismissals beside the map of that URI which concern it."""
    path = path_of(uri)
    if path is None:
        return []
    kept = load(os.path.dirname(path)).dismissals
    mine = sorted((each for each in kept if each.map == os.path.basename(path)), key=lambda each: (each.rule, each.subject))
    return [{key: getattr(each, key) for key in KEYS} for each in mine]


def restore(ls: Server, uri: str, *entries: Any) -> Refusal | int:  # noqa: ANN401  JSON
    """Takes dismissals back, as `dismissals` gave them, all of the map's where none is named; how many there were."""
    folder = _folder(uri)
    if folder is None:
        return 0
    named = [Dismissal(*(str(_get(entry, key) or "") for key in KEYS)) for entry in entries if entry is not None]
    unwanted = named or [Dismissal(**each) for each in dismissals(ls, uri)]
    restored: list[Dismissal] = []
    refused = _written(ls, folder, lambda: restored.extend(remove(folder, unwanted)), "the dismissals")
    return len(restored) if refused is None else refused


def switch_off(ls: Server, uri: str, rule: str) -> Refusal | None:
    """Names the rule under `ignore` in the `maimod.toml` of the map."""
    folder = _folder(uri)
    if folder is None:
        return Refusal("maimod: rules can be switched off for maps that were saved; else in the editor's settings.")
    return _written(ls, folder, lambda: write_switch_off(folder, rule), "maimod.toml")


def _written(ls: Server, folder: str, write: Callable[[], object], what: str) -> Refusal | None:
    """Writes, and judges everything anew; where the disk refuses nothing is lost and the user is told."""
    try:
        write()
    except OSError as trouble:
        return Refusal(f"maimod: {what} could not be written in {folder} ({trouble.strerror or trouble}).")
    except ValueError as trouble:
        return Refusal(f"maimod: {trouble}.")
    ls.settings_changed()
    return None


def _folder(uri: str) -> str | None:
    path = path_of(uri)
    return os.path.dirname(path) if path is not None and os.path.isabs(path) and "://" in uri else None


def _get(entry: object, key: str) -> object:
    return cast("dict[str, object]", entry).get(key) if isinstance(entry, dict) else getattr(entry, key, None)

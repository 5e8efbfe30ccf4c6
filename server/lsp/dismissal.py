"""The command behind "Dismiss": a finding that the mapper does not want to hear of again."""

from __future__ import annotations

import os

from lsprotocol import types

from server.dismissals import Dismissal, add
from server.lsp.server import Server

COMMAND = "maimod.dismiss"


def dismiss(ls: Server, uri: str, map_name: str, rule: str, kind: str, section: str, subject: str) -> None:
    """Writes the dismissal beside the map."""
    file = ls.session.get(uri)
    if file is None or file.snapshot.path is None:
        return
    try:
        add(os.path.dirname(file.snapshot.path), [Dismissal(map_name, rule, kind, section, subject)])
    except OSError as trouble:
        ls.say(f"maimod: the dismissal could not be written ({trouble.strerror or trouble}).", types.MessageType.Error)
        return
    ls.review.touch_all()

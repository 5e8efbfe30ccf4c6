"""The settings that an editor has: those of `maimod.toml`, and a few that only an editor needs. One table for all editors.

`python -m server.editor_settings > docs/schemas/editor-settings-v1.json` writes their JSON Schema, of which an extension makes
the settings that it offers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# What a language server has no use for: it says how a command ends.
COMMAND_LINE_ONLY = ("fail-on",)

# Of each setting what JSON Schema says of it.
EDITOR_KEYS: Mapping[str, Mapping[str, Any]] = {
    "scope": {
        "description": "Which maps are judged while you work: the open ones alone (file), all difficulties of the mapsets that "
        "they belong to and of small workspaces (set), or every map of the workspace (workspace).",
        "enum": ["file", "set", "workspace"],
        "default": "set",
    },
    "inlay-hints": {
        "description": "What is shown between the text of a map: time stamps and snap divisors of objects, the tempo "
        "of red lines and the slider velocity of green ones. false: nothing.",
        "type": ["boolean", "object"],
        "properties": {name: {"type": "boolean", "default": True} for name in ("time", "snap", "tempo", "velocity")},
        "additionalProperties": False,
        "default": True,
    },
    "code-lens": {
        "description": "Whether the star rating and the number of findings stand above a map.",
        "type": "boolean",
        "default": True,
    },
    "daemon": {
        "description": "Whether open texts are handed on to a maimod daemon that runs for these maps (`maimod serve`), so that "
        "overlays follow what you type.",
        "type": "boolean",
        "default": True,
    },
}


def normal(table: Mapping[str, object]) -> dict[str, object]:
    """What is set, by the names of `maimod.toml`, however the editor spells them (`minSurprisal`); null is like left out."""
    given = {key: value for key, value in table.items() if value is not None}
    return {re.sub(r"(?<=[a-z])[A-Z]", lambda found: "-" + found[0].lower(), key): value for key, value in given.items()}


def schema(config: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON Schema of the editor's settings; `config` is the one of `maimod.toml`."""
    from server.settings import KEYS

    shared = {key: config["properties"][key] for key in KEYS if key not in COMMAND_LINE_ONLY}
    return {
        "$schema": config["$schema"],
        "$id": "editor-settings-v1.json",
        "title": "maimod in an editor",
        "description": "What an editor may send as `maimod` settings. They override maimod.toml, those left out or null do not. "
        "`editorOnly` names those that maimod.toml does not have.",
        "type": "object",
        "editorOnly": list(EDITOR_KEYS),
        "properties": {**shared, **EDITOR_KEYS},
    }


def main() -> None:
    config = Path(__file__).parent.parent / "docs" / "schemas" / "config-v1.json"
    print(json.dumps(schema(json.loads(config.read_text(encoding="utf-8"))), indent=2))  # noqa: T201  its only output


if __name__ == "__main__":
    main()

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from server.editor_settings import EDITOR_KEYS, normal, schema
from server.settings import KEYS, understand

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"


def test_the_published_schema_is_the_one_of_the_table() -> None:
    config = json.loads((SCHEMAS / "config-v1.json").read_text(encoding="utf-8"))
    published = json.loads((SCHEMAS / "editor-settings-v1.json").read_text(encoding="utf-8"))
    assert published == json.loads(json.dumps(schema(config))), "run python -m server.editor_settings"
    jsonschema.Draft202012Validator.check_schema(published)
    assert set(published["properties"]) == {*KEYS, *EDITOR_KEYS} - {"fail-on"}


def test_what_only_an_editor_knows_is_no_key_of_the_file() -> None:
    assert not EDITOR_KEYS.keys() & set(KEYS)
    for key in EDITOR_KEYS:
        assert understand({key: True})[1]


def test_every_spelling_of_a_setting_is_understood() -> None:
    assert normal({"minSurprisal": 9, "min-surprisal": 8}) == {"min-surprisal": 8}
    assert normal({"inlayHints": {"time": True}, "scope": "set"}) == {"inlay-hints": {"time": True}, "scope": "set"}

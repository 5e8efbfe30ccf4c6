from __future__ import annotations

import importlib
import string
from pathlib import Path
from typing import Any

import pytest

from analyzers.catalogue import CHART_RULES, INI_RULES, OSU_RULES
from analyzers.rule import Rule

RULES: list[Rule[Any]] = [*OSU_RULES, *CHART_RULES]
RULES_FOLDER = Path(__file__).parents[2] / "analyzers" / "rules"


def test_every_rule_module_is_in_the_catalogue() -> None:
    listed = {id(rule) for rule in (*RULES, *INI_RULES)}
    for path in sorted(RULES_FOLDER.rglob("*.py")):
        name = ".".join(("analyzers", "rules", *path.relative_to(RULES_FOLDER).with_suffix("").parts))
        module = importlib.import_module(name)
        rule: object = getattr(module, "RULE", None)
        assert rule is None or id(rule) in listed, f"{name} is not in the catalogue"


def test_rules_know_nothing_of_each_other() -> None:
    for path in sorted(RULES_FOLDER.rglob("*.py")):
        assert "import analyzers.rules" not in (text := path.read_text(encoding="utf-8")), path
        assert "from analyzers.rules" not in text, path


def test_codes_and_names_are_unique() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    names = [(rule.name, rule.standards) for rule in RULES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_explains_itself(rule: Rule[Any]) -> None:
    assert rule.title.endswith("."), "the first line of the documentation is a sentence"
    assert "Example" in rule.documentation
    assert len(set(rule.templates)) == len(rule.templates)
    for template in rule.templates:
        assert template.message.endswith((".", "}")), template.message
        list(string.Formatter().parse(template.message))

"""From what a user writes (a rule's name, its code, the start of codes, a category) to the names of rules."""

from __future__ import annotations

from functools import cache
from typing import Any

from analyzers import catalogue
from analyzers.engine import SYNTAX_CODE, SYNTAX_NAME
from analyzers.finding import Category
from analyzers.rule import Rule
from server.songs import UNHEARD_CODE, UNHEARD_NAME

AnyRule = Rule[Any]


@cache
def all_rules() -> tuple[AnyRule, ...]:
    """Every rule, in the catalogue's order."""
    return (*catalogue.OSU_RULES, *catalogue.CHART_RULES, *catalogue.SURPRISAL_RULES)


@cache
def _by_word() -> dict[str, tuple[str, ...]]:
    words: dict[str, dict[str, None]] = {}
    entries = [(rule.code, rule.name, rule.category) for rule in all_rules()]
    entries += [(SYNTAX_CODE, SYNTAX_NAME, Category.SYNTAX), (UNHEARD_CODE, UNHEARD_NAME, Category.SURPRISAL)]
    for code, name, category in entries:
        # A code and each start of it ("T105", "T1", "T"), the name, the category ("hit sounds", "hit-sounds").
        for word in (name, category.value, category.value.replace(" ", "-"), *(code[:end] for end in range(1, len(code) + 1))):
            words.setdefault(word, {})[name] = None
    return {word: tuple(names) for word, names in words.items()}


def named(word: str) -> tuple[str, ...]:
    """The names of the rules that `word` stands for. Raises `ValueError` with a sentence and the nearest name."""
    names = _by_word().get(word) or _by_word().get(word.upper()) or _by_word().get(word.lower())
    if names:
        return names
    raise ValueError(f"there is no rule {word!r}" + _nearest(word))


def _nearest(word: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word.lower(), _by_word(), n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else "; 'maimod rule' lists them all"

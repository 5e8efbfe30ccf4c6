"""The rules' documentation, taken from the rules themselves: one rule's page, the list, and the whole as Markdown or JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from analyzers.engine import SYNTAX_CODE, SYNTAX_NAME
from analyzers.finding import Category, Severity
from analyzers.rule import ALL_MODES, OSU_STANDARDS, Standard
from server.choosing import AnyRule, all_rules, named
from server.report import MODE_NAMES
from server.songs import UNHEARD_CODE, UNHEARD_NAME

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")

_UNREADABLE = """Line that cannot be read.

The game skips a line that it cannot read, without a word: an object, a timing line or a setting is simply missing when the map is
played. The text stays as it is in the file.

Example: `256,192,abc,1,0` (the time is no number)
"""

_OF_A_MODEL = """
How sure the model is decides whether it is a hint, information or a warning. How rare such a surprise is decides whether it is
told: one of 9 bits is one that about one note in 2^9 of published maps gives. `--min-surprisal` and the setting `min-surprisal`
move what is told: one bit more halves it. Every fix is one of several right answers, so none is applied unasked.
"""

_UNHEARD = """Song that the surprisal model could not hear.

The model listens to the song that the map names, where it lies beside the map, and judges the timing by it. A song that cannot be
decoded is left out: all else is judged as without it. `--audio off` keeps the model from listening, `--audio FILE` names another
file.

Example: an `audio.mp3` that holds a web page
"""


@dataclass(frozen=True, slots=True)
class Said:
    """One of a rule's remarks: `form` is its message with … for what differs from map to map, `cause` when it is made."""

    kind: str
    severity: Severity
    form: str
    cause: str


@dataclass(frozen=True, slots=True)
class Page:
    """What is known of one rule. `applies` names the modes and the standards it is for, empty for all."""

    code: str
    name: str
    category: Category
    title: str
    text: str
    applies: tuple[str, ...]
    remarks: tuple[Said, ...]


@cache
def pages() -> tuple[Page, ...]:
    """A page for each rule, by category, in the catalogue's order."""
    ranks = {category: rank for rank, category in enumerate(Category)}
    reader = Page(
        SYNTAX_CODE,
        SYNTAX_NAME,
        Category.SYNTAX,
        *_split(_UNREADABLE),
        (),
        (Said("unreadable", Severity.ERROR, "…; the game skips this line.", "A line is not what its section expects."),),
    )
    unheard = Page(
        UNHEARD_CODE,
        UNHEARD_NAME,
        Category.SURPRISAL,
        *_split(_UNHEARD),
        (),
        (
            Said(
                "unheard",
                Severity.INFORMATION,
                "The surprisal model has judged the notes without the song …: …",
                "It cannot be decoded.",
            ),
        ),
    )
    return tuple(sorted([reader, unheard, *map(_page, all_rules())], key=lambda page: ranks[page.category]))


def _page(rule: AnyRule) -> Page:
    remarks = tuple(
        Said(template.kind, template.severity, _PLACEHOLDER.sub("…", template.message), template.cause)
        for template in rule.templates
    )
    text = rule.documentation + ("\n" + _OF_A_MODEL if rule.category is Category.SURPRISAL else "")
    return Page(rule.code, rule.name, rule.category, *_split(text), _applies(rule), remarks)


def _split(documentation: str) -> tuple[str, str]:
    title, _, text = documentation.partition("\n")
    return title, text.strip()


def _applies(rule: AnyRule) -> tuple[str, ...]:
    modes = () if rule.modes == ALL_MODES else tuple(MODE_NAMES[mode] for mode in sorted(rule.modes))
    usual = rule.standards in (OSU_STANDARDS, frozenset({Standard.CLONE_HERO}), frozenset(Standard))
    return (*modes, *(() if usual else sorted(rule.standards)))


def pages_for(word: str) -> list[Page]:
    """The pages of the rules that `word` stands for. Raises `ValueError` with the nearest name."""
    names = named(word)
    return [page for page in pages() if page.name in names]


def as_text(page: Page) -> str:
    """One rule for a terminal."""
    head = f"{page.name} ({page.code}, {_scope(page)})"
    remarks = "\n".join(
        f"  {said.severity.value}: {said.form}{cause}" for said in page.remarks for cause in [_beneath(said.cause)]
    )
    return "\n\n".join(part for part in (f"{head}\n{page.title}", page.text, f"It says:\n{remarks}") if part) + "\n"


def _beneath(cause: str) -> str:
    return f"\n    {cause}" if cause else ""


def _scope(page: Page) -> str:
    return ", ".join((page.category.value, *page.applies))


def list_as_text() -> str:
    """All rules by category, a line each."""
    width = max(len(page.name) for page in pages())
    lines: list[str] = []
    for category, members in _grouped():
        lines += ["", category.value.capitalize()] if lines else [category.value.capitalize()]
        lines += [f"  {page.code}  {page.name:{width}}  {page.title}" for page in members]
    return "\n".join(lines) + "\n"


def _grouped() -> Iterator[tuple[Category, list[Page]]]:
    for category in Category:
        members = [page for page in pages() if page.category is category]
        if members:
            yield category, members


def as_markdown() -> str:
    """The page of all rules (docs/rules.md)."""
    parts = [
        "# Rules\n\nMade by `maimod rule --format markdown` from the rules themselves; edit those, then make it anew. "
        "Severities: *error* – the map breaks, or the criteria forbid it; *warning* – look at it;\n"
        "*information* and *hint* – good to know.\n"
    ]
    for category, members in _grouped():
        rows = "".join(f"| [`{page.name}`](#{page.code.lower()}) | {page.code} | {page.title} |\n" for page in members)
        parts.append(f"\n## {category.value.capitalize()}\n\n| rule | code | |\n|---|---|---|\n{rows}")
        parts += ["\n" + page_as_markdown(page) for page in members]
    return "".join(parts)


def page_as_markdown(page: Page) -> str:
    """One rule's section."""
    rows = "".join(f"| {said.severity.value} | {_cell(said.form)} | {_cell(said.cause)} |\n" for said in page.remarks)
    table = f"| severity | says | when |\n|---|---|---|\n{rows}"
    scope = f" · {', '.join(page.applies)}" if page.applies else ""
    head = f'### <a id="{page.code.lower()}"></a>{page.name}\n\n**{page.code}**{scope} · {page.title}'
    return "\n\n".join(part for part in (head, page.text, table) if part)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def as_entry(page: Page) -> dict[str, Any]:
    """One rule for JSON."""
    return {
        "code": page.code,
        "name": page.name,
        "category": page.category.value,
        "title": page.title,
        "documentation": page.text,
        "applies": list(page.applies),
        "remarks": [
            {"kind": said.kind, "severity": said.severity.value, "message": said.form, "cause": said.cause}
            for said in page.remarks
        ],
    }

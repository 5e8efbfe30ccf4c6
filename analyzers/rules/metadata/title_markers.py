"""Title marker in another form than the standard one.

Cut, sped-up and similar versions of a song are told apart by a marker at the end of both titles, always written the
same: (TV Size), (Game Ver.), (Short Ver.), (Cut Ver.), (Movie Ver.), (Sped Up Ver.), (Nightcore Mix), (Sped Up & Cut
Ver.), (Nightcore & Cut Ver.), (Extended Edit). Titles in lower or upper case throughout may keep that in the marker.
Other versions should read (… Ver.).

Example: `Title:Song -TV version-` instead of `Title:Song (TV Size)`
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzers.context import Context
from analyzers.finding import Category, Safety, Severity
from analyzers.name_fields import MOST_LENGTH, safety_of
from analyzers.repairs import replace_value
from analyzers.rule import Change, Issue, Repair, Rule, Standard, Template
from formats.document import Place, entry_value

FIELDS = ("TitleUnicode", "Title")
# A bracket with more words than this ahead of its "ver." is an artist's own phrase, not a marker.
MOST_WORDS = 6

_VER = r"(?:ver(?:s(?:ion)?)?\b\.?|バージョン)"
_AND = r"\s*(?:&|\+|and)\s*"
_SPED = r"(?:sped|speed)[\s-]*up"
# Each marker with all the forms in which it is met, brackets left out. The first that matches counts.
_MARKERS = (
    ("(Sped Up & Cut Ver.)", rf"{_SPED}(?:\s*{_VER})?{_AND}cut(?:\s*{_VER})?|cut(?:\s*{_VER})?{_AND}{_SPED}(?:\s*{_VER})?"),
    ("(Nightcore & Cut Ver.)", rf"nightcore(?:\s*mix)?{_AND}cut(?:\s*{_VER})?|cut(?:\s*{_VER})?{_AND}nightcore(?:\s*mix)?"),
    ("(TV Size)", rf"tv[\s.-]*(?:size|サイズ|edit|cut|{_VER})(?:\s*{_VER})?"),
    ("(Game Ver.)", rf"game[\s.-]*(?:size|edit|cut|{_VER})"),
    ("(Short Ver.)", rf"short[\s.-]*(?:size|cut|{_VER})"),
    ("(Cut Ver.)", rf"cut[\s.-]*(?:size|edit|{_VER})"),
    ("(Movie Ver.)", rf"movie[\s.-]*(?:size|edit|cut|{_VER})"),
    ("(Sped Up Ver.)", rf"{_SPED}(?:\s*(?:edit|mix|{_VER}))?"),
    ("(Nightcore Mix)", rf"nightcore(?:\s*(?:mix|remix|edit|{_VER}))?"),
    ("(Extended Edit)", r"extended[\s-]*edit"),
)
_OPEN, _CLOSE = r"[(\[<{（［【〈~～\-–—]", r"[)\]>}）］】〉~～\-–—]"
# In brackets or dashes; or bare at the end of the title, where a word that makes it a marker is asked for.
_PATTERNS = tuple(
    (
        canonical,
        re.compile(rf"(?P<framed>\s*{_OPEN}\s*(?:{forms})\s*{_CLOSE})|(?P<bare>(?<=\S)\s+(?:{forms})\s*$)", re.IGNORECASE),
    )
    for canonical, forms in _MARKERS
)
# Of the bare forms these are too likely to be words of the title itself.
_NEVER_BARE = frozenset({"(Nightcore Mix)", "(Sped Up Ver.)"})
_IN_LAZER = frozenset(canonical for canonical, _ in _MARKERS) - {"(Movie Ver.)", "(Extended Edit)"}
_VERSION = re.compile(rf"(?P<open>[(\[])(?P<words>[^()\[\]]*?)(?P<ver>{_VER})\s*(?P<close>[)\]])", re.IGNORECASE)
_OPENING = re.compile(rf"(?<=\S)\s*[(\[~-]?\s*\b(?:op|ed|opening|ending)[\s.-]*(?:size|{_VER})\s*[)\]~-]?\s*$", re.IGNORECASE)

NONSTANDARD = Template(
    "nonstandard-marker",
    Severity.ERROR,
    "'{found}' in {field} should be written '{marker}'.",
    "A title marker of the ranking criteria is not in its standard form.",
)
WRONG_FORMAT = Template("wrong-format", NONSTANDARD.severity, NONSTANDARD.message, NONSTANDARD.cause)
MISSING = Template(
    "marker-missing-in-other-title",
    Severity.ERROR,
    "{field} lacks the '{marker}' that the other title has.",
    "A marker stands in the romanised title and not in the Unicode one, or the reverse.",
)
NOT_AT_END = Template(
    "marker-not-at-end",
    Severity.WARNING,
    "'{marker}' should stand at the end of {field}.",
    "More of the title follows behind a marker.",
)
GUIDELINE = Template(
    "guideline-marker",
    Severity.WARNING,
    "'{found}' in {field} should be written '{marker}'.",
    "A version that has no marker of its own is not written (… Ver.).",
)
NIGHTCORE = Template(
    "nightcore-suggestion",
    Severity.WARNING,
    "The tags say nightcore, so {field} probably needs '{marker}' instead of '{found}'.",
    "A sped-up song is tagged as nightcore.",
)


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker met in a title: its standard form, the text that stands for it and where."""

    canonical: str
    text: str
    start: int
    end: int


def check(context: Context) -> Iterator[Issue]:
    lazer = context.standard is Standard.LAZER
    titles = {field: context.beatmap.metadata.text(field) for field in FIELDS}
    if any(len(title) > MOST_LENGTH for title in titles.values()):
        return
    markers = {field: list(find_markers(title)) for field, title in titles.items()}
    for field, title in titles.items():
        for marker in markers[field]:
            if lazer:
                if marker.canonical in _IN_LAZER and marker.canonical not in title:
                    yield _wrong(WRONG_FORMAT, context, field, marker)
            else:
                yield from _ranked(context, field, marker, titles)
        if not lazer:
            yield from _guidelines(context, field, title, markers[field])
    if not lazer and all(titles.values()):
        yield from _missing(context, markers)


def find_markers(title: str) -> Iterator[Marker]:
    taken: list[tuple[int, int]] = []
    for canonical, pattern in _PATTERNS:
        for found in pattern.finditer(title):
            if found.group("bare") and canonical in _NEVER_BARE:
                continue
            start, end = found.span()
            if not any(start < other_end and other_start < end for other_start, other_end in taken):
                taken.append((start, end))
                yield Marker(canonical, found.group().strip(), start, end)


def _ranked(context: Context, field: str, marker: Marker, titles: dict[str, str]) -> Iterator[Issue]:
    title = titles[field]
    if marker.text != marker.canonical and not _keeps_case(marker, title, titles):
        yield _wrong(NONSTANDARD, context, field, marker)
    elif any(letter.isalnum() for letter in _without_markers(title[marker.end :])):
        yield NOT_AT_END(at=_place(context, field), marker=marker.text, field=field)
    if marker.canonical.startswith("(Sped Up") and "nightcore" in context.beatmap.metadata.text("Tags").casefold():
        wanted = "(Nightcore & Cut Ver.)" if "&" in marker.canonical else "(Nightcore Mix)"
        yield NIGHTCORE(
            at=_place(context, field),
            field=field,
            marker=wanted,
            found=marker.text,
            repairs=_to_nightcore(context, titles, wanted),
        )


def _to_nightcore(context: Context, titles: dict[str, str], wanted: str) -> list[Repair]:
    """Both titles at once: one alone would lack what the other has."""
    changes: list[Change] = []
    for field, title in titles.items():
        entry = context.beatmap.metadata.entry(field)
        marker = next((each for each in find_markers(title) if each.canonical.startswith("(Sped Up")), None)
        if entry and marker:
            changes.append(replace_value(entry.line, _with(title, marker, wanted)))
    return [Repair(f"Write '{wanted}'", Safety.UNSAFE, tuple(changes))]


def _keeps_case(marker: Marker, title: str, titles: dict[str, str]) -> bool:
    """True where only letter case differs and the title (of two the one that has letters with case) is of that case."""
    if marker.text.casefold() != marker.canonical.casefold():
        return False
    around = _without_markers(title)
    if around.lower() == around.upper():
        around = _without_markers(" ".join(titles.values()))
    plain = around.lower() != around.upper()
    return plain and (
        (marker.text.islower() and around == around.lower()) or (marker.text.isupper() and around == around.upper())
    )


def _without_markers(title: str) -> str:
    for marker in sorted(find_markers(title), key=lambda each: -each.start):
        title = title[: marker.start] + title[marker.end :]
    return title


def _missing(context: Context, markers: dict[str, list[Marker]]) -> Iterator[Issue]:
    for field, other in (FIELDS, FIELDS[::-1]):
        own = {marker.canonical for marker in markers[field]}
        for marker in markers[other]:
            if marker.canonical not in own:
                title = context.beatmap.metadata.text(field)
                yield MISSING(
                    at=_place(context, field),
                    field=field,
                    marker=marker.canonical,
                    # Where another marker stands, which of the two is right is not for a fix to say.
                    repairs=[]
                    if own
                    else _set(context, field, f"{title} {marker.canonical}", f"Add {marker.canonical} to {field}"),
                )


def _guidelines(context: Context, field: str, title: str, markers: list[Marker]) -> Iterator[Issue]:
    tags = context.beatmap.metadata.text("Tags").casefold()
    if not markers and "game" in tags and (found := _OPENING.search(title)):
        marker = Marker("(Game Ver.)", found.group().strip(), *found.span())
        yield GUIDELINE(
            at=_place(context, field),
            found=marker.text,
            field=field,
            marker=marker.canonical,
            repairs=_rewrite(context, field, marker, marker.canonical),
        )
        return
    for version in _VERSION.finditer(title):
        if not any(marker.start < version.end() and version.start() < marker.end for marker in markers):
            yield from _version(context, field, title, version)


def _version(context: Context, field: str, title: str, found: re.Match[str]) -> Iterator[Issue]:
    """A bracket that ends in a "ver." which is not written so."""
    words = found["words"].split()
    around = title[: found.start()] + title[found.end() :]
    kept = (around == around.lower() and found["ver"] == "ver.") or (around == around.upper() and found["ver"] == "VER.")
    if found["ver"] == "Ver." or not words or len(words) > MOST_WORDS or (kept and around.lower() != around.upper()):
        return
    # Of a long bracket only the words that belong to the version are named.
    last = words[-1].capitalize() if words[-1].isalpha() and words[-1].islower() else words[-1]
    whole_bracket = len(words) == 1
    wanted = f"({last} Ver.)" if whole_bracket else f"{last} Ver.)"
    seen = found.group() if whole_bracket else f"{words[-1]} {found['ver']}{found['close']}"
    text = title[: found.start()] + f"({' '.join([*words[:-1], last])} Ver.)" + title[found.end() :]
    yield GUIDELINE(
        at=_place(context, field), found=seen, field=field, marker=wanted, repairs=_set(context, field, text, f"Write '{wanted}'")
    )


def _wrong(template: Template, context: Context, field: str, marker: Marker) -> Issue:
    return template(
        at=_place(context, field),
        found=marker.text,
        field=field,
        marker=marker.canonical,
        repairs=_rewrite(context, field, marker, marker.canonical),
    )


def _place(context: Context, field: str) -> Place:
    section = context.beatmap.metadata
    entry = section.entry(field)
    return entry_value(entry.line) if entry and entry.value else context.key_place(section, field)


def _rewrite(context: Context, field: str, marker: Marker, wanted: str) -> list[Repair]:
    return _set(context, field, _with(context.beatmap.metadata.text(field), marker, wanted), f"Write '{wanted}'")


def _with(title: str, marker: Marker, wanted: str) -> str:
    space = " " if title[: marker.start].strip() else ""
    return f"{title[: marker.start].rstrip()}{space}{wanted} {title[marker.end :].lstrip()}".rstrip()


def _set(context: Context, field: str, text: str, title: str) -> list[Repair]:
    entry = context.beatmap.metadata.entry(field)
    if entry is None:
        return []
    changes: tuple[Change, ...] = (replace_value(entry.line, text),)
    return [Repair(title, safety_of(field), changes)]


RULE = Rule(
    "M105",
    "metadata-title-markers",
    Category.METADATA,
    __doc__,
    (NONSTANDARD, WRONG_FORMAT, MISSING, NOT_AT_END, GUIDELINE, NIGHTCORE),
    check,
)

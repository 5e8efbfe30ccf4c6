"""The skin elements that belong together, as the ranking criteria list them, and what of them a folder holds.

Source: https://osu.ppy.sh/wiki/en/Ranking_criteria/Skin_set_list (2024). A set of which a map brings one element must be
brought whole, since a player's own skin would show through in the rest. Elements that the list calls optional, and sets
that are no part of the play field, are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Flag, auto

from analyzers.finding import Severity
from analyzers.rule import Issue, Template
from formats.document import Place
from formats.mapset import Difficulty, FileFact
from formats.timeline import NoteKind

# A message names this many elements.
LISTED = 4
IMAGE_ENDINGS = frozenset({"png", "jpg", "jpeg", "bmp", "gif"})

INCOMPLETE = Template(
    "incomplete-set",
    Severity.ERROR,
    "The skin's {set} set is incomplete, {missing} missing.",
    "The folder holds some elements of a skin set that the map shows, and not all of them.",
)
NOT_PNG = Template(
    "non-png",
    Severity.WARNING,
    "{file} is named like a skin element but is no PNG, so the game does not show it.",
    "A file is named like a skin element and is not a PNG image.",
)


class Use(Flag):
    """Which objects show an element."""

    CIRCLE = auto()
    SLIDER = auto()
    REVERSE = auto()
    SPINNER = auto()
    HITTABLE = CIRCLE | SLIDER
    ANY = CIRCLE | SLIDER | REVERSE | SPINNER


_KIND_USES = {
    NoteKind.CIRCLE: Use.CIRCLE,
    NoteKind.SLIDER: Use.SLIDER,
    NoteKind.SPINNER: Use.SPINNER,
    NoteKind.HOLD: Use.SLIDER,
}


@dataclass(frozen=True, slots=True)
class SkinSet:
    """Elements (names without ending, frame number and `@2x`) that must come together, each with what shows it."""

    name: str
    elements: Mapping[str, Use]


def _set(name: str, elements: str, use: Use = Use.ANY, **others: str) -> SkinSet:
    """`others` name the elements that only some objects show."""
    uses = dict.fromkeys(elements.split(), use)
    for shown_by, names in others.items():
        uses |= dict.fromkeys(names.split(), Use[shown_by.upper()])
    return SkinSet(name, uses)


OLD_SPINNER = _set(
    "spinner", "spinner-background spinner-circle spinner-metre spinner-approachcircle spinner-clear spinner-spin", Use.SPINNER
)
NEW_SPINNER = _set(
    "spinner",
    "spinner-bottom spinner-glow spinner-middle spinner-middle2 spinner-top spinner-approachcircle spinner-clear spinner-spin",
    Use.SPINNER,
)
CATCHER = _set("catcher", "fruit-catcher-fail fruit-catcher-idle fruit-catcher-kiai")
STD_SETS = (
    _set("cursor", "cursor cursortrail"),
    _set("hit burst", "hit0 hit50 hit100 hit100k hit300 hit300g hit300k"),
    _set(
        "hit circle",
        "approachcircle followpoint hitcircle hitcircleoverlay",
        Use.HITTABLE,
        slider="sliderstartcircle sliderstartcircleoverlay sliderendcircle sliderendcircleoverlay",
        reverse="reversearrow",
    ),
    _set("slider track", "sliderb sliderfollowcircle sliderscorepoint", Use.SLIDER),
    _set("hit circle number", " ".join(f"default-{digit}" for digit in range(10)), Use.HITTABLE),
)
CATCH_SETS = (
    _set(
        "fruits",
        " ".join(f"fruit-{fruit} fruit-{fruit}-overlay" for fruit in ("apple", "grapes", "orange", "pear")),
        Use.HITTABLE,
        slider="fruit-drop fruit-drop-overlay",
        spinner="fruit-bananas fruit-bananas-overlay",
    ),
    CATCHER,
)


class FolderSkin:
    """The images at the top of a mapset's folder, by their names without ending and `@2x`, in lower case."""

    def __init__(self, files: Iterable[FileFact]) -> None:
        self._images: dict[str, list[FileFact]] = {}
        for file in files:
            stem, dot, ending = file.path.lower().rpartition(".")
            if dot and "/" not in stem and ending in IMAGE_ENDINGS:
                self._images.setdefault(stem.removesuffix("@2x"), []).append(file)

    def images(self, element: str) -> list[FileFact]:
        """The element's image, or the first one where it is animated (`hit300-0`, `sliderb0`)."""
        return [file for name in (element, f"{element}-0", f"{element}0") for file in self._images.get(name, ())]

    def __contains__(self, element: str) -> bool:
        return bool(self.images(element))

    def missing(self, skin_set: SkinSet, shown: Use) -> list[str]:
        """What the folder lacks of the set, of the elements that some object shows; empty where it brings none of them."""
        wanted = [element for element, use in skin_set.elements.items() if use & shown]
        lacking = [element for element in wanted if element not in self]
        return lacking if len(lacking) < len(wanted) else []

    def not_png(self, sets: Iterable[SkinSet]) -> list[FileFact]:
        """Files named like an element of the sets that are of another format, which the game does not load."""
        elements = [element for skin_set in sets for element in skin_set.elements]
        return [file for element in elements for file in self.images(element) if not file.path.lower().endswith(".png")]


def incomplete(skin: FolderSkin, sets: Iterable[SkinSet], shown: Use, at: Place) -> Iterator[Issue]:
    """An issue for each set of which the folder brings a part only."""
    for skin_set in sets:
        if missing := skin.missing(skin_set, shown):
            yield INCOMPLETE(at=at, set=skin_set.name, missing=listing(missing))


def shown_by(difficulties: Iterable[Difficulty]) -> Use:
    """The kinds of objects that the difficulties hold."""
    shown = Use(0)
    for difficulty in difficulties:
        for note in difficulty.timeline.notes:
            shown |= _KIND_USES.get(note.kind, Use(0))
            if note.span_count > 1:
                shown |= Use.REVERSE
            if shown == Use.ANY:
                return shown
    return shown


def listing(elements: list[str]) -> str:
    """`a, b, c, d and 3 more`."""
    rest = len(elements) - LISTED
    return ", ".join(elements[:LISTED]) + (f" and {rest} more" if rest > 0 else "")

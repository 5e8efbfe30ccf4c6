"""Combo or slider border colour that is hard to see.

Dark colours vanish on a dimmed background: a luminosity below 43 of 255 is hard to see, below 30 it cannot be used. In
kiai the objects are brightened, so that combo colours above 250 burn out. Luminosity is √(0.299 R² + 0.587 G² + 0.114 B²).

Example: `Combo1 : 20,20,20`
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, sqrt

from analyzers.context import Context
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import replace_value
from analyzers.rule import CATCH, STD, Issue, Repair, Rule, Template
from formats.document import entry_value
from formats.osu import Entry
from formats.timeline import Note

LOWEST, LOW, HIGH = 30.0, 43.0, 250.0

Colour = tuple[int, int, int]

COMBO_INVISIBLE = Template(
    "combo-far-too-dark",
    Severity.ERROR,
    "{name} has luminosity {luminosity:.0f}, below 30: it cannot be seen on a dark background.",
    "A combo colour's luminosity is below 30.",
)
COMBO_DARK = Template(
    "combo-too-dark",
    Severity.WARNING,
    "{name} has luminosity {luminosity:.0f}, below 43: it is hard to see on a dark background.",
    "A combo colour's luminosity is below 43.",
)
BORDER_INVISIBLE = Template(
    "border-too-dark",
    Severity.ERROR,
    "The slider border has luminosity {luminosity:.0f}, below 30: it cannot be seen on a dark background.",
    "The slider border's luminosity is below 30.",
)
BORDER_DARK = Template(
    "border-dark",
    Severity.WARNING,
    "The slider border has luminosity {luminosity:.0f}, below 43: it is hard to see on a dark background.",
    "The slider border's luminosity is below 43.",
)
BRIGHT_IN_KIAI = Template(
    "combo-too-bright-in-kiai",
    Severity.WARNING,
    "{name} has luminosity {luminosity:.0f}, above 250, and is used in kiai from here on, where it burns out.",
    "An object in kiai has a combo colour of a luminosity above 250.",
)


def check(context: Context) -> Iterator[Issue]:
    colours = context.beatmap.combo_colours
    for entry, colour in colours:
        yield from _dark(COMBO_INVISIBLE, COMBO_DARK, entry, colour)
    if border := context.beatmap.slider_border:
        yield from _dark(BORDER_INVISIBLE, BORDER_DARK, *border)
    if any(luminosity(colour) > HIGH for _, colour in colours):
        yield from _bright(context, colours)


def luminosity(colour: Colour) -> float:
    """0 to 255, as the eye sees it (HSP)."""
    red, green, blue = colour
    # Rounded, since the three weights do not add up to quite 1.
    return round(sqrt(0.299 * red * red + 0.587 * green * green + 0.114 * blue * blue), 6)


def _dark(error: Template, warning: Template, entry: Entry, colour: Colour) -> Iterator[Issue]:
    value = luminosity(colour)
    if value >= LOW:
        return
    brighter = ",".join(map(str, raise_to(colour, LOW)))
    yield (error if value < LOWEST else warning)(
        at=entry_value(entry.line),
        name=entry.key,
        luminosity=value,
        repairs=[Repair(f"Brighten {entry.key} to {brighter}", Safety.UNSAFE, (replace_value(entry.line, brighter),))],
    )


def raise_to(colour: Colour, wanted: float) -> Colour:
    """The colour of the same hue with at least the luminosity `wanted`; grey for black."""
    value = luminosity(colour)
    if value == 0:
        level = ceil(wanted)
        return level, level, level
    red, green, blue = (min(ceil(part * wanted / value), 255) for part in colour)
    return red, green, blue


def _bright(context: Context, colours: Sequence[tuple[Entry, Colour]]) -> Iterator[Issue]:
    """The first object in kiai of each combo colour that is too bright."""
    seen: set[int] = set()
    for note, number in zip(context.notes, _colour_numbers(context.notes, len(colours)), strict=True):
        entry, colour = colours[number]
        if number in seen or luminosity(colour) <= HIGH or note.is_spinner or not context.grid.kiai_at(note.time):
            continue
        seen.add(number)
        yield BRIGHT_IN_KIAI(
            at=entry_value(entry.line),
            time=note.time,
            selection=context.selection(note),
            name=entry.key,
            luminosity=luminosity(colour),
        )


def _colour_numbers(notes: Sequence[Note], count: int) -> Iterator[int]:
    """The place of each note's combo colour in the list; the first combo has the second colour, as in the game."""
    place = 0
    for number, note in enumerate(notes):
        if note.new_combo or number == 0 or notes[number - 1].is_spinner:
            place += 1 + note.object.colour_skip
        yield place % count


RULE = Rule(
    "S104",
    "colour-luminosity",
    Category.SETTINGS,
    __doc__,
    (COMBO_INVISIBLE, COMBO_DARK, BORDER_INVISIBLE, BORDER_DARK, BRIGHT_IN_KIAI),
    check,
    modes=STD | CATCH,
)

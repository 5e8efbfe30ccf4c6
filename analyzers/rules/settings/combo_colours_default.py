"""Combo colours left to the player's skin.

A map without combo colours of its own looks different with every skin, so their contrast with the background cannot be
known. Set colours, or prefer the default skin in the song setup.

Example: no `Combo1` in [Colours] and no `SkinPreference:Default`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import insert_after
from analyzers.rule import CATCH, STD, Change, Issue, Repair, Rule, Template
from formats.document import Place, whole

# The four colours of the game's default skin.
DEFAULT_COLOURS = ("255,192,0", "0,202,0", "18,124,255", "242,24,57")

NO_COMBO_COLOURS = Template(
    "no-combo-colours",
    Severity.ERROR,
    "This difficulty sets no combo colours and does not prefer the default skin.",
    "[Colours] holds no combo colour and SkinPreference is not Default.",
)


def check(context: Context) -> Iterator[Issue]:
    beatmap = context.beatmap
    if beatmap.general.text("SkinPreference").casefold() == "default":
        return
    if any(entry.key.startswith("Combo") for entry in beatmap.colours.entries):
        return
    change = _write_defaults(context)
    repairs = [Repair("Write the default combo colours", Safety.UNSAFE, (change,))] if change else []
    yield NO_COMBO_COLOURS(at=whole(beatmap.colours.header or context.first_line), repairs=repairs)


def _write_defaults(context: Context) -> Change | None:
    newline = context.document.newline
    lines = [f"Combo{number} : {colour}" for number, colour in enumerate(DEFAULT_COLOURS, 1)]
    header, objects = context.beatmap.colours.header, context.beatmap.headers.get("HitObjects")
    if header is not None:
        return insert_after(context.document, header, newline.join(lines))
    if objects is None:
        return None
    return Change(Place(objects, 0, 0), newline.join(["[Colours]", *lines, "", ""]))


RULE = Rule(
    "S101", "combo-colours-default", Category.SETTINGS, __doc__, (NO_COMBO_COLOURS,), check, modes=STD | CATCH
)  # fmt: skip

"""Skin elements of the map that do not make a whole set.

A map that brings one element of a set (cursor, hit bursts, hit circle, slider track, spinner, …) must bring the set, or a
player's own skin shows through in the rest. Elements that no object shows are not asked for. A skinned hit circle also
needs a slider border colour in [Colours], one that can be told from the slider's track.

Example: `cursor.png` in the folder, `cursortrail.png` missing
"""

from __future__ import annotations

from collections.abc import Iterator
from math import dist

from analyzers.consensus import same_mode, speaks_for_mode
from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.rule import STD, Issue, Rule, Template
from analyzers.skin_sets import (
    INCOMPLETE,
    NEW_SPINNER,
    NOT_PNG,
    OLD_SPINNER,
    STD_SETS,
    FolderSkin,
    Use,
    incomplete,
    listing,
    shown_by,
)
from formats.document import whole

# Distance of two colours in 0–255 red, green, blue below which border and track flow into one.
SIMILAR_COLOURS = 30.0

MIXED_SPINNER = Template(
    "mixed-spinner-styles",
    Severity.ERROR,
    "The folder mixes elements of the old spinner ({old}) and the new one ({new}); only one style may be used.",
    "The folder holds elements that only the old spinner style has and elements that only the new one has.",
)
NEW_STYLE = Template(
    "new-spinner-style",
    Severity.WARNING,
    "The new spinner style ({elements}) is shown only to players whose own skin does not bring the old one.",
    "The folder holds elements of the new spinner style.",
)
SPINNER_OSU = Template(
    "spinner-osu",
    Severity.WARNING,
    "The image spinner-osu.png is shown only to players whose own skin is of version 1.",
    "The folder holds spinner-osu.png.",
)
NO_BORDER = Template(
    "missing-slider-border",
    Severity.ERROR,
    "The hit circle is skinned and [Colours] has no SliderBorder, so the border takes the colour of each player's skin.",
    "The folder holds a hit circle and the difficulty sets no slider border colour.",
)
SIMILAR = Template(
    "similar-slider-colours",
    Severity.ERROR,
    "SliderBorder ({border}) and SliderTrackOverride ({track}) are so alike that sliders cannot be read.",
    "The difficulty's slider border and track have nearly the same colour.",
)


def check(context: Context) -> Iterator[Issue]:
    yield from _colours(context)
    # The folder is one for all difficulties, so it is judged once, with what any of them shows.
    if context.mapset.files is None or not speaks_for_mode(context):
        return
    members = same_mode(context)
    skin, shown = FolderSkin(context.mapset.files.values()), shown_by(members)
    at = whole(context.first_line)
    yield from incomplete(skin, STD_SETS, shown, at)
    if Use.SPINNER in shown:
        yield from _spinner(context, skin)
    for file in skin.not_png((*STD_SETS, OLD_SPINNER, NEW_SPINNER)):
        if not any(file.path.lower() == sprite.filename.lower() for each in members for sprite in each.beatmap.sprites):
            yield NOT_PNG(at=at, file=file.path)


def _spinner(context: Context, skin: FolderSkin) -> Iterator[Issue]:
    at = whole(context.first_line)
    old = [each for each in OLD_SPINNER.elements if each not in NEW_SPINNER.elements and each in skin]
    new = [each for each in NEW_SPINNER.elements if each not in OLD_SPINNER.elements and each in skin]
    if old and new:
        yield MIXED_SPINNER(at=at, old=listing(old), new=listing(new))
    elif missing := skin.missing(NEW_SPINNER if new else OLD_SPINNER, Use.SPINNER):
        yield INCOMPLETE(at=at, set="spinner", missing=listing(missing))
    if new:
        yield NEW_STYLE(at=at, elements=listing(new))
    if "spinner-osu" in skin:
        yield SPINNER_OSU(at=at)


def _colours(context: Context) -> Iterator[Issue]:
    beatmap = context.beatmap
    border, track = beatmap.slider_border, beatmap.slider_track
    files = context.mapset.files
    if files is not None and border is None and "hitcircle" in FolderSkin(files.values()):
        yield NO_BORDER(at=whole(beatmap.headers.get("Colours", context.first_line)))
    if border and track and dist(border[1], track[1]) < SIMILAR_COLOURS:
        yield SIMILAR(at=whole(border[0].line), border=border[0].value, track=track[0].value)


RULE = Rule(
    "K201", "std-skin-sets", Category.SKINNING, __doc__,
    (INCOMPLETE, MIXED_SPINNER, NEW_STYLE, SPINNER_OSU, NO_BORDER, SIMILAR, NOT_PNG), check, modes=STD, whole_set=True,
)  # fmt: skip

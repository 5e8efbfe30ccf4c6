"""Preview point missing or different between difficulties.

The song select screen plays the song from the preview point; it belongs to the song, so all difficulties of a song share it.
Where they differ, those that disagree with most of the set are told.

Example: `PreviewTime: -1`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.consensus import copy_entry, of_one_song, reference, related
from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.repairs import format_number
from analyzers.rule import Issue, Rule, Template
from formats.mapset import Difficulty

NOT_SET = -1.0
KEY = "PreviewTime"

MISSING = Template(
    "preview-missing",
    Severity.ERROR,
    "The preview point is not set.",
    "PreviewTime is −1 or missing.",
)
CONFLICT = Template(
    "conflict",
    Severity.ERROR,
    "The preview point is {here} ms, in [{other}] it is {there} ms.",
    "PreviewTime differs from that of most other difficulties.",
)


def check(context: Context) -> Iterator[Issue]:
    here = _preview(context.difficulty)
    source = reference([one for one in of_one_song(context) if _preview(one) != NOT_SET], _preview)
    general = context.beatmap.general
    place = context.key_place(general, KEY)
    repairs = copy_entry(context, general, source.beatmap.general, KEY, source) if source else []
    if here == NOT_SET:
        yield MISSING(place, repairs=repairs)
    elif source is not None and (there := _preview(source)) != here:
        yield CONFLICT(
            place,
            repairs=repairs,
            related=[related(source, f"The preview point is {format_number(there)} ms here", there)],
            here=format_number(here),
            there=format_number(there),
            other=source.name,
        )


def _preview(difficulty: Difficulty) -> float:
    return difficulty.beatmap.general.number(KEY, NOT_SET)


RULE = Rule("T109", "preview-time", Category.TIMING, __doc__, (MISSING, CONFLICT), check, whole_set=True)

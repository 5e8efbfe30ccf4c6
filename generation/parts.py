"""The parts of a note that can be kept or written anew."""

from __future__ import annotations

from enum import StrEnum


class Part(StrEnum):
    """What a mapper wants kept (or changed) of the notes of a section.

    rhythm: when notes begin and end, and whether they are circles, sliders, spinners, holds; of a slider its repeats too.
    positions: where they stand and how sliders run; lanes of mania and charts; don or kat of taiko.
    hitsounds: additions and sample sets; of charts nothing.
    combos: where a new combo begins.
    flags: forced, tap, cymbal, accent, ghost and double kick of charts.
    """

    RHYTHM = "rhythm"
    POSITIONS = "positions"
    HITSOUNDS = "hitsounds"
    COMBOS = "combos"
    FLAGS = "flags"

"""What a timing line sets besides the tempo, and the changes that rewrite its fields."""

from __future__ import annotations

from dataclasses import dataclass

from analyzers.repairs import replace_field
from analyzers.rule import Change
from formats.beatmap import Beatmap
from formats.document import whole
from formats.osu import TimingPoint

NO_CHANGE_OF_SPEED = -100.0
_SAMPLE_SETS = {"normal": 1, "soft": 2, "drum": 3}
# What the game takes for the fields that a line of an old version leaves out.
_DEFAULTS = ("0", "0", "4", "0", "0", "100", "1", "0")


@dataclass(frozen=True, slots=True)
class LineSamples:
    """The samples that a line sets; `sample_set` 1 normal, 2 soft, 3 drum."""

    sample_set: int
    index: int
    volume: int


def default_sample_set(beatmap: Beatmap) -> int:
    """What a line's sample set 0 stands for."""
    return _SAMPLE_SETS.get(beatmap.general.text("SampleSet").lower(), 1)


def samples(point: TimingPoint, default_set: int) -> LineSamples:
    return LineSamples(point.sample_set or default_set, point.sample_index, point.volume)


def speed(point: TimingPoint) -> float:
    """−100 / slider velocity as written: not clamped, as scrolling in taiko and mania is not either."""
    return point.beat_length if not point.uninherited and not point.beat_length >= 0 else NO_CHANGE_OF_SPEED


def set_fields(point: TimingPoint, values: dict[int, str]) -> tuple[Change, ...]:
    """The changes that give the line's fields these values; a line that lacks one of them is written anew in full."""
    parts = point.line.content.split(",")
    if max(values) < len(parts):
        return tuple([replace_field(point.line, index, text) for index, text in values.items()])
    parts += _DEFAULTS[len(parts) :]
    for index, text in values.items():
        parts[index] = text
    return (Change(whole(point.line), ",".join(parts)),)

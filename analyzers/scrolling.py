"""The fix that makes sections of a map scroll at one speed again."""

from __future__ import annotations

from collections.abc import Sequence

from analyzers.context import Context
from analyzers.finding import Safety
from analyzers.repairs import format_number, insert_after, replace_field
from analyzers.rule import Change, Repair
from formats.osu import Effects, TimingPoint
from formats.scroll import ScrollSection

# The slider velocities that the game knows.
SLOWEST, FASTEST = 0.1, 10.0


def normalise(context: Context, sections: Sequence[ScrollSection], speed: float) -> list[Repair]:
    """Green lines that make SV × BPM equal `speed` in all of the sections, none where the game has no such velocity."""
    if not sections or any(not SLOWEST <= speed / section.bpm <= FASTEST for section in sections):
        return []
    if any(section.line.line.content.count(",") < 7 for section in sections):
        return []
    changes = [_set(context, section, format_number(-100 * section.bpm / speed)) for section in sections]
    return [Repair(f"Let it scroll at {speed:.0f} BPM", Safety.UNSAFE, tuple(changes))]


def _set(context: Context, section: ScrollSection, velocity: str) -> Change:
    if section.green:
        return replace_field(section.green.line, 1, velocity)
    return insert_after(context.document, section.line.line, _green(section.line, velocity))


def _green(red: TimingPoint, velocity: str) -> str:
    time, _, meter, sample_set, index, volume, *_ = red.line.content.split(",")
    return ",".join((time, velocity, meter, sample_set, index, volume, "0", str(red.effects & Effects.KIAI)))

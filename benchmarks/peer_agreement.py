"""Do we read maps as others do? Object counts against rosu-pp, times and tails against the `slider` package.

Needs `rosu-pp-py`, `slider` 0.8 (whose Catmull curves need numpy < 2.4; none is drawn here, so any numpy does) and the
corpus of maps (see benchmarks/corpus.py).

    python benchmarks/peer_agreement.py [--sample 400] [--show 20]

Prints a table and every kind of difference, with its cause where one is known. Times agree within 1 ms: `slider` cuts
the duration of a slider off to whole ms. Tails are compared where the path is a line or an arc that is not stretched:
`slider` stretches no arc, and walks a Bézier curve by its parameter, not by its length, so it ends cut ones up to tens
of osu!pixels from where the game does.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from math import hypot
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import rosu_pp_py
import slider

from benchmarks.corpus import maps
from formats.beatmap import Beatmap
from formats.timeline import Note, NoteKind, Timeline

# ms: the slider package keeps whole ms of a duration.
NEAR = 1.0
# osu!pixels: arcs are flattened in other steps.
NEAR_PLACE = 1.0
KINDS = {
    NoteKind.CIRCLE: "n_circles",
    NoteKind.SLIDER: "n_sliders",
    NoteKind.SPINNER: "n_spinners",
    NoteKind.HOLD: "n_holds",
}


@dataclass
class Tally:
    """How many of a thing agreed, and what the others were."""

    name: str
    total: int = 0
    agreed: int = 0
    differences: list[str] = field(default_factory=list)

    def count(self, *, agrees: bool, difference: str) -> None:
        self.total += 1
        self.agreed += agrees
        if not agrees:
            self.differences.append(difference)

    def row(self) -> str:
        share = 100 * self.agreed / self.total if self.total else 100.0
        return f"{self.name:<44} {self.total:>9} {self.agreed:>9} {share:>8.2f} %"


def compare_counts(name: str, data: bytes, timeline: Timeline, tally: Tally, refused: Counter[str]) -> None:
    try:
        peer = rosu_pp_py.Beatmap(bytes=data)
    except (rosu_pp_py.ParseError, OSError) as trouble:
        refused[f"rosu-pp: {trouble}"] += 1
        return
    ours = Counter(KINDS[note.kind] for note in timeline.notes)
    theirs = {count: getattr(peer, count) for count in KINDS.values()}
    wrong = [f"{count[2:]} {ours[count]} (peer {theirs[count]})" for count in theirs if theirs[count] != ours[count]]
    tally.count(agrees=not wrong, difference=f"{name}: {', '.join(wrong)}")


def ms(time: timedelta) -> float:
    return time / timedelta(milliseconds=1)


@dataclass
class Played:
    """What is compared object by object."""

    starts: Tally = field(default_factory=lambda: Tally("start times of objects"))
    ends: Tally = field(default_factory=lambda: Tally("end times of sliders"))
    tails: Tally = field(default_factory=lambda: Tally("tails of linear and circular sliders"))


def compare_objects(name: str, text: str, timeline: Timeline, played: Played, refused: Counter[str]) -> None:
    """Object by object in time order. The peer does not shift the times of file versions 3 and 4."""
    try:
        objects = slider.Beatmap.parse(text)._hit_objects
    except Exception as trouble:  # noqa: BLE001  the peer raises whatever its parser ran into
        refused[f"slider: {type(trouble).__name__}: {str(trouble)[:25]}"] += 1
        return
    offset = timeline.grid.offset
    theirs = sorted(objects, key=lambda one: one.time)
    if len(theirs) != len(timeline.notes):
        played.starts.count(agrees=False, difference=f"{name}: {len(timeline.notes)} objects (peer {len(theirs)})")
        return
    for note, peer in zip(timeline.notes, theirs, strict=True):
        time = note.time - offset
        played.starts.count(agrees=abs(time - ms(peer.time)) < NEAR, difference=f"{name}: {time:g} (peer {ms(peer.time):g})")
        if note.is_slider and isinstance(peer, slider.beatmap.Slider):
            end, their_end = note.end - offset, ms(peer.end_time)
            played.ends.count(
                agrees=abs(end - their_end) <= NEAR,
                difference=f"{name}: slider at {time:g} ends {end:.2f} (peer {their_end:.2f}); {reason(timeline, note.time)}",
            )
            compare_tail(f"{name}: slider at {time:g}", note, peer, played.tails)


def compare_tail(name: str, note: Note, peer: slider.beatmap.Slider, tails: Tally) -> None:
    curves = note.object.curves or []
    if len(curves) != 1 or curves[0].type not in "LP" or (curves[0].type == "P" and len(curves[0].points) != 2):
        return
    if (note.object.length or 0) > note.path.natural_length:
        return
    x, y = note.path.end
    theirs = peer.curve(1)
    apart = hypot(x - theirs.x, y - theirs.y)
    tails.count(agrees=apart <= NEAR_PLACE, difference=f"{name} ends {apart:.1f} osu!pixels apart: {note.line.content[:90]}")


def reason(timeline: Timeline, time: float) -> str:
    """Why a peer may end a slider at another time."""
    grid = timeline.grid
    note = next(note for note in timeline.notes if note.time == time and note.is_slider)
    if not note.object.length or note.object.length != note.path.length:
        return "the written length is not the path's"
    if len(grid.points_at_offset(time)) > 1 or grid.points != sorted(grid.points, key=lambda point: point.line.text):
        return "lines at the same time, or out of order"
    if time < (grid.red_times[0] if grid.red_times else 0):
        return "before the first red line"
    return "no known reason"


def sampled(size: int, seed: int) -> Iterator[tuple[str, bytes]]:
    known = list(maps(".osu", odd=False))
    yield from random.Random(seed).sample(known, min(size, len(known)))


def report(tallies: list[Tally], refused: Counter[str], show: int) -> None:
    print(f"{'':<44} {'compared':>9} {'agree':>9} {'share':>10}")
    for tally in tallies:
        print(tally.row())
    for cause, count in refused.most_common():
        print(f"not compared, the peer refused: {count} × {cause}")
    for tally in tallies:
        if tally.differences:
            print(f"\n{tally.name}: {len(tally.differences)} differences")
            print("\n".join(f"  {line}" for line in tally.differences[:show]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sample", type=int, default=400, help="how many maps to compare times on")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=20, help="how many differences of each kind to list")
    args = parser.parse_args()
    counts, odd = Tally("files with equal object counts"), Tally("odd files with equal object counts")
    played = Played()
    refused: Counter[str] = Counter()
    for name, data in maps(".osu"):
        broken = name.startswith("edgecases")
        compare_counts(name, data, Timeline(Beatmap.from_bytes(data)), odd if broken else counts, refused)
    for name, data in sampled(args.sample, args.seed):
        timeline = Timeline(Beatmap.from_bytes(data))
        compare_objects(name, timeline.beatmap.document.text, timeline, played, refused)
    report([counts, odd, played.starts, played.ends, played.tails], refused, args.show)


if __name__ == "__main__":
    main()

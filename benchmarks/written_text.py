"""Writes stretches of every real map's own notes anew as text, and counts what does not come back.

    python -m benchmarks.written_text [--maps N]

Each difficulty or track is read, a stretch of its notes is taken out and written again from the rows of its scene as if nobody
had seen their lines. What the network tells of notes must be the same then, and nothing outside of the stretch may change.
Valid maps are left out. Sliders are drawn by wanted shape, so places may differ by a pixel and, rarely, a slider turns.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from pathlib import Path
from time import perf_counter

import numpy as np

from benchmarks.corpus import archives, maps
from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.spans import apply_edits
from formats.timeline import Timeline
from generation.chart_notes import track_edits
from generation.objects import section_edits
from generation.parts import Part
from models.bundled.echoes import WIDTH
from models.bundled.fields import NAMES, Family
from models.bundled.rows import rows_of
from models.bundled.scenes import (
    BIG_ROLL,
    KIND_AT,
    ROLL,
    SLIDER,
    Categories,
    Scene,
    ordered_notes,
    scene_of_timeline,
    scene_of_track,
    scored_family,
)

EVERYTHING = frozenset(Part)
# A slider without room where it was drawn turns, and takes what is told of its place with it.
PLACES = ("distance", "angle", "shift", "slider_angle", "anchors", "curve")


def valid_paths() -> frozenset[str]:
    """The maps that nothing may be tuned on."""
    found: set[str] = set()
    for folder in {archive.parent for archive in archives()}:
        manifest = folder / "manifest.jsonl"
        if manifest.exists():
            entries = map(json.loads, manifest.read_text(encoding="utf-8").splitlines())
            found |= {entry["path"] for entry in entries if entry.get("split") == "valid"}
    return frozenset(found)


def told(scene: Scene) -> Categories:
    return rows_of(scene, np.zeros((len(scene), WIDTH), np.float32)).values


def compare(before: Scene, after: Scene, first: int, stop: int, tally: Counter[str]) -> None:
    tally["notes"] += stop - first
    if len(before) != len(after):
        tally["count"] += 1
        return
    outside = np.r_[:first, stop : len(before)]
    changed = (before.columns[outside] != after.columns[outside]).any(axis=1)
    changed |= (before.time[outside] != after.time[outside]) | (np.abs(before.speed - after.speed)[outside] > 1e-6)
    tally["changed outside"] += int(changed.sum())
    old, new = told(before)[first:stop], told(after)[first:stop]
    sliding = np.isin(before.columns[first:stop, KIND_AT], (SLIDER, ROLL, BIG_ROLL))
    for at, name in enumerate(NAMES):
        differs = old[:, at] != new[:, at]
        if name == "slider_velocity" and before.family in (Family.OSU, Family.CATCH):
            differs &= sliding
        tally[name] += int(differs.sum())
    tally["sliders"] += int(sliding.sum())
    tail = np.hypot(before.tail_x - after.tail_x, before.tail_y - after.tail_y)[first:stop]
    if before.family in (Family.OSU, Family.CATCH):
        tally["tails moved by more than 2 px"] += int((tail > 2).sum())


def rewrite_difficulty(data: bytes, rng: random.Random, tally: Counter[str]) -> None:
    timeline = Timeline(Beatmap.from_bytes(data))
    if len(timeline.notes) < 2:
        return
    scene, notes = scene_of_timeline(timeline), ordered_notes(timeline)
    first, stop = stretch(len(notes), rng)
    began = perf_counter()
    edits = section_edits(timeline, notes[first:stop], scene.taken(slice(first, stop)), [None] * (stop - first), EVERYTHING)
    tally["µs"] += int(1e6 * (perf_counter() - began))
    text = timeline.beatmap.document.text
    compare(scene, scene_of_timeline(Timeline(Beatmap.from_text(apply_edits(text, edits)))), first, stop, tally)
    same = section_edits(timeline, notes[first:stop], scene.taken(slice(first, stop)), notes[first:stop], EVERYTHING)
    tally["edits of what is as wanted"] += len(same)


def rewrite_track(data: bytes, rng: random.Random, tally: Counter[str]) -> None:
    chart = Chart.from_bytes(data)
    for track in chart.charted if not chart.refusals else ():
        if scored_family(track) is None:
            continue
        scene, notes = scene_of_track(chart, track), track.notes
        first, stop = stretch(len(notes), rng)
        edits = track_edits(chart, track, notes[first:stop], scene.taken(slice(first, stop)), [None] * (stop - first), EVERYTHING)
        after = Chart.from_text(apply_edits(chart.document.text, edits), chart.modifiers)
        again = after.track(track.name)
        if again is None:
            tally["count"] += 1
            continue
        compare(scene, scene_of_track(after, again), first, stop, tally)


def stretch(count: int, rng: random.Random) -> tuple[int, int]:
    first = rng.randrange(count)
    return first, min(first + rng.choice((1, 5, 40, 200)), count)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--maps", type=int, default=10_000, help="at most so many files")
    most = parser.parse_args().maps
    valid, rng = valid_paths(), random.Random(5)
    for label, suffix, rewrite in ((".osu", ".osu", rewrite_difficulty), (".chart", ".chart", rewrite_track)):
        tally: Counter[str] = Counter()
        left = most
        for name, data in maps(suffix, odd=False):
            if name in valid or Path(name).name.startswith("._"):
                continue
            left -= 1
            if left < 0:
                break
            rewrite(data, rng, tally)
            tally["maps"] += 1
        print(label, {name: count for name, count in tally.items() if count or name not in NAMES})
        print("  categories that differ, places left out:", sum(tally[name] for name in NAMES if name not in PLACES))


if __name__ == "__main__":
    main()

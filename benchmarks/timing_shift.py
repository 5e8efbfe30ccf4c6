"""Moves notes or red lines of real maps and counts how often that is heard: `python benchmarks/timing_shift.py --mel MEL`.

MEL is the corpus' `mel.tar.xz` or the folder that it was unpacked to; maps and manifest are found as the tests find them. Or, for
any maps that have their songs beside them: `python benchmarks/timing_shift.py SONGS_FOLDER`.

Trials, each on every map (seeded, so that a run can be repeated):
  notes     all notes of a 10 s stretch later by 15 ms; the red lines stay
  ear       the same, but the detector is not told where the red lines are
  line      one red line moved by 12 ms either way; the notes stay
  section   one red line of several moved by 12 ms with all notes of its section
  map       the only red line moved by 12 ms with all notes; other difficulties of the song stand as they were
A trial is found where a reported drift of the right sign overlaps what was moved and lies in it by at least a half. For `line`
the notes lie off the other way. False alarms are the 10 s stretches (of at least 8 notes) of untouched maps, and of touched
ones outside of what was moved, that any report reaches into.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tarfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from benchmarks.corpus import archives, maps, opted_out
from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.timeline import Timeline
from models.bundled.audio import mel_features
from models.bundled.drift import Against, Drift, drifts
from models.bundled.onset_network import onset_logits
from models.bundled.onsets import song_delay

STRETCH, STRETCH_SHIFT, LINE_SHIFT = 10_000.0, 15.0, 12.0  # ms
FEWEST = 8  # notes in a stretch or section that is worth a trial
FEWEST_IN_MAP = 40  # notes
TRIALS = ("notes", "ear", "line", "section", "map")


RedLines = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A map as the detector sees it: heads in ms, red lines as time and beat length, and the song by name."""

    path: str
    mode: str
    song: str
    set_key: str
    times: np.ndarray
    red_lines: RedLines


def main() -> None:
    asked = arguments()
    songs: dict[str, np.ndarray] = {}
    if asked.folders:
        cases = list(from_folders(asked.folders, songs))
    else:
        features, cases = from_corpus(asked.mel, asked.split)
        songs = {name: onset_logits(song) for name, song in features.items()}
    siblings = by_song(cases)
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    seconds: list[float] = []
    for case in cases:
        dice = random.Random(f"{asked.seed} {case.path}")
        others = [other.times for other in siblings[case.song] if other is not case]
        for _ in range(asked.trials):
            run(case, songs[case.song], others, dice, counts, seconds)
    report(cases, counts, seconds, as_json=asked.json)


def by_song(cases: Iterable[Case]) -> dict[str, list[Case]]:
    songs: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        songs[case.song].append(case)
    return songs


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, help="folders of maps with their songs, instead of the corpus")
    parser.add_argument("--mel", type=Path, help="features of the corpus' songs: mel.tar.xz or its unpacked folder")
    parser.add_argument("--split", default="valid")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--trials", type=int, default=2, help="trials of each kind on each map")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    if not asked.folders and not asked.mel:
        parser.error("give --mel or a folder of maps")
    return asked


def from_corpus(mel: Path, split: str) -> tuple[dict[str, np.ndarray], list[Case]]:
    """The features of a split's songs by name, and its maps."""
    manifest = next(folder / "manifest.jsonl" for folder in {path.parent for path in archives()})
    rows = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]
    index = json.loads(member(mel, "index.json"))
    wanted = {row["path"]: row for row in rows if row["split"] == split and row["path"] in index}
    songs = {name: np.load(BytesIO(member(mel, f"{name}.npy"))) for name in sorted({index[path] for path in wanted})}
    read = ((path, data) for path, data in maps(".osu", ".chart", odd=False) if path in wanted)
    cases = [
        case
        for path, data in read
        if not opted_out(data)
        for case in case_of(path, data, wanted[path]["mode"], index[path], wanted[path]["set_key"])
    ]
    return songs, cases


_unpacked: dict[str, bytes] = {}


def member(mel: Path, name: str) -> bytes:
    if mel.is_dir():
        return (mel / name).read_bytes()
    if not _unpacked:
        with tarfile.open(mel) as tar:
            for entry in tar:
                stream = tar.extractfile(entry)
                if stream is not None:
                    _unpacked[Path(entry.name).name] = stream.read()
    return _unpacked[name]


def from_folders(folders: Sequence[Path], songs: dict[str, np.ndarray]) -> Iterator[Case]:
    paths = [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in (".osu", ".chart")]
    for path in paths:
        data = path.read_bytes()
        name = Beatmap.from_bytes(data).general.text("AudioFilename") if path.suffix == ".osu" else "song.ogg"
        audio = path.parent / name
        if not audio.is_file():
            print(f"{path}: no {name} beside it", file=sys.stderr)
            continue
        if str(audio) not in songs:
            songs[str(audio)] = onset_logits(mel_features(audio.read_bytes()))
        mode = Beatmap.from_bytes(data).mode.name.lower() if path.suffix == ".osu" else "chart"
        yield from case_of(str(path), data, mode, str(audio))


def case_of(path: str, data: bytes, mode: str, song: str, set_key: str = "") -> Iterator[Case]:
    times, red_lines = osu_times(data) if mode != "chart" else chart_times(data)
    if len(times) >= FEWEST_IN_MAP and red_lines:
        yield Case(path, mode, song, set_key, np.unique(times), tuple(sorted(red_lines)))


def osu_times(data: bytes) -> tuple[list[float], list[tuple[float, float]]]:
    timeline = Timeline(Beatmap.from_bytes(data))
    lines = zip(timeline.grid.red_times, timeline.grid.red, strict=True)
    return timeline.times, [(start, line.beat_length) for start, line in lines]


def chart_times(data: bytes) -> tuple[list[float], list[tuple[float, float]]]:
    """The track with most notes; tempo markers are its red lines."""
    chart = Chart.from_bytes(data)
    track = max(chart.tracks, key=lambda track: len(track.groups))
    tempo = chart.tempo_map
    lines = [(start + chart.offset, 60_000 / tempo.bpm_at(tick)) for start, tick in zip(tempo.times, tempo.ticks, strict=True)]
    return [start + chart.offset for start in track.times], lines


def run(
    case: Case,
    onsets: np.ndarray,
    others: list[np.ndarray],
    dice: random.Random,
    counts: dict[tuple[str, str], list[int]],
    seconds: list[float],
) -> None:
    delay = song_delay(onsets, np.concatenate(others)) if others else None

    def heard(moved: Case, *, grid: bool = True, known: bool = False) -> list[Drift]:
        start = time.perf_counter()
        found = drifts(onsets, moved.times, moved.red_lines if grid else (), delay=delay if known else None)
        seconds.append(time.perf_counter() - start)
        return found

    def count(what: str, hits: int, of: int) -> None:
        for mode in (case.mode, "all"):
            counts[what, mode][0] += hits
            counts[what, mode][1] += of

    whole = (float(case.times[0]), float(case.times[-1]))
    for what, found in (("notes", heard(case)), ("ear", heard(case, grid=False)), ("map", heard(case, known=True))):
        count(f"{what}: untouched", *alarms(case, found, None))
    stretch = some_stretch(case, dice)
    if stretch:
        moved = shifted(case, stretch, STRETCH_SHIFT)
        for what in ("notes", "ear"):
            found = heard(moved, grid=what == "notes")
            count(f"{what}: found", was_found(found, stretch, STRETCH_SHIFT), 1)
            count(f"{what}: beside", *alarms(moved, found, stretch))
    shift = dice.choice((-LINE_SHIFT, LINE_SHIFT))
    number = dice.choice(worth_a_trial(case))
    section = section_of(case, number)
    found = heard(with_line(case, number, shift))
    count("line: found", was_found(found, section, -shift), 1)
    count("line: named", any(drift.against is Against.RED_LINE for drift in found), 1)
    share = np.mean((case.times >= section[0]) & (case.times < section[1]))
    if share < 0.5:
        count("section: found", was_found(heard(with_line(shifted(case, section, shift), number, shift)), section, shift), 1)
    elif others and len(case.red_lines) == 1:
        moved = with_line(shifted(case, (whole[0], whole[1] + 1), shift), 0, shift)
        count("map: found", was_found(heard(moved, known=True), whole, shift), 1)
        count("map, alone: found", was_found(heard(moved), whole, shift), 1)


def some_stretch(case: Case, dice: random.Random) -> tuple[float, float] | None:
    """A 10 s stretch that begins with a note and holds notes enough."""
    starts = [start for start in case.times.tolist() if notes_in(case, (start, start + STRETCH)) >= FEWEST]
    starts = [start for start in starts if start + STRETCH <= case.times[-1]]
    if not starts:
        return None
    start = dice.choice(starts)
    return start, start + STRETCH


def notes_in(case: Case, stretch: tuple[float, float]) -> int:
    return int(np.searchsorted(case.times, stretch[1]) - np.searchsorted(case.times, stretch[0]))


def section_of(case: Case, number: int) -> tuple[float, float]:
    """From a red line (the first reaches back to the first note) to the next one."""
    start = case.red_lines[number][0] - 1 if number else min(case.red_lines[0][0], float(case.times[0])) - 1
    return start, case.red_lines[number + 1][0] - 1 if number + 1 < len(case.red_lines) else float(case.times[-1]) + 1


def worth_a_trial(case: Case) -> list[int]:
    numbers = range(len(case.red_lines))
    return [number for number in numbers if notes_in(case, section_of(case, number)) >= FEWEST] or [0]


def shifted(case: Case, stretch: tuple[float, float], shift: float) -> Case:
    inside = (case.times >= stretch[0]) & (case.times < stretch[1])
    return replace(case, times=np.sort(case.times + shift * inside))


def with_line(case: Case, number: int, shift: float) -> Case:
    lines = list(case.red_lines)
    lines[number] = (lines[number][0] + shift, lines[number][1])
    return replace(case, red_lines=tuple(lines))


def was_found(found: Iterable[Drift], stretch: tuple[float, float], shift: float) -> bool:
    def inside(drift: Drift) -> float:
        return min(drift.end_ms, stretch[1] + abs(shift)) - max(drift.start_ms, stretch[0] - abs(shift))

    return any(drift.shift_ms * shift > 0 and inside(drift) >= (drift.end_ms - drift.start_ms) / 2 for drift in found)


def alarms(case: Case, found: list[Drift], touched: tuple[float, float] | None) -> tuple[int, int]:
    """How many of the map's untouched 10 s stretches a report reaches into, and how many there are."""
    starts = np.arange(case.times[0], case.times[-1] - STRETCH, STRETCH).tolist()
    stretches = [(start, start + STRETCH) for start in starts if notes_in(case, (start, start + STRETCH)) >= FEWEST]
    if touched:
        margin = STRETCH_SHIFT
        stretches = [(start, end) for start, end in stretches if end <= touched[0] - margin or start >= touched[1] + margin]
    hits = sum(any(drift.start_ms < end and drift.end_ms > start for drift in found) for start, end in stretches)
    return hits, len(stretches)


def report(cases: list[Case], counts: dict[tuple[str, str], list[int]], seconds: list[float], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({f"{what}, {mode}": pair for (what, mode), pair in counts.items()}, indent=1))
        return
    print(f"{len(cases)} maps of {len({case.song for case in cases})} songs")
    print(f"{np.median(seconds) * 1000:.1f} ms a map (median), {np.max(seconds) * 1000:.0f} ms at most")
    modes = sorted({mode for _, mode in counts}, key=lambda mode: (mode != "all", mode))
    rows = sorted({what for what, _ in counts}, key=lambda what: (TRIALS.index(what.split(":")[0].split(",")[0]), what))
    print(f"{'':22}" + "".join(f"{mode:>18}" for mode in modes))
    for what in rows:
        cells = [counts[what, mode] for mode in modes]
        print(f"{what:22}" + "".join(f"{hits / of:>8.1%} of {of:<6}" if of else f"{'–':>18}" for hits, of in cells))


if __name__ == "__main__":
    main()

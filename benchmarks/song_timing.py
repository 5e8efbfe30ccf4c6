"""How well a song's timing is found by ear, and how well red lines that disagree with it are: against human maps.

    python -m benchmarks.song_timing --mel DIR [--split valid|tune|train] [--no-librosa] [--json] [--songs]

Songs of the split that a map has with one tempo: BPM right within 0.05 (octave errors are wrong), beats within 10 ms modulo the
beat. The corpus holds features of the songs, not the songs, and nothing of how they were decoded, so that the delay between
audio and map differs from song to song; `offset` is told with the constant that maimod takes off, and with the song's own
delay, which the notes of its maps tell. librosa's beat_track is given the same onset curve; its BPM is told as it says it and
as a line through its beats has it, its offset is the mean phase of its beats in the human beat, less the best constant.

Songs with several tempos: how many of the changes that a map has are found within a beat, and how many are told that no map has.
Apart from that the changes between stretches that last 10 s each, of the tempo by 0.5 % or of the beat by 32 ms, with whatever
comes between them.

Findings: how many maps get one as they are, and how many get the right one when their red line is moved, or its tempo changed,
with the notes left where they were, and with the notes moved along.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.corpus import archives, maps, opted_out
from benchmarks.timing_shift import member
from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.timeline import Timeline
from generation.song_timing import HEARD_LATE, HEARD_LATE_IN_CHARTS, NoBeat, SongTiming, TempoSection, timing_of
from models.bundled.beats import salience
from models.bundled.drift import Against, Drift, drifts
from models.bundled.onset_network import onset_logits
from models.bundled.onsets import song_delay
from models.training.corpus import Split, split_of

FEWEST_NOTES = 40
# A red line goes on with the grid of the one before where its beat is as long and its beats fall together.
SAME_BEAT, SAME_PLACE = 2e-4, 3.0  # share, ms


class Human(NamedTuple):
    """A stretch of one tempo as a map has it, ms."""

    start: float
    beat: float
    meter: int


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """A song and the timing that a map of it has; what the map has at a time is heard `delay` ms later."""

    name: str
    path: str
    set_key: str
    charted: bool
    features: np.ndarray
    onsets: np.ndarray
    times: np.ndarray
    lines: tuple[tuple[float, float], ...]
    sections: tuple[Human, ...]
    delay: float

    @property
    def bpm(self) -> float:
        return 60_000 / self.sections[0].beat

    def off(self, heard_ms: float) -> float:
        """By how many ms a moment of the audio lies off the beats of the first section, −beat/2 to beat/2."""
        start, beat, _ = self.sections[0]
        return (heard_ms - self.delay - start + beat / 2) % beat - beat / 2


def references(mel: Path, split: str) -> Iterator[Reference]:
    """A song of the split each, with the map that has fewest tempos, of these the one with most notes."""
    manifest = next(folder / "manifest.jsonl" for folder in {path.parent for path in archives()})
    rows = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]
    index = json.loads(member(mel, "index.json"))
    wanted = {
        row["path"]: row
        for row in rows
        if row["path"] in index and split_of(row["set_key"], valid=row["split"] == "valid") is Split(split)
    }
    songs: dict[str, list[tuple[str, np.ndarray, list[tuple[float, float]], list[Human], float]]] = defaultdict(list)
    for path, data in maps(".osu", ".chart", odd=False):
        if path not in wanted or opted_out(data):
            continue
        times, lines = osu_lines(data) if path.endswith(".osu") else chart_lines(data)
        if len(times) >= FEWEST_NOTES and lines:
            red = [(start, beat) for start, beat, _ in lines]
            songs[index[path]].append((path, times, red, joined(lines, float(times[-1])), float(times[0])))
    for name, found in sorted(songs.items()):
        features = np.load(BytesIO(member(mel, f"{name}.npy")))
        onsets = onset_logits(features)
        delay = float(np.median([song_delay(onsets, times) for _, times, _, _, _ in found]))
        path, times, red, sections, _ = min(found, key=lambda one: (len(one[3]), -len(one[1]), one[0]))
        charted = path.endswith(".chart")
        yield Reference(name, path, wanted[path]["set_key"], charted, features, onsets, times, tuple(red), tuple(sections), delay)


def osu_lines(data: bytes) -> tuple[np.ndarray, list[Human]]:
    timeline = Timeline(Beatmap.from_bytes(data))
    grid = timeline.grid
    lines = [Human(time, point.beat_length, point.meter) for time, point in zip(grid.red_times, grid.red, strict=True)]
    return np.unique(timeline.times), [line for line in lines if line.beat > 0]


def chart_lines(data: bytes) -> tuple[np.ndarray, list[Human]]:
    """The track with most notes; tempo markers are its red lines."""
    chart = Chart.from_bytes(data)
    if not chart.charted:
        return np.zeros(0), []
    track = max(chart.charted, key=lambda track: len(track.groups))
    tempo = chart.tempo_map
    meters = {signature.tick: signature.numerator for signature in chart.time_signatures}
    lines: list[Human] = []
    meter = 4
    for start, tick in zip(tempo.times, tempo.ticks, strict=True):
        meter = next((meters[at] for at in sorted(meters, reverse=True) if at <= tick), meter)
        lines.append(Human(start + chart.offset, 60_000 / tempo.bpm_at(tick), meter))
    return np.unique([start + chart.offset for start in track.times]), lines


def joined(lines: Sequence[Human], last: float) -> list[Human]:
    """The tempos up to the last note; lines that go on with the grid before them are none of their own."""
    found: list[Human] = []
    for line in sorted(lines):
        if found and line.start > last:
            break
        if found:
            before = found[-1]
            off = (line.start - before.start + before.beat / 2) % before.beat - before.beat / 2
            if abs(line.beat / before.beat - 1) < SAME_BEAT and abs(off) < SAME_PLACE:
                continue
        found.append(line)
    return found


NEAR_BPM, NEAR_MS = 0.05, 10.0
# A tempo is sure from this confidence on. Maps with more changes follow a live band.
SURE, MOST_CHANGES = 0.8, 8
# A change that is found lies within this much (ms) of one of the map's, about a beat.
NEAR_CHANGE = 600.0
# Stretches last from so long on (ms); another tempo differs by this share, another beat lies so far off (ms).
LASTING, OTHER_TEMPO, OTHER_BEAT = 10_000.0, 5e-3, 32.0
LINE_SHIFTS, BPM_SHIFTS = (5.0, 8.0, 12.0), (0.1, 1.0)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of a song with one tempo: BPM, and where a beat is in the audio, in ms."""

    bpm: float
    beat_ms: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mel", type=Path, required=True, help="features of the corpus' songs: mel.tar.xz or its folder")
    parser.add_argument("--split", default="valid", choices=[*Split])
    parser.add_argument("--no-librosa", action="store_true", help="without the library beside it")
    parser.add_argument("--songs", action="store_true", help="also a line for each song that is wrong")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    songs = list(references(asked.mel, asked.split))
    table: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    librosa: list[tuple[Reference, Answer, float]] = []
    for song in songs:
        judge_timing(song, table, told=asked.songs)
        judge_findings(song, table)
        if not asked.no_librosa and len(song.sections) == 1:
            librosa.append((song, *by_librosa(song)))
    judge_librosa(librosa, table)
    if asked.json:
        print(json.dumps(table, indent=1))
        return
    for what, (hits, of) in table.items():
        print(f"{what:<70}{hits / max(of, 1):>8.1%} of {of}")


def judge_timing(song: Reference, table: dict[str, list[int]], *, told: bool) -> None:
    def count(what: str, hits: float, of: int = 1) -> None:
        table[what][0] += int(hits)
        table[what][1] += of

    late = HEARD_LATE_IN_CHARTS if song.charted else HEARD_LATE
    kind = "charts" if song.charted else "osu!"
    try:
        found = timing_of(song.features, (), late)
    except NoBeat:
        found = None
    if len(song.sections) > 1:
        starts = [section.start for section in song.sections[1:]]
        heard = [] if found is None else [section.start_ms for section in found.sections[1:]]
        for begin, until, tempo in lasting_changes(song):
            hit = any(begin - NEAR_CHANGE <= at <= until + NEAR_CHANGE for at in heard)
            count(f"several tempos: stretches of 10 s with another {'tempo' if tempo else 'beat'} found, {kind}", hit)
        if not song.charted and len(starts) <= MOST_CHANGES:
            count("several tempos: changes found", sum(any(abs(a - b) < NEAR_CHANGE for b in heard) for a in starts), len(starts))
            count(
                "several tempos: changes that are the map's",
                sum(any(abs(a - b) < NEAR_CHANGE for b in starts) for a in heard),
                len(heard),
            )
        return
    if found is None:
        count("one tempo: a beat is found", 0)
        return
    section = max(found.sections, key=lambda one: length_of(found, one))
    right = abs(section.bpm - song.bpm) <= NEAR_BPM
    # In the audio, so that the song's own delay can be told from what is wrong.
    off = song.off(section.start_ms + late)
    usual = (section.start_ms - song.sections[0].start + song.sections[0].beat / 2) % song.sections[0].beat - song.sections[
        0
    ].beat / 2
    count("one tempo: BPM right", right)
    count(f"one tempo: BPM right, {kind}", right)
    count(
        "one tempo: BPM right or an octave off", any(abs(section.bpm * f - song.bpm) <= NEAR_BPM * max(f, 1) for f in (0.5, 1, 2))
    )
    count("one tempo: offset right", abs(usual) <= NEAR_MS)
    count(f"one tempo: offset right, {kind}", abs(usual) <= NEAR_MS)
    count("one tempo: offset right by the song's own delay", abs(off) <= NEAR_MS)
    count("one tempo: BPM and offset right", right and abs(usual) <= NEAR_MS)
    count("one tempo: told as one", len(found.sections) == 1)
    sure = section.confidence >= SURE
    count(f"one tempo: BPM right, where {'sure' if sure else 'unsure'}", right)
    if right and not song.charted and song.sections[0].meter == section.meter:
        beats = (section.start_ms + late - song.delay - song.sections[0].start) / section.beat_ms
        count(
            "one tempo: bar right (of those with BPM and offset right)",
            round(beats) % section.meter == 0 and abs(off) <= NEAR_MS,
            int(abs(off) <= NEAR_MS),
        )
    if told and (not right or abs(usual) > NEAR_MS):
        said = f"{song.bpm:8.3f} as {section.bpm:8.3f} ({section.confidence:.2f})"
        print(f"{song.path[-60:]:<60} {said}, off {usual:6.1f} / {off:6.1f} ms")


def lasting_changes(song: Reference) -> Iterator[tuple[float, float, bool]]:
    """From the end of a stretch that lasts to the begin of the next one (ms), and whether it has another tempo."""
    ends = [*(section.start for section in song.sections[1:]), float(song.times[-1])]
    lasting = [(each, end) for each, end in zip(song.sections, ends, strict=True) if end - each.start >= LASTING]
    for (one, end), (other, _) in pairwise(lasting):
        tempo = abs(other.beat / one.beat - 1) >= OTHER_TEMPO
        off = (other.start - one.start + one.beat / 2) % one.beat - one.beat / 2
        if tempo or (abs(other.beat / one.beat - 1) < SAME_BEAT and abs(off) >= OTHER_BEAT):
            yield end, other.start, tempo


def length_of(found: SongTiming, section: TempoSection) -> float:
    at = found.sections.index(section)
    end = found.sections[at + 1].start_ms if at + 1 < len(found.sections) else found.length_ms
    return end - section.start_ms


def by_librosa(song: Reference) -> tuple[Answer, float]:
    """What beat_track says, and the BPM that a line through its beats has."""
    import librosa

    tempo, beats = librosa.beat.beat_track(onset_envelope=salience(song.onsets), sr=16_000, hop_length=160, units="frames")
    times = np.asarray(beats, float) * 10.0
    bpm = float(np.atleast_1d(tempo)[0])
    if len(times) < 2:
        return Answer(bpm, 0.0), bpm
    turns = np.exp(2j * np.pi * times / song.sections[0].beat).mean()
    phase = float(np.angle(turns)) / (2 * np.pi) * song.sections[0].beat
    return Answer(bpm, phase), 60_000 / float(np.polyfit(np.arange(len(times)), times, 1)[0])


def judge_librosa(found: list[tuple[Reference, Answer, float]], table: dict[str, list[int]]) -> None:
    if not found:
        return
    delays = np.arange(-40.0, 80.0, 1.0)

    def offs(delay: float, own: bool) -> list[float]:
        return [song.off(answer.beat_ms + (0.0 if own else song.delay - delay)) for song, answer, _ in found]

    best = max(delays, key=lambda delay: sum(abs(off) <= NEAR_MS for off in offs(delay, own=False)))
    lag = max(delays, key=lambda by: sum(abs(song.off(answer.beat_ms - by)) <= NEAR_MS for song, answer, _ in found))
    rows = {
        "librosa: BPM right": sum(abs(answer.bpm - song.bpm) <= NEAR_BPM for song, answer, _ in found),
        "librosa: BPM right by a line through its beats": sum(abs(line - song.bpm) <= NEAR_BPM for song, _, line in found),
        "librosa: the same, rounded to whole BPM": sum(abs(round(line) - song.bpm) <= NEAR_BPM for song, _, line in found),
        "librosa: offset right": sum(abs(off) <= NEAR_MS for off in offs(best, own=False)),
        "librosa: offset right by the song's own delay": sum(abs(song.off(a.beat_ms - lag)) <= NEAR_MS for song, a, _ in found),
    }
    for what, hits in rows.items():
        table[what] = [hits, len(found)]


def judge_findings(song: Reference, table: dict[str, list[int]]) -> None:
    """Whether the findings on red lines come when they should, on osu! maps."""
    if song.charted:
        return

    def told(times: np.ndarray, lines: Sequence[tuple[float, float]]) -> list[Drift]:
        return [drift for drift in drifts(song.onsets, np.unique(times), lines) if drift.against is not Against.NOTES]

    def count(what: str, hit: bool) -> None:
        table[what][0] += hit
        table[what][1] += 1

    found = told(song.times, song.lines)
    count("findings: human maps with one", bool(found))
    count("findings: human maps with one on a tempo", any(drift.against is Against.TEMPO for drift in found))
    if len(song.lines) != 1:
        return
    ((start, beat),) = song.lines
    for shift in LINE_SHIFTS:
        for by in (shift, -shift):
            moved = told(song.times, [(start + by, beat)])
            right = any(drift.against is Against.RED_LINE and abs(drift.shift_ms + by) <= 2 for drift in moved)
            count(f"findings: red line {shift:g} ms off, notes left: told within 2 ms", right)
            alone = told(song.times + by, [(start + by, beat)])
            count(f"findings: red line and all notes {shift:g} ms off: told", any(one.against is Against.MAP for one in alone))
    for step in BPM_SHIFTS:
        for by in (step, -step):
            wrong = 60_000 / (60_000 / beat + by)
            for what, times in (("left", song.times), ("moved along", start + (song.times - start) * wrong / beat)):
                right = any(
                    drift.against is Against.TEMPO
                    and drift.beat_ms is not None
                    and abs(60_000 / drift.beat_ms - song.bpm) <= NEAR_BPM
                    for drift in told(times, [(start, wrong)])
                )
                count(f"findings: BPM {step:g} off, notes {what}: told, with the right BPM", right)


if __name__ == "__main__":
    main()

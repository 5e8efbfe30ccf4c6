"""Throws broken maps at the readers and the rules (needs the package `atheris`, Python 3.11 to 3.13 on Linux).

    python benchmarks/fuzz/fuzz_readers.py osu|chart|rules [libFuzzer options, such as -max_total_time=200]

`osu`: any bytes read as an `.osu` come back as they were, an edit gives the document that a full read gives, and notes,
curves, ticks and stacking are computed without an exception. `chart`: the same of a `.chart` with its song.ini (parted by
a NUL). `rules`: no rule throws on any map. One input may take 10 s. Finds are left as `crash-*` in the current folder.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import atheris

with atheris.instrument_imports(include=["formats", "analyzers"]):
    from analyzers.analysis import Choices, analyse_chart_bytes, analyse_difficulty
    from analyzers.engine import FAILED_KIND
    from analyzers.finding import Finding
    from analyzers.rule import Level, Standard
    from formats.beatmap import Beatmap
    from formats.chart import Chart
    from formats.document import Document
    from formats.mapset import Difficulty, Mapset
    from formats.song_ini import SongIni
    from formats.spans import Edit, Span
    from formats.stacking import Stacking
    from formats.timeline import Timeline

from benchmarks.fuzz import seeds

SLOWEST, LONGEST = 10, 20_000


def read_osu(data: bytes) -> None:
    beatmap = Beatmap.from_bytes(data)
    _comes_back(beatmap.document, data)
    timeline = Timeline(beatmap)
    for note in timeline.notes:
        assert note.end >= note.time
        assert note.edges[0].time == note.time
        _ = note.ticks, note.end_position, note.position_at(note.time + 10), note.path.points, note.snaps
    _ = timeline.combo_number, timeline.drain_time, timeline.grid.kiai_spans, beatmap.combo_colours, beatmap.bookmarks
    assert len(Stacking(timeline).heights) == len(timeline.notes)


def read_chart(data: bytes) -> None:
    body, _, settings = data.partition(b"\0")
    ini = SongIni.from_bytes(settings)
    _comes_back(ini.document, settings)
    chart = Chart.from_bytes(body, ini.modifiers)
    _comes_back(chart.document, body)
    for track in chart.tracks:
        _ = track.groups, track.notes, track.star_power, track.drum_fills, track.duplicates, track.stray_flags


def check_maps(data: bytes) -> None:
    standard = Standard.LAZER if len(data) % 2 else Standard.RANKING
    choices = Choices(standard, level=list(Level)[len(data) % len(Level)])
    if b"[Song]" in data:
        body, _, settings = data.partition(b"\0")
        _no_rule_failed(analyse_chart_bytes("notes.chart", body, settings, None, choices))
        return
    one, other = Difficulty("a.osu", Beatmap.from_bytes(data)), Difficulty("b.osu", Beatmap.from_text(seeds.OSU[len(data) % 8]))
    _no_rule_failed(analyse_difficulty(one, Mapset((one, other)), choices))


def _no_rule_failed(findings: list[Finding]) -> None:
    failed = [finding.message for finding in findings if finding.kind == FAILED_KIND]
    assert not failed, failed


def _comes_back(document: Document, data: bytes) -> None:
    assert document.to_bytes() == data
    text = document.text
    at = len(text) // 3
    edited = document.edit([Edit(Span(at, min(at + 3, len(text))), "\n7,[")])
    anew = Document.from_text(edited.text, document.grammar)
    assert [(line.text, line.kind, line.section) for line in edited.lines] == [
        (line.text, line.kind, line.section) for line in anew.lines
    ]


def mutate(data: bytes, most: int, seed: int) -> bytes:
    """Changes a value or a line more often than a byte, so that most inputs still look like a map."""
    chance = random.Random(seed)
    lines = data.split(b"\n")
    at = chance.randrange(len(lines))
    match chance.randrange(6):
        case 0:
            mutated: bytes = atheris.Mutate(data, most)
            return mutated
        case 1:
            lines.insert(at, chance.choice(seeds.LINES + lines))
        case 2:
            del lines[at]
        case _:
            separator = chance.choice([b",", b",", b"|", b":", b" "])
            values = lines[at].split(separator)
            values[chance.randrange(len(values))] = chance.choice([*seeds.VALUES, chance.choice(values)])
            lines[at] = separator.join(values)
    return b"\n".join(lines)[:most]


TARGETS: dict[str, tuple[Callable[[bytes], None], list[str]]] = {
    "osu": (read_osu, seeds.OSU),
    "chart": (read_chart, seeds.CHART),
    "rules": (check_maps, seeds.OSU + seeds.CHART),
}


def main() -> None:
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(__doc__)
    target, begin_with = TARGETS[sys.argv[1]]
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(begin_with):
            (Path(folder) / f"seed-{number}").write_text(text, encoding="utf-8")
        options = [f"-timeout={SLOWEST}", f"-max_len={LONGEST}", *sys.argv[2:], folder]
        atheris.Setup([sys.argv[0], *options], target, custom_mutator=mutate)
        atheris.Fuzz()


if __name__ == "__main__":
    main()

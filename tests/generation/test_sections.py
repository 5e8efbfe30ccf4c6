from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analyzers.analysis import Choices
from analyzers.finding import Severity
from formats.beatmap import Beatmap
from formats.document import Line, LineKind
from formats.mapset import Difficulty, Mapset
from formats.spans import apply_edits
from formats.timeline import Timeline
from generation.parts import Part
from generation.proposal import caused
from generation.request import CannotWrite, Request
from generation.sections import Generator
from generation.subjects import ChartSubject, OsuSubject, Subject
from models.bundled.habits import LANED, lasting_until
from models.bundled.onsets import Song
from models.bundled.sampling import Cancelled, Listener, Sampler, Wishes
from models.bundled.scenes import KIND_AT, LANE_AT, Scene, scene_of_timeline, scene_of_track
from models.bundled.scoring import Scorer
from models.bundled.windows import Inputs
from tests.generation import maps
from tests.models import tiny

START, END = 9_000.0, 15_000.0
FEW = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@cache
def sampler() -> Sampler:
    return Sampler(tiny.WEIGHTS.read_bytes())


@cache
def generator() -> Generator:
    return Generator(sampler(), Scorer(sampler().graphs))


def request(family: str, start: float = START, end: float = END, **wanted: object) -> Request:
    asked = Request(start, end, maps.TRACKS.get(family, ""), count=2)
    return replace(asked, **wanted)  # type: ignore[arg-type]


def scene_of(subject: Subject) -> Scene:
    if isinstance(subject, ChartSubject):
        return scene_of_track(subject.chart, subject.track)
    assert isinstance(subject, OsuSubject)
    return scene_of_timeline(subject.difficulty.timeline)


def written(subject: Subject, asked: Request, **wishes: object) -> list[Scene]:
    page = subject.sheet(asked).page
    made = sampler().written(page, replace(Wishes(2, asked.seed), **wishes))  # type: ignore[arg-type]
    return [each.notes for each in made]


def after(subject: Subject, asked: Request) -> Subject:
    return subject.edited(generator().proposals(subject, asked)[0].edits)


def section(scene: Scene, asked: Request) -> Scene:
    return scene.taken(np.flatnonzero((scene.time >= asked.start) & (scene.time < asked.end)))


@pytest.mark.parametrize("family", maps.FAMILIES)
class TestEveryFamily:
    @FEW
    @given(
        seed=st.integers(0, 1_000),
        start=st.sampled_from((1_000.0, 8_990.0, 13_100.0)),
        lasting=st.sampled_from((2_000.0, 7_000.0)),
    )
    def test_what_is_written_is_legal(self, family: str, seed: int, start: float, lasting: float) -> None:
        subject = maps.subject(family)
        asked = request(family, start, start + lasting, seed=seed)
        page = subject.sheet(asked).page
        grid = set(np.round(page.ticks.time, 3).tolist())
        for notes in written(subject, asked):
            assert all(asked.start <= time < asked.end for time in notes.time.tolist())
            assert {round(time, 3) for time in notes.time.tolist()} <= grid
            assert (lasting_until(notes) <= asked.end + 1).all()
            assert ((notes.x >= 0) & (notes.x <= 512) & (notes.y >= 0) & (notes.y <= 384)).all()
            no_two_at_once(notes)

    def test_the_map_as_text_has_no_new_error_and_the_rest_is_as_it_was(self, family: str) -> None:
        subject, asked = maps.subject(family), request(family)
        before = subject.document
        proposals = generator().proposals(subject, asked)
        assert proposals
        for proposal in proposals:
            text = apply_edits(before.text, proposal.edits)
            following = subject.edited(proposal.edits)
            assert following.document.text == text
            assert not [line for line in following.document.lines if line.kind is LineKind.UNKNOWN]
            new, _ = caused(subject.findings(), following.findings())
            assert not [each for each in new if each.severity is Severity.ERROR]
            assert outside(subject, asked) == outside(following, asked)
            assert proposal.after.notes == len(section(scene_of(following), asked))

    def test_the_same_seed_writes_the_same_notes_and_another_one_others(self, family: str) -> None:
        subject = maps.subject(family)
        one, again, other = (written(subject, request(family, seed=seed)) for seed in (3, 3, 4))
        assert [told(each) for each in one] == [told(each) for each in again]
        assert [told(each) for each in one] != [told(each) for each in other]

    def test_kept_rhythm_stands(self, family: str) -> None:
        subject, asked = maps.subject(family), request(family, keep=frozenset({Part.RHYTHM}))
        old, new = section(scene_of(subject), asked), section(scene_of(after(subject, asked)), asked)
        assert new.time.tolist() == old.time.tolist()
        assert np.allclose(new.end, old.end, atol=1)
        if family != "taiko":
            assert new.columns[:, KIND_AT].tolist() == old.columns[:, KIND_AT].tolist()
        assert any(one.tolist() != other.tolist() for one, other in zip(placed(new), placed(old), strict=True))

    def test_added_notes_leave_those_that_stand(self, family: str) -> None:
        subject, asked = maps.subject(family), request(family, add=True)
        old, new = scene_of(subject), scene_of(after(subject, asked))
        stood = {(time, lane) for time, lane in zip(old.time.tolist(), old.columns[:, LANE_AT].tolist(), strict=True)}
        stands = {(time, lane) for time, lane in zip(new.time.tolist(), new.columns[:, LANE_AT].tolist(), strict=True)}
        assert stood <= stands
        assert len(stands) > len(stood)

    def test_a_cancelled_request_stops(self, family: str) -> None:
        subject, asked, calls = maps.subject(family), request(family), list[int]()

        def cancelled() -> bool:
            calls.append(1)
            return len(calls) > 3

        with pytest.raises(Cancelled):
            generator().proposals(subject, asked, cancelled=cancelled)
        assert len(calls) == 4

    def test_progress_rises_to_the_end(self, family: str) -> None:
        told: list[float] = []
        generator().proposals(maps.subject(family), request(family), progress=told.append)
        assert told == sorted(told)
        assert told[0] == 0.0
        assert told[-1] == 1.0
        assert len(told) > 5

    def test_a_song_changes_what_is_written(self, family: str) -> None:
        subject, asked = maps.subject(family), request(family)
        page = subject.sheet(asked).page
        song = Song.of(np.random.default_rng(1).integers(0, 255, (9_000, 32), np.uint8))
        heard = sampler().written(page, Wishes(3), Listener(song, 0.0))
        unheard = sampler().written(page, Wishes(3))
        assert [told(each.notes) for each in heard] != [told(each.notes) for each in unheard]


def told(notes: Scene) -> list[list[object]]:
    """All that was written."""
    return [each.tolist() for each in (notes.time, notes.end, notes.x, notes.y, notes.columns)]


def placed(notes: Scene) -> list[np.ndarray[tuple[int, ...], np.dtype[np.generic]]]:
    """What says where notes stand, in one mode or another."""
    return [notes.x, notes.y, notes.columns[:, LANE_AT], notes.columns[:, KIND_AT]]


def no_two_at_once(notes: Scene) -> None:
    lanes = notes.columns[:, LANE_AT].tolist() if notes.family in LANED else [0] * len(notes)
    until: dict[int, float] = {}
    for time, end, lane in zip(notes.time.tolist(), lasting_until(notes).tolist(), lanes, strict=True):
        assert time > until.get(lane, -1.0)
        until[lane] = end
    assert (np.diff(notes.time) >= 0).all()


def outside(subject: Subject, asked: Request) -> list[str]:
    """The lines that are none of the section's notes nor the tags."""
    own: list[Line] = []
    if isinstance(subject, ChartSubject):
        own = [line for line in subject.document.lines if " = N " in line.text and _at(subject, line.text, asked)]
    elif isinstance(subject, OsuSubject):
        own = [each.line for each in subject.difficulty.timeline.between(asked.start, asked.end)]
    known = {id(line) for line in own}
    marks = ("Tags", "E maimod")
    return [
        line.text for line in subject.document.lines if id(line) not in known and not any(mark in line.text for mark in marks)
    ]


def _at(subject: ChartSubject, text: str, asked: Request) -> bool:
    return asked.start <= subject.chart.time_at(int(text.split("=", maxsplit=1)[0])) < asked.end


def test_only_new_combos_changes_nothing_else() -> None:
    subject = maps.subject("osu")
    asked = request("osu").only(Part.COMBOS)
    following = after(subject, asked)
    assert isinstance(subject, OsuSubject)
    assert isinstance(following, OsuSubject)
    pairs = zip(subject.difficulty.timeline.notes, following.difficulty.timeline.notes, strict=True)
    changed = [(old.line.text, new.line.text) for old, new in pairs if old.line.text != new.line.text]
    assert changed
    for old, new in changed:
        one, other = old.split(","), new.split(",")
        assert int(one[3]) ^ int(other[3]) == 4
        assert one[:3] + one[4:] == other[:3] + other[4:]


def test_candidates_that_change_the_same_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    # Notes that differ in what no line says, such as new combos that a spinner begins anyway.

    def unlike(one: Scene, other: Scene) -> bool:  # noqa: ARG001  as the function that it stands for
        return False

    monkeypatch.setattr("generation.sections.same_notes", unlike)
    subject, asked = maps.subject("osu"), replace(request("osu", 8_990.0, 10_500.0), count=8).only(Part.COMBOS)
    found = generator().proposals(subject, asked)
    assert len({each.edits for each in found}) == len(found)


def test_kept_hitsounds_stand_where_a_note_stands_at_their_time() -> None:
    subject, asked = maps.subject("osu"), request("osu", 3_000, 25_000, keep=frozenset({Part.HITSOUNDS}))
    old, new = section(scene_of(subject), asked), section(scene_of(after(subject, asked)), asked)
    shared = np.intersect1d(old.time, new.time)
    assert len(shared) > 3
    for time in shared.tolist():
        assert old.columns[old.time == time, 6] == new.columns[new.time == time, 6]


def test_only_the_columns_asked_for_are_written() -> None:
    subject, asked = maps.subject("mania"), request("mania", lanes=frozenset({0, 1}))
    old, new = section(scene_of(subject), asked), section(scene_of(after(subject, asked)), asked)
    kept = [scene.taken(np.flatnonzero(scene.columns[:, LANE_AT] > 1)) for scene in (old, new)]
    assert kept[0].time.tolist() == kept[1].time.tolist()
    assert kept[0].columns[:, LANE_AT].tolist() == kept[1].columns[:, LANE_AT].tolist()
    assert old.time.tolist() != new.time.tolist()


def test_only_the_kinds_asked_for_are_written() -> None:
    subject, asked = maps.subject("taiko"), request("taiko", kinds=frozenset({"kat"}))
    new = section(scene_of(after(subject, asked)), asked)
    assert set(new.columns[:, KIND_AT].tolist()) == {6}


def test_nothing_is_written_into_a_break() -> None:
    subject = maps.subject("osu")
    assert isinstance(subject, OsuSubject)
    text = subject.document.text.replace("[Events]\n", "[Events]\n2,10000,12000\n")
    broken = OsuSubject(*_difficulty(text), subject.choices)
    for notes in written(broken, request("osu")):
        assert not ((notes.time > 9_800) & (notes.time < 12_750)).any()


def test_a_note_too_soon_after_a_spinner_before_the_section_is_taken_out_and_no_reason_to_refuse() -> None:
    subject = maps.subject("osu")
    assert isinstance(subject, OsuSubject)
    gone = [each.line.content for each in subject.difficulty.beatmap.hit_objects if 6_000 <= each.time < 10_000]
    lines = [line for line in subject.document.text.splitlines() if line not in gone[1:]]
    text = "\n".join(lines).replace(gone[0], "256,192,6000,12,0,8950,0:0:0:0:").replace("Version:Hard", "Version:Easy")
    asked = request("osu", 8_990.0, 14_000.0)
    for proposal in generator().proposals(OsuSubject(*_difficulty(text), subject.choices), asked):
        assert not any(each.severity is Severity.ERROR for each in proposal.causes)
        assert proposal.left_out


def _difficulty(text: str) -> tuple[Difficulty, Mapset]:
    difficulty = Difficulty("a.osu", Beatmap.from_text(text))
    return difficulty, Mapset((difficulty,))


def test_a_mapper_s_wish_not_to_be_trained_on_is_kept_and_the_map_says_who_wrote_it() -> None:
    subject = maps.subject("osu", extra="// robots: disallow")
    following = after(subject, request("osu", 2_000, 40_000))
    assert isinstance(following, OsuSubject)
    assert "// robots: disallow" in following.document.text
    assert following.difficulty.beatmap.tags == ["maimod"]
    again = after(following, request("osu", seed=5))
    assert isinstance(again, OsuSubject)
    assert again.difficulty.beatmap.tags == ["maimod"]


def _as_it_stands(text: str) -> str:
    return text


def _without_red_line(text: str) -> str:
    return text.replace("0,500,4,1,0,100,1,0", "")


@pytest.mark.parametrize(
    ("change", "asked", "reason"),
    [
        (_as_it_stands, Request(9_000, 8_000), "not after its start"),
        (_as_it_stands, Request(9_001, 9_020), "no room"),
        (_as_it_stands, Request(0, 10_000_000), "longer than half an hour"),
        (_without_red_line, Request(9_000, 12_000), "no red line"),
        (_as_it_stands, Request(80_000, 90_000, keep=frozenset({Part.RHYTHM})), "no notes to write again"),
    ],
)
def test_what_hinders_is_one_sentence(change: Callable[[str], str], asked: Request, reason: str) -> None:
    difficulty, mapset = _difficulty(change(maps.osu("osu", 120, 1)))
    with pytest.raises(CannotWrite, match=reason):
        generator().proposals(OsuSubject(difficulty, mapset, Choices()), asked)


def test_a_track_that_is_not_there_is_named_with_those_that_are() -> None:
    subject = maps.subject("frets")
    assert isinstance(subject, ChartSubject)
    with pytest.raises(CannotWrite, match=r"no track 'HardSingle'; its tracks are: ExpertSingle"):
        generator().proposals(replace(subject, name="HardSingle"), request("frets"))


def test_a_section_before_the_first_note_and_one_behind_the_last_are_written() -> None:
    subject = maps.subject("osu")
    last = Timeline(subject.difficulty.beatmap).end if isinstance(subject, OsuSubject) else 0.0
    for asked in (request("osu", -500.0, 900.0), request("osu", last + 1, last + 4_000)):
        assert any(len(notes) for notes in written(subject, asked))


def test_a_denser_section_has_more_notes() -> None:
    subject = maps.subject("drums")
    asked = [request("drums", 5_000, 25_000, density=density) for density in (0.3, 3.0)]
    thin, dense = (section(scene_of(after(subject, each)), each) for each in asked)
    assert len(np.unique(dense.time)) > 1.3 * len(np.unique(thin.time))


def test_a_section_as_dense_as_it_was_stays_calm_among_busy_ones() -> None:
    start, end = 5_000, 25_000
    calm = after(maps.subject("drums"), request("drums", start, end, density=0.3))

    def moments(subject: Subject) -> int:
        return len(np.unique(section(scene_of(subject), request("drums", start, end)).time))

    own, around = (after(calm, request("drums", start, end, density=density)) for density in (None, 1.0))
    assert moments(around) > 1.3 * moments(calm)
    assert abs(moments(own) - moments(calm)) <= 0.2 * moments(calm)


@pytest.mark.parametrize("family", [*maps.TRACKS])
def test_a_lane_that_alone_is_written_stays_as_dense_as_it_was(family: str) -> None:
    subject, asked = maps.subject(family, 200), request(family, 6_000, 20_000, lanes=frozenset({1}), density=None)

    def struck(of: Subject) -> int:
        notes = section(scene_of(of), asked)
        return int((notes.columns[:, LANE_AT] == 1).sum())

    assert abs(struck(after(subject, asked)) - struck(subject)) <= 0.35 * struck(subject)


def test_nothing_can_be_as_dense_as_an_empty_section() -> None:
    with pytest.raises(CannotWrite, match="no notes in the section that it could be as dense as"):
        generator().proposals(maps.subject("osu"), request("osu", -500.0, 400.0, density=None))


def test_what_has_no_room_for_the_kinds_asked_for_is_left_out() -> None:
    subject, asked = maps.subject("mania"), request("mania", kinds=frozenset({"hold"}), add=True, lanes=frozenset({0, 1}))
    before, following = scene_of(subject), scene_of(after(subject, asked))
    stood = {(time, lane) for time, lane in zip(before.time.tolist(), before.columns[:, LANE_AT].tolist(), strict=True)}
    new = [
        at
        for at, (time, lane) in enumerate(zip(following.time.tolist(), following.columns[:, LANE_AT].tolist(), strict=True))
        if (time, lane) not in stood
    ]
    assert new
    assert all(following.end[at] > following.time[at] and following.columns[at, LANE_AT] < 2 for at in new)


def test_a_long_section_can_be_called_off_while_what_stands_in_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    page = maps.subject("osu", 600).sheet(request("osu", 0.0, 400_000.0).only(Part.HITSOUNDS)).page
    graphs, read = sampler().graphs, list[int]()
    towers = graphs.towers

    def counted(inputs: Inputs) -> list[NDArray[np.float32]]:
        read.append(1)
        return towers(inputs)

    monkeypatch.setattr(graphs, "towers", counted)
    with pytest.raises(Cancelled):
        sampler().written(page, Wishes(), cancelled=lambda: len(read) > 1)
    assert len(read) == 2

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formats.osu import Mode
from formats.spans import apply_edits
from formats.timeline import Timeline
from generation.hitsounds import SoundPart, SoundRequest, clicks_of, copied_sounds, rewritten_sounds
from generation.request import CannotWrite
from models.bundled.sampling import Cancelled
from models.bundled.scoring import Scorer
from tests.builder import osu_text
from tests.generation.scenes import lines, objects, timeline_of

RED = "0,500,4,2,1,80,1,0"
SLIDER = "100,100,{time},2,0,P|150:140|200:100,2,105,2|0|8,0:0|1:2|0:0,0:0:0:0:"
EVERY = frozenset(SoundPart)


@cache
def scorer() -> Scorer:
    """A network that learned little, enough to be asked."""
    return Scorer.load(str(Path(__file__).parents[1] / "models" / "tiny.zip"))


def drawn(count: int = 40, *, sounds: bool = True) -> list[str]:
    made: list[str] = []
    for number in range(count):
        time = 1000 + 750 * number
        if number % 3:
            made.append(
                f"{50 + number * 9},{120 + number},{time},{5 if number % 8 == 1 else 1},{number % 4 * 2 * sounds},0:0:0:0:"
            )
        else:
            made.append(SLIDER.format(time=time) if sounds else f"100,100,{time},2,0,L|210:100,2,105")
    return [*made, f"256,192,{1000 + 750 * count},12,0,{3000 + 750 * count},0:0:0:0:"]


def made(text: str, request: SoundRequest) -> Timeline:
    timeline = timeline_of(text)
    return timeline_of(apply_edits(text, rewritten_sounds(timeline, request, scorer())))


def silenced(line: str) -> list[str]:
    """The fields of an object's line that are not heard."""
    parts = line.split(",")
    kind = int(parts[3])
    if kind & 2:
        return [*parts[:4], *parts[5:8]]
    return [*parts[:4], *(parts[5:6] if kind & 8 else ())]


@settings(deadline=None, max_examples=15)
@given(
    st.builds(
        SoundRequest,
        start=st.sampled_from((float("-inf"), 9000.0)),
        end=st.sampled_from((float("inf"), 20_000.0)),
        parts=st.sets(st.sampled_from(SoundPart), min_size=1).map(frozenset),
        add=st.booleans(),
        share=st.sampled_from((None, 0.1, 0.9)),
        seed=st.integers(0, 5),
    ),
    st.booleans(),
)
def test_rhythm_and_places_stay_byte_for_byte(request: SoundRequest, heard: bool) -> None:
    text = osu_text(drawn(sounds=heard), (RED, "8000,-80,4,1,0,50,0,1"))
    before, after = timeline_of(text), made(text, request)
    assert [silenced(line) for line in objects(after)] == [silenced(line) for line in objects(before)]
    assert [note.time for note in after.notes] == [note.time for note in before.notes]
    assert [note.end for note in after.notes] == [note.end for note in before.notes]
    if SoundPart.VOLUMES not in request.parts:
        assert lines(after) == lines(before)
    for old, new in zip(clicks_of(before), clicks_of(after), strict=True):
        if not request.start <= old.time < request.end:
            assert (old.sound, old.normal, old.addition, old.volume) == (new.sound, new.normal, new.addition, new.volume)
        elif request.add and old.sound:
            assert new.sound == old.sound


def test_a_silent_map_gets_additions_on_circles_heads_reverses_and_tails() -> None:
    after = made(osu_text(drawn(sounds=False), (RED,)), SoundRequest(share=0.9))
    sounding = [click for click in clicks_of(after) if click.sound]
    assert len(sounding) > 0.7 * len(clicks_of(after))
    assert {-1, 0, 1, 2} <= {click.edge for click in sounding}


def test_the_share_is_what_is_asked_for_and_else_the_map_s_own() -> None:
    text = osu_text(drawn(), (RED,))

    def share(timeline: Timeline) -> float:
        clicks = clicks_of(timeline)
        return sum(1 for click in clicks if click.sound) / len(clicks)

    assert share(made(text, SoundRequest(share=0.25))) == pytest.approx(0.25, abs=0.03)
    assert share(made(text, SoundRequest())) == pytest.approx(share(timeline_of(text)), abs=0.03)


def test_the_same_seed_writes_the_same_sounds() -> None:
    text = osu_text(drawn(), (RED,))
    assert objects(made(text, SoundRequest(seed=3))) == objects(made(text, SoundRequest(seed=3)))
    assert objects(made(text, SoundRequest(seed=3))) != objects(made(text, SoundRequest(seed=4, temperature=8)))


def test_objects_with_a_file_of_their_own_keep_their_line() -> None:
    own = [line[:-1] + ":drum.wav" if line.endswith("0:0:0:0:") and ",2,0,P" not in line else line for line in drawn()]
    keyed = [line.replace("0:0:0:0::", "0:0:0:0:") for line in own]
    after = made(osu_text(keyed, (RED,)), SoundRequest(share=1.0))
    assert [line for line in objects(after) if "drum.wav" in line] == [line for line in keyed if "drum.wav" in line]


def test_mania_notes_keep_their_columns_and_ends() -> None:
    times = [1000 + 250 * at for at in range(40)]
    objects_of = [
        f"{64 + 128 * (at % 4)},192,{time}," + (f"128,0,{time + 200}:0:0:0:0:" if at % 5 == 0 else "1,0,0:0:0:0:")
        for at, time in enumerate(times)
    ]
    text = osu_text(objects_of, (RED,), mode=Mode.MANIA)
    after = made(text, SoundRequest(share=0.5))
    assert [line.split(",")[:4] for line in objects(after)] == [line.split(",")[:4] for line in objects_of]
    assert [note.end for note in after.notes] == [note.end for note in timeline_of(text).notes]
    assert any(note.object.sound for note in after.notes)


@pytest.mark.parametrize("add", [False, True])
def test_no_addition_is_played_twice_by_a_chord(add: bool) -> None:
    times = [1000 + 250 * (at // 3) for at in range(120)]
    objects_of = [f"{64 + 128 * (at % 3)},192,{time},1,{2 * (at % 9 == 1)},0:0:0:0:" for at, time in enumerate(times)]
    text = osu_text(objects_of, (RED,), mode=Mode.MANIA)
    after = made(text, SoundRequest(share=1.0, add=add))
    played = [(note.time, bit) for note in after.notes for bit in (2, 4, 8) if note.object.sound & bit]
    assert len(played) == len(set(played)) >= 40
    if add:
        assert all(after.notes[at].object.sound & 2 for at in range(1, 120, 9))


def copied(mine: str, theirs: str, **wishes: object) -> Timeline:
    request = SoundRequest(**wishes)  # type: ignore[arg-type]
    edits, _, _ = copied_sounds(timeline_of(mine), timeline_of(theirs), request)
    return timeline_of(apply_edits(mine, edits))


def test_sounds_are_copied_by_time_to_edges_and_circles() -> None:
    theirs = osu_text(
        ["0,0,1000,1,4,0:0:0:0:", "0,0,1526,1,8,0:0:0:0:", "0,0,2049,1,2,0:0:0:0:", "0,0,3000,1,2,0:0:0:0:"], (RED,)
    )
    mine = osu_text(["100,100,1000,2,0,L|205:100,2,100", "9,9,3006,1,8,0:0:0:0:"], (RED,))
    after = copied(mine, theirs)
    assert objects(after) == ["100,100,1000,2,0,L|205:100,2,100,4|0|0", "9,9,3006,1,8,0:0:0:0:"]
    near = theirs.replace("1526", "1503").replace("2049", "1996")
    assert objects(copied(mine, near))[0] == "100,100,1000,2,0,L|205:100,2,100,4|8|2"


def test_sets_and_volumes_are_copied_when_asked_for() -> None:
    theirs = osu_text(["0,0,1000,1,4,3:1:0:0:", "0,0,2000,1,0,0:0:0:0:"], (RED, "2000,-100,4,1,0,40,0,0"))
    mine = osu_text(["9,9,1000,1,0,0:0:0:0:", "9,9,2000,1,0,0:0:0:0:"], (RED,))
    assert objects(copied(mine, theirs)) == ["9,9,1000,1,4,0:0:0:0:", "9,9,2000,1,0,0:0:0:0:"]
    after = copied(mine, theirs, parts=EVERY)
    assert objects(after) == ["9,9,1000,1,4,3:1:0:0:", "9,9,2000,1,0,1:0:0:0:"]
    assert lines(after) == [RED, "2000,-100,4,2,1,40,0,0"]


def test_what_cannot_be_done_is_said_in_a_sentence() -> None:
    plain, drums = osu_text(drawn(), (RED,)), osu_text(drawn(), (RED,), mode=Mode.TAIKO)
    with pytest.raises(CannotWrite, match="don and kat"):
        made(drums, SoundRequest())
    with pytest.raises(CannotWrite, match="don and kat"):
        copied(plain, drums)
    with pytest.raises(CannotWrite, match="no objects"):
        made(osu_text([], (RED,)), SoundRequest())
    with pytest.raises(CannotWrite, match="from 10:00:000 to the end"):
        made(plain, SoundRequest(start=600_000))
    with pytest.raises(CannotWrite, match="ends at 00:01:000, which is not after its start at 00:02:000"):
        made(plain, SoundRequest(start=2000, end=1000))
    with pytest.raises(CannotWrite, match="same song"):
        copied(plain, osu_text(["0,0,900000,1,0,0:0:0:0:"], (RED,)))


def beaten(claps: range, silent: range = range(0)) -> str:
    """Circles on every beat of 32 bars, with a clap on the second and fourth of each bar of `claps` and a finish on every fourth
    bar, but nothing in the bars that are `silent`."""
    drawn_lines: list[str] = []
    for beat in range(128):
        bar, inside = divmod(beat, 4)
        sound = 0 if bar in silent else 8 * (inside % 2 == 1 and bar in claps) + 4 * (inside == 0 and bar % 4 == 0)
        drawn_lines.append(f"{100 + beat},100,{500 * beat},1,{sound},0:0:0:0:")
    return osu_text(drawn_lines, (RED,))


def test_a_section_gets_what_other_bars_have_at_the_same_place() -> None:
    whole, holed = beaten(range(32)), beaten(range(32), range(12, 20))
    after = made(holed, SoundRequest(start=12 * 2000.0, end=20 * 2000.0, temperature=0))
    wanted = [click.sound for click in clicks_of(timeline_of(whole))]
    assert [click.sound for click in clicks_of(after)] == wanted
    assert objects(made(holed, SoundRequest(start=12 * 2000.0, end=20 * 2000.0, temperature=0, add=True))) == objects(after)


def test_a_map_without_hit_sounds_gets_claps_on_the_backbeat() -> None:
    after = made(beaten(range(0), range(32)), SoundRequest(temperature=0))
    clapped = [index % 4 for index, click in enumerate(clicks_of(after)) if click.sound & 8]
    assert len(clapped) == 64
    assert sum(place in (1, 3) for place in clapped) > 50
    assert any(click.sound & 4 for click in clicks_of(after))


def test_the_body_of_a_slider_plays_nothing_that_its_edges_lost() -> None:
    theirs = osu_text(["0,0,1000,1,8,0:0:0:0:", "0,0,1500,1,8,0:0:0:0:"], (RED,))
    mine = osu_text(["100,100,1000,2,2,L|205:100,1,100,2|2,0:0|0:0", "9,9,2000,2,4,L|109:9,1,100"], (RED,))
    assert objects(copied(mine, theirs)) == ["100,100,1000,2,0,L|205:100,1,100,8|8,0:0|0:0", "9,9,2000,2,4,L|109:9,1,100"]


def test_who_writes_says_how_far_it_is_and_stops_at_each_window() -> None:
    timeline = timeline_of(osu_text(drawn(600), (RED,)))
    shares: list[float] = []
    edits = rewritten_sounds(timeline, SoundRequest(parts=EVERY, share=0.8), scorer(), None, shares.append)
    assert edits
    assert shares == sorted(shares) and (shares[0], shares[-1]) == (0.0, 1.0)
    assert len(shares) > 4 * len(EVERY)

    def stop() -> None:
        if len(heard) == windows:
            raise Cancelled

    windows = len(shares) // 2
    heard: list[float] = []
    with pytest.raises(Cancelled):
        rewritten_sounds(timeline, SoundRequest(parts=EVERY, share=0.8), scorer(), None, heard.append, stop)
    assert heard == shares[:windows]

from analyzers.score import difficulty_multiplier, perfect_play, tick_count
from formats.beatmap import Beatmap
from formats.osu import Mode
from formats.timeline import Timeline
from tests.builder import osu_text


def timeline(*objects: str, mode: Mode = Mode.OSU) -> Timeline:
    return Timeline(Beatmap.from_text(osu_text(objects, mode=mode)))


def test_the_multiplier_follows_settings_and_density() -> None:
    # HP 5, CS 4, OD 5 and 2 objects in 8 s: (14 + 2) / 38 * 5 = 2.1
    played = timeline("0,0,0,1,0", "0,0,8000,1,0")
    assert difficulty_multiplier(played.beatmap, played) == 2


def test_a_circle_gives_300_and_its_share_of_the_combo_before_it() -> None:
    played = timeline("0,0,0,1,0", "0,0,4000,1,0", "0,0,8000,1,0")
    # Combo before the third is 2: (2 - 1) * 12 * 2 * 1.4094 = 33.8
    assert perfect_play(played) == (933, 3)


def test_a_slider_counts_its_edges_and_ticks() -> None:
    # 300 px at 100 px per beat, twice: ticks at 100 and 200 px of each span.
    (note,) = timeline("0,0,0,2,0,L|300:0,2,300").notes
    assert tick_count(note) * note.span_count == len(note.ticks) == 4
    assert perfect_play(timeline("0,0,0,2,0,L|300:0,2,300"))[1] == 7


def test_a_long_slider_has_as_many_ticks_as_are_listed() -> None:
    for length in (99, 100, 101, 103, 250, 999, 1000):
        (note,) = timeline(f"0,0,0,2,0,L|{length}:0,1,{length}").notes
        assert tick_count(note) == len(note.ticks)


def test_taiko_stops_counting_the_combo_at_100() -> None:
    _, combo = perfect_play(timeline(*(f"0,0,{100 * number},1,0" for number in range(200)), mode=Mode.TAIKO))
    assert combo == 200


def test_catch_counts_fruits_and_droplets() -> None:
    assert perfect_play(timeline("0,0,0,2,0,L|300:0,2,300", mode=Mode.CATCH))[1] == 7

from analyzers.rule import Standard
from tests.builder import findings, kinds, osu_text

RULE = "hitsound-sparse"


def text(*hits: tuple[int, int], events: tuple[str, ...] = ()) -> str:
    """(time, sound) of circles."""
    return osu_text([f"0,0,{time},1,{sound}" for time, sound in hits], events=events)


def stretch(seconds: int) -> list[tuple[int, int]]:
    return [(1000 * second, 0) for second in range(1, seconds)]


def test_no_hit_sounds_at_all() -> None:
    assert kinds(findings(RULE, text((0, 0), (500, 0)))) == [("no-hitsounds", "error", None)]


def test_long_stretches_begin_at_the_last_hit_sound() -> None:
    assert kinds(findings(RULE, text((0, 2), *stretch(14), (14_000, 2)))) == [("notable-period", "warning", 0)]
    assert kinds(findings(RULE, text((0, 2), *stretch(40), (40_000, 2)))) == [("long-period", "error", 0)]


def test_short_or_thin_stretches_are_fine() -> None:
    assert findings(RULE, text((0, 2), *stretch(9), (9_000, 2))) == []
    assert findings(RULE, text((0, 2), (10_000, 0), (30_000, 2))) == []


def test_a_dense_stretch_of_a_few_measures_is_fine() -> None:
    dense = [(100 * number, 0) for number in range(1, 60)]
    assert findings(RULE, text((0, 2), *dense, (6_000, 2))) == []


def test_breaks_and_spinners_do_not_count() -> None:
    hits = [(0, 2), (500, 0), (1000, 0), (1500, 0), (15_000, 2)]
    assert len(findings(RULE, text(*hits))) == 1
    assert findings(RULE, text(*hits, events=("2,2000,14000",))) == []
    spun = osu_text([*(f"0,0,{time},1,{sound}" for time, sound in hits[:4]), "256,192,2000,12,0,14500", "0,0,15000,1,2"])
    assert findings(RULE, spun) == []


def test_the_last_stretch_counts_too() -> None:
    assert kinds(findings(RULE, text((0, 2), *stretch(15)))) == [("notable-period", "warning", 0)]


def test_a_sample_of_its_own_is_a_hit_sound() -> None:
    assert findings(RULE, osu_text(["0,0,0,1,0,0:0:0:0:kick.wav"])) == []


def test_lazer_lists_stretches_of_more_than_4_seconds() -> None:
    found = findings(RULE, text((0, 2), *stretch(6), (6_000, 2)), standard=Standard.LAZER)
    assert kinds(found) == [("short-period", "information", 0)]


def test_a_change_of_sample_set_is_a_hit_sound() -> None:
    def drums(*sets: int) -> str:
        return osu_text(["0,0,0,1,2", *(f"0,0,{1000 * number},1,0,{each}:0:0:0:" for number, each in enumerate(sets, 1))])

    assert findings(RULE, drums(*[0, 3] * 8)) == []
    assert len(findings(RULE, drums(*[3] * 16))) == 1
    assert len(findings(RULE, drums(*[0, 1] * 8))) == 1
    assert findings(RULE, drums(*[0, 3] * 8), standard=Standard.LAZER) != []


def test_the_edges_of_a_slider_have_sets_of_their_own() -> None:
    # 100 px per beat of 500 ms.
    sliders = [f"0,0,{1000 * number},2,0,L|100:0,1,100,0|0,{{}},0:0:0:0:" for number in range(1, 16)]
    assert findings(RULE, osu_text(["0,0,0,1,2", *(each.format("0:0|3:0") for each in sliders)])) == []
    assert len(findings(RULE, osu_text(["0,0,0,1,2", *(each.format("0:0|0:0") for each in sliders)]))) == 1


def test_the_message_leaves_out_breaks() -> None:
    hits = [(0, 2), *stretch(15), *((1000 * second, 0) for second in range(30, 32)), (32_000, 2)]
    found = findings(RULE, text(*hits, events=("2,14200,29200",)))
    assert [each.message for each in found] == ["No hit sounds for 17.0 s (16 hits)."]

from collections.abc import Sequence

from tests.builder import findings, fixed, kinds, osu_text

RULE = "hitsound-consistency"


def circles(*sounds: int, timing: Sequence[str] = ("0,500,4,1,0,100,1,0",)) -> str:
    return osu_text([f"0,0,{1000 * number},1,{sound},0:0:0:0:" for number, sound in enumerate(sounds, 1)], timing)


def test_an_addition_that_most_others_have_is_forgotten_and_added() -> None:
    own = circles(2, 0)
    found = findings(RULE, own, circles(2, 8), circles(2, 8))
    assert kinds(found) == [("forgotten-addition", "warning", 2000)]
    assert fixed(own, found) == circles(2, 8)
    assert found[0].related[0].time_ms == 2000
    assert found[0].message.endswith("has no clap here, unlike [Hard] and most others.")
    assert findings(RULE, own, circles(2, 8))[0].message.endswith("has no clap here, unlike [Hard].")


def test_an_addition_that_some_others_have_is_listed() -> None:
    assert kinds(findings(RULE, circles(0), circles(8), circles(0))) == [("missing-addition", "information", 1000)]


def test_what_one_of_five_others_plays_is_its_own() -> None:
    plain, rich = circles(0), circles(8)
    assert len(findings(RULE, plain, rich, plain, plain, plain)) == 1
    assert findings(RULE, plain, rich, plain, plain, plain, plain) == []


def test_moments_more_than_2_ms_apart_are_not_shared() -> None:
    def at(time: int, sound: int) -> str:
        return osu_text([f"0,0,{time},1,{sound}"])

    assert len(findings(RULE, at(1000, 0), at(1002, 8), at(1002, 8))) == 1
    assert findings(RULE, at(1000, 0), at(1003, 8), at(1003, 8)) == []


def test_a_difficulty_that_disagrees_all_over_is_named_once_and_left_out() -> None:
    own, other = circles(*[2] * 8), circles(*[8] * 8)
    assert kinds(findings(RULE, own, other, other)) == [("unique-hitsounding", "warning", None)]
    assert findings(RULE, other, own, other) == []


def test_of_two_that_disagree_the_first_is_left_alone() -> None:
    one, two = circles(*[2] * 8), circles(*[8] * 8)
    assert findings(RULE, one, two) == []


def test_many_forgotten_ones_are_another_idea_and_only_listed() -> None:
    plain, rich = circles(*[2] * 31, *[0] * 9), circles(*[2] * 31, *[8] * 9)
    assert {found.severity for found in findings(RULE, plain, rich, rich)} == {"information"}


def test_more_than_can_be_listed_are_one_finding_that_names_the_first_of_them() -> None:
    plain, rich = circles(*[2] * 99, *[0] * 22), circles(*[2] * 99, *[8] * 22)
    (found,) = findings(RULE, plain, rich, rich)
    assert found.kind == "many-missing-additions" and " at 22 moments" in found.message
    assert [found.time_ms, *(each.time_ms for each in found.related)] == [1000 * number for number in range(100, 120)]


def test_silenced_edges_own_samples_and_storyboard_samples_are_not_compared() -> None:
    other = circles(8)
    quiet = circles(0, timing=["0,500,4,1,0,5,1,0"])
    own = circles(0).replace("0:0:0:0:", "0:0:0:0:clap.wav")
    beside = osu_text(["0,0,1000,1,0"], events=['Sample,1000,0,"clap.wav",70'])
    for text in (quiet, own, beside):
        assert findings(RULE, text, other, other) == []


def test_the_edge_of_a_slider_gets_the_addition() -> None:
    # 100 px per beat of 500 ms: edges at 1000, 1500, 2000.
    for end in (",0|2|0,0:0|0:0|0:0,0:0:0:0:", ""):
        own = osu_text([f"0,0,1000,2,0,L|100:0,2,100{end}"])
        found = findings(RULE, own, osu_text(["0,0,2000,1,8"]), osu_text(["0,0,2000,1,8"]))
        text = fixed(own, found)
        assert "|8" in text
        assert findings(RULE, text, osu_text(["0,0,2000,1,8"]), osu_text(["0,0,2000,1,8"])) == []


def test_an_addition_on_the_body_alone_is_listed() -> None:
    own = osu_text(["0,0,1000,2,2,L|100:0,1,100,0|0,0:0|0:0,0:0:0:0:"])
    assert kinds(findings(RULE, own, circles(0))) == [("slider-body-addition", "information", 1000)]
    assert findings(RULE, own, own) == []

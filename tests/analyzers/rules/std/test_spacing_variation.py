from analyzers.rule import Level, Standard
from tests.builder import findings, kinds, osu_text

RULE = "std-spacing-variation"


def circles(*places: tuple[int, int]) -> str:
    return osu_text([f"{x},100,{time},1,0" for time, x in places], general=["StackLeniency: 0"])


def test_a_jump_among_even_distances_is_flagged_at_the_object_it_starts_from() -> None:
    text = circles((0, 0), (500, 50), (1000, 200), (1500, 250))
    assert kinds(findings(RULE, text, level=Level.EASY)) == [("irregular-spacing", "warning", 500)]


def test_lazer_calls_a_large_one_a_problem() -> None:
    text = circles((0, 0), (500, 50), (1000, 200), (1500, 250))
    found = findings(RULE, text, level=Level.EASY, standard=Standard.LAZER)
    assert kinds(found) == [("very-irregular-spacing", "error", 500)]


def test_another_gap_in_time_may_have_another_distance() -> None:
    assert findings(RULE, circles((0, 0), (500, 50), (750, 75), (1250, 125)), level=Level.NORMAL) == []


def test_what_lies_over_four_seconds_back_is_forgotten() -> None:
    assert findings(RULE, circles((0, 0), (500, 50), (5000, 100), (5500, 300)), level=Level.EASY) == []


def test_stacks_are_left_out() -> None:
    assert findings(RULE, circles((0, 0), (500, 50), (1000, 50), (1500, 100)), level=Level.EASY) == []


def test_a_hard_may_jump() -> None:
    assert findings(RULE, circles((0, 0), (500, 50), (1000, 400)), level=Level.HARD) == []

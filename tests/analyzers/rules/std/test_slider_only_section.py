from analyzers.rule import Level
from tests.builder import findings, kinds, osu_text

RULE = "std-slider-only-section"


def sliders(count: int, every: int) -> list[str]:
    return [f"100,100,{number * every},2,0,L|200:100,1,100" for number in range(count)]


def test_eight_sliders_over_seven_seconds_are_one_finding() -> None:
    assert kinds(findings(RULE, osu_text(sliders(8, 1000)), level=Level.EASY)) == [("slider-only", "information", 0)]


def test_six_sliders_or_five_seconds_are_fine() -> None:
    assert findings(RULE, osu_text(sliders(6, 2000)), level=Level.NORMAL) == []
    assert findings(RULE, osu_text(sliders(8, 600)), level=Level.NORMAL) == []


def test_a_circle_breaks_the_run() -> None:
    mixed = sliders(8, 1000)
    mixed[4] = "100,100,4000,1,0"
    assert findings(RULE, osu_text(mixed), level=Level.EASY) == []


def test_a_hard_may_have_them() -> None:
    assert findings(RULE, osu_text(sliders(8, 1000)), level=Level.HARD) == []

import pytest

from analyzers.rule import Standard
from tests.builder import findings, fixed, kinds, osu_text

RULE = "invisible-slider"


@pytest.mark.parametrize(
    ("curve", "length", "kind"),
    [
        ("L||", 48, "no-curve-points"),
        ("B", 48, "no-curve-points"),
        ("L|64:64", 48, "only-start-point"),
        ("L|64:64|64:64", 48, "only-start-point"),
        ("L|164:64", -100, "negative-length"),
    ],
)
def test_a_slider_without_a_body_is_invisible(curve: str, length: int, kind: str) -> None:
    assert kinds(findings(RULE, osu_text([f"64,64,1000,2,0,{curve},1,{length}"]))) == [(kind, "error", 1000)]


@pytest.mark.parametrize("curve", ["L|164:64", "P|114:100|164:64", "B|100:100|64:64"])
def test_a_slider_with_a_body_is_seen(curve: str) -> None:
    assert findings(RULE, osu_text([f"64,64,1000,2,0,{curve},1,50"])) == []


def test_circles_are_no_sliders() -> None:
    assert findings(RULE, osu_text(["64,64,1000,1,0"])) == []


def test_lazer_asks_for_a_duration() -> None:
    assert kinds(findings(RULE, osu_text(["64,64,1000,2,0,L|64:64,1,-5"]), standard=Standard.LAZER)) == [
        ("zero-length", "error", 1000)
    ]
    assert findings(RULE, osu_text(["64,64,1000,2,0,L|164:64,1,100"]), standard=Standard.LAZER) == []


def test_deleting_the_slider_leaves_the_rest() -> None:
    text = osu_text(["0,0,500,1,0", "64,64,1000,2,0,L||,1,48", "0,0,2000,1,0"])
    assert fixed(text, findings(RULE, text)) == osu_text(["0,0,500,1,0", "0,0,2000,1,0"])

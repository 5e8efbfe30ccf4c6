import pytest

from tests.builder import findings, fixed, osu_text

RULE = "slider-tick-rate"


@pytest.mark.parametrize("rate", ["0.5", "1", "1.333", "1.33333333333", "1.5", "2", "4"])
def test_rates_that_fit_a_rhythm(rate: str) -> None:
    assert findings(RULE, osu_text(difficulty=[f"SliderTickRate:{rate}"])) == []


@pytest.mark.parametrize(("rate", "nearest"), [("1.3", "1.333"), ("0.7", "0.5"), ("2.6", "3")])
def test_other_rates_are_set_to_the_nearest(rate: str, nearest: str) -> None:
    text = osu_text(difficulty=[f"SliderTickRate:{rate}"])
    assert fixed(text, findings(RULE, text)) == osu_text(difficulty=[f"SliderTickRate:{nearest}"])

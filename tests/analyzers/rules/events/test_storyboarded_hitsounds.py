from tests.builder import findings, kinds, osu_text

RULE = "storyboarded-hitsounds"


def test_storyboard_samples_are_told_once_at_the_first() -> None:
    found = findings(RULE, osu_text(events=['Sample,3000,0,"b.wav",70', '5,1000,0,"a.wav",70']))
    assert kinds(found) == [("storyboard-samples", "warning", 1000)]
    assert "2 samples" in found[0].message


def test_a_storyboard_without_samples_is_fine() -> None:
    assert findings(RULE, osu_text(events=['Sprite,Pass,Centre,"a.png",320,240'])) == []

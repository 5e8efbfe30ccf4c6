from tests.builder import findings, kinds, osu_text

RULE = "storyboarded-hitsounds"


def test_storyboard_samples_are_told_once_at_the_first() -> None:
    found = findings(RULE, osu_text(events=['Sample,3000,0,"b.wav",70', '5,1000,0,"a.wav",70']))
    assert kinds(found) == [("storyboard-samples", "warning", 1000)]
    assert "2 samples" in found[0].message


def test_a_storyboard_without_samples_is_fine() -> None:
    assert findings(RULE, osu_text(events=['Sprite,Pass,Centre,"a.png",320,240'])) == []


def test_samples_of_the_storyboard_file_are_told_by_one_difficulty_of_the_set() -> None:
    board = '[Events]\nSample,500,0,"clap.wav",70\n'
    text = osu_text()
    assert kinds(findings(RULE, text, storyboards={"a.osb": board})) == [("storyboard-file-samples", "warning", None)]
    assert findings(RULE, text, storyboards={"a.osb": '[Events]\nSprite,Pass,Centre,"a.png",320,240\n'}) == []

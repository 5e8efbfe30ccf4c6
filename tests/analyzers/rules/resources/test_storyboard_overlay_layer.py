from tests.builder import findings, osu_text

RULE = "storyboard-overlay-layer"


def test_sprites_above_the_notes_are_counted_once() -> None:
    events = ['Sprite,Overlay,Centre,"a.png",0,0', 'Sprite,4,Centre,"b.png",0,0', 'Sprite,Foreground,Centre,"c.png",0,0']
    (found,) = findings(RULE, osu_text(events=events))
    assert "'a.png'" in found.message
    assert "like 1 more" in found.message


def test_sprites_of_the_osb_are_seen_too() -> None:
    board = {"x.osb": '[Events]\nSprite,Overlay,Centre,"a.png",0,0\n'}
    assert [found.kind for found in findings(RULE, osu_text(), storyboards=board)] == ["overlay-in-storyboard"]


def test_other_layers_are_fine() -> None:
    assert findings(RULE, osu_text(events=['Sprite,Foreground,Centre,"c.png",0,0'])) == []

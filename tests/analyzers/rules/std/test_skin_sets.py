from formats.mapset import FileFact
from tests.builder import findings, kinds, osu_text

RULE = "std-skin-sets"
CIRCLE, SLIDER, SPINNER = "100,100,0,1,0", "100,100,500,2,0,L|200:100,1,100", "256,192,2000,12,0,4000"


def facts(*names: str) -> list[FileFact]:
    return [FileFact(name, 100) for name in names]


def test_a_cursor_without_its_trail_is_incomplete() -> None:
    (found,) = findings(RULE, osu_text([CIRCLE]), files=facts("cursor.png", "audio.mp3"))
    assert found.kind == "incomplete-set" and "cursortrail missing" in found.message
    assert findings(RULE, osu_text([CIRCLE]), files=facts("Cursor.png", "cursortrail@2x.png")) == []


def test_what_no_object_shows_is_not_asked_for() -> None:
    assert findings(RULE, osu_text([CIRCLE]), files=facts("sliderb0.png")) == []
    assert len(findings(RULE, osu_text([SLIDER]), files=facts("sliderb0.png"))) == 1


def test_animated_elements_are_known_by_their_first_frame() -> None:
    names = [f"hit{each}-0.png" for each in ("0", "50", "100", "100k", "300", "300g", "300k")]
    assert findings(RULE, osu_text([CIRCLE]), files=facts(*names)) == []


def test_old_and_new_spinner_must_not_mix() -> None:
    found = findings(RULE, osu_text([SPINNER]), files=facts("spinner-circle.png", "spinner-top.png"))
    assert kinds(found) == [("mixed-spinner-styles", "error", None), ("new-spinner-style", "warning", None)]


def test_a_skinned_hit_circle_needs_a_border_colour_of_its_own() -> None:
    found = findings(RULE, osu_text([CIRCLE]), files=facts("hitcircle.png"))
    assert "missing-slider-border" in [finding.kind for finding in found]
    with_border = osu_text([CIRCLE], colours=["SliderBorder : 255,255,255"])
    assert "missing-slider-border" not in [each.kind for each in findings(RULE, with_border, files=facts("hitcircle.png"))]


def test_border_and_track_must_be_told_apart() -> None:
    alike = osu_text([SLIDER], colours=["SliderBorder : 200,200,200", "SliderTrackOverride : 205,205,205"])
    assert [finding.kind for finding in findings(RULE, alike)] == ["similar-slider-colours"]
    apart = osu_text([SLIDER], colours=["SliderBorder : 255,255,255", "SliderTrackOverride : 0,0,0"])
    assert findings(RULE, apart) == []


def test_a_folder_that_was_not_listed_says_nothing() -> None:
    assert findings(RULE, osu_text([CIRCLE, SLIDER, SPINNER])) == []

import pytest

from analyzers.rule import Standard
from formats.osu import Mode
from tests.builder import findings, fixed, kinds, osu_text

RULE = "settings-inconsistent"
OBJECTS = ["256,192,20000,1,0"]
SPRITE = 'Sprite,Foreground,Centre,"a.png",0,0'


def text(*general: str, events: tuple[str, ...] = (), rate: str = "1", mode: Mode = Mode.OSU) -> str:
    return osu_text(OBJECTS, general=general, events=events, difficulty=[f"SliderTickRate:{rate}"], mode=mode)


def test_the_setting_that_differs_from_most_is_copied_from_them() -> None:
    own, other = text("AudioLeadIn: 500"), text("AudioLeadIn: 2000")
    found = findings(RULE, own, other, other)
    assert kinds(found) == [("setting-mismatch", "warning", None)]
    assert fixed(own, found) == other
    assert findings(RULE, other, own, other) == []


@pytest.mark.parametrize(
    "setting", ["LetterboxInBreaks: 1", "WidescreenStoryboard: 1", "EpilepsyWarning: 1", "CountdownOffset: 2"]
)
def test_a_setting_without_effect_is_let_be_but_for_lazer(setting: str) -> None:
    own = text("Countdown: 0", setting)
    other = text("Countdown: 0")
    assert findings(RULE, own, other, other) == []
    expected = 0 if setting.startswith("Widescreen") else 1
    assert len(findings(RULE, own, other, other, standard=Standard.LAZER)) == expected


def test_letterbox_counts_with_breaks_and_widescreen_with_a_storyboard() -> None:
    for setting, event in (("LetterboxInBreaks: 1", "2,1000,9000"), ("WidescreenStoryboard: 1", SPRITE)):
        found = findings(RULE, text(setting, events=(event,)), text(events=(event,)), text(events=(event,)))
        assert kinds(found) == [("setting-mismatch", "warning", None)]


def test_a_count_down_without_room_is_not_heard() -> None:
    early = text("Countdown: 1").replace("20000", "1000")
    assert findings(RULE, early, *[text("Countdown: 0").replace("20000", "1000")] * 2) == []
    assert len(findings(RULE, text("Countdown: 1"), text("Countdown: 0"), text("Countdown: 0"))) == 1


def test_a_tick_rate_is_only_listed_and_only_where_ticks_are_heard() -> None:
    found = findings(RULE, text(rate="2"), text(), text())
    assert kinds(found) == [("tick-rate-mismatch", "information", None)]
    assert findings(RULE, text(rate="2", mode=Mode.TAIKO), text(), text()) == []


def test_two_set_ids_are_an_error_and_none_yet_is_fine() -> None:
    def uploaded(number: int) -> str:
        return osu_text(metadata=[f"BeatmapSetID:{number}"])

    assert kinds(findings(RULE, uploaded(7), uploaded(8), uploaded(8))) == [("set-id-mismatch", "error", None)]
    assert findings(RULE, uploaded(-1), uploaded(8)) == []


def test_a_storyboard_in_some_difficulties_of_a_mode() -> None:
    found = findings(RULE, text(events=(SPRITE,)), text(), text())
    assert kinds(found) == [("storyboard-in-some", "warning", None)]
    assert findings(RULE, text(mode=Mode.TAIKO), text(events=(SPRITE,))) == []

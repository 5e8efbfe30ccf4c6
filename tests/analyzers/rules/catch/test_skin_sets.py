from formats.mapset import FileFact
from formats.osu import Mode
from tests.builder import findings, osu_text

RULE = "catch-skin-sets"
FRUIT, STREAM, SPINNER = "100,100,0,1,0", "100,100,500,2,0,L|200:100,1,100", "256,192,2000,12,0,4000"
FRUITS = [f"fruit-{each}{end}.png" for each in ("apple", "grapes", "orange", "pear") for end in ("", "-overlay")]
CATCHER = [f"fruit-catcher-{each}-0.png" for each in ("idle", "fail", "kiai")]


def said(objects: list[str], names: list[str]) -> list[str]:
    found = findings(RULE, osu_text(objects, mode=Mode.CATCH), files=[FileFact(name, 1) for name in names])
    return [finding.message for finding in found]


def test_drops_and_bananas_are_asked_for_where_they_fall() -> None:
    assert said([FRUIT], FRUITS) == []
    (message,) = said([FRUIT, STREAM], FRUITS)
    assert "fruit-drop, fruit-drop-overlay missing" in message
    (message,) = said([FRUIT, SPINNER], FRUITS)
    assert "fruit-bananas" in message


def test_a_catcher_comes_with_a_skin_ini() -> None:
    assert said([FRUIT], [*CATCHER, "skin.ini"]) == []
    assert len(said([FRUIT], CATCHER)) == 1
    assert "fruit-catcher-kiai missing" in said([FRUIT], [*CATCHER[:2], "skin.ini"])[0]


def test_a_photograph_is_no_fruit() -> None:
    assert any("fruit-apple.jpg" in message for message in said([FRUIT], ["fruit-apple.jpg"]))

from tests.builder import findings, fixed, kinds, osu_text

RULE = "colour-luminosity"


def grey(level: int, key: str = "Combo1") -> str:
    return f"{key} : {level},{level},{level}"


def test_the_limits_are_30_and_43() -> None:
    text = osu_text(colours=[grey(29), grey(30, "Combo2"), grey(43, "Combo3"), grey(29, "SliderBorder"), grey(42, "SliderTrack")])
    assert kinds(findings(RULE, text)) == [
        ("combo-far-too-dark", "error", None),
        ("combo-too-dark", "warning", None),
        ("border-too-dark", "error", None),
    ]


def test_a_dark_colour_is_brightened_in_its_hue() -> None:
    text = osu_text(colours=["Combo1 : 60,0,0", "Combo2 : 0,0,0"])
    brighter = fixed(text, findings(RULE, text))
    assert "Combo1 : 79,0,0" in brighter
    assert "Combo2 : 43,43,43" in brighter
    assert findings(RULE, brighter) == []


def test_white_burns_out_in_kiai_when_an_object_has_it() -> None:
    timing = ["0,500,4,1,0,100,1,0", "1000,-100,4,1,0,100,0,1"]
    objects = ["0,0,500,5,0", "0,0,1000,5,0", "0,0,1500,5,0"]
    # The first combo has the second colour.
    white = osu_text(objects, timing, colours=[grey(255), grey(128, "Combo2")])
    assert kinds(findings(RULE, white)) == [("combo-too-bright-in-kiai", "warning", 1000)]
    assert findings(RULE, osu_text(objects[:1], timing, colours=[grey(128), grey(255, "Combo2")])) == []

from tests.builder import findings, fixed, kinds, osu_text

RULE = "timing-first-line"


def test_a_map_without_lines() -> None:
    assert kinds(findings(RULE, osu_text(timing=[]))) == [("no-lines", "error", None)]


def test_a_green_line_moves_behind_the_first_red_one() -> None:
    text = osu_text(timing=["0,-80,4,1,0,100,0,0", "200,-50,4,2,0,60,0,0", "500,500,4,1,0,100,1,0"])
    found = findings(RULE, text)
    assert kinds(found) == [("first-line-inherited", "error", 0)]
    assert fixed(text, found) == osu_text(timing=["500,500,4,1,0,100,1,0", "500,-50,4,2,0,60,0,0"])


def test_a_green_line_ahead_of_a_pair_goes() -> None:
    pair = ["500,500,4,1,0,100,1,0", "500,-50,4,1,0,100,0,0"]
    text = osu_text(timing=["0,-80,4,1,0,100,0,0", *pair])
    assert fixed(text, findings(RULE, text)) == osu_text(timing=pair)


def test_a_green_line_alone_is_told() -> None:
    assert kinds(findings(RULE, osu_text(timing=["0,-80,4,1,0,100,0,0"]))) == [("first-line-inherited", "error", 0)]


def test_kiai_on_the_first_line_goes_and_other_effects_stay() -> None:
    text = osu_text(timing=["0,500,4,1,0,100,1,9"])
    found = findings(RULE, text)
    assert kinds(found) == [("first-line-kiai", "error", 0)]
    assert fixed(text, found) == osu_text(timing=["0,500,4,1,0,100,1,8"])


def test_red_first_is_fine() -> None:
    assert findings(RULE, osu_text(timing=["0,-80,4,1,0,100,0,0", "0,500,4,1,0,100,1,0"])) == []

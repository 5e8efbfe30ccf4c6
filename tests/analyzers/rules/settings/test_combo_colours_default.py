from tests.builder import findings, fixed, kinds, osu_text

RULE = "combo-colours-default"


def test_the_default_colours_are_written_into_the_section() -> None:
    found = findings(RULE, osu_text())
    assert kinds(found) == [("no-combo-colours", "error", None)]
    assert "[Colours]\nCombo1 : 255,192,0\n" in fixed(osu_text(), found)
    assert findings(RULE, fixed(osu_text(), found)) == []


def test_a_missing_section_is_written_ahead_of_the_objects() -> None:
    text = osu_text().replace("[Colours]\n\n", "")
    assert "Combo4 : 242,24,57\n\n[HitObjects]" in fixed(text, findings(RULE, text))


def test_own_colours_and_the_default_skin_are_fine() -> None:
    assert findings(RULE, osu_text(colours=["Combo1 : 1,2,3"])) == []
    assert findings(RULE, osu_text(general=["SkinPreference:Default"])) == []

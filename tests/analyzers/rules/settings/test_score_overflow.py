from tests.builder import findings, kinds, osu_text

RULE = "score-overflow"


def objects(count: int) -> str:
    return osu_text([f"0,0,{100 * number},1,0" for number in range(count)])


def test_a_marathon_of_20000_objects_overflows_and_an_ordinary_map_does_not() -> None:
    assert kinds(findings(RULE, objects(20_000))) == [("score-overflow", "error", None)]
    assert findings(RULE, objects(4_000)) == []


def test_a_combo_beyond_16_bits_overflows() -> None:
    text = osu_text([f"0,0,{1000 * number},2,0,L|1:0,8000,1" for number in range(9)])
    assert ("combo-overflow", "error", None) in kinds(findings(RULE, text))

from tests.builder import findings, kinds, osu_text

RULE = "std-slider-ambiguity"


def test_a_path_that_ends_on_its_head_is_ambiguous() -> None:
    loop = "100,100,0,2,0,L|200:100|200:200|100:102,1,340"
    assert kinds(findings(RULE, osu_text([loop]))) == [("ends-meet", "warning", 0)]


def test_a_small_loop_shows_its_course() -> None:
    assert findings(RULE, osu_text(["100,100,0,2,0,L|150:100|100:100,1,100"])) == []


def test_a_red_anchor_on_the_head_hides_the_course() -> None:
    there_and_back = "100,100,0,2,0,B|200:100|200:100|100:102|100:102|100:300,1,400"
    (found,) = findings(RULE, osu_text([there_and_back]))
    assert found.kind == "anchor-on-end" and "own head" in found.message


def test_a_curve_that_only_leans_towards_its_head_is_plain() -> None:
    assert findings(RULE, osu_text(["100,100,0,2,0,B|300:100|100:100|300:300,1,300"])) == []


def test_a_path_cut_before_the_anchor_never_reaches_it() -> None:
    assert findings(RULE, osu_text(["100,100,0,2,0,L|300:100|100:100|100:300,1,300"])) == []

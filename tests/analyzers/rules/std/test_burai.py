from tests.builder import findings, kinds, osu_text

RULE = "std-burai"


def slider(curve: str, length: int) -> list[tuple[str, str, float | None]]:
    return kinds(findings(RULE, osu_text([f"100,100,0,2,0,{curve},1,{length}"])))


def test_a_path_that_runs_back_over_itself_is_flagged_by_how_far_it_does() -> None:
    assert slider("L|250:100|110:100", 290) == [("definite-overlap", "warning", 0)]
    assert slider("L|250:100|190:100", 210) == [("possible-overlap", "warning", 0)]
    assert slider("L|250:100|230:100", 170) == []


def test_the_length_may_cut_the_way_back_off() -> None:
    assert slider("L|250:100|110:100", 160) == []


def test_a_path_that_crosses_or_turns_beside_itself_can_be_read() -> None:
    assert slider("L|250:100|200:150|200:50", 320) == []
    assert slider("L|250:100|250:110|100:110", 310) == []


def test_a_red_anchor_back_on_a_curve_counts_as_well() -> None:
    there_and_back = "B|150:60|200:60|250:100|250:100|200:60|150:60|100:100"
    assert slider(there_and_back, 330) == [("definite-overlap", "warning", 0)]


def test_a_circle_that_is_drawn_almost_twice_does_not_run_against_itself() -> None:
    assert slider("P|150:50|100:101", 300) == []

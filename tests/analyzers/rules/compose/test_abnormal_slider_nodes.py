from tests.builder import findings, kinds, osu_text

RULE = "abnormal-slider-nodes"


def slider(nodes: int, length: int) -> str:
    """A slider whose head and `nodes` − 1 curve points make `nodes` nodes."""
    curve = "|".join(f"{100 + number}:100" for number in range(1, nodes))
    return osu_text([f"100,100,1000,2,0,B|{curve},1,{length}"])


def test_more_than_ten_nodes_per_root_of_the_length_are_too_many() -> None:
    found = findings(RULE, slider(101, 100))
    assert kinds(found) == [("too-many-nodes", "warning", 1000)]
    assert "101 nodes on 100 osu!pixels" in found[0].message


def test_ten_nodes_per_root_of_the_length_are_fine() -> None:
    assert findings(RULE, slider(100, 100)) == []


def test_a_slider_without_a_length_is_as_long_as_it_is_drawn() -> None:
    assert findings(RULE, osu_text(["100,100,1000,2,0,L|200:100"])) == []

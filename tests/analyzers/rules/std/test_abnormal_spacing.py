from tests.builder import findings, kinds, osu_text

RULE = "std-abnormal-spacing"


def stream(*distances: int, every: int = 100) -> str:
    places = [0]
    for number, distance in enumerate(distances):
        places.append(places[-1] + distance * (-1 if number % 2 else 1))
    return osu_text([f"{x},100,{number * every},1,0" for number, x in enumerate(places)], general=["StackLeniency: 0"])


def test_one_object_far_out_of_a_stream_is_flagged() -> None:
    assert kinds(findings(RULE, stream(25, 25, 25, 25, 120))) == [("large-spacing", "warning", 400)]
    assert kinds(findings(RULE, stream(25, 25, 25, 25, 60))) == [("notable-spacing", "information", 400)]
    assert kinds(findings(RULE, stream(25, 25, 25, 25, 400))) == [("absurd-spacing", "error", 400)]


def test_it_takes_three_samples_to_know_what_is_usual() -> None:
    assert findings(RULE, stream(25, 25, 120)) == []


def test_slow_objects_may_be_anywhere() -> None:
    assert findings(RULE, stream(25, 25, 25, 25, 120, every=181)) == []


def test_stacks_say_nothing_about_spacing() -> None:
    assert findings(RULE, stream(0, 0, 0, 0, 0, 90, 90)) == []


def test_a_map_that_jumps_about_is_told_once() -> None:
    # Steps of 30 px with one of 90 px in eight: each of those is more than twice the mean.
    assert kinds(findings(RULE, stream(*[*[30] * 7, 90] * 21))) == [("many-notable-spacings", "information", 700)]
    assert len(findings(RULE, stream(*[*[30] * 7, 90] * 20))) == 20

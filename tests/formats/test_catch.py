from formats.beatmap import Beatmap
from formats.catch import CatchKind, CatchObject, catch_objects, half_catcher_width
from formats.osu import Mode
from formats.timeline import Timeline
from tests.builder import osu_text


def walk(*objects: str, timing: tuple[str, ...] = ("0,500,4,1,0,100,1,0",)) -> list[CatchObject]:
    return catch_objects(Timeline(Beatmap.from_text(osu_text(objects, timing, mode=Mode.CATCH))))


def test_a_juice_stream_falls_as_fruits_and_drops() -> None:
    objects = walk("0,192,0,2,0,L|200:192,2,200")
    assert [(each.kind, each.time, each.x) for each in objects] == [
        (CatchKind.HEAD, 0, 0),
        (CatchKind.DROP, 500, 100),
        (CatchKind.REPEAT, 1000, 200),
        (CatchKind.DROP, 1500, 100),
        (CatchKind.TAIL, 2000, 0),
    ]


def test_bananas_are_not_on_the_way() -> None:
    first, second = walk("0,192,0,1,0", "256,192,100,12,0,900", "500,192,1000,1,0")
    assert (first.time, second.time) == (0, 1000)


def test_nothing_falls_outside_the_play_field() -> None:
    assert walk("600,192,0,1,0")[0].x == 512


def test_the_catcher_shrinks_with_the_circle_size() -> None:
    assert half_catcher_width(5) == 53.375
    assert half_catcher_width(0) > half_catcher_width(4) > half_catcher_width(7)


def test_a_hyperdash_stands_where_a_dash_would_fall_short() -> None:
    assert [each.hyper for each in walk("0,192,369,1,0", "512,192,450,1,0")] == [True, False]


def test_a_jump_that_is_a_hair_short_of_a_hyperdash_is_none() -> None:
    """What the game makes of two short sliders: it sees 84 ms and 140.6 px from a tail to a head, at CS 4 just a dash."""
    sliders = ["307,184,23143,2,0,P|330:160|366:150,1,59.9999981689454", "214,335,23310,2,0,L|149:324,1,59.9999981689454"]
    settings = ["CircleSize:4", "SliderMultiplier:2"]
    timing = ["310,333.333333333333,4,2,1,45,1,0", "23142,-83.3333333333333,4,2,1,70,0,0"]
    objects = catch_objects(Timeline(Beatmap.from_text(osu_text(sliders, timing, difficulty=settings))))
    known = [307, 354.645, 214, 154.841]
    assert all(abs(each.x - x) < 0.02 for each, x in zip(objects, known, strict=True))
    assert [each.hyper for each in objects] == [False] * 4
    assert objects[1].spare < 0.1


def test_what_a_dash_leaves_over_helps_the_next_in_the_same_direction() -> None:
    there = walk("0,192,0,1,0", "250,192,200,1,0", "480,192,400,1,0")
    back = walk("0,192,0,1,0", "250,192,200,1,0", "20,192,400,1,0")
    assert there[1].hyper
    assert not back[1].hyper

from analyzers.context import Context
from analyzers.engine import run_rule
from analyzers.rule import Level, Standard
from analyzers.rules.std import close_overlap
from formats.beatmap import Beatmap
from formats.mapset import Difficulty, Mapset
from tests.builder import findings, kinds, osu_text

RULE = "std-close-overlap"


def pair(gap: int, px: int, first: str = "100,100,0,1,0") -> str:
    return osu_text([first, f"{100 + px},100,{gap},1,0"], general=["StackLeniency: 0"])


def test_quick_objects_of_an_easy_must_overlap() -> None:
    assert kinds(findings(RULE, pair(124, 200), level=Level.EASY)) == [("should-overlap", "error", 0)]
    assert kinds(findings(RULE, pair(187, 200), level=Level.EASY)) == [("should-probably-overlap", "warning", 0)]
    assert findings(RULE, pair(188, 200), level=Level.EASY) == []
    assert findings(RULE, pair(124, 60), level=Level.EASY) == []


def test_a_slider_s_tail_need_not_be_overlapped() -> None:
    assert findings(RULE, pair(200, 300, "100,100,0,2,0,L|120:100,1,20"), level=Level.EASY) == []


def test_lazer_also_wants_slow_objects_apart() -> None:
    found = findings(RULE, pair(500, 20), level=Level.EASY, standard=Standard.LAZER)
    assert kinds(found) == [("should-not-overlap", "error", 0)]
    assert findings(RULE, pair(500, 20), level=Level.EASY) == []


def test_a_normal_is_asked_only_as_the_lowest_of_its_set() -> None:
    normal, other = (Difficulty(name, Beatmap.from_text(pair(100, 200))) for name in ("n.osu", "o.osu"))
    mapset = Mapset((normal, other))

    def count(other_level: Level) -> int:
        context = Context(normal, mapset, level=Level.NORMAL, levels=[Level.NORMAL, other_level])
        return len(run_rule(close_overlap.RULE, context, normal.beatmap.document))

    assert count(Level.HARD) == 1
    assert count(Level.EASY) == 0


def test_a_normal_on_its_own_may_have_an_easy_beside_it() -> None:
    assert findings(RULE, pair(100, 200), level=Level.NORMAL) == []

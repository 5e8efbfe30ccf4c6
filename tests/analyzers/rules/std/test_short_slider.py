from analyzers.rule import Level, Standard
from tests.builder import findings, kinds, osu_text

RULE = "std-short-slider"


def slider(slides: int, span_ms: int) -> str:
    return osu_text([f"100,100,0,2,0,L|400:100,{slides},{span_ms / 5:g}"])


def test_the_ranking_criteria_count_the_whole_slider() -> None:
    assert kinds(findings(RULE, slider(1, 120), level=Level.EASY)) == [("too-short", "warning", 0)]
    assert findings(RULE, slider(2, 120), level=Level.EASY) == []
    assert findings(RULE, slider(1, 125), level=Level.EASY) == []


def test_lazer_counts_one_span() -> None:
    found = findings(RULE, slider(2, 120), level=Level.EASY, standard=Standard.LAZER)
    assert kinds(found) == [("span-too-short", "error", 0)]


def test_only_an_easy_is_asked() -> None:
    assert findings(RULE, slider(1, 50), level=Level.NORMAL) == []

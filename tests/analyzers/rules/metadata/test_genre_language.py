import pytest

from analyzers.finding import Safety
from analyzers.rule import Standard
from tests.builder import findings, fixed, kinds, osu_text

RULE = "metadata-genre-language"


def text(tags: str) -> str:
    return osu_text(metadata=[f"Tags:{tags}"])


@pytest.mark.parametrize(
    ("tags", "missing"),
    [
        ("", ["missing-genre", "missing-language"]),
        ("J-ROCK Japanese", []),
        ("hip-hop finnish", []),
        ("video_game", ["missing-language"]),
        ("instrumental", ["missing-genre"]),
        ("other any", ["missing-genre", "missing-language"]),
    ],
)
def test_a_word_of_each_list_is_asked_for(tags: str, missing: list[str]) -> None:
    assert [found.kind for found in findings(RULE, text(tags))] == missing


def test_lazer_calls_it_a_problem() -> None:
    assert kinds(findings(RULE, text("rock"), standard=Standard.LAZER)) == [("missing-language-verify", "error", None)]


def test_each_genre_is_offered_and_none_is_chosen() -> None:
    found = findings(RULE, text("japanese"))
    assert {fix.safety for fix in found[0].fixes} == {Safety.DISPLAY}
    assert fixed(text("japanese"), found) == text("japanese video game")


def test_a_map_without_metadata_has_no_place_for_tags() -> None:
    assert [found.fixes for found in findings(RULE, "osu file format v14\n")] == [(), ()]

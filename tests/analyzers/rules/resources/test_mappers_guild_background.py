import pytest

from tests.builder import findings, osu_text

RULE = "mappers-guild-background"


@pytest.mark.parametrize(("tags", "count"), [("rock MPG", 1), ("mappers' guild", 1), ("mpgs", 0), ("rock", 0)])
def test_the_guild_is_found_as_a_word_of_the_tags(tags: str, count: int) -> None:
    assert len(findings(RULE, osu_text(metadata=[f"Tags:{tags}"]))) == count

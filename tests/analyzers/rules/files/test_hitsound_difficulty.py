import pytest

from tests.builder import findings, osu_text


@pytest.mark.parametrize("name", ["hitsounds", "my Hit Sound diff", "song_hs_v2"])
def test_a_difficulty_to_copy_hit_sounds_from_is_found_by_its_name(name: str) -> None:
    assert len(findings("file-hitsound-difficulty", osu_text(metadata=[f"Version:{name}"]))) == 1


@pytest.mark.parametrize("name", ["Hard", "White Sound", "Hit the Road"])
def test_other_names_are_fine(name: str) -> None:
    assert findings("file-hitsound-difficulty", osu_text(metadata=[f"Version:{name}"])) == []

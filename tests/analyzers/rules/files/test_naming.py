import pytest

from tests.builder import findings, kinds, osu_text

RULE = "file-naming"
METADATA = ["Title:What?", "Artist:AC/DC", "Creator:Mapper", "Version:Hard"]


@pytest.mark.parametrize(
    "path",
    [
        "ACDC - What (Mapper) [Hard].osu",
        "songs/1/AC_DC - What_ (Mapper) [Hard].osu",
        r"C:\Songs\acdc - what (mapper) [hard].osu",
    ],
)
def test_illegal_characters_may_be_left_out_or_replaced(path: str) -> None:
    assert findings(RULE, osu_text(metadata=METADATA), path=path) == []


def test_another_difficulty_name_is_reported_with_the_expected_name() -> None:
    found = findings(RULE, osu_text(metadata=METADATA), path="ACDC - What (Mapper) [Insane].osu")
    assert kinds(found) == [("misnamed", "warning", None)]
    assert "ACDC - What (Mapper) [Hard].osu" in found[0].message


def test_a_name_of_131_characters_is_too_long() -> None:
    def named(length: int) -> list[tuple[str, str, float | None]]:
        name = "V" * (length - len("ACDC - What (Mapper) [].osu"))
        text = osu_text(metadata=[*METADATA[:3], f"Version:{name}"])
        return kinds(findings(RULE, text, path=f"ACDC - What (Mapper) [{name}].osu"))

    assert named(130) == []
    assert named(131) == [("too-long", "warning", None)]


def test_a_map_from_standard_input_has_no_file_name() -> None:
    assert findings(RULE, osu_text(metadata=METADATA), path="-") == []

import pytest

from tests.builder import findings, fixed, osu_text

RULE = "metadata-guest-tags"


def named(version: str, tags: str = "") -> str:
    return osu_text(metadata=["Creator:Host", f"Version:{version}", f"Tags:{tags}"])


def guests(version: str, tags: str = "") -> list[str]:
    return [found.message.split("' of [")[0][1:] for found in findings(RULE, named(version, tags))]


@pytest.mark.parametrize(
    ("version", "names"),
    [
        ("Someone's Hard", ["someone"]),
        ("Naxess' Insane", ["naxess"]),
        ("[4K] Some Person's HD", ["some person"]),
        ("One, Two & Three's Extra", ["one", "two", "three"]),
        ("A-chan's & Bob's Hard", ["a-chan", "bob"]),
        ("World's Hard", ["world"]),
        ("World's End", []),
        ("The Devil's Advocate", []),
        ("Let's Go", []),
        ("Host's Hard", []),
        ("Insane", []),
    ],
)
def test_names_in_the_possessive_are_guests(version: str, names: list[str]) -> None:
    assert guests(version) == names


def test_spaces_and_underscores_are_alike_in_tags() -> None:
    assert guests("Some One's Hard", "some_one") == []


def test_every_difficulty_asks_for_the_guests_of_the_set() -> None:
    found = findings(RULE, named("Easy", "rock"), named("Some One's Hard"))
    assert fixed(named("Easy", "rock"), found) == named("Easy", "rock some_one")

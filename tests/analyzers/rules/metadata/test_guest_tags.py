import pytest

from tests.builder import findings, fixed, osu_text

RULE = "metadata-guest-tags"


def named(version: str, tags: str = "") -> str:
    return osu_text(metadata=["Creator:Host", f"Version:{version}", f"Tags:{tags}"])


def guests(version: str, tags: str = "") -> list[str]:
    return [found.message.split("' of [")[0][1:].casefold() for found in findings(RULE, named(version, tags))]


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
        ("HDHR (Someone's Hard)", ["someone"]),
        ("Insane", []),
    ],
)
def test_names_in_the_possessive_are_guests(version: str, names: list[str]) -> None:
    assert guests(version) == names


def test_spaces_and_underscores_are_alike_in_tags() -> None:
    assert guests("Some One's Hard", "some_one") == []


def test_the_message_names_the_guest_as_the_difficulty_does() -> None:
    found = findings(RULE, named("SomeOne's Hard"))
    assert [each.message for each in found] == ["'SomeOne' of [SomeOne's Hard] is not in the tags."]


def test_every_difficulty_asks_for_the_guests_of_the_set() -> None:
    found = findings(RULE, named("Easy", "rock"), named("Some One's Hard"))
    assert fixed(named("Easy", "rock"), found) == named("Easy", "rock some_one")


@pytest.mark.parametrize(
    ("version", "tags", "kind"),
    [
        ("Chromstrata's Hard", "chromoxx monstrata", "perhaps-nickname"),
        ("Hostrata's Hard", "monstrata", "perhaps-nickname"),
        ("AsaNe's Hard", "AsakuraNe", "perhaps-nickname"),
        ("UC's Hard", "UndeadCapulet", "perhaps-nickname"),
        ("N a s y a's Hard", "nasya", "perhaps-nickname"),
        ("TRS' Hard", "tourstar", "perhaps-nickname"),
        ("Boxphyxia's Hard", "professionalbox asphyxia", "perhaps-nickname"),
        ("Someone's Hard", "chromoxx monstrata", "missing-guest-tag"),
        ("Bob's Hard", "bad mob", "missing-guest-tag"),
    ],
)
def test_a_nickname_or_a_mixture_of_known_names_is_a_remark(version: str, tags: str, kind: str) -> None:
    assert [found.kind for found in findings(RULE, named(version, tags))] == [kind]


def test_a_part_of_the_creators_name_needs_no_tag() -> None:
    assert guests("Hos's Hard") == []

from tests.builder import findings, fixed, kinds, osu_text

RULE = "metadata-inconsistent"


def text(artist: str = "Band", tags: str = "a b", *more: str) -> str:
    return osu_text(metadata=["Title:Song", f"Artist:{artist}", "Creator:M", "Version:V", f"Tags:{tags}", *more])


def test_the_field_that_differs_from_most_is_copied_from_them() -> None:
    own = text("Bend")
    found = findings(RULE, own, text(), text())
    assert kinds(found) == [("field-mismatch", "error", None)]
    assert fixed(own, found) == text()
    assert findings(RULE, text(), own, text()) == []


def test_tags_are_compared_as_a_set() -> None:
    assert findings(RULE, text(tags="B a"), text(tags="a b")) == []
    (found,) = findings(RULE, text(tags="a c"), text(tags="a b"), text(tags="a b"))
    assert found.message.endswith("differ in: b c.")


def test_a_unicode_form_that_repeats_the_romanised_one_may_be_missing() -> None:
    assert findings(RULE, text("Band", "a b", "ArtistUnicode:Band"), text(), text()) == []


def test_a_missing_key_is_written_where_it_belongs() -> None:
    own, other = text(), text("Band", "a b", "Source:Game")
    assert fixed(own, findings(RULE, own, other, other)) == other


def test_one_difficulty_agrees_with_itself() -> None:
    assert findings(RULE, text()) == []


def test_the_tag_of_what_a_model_wrote_belongs_to_one_difficulty() -> None:
    assert findings(RULE, text(tags="a b maimod"), text(), text()) == []
    assert findings(RULE, text(), text(tags="a b Maimod"), text(tags="a b Maimod")) == []

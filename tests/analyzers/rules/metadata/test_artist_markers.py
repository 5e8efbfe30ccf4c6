import pytest

from tests.builder import findings, fixed, osu_text


def by(artist: str) -> str:
    return osu_text(metadata=["Title:Song", f"Artist:{artist}"])


@pytest.mark.parametrize(
    ("artist", "wanted"),
    [
        ("A ft. B", "A feat. B"),
        ("A ft.B", "A feat. B"),
        ("A Featuring B", "A feat. B"),
        ("A (Feat. B)", "A (feat. B)"),
        ("A VS B", "A vs. B"),
        ("A (CV.B)", "A (CV: B)"),
        ("A (cv：B)", "A (CV: B)"),
        ("A [C.V. B]", "A [CV: B]"),
        ("A cv:B", "A CV: B"),
    ],
)
def test_another_spelling_is_rewritten_and_then_fine(artist: str, wanted: str) -> None:
    found = findings("metadata-marker-format", by(artist))
    assert fixed(by(artist), found) == by(wanted)
    assert findings("metadata-marker-format", by(wanted)) == []


@pytest.mark.parametrize(
    "artist", ["A feat. B", "A vs. B (CV: C)", "Feat of Strength", "Great Feat of Arms", "Left", "CVS", "Aftershock"]
)
def test_standard_markers_and_plain_words_are_fine(artist: str) -> None:
    assert findings("metadata-marker-format", by(artist)) == []
    assert findings("metadata-marker-spacing", by(artist)) == []


@pytest.mark.parametrize(
    ("artist", "wanted", "severity"),
    [
        ("Alice feat.Bob", "Alice feat. Bob", "error"),
        ("Alice (CV:Bob)", "Alice (CV: Bob)", "error"),
        ("Alice vs.Bob", "Alice vs. Bob", "error"),
        ("Alice&Bobby", "Alice & Bobby", "warning"),
        ("Alice(CV: Bob)", "Alice (CV: Bob)", "warning"),
        ("Alice(Wonderland)", "Alice (Wonderland)", "warning"),
    ],
)
def test_missing_spaces_are_added(artist: str, wanted: str, severity: str) -> None:
    found = findings("metadata-marker-spacing", by(artist))
    assert {each.severity for each in found} == {severity}
    assert fixed(by(artist), found) == by(wanted)


@pytest.mark.parametrize("artist", ["R&B", "MYTH & ROID", "アクア（CV: 雨宮天）", "K(NoW)_NAME", "A×B", "f(x)", "Ali(en)ce"])
def test_names_with_signs_in_them_are_fine(artist: str) -> None:
    assert findings("metadata-marker-spacing", by(artist)) == []

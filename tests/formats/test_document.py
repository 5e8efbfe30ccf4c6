import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formats.document import Document, LineKind, Place, entry_value, field, whole
from formats.osu import OSU, HitObject
from formats.spans import Edit, OverlappingEdits, Span, apply_edits
from tests.builder import osu_text

# Pieces that make and break line endings, sections and comments when they are put together at random.
PIECES = st.sampled_from(
    ["\r", "\n", "\r\n", "[", "]", "[HitObjects]\n", "[TimingPoints]\r\n", "0,500,4,1,0,100,1,0\n", "1,2,3,1,0", ",", "//", "\0"]
)
SOURCES = st.lists(PIECES | st.text(max_size=3), max_size=25).map("".join)


def read(text: str) -> Document:
    return Document.from_text(text, OSU)


def outline(document: Document) -> list[tuple[str, LineKind, str, str, str, str]]:
    return [(line.text, line.kind, line.section, line.before, line.after, type(line.record).__name__) for line in document.lines]


@given(SOURCES)
def test_the_lines_join_to_the_text(text: str) -> None:
    assert read(text).text == text


@given(st.binary(max_size=200))
def test_any_bytes_are_read_and_come_back(data: bytes) -> None:
    assert Document.from_bytes(data, OSU).to_bytes() == data


@settings(max_examples=300)
@given(SOURCES, st.data())
def test_a_document_after_edits_is_the_one_read_anew(text: str, data: st.DataObject) -> None:
    document = read(text)
    for _ in range(3):
        cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=4)))
        edits = [Edit(Span(*pair), data.draw(SOURCES)) for pair in zip(cuts[::2], cuts[1::2], strict=False)]
        document, text = document.edit(edits), apply_edits(text, edits)
        assert outline(document) == outline(read(text))


def test_an_edit_keeps_the_lines_that_it_leaves_alone() -> None:
    document = read(osu_text(["1,2,100,1,0", "1,2,200,1,0", "1,2,300,1,0"]))
    line = document.lines[-2]
    after = document.edit([Edit(document.span(field(line, 2)), "250")])
    assert after.lines[-1] is document.lines[-1]
    assert after.lines[0] is document.lines[0]
    assert after.lines[-2] is not line


def test_a_new_header_moves_the_lines_behind_it_to_its_section() -> None:
    document = read("[HitObjects]\n1,2,3,1,0\n")
    after = document.edit([Edit(Span(13, 13), "[Events]\n")])
    assert [line.section for line in after.lines] == ["HitObjects", "Events", "Events"]
    assert not isinstance(after.lines[2].record, HitObject)


def test_edits_that_overlap_or_reach_past_the_end_are_refused() -> None:
    document = read("abc")
    with pytest.raises(OverlappingEdits):
        document.edit([Edit(Span(0, 2), ""), Edit(Span(1, 3), "")])
    with pytest.raises(ValueError, match="the text at 3"):
        document.edit([Edit(Span(2, 4), "")])


def test_an_empty_file_is_one_empty_line() -> None:
    assert [line.text for line in read("").lines] == [""]


@pytest.mark.parametrize(("text", "newline"), [("a\r\nb", "\r\n"), ("a\rb", "\r"), ("ab", "\n")])
def test_an_inserted_line_ends_as_the_others_do(text: str, newline: str) -> None:
    assert read(text).newline == newline


def test_a_field_is_found_without_the_spaces_around_it() -> None:
    (line,) = read("1, 22 ,333").lines
    assert [field(line, number).text for number in range(3)] == ["1", "22", "333"]
    assert field(line, 3).text == "1, 22 ,333"


def test_the_value_of_an_entry_is_found_behind_its_colon() -> None:
    first, second = read("Title: a:b \nTitle").lines
    assert entry_value(first).text == "a:b"
    assert entry_value(second).text == "Title"


def test_a_place_knows_its_span_in_the_whole_text() -> None:
    document = read("ab\r\ncdef\n")
    assert document.span(Place(document.lines[1], 1, 3)) == Span(5, 7)
    assert document.span(whole(document.lines[1])) == Span(4, 8)
    assert document.line_span(document.lines[1]) == Span(4, 9)


def test_the_line_of_another_document_has_no_number() -> None:
    with pytest.raises(KeyError):
        read("a").number_of(read("a").lines[0])


def test_an_enormous_section_is_read_only_at_its_start() -> None:
    text = "[HitObjects]\n" + "1,2,3,1,0\n" * 60_000 + "[Metadata]\nTitle:a\n"
    document = read(text)
    assert document.text == text
    (first, *rest) = [line for line in document.lines if line.problems]
    assert (document.number_of(first), rest) == (50_000, [])
    assert document.lines[49_999].record is not None
    assert document.lines[-1].record is not None


def test_sections_that_are_opened_again_share_one_bound() -> None:
    document = read(("[HitObjects]\n" + "1,2,3,1,0\n" * 9) * 10_000)
    assert sum(line.record is not None for line in document.lines) < 50_000


def test_an_enormous_document_after_an_edit_is_the_one_read_anew() -> None:
    document = read("[HitObjects]\n" + "1,2,3,1,0\n" * 49_999)
    grown = document.edit([Edit(Span(13, 13), "9,9,9,1,0\n" * 5)])
    assert outline(grown) == outline(read(grown.text))
    shrunk = grown.edit([Edit(Span(13, 13 + 10 * 10), "")])
    assert outline(shrunk) == outline(read(shrunk.text))

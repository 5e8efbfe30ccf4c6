from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from formats.beatmap import Beatmap
from formats.document import Document
from formats.osu import OSU
from formats.spans import Edit, Span
from server.session import Session
from server.worker.copies import Copies, difference
from server.worker.desk import Desk
from server.worker.questions import Text
from tests.server.maps import quiet_text

texts = st.lists(st.sampled_from(["a", "1", ",", "\n", "\r\n", "\r", "𝄞", "[HitObjects]\n"]), max_size=20).map("".join)


@given(texts, st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80), texts), max_size=4))
def test_one_edit_leads_from_the_copy_to_the_text(text: str, edits: list[tuple[int, int, str]]) -> None:
    before = after = Document.from_text(text, OSU)
    for start, end, new in edits:
        length = after.index.length
        first, last = sorted((min(start, length), min(end, length)))
        after = after.edit([Edit(Span(first, last), new)])
    assert before.edit([difference(before, after)]).text == after.text


def desk_of(copies: Copies) -> Desk:
    desk = Desk()
    for text in copies.news():
        desk._hear(text)  # pyright: ignore[reportPrivateUsage]
    return desk


def texts_at(desk: Desk) -> dict[str, str]:
    return {file.snapshot.uri: file.snapshot.document.text for file in desk.session}


def test_the_worker_has_the_texts_of_all_open_files_and_hears_of_changes_alone() -> None:
    session = Session()
    copies = Copies(session)
    one = session.open("untitled:a.osu", None, "osu", 1, quiet_text())
    session.open("untitled:b.osb", None, "osb", 1, "[Events]\n")
    assert one is not None
    desk = desk_of(copies)
    assert texts_at(desk) == {"untitled:a.osu": quiet_text()}
    assert copies.news() == ()
    session.change(one, 2, Edit(Span(0, 0), "\n"))
    (news,) = copies.news()
    assert news.text is None and news.edit is not None and len(news.edit.text) < 30
    desk._hear(news)  # pyright: ignore[reportPrivateUsage]
    assert texts_at(desk) == {"untitled:a.osu": "\n" + quiet_text()}
    session.close("untitled:a.osu")
    assert copies.news() == (Text("untitled:a.osu"),)
    session.open("untitled:a.osu", None, "osu", 1, "x")
    copies.forget()
    (again,) = copies.news()
    assert again.text == "x"


def test_a_file_that_was_closed_and_opened_again_is_told_as_a_whole() -> None:
    session = Session()
    copies = Copies(session)
    session.open("untitled:a.osu", None, "osu", 1, "one")
    desk = desk_of(copies)
    session.close("untitled:a.osu")
    session.open("untitled:a.osu", None, "osu", 1, "two")
    for text in copies.news():
        desk._hear(text)  # pyright: ignore[reportPrivateUsage]
    assert texts_at(desk) == {"untitled:a.osu": "two"}


def test_lines_that_stand_as_they_stood_are_not_sent_again() -> None:
    before = Beatmap.from_text(quiet_text()).document
    at = before.text.index("Title")
    after = before.edit([Edit(Span(at, at), "Romanised")])
    assert len(difference(before, after).text) < 40

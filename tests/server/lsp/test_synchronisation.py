from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builder import osu_text
from tests.server.lsp.editor import Client, OpenMap, part

pytestmark = pytest.mark.asyncio(loop_scope="session")

# What other programs take for line endings, what has more than one unit, and what does end a line.
PIECES = ["\v", "\f", "\x1c", "\x85", "\u2028", "\u2029", "é", "日", "𝄞", "🎵", "\n", "\r", "\r\n", "a", "1", "[General]", ","]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
EDITS = st.tuples(st.floats(0, 1), st.floats(0, 1), TEXTS)


def offsets(text: str, edit: tuple[float, float, str]) -> tuple[int, int, str]:
    """An edit of shares of a text as one of offsets that do not part a `\\r\\n`."""
    start, end = sorted(round(share * len(text)) for share in edit[:2])
    inside = [at for at in (start, end) if text[at - 1 : at + 1] == "\r\n"]
    return (start - (start in inside), end + (end in inside), edit[2])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=TEXTS, changes=st.lists(st.lists(EDITS, min_size=1, max_size=4), min_size=1, max_size=3))
async def test_the_server_sees_the_same_text_whether_it_came_whole_or_in_changes(
    client: Client, before: str, changes: list[list[tuple[float, float, str]]]
) -> None:
    edited = OpenMap(client, f"osu file format v14\n[General]\n{before}")
    for edits in changes:
        text = edited.text
        sent: list[tuple[int, int, str]] = []
        for edit in edits:
            start, end, new = offsets(text, edit)
            sent.append((start, end, new))
            text = text[:start] + new + text[end:]
        edited.change(*sent)
    whole = OpenMap(client, edited.text)
    assert await edited.pulled() == await whole.pulled()
    edited.close()
    whole.close()


async def test_a_change_behind_a_line_separator_that_ends_no_line_lands_where_it_should(client: Client) -> None:
    text = osu_text(metadata=["Title:a\u2028b\x85c\vd\x1c𝄞", "Artist:Band"], timing=["0,500,4,1,0,3,1,0"])
    opened = OpenMap(client, text)
    opened.replace("0,500,4,1,0,3,1,0", "0,500,4,1,0,2,1,0")
    (found,) = await opened.finds("timing-volume-invalid")
    assert part(opened.text, found.range, client.encoding) == "2"
    assert "2 %" in found.message


async def test_columns_count_the_units_that_were_agreed_on(client: Client) -> None:
    opened = OpenMap(client, "osu file format v14\n[General]\n🎵é no colon\n[TimingPoints]\n🎵,500\n")
    found = [each for each in await opened.pulled() if each.code == "X001"]
    assert {part(opened.text, each.range, client.encoding) for each in found} == {"🎵é no colon", "🎵"}


async def test_a_lone_surrogate_neither_breaks_the_answer_nor_shifts_what_follows(client: Client) -> None:
    opened = OpenMap(client, osu_text(metadata=["Title:x"], timing=["0,500,4,1,0,3,1,0"]))
    opened.replace("Title:x", "Title:\udcff\ud834x")
    opened.replace("3,1,0", "1,1,0")
    (found,) = await opened.finds("timing-volume-invalid")
    assert part(opened.text, found.range, client.encoding) == "1"


async def test_a_whole_text_may_come_among_the_changes(client: Client) -> None:
    opened = OpenMap(client, "nonsense")
    opened.change_all(osu_text(timing=["0,500,4,1,0,3,1,0"]))
    assert len(await opened.finds("timing-volume-invalid")) == 1
    opened.change_all("")
    assert not await opened.finds("timing-volume-invalid")


async def test_a_thousand_changes_in_one_notification_are_one_version(client: Client) -> None:
    opened = OpenMap(client, osu_text(timing=[f"{n},500,4,1,0,50,1,0" for n in range(1000)]))
    starts = [number for number in range(len(opened.text)) if opened.text.startswith(",50,1,0\n", number)]
    opened.change(*((at + 1, at + 3, "-1") for at in starts))
    assert len(await opened.finds("timing-volume-invalid")) == 1000


async def test_a_file_that_is_no_map_is_left_alone(client: Client) -> None:
    opened = OpenMap(client, "x = 1\n", uri="untitled:notes.py", language="python")
    assert not await opened.pulled()
    opened.change((0, 1, "y"))
    opened.close()


async def test_closing_takes_the_diagnostics_away(client: Client) -> None:
    opened = OpenMap(client, "nonsense")
    assert await opened.published()
    opened.close()
    assert not await opened.until_published(lambda found: not found)

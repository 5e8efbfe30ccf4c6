from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.timestamps import edit_link, format_stamp, format_time, parse_stamp


@pytest.mark.parametrize(
    ("ms", "text"),
    [(0, "00:00:000"), (61_234, "01:01:234"), (999.5, "00:01:000"), (-1_250, "-00:01:250"), (6_000_000, "100:00:000")],
)
def test_a_time_is_written_as_the_editor_does(ms: float, text: str) -> None:
    assert format_time(ms) == text


@pytest.mark.parametrize("ms", [nan, inf, -inf])
def test_what_is_no_time_is_written_as_dashes(ms: float) -> None:
    assert format_time(ms) == "--:--:---"


def test_a_stamp_may_name_objects() -> None:
    assert format_stamp(12_345, "1,2") == "00:12:345 (1,2)"
    assert format_stamp(12_345) == "00:12:345"


def test_a_link_opens_the_editor_there() -> None:
    assert edit_link(12_345, "1,2") == "osu://edit/00:12:345%20(1,2)"


@pytest.mark.parametrize(
    ("text", "stamp"),
    [
        ("see 00:12:345 (1,2) - blanket", (12_345, "1,2")),
        ("00:12.345", (12_345, "")),
        ("100:00:000 (1000|2)", (6_000_000, "1000|2")),
        ("no time", None),
        ("0:12:345", None),
    ],
)
def test_a_stamp_is_found_in_a_mod(text: str, stamp: tuple[int, str] | None) -> None:
    assert parse_stamp(text) == stamp


@given(st.integers(0, 10**9))
def test_a_written_time_is_read_back(ms: int) -> None:
    assert parse_stamp(format_time(ms)) == (ms, "")

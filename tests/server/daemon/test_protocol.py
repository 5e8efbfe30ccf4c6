"""What is no message of a client is refused, with a sentence."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.daemon import protocol
from server.daemon.protocol import Code, Refused


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "{",
        "[]",
        "1",
        "null",
        '"hello"',
        "{}",
        '{"type": 1}',
        '{"type": "x", "id": []}',
        '{"type": "x", "id": 1.5}',
        '{"type": "x", "id": true}',
        '{"type": "x", "id": "' + "y" * 65 + '"}',
        '{"type": "x", "id": NaN}',
        '{"type": "x", "at": Infinity}',
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"type": "x", "id": ' + "9" * 5_000 + "}",
        b"\x00\xff",
    ],
)
def test_what_is_no_message_is_refused(frame: str | bytes) -> None:
    with pytest.raises(Refused) as refused:
        protocol.read(frame)
    assert refused.value.code is Code.MALFORMED
    assert refused.value.message.endswith(".")


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_any_json_is_read_or_refused(found: object) -> None:
    with suppress(Refused):
        protocol.read(json.dumps(found))


def test_a_message_is_read() -> None:
    message = protocol.read('{"type": "look", "id": "a", "map": "m", "finding": "f", "more": 1}')
    assert (message.type, message.number, message.text("map"), message.text("finding")) == ("look", "a", "m", "f")


@pytest.mark.parametrize(
    ("key", "value"), [("fix", "1"), ("fix", True), ("fix", 1.0), ("map", 1), ("map", None), ("time_ms", "1"), ("time_ms", True)]
)
def test_keys_of_another_type_are_refused(key: str, value: object) -> None:
    message = protocol.read(json.dumps({"type": "x", key: value}))
    with pytest.raises(Refused):
        message.whole(key) if key == "fix" else message.text(key) if key == "map" else message.ms(key)


def test_lists_are_bounded() -> None:
    message = protocol.read(json.dumps({"type": "watch", "folders": ["a"] * 65}))
    with pytest.raises(Refused):
        message.texts("folders", 64)


def test_the_id_of_a_refused_message_is_found_where_there_is_one() -> None:
    assert protocol.id_in('{"id": 7}') == 7
    assert protocol.id_in('{"id": {}}') is None
    assert protocol.id_in("{") is None


def test_any_text_can_be_sent() -> None:
    assert json.loads(protocol.frame({"title": "\ud83d \x00 \u2028 </script>"})) == {"title": "\ud83d \x00 \u2028 </script>"}

from codecs import BOM_UTF8, BOM_UTF16_LE

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.encoding import decode

TITLE = "Title:夏 & été 🎵"


@given(st.binary(max_size=60))
def test_any_bytes_come_back(data: bytes) -> None:
    text, encoding = decode(data)
    assert encoding.encode(text) == data


@given(st.binary(max_size=30), st.sampled_from([BOM_UTF8, BOM_UTF16_LE, b"\xfe\xff", b"o\0s\0u\0", b"\0o\0s\0u"]))
def test_any_bytes_behind_a_mark_come_back(data: bytes, mark: bytes) -> None:
    text, encoding = decode(mark + data)
    assert encoding.encode(text) == mark + data


@pytest.mark.parametrize(
    "data",
    [
        TITLE.encode(),
        BOM_UTF8 + TITLE.encode(),
        BOM_UTF16_LE + TITLE.encode("utf-16-le"),
        TITLE.encode("utf-16-le"),
        TITLE.encode("utf-16-be"),
    ],
)
def test_unicode_is_read_whatever_its_form(data: bytes) -> None:
    assert decode(data)[0] == TITLE


def test_an_old_map_in_a_local_code_page_keeps_its_bytes() -> None:
    data = b"Title:\x89\xc4"
    text, encoding = decode(data)
    assert text.startswith("Title:")
    assert encoding.encode(text + "!") == data + b"!"


def test_a_character_that_the_codec_lacks_is_still_written() -> None:
    _, encoding = decode(b"Title:abc")
    assert encoding.encode("\ud83c") == b"\xed\xa0\xbc"

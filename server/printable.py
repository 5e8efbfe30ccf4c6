"""Text that any encoder takes: bytes of old maps that are no UTF-8 are carried as lone surrogates and must not reach an output."""

from __future__ import annotations


def printable(text: str) -> str:
    """The text with a replacement character for every lone surrogate."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)
    return text

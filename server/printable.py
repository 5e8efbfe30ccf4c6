"""Text that any encoder takes. Bytes of old maps that are no UTF-8 are carried as lone surrogates; no output may meet them."""

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


def one_line(text: str) -> str:
    """The text without control characters: titles come from strangers and must not steer a terminal."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def plural(count: int, noun: str) -> str:
    """`1 map`, `2 maps`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"

"""From bytes to text and back, for any bytes: nothing raises and no byte is lost."""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file's bytes stand for text: a codec, its error handler, and the byte order mark before it."""

    codec: str = "utf-8"
    errors: str = "surrogateescape"
    mark: bytes = b""

    def encode(self, text: str) -> bytes:
        """The bytes of `text`. A character that the codec lacks is written as UTF-8 would, never dropped."""
        try:
            return self.mark + text.encode(self.codec, self.errors)
        except UnicodeEncodeError:
            return self.mark + text.encode(self.codec, "surrogatepass")


UTF8 = Encoding()


def decode(data: bytes) -> tuple[str, Encoding]:
    """The text of `data` and the encoding that gives the same bytes back.

    A byte order mark decides first, then UTF-16 without a mark (every other byte of the first line is zero), then
    UTF-8. Bytes that are not UTF-8 (old maps in cp932, cp1252, cp949) become lone surrogates, as PEP 383 has it.
    """
    for mark, codec in ((BOM_UTF8, "utf-8"), (BOM_UTF16_LE, "utf-16-le"), (BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            errors = "surrogateescape" if codec == "utf-8" else "surrogatepass"
            found = _exact(data[len(mark) :], Encoding(codec, errors, mark))
            if found is not None:
                return found
    for codec, pattern in (("utf-16-le", (1, 3, 5)), ("utf-16-be", (0, 2, 4))):
        if len(data) >= 6 and all(data[i] == 0 and data[i ^ 1] != 0 for i in pattern):
            found = _exact(data, Encoding(codec, "surrogatepass"))
            if found is not None:
                return found
    return data.decode("utf-8", "surrogateescape"), UTF8


def _exact(data: bytes, encoding: Encoding) -> tuple[str, Encoding] | None:
    try:
        text = data.decode(encoding.codec, encoding.errors)
    except UnicodeDecodeError:
        return None
    return (text, encoding) if text.encode(encoding.codec, encoding.errors) == data else None

"""The bridge's messages as `docs/bridge.md` describes them: reading those of clients, refusing them, limits.

A message is a JSON object; what a client sends is looked at key by key, so nothing of a wrong type gets past this file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import Any, cast

VERSION = 1

# Bytes of a message from a client, and from an editor, which sends whole maps.
MOST_BYTES, MOST_EDITOR_BYTES = 64 << 10, 32 << 20
# Messages that a client may send at once, and each second in the long run; who goes so far beyond them is cut off.
BURST, PER_SECOND, MOST_REFUSED = 200, 40, 400
MOST_CLIENTS = 100
MOST_SUBSCRIPTIONS = 64
# What a client asked and has no answer to yet.
MOST_ASKED = 8
MOST_ID_LENGTH = 64
MOST_NAME_LENGTH = 32
MOST_FOLDERS = 64

Json = dict[str, Any]


class Code(StrEnum):
    """Why something is refused."""

    MALFORMED = "malformed"
    UNKNOWN_TYPE = "unknown-type"
    TOO_FAST = "too-fast"
    TOO_MANY = "too-many"
    VERSION = "version"
    HELLO_FIRST = "hello-first"
    NO_SUCH_MAP = "no-such-map"
    NO_SUCH_FINDING = "no-such-finding"
    NO_SUCH_FIX = "no-such-fix"
    NO_SUCH_PROPOSAL = "no-such-proposal"
    CHANGED = "changed"
    READ_ONLY = "read-only"
    NOT_ALLOWED = "not-allowed"
    CANNOT_WRITE = "cannot-write"
    UNAVAILABLE = "unavailable"
    FAILED = "failed"
    NOT_WRITTEN = "not-written"
    CANCELLED = "cancelled"


class Refused(Exception):
    """What a client asked for cannot be done: the code, and one sentence for the user."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Message:
    """What a client says. `number` is the `id` to answer with, None where it wants no answer."""

    type: str
    number: str | int | None
    keys: Json

    def text(self, key: str, default: str | None = None, most: int | None = None) -> str:
        """Raises `Refused`."""
        value = self.keys.get(key, default)
        if not isinstance(value, str):
            raise Refused(Code.MALFORMED, f"A message of type {self.type!r} needs {key!r}, a text.")
        if most is not None and len(value) > most:
            raise Refused(Code.MALFORMED, f"The {key!r} of a message of type {self.type!r} is longer than {most} characters.")
        return value

    def whole(self, key: str) -> int:
        """A whole number. Raises `Refused`."""
        value = self.keys.get(key)
        if type(value) is not int:
            raise Refused(Code.MALFORMED, f"A message of type {self.type!r} needs {key!r}, a whole number.")
        return value

    def ms(self, key: str) -> float:
        """Raises `Refused`."""
        value = self.keys.get(key)
        if type(value) not in (int, float) or not isfinite(cast("float", value)):
            raise Refused(Code.MALFORMED, f"A message of type {self.type!r} needs {key!r}, a time in ms.")
        return float(cast("float", value))

    def texts(self, key: str, most: int) -> list[str]:
        """A list of at most so many texts. Raises `Refused`."""
        value = self.keys.get(key)
        listed = cast("list[object]", value) if isinstance(value, list) else None
        if listed is None or len(listed) > most or not all(isinstance(each, str) for each in listed):
            raise Refused(Code.MALFORMED, f"A message of type {self.type!r} needs {key!r}, a list of at most {most} texts.")
        return [str(each) for each in listed]

    def has(self, key: str) -> bool:
        return self.keys.get(key) is not None

    def says(self, key: str) -> bool:
        return self.keys.get(key) is True


def read(frame: str | bytes) -> Message:
    """The message of a frame. Raises `Refused`."""
    if isinstance(frame, bytes):
        raise Refused(Code.MALFORMED, "Messages are text frames; this one was binary.")
    try:
        found: object = json.loads(frame, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Refused(Code.MALFORMED, "The message is no valid JSON.") from None
    if not isinstance(found, dict):
        raise Refused(Code.MALFORMED, "The message is no JSON object.")
    keys = cast("Json", found)
    kind, number = keys.get("type"), keys.get("id")
    if not isinstance(kind, str):
        raise Refused(Code.MALFORMED, "The message has no 'type'.")
    if number is not None and not _is_id(number):
        raise Refused(Code.MALFORMED, f"The 'id' of a message is a whole number or at most {MOST_ID_LENGTH} characters.")
    return Message(kind, number, keys)


def _no_number(word: str) -> float:
    raise ValueError(word)


def _is_id(number: object) -> bool:
    if isinstance(number, str):
        return len(number) <= MOST_ID_LENGTH
    return type(number) is int and abs(number) < 1 << 53


def id_in(frame: str | bytes) -> str | int | None:
    """The `id` of a message that was refused before it was read; None where there is none to be seen."""
    try:
        found: object = json.loads(frame)
    except (ValueError, RecursionError):
        return None
    number = cast("Json", found).get("id") if isinstance(found, dict) else None
    return cast("str | int", number) if number is not None and _is_id(number) else None


def reply(number: str | int | None, result: Json) -> Json:
    return {"type": "reply", "id": number, "ok": True, "result": result}


def refusal(number: str | int | None, refused: Refused) -> Json:
    return {"type": "reply", "id": number, "ok": False, "error": {"code": refused.code.value, "message": refused.message}}


def notice(level: str, message: str) -> Json:
    return {"type": "notice", "level": level, "message": message}


def frame(message: Json) -> str:
    """The message as a text frame; what is no JSON number is a mistake of ours and raises `ValueError`."""
    return json.dumps(message, allow_nan=False, separators=(",", ":"))

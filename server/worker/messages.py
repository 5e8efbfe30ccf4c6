"""How the server and its workers talk: pickles over pipes, each with its length in front."""

from __future__ import annotations

import pickle
import struct
from typing import IO

from server.worker.questions import Asking, Share, Stop, Trouble

LENGTH = struct.Struct("<I")


def receive(stream: IO[bytes]) -> Asking | Stop | None:
    """The next question, or that one is not to be answered any more; None where there is to be no other."""
    body = _body(stream)
    return None if body is None else pickle.loads(body)  # noqa: S301  both ends of the pipe are ours


def receive_answer(stream: IO[bytes]) -> tuple[object] | Share | Trouble | None:
    """The next answer, or how far the work on it has come; None where the other end is gone."""
    body = _body(stream)
    return None if body is None else pickle.loads(body)  # noqa: S301  as above


def _body(stream: IO[bytes]) -> bytes | None:
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    body = stream.read(length)
    return body if len(body) == length else None


def send(stream: IO[bytes], message: object) -> None:
    body = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    stream.write(LENGTH.pack(len(body)) + body)
    stream.flush()

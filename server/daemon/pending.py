"""Proposals that clients may apply: the newest ones, as many as a modest amount of memory holds."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from secrets import token_hex

from server.daemon.questions import Proposed

MOST_PROPOSALS, MOST_BYTES = 64, 128 << 20
# What an edit takes beside its text.
EDIT_BYTES = 600


@dataclass(frozen=True, slots=True, eq=False)
class Pending:
    """A proposal that may be applied, to the map at `path`."""

    path: str
    proposed: Proposed

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return len(self.proposed.before) + len(self.proposed.after) + EDIT_BYTES * len(self.proposed.edits)


class Proposals:
    """By their ids; the oldest go first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Pending] = OrderedDict()
        self._size = 0

    def add(self, path: str, proposed: Proposed) -> str:
        """The id by which it can be applied."""
        number = token_hex(8)
        # What clients were shown of it is not needed for that.
        self.put(number, Pending(path, replace(proposed, diff="", hunks=(), look=None)))
        return number

    def put(self, number: str, pending: Pending) -> None:
        """The newest one is kept, however large it is."""
        self._kept[number] = pending
        self._size += pending.size
        while len(self._kept) > MOST_PROPOSALS or (self._size > MOST_BYTES and len(self._kept) > 1):
            self._size -= self._kept.popitem(last=False)[1].size

    def take(self, number: str) -> Pending | None:
        """None where it was taken by somebody else, or is forgotten."""
        pending = self._kept.pop(number, None)
        self._size -= pending.size if pending is not None else 0
        return pending

"""What waits to be done, the most urgent first, each thing once."""

from __future__ import annotations

import asyncio
from enum import IntEnum


class Urgency(IntEnum):
    """NOW: somebody saved it, types in it or looks at it. BESIDE: something beside it changed. LATER: nobody has asked."""

    NOW = 0
    BESIDE = 1
    LATER = 2


class Queue:
    """Of a thing that is put in again the greater urgency counts; of equal ones the first comes first."""

    def __init__(self) -> None:
        self._waiting: dict[Urgency, dict[str, None]] = {urgency: {} for urgency in Urgency}
        self._filled = asyncio.Event()

    def __len__(self) -> int:
        return sum(len(waiting) for waiting in self._waiting.values())

    def __contains__(self, thing: str) -> bool:
        return any(thing in waiting for waiting in self._waiting.values())

    def put(self, thing: str, urgency: Urgency) -> None:
        for other in Urgency:
            if thing in self._waiting[other]:
                if other <= urgency:
                    return
                del self._waiting[other][thing]
        self._waiting[urgency][thing] = None
        self._filled.set()

    def drop(self, thing: str) -> None:
        for waiting in self._waiting.values():
            waiting.pop(thing, None)

    async def take(self) -> str:
        """The next thing, waited for where there is none."""
        while True:
            for waiting in self._waiting.values():
                if waiting:
                    thing = next(iter(waiting))
                    del waiting[thing]
                    return thing
            self._filled.clear()
            await self._filled.wait()

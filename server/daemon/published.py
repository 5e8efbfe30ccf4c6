"""What clients are told of the maps: the newest state of each, and what lies between an older state and it.

A state is immutable; who was told one keeps it, so the difference to the newest is always to be had, however much a client
missed in between.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from server.daemon.protocol import Json, frame

# Differences that several clients need are made once.
MOST_REMEMBERED = 256
PARTS = ("header", "model", "song", "strip")


@dataclass(frozen=True)
class State:
    """One map as clients see it. `findings` by key, in text order. Parts that are equal in two states are one object in both."""

    revision: int
    header: Json
    model: Json
    song: Json
    strip: Json | None
    findings: Mapping[str, Json]

    @cached_property
    def text(self) -> str:
        """The `map` message."""
        parts = {part: getattr(self, part) for part in PARTS}
        about = {"type": "map", "map": self.header["id"], "revision": self.revision, **parts}
        return frame({**about, "findings": list(self.findings.values())})

    @cached_property
    def header_text(self) -> str:
        return frame(self.header)


def difference(before: State, after: State) -> Json:
    """The `map-changed` message that leads from one state to the other."""
    message: Json = {"type": "map-changed", "map": after.header["id"], "from": before.revision, "revision": after.revision}
    for part in PARTS:
        if getattr(before, part) is not getattr(after, part):
            message[part] = getattr(after, part)
    if before.findings is not after.findings:
        old, new = before.findings, after.findings
        findings: Json = {
            "added": [finding for key, finding in new.items() if key not in old],
            "changed": [finding for key, finding in new.items() if key in old and old[key] != finding],
            "removed": [key for key in old if key not in new],
        }
        if list(old) != list(new):
            findings["order"] = list(new)
        message["findings"] = findings
    return message


def apply(state: Json, message: Json) -> Json:
    """A `map` message after a `map-changed`: what a client has to do with it."""
    after = {**state, "revision": message["revision"], **{part: message[part] for part in PARTS if part in message}}
    changes = message.get("findings")
    if changes:
        known = {finding["key"]: finding for finding in state["findings"]}
        known.update({finding["key"]: finding for finding in (*changes["added"], *changes["changed"])})
        for key in changes["removed"]:
            del known[key]
        after["findings"] = [known[key] for key in changes["order"]] if "order" in changes else list(known.values())
    return after


class Board:
    """The newest state of every map. `told` hears of each map whose state became another one, or went."""

    def __init__(self) -> None:
        self.told: Callable[[str], object] = lambda _: None
        self._states: dict[str, State] = {}
        self._revision = 0
        self._differences: OrderedDict[tuple[str, int, int], str] = OrderedDict()

    def __len__(self) -> int:
        return len(self._states)

    def __iter__(self) -> Iterator[State]:
        return iter(list(self._states.values()))

    def get(self, map_id: str) -> State | None:
        return self._states.get(map_id)

    def put(self, header: Json, model: Json, song: Json, strip: Json | None, findings: Mapping[str, Json]) -> None:
        """The newest state of a map; nothing happens where it equals the one that is known."""
        map_id: str = header["id"]
        before = self._states.get(map_id)
        if before is not None:
            header, model, song = (
                old if old == new else new for old, new in ((before.header, header), (before.model, model), (before.song, song))
            )
            strip = before.strip if strip == before.strip else strip
            findings = _same_findings(before.findings, findings)
            parts = (header, model, song, strip, findings)
            if all(old is new for old, new in zip(_parts(before), parts, strict=True)):
                return
        self._revision += 1
        self._states[map_id] = State(self._revision, header, model, song, strip, findings)
        self.told(map_id)

    def remove(self, map_id: str) -> None:
        if self._states.pop(map_id, None) is not None:
            self.told(map_id)

    def difference(self, before: State, after: State) -> str:
        """The `map-changed` message as a frame."""
        key = after.header["id"], before.revision, after.revision
        known = self._differences.get(key)
        if known is None:
            known = self._differences[key] = frame(difference(before, after))
            while len(self._differences) > MOST_REMEMBERED:
                self._differences.popitem(last=False)
        return known


def _parts(state: State) -> tuple[object, ...]:
    return state.header, state.model, state.song, state.strip, state.findings


def _same_findings(before: Mapping[str, Json], after: Mapping[str, Json]) -> Mapping[str, Json]:
    """The findings of before where nothing changed, else the new ones, with those that did not change as the old objects."""
    if list(before) == list(after) and before == after:
        return before
    return {key: before[key] if before.get(key) == finding else finding for key, finding in after.items()}


def headers_frame(changed: Iterable[State], removed: Iterable[str], omitted: int) -> str:
    """The `maps-changed` message as a frame, of headers that were written out before."""
    listed = ",".join(state.header_text for state in changed)
    return f'{{"type":"maps-changed","changed":[{listed}],"removed":{json.dumps(list(removed))},"omitted":{omitted}}}'


def maps_frame(states: Iterable[State], omitted: int) -> str:
    """The `maps` message as a frame."""
    return f'{{"type":"maps","maps":[{",".join(state.header_text for state in states)}],"omitted":{omitted}}}'

"""Many overlays and many saves: does every client end at the newest state, how long does a save take to reach them, does memory
stay flat, and does a client that stops reading slow the others?

200 maps in sets of five, 50 clients of which each is subscribed to 40 maps, 1,000 saves in bursts of ten (as when a game saves
all difficulties of two sets at once) over 15 minutes. One client reads nothing from the first save to the last. Asked: no update
lost, 95 of 100 updates within a second, memory within 10 %.

    python benchmarks/bridge_load.py [--minutes 15] [--saves 1000] [--clients 50] [--maps 200] [--no-surprisal]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psutil
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from benchmarks.bridge_maps import Map, daemon, make_maps, memory_mb, quantile
from server.daemon.published import apply
from server.daemon.state_file import Running

BURST = 10
SUBSCRIBED = 40
OBJECTS = 300
ASKED_MS, FLAT = 1000.0, 0.10
WAIT_SECONDS = 300.0
SAMPLE_SECONDS = 1.0
Json = dict[str, Any]


class Overlay:
    """A client that keeps what it is told, and when it saw each mark of a map or a newer one."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.ids: dict[str, str] = {}
        self.maps: dict[str, Json] = {}
        self.seen: dict[str, list[tuple[float, int]]] = {}
        self.messages = 0
        self._number = 0

    async def join(self, number: int) -> asyncio.Task[None]:
        """Says who it is; what listens from then on."""
        listening = asyncio.create_task(self.listen())
        await self.say({"type": "hello", "version": 1, "client": f"overlay {number}"})
        return listening

    async def listen(self) -> None:
        with suppress(ConnectionClosed):
            await self._listen()

    async def _listen(self) -> None:
        async for frame in self.socket:
            self.messages += 1
            now, message = time.perf_counter(), json.loads(frame)
            match message["type"]:
                case "maps":
                    self.ids.update({Path(header["path"]).name: header["id"] for header in message["maps"]})
                case "maps-changed":
                    self.ids.update({Path(header["path"]).name: header["id"] for header in message["changed"]})
                case "map" | "map-changed":
                    self._take(message, now)
                case _:
                    pass

    def _take(self, message: Json, now: float) -> None:
        map_id = message["map"]
        if message["type"] == "map":
            self.maps[map_id] = message
        else:
            assert self.maps[map_id]["revision"] == message["from"], "a difference that does not fit"
            self.maps[map_id] = apply(self.maps[map_id], message)
        mark = int(self.maps[map_id]["song"]["end_ms"])
        seen = self.seen.setdefault(map_id, [])
        if not seen or seen[-1][1] != mark:
            seen.append((now, mark))

    async def say(self, message: Json) -> None:
        self._number += 1
        await self.socket.send(json.dumps({**message, "id": self._number}))

    def when(self, map_id: str, mark: int) -> float | None:
        """When this mark or a newer one was seen."""
        return next((moment for moment, seen in self.seen.get(map_id, ()) if seen >= mark), None)


async def until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        while not what():  # noqa: ASYNC110  what is waited for are states of many clients
            await asyncio.sleep(0.05)


async def load(running: Running, process: psutil.Process, maps: list[Map], options: argparse.Namespace) -> None:
    overlays: list[Overlay] = []
    listening: list[asyncio.Task[None]] = []
    for number in range(options.clients):
        overlay = Overlay(await connect(running.socket, compression=None, proxy=None, max_size=None))
        listening.append(await overlay.join(number))
        overlays.append(overlay)
    await until(lambda: all(len(overlay.ids) == len(maps) for overlay in overlays))
    ids = [overlays[0].ids[each.path.name] for each in maps]
    wanted = [[(number * 4 + step) % len(maps) for step in range(min(SUBSCRIBED, len(maps)))] for number in range(len(overlays))]
    for overlay, places in zip(overlays, wanted, strict=True):
        for place in places:
            await overlay.say({"type": "subscribe", "map": ids[place]})
    began = time.perf_counter()
    await until(lambda: settled(overlays, wanted, ids, maps))
    print(f"{len(maps)} maps checked and told to {len(overlays)} clients after {time.perf_counter() - began:.1f} s", flush=True)

    still = overlays[-1]
    still.socket.transport.pause_reading()
    saves: list[tuple[int, int, float]] = []
    memory: list[tuple[float, float]] = []
    sampling = asyncio.create_task(sample(process, memory))
    dice = random.Random(3)
    bursts = max(options.saves // BURST, 1)
    started = time.perf_counter()
    for burst in range(bursts):
        await asyncio.sleep(max(started + burst * options.minutes * 60 / bursts - time.perf_counter(), 0))
        for place in dice.sample(range(len(maps)), BURST):
            saves.append((place, maps[place].mark + 1, maps[place].save(by_rename=dice.random() < 0.5)))
            await asyncio.sleep(0)
    await until(lambda: settled(overlays[:-1], wanted[:-1], ids, maps))
    sampling.cancel()
    report(overlays[:-1], wanted, ids, saves, memory)
    stalled = still.messages
    reading = time.perf_counter()
    still.socket.transport.resume_reading()
    await until(lambda: listening[-1].done() or settled([still], wanted[-1:], ids, maps))
    again = ""
    if listening[-1].done():
        # It answered no ping, so the daemon took it for gone; like any overlay it comes back.
        still.socket, again = await connect(running.socket, compression=None, proxy=None, max_size=None), " and came back"
        listening[-1] = await still.join(len(overlays) - 1)
        for place in wanted[-1]:
            await still.say({"type": "subscribe", "map": ids[place]})
        await until(lambda: settled([still], wanted[-1:], ids, maps))
    told_after = time.perf_counter() - reading
    caught_up = f"{told_after:.2f} s after it began to{again}, in {still.messages - stalled} messages"
    print(f"the client that did not read was told the newest state {caught_up}")
    lost = await asyncio.to_thread(differing, running, overlays, wanted, ids)
    print(f"clients that do not end at the newest state: {lost} of {len(overlays)} (asked: 0)")
    for task in listening:
        task.cancel()
    for overlay in overlays:
        await overlay.socket.close()


def settled(overlays: list[Overlay], wanted: list[list[int]], ids: list[str], maps: list[Map]) -> bool:
    """Whether each client has been told the newest text of all its maps, and that nothing is left to be said of it."""
    for overlay, places in zip(overlays, wanted, strict=True):
        for place in places:
            state = overlay.maps.get(ids[place])
            if state is None or state["song"]["end_ms"] != maps[place].mark or state["header"]["state"] != "ready":
                return False
    return True


async def sample(process: psutil.Process, memory: list[tuple[float, float]]) -> None:
    while True:
        memory.append((time.perf_counter(), await asyncio.to_thread(memory_mb, process)))
        await asyncio.sleep(SAMPLE_SECONDS)


def differing(running: Running, overlays: list[Overlay], wanted: list[list[int]], ids: list[str]) -> int:
    """How many clients know something else than a new one would be told."""
    with urlopen(f"http://127.0.0.1:{running.port}/snapshot.json?token={running.token}") as answer:
        newest = {each["map"]: each for each in json.load(answer)["details"]}
    pairs = zip(overlays, wanted, strict=True)
    return sum(any(overlay.maps[ids[place]] != newest[ids[place]] for place in places) for overlay, places in pairs)


def report(
    overlays: list[Overlay],
    wanted: list[list[int]],
    ids: list[str],
    saves: list[tuple[int, int, float]],
    memory: list[tuple[float, float]],
) -> None:
    told: list[float] = []
    missing = 0
    for place, mark, moment in saves:
        for overlay, places in zip(overlays, wanted, strict=False):
            if place in places:
                seen = overlay.when(ids[place], mark)
                if seen is None:
                    missing += 1
                else:
                    told.append((seen - moment) * 1000)
    print(f"{len(saves)} saves, {len(told)} updates told, {missing} lost (asked: 0)")
    late = "" if quantile(told, 0.95) <= ASKED_MS else ": missed"
    print(
        f"save to update: median {statistics.median(told):.0f} ms, p95 {quantile(told, 0.95):.0f} ms "
        f"(asked: ≤ {ASKED_MS:.0f} ms{late}), longest {max(told):.0f} ms"
    )
    third = max(len(memory) // 5, 1)
    first = [mb for _, mb in memory[third : 2 * third]] or [memory[0][1]]
    last = [mb for _, mb in memory[-third:]]
    grown = statistics.median(last) / statistics.median(first) - 1
    held = f"{statistics.median(first):.0f} MB early, {statistics.median(last):.0f} MB at the end, {grown:+.1%}"
    much = "" if abs(grown) <= FLAT else ": missed"
    print(f"memory of the daemon and its workers: {held} (asked: within {FLAT:.0%}{much})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--saves", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--maps", type=int, default=200)
    parser.add_argument("--no-surprisal", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place).resolve() / "songs"
        maps = make_maps(folder, options.maps, OBJECTS)
        with daemon(folder, Path(place) / "state", surprisal=not options.no_surprisal) as (running, process):
            asyncio.run(load(running, process, maps, options))


if __name__ == "__main__":
    main()

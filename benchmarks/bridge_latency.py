"""How long it takes from a save on disk until an overlay shows it: what the rules find, and what the surprisal model finds.

A daemon in a process of its own, a client as an overlay is one, and maps of 300 and of 2,000 objects, five to a set, saved in
place and by way of another name. Asked: 500 ms or less for 95 of 100 saves.

    python benchmarks/bridge_latency.py [--saves 60] [--pause 1.0] [--no-surprisal]
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.bridge_maps import Map, daemon, make_maps, quantile
from server.daemon.client import Talk
from server.daemon.published import apply
from server.daemon.state_file import Running

SIZES = (300, 2_000)
MAPS = 10
ASKED_MS = 500.0
WAIT_SECONDS = 60.0
Json = dict[str, Any]


class Overlay:
    """Keeps what it is told, and when each map showed each mark, by the rules and by the model."""

    def __init__(self) -> None:
        self.maps: dict[str, Json] = {}
        self.ids: dict[str, str] = {}
        self.ruled: dict[tuple[str, int], float] = {}
        self.judged: dict[tuple[str, int], float] = {}
        self.news = asyncio.Event()

    def hear(self, message: Json) -> None:
        now = time.perf_counter()
        kind = message["type"]
        if kind in ("maps", "maps-changed"):
            headers = message["maps"] if kind == "maps" else message["changed"]
            self.ids.update({Path(header["path"]).name: header["id"] for header in headers})
        elif kind in ("map", "map-changed"):
            state = message if kind == "map" else apply(self.maps[message["map"]], message)
            self.maps[message["map"]] = state
            seen = message["map"], int(state["song"]["end_ms"])
            self.ruled.setdefault(seen, now)
            if state["header"]["state"] == "ready":
                self.judged.setdefault(seen, now)
        self.news.set()

    async def until(self, what: object) -> None:
        async with asyncio.timeout(WAIT_SECONDS):
            while not what():  # type: ignore[operator]
                self.news.clear()
                await self.news.wait()


async def measure(running: Running, maps: list[Map], saves: int, pause: float) -> tuple[list[float], list[float]]:
    """ms from the save to what the rules find, and to what the model finds of it."""
    overlay = Overlay()
    dice = random.Random(7)
    ruled: list[float] = []
    judged: list[float] = []
    async with Talk(running, "overlay", heard=overlay.hear, trusted=False) as talk:
        await overlay.until(lambda: len(overlay.ids) == len(maps))
        for each in maps:
            await talk.ask({"type": "subscribe", "map": overlay.ids[each.path.name]})
        await overlay.until(lambda: len(overlay.judged) == len(maps))
        for number in range(saves):
            chosen = dice.choice(maps)
            began = chosen.save(by_rename=number % 2 == 0)
            key = overlay.ids[chosen.path.name], chosen.mark
            await overlay.until(lambda key=key: key in overlay.ruled)
            ruled.append((overlay.ruled[key] - began) * 1000)
            await overlay.until(lambda key=key: key in overlay.judged)
            judged.append((overlay.judged[key] - began) * 1000)
            await asyncio.sleep(pause * dice.uniform(0.5, 1.5))
    return ruled, judged


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--saves", type=int, default=60, help="how many saves for each size of maps")
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between two saves, on average")
    parser.add_argument("--no-surprisal", action="store_true")
    options = parser.parse_args()
    print("| objects | save to the rules' findings shown | p95 | asked | to the model's findings | p95 |")
    print("|---|---|---|---|---|---|")
    for objects in SIZES:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place).resolve() / "songs"
            maps = make_maps(folder, MAPS, objects)
            with daemon(folder, Path(place) / "state", surprisal=not options.no_surprisal) as (running, _):
                ruled, judged = asyncio.run(measure(running, maps, options.saves, options.pause))
        row = [statistics.median(ruled), quantile(ruled, 0.95), ASKED_MS, statistics.median(judged), quantile(judged, 0.95)]
        said = [f"{value:.0f} ms" for value in row]
        said[2] = f"≤ {said[2]} p95" + ("" if row[1] <= ASKED_MS else ": missed")
        print(f"| {objects:,} | {' | '.join(said)} |", flush=True)


if __name__ == "__main__":
    main()

"""How long an editor waits: from the start to the answer to initialize, and from a keystroke to the published findings.

A real server process on stdio and a client of fifty lines. The map is made here: 6,000 lines, 5,000 objects. With a folder
given, the longest maps in it are typed into as well.

    python benchmarks/lsp_latency.py [--keystrokes 200] [FOLDER]
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parent.parent
COMMAND = [sys.executable, "-m", "maimod", "lsp"]
STARTS = 7
OBJECTS = 5_000
LONGEST = 5
# Between two keystrokes lies at least this much, as between those of a quick typist.
TYPING_SECONDS = 0.06
BUDGETS = {"initialize": 600, "median": 50, "p95": 100, "rss": 150, "changes": 100}

Message = dict[str, Any]


class Client:
    """Just enough of the protocol. Messages that nobody waits for are dropped."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT
        )
        self._number = 0

    def send(self, method: str, params: Mapping[str, Any] | None, number: int | None = None) -> None:
        message: Message = {"jsonrpc": "2.0", "method": method, "params": params}
        if number is not None:
            message["id"] = number
        body = json.dumps(message).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def read(self) -> Message:
        assert self.process.stdout is not None
        length = 0
        while line := self.process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        message: Message = json.loads(self.process.stdout.read(length))
        return message

    def ask(self, method: str, params: Mapping[str, Any] | None) -> Any:
        self._number += 1
        self.send(method, params, self._number)
        while (message := self.read()).get("id") != self._number or "method" in message:
            pass
        return message.get("result")

    def published(self, version: int) -> Message:
        """The first publication for a version."""
        while True:
            message = self.read()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"].get("version") == version:
                params: Message = message["params"]
                return params

    def start(self) -> None:
        self.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
        self.send("initialized", {})

    def stop(self) -> None:
        self.ask("shutdown", None)
        self.send("exit", None)
        self.process.wait(10)


class Typist:
    """A map that is open in the editor, and random small edits of it."""

    def __init__(self, client: Client, uri: str, text: str, seed: int = 1) -> None:
        self.client = client
        self.uri = uri
        self.lines = text.splitlines()
        self.version = 1
        self.random = random.Random(seed)  # noqa: S311  no secret
        item = {"uri": uri, "languageId": "osu", "version": 1, "text": text}
        started = time.perf_counter()
        client.send("textDocument/didOpen", {"textDocument": item})
        self.findings = len(client.published(1)["diagnostics"])
        self.first_ms = (time.perf_counter() - started) * 1000

    def change(self, changes: list[Message]) -> float:
        """ms from the change to the findings of its version."""
        self.version += 1
        started = time.perf_counter()
        self.client.send(
            "textDocument/didChange",
            {"textDocument": {"uri": self.uri, "version": self.version}, "contentChanges": changes},
        )
        self.client.published(self.version)
        return (time.perf_counter() - started) * 1000

    def keystroke(self) -> Message:
        """A digit typed or taken away somewhere in the objects and timing lines."""
        number = self.random.randrange(len(self.lines) // 10, len(self.lines))
        line = self.lines[number]
        column = self.random.randrange(len(line) + 1)
        taken = 1 if column < len(line) and line[column].isdigit() and self.random.random() < 0.5 else 0
        typed = "" if taken else str(self.random.randrange(10))
        self.lines[number] = line[:column] + typed + line[column + taken :]
        return _change(number, column, column + taken, typed)

    def many(self, count: int) -> float:
        """As many changes in one notification, as an editor with many cursors sends them."""
        return self.change([_change(number, 0, 0, "1") for number in self.random.sample(range(40, len(self.lines)), count)])


def _change(line: int, start: int, end: int, text: str) -> Message:
    return {"range": {"start": {"line": line, "character": start}, "end": {"line": line, "character": end}}, "text": text}


def synthetic_map(objects: int = OBJECTS, seed: int = 1) -> str:
    """A map as long as a marathon: circles, sliders with one and two slides, a green line every six objects."""
    source = random.Random(seed)  # noqa: S311  no secret
    beat, time_ms = 1000 / 3, 0.0
    greens, notes = [], []
    for number in range(objects):
        x, y, bits = source.randrange(60, 450), source.randrange(60, 330), 4 if number % 8 == 0 else 0
        if number % 4 == 3:
            right = 40 if x < 300 else -40
            curve = f"L|{x + right}:{y},1,90,2|0,0:0|0:0,0:0:0:0:" if number % 3 else f"B|{x + 20}:{y + 30}|{x + right}:{y},2,45"
            notes.append(f"{x},{y},{int(time_ms)},{bits + 2},{source.choice([0, 2, 8])},{curve}")
            time_ms += beat
        else:
            notes.append(f"{x},{y},{int(time_ms)},{bits + 1},{source.choice([0, 2, 4, 8])},0:0:0:0:")
            time_ms += beat / 2
        if number % 6 == 0:
            kiai = number // 600 % 2
            greens.append(f"{int(time_ms)},{source.choice([-100, -90, -120])},4,2,1,{source.choice([50, 60, 70])},0,{kiai}")
    return "\n".join([*_HEAD, *greens, "", "[HitObjects]", *notes, ""])


_HEAD = """osu file format v14

[General]
AudioFilename: audio.mp3
Mode: 0
StackLeniency: 0.7

[Metadata]
Title:Song
Artist:Band
Creator:Mapper
Version:Insane
Tags:rock english

[Difficulty]
HPDrainRate:6
CircleSize:4
OverallDifficulty:8
ApproachRate:9
SliderMultiplier:1.8
SliderTickRate:1

[Events]
0,0,"bg.jpg",0,0

[TimingPoints]
0,333.333333333333,4,2,1,60,1,0""".split("\n")


def starts() -> list[float]:
    """ms from the start of the process to the answer to initialize."""
    times: list[float] = []
    for _ in range(STARTS):
        started = time.perf_counter()
        client = Client()
        client.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
        times.append((time.perf_counter() - started) * 1000)
        client.stop()
    return times


def typing(text: str, uri: str, keystrokes: int) -> str:
    """Types into one map in a fresh server; a line of figures."""
    client = Client()
    client.start()
    typist = Typist(client, uri, text)
    times: list[float] = []
    for _ in range(keystrokes):
        time.sleep(TYPING_SECONDS)
        times.append(typist.change([typist.keystroke()]))
    times.sort()
    thousand = typist.many(min(1000, len(typist.lines) - 40))
    rss = psutil.Process(client.process.pid).memory_info().rss / 2**20
    client.stop()
    return (
        f"{len(typist.lines):6} lines, {typist.findings:4} findings: first {typist.first_ms:4.0f} ms, "
        f"keystroke median {statistics.median(times):4.0f} ms, p95 {times[int(len(times) * 0.95)]:4.0f} ms, max {times[-1]:4.0f} ms, "
        f"1,000 changes {thousand:4.0f} ms, RSS {rss:3.0f} MB"
    )


def longest_maps(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.rglob("*.osu"), key=lambda path: path.stat().st_size, reverse=True)[:LONGEST]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--keystrokes", type=int, default=200)
    asked = parser.parse_args()
    times = starts()
    print(f"start to initialize: median {statistics.median(times):.0f} ms, max {max(times):.0f} ms (budget {BUDGETS['initialize']})")
    print(f"budgets: keystroke median {BUDGETS['median']} ms, p95 {BUDGETS['p95']} ms, RSS {BUDGETS['rss']} MB")
    print("synthetic", typing(synthetic_map(), "untitled:synthetic.osu", asked.keystrokes))
    if asked.folder:
        for path in longest_maps(asked.folder):
            print(path.name[:24].ljust(24), typing(path.read_text("utf-8", "replace"), path.as_uri(), asked.keystrokes))


if __name__ == "__main__":
    main()

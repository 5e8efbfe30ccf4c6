"""How long an editor waits: from the start to the answer to initialize, from a keystroke to the published findings of the rules,
and to those of the surprisal model; and from asking for ten seconds of a map anew to the first progress, to the candidates, and
from a cancel to the end of the work.

A real server process on stdio and a client of seventy lines. The maps are made here: 6,000 lines with 5,000 objects, and one of
1,000 objects. With a folder given, the longest maps in it are typed into as well.

    python benchmarks/lsp_latency.py [--keystrokes 200] [--pauses 30] [--rewrites 15] [--no-surprisal] [FOLDER]
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
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

import psutil

ROOT = Path(__file__).parent.parent
COMMAND = [sys.executable, "-m", "maimod", "lsp"]
STARTS = 7
OBJECTS, FEWER_OBJECTS = 5_000, 1_000
URI = "untitled:synthetic.osu"
LONGEST = 5
# Between two keystrokes lies at least this much, as between those of a quick typist.
TYPING_SECONDS = 0.06
# How often all rules are asked for.
ASKED = 10
# A typist who stops to think now and then: the model is at work when the next key comes.
THINKING_SECONDS = (0.26, 0.9)
# Nothing more is to come of a version when nothing came for so long.
SILENCE_SECONDS = 2.0
# How long the server waits for quiet before it asks the model.
QUIET_MS = 250.0
# Sections that are written anew, and how many candidates of each: as many as editors ask for.
SECTION_MS, CANDIDATES = 10_000, 3
# The same for the hit sounds of a long map, a few times.
SOUNDS, FEW = {"parts": ["additions", "sets", "volumes"]}, 3
# What was called off stands still when it needs no processor for so long; it is looked at so often.
STILL_SECONDS, LOOK_SECONDS = 0.08, 0.01

Message = dict[str, Any]
# A command and its arguments.
Question = tuple[Any, ...]


class Client:
    """Just enough of the protocol. Messages that nobody waits for are dropped; each is kept with the time at which it came."""

    def __init__(self, surprisal: bool = True) -> None:
        self.process = subprocess.Popen(
            COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT
        )
        self._number = 0
        self._surprisal = surprisal
        self._came: Queue[tuple[float, Message]] = Queue()
        Thread(target=self._receive, daemon=True).start()

    def _receive(self) -> None:
        while message := self._next():
            self._came.put((time.perf_counter(), message))

    def send(self, method: str, params: Mapping[str, Any] | None, number: int | None = None) -> None:
        message: Message = {"jsonrpc": "2.0", "method": method, "params": params}
        if number is not None:
            message["id"] = number
        body = json.dumps(message).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def read(self) -> Message:
        return self._came.get(timeout=60)[1]

    def _next(self) -> Message:
        assert self.process.stdout is not None
        length = 0
        while line := self.process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        message: Message = json.loads(self.process.stdout.read(length) or "{}")
        return message

    def ask(self, method: str, params: Mapping[str, Any] | None) -> Any:  # noqa: ANN401
        self._number += 1
        self.send(method, params, self._number)
        while (message := self.read()).get("id") != self._number or "method" in message:
            pass
        return message.get("result")

    def run(self, command: str, *arguments: object) -> int:
        """The number of the question, which is that of its progress too."""
        self._number += 1
        params = {"command": command, "arguments": arguments, "workDoneToken": self._number}
        self.send("workspace/executeCommand", params, self._number)
        return self._number

    def came(self, number: int, *, progress: str = "") -> tuple[float, Message]:
        """When the answer came, or (`progress`) the first news of that kind about the work, and it."""
        while True:
            at, message = self._came.get(timeout=120)
            value = message.get("params", {}).get("value", {}) if message.get("method") == "$/progress" else {}
            if progress and message.get("params", {}).get("token") == number and value.get("kind") == progress:
                return at, value
            if not progress and message.get("id") == number and "method" not in message:
                return at, message

    def published(self, version: int) -> Message:
        """The first publication for a version."""
        while True:
            message = self.read()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"].get("version") == version:
                params: Message = message["params"]
                return params

    def last_published(self, version: int) -> float:
        """When the last publication for a version came, found by waiting for silence."""
        last = time.perf_counter()
        with suppress(Empty):
            while True:
                came, message = self._came.get(timeout=SILENCE_SECONDS)
                if message.get("method") == "textDocument/publishDiagnostics" and message["params"].get("version") == version:
                    last = came
        return last

    def start(self) -> None:
        options = {"surprisal": self._surprisal}
        self.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {}, "initializationOptions": options})
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
        self.random = random.Random(seed)
        item = {"uri": uri, "languageId": "osu", "version": 1, "text": text}
        started = time.perf_counter()
        client.send("textDocument/didOpen", {"textDocument": item})
        self.findings = len(client.published(1)["diagnostics"])
        self.first_ms = (time.perf_counter() - started) * 1000
        self.whole_ms = (client.last_published(1) - started) * 1000

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

    def change_and_ask(self) -> float:
        """ms from a keystroke to the answer of every rule, those included that wait until nobody types."""
        started = time.perf_counter()
        self.change([self.keystroke()])
        self.client.ask("textDocument/diagnostic", {"textDocument": {"uri": self.uri}})
        return (time.perf_counter() - started) * 1000

    def change_and_wait(self) -> float:
        """ms from the end of the quiet after a keystroke to the last that is published of its version, the model's findings."""
        self.change([self.keystroke()])
        quick = time.perf_counter()
        return (self.client.last_published(self.version) - quick) * 1000 - QUIET_MS

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
    """A map as long as a marathon and well made: jumps and stacks of circles, sliders with one and two slides, a green line
    every six objects, everything on the beat."""
    source = random.Random(seed)
    beat, beats, sv = 1000 / 3, 0.0, 1.0
    greens, notes = [], []
    x, y = 256, 192
    for number in range(objects):
        if number % 6 == 0:
            sv = source.choice([1.0, 1.25, 0.8])
            kiai = number // 600 % 2
            greens.append(f"{int(beats * beat)},{-100 / sv:g},4,2,1,{source.choice([50, 60, 70])},0,{kiai}")
        if number % 3:
            x, y = (x + source.choice([-90, 90, 120, -120])) % 400 + 56, (y + source.choice([-70, 70, 100])) % 270 + 57
        bits, time_ms = 4 if number % 8 == 0 else 0, int(beats * beat)
        if number % 4 == 3:
            right, down = 60 if x < 256 else -60, 40 if y < 192 else -40
            curve = f"L|{x + right}:{y + down}" if number % 3 else f"B|{x + right // 2}:{y - down // 4}|{x + right}:{y + down}"
            slides = 2 if number % 5 == 0 else 1
            edges = "|".join(["0", "2", "8"][: slides + 1])
            notes.append(f"{x},{y},{time_ms},{bits + 2},0,{curve},{slides},{90 * sv / slides:g},{edges}")
            beats += 1
        else:
            notes.append(f"{x},{y},{time_ms},{bits + 1},{source.choice([0, 2, 4, 8])},0:0:0:0:")
            beats += 0.5
    return "\n".join([_HEAD, *greens, "", "[HitObjects]", *notes, ""])


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
0,333.333333333333,4,2,1,60,1,0"""


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


def typing(text: str, uri: str, keystrokes: int, pauses: int, surprisal: bool) -> str:
    """Types into one map in a fresh server; lines of figures."""
    client = Client(surprisal)
    client.start()
    typist = Typist(client, uri, text)
    times: list[float] = []
    for _ in range(keystrokes):
        time.sleep(TYPING_SECONDS)
        times.append(typist.change([typist.keystroke()]))
    thoughtful: list[float] = []
    for _ in range(pauses):
        time.sleep(typist.random.uniform(*THINKING_SECONDS))
        thoughtful.append(typist.change([typist.keystroke()]))
    waited = sorted(typist.change_and_wait() for _ in range(pauses // 3))
    every = [typist.change_and_ask() for _ in range(ASKED)]
    thousand = typist.many(min(1000, len(typist.lines) - 40))
    server = psutil.Process(client.process.pid)
    rss, worker = (sum(each.memory_info().rss for each in these) / 2**20 for these in ([server], server.children(recursive=True)))
    client.stop()
    return "\n".join(
        (
            f"  {len(typist.lines)} lines, {typist.findings} findings, first answer {typist.first_ms:.0f} ms, "
            f"last {typist.whole_ms:.0f} ms, RSS {rss + worker:.0f} MB (server {rss:.0f}, worker {worker:.0f})",
            f"  keystroke: {_spread(times)}",
            f"  keystroke after a pause, the model at work: {_spread(thoughtful)}",
            f"  the model's findings, after the quiet: {_spread(waited)}",
            f"  every rule, on request after a keystroke: median {statistics.median(every):.0f} ms",
            f"  1,000 changes in one notification: {thousand:.0f} ms",
        )
    )


def sections(text: str, count: int) -> list[Question]:
    """Questions for so many sections all over a map."""
    last = max(int(line.split(",")[2]) for line in text.partition("[HitObjects]\n")[2].splitlines())
    starts = [SECTION_MS + each * (last - 3 * SECTION_MS) / count for each in range(count)]
    return [
        ("maimod.regenerate", URI, {"start": start, "end": start + SECTION_MS}, {"count": CANDIDATES, "seed": number})
        for number, start in enumerate(starts)
    ]


def rewriting(text: str, questions: list[Question]) -> str:
    """The answers to the questions, each then asked again and called off, in a fresh server whose writer is there; lines of
    figures."""
    client = Client(surprisal=False)
    client.start()
    Typist(client, URI, text)
    client.came(client.run(*questions[0]))
    first: list[float] = []
    done: list[float] = []
    for question in questions:
        begun = time.perf_counter()
        number = client.run(*question)
        first.append((client.came(number, progress="begin")[0] - begun) * 1000)
        done.append((client.came(number)[0] - begun) * 1000)
    answered: list[float] = []
    stopped: list[float] = []
    killed = 0
    for question in questions:
        number = client.run(*question)
        client.came(number, progress="begin")
        (writer,) = psutil.Process(client.process.pid).children()
        begun = time.perf_counter()
        client.send("$/cancelRequest", {"id": number})
        stopped.append((_still(writer) - begun) * 1000)
        answered.append((client.came(number)[0] - begun) * 1000)
        killed += not writer.is_running()
    client.stop()
    return "\n".join(
        (
            f"  asked to first progress: {_spread(first)}",
            f"  asked to the answer: {_spread(done)}",
            f"  cancel to its answer: {_spread(answered)}",
            f"  cancel to the end of the work: {_spread(stopped)}; {killed} of {len(questions)} writers were killed for it",
        )
    )


def _still(process: psutil.Process) -> float:
    """When the process last needed the processor, as soon as it is gone or has needed none for a while."""
    used, since = -1.0, time.perf_counter()
    with suppress(psutil.NoSuchProcess):
        while time.perf_counter() - since < STILL_SECONDS and process.status() != psutil.STATUS_ZOMBIE:
            spent = process.cpu_times()
            if spent.user + spent.system > used:
                used, since = spent.user + spent.system, time.perf_counter()
            time.sleep(LOOK_SECONDS)
    return since


def _spread(times: list[float]) -> str:
    ordered = sorted(times)
    return f"median {statistics.median(ordered):.0f} ms, p95 {ordered[len(ordered) * 19 // 20]:.0f}, max {ordered[-1]:.0f}"


def longest_maps(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.rglob("*.osu"), key=lambda path: path.stat().st_size, reverse=True)[:LONGEST]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--keystrokes", type=int, default=200, help="keys typed into each map (200)")
    parser.add_argument("--pauses", type=int, default=30, help="keys typed after a pause (30)")
    parser.add_argument("--rewrites", type=int, default=15, help="sections that are written anew, and called off (15; 0: none)")
    parser.add_argument("--no-surprisal", dest="surprisal", action="store_false", help="type without the surprisal model")
    asked = parser.parse_args()
    times = starts()
    print(f"start to initialize: median {statistics.median(times):.0f} ms, max {max(times):.0f} ms")
    if asked.rewrites:
        text = synthetic_map(FEWER_OBJECTS)
        print(f"{SECTION_MS / 1000:g} s of {FEWER_OBJECTS:,} objects anew, {CANDIDATES} candidates")
        print(rewriting(text, sections(text, asked.rewrites)))
        print(f"all hit sounds of {OBJECTS:,} objects, whose windows it remembers")
        print(rewriting(synthetic_map(), [("maimod.hitsounds", URI, None, SOUNDS)] * min(asked.rewrites, FEW)))
    how = (asked.keystrokes, asked.pauses, asked.surprisal)
    for objects in (OBJECTS, FEWER_OBJECTS):
        print(f"synthetic map, {objects:,} objects", typing(synthetic_map(objects), URI, *how), sep="\n")
    for path in longest_maps(asked.folder) if asked.folder else ():
        print(path.name, typing(path.read_text("utf-8", "replace"), path.as_uri(), *how), sep="\n")


if __name__ == "__main__":
    main()

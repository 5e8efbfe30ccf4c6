"""Sections and hit sounds written anew over the bridge."""

from __future__ import annotations

import asyncio
import os
import signal
import time
import zipfile
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from formats.beatmap import Beatmap
from server.daemon import writer as writer_module
from server.daemon.bridge import Bridge
from server.daemon.engine import Engine
from server.daemon.protocol import frame
from server.daemon.writer import Writer
from tests.builder import osu_text
from tests.generation import maps
from tests.server.daemon import served, writing
from tests.server.daemon.served import Client, Json, check_schema, run, serving
from tests.server.maps import put

NAME = "a.osu"
# What the first kind of a mode that may be asked for is drawn as.
OF_KIND = {"taiko": "don", "catch": "fruit", "mania": "note"}
SECTION: Json = {"start_ms": 9000, "end_ms": 15000}
# What is called off is over by then, whatever it does.
CALLED_OFF_SECONDS = 0.2
MOST_OF_A_FRAME = 1_000_000
# A busy machine takes longer to say so.
SLACK = 10.0


@pytest.fixture(autouse=True)
def _small_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "write", writing.write)
    # Notes take longer than answers, most of all on a busy machine.
    monkeypatch.setattr(served, "WAIT", 180.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = Path(os.path.realpath(tmp_path)) / "songs"
    put(path / "set", NAME, osu())
    return path


def osu(family: str = "osu", tags: str = "", extra: str = "") -> str:
    text = maps.osu(family, 120, 1, extra)
    return text.replace("AudioFilename: audio.mp3\n", "").replace("Version:Hard\n", f"Version:Hard\nTags:{tags}\n")


@asynccontextmanager
async def two(folder: Path, *, edits: bool = False) -> AsyncGenerator[tuple[Engine, Bridge, Client, str]]:
    """The daemon, its client, and the id of the map."""
    async with serving(folder, edits=edits) as (engine, bridge), Client(bridge) as client:
        yield engine, bridge, client, await client.follow(NAME)


async def begun(client: Client, map_id: str, number: int | str = "job") -> None:
    """Asks, and returns when it has been told that it began."""
    await client.send({"type": "regenerate", "id": number, "map": map_id, **SECTION})
    await client.hears(lambda each: each["type"] == "progress" and each["request"] == number)


async def answer_to(client: Client, number: int | str | None) -> Json:
    return await client.hears(lambda each: each["type"] == "reply" and each["id"] == number)


def test_a_section_is_written_shown_and_applied(folder: Path) -> None:
    async def scenario() -> None:
        async with two(folder, edits=True) as (_, _, client, map_id):
            path = folder / "set" / NAME
            before = path.read_bytes()
            found = await client.gets({"type": "regenerate", "map": map_id, **SECTION, "count": 2, "seed": 5, "density": "own"})
            check_schema("rewriting", found)
            assert path.read_bytes() == before
            assert [each["candidate"] for each in found["proposals"]] == [1, 2]
            first = found["proposals"][0]
            look = first["look"]
            assert look["shape"] == "playfield"
            for part in ("before", "after"):
                assert look[part]
                assert all(9000 <= note["time_ms"] < 15_000 for note in look[part])
            assert any(note["time_ms"] >= 15_000 for note in look["stays"])
            assert first["before"]["notes"] == sum(9000 <= each.time < 15_000 for each in Beatmap.from_bytes(before).hit_objects)
            assert first["command"].startswith(
                "maimod regenerate set/a.osu --start=9000 --end=15000 --seed 5 --candidates 2 --choose 1 --density=own"
            )
            done = await client.gets({"type": "apply", "proposal": first["proposal"]})
            assert done["by"] == "daemon"
            after = path.read_bytes()
            assert "maimod" in Beatmap.from_bytes(after).tags
            assert (folder / "set" / f"{NAME}.bak").read_bytes() == before
            kept = [line for line in before.splitlines() if _time(line) is not None and not 9000 <= (_time(line) or 0) < 15_000]
            assert [
                line for line in after.splitlines() if _time(line) is not None and not 9000 <= (_time(line) or 0) < 15_000
            ] == kept
            assert await client.refused({"type": "apply", "proposal": found["proposals"][1]["proposal"]}) == "changed"
            assert path.read_bytes() == after

    run(scenario())


def _time(line: bytes) -> int | None:
    """ms of a hit object."""
    parts = line.split(b",")
    return int(parts[2]) if len(parts) >= 5 and parts[0].isdigit() and b"-" not in parts[1] and len(parts[2]) >= 4 else None


@pytest.mark.parametrize(("family", "shape"), [("taiko", "drums"), ("catch", "fruits"), ("mania", "lanes")])
def test_every_mode_is_written_and_can_be_drawn(folder: Path, family: str, shape: str) -> None:
    put(folder / "set", NAME, osu(family))

    async def scenario() -> None:
        async with two(folder) as (_, _, client, map_id):
            song = client.maps[map_id]["song"]
            kinds, lanes = song["kinds"][:1], [each["lane"] for each in song["lanes"][:2]]
            assert ([each["name"] for each in song["lanes"]] == ["1", "2", "3", "4"]) is (family == "mania")
            found = await client.gets(
                {"type": "regenerate", "map": map_id, **SECTION, "count": 1, "kinds": kinds, "lanes": lanes}
            )
            check_schema("rewriting", found)
            look = found["proposals"][0]["look"]
            assert look["shape"] == shape
            assert {note["kind"] for note in look["after"]} == {OF_KIND[family]}
            assert lanes == [] or {note["lane"] for note in look["after"]} <= {*lanes}

    run(scenario())


def test_a_track_of_a_chart_is_written(folder: Path) -> None:
    put(folder / "chart", "notes.chart", maps.chart("frets", 120, 1))

    async def scenario() -> None:
        async with serving(folder) as (_, bridge), Client(bridge) as client:
            map_id = await client.follow("notes.chart")
            (track,) = client.maps[map_id]["song"]["tracks"]
            assert track["name"] == "ExpertSingle"
            lanes = [each["lane"] for each in track["lanes"] if each["name"] in ("green", "red")]
            asked = {"type": "regenerate", "map": map_id, **SECTION, "count": 1, "track": "ExpertSingle"}
            found = await client.gets({**asked, "lanes": lanes})
            check_schema("rewriting", found)
            look = found["proposals"][0]["look"]
            assert look["lanes"][0]["name"] == "green"
            assert {note["lane"] for note in look["after"]} <= {0, 1}

    run(scenario())


def test_what_is_kept_stays(folder: Path) -> None:
    async def scenario() -> None:
        async with two(folder) as (_, _, client, map_id):
            keep = ["rhythm", "positions", "hitsounds"]
            found = await client.gets(
                {"type": "regenerate", "map": map_id, **SECTION, "count": 4, "keep": keep, "temperature": 3}
            )
            for each in found["proposals"]:
                before, after = each["look"]["before"], each["look"]["after"]
                assert [(note["time_ms"], note["x"]) for note in before] == [(note["time_ms"], note["x"]) for note in after]
                assert all(one["new_combo"] is not other["new_combo"] for one, other in zip(before, after, strict=True))

    run(scenario())


def test_hit_sounds_are_written(folder: Path) -> None:
    async def scenario() -> None:
        async with two(folder, edits=True) as (_, _, client, map_id):
            found = await client.gets({"type": "hitsounds", "map": map_id, **SECTION, "share": 0.8, "seed": 3})
            check_schema("rewriting", found)
            (only,) = found["proposals"]
            assert only["before"] is only["after"] is None
            assert only["command"].startswith("maimod hitsounds set/a.osu --start=9000 --end=15000")
            assert any(note["flags"] for note in only["look"]["after"])
            places = [(each.time, each.x, each.y) for each in _objects(folder)]
            await client.gets({"type": "apply", "proposal": only["proposal"]})
            assert [(each.time, each.x, each.y) for each in _objects(folder)] == places
            whole = await client.gets(
                {"type": "hitsounds", "map": map_id, "volumes": True, "sets": True, "share": 0.9, "seed": 4}
            )
            check_schema("rewriting", whole)

    run(scenario())


def test_of_a_long_change_the_beginning_is_shown_and_all_is_applied(folder: Path) -> None:
    # Crooked sliders, which take the most to be drawn.
    body = "B|300:20|10:200|400:300|60:60|200:380"
    notes = [f"{20 + at % 450},{30 + at % 300},{1000 + 200 * at},2,0,{body},1,60,0|0,0:0|0:0,0:0:0:0:" for at in range(1500)]
    put(folder / "set", NAME, osu_text(notes))

    async def scenario() -> None:
        async with two(folder, edits=True) as (_, _, client, map_id):
            path = folder / "set" / NAME
            before = path.read_bytes()
            found = await client.gets({"type": "hitsounds", "map": map_id, "share": 1})
            check_schema("rewriting", found)
            assert len(frame(found)) < MOST_OF_A_FRAME
            (only,) = found["proposals"]
            assert only["look"]["until_ms"] < found["end_ms"] and only["look"]["after"]
            assert only["look"]["more_notes"] + len(only["look"]["after"]) + len(only["look"]["stays"]) == len(notes)
            shown = sum(len(hunk[part]) for hunk in only["hunks"] for part in ("before", "after"))
            assert 100 < shown < only["more_lines"]
            assert sum(line[:1] in "+-" and line[:3] not in ("+++", "---") for line in only["diff"].splitlines()) == shown
            await client.gets({"type": "apply", "proposal": only["proposal"]})
            old, new = (Counter(each.splitlines()) for each in (before, path.read_bytes()))
            assert ((old - new) + (new - old)).total() == shown + only["more_lines"]
            section = {"start_ms": 10_000, "end_ms": 40_000}
            asked = {"type": "regenerate", "map": map_id, **section, "count": 5, "keep": ["rhythm", "positions", "hitsounds"]}
            many = await client.gets(asked)
            check_schema("rewriting", many)
            assert len(many["proposals"]) > 3
            assert len(frame(many)) < MOST_OF_A_FRAME

    run(scenario())


def _objects(folder: Path) -> Any:  # noqa: ANN401  as the beatmap has them
    return Beatmap.from_bytes((folder / "set" / NAME).read_bytes()).hit_objects


def test_progress_is_told_to_who_asked_and_never_falls(folder: Path) -> None:
    async def scenario() -> None:
        async with two(folder) as (_, bridge, client, map_id), Client(bridge) as other:
            await client.send({"type": "regenerate", "id": "job", "map": map_id, **SECTION, "count": 8})
            assert (await answer_to(client, "job"))["ok"]
            shares = [each["share"] for each in client.heard if each["type"] == "progress"]
            assert shares
            assert shares == sorted(shares)
            assert shares[0] < 1
            assert all(each["request"] == "job" for each in client.heard if each["type"] == "progress")
            await other.gets({"type": "ping"})
            assert not any(each["type"] == "progress" for each in other.heard)

    run(scenario())


@pytest.mark.parametrize("tags", [writing.PATIENT, writing.STUBBORN])
def test_what_is_cancelled_is_over_at_once_and_the_next_is_written(folder: Path, tags: str) -> None:
    put(folder / "set", NAME, osu(tags=tags))

    async def scenario() -> None:
        async with two(folder) as (engine, _, client, map_id):
            await begun(client, map_id)
            at_work = await _at_work(engine)
            if tags == writing.PATIENT:
                # It hears what it is told once it is at it.
                await client.hears(lambda each: each["type"] == "progress" and each["share"] > 0)
            asked = time.monotonic()
            assert (await client.ask({"type": "cancel", "request": "job"}))["ok"]
            reply = await answer_to(client, "job")
            assert reply["error"]["code"] == "cancelled"
            assert time.monotonic() - asked < CALLED_OFF_SECONDS + SLACK
            if tags == writing.STUBBORN:
                await client.sees_soon(lambda: not _lives(at_work))
            put(folder / "set", NAME, osu())
            assert (await client.gets({"type": "regenerate", "map": map_id, **SECTION, "count": 1}))["proposals"]
            if tags == writing.PATIENT:
                assert engine.writer_pid == at_work
            assert not any(each["type"] == "progress" and each["request"] == "job" for each in client.heard[-2:])
            # What is not under way can be cancelled too.
            assert await client.gets({"type": "cancel", "request": "job"}) == {}

    run(scenario())


def test_hit_sounds_of_a_long_map_are_told_of_and_cancelled(folder: Path) -> None:
    put(folder / "set", NAME, maps.osu("osu", 3000, 1))
    asked: Json = {"type": "hitsounds", "sets": True, "volumes": True, "share": 0.8}

    async def scenario() -> None:
        async with two(folder) as (_, _, client, map_id):
            await client.send({**asked, "map": map_id, "id": "job"})
            await client.hears(lambda each: each["type"] == "progress" and 0 < each["share"] < 0.9)
            begun = time.monotonic()
            assert (await client.ask({"type": "cancel", "request": "job"}))["ok"]
            assert (await answer_to(client, "job"))["error"]["code"] == "cancelled"
            assert time.monotonic() - begun < CALLED_OFF_SECONDS + SLACK
            put(folder / "set", NAME, osu())
            await client.send({**asked, "map": map_id, "id": "next"})
            assert (await answer_to(client, "next"))["ok"]
            shares = [each["share"] for each in client.heard if each["type"] == "progress" and each["request"] == "next"]
            assert shares == sorted(shares) and (shares[0], shares[-1]) == (0.0, 1.0) and len(shares) > 2

    run(scenario())


async def _at_work(engine: Engine) -> int:
    """The writer's process, once it is there."""
    for _ in range(2000):
        if engine.writer_pid is not None:
            return engine.writer_pid
        await asyncio.sleep(0.05)
    raise AssertionError("no writer was started")


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def test_one_at_a_time_for_each_client_and_checks_go_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.daemon.writer.MOST_WAITING", 2)
    put(folder / "set", NAME, osu(tags=writing.PATIENT))
    put(folder / "set", "b.osu", osu())

    async def scenario() -> None:
        async with two(folder) as (_, bridge, client, map_id), Client(bridge) as second, Client(bridge) as third:
            await begun(client, map_id)
            assert await client.refused({"type": "regenerate", "map": map_id, **SECTION}) == "too-many"
            assert await client.refused({"type": "hitsounds", "map": map_id}) == "too-many"
            other = await second.named("b.osu")
            await second.send({"type": "regenerate", "id": 7, "map": other, **SECTION, "count": 1})
            await second.hears(lambda each: each["type"] == "progress")
            assert await third.refused({"type": "regenerate", "map": other, **SECTION}) == "too-many"
            # The rules speak of a save while something is written.
            put(folder / "set", NAME, osu(tags=writing.PATIENT, extra="100,100,30013,1,0,0:0:0:0:"))
            await client.found_at(map_id, 30_013)
            await client.gets({"type": "cancel", "request": "job"})
            reply = await answer_to(second, 7)
            assert reply["ok"], reply

    run(scenario())


def test_who_goes_takes_what_is_written_for_them(folder: Path) -> None:
    put(folder / "set", NAME, osu(tags=writing.PATIENT))
    put(folder / "set", "b.osu", osu())

    async def scenario() -> None:
        async with serving(folder) as (_, bridge):
            async with Client(bridge) as client:
                await begun(client, await client.follow(NAME))
            async with Client(bridge) as other:
                assert (await other.gets({"type": "regenerate", "map": await other.follow("b.osu"), **SECTION}))["proposals"]

    run(scenario())


def test_a_writer_that_dies_is_told_of_and_the_next_one_writes(folder: Path) -> None:
    put(folder / "set", NAME, osu(tags=writing.DEADLY))

    async def scenario() -> None:
        async with two(folder) as (engine, _, client, map_id):
            reply = await client.ask({"type": "regenerate", "map": map_id, **SECTION})
            assert reply["error"]["code"] == "failed"
            assert "The process that writes notes died" in reply["error"]["message"]
            put(folder / "set", NAME, osu(tags=writing.PATIENT))
            await begun(client, map_id)
            os.kill(await _at_work(engine), signal.SIGKILL)
            assert (await answer_to(client, "job"))["error"]["code"] == "failed"
            put(folder / "set", NAME, osu())
            assert (await client.gets({"type": "regenerate", "map": map_id, **SECTION, "count": 1}))["proposals"]

    run(scenario())


def test_the_writer_ends_when_nobody_asks_and_is_back_when_somebody_does(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.daemon.engine.Writer", lambda: Writer(idle_seconds=0.2))

    async def scenario() -> None:
        async with two(folder) as (engine, _, client, map_id):
            assert engine.writer_pid is None
            for _ in range(2):
                await client.gets({"type": "regenerate", "map": map_id, **SECTION, "count": 1})
                await client.sees_soon(lambda: engine.writer_pid is None)

    run(scenario())


def test_nothing_is_applied_without_leave(folder: Path) -> None:
    async def scenario() -> None:
        async with two(folder) as (_, _, client, map_id):
            before = (folder / "set" / NAME).read_bytes()
            found = await client.gets({"type": "regenerate", "map": map_id, **SECTION, "count": 1})
            assert await client.refused({"type": "apply", "proposal": found["proposals"][0]["proposal"]}) == "not-allowed"
            assert (folder / "set" / NAME).read_bytes() == before
            assert [each.name for each in (folder / "set").iterdir()] == [NAME]

    run(scenario())


def test_an_editor_makes_the_change_in_one_edit_for_what_it_has_open(folder: Path) -> None:
    async def scenario() -> None:
        async with two(folder, edits=True) as (_, bridge, client, map_id):
            path = str(folder / "set" / NAME)
            typed = osu(extra="100,100,12013,1,0,0:0:0:0:")
            async with Client(bridge, trusted=True, name="editor", applies=True) as editor:
                await editor.gets({"type": "text", "path": path, "version": 3, "text": typed})
                found = await client.gets({"type": "regenerate", "map": map_id, **SECTION, "count": 2})
                first, second = found["proposals"]
                asking = asyncio.create_task(client.ask({"type": "apply", "proposal": first["proposal"]}))
                edit = await editor.hears(lambda each: each["type"] == "edit")
                assert (edit["path"], edit["version"]) == (path, 3)
                text = _edited(typed, edit["edits"])
                assert "12013" not in text
                await editor.gets({"type": "edited", "proposal": edit["proposal"], "ok": True})
                assert (await asking)["result"]["by"] == "editor"
                assert (folder / "set" / NAME).read_text(encoding="utf-8") == osu()
                await editor.gets({"type": "text", "path": path, "version": 4, "text": text})
                assert await client.refused({"type": "apply", "proposal": second["proposal"]}) == "changed"

    run(scenario())


def _edited(text: str, edits: list[Json]) -> str:
    """The text after edits by line and column, as an editor makes them (the maps are ASCII)."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for edit in reversed(edits):
        start, end = (starts[int(edit[side]["line"])] + int(edit[side]["character"]) for side in ("start", "end"))
        text = text[:start] + edit["text"] + text[end:]
    return text


def test_what_cannot_be_written_is_told_in_a_sentence(folder: Path) -> None:
    put(folder / "set", "untimed.osu", osu().replace("0,500,4,1,0,100,1,0\n", ""))
    with zipfile.ZipFile(folder / "packed.tmp", "w") as archive:
        archive.writestr("p.osu", osu())
    (folder / "packed.tmp").replace(folder / "packed.osz")

    async def scenario() -> None:
        async with two(folder) as (_, _, client, map_id):
            empty = await client.ask({"type": "regenerate", "map": map_id, "start_ms": 9010, "end_ms": 9060})
            assert empty["error"]["code"] == "not-written"
            assert empty["error"]["message"].endswith(".")
            untimed = await client.ask({"type": "regenerate", "map": await client.named("untimed.osu"), **SECTION})
            assert "red line" in untimed["error"]["message"]
            packed = await client.named("packed.osz/p.osu")
            assert await client.refused({"type": "regenerate", "map": packed, **SECTION}) == "read-only"
            assert await client.refused({"type": "regenerate", "map": "0" * 12, **SECTION}) == "no-such-map"

    run(scenario())


BAD: list[Json] = [
    {"start_ms": None},
    {"start_ms": "9000"},
    {"start_ms": True},
    {"start_ms": 15_000, "end_ms": 9000},
    {"end_ms": 9000},
    {"start_ms": -1e9},
    {"end_ms": 1e12},
    {"end_ms": 10**400},
    {"end_ms": 9000 + 600_001},
    {"count": 0},
    {"count": 9},
    {"count": 1.5},
    {"count": True},
    {"count": 10**300},
    {"seed": -1},
    {"seed": 2**40},
    {"temperature": 0},
    {"temperature": 1e308},
    {"density": 1e9},
    {"density": "2"},
    {"density": ["own"]},
    {"keep": ["everything"]},
    {"keep": [{}]},
    {"lanes": [18]},
    {"lanes": [-1]},
    {"lanes": [True]},
    {"kinds": ["../x"]},
    {"kinds": [["circle"]]},
    {"add": 1},
    {"end_ms": None},
    {"track": 5},
    {"track": "x" * 33},
    {"id": None},
]


def test_what_is_out_of_range_is_refused_before_anything_is_started(folder: Path) -> None:
    async def scenario() -> None:
        async with two(folder) as (engine, _, client, map_id):
            for bad in BAD:
                asked: Json = {"type": "regenerate", "id": "bad", "map": map_id, **SECTION, **bad}
                await client.send(asked)
                reply = await answer_to(client, asked["id"])
                assert reply["error"]["code"] == "malformed", bad
            for bad in ({"share": 0}, {"share": 2}, {"seed": -1}, {"temperature": 9}, {"start_ms": 5}, {"end_ms": 5}):
                assert await client.refused({"type": "hitsounds", "map": map_id, **bad}) == "malformed", bad
            requests: list[object] = [None, 1.5, True, [], {}]
            for request in requests:
                assert await client.refused({"type": "cancel", "request": request}) == "malformed"
            assert engine.writer_pid is None

    run(scenario())


def test_a_long_section_is_drawn_as_far_as_it_can_be(folder: Path) -> None:
    put(folder / "set", NAME, maps.osu("osu", 480, 1).replace("AudioFilename: audio.mp3\n", ""))

    async def scenario() -> None:
        async with two(folder) as (_, _, client, map_id):
            keep = ["rhythm", "hitsounds", "combos"]
            asked = {"type": "regenerate", "map": map_id, "start_ms": 2000, "end_ms": 300_000, "count": 1, "keep": keep}
            found = await client.gets(asked)
            check_schema("rewriting", found)
            look = found["proposals"][0]["look"]
            assert len(look["before"]) <= 400
            assert len(look["after"]) <= 400
            assert look["until_ms"] < 300_000
            assert all(note["time_ms"] <= look["until_ms"] for note in (*look["before"], *look["after"]))

    run(scenario())

"""Other programs find the daemon, start one, and keep it informed over its comings and goings."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from server.daemon import client as module
from server.daemon import state_file
from server.daemon.client import Forwarding, NotStarted, Refusal, Talk, find_running, start_in_background
from server.daemon.serving import CannotServe, Taken, Wanted, serve
from server.daemon.state_file import Running
from tests.server.daemon import songs
from tests.server.daemon.served import Client, run, serving
from tests.server.daemon.songs import HARD, SNAPPED

RULE = "object-unsnapped"
Json = dict[str, Any]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.1)


def announce(port: int) -> Running:
    """The state file of the daemon in this process."""
    from tests.server.daemon.served import KEY, TOKEN

    running = Running(os.getpid(), port, TOKEN, KEY, "test", f"http://127.0.0.1:{port}/?token={TOKEN}")
    state_file.write(running)
    return running


def test_a_daemon_starts_in_the_background_takes_folders_and_stops(folder: Path, tmp_path: Path) -> None:
    (folder / "maimod.toml").write_text("surprisal = false\n", encoding="utf-8")
    running = start_in_background([str(folder)], "--port", "0")
    try:
        assert find_running() == running
        other = songs.songs(tmp_path / "more")
        assert start_in_background([str(other)]) == running

        async def ask() -> None:
            heard: list[Json] = []
            async with Talk(running, heard=heard.append) as talk:
                with pytest.raises(Refusal) as refused:
                    await talk.ask({"type": "subscribe", "map": "0" * 12})
                assert refused.value.code == "no-such-map"
                answer = await talk.ask({"type": "watch", "folders": [str(other), "/nowhere"]})
                assert answer["watched"] == [str(other.resolve())]
                assert answer["refused"][0]["path"] == "/nowhere"
                assert any(each["type"] == "welcome" for each in heard)

        asyncio.run(ask())
    finally:

        async def stop() -> None:
            async with Talk(running) as talk:
                await talk.send({"type": "stop"})
                await talk.ended()

        asyncio.run(stop())
    assert find_running() is None


def test_a_daemon_that_cannot_start_says_where_to_look(folder: Path) -> None:
    with pytest.raises(NotStarted) as trouble:
        start_in_background([str(folder)], "--port", "nonsense", wait_seconds=10)
    assert state_file.LOG_NAME in str(trouble.value)


def test_one_that_is_idle_ends_by_itself(folder: Path) -> None:
    async def scenario() -> None:
        ready: list[Running] = []
        wanted = Wanted([str(folder)], port=0, idle_minutes=0.01)
        async with asyncio.timeout(20):
            await serve(wanted, lambda running, _: ready.append(running), lambda _: None)
        assert len(ready) == 1
        assert state_file.read() is None

    run(scenario())


def test_a_second_one_is_not_started_and_a_taken_port_is_told(folder: Path) -> None:
    async def scenario() -> None:
        ready = asyncio.Event()
        found: list[Running] = []

        def begun(running: Running, _: list[str]) -> None:
            found.append(running)
            ready.set()

        first = asyncio.create_task(serve(Wanted([str(folder)], port=0), begun, lambda _: None))
        await ready.wait()
        with pytest.raises(Taken):
            await serve(Wanted([str(folder)]), begun, lambda _: None)
        os.environ[state_file.STATE_FOLDER] += "2"
        with pytest.raises(CannotServe) as trouble:
            await serve(Wanted([str(folder)], port=found[0].port), begun, lambda _: None)
        assert str(found[0].port) in str(trouble.value)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)

    run(scenario())


def test_an_editor_is_forwarded_to_whatever_daemon_runs(folder: Path) -> None:
    async def scenario() -> None:
        path = str(folder / "set" / HARD)
        edits: list[Json] = []

        async def edit(message: Json) -> bool:
            edits.append(message)
            return True

        forwarding = Forwarding(edit=edit)
        forwarding.opened(path, 1, songs.text(SNAPPED))
        task = asyncio.create_task(forwarding.run())
        for start, typed in ((10, "100,100,1512,1,0"), (40, "100,100,1511,1,0")):
            async with serving(folder, edits=True) as (_, bridge), Client(bridge) as client:
                announce(bridge.port)
                map_id = await client.follow(HARD)
                await client.edited(map_id)
                for number in range(5):
                    forwarding.opened(path, start + number, songs.text("0,0,1507,1,0"))
                forwarding.opened(path, start + 10, songs.text(typed))
                time = int(typed.split(",")[2])
                finding = await client.found_at(map_id, time)
                forwarding.focus(path)
                proposal = await client.gets({"type": "propose", "map": map_id, "finding": finding["key"], "fix": 0})
                assert (await client.gets({"type": "apply", "proposal": proposal["proposal"]}))["by"] == "editor"
                assert edits[-1]["version"] == start + 10
                forwarding.closed(path)
                await client.found_at(map_id, 1513)
                forwarding.opened(path, 30, songs.text(SNAPPED))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert len(edits) == 2

    run(scenario())


def test_who_is_not_let_in_leaves_no_connection_behind(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder) as (_, bridge):
            running = replace(announce(bridge.port), key="0" * 32)
            for _ in range(3):
                with pytest.raises(Refusal):
                    async with Talk(running):
                        pass
            await asyncio.sleep(0.2)
            assert bridge.clients == 0

    run(scenario())


def test_a_daemon_that_says_what_nobody_understands_does_not_end_the_forwarding(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[None] = []

    def found() -> Running:
        tries.append(None)
        raise KeyError("type")

    monkeypatch.setattr(module, "find_running", found)
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)

    async def scenario() -> None:
        task = asyncio.create_task(Forwarding().run())
        await asyncio.sleep(0.3)
        assert not task.done()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    run(scenario())
    assert len(tries) > 1

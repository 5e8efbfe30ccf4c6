"""What goes wrong around the daemon is told once, and nothing is lost."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import signal
import zipfile
from pathlib import Path

import pytest

from server import dismissals
from server.daemon import engine as engine_module
from server.daemon import keeping
from server.daemon.questions import Check, Checked, Judge, Missed
from server.daemon.workers import Worker
from server.reading import MOST_MAP_BYTES
from tests.server.daemon import songs
from tests.server.daemon.served import Client, run, serving
from tests.server.daemon.songs import EASY, HARD, SNAPPED
from tests.server.maps import put

RULE = "object-unsnapped"


def test_a_full_disk_loses_no_dismissal_and_is_told_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "RETRY_SECONDS", 0.1)
    full = True
    tries: list[str] = []

    def add(where: str, entries: object) -> object:
        tries.append(where)
        if full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return dismissals.add(where, entries)  # type: ignore[arg-type]

    class Disk:
        load, remove = staticmethod(dismissals.load), staticmethod(dismissals.remove)

    Disk.add = staticmethod(add)  # type: ignore[attr-defined]
    monkeypatch.setattr(keeping, "dismissals", Disk)

    async def scenario() -> None:
        nonlocal full
        async with serving(folder) as (_, bridge), Client(bridge) as client:
            map_id = await client.follow(HARD)
            finding = client.finding(map_id, RULE)
            assert finding is not None
            said = await client.gets({"type": "dismiss", "map": map_id, "finding": finding["key"]})
            assert said == {"saved": False}
            await client.sees(lambda: (client.finding(map_id, RULE) or {}).get("dismissed"))
            await asyncio.sleep(0.5)
            assert len(tries) > 2
            notices = [each for each in client.heard if each["type"] == "notice"]
            assert len(notices) == 1
            assert "No space left" in notices[0]["message"]
            full = False
            await asyncio.sleep(0.5)
            assert len(dismissals.load(str(folder / "set")).dismissals) == 1
            assert (client.finding(map_id, RULE) or {})["dismissed"]

    run(scenario())


def test_a_worker_that_is_killed_is_started_again_and_that_is_told(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder) as (engine, bridge), Client(bridge) as client:
            map_id = await client.follow(HARD)
            (pid,) = engine.worker_pids
            os.kill(pid, signal.SIGSTOP)
            put(folder / "set", HARD, songs.text(SNAPPED))
            await asyncio.sleep(0.3)
            # It dies in the middle of its work.
            os.kill(pid, signal.SIGKILL)
            await client.sees(lambda: client.finding(map_id, RULE) is None)
            notices = [each["message"] for each in client.heard if each["type"] == "notice"]
            assert len(notices) == 1
            assert "started again" in notices[0]
            assert engine.worker_pids != [pid]

    run(scenario())


def test_a_map_over_which_worker_after_worker_dies_is_given_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deaths = 0
    exchange = Worker._exchange  # pyright: ignore[reportPrivateUsage]

    def dying(worker: Worker, question: object) -> object:
        nonlocal deaths
        if isinstance(question, Check) and question.path.endswith(HARD) and worker.pid is not None:
            deaths += 1
            os.kill(worker.pid, signal.SIGKILL)
        return exchange(worker, question)  # type: ignore[arg-type]

    async def scenario() -> None:
        async with serving(folder) as (_, bridge), Client(bridge) as client:
            await client.follow(HARD)
            monkeypatch.setattr(Worker, "_exchange", dying)
            put(folder / "set", HARD, songs.text(SNAPPED))
            await client.sees(lambda: any(each["state"] == "unreadable" for each in client.headers.values()) or deaths >= 1)
            monkeypatch.setattr(Worker, "_exchange", exchange)
            put(folder / "set", HARD, songs.text(SNAPPED, more=("9,9,2000,1,0",)))
            await client.sees(lambda: all(each["state"] == "ready" for each in client.headers.values()))

    run(scenario())


def test_a_question_without_an_end_is_ended(folder: Path) -> None:
    async def scenario() -> None:
        said: list[str] = []
        worker = Worker("test", said.append, limit_seconds=4.0)
        path = str(folder / "set" / HARD)
        assert isinstance(await worker.ask(Check(path)), Checked)
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGSTOP)
        answer = await worker.ask(Check(path))
        assert isinstance(answer, Checked)
        assert len(said) == 1
        worker.stop()
        assert isinstance(await worker.ask(Check(path)), Missed)

    run(scenario())


def test_a_folder_that_vanishes_takes_nothing_with_it(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder) as (_, bridge), Client(bridge) as client:
            map_id = await client.follow(HARD)
            away = folder.parent / "away"
            await asyncio.to_thread(folder.rename, away)
            await client.sees(lambda: client.maps[map_id]["header"]["state"] == "unreadable")
            assert client.maps[map_id]["header"]["reason"].endswith(".")
            put(away / "set", HARD, songs.text(SNAPPED))
            away.rename(folder)
            await client.sees(lambda: client.maps[map_id]["header"]["state"] == "ready" and client.finding(map_id, RULE) is None)
            notices = [each["message"] for each in client.heard if each["type"] == "notice"]
            assert len(notices) == 2
            shutil.rmtree(folder / "set")
            await client.sees(lambda: not client.headers)

    run(scenario())


def test_a_map_that_cannot_be_read_says_why(folder: Path) -> None:
    with (folder / "set" / "big.osu").open("wb") as file:
        file.truncate(MOST_MAP_BYTES + 1)

    async def scenario() -> None:
        async with serving(folder) as (_, bridge), Client(bridge) as client:
            map_id = await client.sees(lambda: client.id_of("big.osu"))
            await client.sees(lambda: client.headers[map_id]["state"] == "unreadable")
            assert client.headers[map_id]["reason"] == "big.osu: is larger than 32 MB, so it is no map."
            put(folder / "set", "big.osu", songs.text(name="Big"))
            await client.sees(lambda: client.headers[map_id]["state"] == "ready")

    run(scenario())


def test_a_file_that_is_no_map_is_shown_with_what_is_wrong(folder: Path) -> None:
    (folder / "set" / "broken.osu").write_bytes(os.urandom(5000))
    (folder / "big.osz").write_bytes(b"PK\x03\x04 no archive")

    async def scenario() -> None:
        async with serving(folder) as (_, bridge), Client(bridge) as client:
            await client.follow("broken.osu")
            await client.follow(HARD)
            notice = await client.hears(lambda each: each["type"] == "notice")
            assert "big.osz" in notice["message"]

    run(scenario())


def test_a_map_of_nothing_and_one_of_very_much_are_served(folder: Path) -> None:
    put(folder / "set2", "empty.osu", "")
    put(
        folder / "set3",
        "huge.osu",
        songs.text(more=tuple(f"{number % 512},100,{2000 + 13 * number},1,0" for number in range(5_000))),
    )

    async def scenario() -> None:
        async with serving(folder) as (_, bridge), Client(bridge, checks=False) as client:
            await client.follow("huge.osu")
            await client.follow("empty.osu")

    run(scenario())


def test_maps_that_were_not_to_be_checked_unasked_and_archives_are_back_with_their_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "MOST_CHECKED", 1)
    with zipfile.ZipFile(folder / "set.osz", "w") as archive:
        archive.writestr(HARD, songs.text())

    async def scenario() -> None:
        async with serving(folder) as (_, bridge), Client(bridge) as client:
            for name in (f"set/{HARD}", f"set/{EASY}", f"set.osz/{HARD}"):
                await client.follow(name)
            away = folder.parent / "away"
            await asyncio.to_thread(folder.rename, away)
            await client.sees(lambda: {each["state"] for each in client.headers.values()} == {"unreadable"})
            await asyncio.to_thread(away.rename, folder)
            await client.sees(lambda: {each["state"] for each in client.headers.values()} == {"ready"})

    run(scenario())


def test_a_change_that_maimod_fails_on_does_not_end_the_watch(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        async with serving(folder) as (engine, bridge), Client(bridge) as client:
            map_id = await client.follow(HARD)
            monkeypatch.setattr(engine, "_map_changed", _fails)
            put(folder / "set", EASY, songs.text(SNAPPED, "Easier"))
            await client.hears(lambda each: each["type"] == "notice" and "please report it" in each["message"])
            monkeypatch.delattr(engine, "_map_changed")
            put(folder / "set", HARD, songs.text(SNAPPED))
            await client.sees(lambda: client.finding(map_id, RULE) is None)

    run(scenario())


def _fails(*_: object) -> None:
    raise ValueError("as a test wants it")


def test_a_text_that_is_taken_back_while_the_model_reads_it_is_ready_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, go_on = asyncio.Event(), asyncio.Event()
    ask = Worker.ask

    async def held(self: Worker, question: object) -> object:
        answer = await ask(self, question)  # type: ignore[arg-type]
        if isinstance(question, Judge) and holding:
            reading.set()
            await go_on.wait()
        return answer

    holding = False
    monkeypatch.setattr(Worker, "ask", held)

    async def scenario() -> None:
        nonlocal holding
        async with serving(folder, model=True) as (_, bridge), Client(bridge) as client:
            map_id = await client.follow(HARD)
            await client.sees(lambda: client.headers[map_id]["state"] == "ready")
            before = (folder / "set" / HARD).read_bytes()
            holding = True
            put(folder / "set", HARD, songs.text(SNAPPED))
            await client.sees(lambda: client.headers[map_id]["state"] == "checking")
            async with asyncio.timeout(20):
                await reading.wait()
            (folder / "set" / HARD).write_bytes(before)
            await client.sees(lambda: client.finding(map_id, RULE) is not None)
            go_on.set()
            await client.sees(lambda: client.headers[map_id]["state"] == "ready")

    run(scenario())

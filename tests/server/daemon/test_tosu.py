"""Following the game through tosu: the map, the playhead, and tosu's comings and goings."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from server.daemon import tosu as module
from server.daemon.bridge import Bridge
from server.daemon.tosu import Tosu
from tests.server.daemon import songs
from tests.server.daemon.served import Client, run, serving
from tests.server.daemon.songs import EASY, HARD

Json = dict[str, Any]


class Game:
    """A tosu that says what a test wants it to."""

    def __init__(self) -> None:
        self.clients: set[ServerConnection] = set()
        self.joined = asyncio.Event()

    async def talk(self, connection: ServerConnection) -> None:
        self.clients.add(connection)
        self.joined.set()
        await connection.wait_closed()
        self.clients.discard(connection)

    async def say(self, message: object) -> None:
        for client in self.clients:
            await client.send(message if isinstance(message, str) else json.dumps(message))


@asynccontextmanager
async def game(port: int = 0) -> AsyncGenerator[tuple[Game, int]]:
    played = Game()
    async with serve(played.talk, "127.0.0.1", port) as server:
        yield played, next(iter(server.sockets)).getsockname()[1]


@asynccontextmanager
async def following(bridge: Bridge, port: int) -> AsyncGenerator[None]:
    task = asyncio.create_task(Tosu(bridge, f"ws://127.0.0.1:{port}/websocket/v2").run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def state(folder: Path, file: str, time: float, number: int = 1, md5: str = "") -> Json:
    return {
        "state": {"number": number, "name": "edit"},
        "beatmap": {"checksum": md5, "time": {"live": time}},
        "folders": {"songs": str(folder)},
        "directPath": {"beatmapFile": file},
    }


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_WAIT", 0.05)
    monkeypatch.setattr(module, "LONGEST_WAIT", 0.2)


def test_the_map_in_the_games_editor_is_followed_with_its_playhead(folder: Path) -> None:
    async def scenario() -> None:
        async with (
            game() as (tosu, port),
            serving(folder, tosu=True) as (_, bridge),
            Client(bridge) as client,
            following(bridge, port),
        ):
            hard, easy = [await client.named(name) for name in (HARD, EASY)]
            await client.gets({"type": "subscribe", "follow": True})
            await tosu.joined.wait()
            await tosu.say(state(folder, f"set\\{HARD}", 61_234.5))
            await client.sees(lambda: hard in client.maps)
            playhead = await client.hears(lambda each: each["type"] == "playhead")
            assert (playhead["map"], playhead["time_ms"]) == (hard, 61_234.5)
            editing = [each for each in client.heard if each["type"] == "editing"]
            assert (editing[-1]["map"], editing[-1]["by"]) == (hard, "game")
            await tosu.say(state(folder, f"set\\{EASY}", 0))
            await client.sees(lambda: easy in client.maps)
            # What another program saves is not what the game shows.
            (folder / "set" / HARD).write_text(songs.text(songs.SNAPPED), encoding="utf-8")
            await client.sees(lambda: client.headers[hard]["counts"]["error"] == client.headers[easy]["counts"]["error"])
            assert client.headers[easy]["editing"]

    run(scenario())


def test_a_map_of_lazer_is_known_by_what_it_holds(folder: Path) -> None:
    import hashlib

    async def scenario() -> None:
        async with (
            game() as (tosu, port),
            serving(folder, tosu=True) as (_, bridge),
            Client(bridge) as client,
            following(bridge, port),
        ):
            map_id = await client.follow(HARD)
            md5 = hashlib.md5((folder / "set" / HARD).read_bytes(), usedforsecurity=False).hexdigest()
            await tosu.joined.wait()
            await tosu.say(state(Path("/home/me/.local/share/osu/files"), "a/ab/abcdef", 5, md5=md5))
            await client.sees(lambda: client.headers[map_id]["editing"])

    run(scenario())


def test_a_set_that_is_not_watched_is_while_the_game_shows_it(folder: Path, tmp_path: Path) -> None:
    other = songs.songs(tmp_path / "other")
    (other / "maimod.toml").write_text("surprisal = false\n", encoding="utf-8")

    async def scenario() -> None:
        async with (
            game() as (tosu, port),
            serving(tosu=True) as (engine, bridge),
            Client(bridge) as client,
            following(bridge, port),
        ):
            await tosu.joined.wait()
            await client.gets({"type": "subscribe", "follow": True})
            for _ in range(3):
                await tosu.say(state(other, f"set/{HARD}", 5))
            await client.sees(lambda: len(client.headers) == 2)
            await tosu.say(state(other, f"set/{HARD}", 900))
            map_id = await client.sees(lambda: client.id_of(HARD))
            await client.sees(lambda: map_id in client.maps)
            for _ in range(3):
                await tosu.say(state(folder, f"set/{EASY}", 5))
            await client.sees(lambda: map_id not in client.headers)
            assert engine.watcher.roots == [str(folder / "set")]

    run(scenario())


@pytest.mark.parametrize("file", ["../../etc/passwd", "/etc/x.osu", "..\\..\\x.osu"])
def test_a_path_out_of_the_songs_folder_is_none(folder: Path, file: str) -> None:
    async def scenario() -> None:
        async with serving(tosu=True) as (engine, bridge):
            Tosu(bridge).hear(json.dumps(state(folder, file, 5)))
            assert engine.watcher.roots == []

    run(scenario())


@pytest.mark.parametrize(
    "said", ["", "{", "[]", "null", "{}", '{"state": 1}', '{"state": {"number": 1}, "beatmap": [], "folders": 1}', "[" * 100_000]
)
def test_what_makes_no_sense_is_left_out(folder: Path, said: str) -> None:
    async def scenario() -> None:
        async with serving(folder, tosu=True) as (engine, bridge):
            Tosu(bridge).hear(said)
            assert engine.current is None

    run(scenario())


def test_tosu_may_come_late_go_and_come_again(folder: Path) -> None:
    async def scenario() -> None:
        async with game() as (_, port):
            pass
        async with serving(folder, tosu=True) as (engine, bridge), Client(bridge) as client, following(bridge, port):
            first = await client.hears(lambda each: each["type"] == "notice")
            assert "does not answer" in first["message"]
            for name in (HARD, EASY):
                async with game(port) as (tosu, _):
                    await asyncio.wait_for(tosu.joined.wait(), 10)
                    map_id = await client.named(name)
                    await tosu.say(state(folder, f"set/{name}", 5))
                    await client.edited(map_id)
            # The game is gone, so a save says what is edited.
            (folder / "set" / HARD).write_text(songs.text(songs.SNAPPED), encoding="utf-8")
            hard = await client.sees(lambda: client.id_of(HARD))
            await client.sees(lambda: client.headers[hard]["editing"])
            assert engine.current_by == "save"

    run(scenario())


def test_what_is_no_path_is_left_out_and_what_follows_is_not(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder, tosu=True) as (engine, bridge), Client(bridge) as client:
            map_id = await client.named(HARD)
            tosu = Tosu(bridge)
            tosu.hear(json.dumps(state(folder, "set/no\0path.osu", 5)))
            assert engine.current is None
            tosu.hear(json.dumps(state(folder, f"set/{HARD}", 5)))
            assert engine.current == map_id

    run(scenario())


def test_a_set_that_somebody_else_wants_too_is_watched_when_the_game_leaves_it(folder: Path, tmp_path: Path) -> None:
    asked, opened = songs.songs(tmp_path / "asked"), songs.songs(tmp_path / "opened")

    async def scenario() -> None:
        async with serving(tosu=True) as (engine, bridge), Client(bridge, trusted=True, name="editor") as editor:
            tosu = Tosu(bridge)
            tosu.hear(json.dumps(state(asked, f"set/{HARD}", 5)))
            assert (await editor.gets({"type": "watch", "folders": [str(asked / "set")]}))["refused"] == []
            tosu.hear(json.dumps(state(opened, f"set/{HARD}", 5)))
            await editor.gets({"type": "text", "path": str(opened / "set" / HARD), "version": 1, "text": songs.text()})
            tosu.hear(json.dumps(state(folder, f"set/{HARD}", 5)))
            assert engine.watcher.roots == [str((each / "set").resolve()) for each in (asked, opened, folder)]

    run(scenario())

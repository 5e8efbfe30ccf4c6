"""A daemon in this process for tests, and a client that holds every message against the schema."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any, Self, TypeVar

from jsonschema import Draft202012Validator
from websockets.asyncio.client import ClientConnection, connect

from server.daemon import published
from server.daemon.bridge import Bridge, Secrets
from server.daemon.engine import Engine

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "docs/schemas/bridge-v1.json").read_text(encoding="utf-8"))
TOKEN, KEY = "7" * 32, "8" * 32
WAIT = 20.0
NO_MODEL = "surprisal = false\n"

Json = dict[str, Any]
T = TypeVar("T")


@cache
def validator(definition: str) -> Draft202012Validator:
    return Draft202012Validator({**SCHEMA, "oneOf": [{"$ref": f"#/$defs/{definition}"}]})


def check_schema(definition: str, message: object) -> None:
    """Fails with what is wrong with the message."""
    validator(definition).validate(message)  # pyright: ignore[reportUnknownMemberType]


class Client:
    """A client that asks and listens; what it hears is held against the schema, and put together as an overlay does."""

    def __init__(
        self, bridge: Bridge, *, trusted: bool = False, name: str = "overlay", applies: bool = False, checks: bool = True
    ) -> None:
        self._bridge = bridge
        self._checks = checks
        self._hello: Json = {"type": "hello", "version": 1, "client": name}
        if trusted:
            self._hello |= {"key": KEY, "applies": applies}
        self.heard: list[Json] = []
        self.headers: dict[str, Json] = {}
        self.maps: dict[str, Json] = {}
        self._number = 0
        self._new = asyncio.Event()

    async def __aenter__(self) -> Self:
        self.socket: ClientConnection = await connect(
            f"ws://127.0.0.1:{self._bridge.port}/ws?token={TOKEN}", compression=None, proxy=None, max_size=None
        )
        self._hearing = asyncio.create_task(self._hear())
        assert (await self.ask(self._hello))["ok"]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._hearing.cancel()
        await self.socket.close()

    async def _hear(self) -> None:
        try:
            await self._hear_all()
        finally:
            self._new.set()

    async def _hear_all(self) -> None:
        async for frame in self.socket:
            message: Json = json.loads(frame)
            if self._checks:
                check_schema("server", message)
            self._take(message)
            self.heard.append(message)
            self._new.set()

    def _take(self, message: Json) -> None:
        match message["type"]:
            case "maps":
                self.headers = {each["id"]: each for each in message["maps"]}
            case "maps-changed":
                self.headers |= {each["id"]: each for each in message["changed"]}
                for gone in message["removed"]:
                    del self.headers[gone]
            case "map":
                self.maps[message["map"]] = message
            case "map-changed":
                assert self.maps[message["map"]]["revision"] == message["from"]
                self.maps[message["map"]] = published.apply(self.maps[message["map"]], message)
            case "map-removed":
                del self.maps[message["map"]]
            case _:
                pass

    async def send(self, message: Json) -> None:
        await self.socket.send(json.dumps(message))

    async def ask(self, message: Json) -> Json:
        """The reply."""
        self._number += 1
        await self.send({**message, "id": self._number})
        return await self.hears(lambda each: each["type"] == "reply" and each["id"] == self._number)

    async def gets(self, message: Json) -> Json:
        """The result of what is not refused."""
        reply = await self.ask(message)
        assert reply["ok"], reply
        result: Json = reply["result"]
        return result

    async def refused(self, message: Json) -> str:
        """The code of a refusal."""
        reply = await self.ask(message)
        assert not reply["ok"], reply
        code: str = reply["error"]["code"]
        return code

    async def hears(self, fits: Callable[[Json], bool]) -> Json:
        """The first message that fits, of those heard so far and those to come; it counts as heard no more."""
        return await self.sees(lambda: next((self.heard.pop(at) for at, each in enumerate(self.heard) if fits(each)), None))

    async def sees(self, what: Callable[[], T | None]) -> T:
        """What is so, now or after some message."""
        async with asyncio.timeout(WAIT):
            while True:
                found = what()
                if found is not None and found is not False:
                    return found
                if self._hearing.done():
                    # A message that is not as it should be ended it.
                    self._hearing.result()
                self._new.clear()
                await self._new.wait()

    async def sees_soon(self, what: Callable[[], object]) -> None:
        """The same for what no message tells of."""
        async with asyncio.timeout(WAIT):
            while not what():  # noqa: ASYNC110  nothing tells of it
                await asyncio.sleep(0.02)

    async def follow(self, name: str) -> str:
        """Subscribes to the map whose file is named so, once it is judged; its id."""
        map_id = await self.sees(lambda: self.id_of(name))
        await self.gets({"type": "subscribe", "map": map_id})
        await self.sees(lambda: map_id in self.maps and self.maps[map_id]["header"]["state"] == "ready")
        return map_id

    def id_of(self, name: str) -> str | None:
        return next((each["id"] for each in self.headers.values() if each["path"].endswith(name)), None)

    async def named(self, name: str) -> str:
        """The id of the map whose file is named so, as soon as it is known."""
        return await self.sees(lambda: self.id_of(name))

    async def edited(self, map_id: str) -> None:
        """Waits until the map is the one that is edited."""
        await self.sees(lambda: self.headers[map_id]["editing"])

    async def found_at(self, map_id: str, time_ms: float) -> Json:
        """A finding at that time, as soon as there is one."""
        return await self.sees(lambda: next((each for each in self.findings(map_id) if each["time_ms"] == time_ms), None))

    def findings(self, map_id: str) -> list[Json]:
        found: list[Json] = self.maps[map_id]["findings"] if map_id in self.maps else []
        return found

    def finding(self, map_id: str, name: str) -> Json | None:
        """The first finding of that rule."""
        return next((each for each in self.findings(map_id) if each["name"] == name), None)


@asynccontextmanager
async def serving(
    *folders: Path,
    model: bool = False,
    edits: bool = False,
    **options: Any,  # noqa: ANN401  as the bridge takes them
) -> AsyncGenerator[tuple[Engine, Bridge]]:
    """A daemon that watches the folders. Without `model` by the rules alone."""
    engine = Engine(edits=edits)
    bridge = Bridge(engine, Secrets(TOKEN, KEY, "test"), **options)
    for folder in folders:
        if not model and not (folder / "maimod.toml").exists():
            (folder / "maimod.toml").write_text(NO_MODEL, encoding="utf-8")
        engine.watch(str(folder))
    await bridge.listen(0)
    engine.start()
    try:
        yield engine, bridge
    finally:
        await bridge.close()
        await engine.stop()


def run(scenario: Coroutine[object, object, None]) -> None:
    asyncio.run(scenario)

"""Runs the daemon: one for each user, from its start to the signal that ends it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from secrets import token_hex
from time import monotonic

from server.daemon import state_file
from server.daemon.bridge import DEFAULT_PORT, TOSU_ORIGIN, Bridge, Secrets
from server.daemon.engine import Engine
from server.daemon.game_folders import edited_externally
from server.daemon.state_file import OnlyOne, Running
from server.daemon.tosu import Tosu

# How often lazer's "edit externally" is looked for, and how often whether anybody is there.
LOOK_SECONDS = 1.0
# More processes for the rules than this do not make a set quicker.
MOST_WORKERS = 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """What `maimod serve` was asked for. `port` None: the usual one, or any where that is taken."""

    folders: Sequence[str] = ()
    port: int | None = None
    keep_token: bool = False
    edits: bool = False
    poll_seconds: float | None = None
    origins: Sequence[str] = ()
    tosu: str | None = None
    lazer: bool = False
    idle_minutes: float | None = None


class Taken(Exception):
    """Another daemon of this user runs already."""


class CannotServe(Exception):
    """The daemon cannot start. The message is a sentence."""


async def serve(wanted: Wanted, ready: Callable[[Running, list[str]], object], say: Callable[[str], object]) -> None:
    """Serves until it is told to stop. `ready` hears where, and what folders were refused with a sentence each.

    Raises `Taken`, `CannotServe`.
    """
    lock = OnlyOne()
    try:
        if not lock.take():
            raise Taken
    except OSError as trouble:
        raise CannotServe(f"there is no place for the daemon's state ({trouble})") from None
    try:
        await _serve(wanted, ready, say)
    finally:
        lock.release()


async def _serve(wanted: Wanted, ready: Callable[[Running, list[str]], object], say: Callable[[str], object]) -> None:
    engine = Engine(edits=wanted.edits, poll_seconds=wanted.poll_seconds, rule_workers=_workers())
    origins = {*wanted.origins, *([TOSU_ORIGIN] if wanted.tosu else [])}
    secrets = Secrets(_token(wanted.keep_token), token_hex(16), token_hex(8))
    stopping = asyncio.Event()
    bridge = Bridge(engine, secrets, frozenset(origins), tosu=wanted.tosu is not None, stop=stopping.set)
    await _listen(bridge, wanted.port)
    tell_clients = engine.say

    def tell(level: str, sentence: str) -> None:
        tell_clients(level, sentence)
        say(sentence)

    engine.say = tell
    running = Running(os.getpid(), bridge.port, secrets.token, secrets.key, secrets.instance, bridge.url, edits=wanted.edits)
    beside: list[asyncio.Task[None]] = []
    try:
        _on_signals(stopping)
        refused = _watch(engine, wanted.folders)
        engine.start()
        state_file.write(running)
        ready(running, refused)
        begin = asyncio.get_running_loop().create_task
        if wanted.tosu is not None:
            beside.append(begin(Tosu(bridge, wanted.tosu).run()))
        if wanted.lazer:
            beside.append(begin(_follow_lazer(engine)))
        if wanted.idle_minutes is not None:
            beside.append(begin(_stop_when_idle(bridge, wanted.idle_minutes, stopping)))
        await stopping.wait()
    except OSError as trouble:
        raise CannotServe(f"the daemon's state cannot be written ({trouble})") from None
    finally:
        for task in beside:
            task.cancel()
        state_file.remove(secrets.instance)
        await bridge.close()
        await engine.stop()


def _token(keep: bool) -> str:
    token = (state_file.kept_token() if keep else None) or token_hex(state_file.TOKEN_LENGTH // 2)
    if keep:
        try:
            state_file.keep_token(token)
        except OSError as trouble:
            raise CannotServe(f"the token cannot be kept ({trouble})") from None
    return token


def _workers() -> int:
    """A processor for the model, one for the loop and the game; the others may run rules."""
    from server.pool import cores

    return min(max(cores() - 2, 1), MOST_WORKERS)


async def _listen(bridge: Bridge, port: int | None) -> None:
    try:
        await bridge.listen(DEFAULT_PORT if port is None else port)
    except OSError as trouble:
        if port is not None:
            raise CannotServe(f"port {port} cannot be listened on ({trouble.strerror or trouble})") from None
        await bridge.listen(0)


def _watch(engine: Engine, folders: Sequence[str]) -> list[str]:
    """The sentences on those that cannot be watched."""
    refused: list[str] = []
    for folder in folders:
        try:
            engine.watch(folder)
        except ValueError as trouble:
            refused.append(str(trouble))
    return refused


def _on_signals(stopping: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    def stop(*_: object) -> None:
        loop.call_soon_threadsafe(stopping.set)

    numbers = [signal.SIGINT, signal.SIGTERM]
    if sys.platform == "win32":
        numbers.append(signal.SIGBREAK)
    else:
        numbers.append(signal.SIGHUP)
    for number in numbers:
        # Not on another thread than the main one, as tests run it.
        with suppress(ValueError):
            signal.signal(number, stop)


async def _follow_lazer(engine: Engine) -> None:
    known: set[str] = set()
    while True:
        found = await asyncio.to_thread(edited_externally)
        for folder in known - found:
            engine.forget(folder)
            engine.say("information", "osu!lazer has taken its map back; it is not followed any more.")
        for folder in found - known:
            with suppress(ValueError):
                engine.watch(folder, for_now=True)
                engine.say(
                    "information", "A map that osu!lazer edits externally is followed; delete no file of it that it needs."
                )
        known = found
        await asyncio.sleep(LOOK_SECONDS)


async def _stop_when_idle(bridge: Bridge, minutes: float, stopping: asyncio.Event) -> None:
    since = monotonic()
    while not stopping.is_set():
        if bridge.clients:
            since = monotonic()
        elif monotonic() - since >= minutes * 60:
            stopping.set()
        await asyncio.sleep(min(LOOK_SECONDS, minutes * 6))

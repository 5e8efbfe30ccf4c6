"""Follows the game by way of tosu (https://github.com/tosuapp/tosu), which reads it: the map in the editor and the playhead.

One connection of ours serves all overlays. tosu comes and goes with the game, so it is asked for again and again.
"""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from math import isfinite
from time import monotonic
from typing import Any, cast

from server.daemon.bridge import Bridge
from server.reading import OSU_SUFFIX

DEFAULT_URL = "ws://127.0.0.1:24050/websocket/v2"
# The game's state while its editor is open.
EDITING = 1
FIRST_WAIT, LONGEST_WAIT = 1.0, 15.0
PLAYHEAD_SECONDS = 0.1
MOST_BYTES = 8 << 20


@dataclass(slots=True)
class Tosu:
    """The connection to tosu at an address."""

    bridge: Bridge
    url: str = DEFAULT_URL
    _map: tuple[str, str] | None = None
    _map_id: str | None = None
    _watched: str | None = None
    _told_at: float = 0.0
    _time: float = field(default=float("nan"))
    _said: bool = False

    async def run(self) -> None:
        """Until it is cancelled."""
        from websockets.asyncio.client import connect
        from websockets.exceptions import InvalidHandshake, InvalidURI, WebSocketException

        wait = FIRST_WAIT
        while True:
            try:
                async with connect(self.url, max_size=MOST_BYTES, compression=None, open_timeout=5, proxy=None) as connection:
                    wait = FIRST_WAIT
                    self.bridge.engine.say("information", "Connected to tosu; the map in the game's editor is followed.")
                    async for message in connection:
                        self.hear(message)
            except InvalidURI:
                self.bridge.engine.say("error", f"{self.url} is no address of a WebSocket; tosu is not followed.")
                return
            except (OSError, TimeoutError, InvalidHandshake, WebSocketException):
                if not self._said:
                    self._said = True
                    self.bridge.engine.say("information", f"tosu does not answer at {self.url}; maimod keeps trying.")
            self._leave()
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    def hear(self, message: str | bytes) -> None:
        """What tosu says of the game, many times a second; what makes no sense is left out."""
        try:
            found: object = json.loads(message)
        except (ValueError, RecursionError):
            return
        said = _table(found)
        state = _table(said.get("state"))
        if state.get("number") != EDITING:
            self._leave()
            return
        beatmap = _table(said.get("beatmap"))
        path = _path_of(said)
        md5 = str(beatmap.get("checksum") or "")
        try:
            self._follow(path, md5)
        except ValueError:
            # It reads the game's memory: what it finds there in a bad moment is no path.
            return
        time = _table(beatmap.get("time")).get("live")
        if self._map_id is not None and isinstance(time, (int, float)) and isfinite(time):
            self._tell_time(self._map_id, float(time))

    def _follow(self, path: str, md5: str) -> None:
        engine = self.bridge.engine
        if (path, md5) == self._map and self._map_id is not None and engine.current == self._map_id:
            return
        self._map_id = engine.follow_game(path or None, md5 or None)
        if (path, md5) == self._map:
            return
        self._map = path, md5
        if self._map_id is None and path.lower().endswith(OSU_SUFFIX):
            # The user asked to follow the game; its set is watched as long as the game shows it.
            before, self._watched = self._watched, None
            with suppress(ValueError):
                self._watched = engine.watch(os.path.dirname(path), recursive=False, for_now=True)
            if before is not None and before != self._watched:
                engine.forget(before)

    def _tell_time(self, map_id: str, time: float) -> None:
        now = monotonic()
        if now - self._told_at < PLAYHEAD_SECONDS or (time == self._time and now - self._told_at < 1.0):
            return
        playing = 0 < time - self._time < (now - self._told_at) * 4000
        self._told_at, self._time = now, time
        self.bridge.tell_playhead(map_id, time, playing)

    def _leave(self) -> None:
        """The game shows no editor."""
        if self._map is not None:
            self._map = self._map_id = None
            self.bridge.engine.follow_game(None, None)


def _table(found: object) -> dict[str, Any]:
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _path_of(said: dict[str, Any]) -> str:
    """The path of the map in the editor; empty where tosu does not name one."""
    songs = _table(said.get("folders")).get("songs")
    file = _table(said.get("directPath")).get("beatmapFile")
    if not isinstance(songs, str) or not isinstance(file, str) or not songs or not file:
        return ""
    if os.sep == "/":
        songs, file = songs.replace("\\", "/"), file.replace("\\", "/")
    path = os.path.normpath(os.path.join(songs, file))
    inside = os.path.normpath(songs)
    return path if path.startswith(inside.rstrip(os.sep) + os.sep) else ""

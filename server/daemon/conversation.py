"""One client of the bridge: what it asks for, and what it is told, at the pace at which it listens.

Nothing that a client is told waits in a line: what changed is noted by name, and when the client has room it is told the way
from what it was told last to what holds now. So a slow client costs no memory, holds up nobody, and ends at the same state.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hmac import compare_digest
from time import monotonic
from typing import TYPE_CHECKING

from generation.request import Request
from server.daemon import protocol
from server.daemon.engine import Engine, Opened
from server.daemon.mod_post import mod_post
from server.daemon.protocol import (
    BURST,
    MOST_ASKED,
    MOST_EDITOR_BYTES,
    MOST_FOLDERS,
    MOST_NAME_LENGTH,
    MOST_REFUSED,
    MOST_SUBSCRIPTIONS,
    PER_SECOND,
    Code,
    Json,
    Message,
    Refused,
)
from server.daemon.published import State, headers_frame, maps_frame
from server.daemon.questions import Sounds
from server.daemon.wishes import notes_wished, sounds_wished

if TYPE_CHECKING:
    from websockets.asyncio.server import ServerConnection

    from server.daemon.bridge import Bridge

# Answers and notices that wait for a client that does not read: one that asks without listening is let go.
MOST_WAITING = 256
TOO_MUCH = 1008


@dataclass(slots=True, eq=False)
class Writing:
    """What is written anew for a client, by the id of its message."""

    number: str | int
    called_off: bool = False
    work: asyncio.Task[Json] | None = None


class Conversation:
    """One client. `trusted` are those that know the key of the state file: they may send texts and name folders."""

    def __init__(self, connection: ServerConnection, bridge: Bridge) -> None:
        self._connection = connection
        self._bridge = bridge
        self._engine: Engine = bridge.engine
        self._greeted = self._trusted = self._following = False
        self._applies = False
        self.name = ""
        self._followed: str | None = None
        self._direct: deque[str] = deque()
        self._sent: dict[str, State | None] = {}
        self._headers: dict[str, State] = {}
        self._changed_maps: set[str] = set()
        self._changed_headers: set[str] = set()
        self._moved = False
        self._playhead: Json | None = None
        self._wake = asyncio.Event()
        self._tokens, self._since, self._refused = float(BURST), monotonic(), 0
        self._asked: set[asyncio.Task[None]] = set()
        self._edits: dict[str, asyncio.Future[bool]] = {}
        self._writing: Writing | None = None
        self._progress: Json | None = None

    # What it is told

    def board_changed(self, map_id: str) -> None:
        """The state of a map is another one."""
        if self._greeted:
            self._changed_headers.add(map_id)
            if map_id in self._sent:
                self._changed_maps.add(map_id)
            self._wake.set()

    def editing_changed(self) -> None:
        if self._greeted:
            self._moved = True
            self._wake.set()

    def tell_playhead(self, message: Json) -> None:
        if self._greeted and (self._following or message["map"] in self._sent):
            self._playhead = message
            self._wake.set()

    def tell(self, message: Json) -> None:
        """A message of its own, behind those that wait."""
        self._direct.append(protocol.frame(message))
        if len(self._direct) > MOST_WAITING:
            self._direct.clear()
            self._end("does not read")
        self._wake.set()

    def tell_all_clients(self, message: Json) -> None:
        """The same for what all greeted clients hear."""
        if self._greeted:
            self.tell(message)

    async def send_all(self) -> None:
        """Tells the client all that there is to tell, until it is gone."""
        from websockets.exceptions import ConnectionClosed

        with suppress(ConnectionClosed):
            while True:
                await self._wake.wait()
                self._wake.clear()
                for frame in self._frames():
                    await self._connection.send(frame)

    def _frames(self) -> Iterator[str]:
        """Each frame is made when the one before it is on its way, so that it tells of the newest state."""
        board, engine = self._engine.board, self._engine
        while self._direct:
            yield self._direct.popleft()
        if self._moved:
            self._moved = False
            self._follow()
            yield protocol.frame({"type": "editing", "map": engine.current, "by": engine.current_by})
        if self._changed_headers:
            yield from self._header_frames()
        while self._changed_maps:
            map_id = self._changed_maps.pop()
            if map_id not in self._sent:
                continue
            before, after = self._sent[map_id], board.get(map_id)
            self._sent[map_id] = after
            if after is None:
                if before is not None:
                    yield protocol.frame({"type": "map-removed", "map": map_id})
            elif before is None:
                yield after.text
            elif before is not after:
                yield board.difference(before, after)
        if self._progress is not None:
            message, self._progress = self._progress, None
            yield protocol.frame(message)
        if self._playhead is not None:
            message, self._playhead = self._playhead, None
            yield protocol.frame(message)

    def _follow(self) -> None:
        """Whoever follows is told of the map that is edited now, and of the one before no more."""
        current = self._engine.current
        if self._followed is not None and self._followed != current:
            self._sent.pop(self._followed, None)
            self._followed = None
        if self._following and current is not None and current not in self._sent:
            self._followed = current
            self._sent[current] = None
            self._changed_maps.add(current)

    def _header_frames(self) -> Iterator[str]:
        ids, self._changed_headers = self._changed_headers, set()
        changed: list[State] = []
        removed: list[str] = []
        for map_id in ids:
            before, after = self._headers.get(map_id), self._engine.board.get(map_id)
            if after is None:
                if self._headers.pop(map_id, None) is not None:
                    removed.append(map_id)
            elif before is None or before.header is not after.header:
                changed.append(after)
                self._headers[map_id] = after
        if changed or removed:
            yield headers_frame(changed, removed, self._engine.omitted)

    # What it says

    async def hear(self, frame: str | bytes) -> None:
        """One message; whatever is wrong with it is answered."""
        number: str | int | None = None
        try:
            self._slow_down()
            message = protocol.read(frame)
            number = message.number
            answer = self._answer(message)
            if isinstance(answer, dict):
                self._reply(number, answer)
            else:
                self._begin(number, message.type, answer)
        except Refused as refused:
            self._refuse(number if number is not None else protocol.id_in(frame), refused)
        except Exception as trouble:  # noqa: BLE001  what fails for one message must not end the conversation
            self._refuse(number, _failed(trouble))

    def _slow_down(self) -> None:
        """Raises `Refused` for one message too many; who goes on for long is let go."""
        now = monotonic()
        self._tokens = min(BURST, self._tokens + (now - self._since) * PER_SECOND)
        self._since = now
        if self._tokens >= 1:
            self._tokens -= 1
            self._refused = max(self._refused - 1, 0)
            return
        self._refused += 1
        if self._refused > MOST_REFUSED:
            self._end("sends too much")
        raise Refused(Code.TOO_FAST, f"A client may send {PER_SECOND} messages a second; wait a moment.")

    def _begin(self, number: str | int | None, kind: str, work: Coroutine[object, object, Json]) -> None:
        """Work that takes a while goes on beside the conversation."""
        try:
            self._insist_on_room()
        except Refused:
            work.close()
            raise
        task = asyncio.get_running_loop().create_task(self._work(number, kind, work))
        self._asked.add(task)
        task.add_done_callback(self._asked.discard)

    def _insist_on_room(self) -> None:
        """Raises `Refused`."""
        if len(self._asked) >= MOST_ASKED:
            raise Refused(Code.TOO_MANY, f"{MOST_ASKED} questions wait for their answers already.")

    async def _work(self, number: str | int | None, kind: str, work: Coroutine[object, object, Json]) -> None:
        try:
            result = await work
        except Refused as refused:
            self._refuse(number, refused)
            return
        except Exception as trouble:  # noqa: BLE001  what fails for one client must not end the conversation
            self._refuse(number, _failed(trouble))
            return
        if number is None and kind == "propose":
            self.tell(result)
        self._reply(number, result)

    def _reply(self, number: str | int | None, result: Json) -> None:
        if number is not None:
            self.tell(protocol.reply(number, result))

    def _refuse(self, number: str | int | None, refused: Refused) -> None:
        self.tell(protocol.refusal(number, refused))

    def _answer(self, message: Message) -> Json | Coroutine[object, object, Json]:
        """The answer, or the work that leads to it. Raises `Refused`."""
        if message.type == "hello":
            return self._greet(message)
        if not self._greeted:
            raise Refused(Code.HELLO_FIRST, "The first message is 'hello'.")
        match message.type:
            case "ping":
                return {}
            case "subscribe":
                return self._subscribe(message)
            case "unsubscribe":
                return self._unsubscribe(message)
            case "look":
                return self._engine.look(message.text("map"), message.text("finding"))
            case "explain":
                return self._engine.explain(message.text("map"), message.text("finding"))
            case "dismiss":
                return self._dismiss(message)
            case "restore":
                return self._restore(message)
            case "propose":
                return self._engine.propose(message.text("map"), message.text("finding"), message.whole("fix"))
            case "apply":
                return self._engine.apply(message.text("proposal"))
            case "regenerate":
                return self._rewrite(message, notes_wished(message))
            case "hitsounds":
                return self._rewrite(message, sounds_wished(message))
            case "cancel":
                return self._cancel(message)
            case "open":
                return self._open(message)
            case "mod-post":
                return {"text": mod_post(self._state(message.text("map")))}
            case "text" | "closed" | "focus" | "watch" | "edited" | "stop":
                return self._trusted_answer(message)
            case _:
                raise Refused(Code.UNKNOWN_TYPE, f"This maimod knows no messages of type {message.type[:40]!r}.")

    def _greet(self, message: Message) -> Json:
        if message.whole("version") != protocol.VERSION:
            raise Refused(Code.VERSION, f"This maimod speaks version {protocol.VERSION} of the bridge's protocol.")
        self.name = message.text("client", most=MOST_NAME_LENGTH)
        if message.has("key"):
            if not compare_digest(message.text("key").encode("utf-8", "replace"), self._bridge.key.encode()):
                raise Refused(Code.NOT_ALLOWED, "The key is not the one in the state file.")
            self._trusted, self._applies = True, message.says("applies")
            self._connection.protocol.max_message_size = MOST_EDITOR_BYTES
        first, self._greeted = not self._greeted, True
        self.tell(self._bridge.welcome())
        if first:
            states = list(self._engine.board)
            self._headers = {state.header["id"]: state for state in states}
            self._direct.append(maps_frame(states, self._engine.omitted))
            self._moved = self._engine.current is not None
        return {}

    def _state(self, map_id: str) -> State:
        state = self._engine.board.get(map_id)
        if state is None:
            raise Refused(Code.NO_SUCH_MAP, "There is no such map; perhaps it was renamed or deleted.")
        return state

    def _subscribe(self, message: Message) -> Json:
        # Without an id there is no reply that would wake it.
        self._wake.set()
        if message.says("follow"):
            self._following = self._moved = True
            return {}
        map_id = message.text("map")
        self._state(map_id)
        if map_id not in self._sent and len(self._sent) >= MOST_SUBSCRIPTIONS:
            raise Refused(Code.TOO_MANY, f"A client may subscribe to {MOST_SUBSCRIPTIONS} maps.")
        if map_id == self._followed:
            self._followed = None
        # Who asks again is told the whole again.
        self._sent[map_id] = None
        self._changed_maps.add(map_id)
        self._engine.want(map_id)
        return {}

    def _unsubscribe(self, message: Message) -> Json:
        if message.says("follow"):
            self._following = False
            if self._followed is not None:
                self._sent.pop(self._followed, None)
                self._followed = None
            return {}
        self._sent.pop(message.text("map"), None)
        return {}

    async def _dismiss(self, message: Message) -> Json:
        scope = message.text("scope", "here")
        if scope not in ("here", "map"):
            raise Refused(Code.MALFORMED, "A dismissal's 'scope' is 'here' or 'map'.")
        return {"saved": await self._engine.dismiss(message.text("map"), message.text("finding"), scope)}

    async def _restore(self, message: Message) -> Json:
        return {"saved": await self._engine.restore(message.text("map"), message.text("finding"))}

    async def _open(self, message: Message) -> Json:
        from formats.timestamps import edit_link

        state = self._state(message.text("map"))
        if state.header["format"] != "osu":
            raise Refused(Code.UNAVAILABLE, "No editor of charts opens links; copy the time stamp instead.")
        if message.has("finding"):
            finding = state.findings.get(message.text("finding"))
            if finding is None:
                raise Refused(Code.NO_SUCH_FINDING, "There is no such finding any more.")
            link = finding["link"]
        else:
            time = message.ms("time_ms")
            link = edit_link(time) if 0 <= time < 36_000_000 else None
        if not isinstance(link, str):
            raise Refused(Code.UNAVAILABLE, "That has no time in the song to open.")
        await asyncio.to_thread(self._bridge.open_link, link)
        return {"link": link}

    # What it has written anew

    def _rewrite(self, message: Message, wish: Request | Sounds) -> Coroutine[object, object, Json]:
        """Raises `Refused`."""
        if message.number is None:
            raise Refused(
                Code.MALFORMED, f"A message of type {message.type!r} needs an 'id', by which it is told of and cancelled."
            )
        map_id = message.text("map")
        self._state(map_id)
        if self._writing is not None:
            raise Refused(Code.TOO_MANY, "A section is being written for you already; wait for it, or cancel it.")
        self._insist_on_room()
        self._writing = Writing(message.number)
        return self._write(map_id, wish, self._writing)

    async def _write(self, map_id: str, wish: Request | Sounds, writing: Writing) -> Json:
        try:
            self._tell_progress(writing, 0.0)
            if not writing.called_off:
                work = self._engine.rewrite(map_id, wish, partial(self._tell_progress, writing))
                writing.work = asyncio.get_running_loop().create_task(work)
                return await writing.work
        except asyncio.CancelledError:
            if not writing.called_off:
                raise
        finally:
            self._writing = self._progress = None
        raise Refused(Code.CANCELLED, "It was cancelled; nothing has changed.")

    def _tell_progress(self, writing: Writing, share: float) -> None:
        if self._writing is writing:
            self._progress = {"type": "progress", "request": writing.number, "share": round(share, 3)}
            self._wake.set()

    def _cancel(self, message: Message) -> Json:
        writing, number = self._writing, message.keys.get("request")
        if type(number) not in (int, str):
            raise Refused(Code.MALFORMED, "A message of type 'cancel' needs 'request', the id of what is to be cancelled.")
        if writing is not None and writing.number == number and not writing.called_off:
            writing.called_off = True
            if writing.work is not None:
                writing.work.cancel()
        return {}

    # What trusted clients say

    def _trusted_answer(self, message: Message) -> Json:
        if not self._trusted:
            raise Refused(Code.NOT_ALLOWED, "Only editors that know the key of the state file may do that.")
        match message.type:
            case "text":
                text = message.text("text").encode("utf-8", "surrogatepass")
                edit = self._ask_to_edit if self._applies else None
                self._engine.open_text(message.text("path"), Opened(self, message.whole("version"), text, edit))
            case "closed":
                self._engine.close_text(message.text("path"), self)
            case "focus":
                self._engine.focus(message.text("path"))
            case "watch":
                return self._watch(message)
            case "edited":
                waiting = self._edits.pop(message.text("proposal"), None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(message.says("ok"))
            case _:
                self._bridge.stop()
        return {}

    def _watch(self, message: Message) -> Json:
        watched: list[str] = []
        refused: list[Json] = []
        for folder in message.texts("folders", MOST_FOLDERS):
            try:
                watched.append(self._engine.watch(folder))
            except ValueError as trouble:
                refused.append({"path": folder, "reason": str(trouble)})
        return {"watched": watched, "refused": refused}

    async def _ask_to_edit(self, message: Json) -> bool:
        waiting: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._edits[message["proposal"]] = waiting
        self.tell(message)
        try:
            return await waiting
        finally:
            self._edits.pop(message["proposal"], None)

    # The end

    def _end(self, reason: str) -> None:
        task = asyncio.get_running_loop().create_task(self._connection.close(TOO_MUCH, reason))
        self._asked.add(task)
        task.add_done_callback(self._asked.discard)

    def gone(self) -> None:
        """The connection ended."""
        for task in list(self._asked):
            task.cancel()
        for waiting in self._edits.values():
            if not waiting.done():
                waiting.set_result(False)
        self._engine.close_all(self)


def _failed(trouble: Exception) -> Refused:
    return Refused(Code.FAILED, f"maimod failed here ({type(trouble).__name__}: {trouble}); please report it.")

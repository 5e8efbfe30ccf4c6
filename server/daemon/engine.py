"""The engine: knows all watched maps, has them checked when they change, and keeps what clients are told of them up to date.

Everything here runs on the event loop's thread and is quick; maps are read and judged in worker processes, files are touched
on other threads. An answer counts for the text that it is about: the model's for an older one is dropped.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from generation.request import Request
from server.daemon.command_lines import command_line
from server.daemon.keeping import Keeping
from server.daemon.pending import Pending, Proposals
from server.daemon.protocol import Code, Json, Refused
from server.daemon.published import Board
from server.daemon.questions import (
    Answer,
    Check,
    CheckArchive,
    Checked,
    CheckedArchive,
    Explain,
    Judge,
    Judged,
    Look,
    Missed,
    Noted,
    Propose,
    Proposed,
    Question,
    Rewritten,
    Shown,
    Sounds,
    Unwritten,
    Write,
    WriteSounds,
)
from server.daemon.subjects import Stamp, stamp_of
from server.daemon.tracked import OFF, WAITING, Tracked, id_of, published
from server.daemon.waiting import Queue, Urgency
from server.daemon.watcher import Changes, Watcher
from server.daemon.workers import Worker
from server.daemon.writer import MOST_WAITING, Writer
from server.dismissals import FILE_NAME as DISMISSALS
from server.dismissals import in_whole_map
from server.printable import printable
from server.reading import MOST_MAP_BYTES, is_archive, is_map, stays_inside
from server.settings import FILE_NAME as SETTINGS
from server.writing import Changed, replace_map

# Of a folder with more maps those that changed last are listed, and of these again the last are judged unasked.
MOST_LISTED, MOST_CHECKED, MOST_JUDGED = 2_000, 500, 16
# In a folder of loose maps a change concerns its own set alone.
MOST_BESIDE = 100
# The model is asked once nobody has typed for this long.
QUIET_SECONDS = 0.25
# A map that others keep writing to is looked at so many times.
MOST_LOOKS = 3
# How long an editor has to answer, and how often what could not be written is tried again.
EDITOR_SECONDS, RETRY_SECONDS = 10.0, 15.0
# How long a question about a finding waits for the map to be checked again, where the map has changed since it was told.
SETTLED_SECONDS = 5.0
NOW, BESIDE, LATER = Urgency
AWAY = "the folder that it lies in is not there any more"


@dataclass(slots=True, eq=False)
class Opened:
    """A file as an editor has it. `owner` is the editor; `edit` asks it to change the file, None where it cannot be asked."""

    owner: object
    version: int
    text: bytes
    edit: Callable[[Json], Coroutine[object, object, bool]] | None = None


class Engine:
    """`say` hears of what users should know (level and sentence), `moved` that another map is edited now, by whom."""

    def __init__(self, *, edits: bool = False, poll_seconds: float | None = None, rule_workers: int = 1) -> None:
        self.board = Board()
        self.edits = edits
        self.say: Callable[[str, str], object] = lambda _level, _sentence: None
        self.moved: Callable[[], object] = lambda: None
        self.applied: Callable[[Json], object] = lambda _: None
        self.current: str | None = None
        self.current_by = "save"
        self.keeping = Keeping()
        self.watcher = Watcher(self._changed, partial(self._say, "warning"), poll_seconds)
        self._maps: dict[str, Tracked] = {}
        self._ids: dict[str, str] = {}
        self._folders: dict[str, set[str]] = {}
        self._archives: dict[str, Stamp | None] = {}
        self._unlisted: dict[str, Stamp | None] = {}
        self._opened: dict[str, Opened] = {}
        self._lost: set[str] = set()
        self._for_now: set[str] = set()
        self._proposals = Proposals()
        self._rules = [Worker(f"rules-{number}", self._worker_died) for number in range(max(rule_workers, 1))]
        self._rule_queues = [Queue() for _ in self._rules]
        self._model = Worker("model", self._worker_died, steps_back=True)
        self._model_queue = Queue()
        self._writer = Writer()
        self._quiet: dict[str, asyncio.TimerHandle] = {}
        self._said: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._retrying: asyncio.Task[None] | None = None
        self._game_says = False

    # Beginning and end

    def start(self) -> None:
        """Begins to watch and to work."""
        begin = asyncio.get_running_loop().create_task
        self._tasks = [begin(self.watcher.run()), begin(self._judge_all())]
        self._tasks += [begin(self._check_all(*pair)) for pair in zip(self._rules, self._rule_queues, strict=True)]

    async def stop(self) -> None:
        """Ends the work; what is dismissed is written, as far as that is possible."""
        tasks = [*self._tasks, *([self._retrying] if self._retrying is not None else [])]
        for handle in self._quiet.values():
            handle.cancel()
        for task in tasks:
            task.cancel()
        stops = [*(worker.stop for worker in (*self._rules, self._model)), self._writer.stop]
        await asyncio.gather(*(asyncio.to_thread(stop) for stop in stops))
        await asyncio.gather(*tasks, return_exceptions=True)
        for folder in self.keeping.pending:
            with suppress(OSError, ValueError):
                await asyncio.to_thread(self.keeping.write, folder)

    @property
    def waiting(self) -> int:
        """How many maps wait to be checked."""
        return sum(map(len, self._rule_queues)) + len(self._model_queue)

    @property
    def omitted(self) -> int:
        """How many maps are watched and not listed."""
        return len(self._unlisted)

    @property
    def worker_pids(self) -> list[int]:
        """The processes at work."""
        pids = [*(worker.pid for worker in (*self._rules, self._model)), self._writer.pid]
        return [pid for pid in pids if pid is not None]

    @property
    def writer_pid(self) -> int | None:
        """The process that writes, while it lives."""
        return self._writer.pid

    # Folders

    def watch(self, folder: str, *, recursive: bool = True, for_now: bool = False) -> str:
        """Watches a folder, and returns its path as maps in it are named. Raises `ValueError` with a sentence.

        Where it is watched `for_now`, `forget` ends that, unless somebody else wants it watched by then.
        """
        path = os.path.realpath(os.path.expanduser(folder))
        if not os.path.isdir(path):
            raise ValueError(f"{folder} is no folder that can be read.")
        if not for_now:
            self._for_now.discard(path)
        if not self.watcher.covers(path, recursive=recursive):
            if for_now and path not in self.watcher.roots:
                self._for_now.add(path)
            self.watcher.add(path, recursive=recursive)
        return path

    def forget(self, folder: str) -> None:
        """Watches a folder no more that was watched for now, and forgets its maps."""
        if folder not in self._for_now:
            return
        self._for_now.discard(folder)
        if any(_inside(path, folder) for path in self._opened):
            return
        self.watcher.remove(folder)
        self._lost.discard(folder)
        for path in [path for path in self._maps if _inside(path, folder) and self._root_of(path) is None]:
            self._remove(path)

    def _root_of(self, path: str) -> str | None:
        return next((root for root in self.watcher.roots if _inside(path, root)), None)

    def _lies_inside(self, path: str) -> bool:
        root = self._root_of(path.rstrip(os.sep))
        return root is not None and stays_inside(path.rstrip(os.sep), root)

    # Changes on disk

    def _changed(self, changes: Changes) -> None:
        try:
            self._take_changes(changes)
        except Exception as trouble:  # noqa: BLE001  one file that maimod fails on must not end the watch over all others
            self._say("error", printable(f"maimod failed on a change ({type(trouble).__name__}: {trouble}); please report it."))

    def _take_changes(self, changes: Changes) -> None:
        for root in changes.lost:
            self._lose(root)
        if changes.listed:
            self._take_listing(changes)
            return
        for path, found in changes.files.items():
            # A link that leads out of the folder is no file of it.
            stamp = found if self._lies_inside(path) else None
            if path.endswith(os.sep):
                self._folder_changed(path.rstrip(os.sep), stamp)
            elif is_archive(path):
                self._archive_changed(path, stamp)
            elif is_map(path):
                self._map_changed(path, stamp)
            else:
                self._neighbour_changed(path)

    def _take_listing(self, changes: Changes) -> None:
        """All files of watched folders, as they stand when the daemon begins or when a folder is back."""
        for root in changes.listed:
            if root in self._lost:
                self._lost.discard(root)
                self._say("information", f"The folder {root} is there again.")
            for path in [path for path in self._maps if _inside(path, root)]:
                tracked = self._maps[path]
                if (tracked.archive or path) not in changes.files and path not in self._opened:
                    self._remove(path)
        inside = ((path, stamp) for path, stamp in changes.files.items() if self._lies_inside(path))
        newest = sorted(inside, key=lambda pair: -(pair[1] or (0,))[0])
        archives = [(path, stamp) for path, stamp in newest if is_archive(path)]
        maps = [(path, stamp) for path, stamp in newest if is_map(path)]
        room = max(MOST_LISTED - len(self._maps), 0)
        for path, stamp in maps[room:]:
            if path in self._maps:
                self._map_listed(path, stamp, later=True)
            else:
                self._unlisted[path] = stamp
        for place, (path, stamp) in enumerate(maps[:room]):
            self._map_listed(path, stamp, later=place >= MOST_CHECKED)
            self._maps[path].wanted |= place < MOST_JUDGED
        for path, stamp in archives[:MOST_CHECKED]:
            self._archive_changed(path, stamp, LATER)

    def _map_listed(self, path: str, stamp: Stamp | None, *, later: bool) -> None:
        tracked = self._track(path)
        known = tracked.checked is not None and tracked.stamp == stamp and tracked.trouble is None
        away, tracked.stamp = tracked.trouble == AWAY, stamp
        if away:
            tracked.trouble = None
        self._publish(tracked)
        if not known and (away or not later):
            self._ask_rules(tracked, LATER)

    def _lose(self, root: str) -> None:
        self._lost.add(root)
        self._say("warning", f"The folder {root} is not there any more; maimod waits for it to come back.")
        for path, tracked in self._maps.items():
            if _inside(path, root) and path not in self._opened:
                tracked.trouble = AWAY
                self._drop_work(tracked)
                self._publish(tracked)
        for archive in self._archives:
            if _inside(archive, root):
                # Where it is there again it is to be read, even if it stands as it stood.
                self._archives[archive] = None

    def _folder_changed(self, folder: str, stamp: Stamp | None) -> None:
        if stamp is None:
            for path in [path for path in (*self._maps, *self._unlisted) if _inside(path, folder)]:
                if stamp_of(self._maps[path].archive or path if path in self._maps else path) is None:
                    self._map_changed(path, None)
        else:
            self._recheck(self._folders.get(folder, ()))

    def _map_changed(self, path: str, stamp: Stamp | None) -> None:
        if stamp is None:
            self._unlisted.pop(path, None)
            if path in self._maps and path not in self._opened:
                beside = self._beside(self._maps[path])
                self._remove(path)
                self._recheck(beside)
            return
        if self._root_of(path) is None:
            return
        known = path in self._maps
        tracked = self._track(path)
        tracked.stamp = stamp
        if path in self._opened:
            # What the editor has wins over the disk, and it has told us.
            self._publish(tracked)
            return
        if not known:
            self._publish(tracked)
            self._recheck(self._beside(tracked))
        self._ask_rules(tracked, NOW)
        tracked.wanted = True
        editor_has_it = self.current_by == "editor" and self._path_of(self.current) in self._opened
        if not editor_has_it and not self._game_says:
            self.edit(tracked.id, "save")

    def _archive_changed(self, path: str, stamp: Stamp | None, urgency: Urgency = NOW) -> None:
        if stamp is None:
            self._archives.pop(path, None)
            for each in [each for each, tracked in self._maps.items() if tracked.archive == path]:
                self._remove(each)
            return
        if urgency is LATER and self._archives.get(path) == stamp:
            return
        self._archives[path] = stamp
        self._queue_for(path).put(path, urgency)

    def _neighbour_changed(self, path: str) -> None:
        """A file that is no map changed: a song, a storyboard, the settings, the dismissals."""
        folder, name = os.path.split(path)
        if name.lower() == DISMISSALS:
            self._load_dismissals(os.path.dirname(folder))
        elif name.lower() == SETTINGS:
            self._recheck(map_id for near, ids in self._folders.items() if _inside(near, folder) for map_id in ids)
        else:
            while folder not in self._folders and self._root_of(os.path.dirname(folder)) is not None:
                folder = os.path.dirname(folder)
            self._recheck(self._folders.get(folder, ()))

    def _recheck(self, ids: Iterable[str], urgency: Urgency = BESIDE) -> None:
        for map_id in list(ids):
            tracked = self._maps.get(self._ids.get(map_id, ""))
            if tracked is not None and tracked.checked is not None:
                if tracked.archive is not None:
                    self._queue_for(tracked.archive).put(tracked.archive, urgency)
                else:
                    self._ask_rules(tracked, urgency)

    def _beside(self, tracked: Tracked) -> list[str]:
        """The other maps of its set."""
        near = [self._maps[self._ids[each]] for each in self._folders.get(tracked.folder, ()) if each != tracked.id]
        near = [each for each in near if each.archive is None and each.checked is not None]
        if len(near) > MOST_BESIDE and tracked.checked is not None:
            own = tracked.checked.facts.set_name
            near = [each for each in near if each.checked is not None and each.checked.facts.set_name == own]
        return [each.id for each in near[:MOST_BESIDE]]

    # Maps

    def _track(self, path: str, archive: str | None = None) -> Tracked:
        tracked = self._maps.get(path)
        if tracked is None:
            root = self._root_of(archive or path) or os.path.dirname(path)
            tracked = self._maps[path] = Tracked(path, os.path.relpath(path, root), archive)
            self._unlisted.pop(path, None)
            self._ids[tracked.id] = path
            self._folders.setdefault(tracked.folder, set()).add(tracked.id)
        return tracked

    def _remove(self, path: str) -> None:
        tracked = self._maps.pop(path, None)
        if tracked is None:
            return
        self._drop_work(tracked)
        del self._ids[tracked.id]
        near = self._folders.get(tracked.folder, set())
        near.discard(tracked.id)
        if not near:
            self._folders.pop(tracked.folder, None)
        if self.current == tracked.id:
            self.edit(None, self.current_by)
        self.board.remove(tracked.id)

    def _drop_work(self, tracked: Tracked) -> None:
        self._queue_for(tracked.path).drop(tracked.path)
        self._model_queue.drop(tracked.path)
        handle = self._quiet.pop(tracked.path, None)
        if handle is not None:
            handle.cancel()

    def get(self, map_id: str) -> Tracked:
        """Raises `Refused`."""
        tracked = self._maps.get(self._ids.get(map_id, ""))
        if tracked is None:
            raise Refused(Code.NO_SUCH_MAP, "There is no such map; perhaps it was renamed or deleted.")
        return tracked

    def id_at(self, path: str) -> str | None:
        tracked = self._maps.get(path)
        return tracked.id if tracked is not None else None

    def _path_of(self, map_id: str | None) -> str:
        return self._ids.get(map_id, "") if map_id is not None else ""

    def with_md5(self, md5: str) -> str | None:
        """The id of the map with that MD5."""
        return next((each.id for each in self._maps.values() if each.checked is not None and each.checked.md5 == md5), None)

    def want(self, map_id: str) -> None:
        """Somebody looks at a map: the model is to be asked about it as well."""
        tracked = self.get(map_id)
        tracked.wanted = True
        if tracked.checked is None and tracked.trouble is None:
            self._ask_rules(tracked, NOW)
        elif tracked.checked is not None:
            self._ask_model(tracked, NOW)

    def edit(self, map_id: str | None, by: str) -> None:
        """Another map is edited now."""
        if map_id == self.current and by == self.current_by:
            return
        before, self.current, self.current_by = self.current, map_id, by
        if before != map_id:
            for each in (before, map_id):
                tracked = self._maps.get(self._path_of(each))
                if tracked is not None:
                    tracked.editing = each == map_id
                    self._publish(tracked)
            if map_id is not None:
                self.want(map_id)
        self.moved()

    def follow_game(self, path: str | None, md5: str | None) -> str | None:
        """The id of the map that the game's editor shows, by its path or what it holds; None where it is not watched."""
        map_id = (self.id_at(os.path.realpath(path)) if path else None) or (self.with_md5(md5) if md5 else None)
        self._game_says = map_id is not None
        if map_id is not None:
            self.edit(map_id, "game")
        return map_id

    # Editors

    def open_text(self, path: str, opened: Opened) -> None:
        """An editor has a file open, and it reads so. Raises `Refused`."""
        path = os.path.realpath(path)
        folder = os.path.dirname(path)
        if len(opened.text) > MOST_MAP_BYTES:
            raise Refused(Code.MALFORMED, f"{os.path.basename(path)} is larger than {MOST_MAP_BYTES >> 20} MB, so it is no map.")
        before = self._opened.get(path)
        if before is not None and before.owner is opened.owner and before.version > opened.version:
            return
        if is_map(path) and not self.watcher.covers(folder, recursive=False):
            try:
                self.watch(folder, recursive=False)
            except ValueError as trouble:
                raise Refused(Code.UNAVAILABLE, str(trouble)) from None
        self._opened[path] = opened
        if not is_map(path):
            self._neighbour_changed(path)
            return
        tracked = self._track(path)
        tracked.trouble = None
        tracked.wanted = True
        self._ask_rules(tracked, NOW)
        if before is None or before.text != opened.text:
            self.edit(tracked.id, "editor")

    def focus(self, path: str) -> None:
        """Raises `Refused`."""
        map_id = self.id_at(os.path.realpath(path))
        if map_id is None:
            raise Refused(Code.NO_SUCH_MAP, f"{os.path.basename(path)} lies in no folder that is watched.")
        self.edit(map_id, "editor")

    def close_text(self, path: str, owner: object) -> None:
        """The disk counts again."""
        path = os.path.realpath(path)
        opened = self._opened.get(path)
        if opened is None or opened.owner is not owner:
            return
        del self._opened[path]
        self.watcher.touch([path])

    def close_all(self, owner: object) -> None:
        """An editor is gone."""
        for path in [path for path, opened in self._opened.items() if opened.owner is owner]:
            self.close_text(path, owner)

    def _texts(self, path: str) -> dict[str, bytes]:
        """What editors have open in the folder of a map."""
        folder = os.path.dirname(path)
        return {
            os.path.basename(other): opened.text for other, opened in self._opened.items() if os.path.dirname(other) == folder
        }

    # Rules and model

    def _queue_for(self, path: str) -> Queue:
        """Maps of one folder go to one worker, which knows the folder then."""
        folder = path if is_archive(path) else os.path.dirname(path)
        return self._rule_queues[int(id_of(folder), 16) % len(self._rule_queues)]

    def _ask_rules(self, tracked: Tracked, urgency: Urgency) -> None:
        self._queue_for(tracked.path).put(tracked.archive or tracked.path, urgency)

    async def _check_all(self, worker: Worker, queue: Queue) -> None:
        while True:
            path = await queue.take()
            try:
                if path in self._archives:
                    await self._check_archive(worker, path)
                elif path in self._maps:
                    await self._check(worker, path)
            except Exception as trouble:  # noqa: BLE001  one map must not end the work on all others
                self._fail(path, trouble)

    async def _check(self, worker: Worker, path: str) -> None:
        await self._known_dismissals(os.path.dirname(path))
        answer = await worker.ask(Check(path, self._texts(path)))
        tracked = self._maps.get(path)
        if tracked is None:
            return
        if isinstance(answer, Checked):
            self._take_check(tracked, answer)
        elif isinstance(answer, Missed):
            self._miss(tracked, answer)

    def _take_check(self, tracked: Tracked, checked: Checked) -> None:
        before, tracked.checked, tracked.trouble = tracked.checked, checked, None
        for problem in checked.problems:
            self._say("warning", printable(problem) + ".")
        if not checked.wants_model:
            tracked.judged, tracked.model = None, dict(OFF)
        elif tracked.judged is None or tracked.judged.digest != checked.digest:
            tracked.model = dict(WAITING) if tracked.wanted else dict(OFF)
        else:
            # The text is again the one that the model has spoken of, though it may have been asked of another meanwhile.
            tracked.model = _said(tracked.judged)
        changed = before is None or before.digest != checked.digest
        if checked.wants_model and tracked.wanted:
            self._ask_model(tracked, NOW if tracked.id == self.current or self.board.get(tracked.id) is None else BESIDE)
        self._publish(tracked)
        if changed and before is not None and tracked.archive is None:
            self._recheck(self._beside(tracked))

    async def _check_archive(self, worker: Worker, path: str) -> None:
        await self._known_dismissals(os.path.dirname(path))
        answer = await worker.ask(CheckArchive(path))
        if path not in self._archives:
            return
        if isinstance(answer, CheckedArchive):
            found = {checked.path for checked in answer.maps} | set(answer.unreadable)
            for each in [each for each, tracked in self._maps.items() if tracked.archive == path and each not in found]:
                self._remove(each)
            for checked in answer.maps:
                tracked = self._track(checked.path, path)
                tracked.stamp = self._archives[path]
                self._take_check(tracked, checked)
            for inside, reason in answer.unreadable.items():
                self._miss(self._track(inside, path), Missed(reason))
        elif isinstance(answer, Missed):
            for tracked in [tracked for tracked in self._maps.values() if tracked.archive == path]:
                self._miss(tracked, answer)
            self._say("warning", printable(f"{path}: {answer.reason}."))

    def _miss(self, tracked: Tracked, missed: Missed) -> None:
        if missed.again:
            self.watcher.touch([tracked.archive or tracked.path])
            return
        if stamp_of(tracked.archive or tracked.path) is None and tracked.path not in self._opened:
            # It went while it was waiting; the watcher tells of that, or that its folder did.
            return
        tracked.trouble = missed.reason
        self._publish(tracked)

    def _ask_model(self, tracked: Tracked, urgency: Urgency) -> None:
        """Asks when nobody types in it any more, unless the model has spoken of this text."""
        checked = tracked.checked
        if checked is None or not checked.wants_model:
            return
        if tracked.judged is not None and tracked.judged.digest == checked.digest:
            return
        if tracked.model["state"] != "waiting":
            tracked.model = dict(WAITING)
            self._publish(tracked)
        handle = self._quiet.pop(tracked.path, None)
        if handle is not None:
            handle.cancel()
        if tracked.path in self._opened and tracked.judged is not None:
            later = asyncio.get_running_loop().call_later
            self._quiet[tracked.path] = later(QUIET_SECONDS, self._model_queue.put, tracked.path, urgency)
        else:
            self._model_queue.put(tracked.path, urgency)

    async def _judge_all(self) -> None:
        while True:
            path = await self._model_queue.take()
            try:
                await self._judge(path)
            except Exception as trouble:  # noqa: BLE001  as above
                self._fail(path, trouble)

    async def _judge(self, path: str) -> None:
        answer = await self._model.ask(Judge(path, self._texts(path)))
        tracked = self._maps.get(path)
        if tracked is None or tracked.checked is None:
            return
        if isinstance(answer, Missed):
            if not answer.again:
                tracked.model = {"state": "failed", "message": printable(f"The surprisal model: {answer.reason}.")}
                self._publish(tracked)
            return
        if not isinstance(answer, Judged) or answer.digest != tracked.checked.digest:
            # The text is another one by now; the rules are at it, and ask again.
            return
        tracked.judged, tracked.model = answer, _said(answer)
        if answer.fault and tracked.model["message"]:
            self._say("warning", tracked.model["message"])
        self._publish(tracked)

    def _publish(self, tracked: Tracked) -> None:
        self.board.put(*published(tracked, self.keeping, self.id_at))
        turned, tracked.turned = tracked.turned, asyncio.Event()
        turned.set()

    def _fail(self, path: str, trouble: Exception) -> None:
        tracked = self._maps.get(path)
        if tracked is not None:
            tracked.trouble = f"maimod failed on this map ({type(trouble).__name__}: {trouble}); please report it"
            self._publish(tracked)

    def _worker_died(self, sentence: str) -> None:
        self._say("warning", sentence)

    def _say(self, level: str, sentence: str) -> None:
        """Each sentence once."""
        if sentence not in self._said:
            self._said.add(sentence)
            self.say(level, sentence)

    # What clients ask for

    def _found(self, map_id: str, key: str) -> tuple[Tracked, Noted]:
        tracked = self.get(map_id)
        noted = tracked.find(key)
        if noted is None:
            raise Refused(Code.NO_SUCH_FINDING, "There is no such finding any more.")
        return tracked, noted

    async def _asked(self, worker: Worker, ask: Callable[..., Question], map_id: str, key: str) -> tuple[Tracked, Answer]:
        """The answer for the finding as it stands; where the map has just changed, once it is checked again. Raises `Refused`."""
        deadline = asyncio.get_running_loop().time() + SETTLED_SECONDS
        while True:
            tracked, noted = self._found(map_id, key)
            turned = tracked.turned
            if tracked.checked is not None and not tracked.is_stale(noted):
                answer = await worker.ask(
                    ask(path=tracked.path, texts=self._texts(tracked.path), digest=tracked.checked.digest, noted=noted)
                )
                if not isinstance(answer, Missed):
                    return tracked, answer
                if not answer.changed and not answer.again:
                    raise Refused(Code.FAILED, printable(answer.reason[:1].upper() + answer.reason[1:] + "."))
            try:
                async with asyncio.timeout_at(deadline):
                    await turned.wait()
            except TimeoutError:
                raise Refused(Code.CHANGED, "The map has changed since, and is being checked again.") from None

    def _rule_worker(self, map_id: str) -> Worker:
        return self._rules[self._rule_queues.index(self._queue_for(self.get(map_id).path))]

    async def look(self, map_id: str, key: str) -> Json:
        """Raises `Refused`."""
        _, answer = await self._asked(self._rule_worker(map_id), Look, map_id, key)
        state = self.board.get(map_id)
        return {"map": map_id, "finding": key, "revision": state.revision if state else 0, **(_shown(answer) or {})}

    async def explain(self, map_id: str, key: str) -> Json:
        """Raises `Refused`."""
        from server.rule_pages import pages_for

        tracked, noted = self._found(map_id, key)
        page = pages_for(noted.finding.name)[0]
        note: Json | None = None
        if noted.finding.time_ms is not None and tracked.checked is not None and tracked.checked.wants_model:
            with suppress(Refused):
                note = _shown((await self._asked(self._model, Explain, map_id, key))[1])
        rule = {"code": page.code, "name": page.name, "title": page.title, "text": page.text}
        return {"rule": rule, "url": f"/rules/{page.name}", "note": note}

    async def propose(self, map_id: str, key: str, fix: int) -> Json:
        """Raises `Refused`."""
        tracked, noted = self._found(map_id, key)
        if tracked.archive is not None:
            raise Refused(Code.READ_ONLY, "Maps in an archive cannot be changed; unpack it first.")
        if not 0 <= fix < len(noted.finding.fixes):
            raise Refused(Code.NO_SUCH_FIX, "This finding has no such fix.")
        tracked, answer = await self._asked(self._rule_worker(map_id), partial(Propose, fix=fix), map_id, key)
        if not isinstance(answer, Proposed):
            raise Refused(Code.FAILED, "There was no answer.")
        number = self._proposals.add(tracked.path, answer)
        state = self.board.get(map_id)
        seen = {"map": map_id, "finding": key, "revision": state.revision if state else 0}
        return {
            "type": "proposal",
            "proposal": number,
            "map": map_id,
            "finding": key,
            "fix": fix,
            "title": answer.title,
            "safety": answer.safety,
            "diff": answer.diff,
            "hunks": list(answer.hunks),
            "more_lines": answer.more_lines,
            "look": None if answer.look is None else {**seen, **answer.look},
        }

    async def rewrite(self, map_id: str, wish: Request | Sounds, told: Callable[[float], object]) -> Json:
        """Proposals for a section or its hit sounds; `told` hears how much is done. Raises `Refused`."""
        tracked = self.get(map_id)
        if tracked.archive is not None:
            raise Refused(Code.READ_ONLY, "Maps in an archive cannot be changed; unpack it first.")
        if self._writer.is_full:
            raise Refused(Code.TOO_MANY, f"{MOST_WAITING} sections wait to be written already; try again in a moment.")
        answer: Rewritten | Unwritten | Missed = Missed("it is being written", again=True)
        looks = 0
        while isinstance(answer, Missed) and answer.again and looks < MOST_LOOKS:
            if looks:
                await asyncio.sleep(QUIET_SECONDS)
            looks += 1
            texts = self._texts(tracked.path)
            question = Write(tracked.path, texts, wish) if isinstance(wish, Request) else WriteSounds(tracked.path, texts, wish)
            answer = await self._writer.ask(question, told)
        if isinstance(answer, Unwritten):
            raise Refused(answer.code, answer.reason)
        if isinstance(answer, Missed):
            raise Refused(Code.FAILED, printable(answer.reason[:1].upper() + answer.reason[1:] + "."))
        shown = tracked.shown.replace(os.sep, "/")
        return {
            "map": map_id,
            "start_ms": answer.start,
            "end_ms": answer.end,
            "song": answer.song,
            "notices": list(answer.notices),
            "proposals": [
                {
                    "proposal": self._proposals.add(tracked.path, each.proposed),
                    "title": each.proposed.title,
                    "safety": each.proposed.safety,
                    "diff": each.proposed.diff,
                    "hunks": list(each.proposed.hunks),
                    "more_lines": each.proposed.more_lines,
                    "look": each.proposed.look,
                    **each.about,
                    "command": command_line(shown, wish, each.about["candidate"]),
                }
                for each in answer.candidates
            ],
        }

    async def apply(self, number: str) -> Json:
        """Changes a map as proposed. Raises `Refused`; then the map stands as it was."""
        if not self.edits:
            raise Refused(Code.NOT_ALLOWED, "Maps are not changed from here; start maimod serve with --allow-edits to allow it.")
        # Nobody else may apply it at the same time: an editor would make the change twice.
        pending = self._proposals.take(number)
        if pending is None:
            raise Refused(Code.NO_SUCH_PROPOSAL, "There is no such proposal any more; ask for it again.")
        try:
            return await self._apply(number, pending)
        except Refused:
            self._proposals.put(number, pending)
            raise

    async def _apply(self, number: str, pending: Pending) -> Json:
        if pending.proposed.safety == "display":
            raise Refused(Code.NOT_ALLOWED, "This fix only shows what could be done; it is made by hand.")
        tracked = self._maps.get(pending.path)
        root = self._root_of(pending.path)
        if tracked is None or root is None or not stays_inside(pending.path, root):
            raise Refused(Code.NO_SUCH_MAP, "There is no such map any more.")
        opened = self._opened.get(pending.path)
        by = "editor" if opened is not None else "daemon"
        if opened is not None:
            await self._edit_in_editor(number, pending, opened)
        else:
            await self._edit_on_disk(pending)
        self.applied({"type": "applied", "proposal": number, "map": tracked.id, "title": pending.proposed.title})
        return {"proposal": number, "by": by}

    async def _edit_on_disk(self, pending: Pending) -> None:
        name = os.path.basename(pending.path)
        try:
            await asyncio.to_thread(replace_map, pending.path, pending.proposed.before, pending.proposed.after)
        except Changed:
            raise Refused(Code.CHANGED, f"{name} was changed since this was proposed; ask for it again.") from None
        except FileNotFoundError:
            raise Refused(Code.NO_SUCH_MAP, f"{name} is not there any more.") from None
        except OSError as trouble:
            reason = trouble.strerror or str(trouble)
            raise Refused(Code.CANNOT_WRITE, f"{name} could not be written ({reason}); it stands as it was.") from None
        self.watcher.touch([pending.path])

    async def _edit_in_editor(self, number: str, pending: Pending, opened: Opened) -> None:
        name = os.path.basename(pending.path)
        if opened.text != pending.proposed.before:
            raise Refused(Code.CHANGED, f"{name} was changed since this was proposed; ask for it again.")
        if opened.edit is None:
            raise Refused(Code.NOT_ALLOWED, f"{name} is open in an editor that takes no edits from here; apply the fix there.")
        message: Json = {
            "type": "edit",
            "proposal": number,
            "path": pending.path,
            "version": opened.version,
            "title": pending.proposed.title,
            "edits": list(pending.proposed.edits),
        }
        try:
            async with asyncio.timeout(EDITOR_SECONDS):
                done = await opened.edit(message)
        except TimeoutError:
            raise Refused(Code.FAILED, f"The editor that has {name} open did not answer.") from None
        if not done:
            raise Refused(Code.FAILED, f"The editor that has {name} open did not make the change.")

    # Dismissals

    async def dismiss(self, map_id: str, key: str, scope: str) -> bool:
        """Whether the dismissal is written; it holds in any case. Raises `Refused`."""
        tracked, noted = self._found(map_id, key)
        entry = noted.dismissal if scope == "here" else in_whole_map(noted.finding.name, tracked.name)
        self.keeping.add(tracked.folder, entry)
        return await self._keep(tracked.folder)

    async def restore(self, map_id: str, key: str) -> bool:
        """The same for taking back all dismissals that the finding falls under. Raises `Refused`."""
        tracked, noted = self._found(map_id, key)
        self.keeping.remove(tracked.folder, self.keeping.by(tracked.folder, noted, tracked.name))
        return await self._keep(tracked.folder)

    async def _keep(self, folder: str) -> bool:
        self._publish_folder(folder)
        saved = await self._write_dismissals(folder)
        if not saved and (self._retrying is None or self._retrying.done()):
            self._retrying = asyncio.get_running_loop().create_task(self._retry())
        return saved

    async def _write_dismissals(self, folder: str) -> bool:
        try:
            await asyncio.to_thread(self.keeping.write, folder)
        except OSError as trouble:
            reason = trouble.strerror or str(trouble)
            self._say("error", f"What you dismissed in {folder} cannot be written ({reason}); it holds, and maimod tries again.")
            return False
        except ValueError as trouble:
            self._say("error", f"{printable(str(trouble))}.")
            return False
        return True

    async def _retry(self) -> None:
        while self.keeping.pending:
            await asyncio.sleep(RETRY_SECONDS)
            for folder in self.keeping.pending:
                if await self._write_dismissals(folder):
                    self._said = {each for each in self._said if f"in {folder} cannot be written" not in each}

    async def _known_dismissals(self, folder: str) -> None:
        if not self.keeping.knows(folder):
            await asyncio.to_thread(self.keeping.load, folder)

    def _load_dismissals(self, folder: str) -> None:
        """The file was written, by us or by another program."""
        if self.keeping.load(folder):
            self._publish_folder(folder)

    def _publish_folder(self, folder: str) -> None:
        for map_id in list(self._folders.get(folder, ())):
            self._publish(self._maps[self._ids[map_id]])


def _said(judged: Judged) -> Json:
    """What clients are told of the model once it has spoken."""
    said = printable(judged.fault or "; ".join(judged.gaps))
    sentence = said[:1].upper() + said[1:].rstrip(".") + "." if said else None
    return {"state": "failed" if judged.fault else "ready", "message": sentence}


def _shown(answer: Answer) -> Json | None:
    return answer.result if isinstance(answer, Shown) else None


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)

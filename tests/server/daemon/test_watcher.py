"""Whatever way a file is changed in, the watcher tells of it once it stands still, by notices of the system and by polling."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest

from server.daemon import watcher as module
from server.daemon.watcher import Changes, Watcher, told_of

WAIT = 10.0


class Watched:
    """A watcher and what it told so far."""

    def __init__(self, poll: float | None) -> None:
        self.watcher = Watcher(self._hear, self.said_append, poll)
        self.told: list[Changes] = []
        self.said: list[str] = []
        self._new = asyncio.Event()

    def said_append(self, sentence: str) -> None:
        self.said.append(sentence)

    def _hear(self, changes: Changes) -> None:
        self.told.append(changes)
        self._new.set()

    def newest(self, path: Path) -> object:
        """How the file stood when it was last told of; "never" where it was not."""
        found: object = "never"
        for changes in self.told:
            found = changes.files.get(str(path), found)
        return found

    async def until(self, fits: Callable[[], bool]) -> None:
        async with asyncio.timeout(WAIT):
            while not fits():
                self._new.clear()
                await self._new.wait()

    def count(self, path: Path) -> int:
        return sum(str(path) in changes.files for changes in self.told)


Scenario = Callable[[Watched, Path], Coroutine[object, object, None]]


def watch(folder: Path, poll: float | None, scenario: Scenario) -> None:
    async def run() -> None:
        watched = Watched(poll)
        watched.watcher.add(str(folder))
        task = asyncio.create_task(watched.watcher.run())
        await watched.until(lambda: bool(watched.told) and watched.told[0].listed == (str(folder),))
        await scenario(watched, folder)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())


@pytest.fixture(params=[None, 0.1], ids=["notices", "polling"])
def poll(request: pytest.FixtureRequest) -> float | None:
    wanted: float | None = request.param
    return wanted


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "songs"
    made.mkdir()
    return Path(os.path.realpath(made))


def test_the_files_that_are_there_are_told_at_the_beginning(folder: Path, poll: float | None) -> None:
    (folder / "set").mkdir()
    (folder / "set" / "a.osu").write_text("x")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "b.osu").write_text("x")

    async def scenario(watched: Watched, _: Path) -> None:
        assert list(watched.told[0].files) == [str(folder / "set" / "a.osu")]

    watch(folder, poll, scenario)


def test_a_new_file_a_save_and_a_save_by_way_of_another_name_are_told(folder: Path, poll: float | None) -> None:
    path = folder / "a.osu"

    async def scenario(watched: Watched, _: Path) -> None:
        path.write_text("one")
        await watched.until(lambda: isinstance(watched.newest(path), tuple))
        path.write_text("three")
        await watched.until(lambda: (watched.newest(path) or (0, 0))[1] == 5)  # type: ignore[index]
        (folder / "a.osu.tmp").write_text("sixteen")
        (folder / "a.osu.tmp").replace(path)
        await watched.until(lambda: (watched.newest(path) or (0, 0))[1] == 7)  # type: ignore[index]
        # The file was there all the time.
        assert all(changes.files.get(str(path), "") is not None for changes in watched.told)

    watch(folder, poll, scenario)


def test_a_folder_that_is_moved_in_renamed_and_deleted_is_told_with_its_files(folder: Path, poll: float | None) -> None:
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "a.osu").write_text("x")

    async def scenario(watched: Watched, _: Path) -> None:
        outside.rename(folder / "set")
        await watched.until(lambda: isinstance(watched.newest(folder / "set" / "a.osu"), tuple))
        (folder / "set").rename(folder / "other")
        await watched.until(lambda: isinstance(watched.newest(folder / "other" / "a.osu"), tuple))
        await watched.until(lambda: watched.newest(folder / "set" / "a.osu") is None or watched.newest(folder / "set") is None)
        shutil.rmtree(folder / "other")
        await watched.until(lambda: watched.newest(folder / "other" / "a.osu") is None)

    watch(folder, poll, scenario)


def test_a_folder_that_vanishes_is_told_and_again_when_it_is_back(folder: Path, poll: float | None) -> None:
    (folder / "a.osu").write_text("x")

    async def scenario(watched: Watched, _: Path) -> None:
        away = folder.parent / "away"
        await asyncio.to_thread(folder.rename, away)
        await watched.until(lambda: watched.told[-1].lost == (str(folder),))
        (away / "b.osu").write_text("y")
        away.rename(folder)
        await watched.until(lambda: watched.told[-1].listed == (str(folder),))
        assert set(watched.told[-1].files) == {str(folder / "a.osu"), str(folder / "b.osu")}
        (folder / "b.osu").write_text("again")
        await watched.until(lambda: (watched.newest(folder / "b.osu") or (0, 0))[1] == 5)  # type: ignore[index]

    watch(folder, poll, scenario)


def test_a_burst_of_saves_is_told_seldom_and_ends_at_the_last(folder: Path) -> None:
    path = folder / "a.osu"

    async def scenario(watched: Watched, _: Path) -> None:
        for number in range(1, 101):
            path.write_text("x" * number)
            await asyncio.sleep(0.005)
        await watched.until(lambda: (watched.newest(path) or (0, 0))[1] == 100)  # type: ignore[index]
        assert watched.count(path) <= 5

    watch(folder, None, scenario)


def test_a_map_that_is_empty_for_a_moment_is_not_told(folder: Path) -> None:
    path = folder / "a.osu"
    path.write_text("whole")

    async def scenario(watched: Watched, _: Path) -> None:
        path.write_text("")
        await asyncio.sleep(0.3)
        path.write_text("whole again")
        await watched.until(lambda: (watched.newest(path) or (0, 0))[1] == 11)  # type: ignore[index]
        assert all((changes.files.get(str(path)) or (0, 1))[1] != 0 for changes in watched.told)

    watch(folder, None, scenario)


def test_a_change_that_the_system_kept_to_itself_is_found(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LISTING_SECONDS", 0.2)
    monkeypatch.setattr(module, "THERE_SECONDS", 0.1)

    def deaf(*_: object) -> None:
        """Notices of the system get lost."""

    monkeypatch.setattr(Watcher, "_hear", deaf)
    path = folder / "a.osu"

    async def scenario(watched: Watched, _: Path) -> None:
        path.write_text("x")
        await watched.until(lambda: isinstance(watched.newest(path), tuple))
        path.unlink()
        await watched.until(lambda: watched.newest(path) is None)

    watch(folder, None, scenario)


def test_a_system_without_notices_is_told_of_and_the_listing_does(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from watchdog.observers.api import BaseObserver

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(module, "LISTING_SECONDS", 0.2)
    monkeypatch.setattr(module, "THERE_SECONDS", 0.1)
    monkeypatch.setattr(BaseObserver, "schedule", full)

    async def scenario(watched: Watched, _: Path) -> None:
        (folder / "a.osu").write_text("x")
        await watched.until(lambda: isinstance(watched.newest(folder / "a.osu"), tuple))
        assert len(watched.said) == 1
        assert "inotify watch limit reached" in watched.said[0]

    watch(folder, None, scenario)


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("s/a.osu", True),
        ("s/audio.mp3", True),
        ("s/.maimod/dismissed.toml", True),
        ("s/dismissed.toml", False),
        ("s/maimod.toml", True),
        ("s/a.osu.tmp", False),
        ("s/a.osu.bak", False),
        ("s/.x.swp", False),
        ("s/.maimod-1.tmp", False),
    ],
)
def test_only_what_findings_depend_on_is_told(path: str, wanted: bool) -> None:
    assert told_of(path) is wanted

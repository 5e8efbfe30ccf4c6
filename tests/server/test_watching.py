from __future__ import annotations

from pathlib import Path
from threading import Event, Thread

import pytest

from server.watching import folders_of, matters, watch_forever
from tests.server.maps import maimod, put


def test_a_saved_map_is_looked_at_again(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", "")
    seen = [Event(), Event()]
    count = 0

    def act() -> None:
        nonlocal count
        seen[count].set()
        count += 1
        if count == len(seen):
            raise KeyboardInterrupt

    def watch() -> None:
        with pytest.raises(KeyboardInterrupt):
            watch_forever({str(tmp_path): True}, act)

    watcher = Thread(target=watch)
    watcher.start()
    assert seen[0].wait(10)
    path.write_text("changed", encoding="utf-8")
    assert seen[1].wait(10)
    watcher.join(10)
    assert not watcher.is_alive()


def test_there_must_be_something_to_watch(tmp_path: Path) -> None:
    for path in ("-", tmp_path / "none" / "a.osu"):
        result = maimod("check", "--watch", path)
        assert result.exit_code == 2
        assert "--watch needs a map or a folder that exists" in result.stderr


def test_what_findings_do_not_depend_on_is_ignored() -> None:
    assert all(map(matters, ["a.osu", "song.ini", "maimod.toml", ".maimod/dismissed.toml", "bg.jpg"]))
    assert not any(map(matters, [".maimod-x.tmp", "a.osu.bak", "a.osu~", ".hidden"]))


def test_the_folder_of_a_map_is_watched_and_a_folder_with_all_below(tmp_path: Path) -> None:
    path = put(tmp_path, "one/a.osu", "")
    folder = tmp_path / "two"
    folder.mkdir()
    assert folders_of([str(path), str(folder)]) == {str(path.parent): False, str(folder): True}

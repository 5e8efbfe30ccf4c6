from __future__ import annotations

from pathlib import Path

import pytest

from server import closed_files
from server.closed_files import Scope, folders_with_maps
from server.convert import Measure
from server.worker import desk
from server.worker.desk import Desk
from server.worker.questions import Check, Checked
from tests.server.maps import put, quiet_text, sound_text


def folders(*roots: Path, scope: Scope = Scope.SET) -> set[str]:
    return set(folders_with_maps([str(root) for root in roots], scope).values())


def test_a_small_workspace_is_covered_and_a_large_one_only_when_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two/deep", ".git"):
        put(tmp_path / name, "a.osu", sound_text())
    put(tmp_path / "three", "readme.txt", "")
    both = {str(tmp_path / "one"), str(tmp_path / "two" / "deep")}
    assert folders(tmp_path) == both
    assert folders(tmp_path, scope=Scope.FILE) == set()
    monkeypatch.setattr(closed_files, "MOST_IN_WORKSPACE", 1)
    assert folders(tmp_path) == set()
    assert folders(tmp_path, scope=Scope.WORKSPACE) == both


def test_a_home_folder_is_not_searched_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(30):
        (tmp_path / f"{number:02}").mkdir()
    put(tmp_path / "zz", "a.osu", sound_text())
    monkeypatch.setattr(closed_files, "MOST_FOLDERS", 10)
    assert folders(tmp_path) == set()


def test_the_worker_forgets_the_maps_of_folders_that_it_left(tmp_path: Path) -> None:
    asked = Desk()
    for number in range(8):
        path = put(tmp_path / str(number), "a.osu", quiet_text())
        (answer,) = asked.serve((), Check(str(path), {"surprisal": False}, Measure.UTF8))  # type: ignore[misc]
        assert isinstance(answer, Checked) and answer.report is not None and answer.report.remarks
    kept = asked._neighbourhood._siblings  # pyright: ignore[reportPrivateUsage]
    assert len(kept) == desk.MOST_KEPT_FOLDERS


def test_a_file_that_is_gone_or_no_map_is_answered(tmp_path: Path) -> None:
    answer = Desk().serve((), Check(str(tmp_path / "gone.osu"), {}, Measure.UTF8))
    assert answer == (Checked(None),)
    path = put(tmp_path, "a.osu", "\x00 no map")
    (checked,) = Desk().serve((), Check(str(path), {"surprisal": False}, Measure.UTF8))  # type: ignore[misc]
    assert isinstance(checked, Checked) and checked.report is not None

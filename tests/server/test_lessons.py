from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from server.lessons import Lessons
from server.reading import Unreadable
from tests.server.maps import put, quiet_text


def test_features_are_found_by_the_path_with_slashes(tmp_path: Path) -> None:
    put(tmp_path / "maps" / "set", "a.osu", quiet_text())
    np.save(tmp_path / "song.npy", np.zeros((5, 32), np.uint8))
    put(tmp_path, "index.json", json.dumps({"set/a.osu": "song"}))
    [source] = Lessons(str(tmp_path / "maps"), features=str(tmp_path)).sources()
    assert source.path == "set/a.osu"
    assert source.song is not None
    assert source.song.shape == (5, 32)


@pytest.mark.parametrize("text", ["no JSON", "[]"])
def test_an_index_that_cannot_be_read_is_one_sentence(tmp_path: Path, text: str) -> None:
    put(tmp_path, "index.json", text)
    with pytest.raises(Unreadable, match=r"index\.json: is no JSON object of maps and their songs"):
        list(Lessons(str(tmp_path), features=str(tmp_path)).sources())


def test_of_a_manifest_only_human_maps_count_and_valid_ones_are_marked(tmp_path: Path) -> None:
    rows = [{"path": f"{name}.osu", "split": split} for name, split in (("a", "train"), ("b", "valid"), ("c", "test"))]
    rows.append({"path": "d.osu", "split": "train", "category": "edgecase"})
    for row in rows:
        put(tmp_path, row["path"], quiet_text())
    put(tmp_path, "manifest.jsonl", "\n".join(map(json.dumps, rows)))
    found = list(Lessons(str(tmp_path), str(tmp_path / "manifest.jsonl"), audio=False).sources())
    assert [(source.path, source.valid) for source in found] == [("a.osu", False), ("b.osu", True)]

from __future__ import annotations

from pathlib import Path

import pytest

import maimod
from tests.server.maps import QUIET, put, quiet_text, sound_text


def test_what_is_exported_is_there() -> None:
    assert all(hasattr(maimod, name) for name in maimod.__all__)


def test_maps_are_checked_from_python(tmp_path: Path) -> None:
    put(tmp_path, "a.osu", quiet_text())
    put(tmp_path, "b.osu", sound_text("Easy"))
    answer = maimod.check(tmp_path, tmp_path / "none.osu", select=["T105"])
    [first, second] = answer
    assert (first.mode, first.artist, first.title, first.difficulty) == ("osu", "Band", "Song", "Hard")
    [finding] = first.findings
    assert (finding.name, finding.severity, finding.time_ms) == (QUIET, "error", 1000)
    assert quiet_text().split("\n")[finding.line] == "1000,-100,4,1,0,2,0,0"
    assert finding.fixes == (maimod.Fix("Set the volume to 5 %", "safe"),)
    assert second.findings == ()
    assert answer.unreadable == (maimod.UnreadablePath(str(tmp_path / "none.osu"), "does not exist"),)


def test_unknown_names_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no rule 'nonsense'"):
        maimod.check(tmp_path, select=["nonsense"])
    with pytest.raises(ValueError, match="there is no standard 'osu'; there are ranking, lazer, clone-hero"):
        maimod.check(tmp_path, standard="osu")

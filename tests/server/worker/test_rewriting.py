"""What whoever waits for the worker hears of hit sounds while they are written."""

from __future__ import annotations

from functools import cache
from itertools import count
from pathlib import Path

import pytest

from analyzers.analysis import Choices
from formats.beatmap import Beatmap
from formats.mapset import Difficulty, Mapset
from models.bundled.sampling import Cancelled
from models.bundled.scoring import Scorer
from server import hitsounding
from server.rewritable import Rewritable
from server.settings import Settings
from server.songs import Songs
from server.worker.questions import CheckTiming, Sounds, TimingChecked, WriteSounds
from server.worker.writing import write
from tests.generation import maps
from tests.generation.bands import RATE, Stretch, band
from tests.models import tiny
from tests.models.clicks import file_of

NOTES = 600
QUESTION = WriteSounds(
    uri="file:///a.osu",
    settings=Settings(),
    start=None,
    end=None,
    parts=("additions", "sets", "volumes"),
    add=False,
    share=0.8,
    seed=0,
    temperature=1.0,
    source="",
    audio=None,
)


@cache
def scorer(weights: str | None = None) -> Scorer:  # noqa: ARG001  as `server.writers` has it
    return Scorer.load(str(tiny.WEIGHTS))


@pytest.fixture(autouse=True)
def _small_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hitsounding, "scorer", scorer)


def around() -> Rewritable:
    difficulty = Difficulty("a.osu", Beatmap.from_text(maps.osu("osu", NOTES, 1)))
    return Rewritable("a.osu", Choices(), difficulty, Mapset((difficulty,)), files={})


def test_hit_sounds_tell_how_far_they_are() -> None:
    shares: list[float] = []
    answer = write(QUESTION, around(), Songs(), shares.append, lambda: False)
    assert isinstance(answer, Sounds) and answer.edits
    assert shares == sorted(shares) and (shares[0], shares[-1]) == (0.0, 1.0)
    assert len({int(100 * share) for share in shares}) > 10


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_hit_sounds_end_where_nobody_waits(share: float) -> None:
    shares: list[float] = []
    with pytest.raises(Cancelled):
        write(QUESTION, around(), Songs(), shares.append, lambda: bool(shares) and shares[-1] >= share)
    assert shares[-1] < 1


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("song") / "song.wav"
    path.write_bytes(file_of(band([Stretch(174.0, 812, 89_000)], 90), RATE))
    return path


@pytest.fixture(params=[CheckTiming("file:///a.osu", Settings()), CheckTiming("file:///a.osu", Settings(), anew=True)])
def timing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CheckTiming:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found: CheckTiming = request.param
    return found


def test_timing_tells_how_far_it_is_and_looks_often_whether_it_is_wanted(timing: CheckTiming, song: Path) -> None:
    shares: list[float] = []
    looks = count()
    answer = write(timing, around(), Songs(str(song)), shares.append, lambda: next(looks) < 0)
    assert isinstance(answer, TimingChecked) and answer.rows
    assert shares == sorted(shares) and (shares[0], shares[-1]) == (0.0, 1.0) and len(shares) > 4
    # Decoding tells nothing, and can be ended every ten seconds of the song.
    assert next(looks) > len(shares) + 8


@pytest.mark.parametrize("look", [0, 3, 10])
def test_timing_ends_where_nobody_waits(timing: CheckTiming, song: Path, look: int) -> None:
    looks = count()
    with pytest.raises(Cancelled):
        write(timing, around(), Songs(str(song)), lambda share: None, lambda: next(looks) >= look)  # noqa: ARG005
    assert next(looks) == look + 1

"""What whoever waits for the worker hears of hit sounds while they are written."""

from __future__ import annotations

from functools import cache

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
from server.worker.questions import Sounds, WriteSounds
from server.worker.writing import write
from tests.generation import maps
from tests.models import tiny

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

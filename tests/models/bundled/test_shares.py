from __future__ import annotations

import numpy as np

from models.bundled.fields import COLUMN, FIELDS
from models.bundled.pens.shares import Shares

LANES = FIELDS[COLUMN["lane"]].size


def test_what_a_network_prefers_is_brought_to_the_usual_shares() -> None:
    wanted = np.array([0.2, 0.25, 0.25, 0.2, 0.1])
    network = np.array([2.0, 1.0, 0.0, -1.0, -1.5])
    dice, shares, counts = np.random.default_rng(0), Shares({"lane": wanted}), np.zeros(5)
    for _ in range(2000):
        leaning = shares.leaning("lane")
        assert leaning is not None
        chances = np.exp(network + leaning[:5])
        lane = int(dice.choice(5, p=chances / chances.sum()))
        shares.take("lane", lane)
        counts[lane] += 1
    assert np.abs(counts / counts.sum() - wanted).max() < 0.1


def test_the_last_share_stands_for_all_further_categories() -> None:
    shares = Shares({"lane": np.array([0.8, 0.2])})
    for _ in range(20):
        shares.take("lane", 0)
    leaning = shares.leaning("lane")
    assert leaning is not None
    assert leaning.shape == (LANES,)
    assert leaning[0] < 0 < leaning[1]
    assert (leaning[1:] == leaning[1]).all()


def test_nothing_is_said_of_other_fields() -> None:
    shares = Shares({})
    shares.take("lane", 1)
    assert shares.leaning("lane") is None

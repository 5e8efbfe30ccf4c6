from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from analyzers.finding import Severity
from analyzers.surprising.rarity import LEVELS, OWN_SURPRISAL, TAUGHT, rarities, severity_of, shown_from, table
from models.bundled.fields import NAMES, Family
from models.training.mistakes import OF_FAMILY


@pytest.mark.parametrize("family", Family)
def test_the_detector_was_taught_what_findings_go_by(family: Family) -> None:
    assert TAUGHT[family] == {name for name, _ in OF_FAMILY[family]}


@pytest.mark.parametrize("family", Family)
def test_more_evidence_is_rarer(family: Family) -> None:
    for name in (*TAUGHT[family], *OWN_SURPRISAL):
        assert all(low < high for low, high in pairwise(table(family, name)))


def test_a_table_holds_the_evidence_of_each_rarity() -> None:
    levels = table(Family.OSU, "position")
    found = rarities({"position": np.array([levels[0], levels[5], levels[-1] + 3, -99, np.nan])}, Family.OSU)["position"]
    assert np.allclose(found, [LEVELS[0], LEVELS[5], LEVELS[-1] + 3, 0, -np.inf])


@pytest.mark.parametrize("family", Family)
def test_the_default_lies_within_the_table(family: Family) -> None:
    assert LEVELS[0] < shown_from(family) < LEVELS[-1]


def test_severities_are_bands_of_the_probability() -> None:
    grades = [severity_of(chance) for chance in (None, 0.0, 0.99)]
    assert grades == [Severity.HINT, None, Severity.WARNING]


def test_own_surprisal_is_of_fields() -> None:
    assert set(OWN_SURPRISAL) <= set(NAMES)

from __future__ import annotations

import pytest

from generation.request import DENSITIES, CannotWrite, Request
from tests.generation import maps


def test_a_handful_of_notes_does_not_make_the_map_said_to_be_denser_than_may_be_asked_for() -> None:
    subject = maps.subject("osu")
    times = sorted({note.time for note in subject.sheet(Request(9_000.0, 15_000.0)).notes})
    time = float(times[60])
    assert subject.sheet(Request(time - 2, time + 8, density=None)).density == DENSITIES[1]


@pytest.mark.parametrize("family", maps.FAMILIES)
def test_what_is_added_to_cannot_stay_as_dense_as_it_is(family: str) -> None:
    request = Request(9_000.0, 15_000.0, maps.TRACKS.get(family, ""), add=True, density=None)
    with pytest.raises(CannotWrite, match="added notes make the section denser than it is"):
        maps.subject(family).sheet(request)

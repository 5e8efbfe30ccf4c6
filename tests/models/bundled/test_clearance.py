from __future__ import annotations

import numpy as np

from models.bundled.pens.clearance import Clearance
from models.bundled.pens.hand import Hand
from models.bundled.pens.notes import Placed
from tests.generation import maps
from tests.generation.test_sections import request


def hand_after(*places: complex, step: float = 200.0) -> Hand:
    """A hand that wrote circles at these places, `step` ms apart, and turns to the next."""
    page = maps.subject("osu").sheet(request("osu")).page
    hand = Hand(page, np.random.default_rng(0))
    for number, place in enumerate(places):
        note = Placed(time=number * step, end=number * step, place=place, tail=place)
        hand.move(note)
        hand.known.append(note)
        hand.time = note.time
    hand.note = Placed(time=len(places) * step)
    return hand


def test_a_head_keeps_clear_of_what_is_still_seen_unless_it_is_stacked() -> None:
    clearance = Clearance(hand_after(100 + 100j, 300 + 300j))
    clear = clearance.heads(np.array([100 + 100j, 120 + 100j, 100 + 250j]))
    assert clear.tolist() == [True, False, True]


def test_what_is_no_longer_seen_may_be_covered() -> None:
    clearance = Clearance(hand_after(100 + 100j, 300 + 300j, step=3_000.0))
    assert clearance.heads(np.array([120 + 100j])).tolist() == [True]


def test_the_object_before_may_be_near() -> None:
    clearance = Clearance(hand_after(100 + 100j, 300 + 300j))
    assert clearance.heads(np.array([310 + 300j])).tolist() == [True]

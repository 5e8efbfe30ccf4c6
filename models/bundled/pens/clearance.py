"""Places that keep clear of the objects that are still to be seen, for maps in which nothing tells how else they overlap."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.bundled.pens.hand import Hand
from models.bundled.pens.page import Mask
from models.bundled.scenes import KIND_AT, SLIDER

# Objects are seen for this share of the time for which they approach, and keep so many radii from each other; what lies on
# another within so many osu!pixels is a stack.
SEEN, APART, STACKED = 0.7, 1.6, 3.0
# At most so many objects are looked back at.
LOOKED_AT = 6
# Points of a slider from head to tail.
ALONG = np.linspace(0, 1, 5)


class Clearance:
    def __init__(self, hand: Hand) -> None:
        self.hand = hand
        condition = hand.page.scene.condition
        rate = 10 * float(condition[2])
        self._lasting = SEEN * (1800 - 120 * rate if rate < 5 else 1950 - 150 * rate)
        self._apart = APART * (54.4 - 44.8 * float(condition[1]))

    def heads(self, points: NDArray[np.complex128]) -> Mask:
        """(…) whether a head at each point keeps clear. The object before may be near: how far it is, is told otherwise."""
        return self._clear(points, self._seen(before=False))

    def tails(self, points: NDArray[np.complex128]) -> Mask:
        """(n,) whether a slider from the note to each point keeps clear, and does not lead back to where the player came from."""
        place = self.hand.note.place
        seen = self._seen(before=True)
        far = seen[np.abs(seen - place) > self._apart]
        return self._clear(points, far) & self._clear((points + place) / 2, far)

    def _clear(self, points: NDArray[np.complex128], seen: NDArray[np.complex128]) -> Mask:
        if not len(seen):
            return np.ones(points.shape, bool)
        ways = np.abs(points[..., None] - seen)
        return np.asarray(((ways >= self._apart) | (ways <= STACKED)).all(axis=-1), bool)

    def _seen(self, *, before: bool) -> NDArray[np.complex128]:
        """(n,) points of the objects that are seen when the note is; of the one before it only what is not near its end."""
        hand = self.hand
        found: list[NDArray[np.complex128]] = []
        for back, note in enumerate(reversed(hand.known[-LOOKED_AT:])):
            if note.end < hand.note.time - self._lasting:
                break
            long = note.columns[KIND_AT] == SLIDER
            points = note.place + ALONG * (note.tail - note.place) if long else np.array([note.place])
            if back == 0 and not before:
                points = points[np.abs(points - hand.leave) > self._apart]
            found.append(points.astype(np.complex128))
        return np.concatenate(found) if found else np.zeros(0, np.complex128)

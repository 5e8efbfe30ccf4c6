"""Notes while a map is written, and as a scene."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from models.bundled.scenes import NONE, RAW, Scene

# The middle of the playfield.
MIDDLE = complex(256, 192)
RAW_AT = {name: at for at, name in enumerate(RAW)}


@dataclass(slots=True)
class Placed:
    """A note, standing or being written. `given`: it stands and stays; `source`: the note of the scene that it is made from,
    −1 for none."""

    time: float = 0.0
    exact: float = 0.0
    tick: int = -1
    gap: int = 0
    end: float = 0.0
    place: complex = MIDDLE
    tail: complex = MIDDLE
    speed: float = 1.0
    source: int = -1
    given: bool = False
    columns: list[int] = field(default_factory=lambda: [NONE] * len(RAW))
    way: float = 0.0


def standing(scene: Scene, at: int) -> Placed:
    """A note of the scene."""
    return Placed(
        float(scene.time[at]), float(scene.time[at]), -1, 0, float(scene.end[at]), complex(scene.x[at], scene.y[at]),
        complex(scene.tail_x[at], scene.tail_y[at]), float(scene.speed[at]), at, given=True, columns=scene.columns[at].tolist(),
    )  # fmt: skip


def scene_of_notes(scene: Scene, notes: Sequence[Placed]) -> Scene:
    """Other notes in a scene's place."""
    places: NDArray[np.complex128] = np.array([note.place for note in notes], np.complex128)
    tails: NDArray[np.complex128] = np.array([note.tail for note in notes], np.complex128)
    return replace(
        scene,
        time=np.array([note.time for note in notes], float),
        end=np.array([note.end for note in notes], float),
        x=places.real.copy(),
        y=places.imag.copy(),
        tail_x=tails.real.copy(),
        tail_y=tails.imag.copy(),
        speed=np.array([note.speed for note in notes], float),
        columns=np.array([note.columns for note in notes], np.int16).reshape(-1, len(RAW)),
    )

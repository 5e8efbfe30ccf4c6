"""Slider paths: Bézier, B-spline, Catmull, perfect-circle and linear runs, cut or stretched to their length."""

from __future__ import annotations

from collections.abc import Sequence

from formats.osu import Curve


class SliderPath:
    """A slider's path in osu!pixels. `length` None or 0 keeps the natural length of the curve."""

    def __init__(self, x: float, y: float, curves: Sequence[Curve], length: float | None) -> None:
        raise NotImplementedError

    @property
    def natural_length(self) -> float:
        """The length of the curve as drawn by its control points, before it is cut or stretched."""
        raise NotImplementedError

    @property
    def length(self) -> float:
        raise NotImplementedError

    @property
    def points(self) -> list[tuple[float, float]]:
        """The flattened path from the head to the tail, cut or stretched to `length`."""
        raise NotImplementedError

    @property
    def end(self) -> tuple[float, float]:
        raise NotImplementedError

    def position_at(self, progress: float) -> tuple[float, float]:
        """The place at `progress` 0 (head) to 1 (tail) of the length."""
        raise NotImplementedError

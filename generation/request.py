"""What is asked for when a section is to be written anew."""

from __future__ import annotations

from dataclasses import dataclass, field

from generation.parts import Part

# What makes sense to the model, from and to: tamer to bolder, sparser to denser, the share of sounds that get an addition.
TEMPERATURES, SOUND_TEMPERATURES = (0.05, 3.0), (0.0, 8.0)
DENSITIES, SHARES = (0.1, 8.0), (0.01, 1.0)
# What clients say for a density of None.
OWN = "own"
MOST_SEED, MOST_LANES = 2**31, 18


class CannotWrite(Exception):
    """Why something cannot be written, in one sentence for the user; `in_terminal` also says what to type there."""

    def __init__(self, reason: str, advice: str = "") -> None:
        super().__init__(reason)
        self.in_terminal = reason + advice


@dataclass(frozen=True, slots=True)
class Request:
    """A section [start, end) in ms as played and how it is to be written anew; `track` names the one of a chart.

    `count` candidates are written from `seed`, with more or less `temperature` (1 = as sure as the model is). `density`: how
    many times as dense as the notes around, None: as dense as what stands there. `keep`: parts of the notes that stay.
    `add`: the notes that stand stay, others come between them. `lanes`: only these (mania columns and chart lanes from 0) are
    written, the notes of others stay; `lane_names` are the same as charters call them, such as kick. `kinds`: only these kinds of
    notes (`models.bundled.fields.KINDS`) are written.
    """

    start: float
    end: float
    track: str = ""
    seed: int = 0
    count: int = 3
    temperature: float = 1.0
    density: float | None = 1.0
    keep: frozenset[Part] = field(default_factory=frozenset[Part])
    add: bool = False
    lanes: frozenset[int] | None = None
    kinds: frozenset[str] | None = None
    lane_names: frozenset[str] = frozenset()

    def only(self, *parts: Part) -> Request:
        """The same, but nothing changes except these parts."""
        from dataclasses import replace

        return replace(self, keep=frozenset(Part) - {*parts})

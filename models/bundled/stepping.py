"""The forward tower and the heads a note at a time: what `Graphs` computes of a whole window, for whoever writes notes.

B maps that are written side by side; D width, H narrow width of the heads. A tower that is asked again for every note reads
all notes before it again; here their keys and values are kept. The arithmetic is that of
`models.bundled.network`, in numpy with the weights of the exported graphs; when made it is held against these graphs.
"""

# numpy's own annotations take what float32 arrays make for float64.
# pyright: reportArgumentType=false, reportAssignmentType=false, reportReturnType=false
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.bundled.fields import BARS, BEATS, COLUMN, FIELDS, PHASES, SIZES
from models.bundled.graphs import Graphs, Inputs, unarchived
from models.bundled.onnx_weights import Weights, weights_of
from models.bundled.rows import Rows

Numbers = NDArray[np.float32]
Categories = NDArray[np.int64]

# As in `models.bundled.network`.
LONGEST_BEATS, SHORTEST_BEATS = 128.0, 0.5
LONGEST_NOTES, SHORTEST_NOTES = 512.0, 4.0
NORM_EPSILON = 1e-5
# How far (as a share of the largest value) the arithmetic in here may be from that of the graphs.
TOLERANCE = 5e-3
MASKED = -1e4
# The time of a note is known to the fields after these three: gap, snap and error.
TIMED = COLUMN["error"] + 1
# Notes that a reading has room for at first.
ROOM = 288


class Unlike(ValueError):
    """The graphs are built otherwise than this program knows."""


_Norm = tuple[Numbers, Numbers]


@dataclass(frozen=True, slots=True)
class _Block:
    norm: _Norm
    mix: Numbers
    out: Numbers
    norm_after: _Norm
    widen: Numbers
    widen_bias: Numbers
    narrow: Numbers
    narrow_bias: Numbers


class Note(NamedTuple):
    """Notes as `Rows` has them: (…, F), (…), (…), (…, OWN), (…, SEEN), (…), (…, 256)."""

    values: Categories
    phase: Categories
    bar: Categories
    own: Numbers
    seen: Numbers
    beat: NDArray[np.float64]
    audio: Numbers

    def part(self, cut: slice | NDArray[np.intp]) -> Note:
        """Some of the notes."""
        return Note(
            self.values[cut], self.phase[cut], self.bar[cut], self.own[cut], self.seen[cut], self.beat[cut], self.audio[cut]
        )

    def along(self, axis: int) -> Note:
        """With an axis of 1 more: at 0 the notes of one map, at 1 one note of each of several."""
        return Note(*(np.expand_dims(each, axis) for each in self))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Asked:
    """What each head is asked of the next note of B maps, (B, F, H)."""

    family: int
    heads: Numbers


class Steps:
    """The network's forward tower and heads. May be used by several threads; a `Reading` belongs to one.

    `start` (D,) is the state before any note, `end` (D,) what is seen from behind where nothing is.
    """

    def __init__(self, graphs: Graphs, archive: bytes) -> None:
        """Raises `Unlike` where the arithmetic differs from that of the graphs."""
        parts, _ = unarchived(archive)
        try:
            self._learn(weights_of(parts["towers"]), weights_of(parts["heads"]))
        except (LookupError, ValueError, StopIteration) as trouble:
            raise Unlike("the graphs do not hold the weights that are expected") from trouble
        self._compare(graphs)

    def _learn(self, towers: Weights, heads: Weights) -> None:
        named = towers.named
        matrices = [matrix for _, matrix in towers.mixed]
        self._listen, self._numbers, _ = matrices[:3]
        self._numbers_bias = named["ahead_numbers.bias"]
        self.width = len(self._numbers_bias)
        self._ahead, self._ahead_starts = named["ahead.table.weight"], _starts((*SIZES, PHASES, BARS))
        self._family = named["family.weight"]
        self._condition, self._condition_bias = named["condition.weight"].T, named["condition.bias"]
        layers = (len(towers.norms) // 2 - 1) // 2
        self.blocks = [
            _block(named, f"forward_tower.blocks.{number}", matrices[3 + 4 * number :], towers.norms[2 * number :])
            for number in range(layers)
        ]
        self.norm = towers.norms[2 * layers]
        self.attention_heads = next(
            count for count in range(1, 65) if self.width % (4 * count) == 0 and _turns_in(named, self.width // count)
        )
        self._per_beat, self._per_note = _turns(self.width // self.attention_heads)
        self._learn_heads(heads)

    def _learn_heads(self, weights: Weights) -> None:
        named = weights.named
        matrices = [matrix for left, matrix in weights.mixed if left != "audio"]
        self._bridge, self._joined, self._joined_out, self._goes_on, self._goes_on_out, self._head_context = matrices[:6]
        heard = [matrix for left, matrix in weights.mixed if left == "audio"]
        self._heard = heard[0] if heard else named["heard.weight"].T
        self._bridge_bias, self._bridge_gap = named["bridge.bias"], named["bridge_gap.table.weight"]
        self._joined_bias, self._joined_out_bias = named["joined.0.bias"], named["joined.2.bias"]
        self._goes_on_bias = named["goes_on.0.bias"]
        self._head_norm = weights.norms[0]
        self._head_context_bias = named["head_context.bias"]
        self._known, self._mix, self._mix_bias = named["head_known"], named["head_mix"], named["head_mix_bias"][:, 0]
        self._out = [(named[f"head_out.{at}.weight"].T.copy(), named[f"head_out.{at}.bias"]) for at in range(len(SIZES))]
        self._decoded, self._decoded_starts = named["decoded.table.weight"], _starts(SIZES)
        self._place = named["place.table.weight"]
        edges = np.cumsum([0, *SIZES])
        bias = named["family_bias.weight"]
        self._family_bias = [bias[:, first:last] for first, last in pairwise(edges.tolist())]

    def _compare(self, graphs: Graphs) -> None:
        rng = np.random.default_rng(0)
        inputs = _example(rng, self.width)
        left, right = graphs.towers(inputs)[:2]
        self.start, self.end = left[0, 0].copy(), right[0, 0].copy()
        reading = Reading(self, int(inputs["family"][0]), inputs["condition"][0].astype(np.float32))
        count = inputs["values"].shape[1]
        note = _note(inputs)
        parts = [reading.read(note.part(cut).along(0))[0] for cut in (slice(0, 3), slice(3, 4), slice(4, None))]
        around: Inputs = {"before": left[:, :-1], "after": left[:, 1:], "note_ahead": left[:, 1:], "note_behind": left[:, 1:]}
        chances = graphs.heads({**inputs, **around})[0][0]
        family = int(inputs["family"][0])
        whole = self.whole(family, inputs["condition"][0].astype(np.float32))
        asked = self.asked(
            family, whole, left[0, :-1], left[0, 1:], inputs["bridge_gap"][0], inputs["bridge"][0], inputs["ahead"][0]
        )
        known = np.zeros((count, self._known.shape[1]), np.float32)
        begun = 0
        values = note.values
        for field, size in enumerate(SIZES):
            if field == TIMED:
                known = known + self.timed(note.phase, note.bar, note.audio)
            logits = self.logits(asked, field, known)
            expected = np.log(chances[:, begun : begun + size].clip(1e-12))
            if not _alike(logits - _log_sum(logits), expected):
                raise Unlike(f"the chances of field {FIELDS[field].name} differ from the graph's")
            known = known + self.decoded(field, values[:, field])
            begun += size
        if not _alike(np.concatenate(parts), left[0, 1:]):
            raise Unlike("the states of the notes differ from the graph's")

    def whole(self, family: int, condition: Numbers) -> Numbers:
        """What is said of a whole map, (D,)."""
        said: Numbers = self._family[family] + condition @ self._condition + self._condition_bias
        return said

    def embedded(self, notes: Note) -> Numbers:
        """(…, D) as the forward tower reads them, without what is said of the whole map."""
        columns = np.concatenate((notes.values, notes.phase[..., None], notes.bar[..., None]), axis=-1)
        numbers = np.concatenate((notes.own, notes.seen), axis=-1)
        told = self._ahead[columns + self._ahead_starts].sum(axis=-2) + notes.audio @ self._listen
        embedded: Numbers = told + numbers @ self._numbers + self._numbers_bias
        return embedded

    def rotary(self, beats: NDArray[np.float64], positions: NDArray[np.float64]) -> tuple[Numbers, Numbers]:
        """Cosines and sines, (B, L, 1, D / heads / 2)."""
        angles = np.concatenate((beats[..., None] * self._per_beat, positions[..., None] * self._per_note), axis=-1)
        return np.cos(angles).astype(np.float32)[:, :, None], np.sin(angles).astype(np.float32)[:, :, None]

    def asked(
        self,
        family: int,
        whole: Numbers,
        before: Numbers,
        after: Numbers,
        bridge_gap: Categories,
        bridge: Numbers,
        ahead: Numbers,
    ) -> Asked:
        """What is asked of B notes between two sides: (D,), (B, D) twice, (B,), (B, BRIDGE), (B, AHEAD)."""
        joined = _gelu(np.concatenate((before, after), axis=1) @ self._joined + self._joined_bias) @ self._joined_out
        context = joined + self._joined_out_bias + self._bridge_gap[bridge_gap] + bridge @ self._bridge + self._bridge_bias
        context = context + _gelu(ahead @ self._goes_on + self._goes_on_bias) @ self._goes_on_out + whole
        heads: Numbers = (
            _normed(context.astype(np.float32, copy=False), self._head_norm) @ self._head_context + self._head_context_bias
        )
        return Asked(family, heads.reshape(len(context), len(SIZES), -1))

    def timed(self, phase: Categories, bar: Categories, audio: Numbers) -> Numbers:
        """(B, H) what the fields after the first three know beside those: the place in beat and bar, what sounds there."""
        known = self._place[phase] + self._place[PHASES + 1 + bar] + audio @ self._heard
        return known.astype(np.float32, copy=False)

    def decoded(self, field: int, values: Categories) -> Numbers:
        """(B, H) what later fields know of a value (category + 1, 0 = does not apply)."""
        known: Numbers = self._decoded[self._decoded_starts[field] + values]
        return known

    def logits(self, asked: Asked, field: int, known: Numbers) -> Numbers:
        """(B, size of the field) given the sum of what is known, (B, H)."""
        stage = _gelu(asked.heads[:, field] + known * self._known[field])
        hidden = _gelu(stage @ self._mix[field] + self._mix_bias[field])
        weight, bias = self._out[field]
        logits: Numbers = hidden @ weight + bias + self._family_bias[field][asked.family]
        return logits


class Reading:
    """What the forward tower has read of B maps: the keys and values of their notes, all of the same number."""

    def __init__(self, steps: Steps, family: int, condition: Numbers) -> None:
        self._steps, self.family = steps, family
        self._whole = steps.whole(family, condition)
        self._held: list[tuple[Numbers, Numbers]] = []
        self.count = 0

    def spread(self, rows: NDArray[np.intp]) -> Reading:
        """Maps that go on from map `rows[i]` of this reading."""
        other = Reading.__new__(Reading)
        other._steps, other.family, other._whole, other.count = self._steps, self.family, self._whole, self.count
        other._held = [(keys[rows], values[rows]) for keys, values in self._held]
        return other

    def read(self, notes: Note) -> Numbers:
        """Reads L more notes of each map, (B, L, …) arrays: (B, L, D) the state behind each."""
        steps = self._steps
        heads, width = steps.attention_heads, steps.width
        maps, count = notes.beat.shape
        x = steps.embedded(notes) + self._whole
        positions = np.broadcast_to(np.arange(self.count, self.count + count, dtype=np.float64), (maps, count))
        cos, sin = steps.rotary(notes.beat, positions)
        hidden = np.triu(np.full((count, count), MASKED, np.float32), 1) if count > 1 else None
        for layer, block in enumerate(steps.blocks):
            mixed = (_normed(x, block.norm) @ block.mix).reshape(maps, count, 3, heads, width // heads)
            q = _turned(mixed[:, :, 0], cos, sin).transpose(0, 2, 1, 3)
            keys, values = self._hold(layer, _turned(mixed[:, :, 1], cos, sin), mixed[:, :, 2])
            weights = (q @ keys.transpose(0, 2, 3, 1)) * np.float32((width // heads) ** -0.5)
            if hidden is not None:
                weights[..., -count:] += hidden
            weights = np.exp(weights - weights.max(axis=-1, keepdims=True))
            weights /= weights.sum(axis=-1, keepdims=True)
            seen = (weights @ values.transpose(0, 2, 1, 3)).transpose(0, 2, 1, 3).reshape(maps, count, width)
            x = x + seen @ block.out
            x = x + _gelu(_normed(x, block.norm_after) @ block.widen + block.widen_bias) @ block.narrow + block.narrow_bias
        self.count += count
        return _normed(x, steps.norm)

    def _hold(self, layer: int, keys: Numbers, values: Numbers) -> tuple[Numbers, Numbers]:
        """Remembers keys and values (B, L, heads, D / heads) of one layer; all that are known of it."""
        start, stop = self.count, self.count + keys.shape[1]
        if layer == len(self._held):
            room = (len(keys), max(stop, ROOM), *keys.shape[2:])
            self._held.append((np.empty(room, np.float32), np.empty(room, np.float32)))
        known, said = self._held[layer]
        if stop > known.shape[1]:
            known, said = (np.concatenate((each, np.empty_like(each)), axis=1) for each in (known, said))
            self._held[layer] = known, said
        known[:, start:stop], said[:, start:stop] = keys, values
        return known[:, :stop], said[:, :stop]


def _block(named: dict[str, Numbers], name: str, matrices: list[Numbers], norms: list[_Norm]) -> _Block:
    mix, out, widen, narrow = matrices[:4]
    widen_bias, narrow_bias = named[f"{name}.widen.bias"], named[f"{name}.narrow.bias"]
    return _Block(norms[0], mix, out, norms[1], widen, widen_bias, narrow, narrow_bias)


def _starts(sizes: tuple[int, ...]) -> Categories:
    return np.cumsum([0, *(size + 1 for size in sizes)])[:-1]


def _turns(head_width: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    steps = np.linspace(0, 1, head_width // 4)
    per_beat = 2 * np.pi / (SHORTEST_BEATS * (LONGEST_BEATS / SHORTEST_BEATS) ** steps)
    return per_beat, 2 * np.pi / (SHORTEST_NOTES * (LONGEST_NOTES / SHORTEST_NOTES) ** steps)


def _turns_in(named: dict[str, Numbers], head_width: int) -> bool:
    """Whether the graph turns pairs of heads of this width."""
    per_beat, _ = _turns(head_width)
    return any(each.shape == per_beat.shape and np.allclose(each, per_beat, rtol=1e-3) for each in named.values())


def _turned(x: Numbers, cos: Numbers, sin: Numbers) -> Numbers:
    half = x.shape[-1] // 2
    one, other = x[..., :half], x[..., half:]
    return np.concatenate((one * cos - other * sin, one * sin + other * cos), axis=-1, dtype=np.float32)


def _normed(x: Numbers, norm: _Norm) -> Numbers:
    centred: Numbers = x - x.mean(axis=-1, keepdims=True, dtype=np.float32)
    spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(NORM_EPSILON))
    normed: Numbers = centred / spread * norm[0] + norm[1]
    return normed


def _gelu(x: Numbers) -> Numbers:
    inner = np.float32(0.7978845608) * (x + np.float32(0.044715) * x * x * x)
    curved: Numbers = np.float32(0.5) * x * (1 + np.tanh(inner))
    return curved


def _log_sum(logits: Numbers) -> Numbers:
    top = logits.max(axis=-1, keepdims=True)
    total: Numbers = top + np.log(np.exp(logits - top).sum(axis=-1, keepdims=True))
    return total


def _alike(one: Numbers, other: Numbers) -> bool:
    return bool(np.abs(one - other).max() <= TOLERANCE * max(float(np.abs(other).max()), 1.0))


def _example(rng: np.random.Generator, width: int, count: int = 5) -> dict[str, NDArray[np.float32] | NDArray[np.int64]]:
    """Inputs of the graphs for a few notes of chance."""
    from models.bundled.echoes import WIDTH
    from models.bundled.fields import RELATIVE
    from models.bundled.onsets import AHEAD, BANDS, PATCH_FRAMES
    from models.bundled.rows import BRIDGE, OWN, SEEN
    from models.bundled.scenes import CONDITIONS

    def numbers(*shape: int) -> NDArray[np.float32]:
        return rng.random((1, count, *shape), np.float32)

    return {
        "family": np.array([1]),
        "condition": rng.random((1, CONDITIONS), np.float32),
        "values": np.stack([rng.integers(0, size + 1, (1, count)) for size in SIZES], axis=-1),
        "behind": np.zeros((1, count, len(RELATIVE)), np.int64),
        "phase": rng.integers(1, PHASES + 1, (1, count)),
        "bar": rng.integers(1, BARS + 1, (1, count)),
        "own": numbers(OWN), "seen": numbers(SEEN), "seen_behind": numbers(SEEN),
        "after": np.zeros((1, count), np.int64),
        "bridge_gap": rng.integers(0, len(BEATS) + 1, (1, count)),
        "bridge": numbers(BRIDGE), "echo": numbers(WIDTH),
        "beat": numbers().cumsum(axis=1).astype(np.float32),
        "audio": numbers(PATCH_FRAMES * BANDS), "ahead": numbers(AHEAD),
        "told": numbers(width),
    }  # fmt: skip


def _note(inputs: Mapping[str, NDArray[np.float32] | NDArray[np.int64]]) -> Note:
    values, phase, bar = (inputs[name][0].astype(np.int64) for name in ("values", "phase", "bar"))
    own, seen, audio = (inputs[name][0].astype(np.float32) for name in ("own", "seen", "audio"))
    return Note(values, phase, bar, own, seen, inputs["beat"][0].astype(np.float64), audio)


def note_of(rows: Rows, audio: Numbers) -> Note:
    """Rows as a `Reading` takes them."""
    values, phase, bar = (each.astype(np.int64) for each in (rows.values, rows.phase, rows.bar))
    return Note(values, phase, bar, rows.own, rows.seen, rows.beat, audio)


def stacked(notes: Sequence[Note]) -> Note:
    """The notes of several maps, as many of each."""
    return Note(*(np.stack(each) for each in zip(*notes, strict=True)))

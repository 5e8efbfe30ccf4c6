"""The network: two towers over notes, heads that decode a note's fields one after another, and a detector of mistakes.

B windows of L notes; D `Shape.width`; F fields; V the sum of the fields' sizes. Needs torch; scoring runs the exported graph.

The forward tower reads the notes before note i and the backward tower those after it, with relations told from the other side,
so that nothing which the heads of note i see was derived from note i (leave-one-out). Positions are beats: rotary embeddings
(https://arxiv.org/abs/2104.09864) whose one half turns with beats, so that the same place of another bar is near, and whose other
half turns with the number of the note. The detector (after https://arxiv.org/abs/2003.10555) sees the note as well and says
how likely it is one of the mistakes on which it was trained; it is also told what other bars have at the same place.
"""

# torch's own annotations leave the types of much unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.bundled.echoes import WIDTH
from models.bundled.fields import BARS, BEATS, COLUMN, FIELDS, MISTAKES, PHASES, RELATIVE, SIZES, Family
from models.bundled.onsets import AHEAD
from models.bundled.rows import BRIDGE, OWN, SEEN
from models.bundled.scenes import CONDITIONS

PATCH_FRAMES, PATCH_BANDS = 8, 32
# Beats, and notes, after which the slowest and the quickest pair of a rotary embedding has turned once.
LONGEST_BEATS, SHORTEST_BEATS = 128.0, 0.5
LONGEST_NOTES, SHORTEST_NOTES = 512.0, 4.0
MASKED = -1e4


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network, and the share of units and of fields that training drops."""

    width: int = 192
    heads: int = 3
    layers: int = 3
    detector_layers: int = 2
    head_width: int = 64
    dropout: float = 0.1


class Batch(NamedTuple):
    """What the network reads. Categories are int64 and + 1 (0 = does not apply), numbers float32."""

    family: Tensor  # (B,)
    condition: Tensor  # (B, CONDITIONS)
    values: Tensor  # (B, L, F)
    behind: Tensor  # (B, L, len(RELATIVE))
    phase: Tensor  # (B, L)
    bar: Tensor  # (B, L)
    own: Tensor  # (B, L, OWN)
    seen: Tensor  # (B, L, SEEN)
    seen_behind: Tensor  # (B, L, SEEN)
    after: Tensor  # (B, L) int64, the first note that is seen from behind, 0 for none
    bridge_gap: Tensor  # (B, L)
    bridge: Tensor  # (B, L, BRIDGE)
    echo: Tensor  # (B, L, WIDTH) what other bars say
    beat: Tensor  # (B, L) beats from the first note of the window
    audio: Tensor  # (B, L, PATCH_FRAMES * PATCH_BANDS), zeros where there is none
    ahead: Tensor  # (B, L, AHEAD) how the song goes on from the note before, zeros where there is none
    real: Tensor  # (B, L) 1.0 for notes, 0.0 for padding


class Scores(NamedTuple):
    logits: Tensor  # (B, L, V) per field, field after field
    suspicion: Tensor  # (B, L, len(MISTAKES)) logits


def rotary(positions: Tensor, beats: Tensor, width: int) -> tuple[Tensor, Tensor]:
    """Cosines and sines (B, 1, L, width / 2): the first half of the pairs turns with beats, the second with notes."""
    pairs = width // 4
    steps = torch.linspace(0, 1, pairs, device=beats.device)
    per_beat = 2 * torch.pi / (SHORTEST_BEATS * (LONGEST_BEATS / SHORTEST_BEATS) ** steps)
    per_note = 2 * torch.pi / (SHORTEST_NOTES * (LONGEST_NOTES / SHORTEST_NOTES) ** steps)
    angles = torch.cat((beats[..., None] * per_beat, positions[..., None] * per_note), -1)  # (B, L, width / 2)
    return angles.cos()[:, None], angles.sin()[:, None]


def _turned(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    one, other = x.chunk(2, -1)
    return torch.cat((one * cos - other * sin, one * sin + other * cos), -1)


class Block(nn.Module):
    """Attention and a feed-forward layer, each after a norm and added to what came in."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.drop = nn.Dropout(shape.dropout)
        self.norm = nn.LayerNorm(shape.width)
        self.mix = nn.Linear(shape.width, 3 * shape.width, bias=False)
        self.out = nn.Linear(shape.width, shape.width, bias=False)
        self.norm_after = nn.LayerNorm(shape.width)
        self.widen = nn.Linear(shape.width, 4 * shape.width)
        self.narrow = nn.Linear(4 * shape.width, shape.width)

    def forward(self, x: Tensor, mask: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        b, length, d = x.shape
        parts = self.mix(self.norm(x)).view(b, length, 3, self.heads, d // self.heads)
        q, k, v = parts.permute(2, 0, 3, 1, 4)  # (B, H, L, D / H)
        q, k = _turned(q, cos.to(q.dtype), sin.to(q.dtype)), _turned(k, cos.to(q.dtype), sin.to(q.dtype))
        mixed = functional.scaled_dot_product_attention(q, k, v, mask.to(v.dtype))
        x = x + self.out(mixed.transpose(1, 2).reshape(b, length, d))
        fed: Tensor = self.narrow(functional.gelu(self.widen(self.norm_after(x)), approximate="tanh"))
        out: Tensor = x + self.drop(fed)
        return out  # (B, L, D)


class Tower(nn.Module):
    """Blocks over embedded notes."""

    def __init__(self, shape: Shape, layers: int) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(Block(shape) for _ in range(layers))
        self.norm = nn.LayerNorm(shape.width)

    def forward(self, x: Tensor, mask: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        for block in self.blocks:
            x = block(x, mask, cos, sin)
        normed: Tensor = self.norm(x)
        return normed  # (B, L, D)


class Categories(nn.Module):
    """The sum of one embedding for each column; column c of the input has `sizes[c]` categories and 0 for none."""

    starts: Tensor

    def __init__(self, sizes: tuple[int, ...], width: int) -> None:
        super().__init__()
        starts = torch.tensor([0, *(size + 1 for size in sizes)]).cumsum(0)
        self.register_buffer("starts", starts[:-1], persistent=False)
        self.table = nn.Embedding(int(starts[-1]), width)
        nn.init.normal_(self.table.weight, std=0.05)

    def each(self, columns: Tensor) -> Tensor:
        embedded: Tensor = self.table(columns + self.starts)
        return embedded  # (B, L, columns, D)

    def forward(self, columns: Tensor) -> Tensor:
        return self.each(columns).sum(-2)  # (B, L, D)


class Sight(NamedTuple):
    """Which notes a note may look at, added to the attention (0 or MASKED), and the rotary embedding."""

    real: Tensor  # (B, 1, 1, L)
    past: Tensor  # (B, 1, L, L)
    future: Tensor  # (B, 1, L, L)
    cos: Tensor
    sin: Tensor


def sight_of(beat: Tensor, real: Tensor, head_width: int) -> Sight:
    """`beat`, `real` (B, L) of a `Batch`; `head_width` of one attention head."""
    positions = torch.arange(beat.shape[1], device=beat.device, dtype=torch.float32).expand(beat.shape)
    query, key = positions[:, None, :, None], positions[:, None, None, :]
    hidden = (1 - real)[:, None, None, :] * MASKED
    cos, sin = rotary(positions, beat, head_width)
    return Sight(hidden, (key > query) * MASKED + hidden, (key < query) * MASKED + hidden, cos, sin)


_RELATIVE_SIZES = tuple(FIELDS[COLUMN[name]].size for name in RELATIVE)
_STEADY = tuple(number for number, field in enumerate(FIELDS) if field.name not in RELATIVE)
# The time of a note is known to the fields after these three.
_TIMED = COLUMN["error"] + 1


class Network(nn.Module):
    """`Batch` → `Scores`."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        width = shape.width
        self.ahead = Categories((*SIZES, PHASES, BARS), width)
        self.behind = Categories((*(SIZES[number] for number in _STEADY), *_RELATIVE_SIZES, PHASES, BARS), width)
        self.ahead_numbers = nn.Linear(OWN + SEEN, width)
        self.behind_numbers = nn.Linear(OWN + SEEN, width)
        self.listen = nn.Linear(PATCH_FRAMES * PATCH_BANDS, width, bias=False)
        self.condition = nn.Linear(CONDITIONS, width)
        self.family = nn.Embedding(len(Family), width)
        self.forward_tower = Tower(shape, shape.layers)
        self.backward_tower = Tower(shape, shape.layers)
        self.start = nn.Parameter(torch.zeros(2, width))
        self.bridge_gap = Categories((len(BEATS),), width)
        self.bridge = nn.Linear(BRIDGE, width)
        self.goes_on = nn.Sequential(nn.Linear(AHEAD, width), nn.GELU(approximate="tanh"), nn.Linear(width, width, bias=False))
        self.joined = nn.Sequential(nn.Linear(2 * width, 2 * width), nn.GELU(approximate="tanh"), nn.Linear(2 * width, width))
        narrow = shape.head_width
        self.decoded = Categories(SIZES, narrow)
        self.place = Categories((PHASES, BARS), narrow)
        self.heard = nn.Linear(PATCH_FRAMES * PATCH_BANDS, narrow, bias=False)
        self.head_norm = nn.LayerNorm(width)
        self.head_context = nn.Linear(width, len(SIZES) * narrow)
        self.head_known = nn.Parameter(torch.ones(len(SIZES), narrow))
        self.head_mix = nn.Parameter(torch.randn(len(SIZES), narrow, narrow) * narrow**-0.5)
        self.head_mix_bias = nn.Parameter(torch.zeros(len(SIZES), 1, narrow))
        self.head_out = nn.ModuleList(nn.Linear(narrow, size) for size in SIZES)
        self.family_bias = nn.Embedding(len(Family), sum(SIZES))
        nn.init.zeros_(self.family_bias.weight)
        self.surprise = nn.Linear(2 * len(SIZES), width)
        self.look = nn.Linear(3 * width + shape.head_width, width)
        self.echo = nn.Linear(WIDTH, width)
        self.detector = Tower(shape, shape.detector_layers)
        self.suspicion = nn.Linear(width, len(MISTAKES))
        self.drop = nn.Dropout(shape.dropout)

    def forward(self, batch: Batch) -> Scores:
        sight = sight_of(batch.beat, batch.real, self.shape.width // self.shape.heads)
        notes = self.notes(batch)
        left, right = self.sides(batch, notes, sight)
        # Each note sees the state of the note before it, and from behind the one that it is allowed to see.
        after = right.gather(1, batch.after[..., None].expand(right.shape))
        context = self.around(left[:, :-1], after, batch)
        logits = self.logits(context, batch)
        told = self.told(batch, context, notes, surprises(logits.float(), batch.values))
        return Scores(logits, self.judge(told, batch.echo, sight))

    def told(self, batch: Batch, context: Tensor, notes: tuple[Tensor, Tensor], surprise: Tensor) -> Tensor:
        """What the detector is told of each note beside its echo, `surprise` (B, L, 2 F) of what stands there. (B, L, D)"""
        known = self.decoded(batch.values) + self.heard(batch.audio)
        looked = self.look(torch.cat((self.drop(context), *notes, known), -1))
        told: Tensor = looked + self.surprise(surprise)
        return told

    def judge(self, told: Tensor, echo: Tensor, sight: Sight) -> Tensor:
        """The logits of each suspicion, (B, L, len(MISTAKES)). It alone knows the echo, which an edit changes far and wide."""
        told = self.drop(told + self.echo(echo))
        suspicion: Tensor = self.suspicion(self.detector(told, sight.real, sight.cos, sight.sin))
        return suspicion

    def whole(self, batch: Batch) -> Tensor:
        """What is said of the whole map. (B, 1, D)"""
        whole: Tensor = self.family(batch.family) + self.condition(batch.condition)
        return whole[:, None]

    def notes(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Every note as the forward and as the backward tower reads it, (B, L, D) each."""
        places = torch.stack((batch.phase, batch.bar), -1)  # (B, L, 2)
        sound = self.listen(batch.audio)
        steady = batch.values[..., list(_STEADY)]
        ahead = self.ahead(torch.cat((batch.values, places), -1)) + sound
        behind = self.behind(torch.cat((steady, batch.behind, places), -1)) + sound
        ahead = ahead + self.ahead_numbers(torch.cat((batch.own, batch.seen), -1))
        return ahead, behind + self.behind_numbers(torch.cat((batch.own, batch.seen_behind), -1))

    def sides(self, batch: Batch, notes: tuple[Tensor, Tensor], sight: Sight) -> tuple[Tensor, Tensor]:
        """What the towers say.

        (B, 1 + L, D): before the first note, then up to each. (B, L, D): of nothing, as nobody sees the first note from
        behind, then from each on.
        """
        whole = self.whole(batch)
        left = self.forward_tower(self.drop(notes[0] + whole), sight.past, sight.cos, sight.sin)
        right = self.backward_tower(self.drop(notes[1] + whole), sight.future, sight.cos, sight.sin)
        start, end = (edge.expand(left[:, :1].shape).to(left.dtype) for edge in self.start)
        return torch.cat((start, left), 1), torch.cat((end, right[:, 1:]), 1)

    def around(self, before: Tensor, after: Tensor, batch: Batch) -> Tensor:
        """What stands around each note, of which the towers say `before` and `after` (B, L, D): nothing of the note itself."""
        bridge = self.bridge_gap(batch.bridge_gap[..., None]) + self.bridge(batch.bridge)
        around: Tensor = self.joined(torch.cat((before, after), -1)) + bridge + self.goes_on(batch.ahead) + self.whole(batch)
        return around

    def logits(self, context: Tensor, batch: Batch) -> Tensor:
        """Each field given the context and the fields before it, which are 0 as long as they are not chosen. (B, L, V)"""
        b, length, _ = context.shape
        each = self.decoded.each(batch.values)  # (B, L, F, H)
        known = each.cumsum(-2) - each
        places = torch.stack((batch.phase, batch.bar), -1)  # (B, L, 2)
        timed = self.place(places) + self.heard(batch.audio)  # (B, L, H)
        later = torch.arange(len(SIZES), device=known.device) >= _TIMED
        known = (known + timed[:, :, None] * later[:, None].to(timed.dtype)) * self.head_known
        asked = self.head_context(self.head_norm(context)).view(b, length, len(SIZES), -1)  # (B, L, F, H)
        stage = functional.gelu(asked + known, approximate="tanh").flatten(0, 1).transpose(0, 1)  # (F, B L, H)
        hidden = functional.gelu(torch.baddbmm(self.head_mix_bias, stage, self.head_mix), approximate="tanh")
        parts = [head(one) for head, one in zip(self.head_out, self.drop(hidden), strict=True)]
        logits: Tensor = torch.cat(parts, -1).view(b, length, -1) + self.family_bias(batch.family)[:, None]
        return logits


def by_field(logits: Tensor) -> tuple[Tensor, ...]:
    """(…, V) in one piece for each field."""
    return torch.split(logits, list(SIZES), -1)


def surprises(logits: Tensor, values: Tensor) -> Tensor:
    """Per field the nats of what stands there, then the entropies in nats; 0 where it does not apply. (B, L, 2 F)"""
    nats: list[Tensor] = []
    entropies: list[Tensor] = []
    for number, part in enumerate(by_field(logits)):
        log = functional.log_softmax(part, -1)
        applies = (values[..., number] > 0).to(log.dtype)
        actual = (values[..., number] - 1).clamp(min=0)[..., None]
        nats.append(-log.gather(-1, actual)[..., 0] * applies)
        entropies.append(-(log.exp() * log).sum(-1) * applies)
    return torch.stack((*nats, *entropies), -1).clamp(max=20.0)

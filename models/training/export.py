"""The trained network as ONNX graphs in one archive: weights in half precision, its card and its calibration inside."""

# torch's and onnx's own annotations leave the types of much unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from models.bundled.calibration import Calibration
from models.bundled.echoes import WIDTH
from models.bundled.fields import FIELDS, RELATIVE, SIZES
from models.bundled.graphs import VERSION, archived, signature
from models.bundled.network import PATCH_BANDS, PATCH_FRAMES, Batch, Network, Sight, sight_of
from models.bundled.onsets import AHEAD
from models.bundled.rows import BRIDGE, OWN, SEEN
from models.bundled.scenes import CONDITIONS

if TYPE_CHECKING:
    from onnx import ModelProto

# The operators of this opset run in every ONNX Runtime since 1.17; it is the first that has GELU as one.
OPSET = 20


class Towers(nn.Module):
    """What stands before and after each note: both `sides`, and every note as both towers read it."""

    INPUTS = ("family", "condition", "values", "behind", "phase", "bar", "own", "seen", "seen_behind", "beat", "audio")
    OUTPUTS = ("left", "right", "note_ahead", "note_behind")

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, *parts: Tensor) -> tuple[Tensor, ...]:
        batch = _batch(self.INPUTS, parts)
        notes = self.network.notes(batch)
        return (*self.network.sides(batch, notes, _sight(self.network, batch.beat)), *notes)


class Heads(nn.Module):
    """Of notes and both sides of them: chances (B, L, V), surprises in nats (B, L, 2 F), what the detector is told (B, L, D).

    No note sees another here, so whoever writes notes asks for one of several maps at a time.
    """

    INPUTS = (
        *("family", "condition", "values", "phase", "bar", "bridge_gap", "bridge", "audio", "ahead"),
        *("before", "after", "note_ahead", "note_behind"),
    )
    OUTPUTS = ("chances", "surprises", "told")

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, *parts: Tensor) -> tuple[Tensor, ...]:
        before, after, *notes = parts[-4:]
        batch = _batch(self.INPUTS[:-4], parts)
        context = self.network.around(before, after, batch)
        chances, surprise = read_out(self.network.logits(context, batch), batch.values)
        return chances, surprise, self.network.told(batch, context, (notes[0], notes[1]), surprise)


# Which of all values belongs to which field, (V, F), and before which value each field begins.
MEMBERS = torch.cat([functional.one_hot(torch.tensor(number), len(SIZES)).expand(size, -1) for number, size in enumerate(SIZES)])
STARTS = torch.tensor([0, *SIZES[:-1]]).cumsum(0)
# No field is expected to be so far (nats) from the likeliest value of another: e to the power of it can still be told from 0.
FARTHEST = 75.0


def read_out(logits: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
    """Chances (B, L, V) and `surprises` (B, L, 2 F) in few large steps, where training takes many small ones."""
    members = MEMBERS.to(logits.dtype)
    beyond = (logits - logits.amax(-1, keepdim=True)).clamp(min=-FARTHEST)
    weights = beyond.exp()
    sums = weights @ members  # (B, L, F)
    chances = weights / (sums @ members.T)
    whole = sums.log()
    entropies = whole - (chances * beyond) @ members
    nats = whole - beyond.gather(-1, STARTS + (values - 1).clamp(min=0))
    applies = (values > 0).to(logits.dtype)
    return chances, torch.cat((nats * applies, entropies * applies), -1).clamp(max=20.0)


class Judge(nn.Module):
    """The logits of each suspicion, (B, L, len(MISTAKES)), of what is told of the notes."""

    INPUTS = ("told", "echo", "beat")
    OUTPUTS = ("suspicion",)

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, told: Tensor, echo: Tensor, beat: Tensor) -> Tensor:
        return self.network.judge(told, echo, _sight(self.network, beat))


GRAPHS: dict[str, type[Towers | Heads | Judge]] = {"towers": Towers, "heads": Heads, "judge": Judge}


def _batch(names: Sequence[str], parts: Sequence[Tensor]) -> Batch:
    """A batch of what one graph reads; the rest is not looked at."""
    known = dict(zip(names, parts, strict=False))
    nothing = torch.zeros(())
    return Batch(**{name: known.get(name, nothing) for name in Batch._fields})


def _sight(network: Network, beat: Tensor) -> Sight:
    """Scoring knows no padding."""
    return sight_of(beat, torch.ones_like(beat), network.shape.width // network.shape.heads)


def example(names: Sequence[str], width: int, length: int = 40) -> tuple[Tensor, ...]:
    """Inputs of the right shapes for a network of this width, for tracing and for tests."""
    torch.manual_seed(0)
    shapes: dict[str, tuple[int, ...]] = {
        "values": (len(FIELDS),), "behind": (len(RELATIVE),), "own": (OWN,), "seen": (SEEN,), "seen_behind": (SEEN,),
        "bridge": (BRIDGE,), "echo": (WIDTH,), "audio": (PATCH_FRAMES * PATCH_BANDS,), "ahead": (AHEAD,),
        "phase": (), "bar": (), "bridge_gap": (), "beat": (),
    }  # fmt: skip
    made: list[Tensor] = []
    for name in names:
        shape = (1, length, *shapes.get(name, (width,)))
        if name in WHOLE:
            made.append(torch.zeros(1, dtype=torch.int64) if name == "family" else torch.rand(1, CONDITIONS))
        elif name in ("values", "behind", "phase", "bar", "bridge_gap"):
            made.append(torch.randint(0, 2, shape))
        else:
            made.append(torch.rand(shape).cumsum(1) if name == "beat" else torch.rand(shape))
    return tuple(made)


# What is said once of a map, not of each note.
WHOLE = ("family", "condition")


def halved(network: Network) -> Network:
    """The same network with weights that half precision can hold, so that what is shipped is what was measured."""
    with torch.no_grad():
        for value in network.parameters():
            value.copy_(value.half().float())
    return network


def exported(network: Network, name: str, calibration: Calibration, card: dict[str, Any]) -> bytes:
    """The archive of the network's graphs with its card. The network must hold halved weights."""
    about = {"version": VERSION, "name": name, "fields": signature(), "calibration": calibration.card(), **card}
    graphs = {part: _graph(kind(network).eval(), kind.INPUTS, kind.OUTPUTS) for part, kind in GRAPHS.items()}
    return archived(graphs, about)


def _graph(part: Towers | Heads | Judge, names: Sequence[str], outputs: Sequence[str]) -> bytes:
    length = torch.export.Dim("notes", min=1, max=4096)
    shapes = tuple({1: length} if name not in WHOLE else {} for name in names)
    inputs = example(names, part.network.shape.width)
    with warnings.catch_warnings():
        # torch warns of what torch itself does.
        warnings.simplefilter("ignore")
        program: Any = torch.onnx.export(
            part, inputs, dynamo=True, input_names=list(names), output_names=list(outputs),
            dynamic_shapes=shapes if isinstance(part, Judge) else (shapes,), opset_version=OPSET, verbose=False,
        )  # fmt: skip
    model: ModelProto = program.model_proto
    _halve(model)
    return bytes(model.SerializeToString())


def _halve(model: ModelProto) -> None:
    """Stores large weights as float16 behind a cast, which the runtime folds when it loads the file."""
    import onnx
    from onnx import numpy_helper

    graph, casts = model.graph, []
    for weight in list(graph.initializer):
        if weight.data_type != onnx.TensorProto.FLOAT or np.prod(weight.dims) < 256:
            continue
        values = numpy_helper.to_array(weight)
        half = numpy_helper.from_array(values.astype(np.float16), f"{weight.name}.half")
        casts.append(onnx.helper.make_node("Cast", [half.name], [weight.name], to=onnx.TensorProto.FLOAT))
        graph.initializer.remove(weight)
        graph.initializer.append(half)
    for number, node in enumerate(casts):
        graph.node.insert(number, node)
    del graph.value_info[:]
    for node in graph.node:
        # The exporter's stack traces: a tenth of the file, and paths of the machine that trained.
        del node.metadata_props[:]

"""The trained network as one ONNX file: weights in half precision, its card and its calibration inside."""

# torch's and onnx's own annotations leave the types of much unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from models.bundled.calibration import Calibration
from models.bundled.echoes import WIDTH
from models.bundled.fields import FIELDS, RELATIVE
from models.bundled.network import PATCH_BANDS, PATCH_FRAMES, Batch, Network, by_field, surprises
from models.bundled.rows import BRIDGE, OWN, SEEN
from models.bundled.scenes import CONDITIONS
from models.bundled.scoring import VERSION, signature

if TYPE_CHECKING:
    from onnx import ModelProto

# Scoring knows no padding.
NAMES = tuple(name for name in Batch._fields if name != "real")
OUTPUTS = ("chances", "surprises", "suspicion")
# The operators of this opset run in every ONNX Runtime since 1.16.
OPSET = 18


class Scoring(nn.Module):
    """The network with its answers as scoring wants them: chances (B, L, V), surprises in nats (B, L, 2 F), suspicion logits."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, *parts: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        named = dict(zip(NAMES, parts, strict=True))
        batch = Batch(**named, real=torch.ones_like(named["beat"]))
        logits, suspicion = self.network(batch)
        chances = torch.cat([functional.softmax(part, -1) for part in by_field(logits)], -1)
        return chances, surprises(logits, batch.values), suspicion


def example(length: int = 40) -> tuple[Tensor, ...]:
    """Inputs of the right shapes, for tracing and for tests."""
    torch.manual_seed(0)
    shapes: dict[str, tuple[int, ...]] = {
        "values": (len(FIELDS),), "behind": (len(RELATIVE),), "own": (OWN,), "seen": (SEEN,), "seen_behind": (SEEN,),
        "bridge": (BRIDGE,), "echo": (WIDTH,), "audio": (PATCH_FRAMES * PATCH_BANDS,),
    }  # fmt: skip
    made: dict[str, Tensor] = {
        "family": torch.zeros(1, dtype=torch.int64),
        "condition": torch.rand(1, CONDITIONS),
        "sighted": torch.ones(1),
    }
    for name in NAMES:
        if name in made:
            continue
        shape = (1, length, *shapes.get(name, ()))
        whole = name in ("values", "behind", "phase", "bar", "bridge_gap")
        made[name] = torch.randint(0, 2, shape) if whole else torch.rand(shape)
    made["beat"] = made["beat"].cumsum(1)
    return tuple(made[name] for name in NAMES)


def halved(network: Network) -> Network:
    """The same network with weights that half precision can hold, so that what is shipped is what was measured."""
    with torch.no_grad():
        for value in network.parameters():
            value.copy_(value.half().float())
    return network


def exported(network: Network, name: str, calibration: Calibration, card: dict[str, Any]) -> bytes:
    """The ONNX file. The network must hold halved weights."""
    inputs = example()
    length = torch.export.Dim("notes", min=1, max=4096)
    shapes = tuple({1: length} if part not in ("family", "condition", "sighted") else {} for part in NAMES)
    with warnings.catch_warnings():
        # torch warns of what torch itself does.
        warnings.simplefilter("ignore")
        program: Any = torch.onnx.export(
            Scoring(network).eval(), inputs, dynamo=True, input_names=list(NAMES), output_names=list(OUTPUTS),
            dynamic_shapes=(shapes,), opset_version=OPSET, verbose=False,
        )  # fmt: skip
    model: ModelProto = program.model_proto
    _halve(model)
    about = {"version": VERSION, "name": name, "fields": signature(), "calibration": calibration.card(), **card}
    entry = model.metadata_props.add()
    entry.key, entry.value = "maimod", json.dumps(about)
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

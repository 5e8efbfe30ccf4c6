"""The trained network on ONNX Runtime: three graphs and a card in one archive.

A zip file of `card.json` and, as `<name>.onnx`, `towers` (what stands before and after each note), `heads` (what is expected at
a note between two sides) and `judge` (whether what stands there is a mistake). Scoring asks all three of every window; after an
edit that changes only what other bars say, the judge alone. Whoever writes notes asks towers and heads.
"""

# onnxruntime says nothing of its types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from models.bundled.calibration import Calibration
from models.bundled.fields import FIELDS
from models.errors import WeightsDamaged, WeightsMissing, WeightsOfAnotherVersion

WEIGHTS = "weights.zip"
CARD = "card.json"
# Raised whenever the graphs' inputs or outputs change their meaning.
VERSION = 2
# An archive that unpacks to more bytes is none of ours.
LARGEST = 256 << 20
SHIPPED, CHOSEN = "install maimod again", "name another file as the model, or none for the shipped one"

Inputs = Mapping[str, NDArray[np.float32] | NDArray[np.int64]]


class _Session(Protocol):
    """What is used of an `onnxruntime.InferenceSession`."""

    def run(self, output_names: None, input_feed: Inputs) -> list[NDArray[np.float32]]: ...

    def get_inputs(self) -> Sequence[Any]: ...


class Graphs:
    """The network, ready to be asked on one thread at a time or several: a question is answered on the thread that asks."""

    def __init__(self, weights: bytes, where: str = "these weights", cure: str = SHIPPED) -> None:
        """Raises `WeightsDamaged` or `WeightsOfAnotherVersion`, which name `where` they are and the `cure`."""
        damaged = WeightsDamaged(f"the weights of the surprisal model at {where} are damaged: {cure}")
        try:
            graphs, self.card = unarchived(weights)
            fits = self.card.get("version") == VERSION and self.card.get("fields") == signature()
            self.name = str(self.card["name"])
            self.calibration = Calibration.from_card(self.card["calibration"]) if fits else Calibration({})
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            ValueError,
            LookupError,
            TypeError,
            AttributeError,
            NotImplementedError,
        ) as trouble:
            raise damaged from trouble
        if not fits:
            raise WeightsOfAnotherVersion(
                f"the weights of the surprisal model at {where} were made for another version of maimod: {cure}"
            )
        try:
            self._sessions = {name: _session(graph) for name, graph in graphs.items()}
            self._inputs = {name: [each.name for each in session.get_inputs()] for name, session in self._sessions.items()}
            self.width = int(self._sessions["judge"].get_inputs()[0].shape[-1])
        except Exception as trouble:
            raise damaged from trouble

    @classmethod
    def load(cls, path: str | None = None) -> Graphs:
        """The shipped weights, or those at `path`. Raises one of `models.errors` with what to do."""
        return cls(*read_weights(path))

    def towers(self, inputs: Inputs) -> list[NDArray[np.float32]]:
        """Both sides and both readings of each note.

        (1, 1 + L, D) before the first note, then up to each; (1, L, D) nothing, then from each on; twice (1, L, D).
        """
        return self._run("towers", inputs)

    def heads(self, inputs: Inputs) -> list[NDArray[np.float32]]:
        """Chances (1, L, V), surprises in nats (1, L, 2 F), what the judge is told (1, L, D) of notes between two sides."""
        return self._run("heads", inputs)

    def judge(self, inputs: Inputs) -> NDArray[np.float32]:
        """(1, L, len(MISTAKES)) logits of each suspicion."""
        return self._run("judge", inputs)[0]

    def _run(self, graph: str, inputs: Inputs) -> list[NDArray[np.float32]]:
        return self._sessions[graph].run(None, {name: inputs[name] for name in self._inputs[graph]})


def read_weights(path: str | None = None) -> tuple[bytes, str, str]:
    """The archive that is shipped, or that at `path`, where it is, and the cure should it be damaged. Raises `WeightsMissing`."""
    source = files("models.bundled") / WEIGHTS if path is None else Path(path)
    cure = SHIPPED if path is None else CHOSEN
    try:
        return source.read_bytes(), str(source), cure
    except OSError:
        raise WeightsMissing(f"the weights of the surprisal model are missing at {source}: {cure}") from None


def _session(graph: bytes) -> _Session:
    import onnxruntime

    options: Any = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Planning which buffers to use again takes 0.25 s for a graph of a thousand nodes, and saves no memory in windows.
    options.enable_mem_reuse = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session: Any = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    opened: _Session = session
    return opened


def archived(graphs: Mapping[str, bytes], card: Mapping[str, Any]) -> bytes:
    """The archive: the same bytes for the same graphs and card."""
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in ((CARD, json.dumps(card).encode()), *((f"{name}.onnx", graph) for name, graph in graphs.items())):
            file.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def unarchived(weights: bytes) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The graphs and the card of an archive. Raises zipfile's errors, ValueError or LookupError where it is damaged."""
    with zipfile.ZipFile(BytesIO(weights)) as file:
        if sum(entry.file_size for entry in file.infolist()) > LARGEST:
            raise ValueError("the archive is too large")
        card: dict[str, Any] = json.loads(file.read(CARD))
        return {name: file.read(f"{name}.onnx") for name in ("towers", "heads", "judge")}, card


def recalibrated(weights: bytes, calibration: Calibration) -> bytes:
    """The same network with another calibration."""
    graphs, card = unarchived(weights)
    return archived(graphs, {**card, "calibration": calibration.card()})


def signature() -> list[list[str | int]]:
    """The fields and their sizes: weights fit a program with the same."""
    return [[field.name, field.size] for field in FIELDS]

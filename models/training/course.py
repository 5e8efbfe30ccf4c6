"""A whole course: train, calibrate on what was held out, write the weights."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from models.bundled.calibration import Calibration
from models.bundled.graphs import WEIGHTS, Graphs, recalibrated
from models.bundled.network import Network
from models.bundled.scoring import Scorer
from models.training.calibrate import calibrated
from models.training.corpus import Piece, Split
from models.training.export import exported, halved
from models.training.loop import Plan, plan_card, train


def run_course(
    pieces: list[Piece], out: Path, plan: Plan, name: str, tell: Callable[[dict[str, float]], None], *, threads: int | None = None
) -> Path:
    """Trains as far as the plan goes, from a checkpoint in `out` where there is one; the path of the finished weights."""
    training = train(pieces, out, plan, tell, threads=threads)
    return finish(training.averaged(), pieces, out, name, plan)


def finish(network: Network, pieces: list[Piece], out: Path, name: str, plan: Plan) -> Path:
    """Calibrates and writes `out`/weights.zip and its card."""
    network = halved(network)
    card: dict[str, Any] = {"data": data_card(pieces), "plan": plan_card(plan)}
    raw = exported(network, name, Calibration({}), card)
    tuned = [piece for piece in pieces if piece.split is Split.TUNE]
    calibration = calibrated(Scorer(Graphs(raw)).answers, tuned, plan.seed)
    weights = out / WEIGHTS
    beside = weights.with_suffix(".new")
    beside.write_bytes(recalibrated(raw, calibration))
    beside.replace(weights)
    (out / "card.json").write_text(json.dumps(card, indent=1), encoding="utf-8")
    return weights


def data_card(pieces: list[Piece]) -> dict[str, dict[str, int]]:
    """Difficulties or tracks, notes and sets of each family that were learned from."""
    learned = [piece for piece in pieces if piece.split is Split.TRAIN]
    families = sorted({piece.scene.family for piece in learned})
    return {
        family.name.lower(): {
            "pieces": sum(piece.scene.family is family for piece in learned),
            "notes": sum(len(piece.scene) for piece in learned if piece.scene.family is family),
            "sets": len({piece.set_key for piece in learned if piece.scene.family is family}),
            "with_song": sum(piece.song is not None for piece in learned if piece.scene.family is family),
        }
        for family in families
    }

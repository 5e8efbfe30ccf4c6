"""The model with random weights, small enough for tests; `python -m tests.models.tiny` writes tiny.zip anew.

That is needed whenever fields, rows, the network or torch's random numbers change: `test_network.py` tells.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from models.bundled.calibration import Calibration
from models.bundled.graphs import Graphs
from models.bundled.scoring import Scorer

if TYPE_CHECKING:
    from models.bundled.network import Network, Shape

WEIGHTS = Path(__file__).with_name("tiny.zip")
# Random weights say nearly the same of everything; larger ones do not.
LOUDER = 2.0


def shape() -> Shape:
    from models.bundled.network import Shape

    return Shape(width=24, heads=3, layers=1, detector_layers=1, head_width=8)


def network() -> Network:
    """The network whose weights tiny.zip holds."""
    import torch

    from models.bundled.network import Network
    from models.training.export import halved

    torch.manual_seed(3)  # pyright: ignore[reportUnknownMemberType]
    made = Network(shape()).eval()
    with torch.no_grad():
        for value in made.parameters():
            value.mul_(LOUDER if value.ndim > 1 else 1)
        made.start.normal_()
    return halved(made)


def scorer(threads: int = 1) -> Scorer:
    return Scorer(Graphs(WEIGHTS.read_bytes()), threads)


def main() -> None:
    from models.training.export import exported

    WEIGHTS.write_bytes(exported(network(), "tiny", Calibration({}), {}))


if __name__ == "__main__":
    main()

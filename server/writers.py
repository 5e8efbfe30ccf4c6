"""Who writes notes and hit sounds: maimod's own network, loaded once a process when it is first asked for."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from models.errors import MaimodError, WeightsOfAnotherVersion
from server import scoring

if TYPE_CHECKING:
    from generation.sections import Generator
    from models.bundled.sampling import Sampler
    from models.bundled.scoring import Scorer


def scorer(weights: str | None = None) -> Scorer:
    """The bundled network as who judges, or the one at that path. Raises `MaimodError`."""
    found = scoring.scorer(weights)
    from models.bundled.scoring import Scorer

    if not isinstance(found, Scorer):
        raise MaimodError("this model scores maps only; maps are written by maimod's own")
    return found


@cache
def sampler(weights: str | None = None) -> Sampler:
    """The same network as who writes. Raises `MaimodError`."""
    graphs = scorer(weights).graphs
    from models.bundled.graphs import read_weights
    from models.bundled.sampling import Sampler
    from models.bundled.stepping import Unlike

    archive, where, cure = read_weights(weights)
    try:
        return Sampler(archive, graphs)
    except Unlike as trouble:
        raise WeightsOfAnotherVersion(f"the weights at {where} cannot write notes ({trouble}): {cure}") from None


@cache
def generator(weights: str | None = None) -> Generator:
    """Who writes sections, and judges them. Raises `MaimodError`."""
    writes = sampler(weights)
    from generation.sections import Generator

    return Generator(writes, scorer(weights))

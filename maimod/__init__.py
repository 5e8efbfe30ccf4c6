"""maimod: a modding assistant for osu! and Clone Hero maps. This is the whole public Python API.

>>> import maimod
>>> for report in maimod.check("songs/My Map"):
...     for finding in report.findings:
...         print(report.path, finding.time_ms, finding.message)
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

# In an installed wheel the rooms (formats, analyzers, server …) lie in this folder; in the repository they lie beside it.
_ROOMS = os.path.dirname(__file__)  # noqa: PTH120  pathlib costs a tenth of the start of the command line
if os.path.isdir(os.path.join(_ROOMS, "formats")) and _ROOMS not in sys.path:  # noqa: PTH112, PTH118
    sys.path.insert(0, _ROOMS)

if TYPE_CHECKING:
    from maimod.scored import Alternative, FieldSurprisal, Scored, ScoredMap, ScoredNote
from maimod.api import Checked, CheckedMap, Expected, Finding, Fix, UnreadablePath, check, surprisal  # noqa: E402  the rooms must be found first

__all__ = [
    "Alternative",
    "Checked",
    "CheckedMap",
    "Expected",
    "FieldSurprisal",
    "Finding",
    "Fix",
    "Scored",
    "ScoredMap",
    "ScoredNote",
    "UnreadablePath",
    "check",
    "surprisal",
]


def __getattr__(name: str) -> object:
    """What only those need who ask for surprisal is imported then: `maimod check` must start without it."""
    if name in __all__:
        from maimod import scored

        return getattr(scored, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

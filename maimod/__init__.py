"""maimod: a modding assistant for osu! and Clone Hero maps. This is the whole public Python API.

>>> import maimod
>>> for report in maimod.check("songs/My Map"):
...     for finding in report.findings:
...         print(report.path, finding.time_ms, finding.message)
"""

from __future__ import annotations

import os
import sys

# In an installed wheel the rooms (formats, analyzers, server …) lie in this folder; in the repository they lie beside it.
_ROOMS = os.path.dirname(__file__)  # noqa: PTH120  pathlib costs a tenth of the start of the command line
if os.path.isdir(os.path.join(_ROOMS, "formats")) and _ROOMS not in sys.path:  # noqa: PTH112, PTH118
    sys.path.insert(0, _ROOMS)

from maimod.api import Checked, CheckedMap, Expected, Finding, Fix, UnreadablePath, check  # noqa: E402  the rooms must be found first

__all__ = ["Checked", "CheckedMap", "Expected", "Finding", "Fix", "UnreadablePath", "check"]

"""Whether a map says that it is not to be trained on, which goes for all that is made of it too."""

from __future__ import annotations

import re

# As maimod writes it, in the tags of an .osu or as an event of a chart; mappers write it anywhere.
OPT_OUT = "robots: disallow"
_WRITTEN = re.compile(r"robots\s*:\s*disallow", re.IGNORECASE)


def opts_out(text: str) -> bool:
    return _WRITTEN.search(text) is not None

"""What the words of a map's files mean: sections, keys, values and the parts of lines, in a sentence each.

Sources: https://osu.ppy.sh/wiki/en/Client/File_formats and https://github.com/TheNathannator/GuitarGame_ChartFormats.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a key or part says; `values` are those that it can have with what each means, `common` the one to begin with.

    `old` is what nobody should write any more.
    """

    text: str
    values: tuple[tuple[str, str], ...] = ()
    common: str = ""
    old: bool = False

    def of(self, value: str) -> str:
        """What that value means; empty where it is none of those listed."""
        wanted = value.strip().lower()
        return next((meaning for name, meaning in self.values if name.lower() == wanted), "")


Keys = Mapping[str, Meaning]


def switch(text: str, common: str = "0") -> Meaning:
    """A key of 0 and 1."""
    return Meaning(text, (("0", "Off."), ("1", "On.")), common)

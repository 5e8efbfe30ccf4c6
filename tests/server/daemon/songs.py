"""A small mapset for the daemon's tests: two difficulties with one unsnapped circle in the harder one."""

from __future__ import annotations

from pathlib import Path

from tests.builder import osu_text
from tests.server.maps import put

METADATA = ("Title:Song", "Artist:Band", "Creator:Me")
HARD, EASY = "Band - Song (Me) [Hard].osu", "Band - Song (Me) [Easy].osu"
SNAPPED, UNSNAPPED = "100,100,1500,1,0", "100,100,1513,1,0"


def text(circle: str = UNSNAPPED, name: str = "Hard", more: tuple[str, ...] = ()) -> str:
    return osu_text(["256,192,1000,1,0", circle, *more], metadata=(*METADATA, f"Version:{name}"))


def songs(folder: Path) -> Path:
    """The folder that is to be watched."""
    put(folder / "songs" / "set", HARD, text())
    put(folder / "songs" / "set", EASY, text(SNAPPED, "Easy"))
    return folder / "songs"

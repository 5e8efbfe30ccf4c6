"""The song of a map: which file beside it, and what is heard in it, kept for the difficulties that share it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.mapset import FileFact, same_file
from server.reading import Unreadable, list_files, read_beside

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

OFF = "off"
# The remark on a song that the model could not hear.
UNHEARD_CODE, UNHEARD_NAME = "U001", "song-unheard"
# Larger files are no songs of a map; two hours of MP3 at 320 kbit/s take as much.
MOST_SONG_BYTES = 288 << 20
# Clone Hero plays these beside what the chart names.
CHART_SONGS = tuple(f"{stem}.{suffix}" for stem in ("song", "guitar") for suffix in ("ogg", "opus", "mp3", "wav"))
# A song of four minutes takes 768 kB.
MOST_KEPT = 4

Files = Mapping[str, FileFact] | None
# Called now and then while a song is decoded; what it raises ends that.
Pause = Callable[[], object]


@dataclass(frozen=True, eq=False)
class Song:
    """What is heard in a file: features of shape (frames, 32), or None and why in half a sentence."""

    name: str
    features: NDArray[np.uint8] | None
    trouble: str = ""

    @cached_property
    def onsets(self) -> NDArray[np.float32] | None:
        """How much each frame sounds like the moment of a note."""
        from models.bundled.onset_network import onset_logits

        return None if self.features is None else onset_logits(self.features)


class Songs:
    """Songs as last heard. `audio` is a file to be heard with every map, "off" for silence, None for each map's own."""

    def __init__(self, audio: str | None = None) -> None:
        self.audio = audio
        self._heard: dict[tuple[str, object], Song] = {}

    def of_beatmap(self, path: str, beatmap: Beatmap, files: Files, pause: Pause = lambda: None) -> Song | None:
        """The song of the `.osu` at `path`; None where there is none to hear. `files` are those of its folder."""
        return self._of(path, [beatmap.general.text("AudioFilename")], files, pause)

    def of_chart(self, path: str, chart: Chart, files: Files, pause: Pause = lambda: None) -> Song | None:
        """The same of a `.chart`: what it names, else the file that the game plays."""
        return self._of(path, [chart.song.text("MusicStream").strip('"'), *CHART_SONGS], files, pause)

    def of_file(self, path: str, pause: Pause = lambda: None) -> Song:
        """The song in this very file."""
        return self._hear(path, "", pause)

    def _of(self, path: str, names: Sequence[str], files: Files, pause: Pause) -> Song | None:
        if self.audio == OFF:
            return None
        if self.audio is not None:
            return self._hear(self.audio, "", pause)
        folder = os.path.dirname(path)
        listed = files if files is not None else (list_files(folder or ".") if path else None)
        known = {same_file(name): name for name in listed or ()}
        found = next((known[same_file(name)] for name in names if name and same_file(name) in known), None)
        return self._hear(folder, found, pause) if found is not None else None

    def _hear(self, folder: str, name: str, pause: Pause) -> Song:
        """The song, from memory where the file stands as it was."""
        path = os.path.join(folder, name) if name else folder
        key = path, _stamp(path)
        song = self._heard.pop(key, None) or _song(path, folder, name, pause)
        self._heard[key] = song
        while len(self._heard) > MOST_KEPT:
            del self._heard[next(iter(self._heard))]
        return song


def _song(path: str, folder: str, name: str, pause: Pause) -> Song:
    from models.errors import UnreadableAudio
    from server.song_features import song_features

    shown = os.path.basename(path)
    try:
        return Song(shown, song_features(read_beside(folder, name, MOST_SONG_BYTES), pause=pause))
    except Unreadable as trouble:
        return Song(shown, None, f"the file {trouble.reason}")
    except UnreadableAudio as trouble:
        return Song(shown, None, str(trouble))


def _stamp(path: str) -> object:
    try:
        about = os.stat(path)
    except (OSError, ValueError):
        return None
    return about.st_mtime_ns, about.st_size

"""Which files of a map's folder its difficulties, its storyboard and its skin use."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import translate
from functools import cache
from pathlib import Path
from typing import Any

from formats.beatmap import Beatmap
from formats.mapset import Mapset, same_file
from formats.osu import Background, Mode, Sprite, StoryboardSample, Video
from formats.samples import SAMPLE_ENDINGS, SET_NAMES

IMAGE_ENDINGS = ("png", "jpg", "jpeg")
VIDEO_ENDINGS = ("mp4", "avi", "flv", "mpg", "wmv", "m4v")
_SAMPLE = re.compile(
    r"(?P<taiko>taiko-)?(?P<set>normal|soft|drum)-"
    r"(?P<sound>hitnormal|hitwhistle|hitfinish|hitclap|slidertick|sliderslide|sliderwhistle)(?P<index>\d*)"
)
_ADDITION_BITS = {"hitwhistle": 2, "hitfinish": 4, "hitclap": 8, "sliderwhistle": 2}


def holds_other_sets(mapset: Mapset) -> bool:
    """Whether maps of other sets lie in the folder or below it, so that its files are not this set's alone."""
    own = {each.file_name.casefold() for each in mapset.difficulties}
    return any(name.endswith(".osu") and name.rpartition("/")[2] not in own for name in mapset.file_names or ())


class FolderUse:
    """What the set's files name. `storyboard_known` is False where an `.osb` lies in the folder that nobody read, or one
    that puts its file names together from variables."""

    def __init__(self, mapset: Mapset) -> None:
        self._mapset = mapset
        self._modes = frozenset(each.beatmap.mode for each in mapset.difficulties)
        files = mapset.files or {}
        self._skin_ini = "skin.ini" in {same_file(path) for path in files}
        boards = mapset.storyboards
        unread = boards is None and any(path.lower().endswith(".osb") and fact.size for path, fact in files.items())
        self.storyboard_known = not unread and not any(_has_variables(board) for board in (boards or {}).values())
        self._named: set[str] = set()
        self._frames: dict[tuple[str, str], int] = {}
        for beatmap in self._beatmaps():
            self._read(beatmap)
        self._samples = _Samples([each.beatmap for each in mapset.difficulties])
        self._counts_down = any(each.beatmap.general.number("Countdown", 1) > 0 for each in mapset.difficulties)

    def _beatmaps(self) -> Iterator[Beatmap]:
        yield from (each.beatmap for each in self._mapset.difficulties)
        yield from (self._mapset.storyboards or {}).values()

    def _read(self, beatmap: Beatmap) -> None:
        self._name(beatmap.general.text("AudioFilename"))
        for event in beatmap.events:
            if isinstance(event, (Background, Video, StoryboardSample)) or (isinstance(event, Sprite) and not event.frames):
                self._name(event.filename)
            elif isinstance(event, Sprite):
                stem, _, ending = same_file(event.filename).rpartition(".")
                self._frames[stem, ending] = max(self._frames.get((stem, ending), 0), event.frames)
        for source in beatmap.hit_objects:
            if source.sample.filename:
                self._name(source.sample.filename)

    def _name(self, path: str) -> None:
        name = same_file(path)
        stem, _, ending = name.rpartition(".")
        # The game takes a sample in whatever format it finds.
        self._named.add(stem if ending in SAMPLE_ENDINGS else name)

    def is_used(self, path: str) -> bool:
        name = same_file(path)
        stem, _, ending = name.rpartition(".")
        if name in self._named or (ending in SAMPLE_ENDINGS and stem in self._named) or self._is_frame(stem, ending):
            return True
        if ending == "osb":
            board = (self._mapset.storyboards or {}).get(path)
            fact = (self._mapset.files or {})[path]
            return bool(board.events) if board is not None else fact.size > 0 and self._mapset.storyboards is None
        if not self.storyboard_known and ending in (*IMAGE_ENDINGS, *SAMPLE_ENDINGS, *VIDEO_ENDINGS):
            return True
        if ending in IMAGE_ENDINGS:
            return self._skin_ini or self._is_image(stem)
        if ending in SAMPLE_ENDINGS:
            return self._samples.plays(stem) or _listed(stem, "sounds", "any") or self._counted(stem)
        return False

    def _is_frame(self, stem: str, ending: str) -> bool:
        base = stem.rstrip("0123456789")
        number = stem[len(base) :]
        return 0 < len(number) < 7 and int(number) < self._frames.get((base, ending), 0)

    def _is_image(self, stem: str) -> bool:
        name = stem.removesuffix("@2x")
        names = (name, re.sub(r"-?\d+$", "", name))
        modes = ("any", *(mode.name.lower() for mode in self._modes))
        return any(_listed(each, "images", mode) for each in names for mode in modes) or self._counted(name)

    def _counted(self, name: str) -> bool:
        return self._counts_down and _listed(name, "countdown", "names")


def is_lazer_only(path: str) -> bool:
    """True for a skin file that osu!stable does not know."""
    return _listed(same_file(path).rpartition(".")[0].removesuffix("@2x"), "lazer-only", "names")


class _Samples:
    """The custom samples that the difficulties may play: generous, any set with any index that one of them uses."""

    def __init__(self, beatmaps: Iterable[Beatmap]) -> None:
        self._sets: set[str] = set()
        self._indices: set[int] = set()
        self._bits = 0
        self._sliders = self._taiko = False
        for beatmap in beatmaps:
            self._taiko |= beatmap.mode is Mode.TAIKO
            self._read(beatmap)

    def _read(self, beatmap: Beatmap) -> None:
        sets = {point.sample_set for point in beatmap.timing_points}
        self._indices.update(point.sample_index for point in beatmap.timing_points)
        for source in beatmap.hit_objects:
            sample = source.sample
            sets |= {sample.normal_set, sample.addition_set}
            self._indices.add(sample.index)
            self._bits |= source.sound
            for sound in source.edge_sounds or ():
                self._bits |= sound
            for pair in source.edge_sets or ():
                sets.update(pair)
            self._sliders |= source.curves is not None
        default = beatmap.general.text("SampleSet", "Normal").casefold()
        self._sets |= {SET_NAMES.get(each, default) for each in sets}

    def plays(self, stem: str) -> bool:
        found = _SAMPLE.fullmatch(stem)
        if found is None or (found["taiko"] and not self._taiko):
            return False
        index = int(found["index"][:6]) if found["index"] else 1
        bit = _ADDITION_BITS.get(found["sound"], 0)
        if found["index"] == "1" or index not in self._indices or found["set"] not in self._sets:
            return False
        return self._sliders if found["sound"].startswith("slider") else not bit or bool(self._bits & bit)


def _has_variables(board: Beatmap) -> bool:
    return any(line.section == "Variables" and line.content.startswith("$") for line in board.document.lines)


@cache
def _elements() -> Mapping[str, Any]:
    # Data of the package, shipped beside this module.
    return tomllib.loads(Path(__file__).with_name("skin_elements.toml").read_text(encoding="utf-8"))


@cache
def _pattern(table: str, key: str) -> re.Pattern[str]:
    return re.compile("|".join(translate(name) for name in _elements()[table][key]))


def _listed(name: str, table: str, key: str) -> bool:
    return _pattern(table, key).match(name) is not None

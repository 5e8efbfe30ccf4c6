"""How hard a difficulty is meant to be, from its name, else from its star rating."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from functools import cache

from analyzers.rule import Level
from formats.mapset import Difficulty
from formats.osu import Mode

# Star ratings at which the next level begins; the last level has no end.
STAR_BOUNDS = (2.0, 2.7, 4.0, 5.3, 6.5)
# A map with more objects than this is not rated: no map that can be played has them, and rating takes memory per object.
MOST_OBJECTS = 50_000
# Nor is one with a line of more characters: rating takes the square of a curve's anchors.
LONGEST_LINE = 10_000

_E, _N, _H, _I, _X, _U = Level

# The names that mappers give, in lower case. What other rhythm games call a difficulty is listed where maps agree on
# what it means; names that mean one thing in one song and another in the next are left to the stars.
_COMMON: Mapping[Level, str] = {
    _E: "easy, beginner, simple",
    _N: "normal, medium, standard",
    _H: "hard, advanced, hyper",
    _I: "insane, another, lunatic, exhaust",
    _X: "expert, extra, extreme, black another, leggendaria, master, gravity, infinite, heavenly, maximum, deathmoon",
    _U: "ultra, ultra extra, ultra extreme",
}
_OF_MODE: Mapping[Mode, Mapping[Level, str]] = {
    Mode.OSU: {_N: "basic"},
    Mode.TAIKO: {
        _E: "kantan, かんたん",
        _N: "futsuu, futsu, ふつう",
        _H: "muzukashii, muzukashi, むずかしい",
        _I: "oni, おに, 鬼",
        _X: "inner oni, inneroni, ura oni, uraoni, ura, うら, 裏, 裏鬼",
        _U: "hell oni, inner hell oni",
    },
    Mode.CATCH: {
        _E: "cup",
        _N: "salad",
        _H: "platter",
        _I: "rain",
        _X: "overdose",
        _U: "deluge",
    },
    Mode.MANIA: {
        _E: "ez, novice, nov, bgn",
        _N: "nm, nor, nx",
        _H: "hd, hx, hyp",
        _I: "mx, shd, exh, ano",
        _X: "sc, grv, inf, hvn, mxm",
    },
}
_SPOKEN = {
    Mode.TAIKO: dict(zip(Level, ("Kantan", "Futsuu", "Muzukashii", "Oni", "Inner Oni", "Hell Oni"), strict=True)),
    Mode.CATCH: dict(zip(Level, ("Cup", "Salad", "Platter", "Rain", "Overdose", "Deluge"), strict=True)),
}
# "Someone's Hard", "Someone's & Others' Hard": what stands before the last possessive names people, not the level.
_OWNER = re.compile(r"^.*\w(?:['’`´]s|s['’`´])(?=\s)", re.IGNORECASE)


def interpret_level(difficulty: Difficulty) -> Level | None:
    """The level; None where neither the name nor a star rating tells."""
    named = level_named(difficulty.name, difficulty.beatmap.mode)
    if named is not None:
        return named
    stars = star_rating(difficulty)
    return None if stars is None else level_of_stars(stars)


def level_named(name: str, mode: Mode) -> Level | None:
    """The level that a difficulty's name says: the longest name of one that it holds, of two as long the harder."""
    words, pattern = _vocabulary(mode)
    found = [(len(word), words[word]) for word in pattern.findall(_OWNER.sub("", name).casefold())]
    return max(found, key=lambda pair: (pair[0], pair[1].rank))[1] if found else None


def level_name(level: Level, mode: Mode = Mode.OSU) -> str:
    """The level as mappers of the mode call it: "Hard", "Muzukashii", "Platter"."""
    return _SPOKEN.get(mode, {}).get(level, level.value.capitalize())


def level_of_stars(stars: float) -> Level:
    return list(Level)[bisect_right(STAR_BOUNDS, stars)]


@cache
def _vocabulary(mode: Mode) -> tuple[dict[str, Level], re.Pattern[str]]:
    words = {word: level for names in (_COMMON, _OF_MODE[mode]) for level, listed in names.items() for word in listed.split(", ")}
    longest_first = sorted(words, key=len, reverse=True)
    return words, re.compile(r"(?<![^\W_])(?:" + "|".join(map(re.escape, longest_first)) + r")(?![^\W\d_])")


def star_rating(difficulty: Difficulty) -> float | None:
    """Stars without mods, kept with the difficulty; None for a map that cannot be rated or looks made to hurt."""
    kept = difficulty.derived
    if "stars" not in kept:
        kept["stars"] = _rate(difficulty)
    stars = kept["stars"]
    return stars if isinstance(stars, float) else None


def _rate(difficulty: Difficulty) -> float | None:
    objects = difficulty.beatmap.hit_objects
    if not 0 < len(objects) <= MOST_OBJECTS or max(len(each.line.text) for each in objects) > LONGEST_LINE:
        return None
    import rosu_pp_py as rosu

    try:
        beatmap = rosu.Beatmap(content=difficulty.beatmap.document.text.encode("utf-8", "replace"))
        if beatmap.is_suspicious():
            return None
        return float(rosu.Difficulty().calculate(beatmap).stars)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001  a panic in the library is no Exception, and no map may end the process
        return None

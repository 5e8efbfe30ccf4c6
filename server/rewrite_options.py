"""What a client asks for when a map is to be rewritten: options as JSON, each checked, as requests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from formats.osu import Mode
from generation.parts import Part
from generation.request import DENSITIES, MOST_LANES, MOST_SEED, OWN, SHARES, SOUND_TEMPERATURES, TEMPERATURES, Request
from models.bundled.fields import KINDS
from server.songs import OFF
from server.worker.questions import CheckTiming, WriteGuest, WriteSounds

if TYPE_CHECKING:
    from server.settings import Settings

MODES = {"osu": Mode.OSU, "taiko": Mode.TAIKO, "catch": Mode.CATCH, "mania": Mode.MANIA}
SOUND_PARTS = ("additions", "sets", "volumes")
MOST_CANDIDATES = 16
TEMPOS = (20.0, 600.0)
# Characters of what was given instead.
LONGEST_SHOWN = 60

Options = Mapping[str, object]


class WrongOption(ValueError):
    """An option that makes no sense, in one sentence."""


@dataclass(frozen=True, slots=True)
class Given:
    """Options by name; each may be asked for once by the type that it has to have."""

    options: Options

    def only(self, *known: str) -> None:
        unknown = sorted(name for name, value in self.options.items() if name not in known and value is not None)
        if unknown:
            raise WrongOption(f"there is no option {_shown(unknown[0])}; the options are {', '.join(known)}")

    def number(self, name: str, usual: float, bounds: tuple[float, float]) -> float:
        value = self.options.get(name)
        if value is None:
            return usual
        low, high = bounds
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise WrongOption(f"{name} must be a number from {low:.12g} to {high:.12g}, not {_shown(value)}")
        return float(value)

    def density(self) -> float | None:
        """As of a `Request`."""
        value = self.options.get("density")
        if isinstance(value, str) and value != OWN:
            raise WrongOption(f"density must be a number or {OWN!r}, not {_shown(value)}")
        return None if value == OWN else self.number("density", 1.0, DENSITIES)

    def whole(self, name: str, usual: int, low: int, high: int) -> int:
        value = self.number(name, usual, (low, high))
        if value != int(value):
            raise WrongOption(f"{name} must be a whole number, not {_shown(value)}")
        return int(value)

    def flag(self, name: str) -> bool | None:
        value = self.options.get(name)
        if value is not None and not isinstance(value, bool):
            raise WrongOption(f"{name} must be true or false, not {_shown(value)}")
        return value

    def text(self, name: str) -> str:
        value = self.options.get(name)
        if value is not None and not isinstance(value, str):
            raise WrongOption(f"{name} must be a text, not {_shown(value)}")
        return value or ""

    def words(self, name: str, known: Iterable[str]) -> frozenset[str] | None:
        """None where nothing is said of it."""
        value = self.options.get(name)
        if value is None:
            return None
        known = list(known)
        given: list[object] = list(cast("list[object]", value)) if isinstance(value, list | tuple) else [value]
        for word in given:
            if word not in known:
                raise WrongOption(f"{name} must be some of {', '.join(known)}, not {_shown(word)}")
        return frozenset(str(word) for word in given)

    def lanes(self) -> frozenset[int] | None:
        """None for all."""
        value = self.options.get("lanes")
        if value is None:
            return None
        given: list[object] = list(cast("list[object]", value)) if isinstance(value, list | tuple) else [value]
        lanes = [each for each in given if isinstance(each, int) and not isinstance(each, bool) and 0 <= each < MOST_LANES]
        if len(lanes) < len(given):
            raise WrongOption(f"lanes must be numbers from 0 to {MOST_LANES - 1}, not {_shown(given)}")
        return frozenset(lanes) or None

    def audio(self) -> str | None:
        value = self.text("audio")
        if value not in ("", OFF):
            raise WrongOption(f"audio must be {OFF!r}, or left out for the map's own song, not {_shown(value)}")
        return value or None


def _shown(value: object) -> str:
    told = repr(value)
    return told if len(told) <= LONGEST_SHOWN else f"{told[:LONGEST_SHOWN]}…"


def section_request(start: float, end: float, track: str, options: Options) -> tuple[Request, str | None]:
    """The request, and what it is heard with. Raises `WrongOption`."""
    given = Given(options)
    given.only(
        "track", "seed", "count", "temperature", "density", "keep", "only", "add", "lanes", "kinds", "audio"
    )  # fmt: skip
    request = Request(
        start,
        end,
        given.text("track") or track,
        given.whole("seed", 0, 0, MOST_SEED),
        given.whole("count", 3, 1, MOST_CANDIDATES),
        given.number("temperature", 1.0, TEMPERATURES),
        given.density(),
        frozenset(Part(word) for word in given.words("keep", Part) or ()),
        bool(given.flag("add")),
        given.lanes(),
        given.words("kinds", KINDS),
    )
    only = given.words("only", Part)
    if only is not None:
        if request.keep:
            raise WrongOption("keep and only cannot be asked for together")
        if request.add:
            raise WrongOption("add leaves the notes that stand as they are, so only has nothing to change")
        request = replace(request, keep=frozenset(Part) - {Part(word) for word in only})
    return request, given.audio()


def sound_question(uri: str, settings: Settings, start: float | None, end: float | None, options: Options) -> WriteSounds:
    """`from` is the path of another difficulty. Raises `WrongOption`."""
    given = Given(options)
    given.only("parts", "add", "share", "seed", "temperature", "from", "audio")
    parts = given.words("parts", SOUND_PARTS)
    share = None if options.get("share") is None else given.number("share", 1.0, SHARES)
    return WriteSounds(
        uri, settings, start, end,
        tuple(sorted(parts)) if parts else ("additions",),
        bool(given.flag("add")),
        share,
        given.whole("seed", 0, 0, MOST_SEED),
        given.number("temperature", 1.0, SOUND_TEMPERATURES),
        given.text("from"),
        given.audio(),
    )  # fmt: skip


def guest_question(uri: str, settings: Settings, stars: float, name: str, options: Options) -> WriteGuest:
    """`mode` is osu, taiko, catch or mania. Raises `WrongOption`."""
    given = Given({**options, "stars": stars})
    given.only("stars", "mode", "keys", "rhythm", "seed", "temperature", "audio")
    if not name.strip():
        raise WrongOption("the difficulty needs a name")
    if not name.strip().isprintable():
        raise WrongOption("the difficulty's name must be one line of text")
    mode = given.text("mode")
    if mode and mode not in MODES:
        raise WrongOption(f"mode must be one of {', '.join(MODES)}, not {_shown(mode)}")
    keys = None if options.get("keys") is None else given.whole("keys", 4, 1, MOST_LANES)
    return WriteGuest(
        uri, settings,
        given.number("stars", stars, (0.0, 100.0)),
        name.strip(),
        MODES[mode] if mode else None,
        keys,
        given.flag("rhythm"),
        given.whole("seed", 0, 0, MOST_SEED),
        given.number("temperature", 1.0, TEMPERATURES),
        given.audio(),
    )  # fmt: skip


def timing_question(uri: str, settings: Settings, options: Options) -> CheckTiming:
    """Raises `WrongOption`."""
    given = Given(options)
    given.only("bpm", "anew", "along")
    bpm = None if options.get("bpm") is None else given.number("bpm", 120.0, TEMPOS)
    return CheckTiming(uri, settings, bpm, bool(given.flag("anew")), bool(given.flag("along")))

"""Settings that differ between difficulties without reason.

Count-down, lead-in, letterbox, the storyboard's settings and the like belong to the set. Where they differ, it is most
often because one difficulty was set up later. What most difficulties say is held to be meant; a setting that has no
effect (letterbox without breaks, widescreen without a storyboard) is let be. A slider tick rate may differ on purpose.

Example: `EpilepsyWarning:1` in three of four difficulties
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from analyzers.consensus import copy_entry, reference, related, same_mode
from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.rule import Issue, Rule, Standard, Template
from formats.beatmap import Beatmap, Section
from formats.document import whole
from formats.mapset import Difficulty, Mapset
from formats.osu import Mode

# A count-down needs this many of its beats ahead of the first object, else the game leaves it out.
COUNTDOWN_BEATS = 6
# `Countdown` to how many beats of the song one beat of the count-down takes: normal, half and double speed.
_BEATS_PER_COUNT = {1: 1.0, 2: 2.0, 3: 0.5}

MISMATCH = Template(
    "setting-mismatch",
    Severity.WARNING,
    "{key} is {own} in [{name}], {theirs} in [{other}].",
    "A setting of the set differs from what most difficulties say.",
)
TICK_RATE = Template(
    "tick-rate-mismatch",
    Severity.INFORMATION,
    "{key} is {own} in [{name}], {theirs} in [{other}].",
    "The slider tick rate differs from that of most difficulties.",
)
SET_ID = Template(
    "set-id-mismatch",
    Severity.ERROR,
    "{key} is {own} in [{name}], {theirs} in [{other}], so the difficulty would not be uploaded to the same set.",
    "Two difficulties of a folder have different set ids.",
)
STORYBOARD = Template(
    "storyboard-in-some",
    Severity.WARNING,
    "[{name}] has {own}, [{other}] {theirs}.",
    "Some difficulties have storyboard sprites of their own and others have none.",
)

Effect = Callable[[Beatmap, Mapset], bool]


@dataclass(frozen=True, slots=True)
class Setting:
    """A key, what the game takes where it is missing, and whether the setting does anything in a difficulty."""

    key: str
    default: float
    has_effect: Effect
    in_lazer: bool = True


def _always(_beatmap: Beatmap, _mapset: Mapset) -> bool:
    return True


def _has_breaks(beatmap: Beatmap, _mapset: Mapset) -> bool:
    return bool(beatmap.breaks)


def has_storyboard(beatmap: Beatmap, mapset: Mapset) -> bool:
    """True for sprites in the difficulty or in the set's .osb (any .osb, where nobody read it)."""
    if beatmap.sprites:
        return True
    if mapset.storyboards is not None:
        return any(storyboard.sprites for storyboard in mapset.storyboards.values())
    return any(path.lower().endswith(".osb") and fact.size > 0 for path, fact in (mapset.files or {}).items())


def _flashes(beatmap: Beatmap, mapset: Mapset) -> bool:
    return bool(beatmap.videos) or has_storyboard(beatmap, mapset)


def _counts_down(beatmap: Beatmap, _mapset: Mapset) -> bool:
    if beatmap.mode in (Mode.TAIKO, Mode.MANIA) or not beatmap.hit_objects:
        return False
    per_count = _BEATS_PER_COUNT.get(int(beatmap.general.number("Countdown", 1)))
    red = min((point for point in beatmap.timing_points if point.uninherited), key=lambda point: point.time, default=None)
    if per_count is None or red is None:
        return False
    first = beatmap.hit_objects[0].time
    return first + beatmap.general.number("AudioLeadIn", 0) >= COUNTDOWN_BEATS * per_count * abs(red.beat_length)


GENERAL = (
    Setting("Countdown", 1, _counts_down),
    Setting("CountdownOffset", 0, _counts_down),
    Setting("AudioLeadIn", 0, _always),
    Setting("LetterboxInBreaks", 0, _has_breaks),
    Setting("WidescreenStoryboard", 0, has_storyboard),
    Setting("EpilepsyWarning", 0, _flashes),
    Setting("SamplesMatchPlaybackRate", 0, _always),
    Setting("StoryFireInFront", 1, has_storyboard, in_lazer=False),
    Setting("UseSkinSprites", 0, has_storyboard, in_lazer=False),
)


def check(context: Context) -> Iterator[Issue]:
    if not context.others:
        return
    lazer = context.standard is Standard.LAZER
    for setting in GENERAL:
        if setting.in_lazer or not lazer:
            yield from _compare_setting(context, setting, lazer)
    if not lazer:
        yield from _compare_texts(context)
        yield from _compare_storyboards(context)
    yield from _compare_tick_rates(context)


def _compare_setting(context: Context, setting: Setting, lazer: bool) -> Iterator[Issue]:
    def value(difficulty: Difficulty) -> float:
        return difficulty.beatmap.general.number(setting.key, setting.default)

    if len({value(each) for each in context.mapset.difficulties}) == 1:
        return
    has_effect = setting.has_effect
    if lazer and setting.key != "WidescreenStoryboard":
        # The Verify tab looks at the values alone.
        has_effect = _always
    if setting.key == "Countdown" and not lazer:
        yield from _compare_countdowns(context, value)
        return
    concerned = [each for each in context.mapset.difficulties if has_effect(each.beatmap, context.mapset)]
    if context.difficulty in concerned:
        yield from _compare(MISMATCH, context, concerned, "general", setting.key, value)


def _compare_countdowns(context: Context, value: Callable[[Difficulty], float]) -> Iterator[Issue]:
    """A difference counts only where one of the two is heard: without room ahead of the first object there is none."""
    concerned = [each for each in context.mapset.difficulties if each.beatmap.mode not in (Mode.TAIKO, Mode.MANIA)]
    other = reference(concerned, value)
    if other is None or context.difficulty not in concerned:
        return
    if any(_counts_down(each.beatmap, context.mapset) for each in (other, context.difficulty)):
        yield from _compare(MISMATCH, context, concerned, "general", "Countdown", value)


def _compare_texts(context: Context) -> Iterator[Issue]:
    def skin(difficulty: Difficulty) -> str:
        return difficulty.beatmap.general.text("SkinPreference").casefold()

    def set_id(difficulty: Difficulty) -> float:
        return difficulty.beatmap.metadata.number("BeatmapSetID", -1)

    yield from _compare(MISMATCH, context, list(context.mapset.difficulties), "general", "SkinPreference", skin)
    # A difficulty that was never uploaded has no id yet.
    uploaded = [each for each in context.mapset.difficulties if set_id(each) > 0]
    if context.difficulty in uploaded:
        yield from _compare(SET_ID, context, uploaded, "metadata", "BeatmapSetID", set_id)


def _compare_storyboards(context: Context) -> Iterator[Issue]:
    def has_own(difficulty: Difficulty) -> bool:
        return bool(difficulty.beatmap.sprites)

    # A mode may have a storyboard of its own, and taiko most often has none.
    other = reference(same_mode(context), has_own)
    if other and has_own(other) != has_own(context.difficulty):
        own, theirs = ("a storyboard of its own", "none") if has_own(context.difficulty) else ("no storyboard of its own", "one")
        place = whole(context.beatmap.headers.get("Events", context.first_line))
        yield STORYBOARD(at=place, name=context.difficulty.name, own=own, other=other.name, theirs=theirs)


def _compare_tick_rates(context: Context) -> Iterator[Issue]:
    def rate(difficulty: Difficulty) -> float:
        return round(difficulty.beatmap.difficulty.number("SliderTickRate", 1), 3)

    # Taiko and mania have no slider ticks to hear.
    ticking = [each for each in context.mapset.difficulties if each.beatmap.mode in (Mode.OSU, Mode.CATCH)]
    if context.difficulty in ticking:
        yield from _compare(TICK_RATE, context, ticking, "difficulty", "SliderTickRate", rate)


def _compare(
    template: Template,
    context: Context,
    concerned: list[Difficulty],
    section: str,
    key: str,
    value: Callable[[Difficulty], float | str],
) -> Iterator[Issue]:
    other = reference(concerned, value)
    if other is None or value(other) == value(context.difficulty):
        return
    own, theirs = _section(context.difficulty, section), _section(other, section)
    yield template(
        at=context.key_place(own, key),
        key=key,
        name=context.difficulty.name,
        own=_shown(own, key),
        other=other.name,
        theirs=_shown(theirs, key),
        related=[related(other, f"{key} is {_shown(theirs, key)} in [{other.name}]")],
        # An id belongs to the website.
        repairs=copy_entry(context, own, theirs, key, other) if template is not SET_ID else [],
    )


def _section(difficulty: Difficulty, name: str) -> Section:
    beatmap = difficulty.beatmap
    return {"general": beatmap.general, "metadata": beatmap.metadata, "difficulty": beatmap.difficulty}[name]


def _shown(section: Section, key: str) -> str:
    return section.text(key) or "not set"


RULE = Rule(
    "S103",
    "settings-inconsistent",
    Category.SETTINGS,
    __doc__,
    (MISMATCH, TICK_RATE, SET_ID, STORYBOARD),
    check,
    whole_set=True,
)

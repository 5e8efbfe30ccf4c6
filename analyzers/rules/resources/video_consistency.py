"""Video that differs between difficulties.

Difficulties of one mode should show the same video from the same moment; modes should agree as well, save that taiko,
whose playfield covers most of the screen, may go without. What most difficulties do is held to be meant. The lazer
standard compares all difficulties with the first that is set, and calls a missing video or another start a problem.

Example: `Video,0,"a.mp4"` in [Hard], `Video,0,"b.mp4"` in the other three
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.consensus import reference, related, same_mode
from analyzers.context import Context
from analyzers.finding import Category, Related, Severity
from analyzers.rule import Issue, Rule, Standard, Template
from analyzers.videos import copy_video, describe, first_video
from formats.document import Place, whole
from formats.mapset import Difficulty, same_file
from formats.osu import Mode, Video

DIFFERENT_IN_MODE = Template(
    "different-in-mode",
    Severity.WARNING,
    "This difficulty has {own}, [{other}] of the same mode {theirs}.",
    "Difficulties of one mode have different videos, or the same one from another moment.",
)
DIFFERENT_MODES = Template(
    "different-between-modes",
    Severity.WARNING,
    "This difficulty has {own}, [{other}] of another mode {theirs}.",
    "The difficulties of two modes, neither of them taiko, have different videos.",
)
MISSING_VIDEO = Template(
    "missing-video",
    Severity.ERROR,
    "This difficulty has no video, [{other}] has {theirs}.",
    "Some difficulties have a video and this one has none.",
)
DIFFERENT_VIDEO = Template(
    "different-video",
    Severity.WARNING,
    "[{name}] has {own}, [{other}] {theirs}.",
    "Two difficulties have different videos.",
)
DIFFERENT_START = Template(
    "different-start-time",
    Severity.ERROR,
    "[{name}] has {own}, [{other}] {theirs}.",
    "Two difficulties start the same video at different times.",
)

Shown = tuple[str, float] | None


def check(context: Context) -> Iterator[Issue]:
    if not context.others:
        return
    if context.standard is Standard.LAZER:
        yield from _as_lazer(context)
        return
    expected = reference(same_mode(context), _shown)
    if expected and _shown(expected) != _shown(context.difficulty):
        yield _issue(DIFFERENT_IN_MODE, context, expected)
    elif context.mode is not Mode.TAIKO and (model := _model_of_modes(context)):
        yield _issue(DIFFERENT_MODES, context, model)


def _model_of_modes(context: Context) -> Difficulty | None:
    """The difficulty of the first mode but taiko, where that mode shows another video than this difficulty's mode."""
    counted = [each for each in context.mapset.difficulties if each.beatmap.mode is not Mode.TAIKO]
    first = min(each.beatmap.mode for each in counted)
    model = reference([each for each in counted if each.beatmap.mode is first], _shown)
    return model if model and first is not context.mode and _shown(model) != _shown(context.difficulty) else None


def _as_lazer(context: Context) -> Iterator[Issue]:
    # The Verify tab compares with the difficulty that is open. A folder has none open, so the first by name stands in.
    ordered = sorted(context.mapset.difficulties, key=lambda each: each.name)
    showing = [each for each in ordered if each.beatmap.videos]
    if not showing:
        return
    own = _shown(context.difficulty)
    if own is None:
        yield _issue(MISSING_VIDEO, context, showing[0])
        return
    first = _shown(showing[0])
    if first is not None and first[0] != own[0]:
        yield _issue(DIFFERENT_VIDEO, context, showing[0])
    same = next(each for each in showing if (shown := _shown(each)) and shown[0] == own[0])
    if _shown(same) != own:
        yield _issue(DIFFERENT_START, context, same)


def _issue(template: Template, context: Context, other: Difficulty) -> Issue:
    own, theirs = first_video(context.difficulty), first_video(other)
    return template(
        at=_place(context, own),
        name=context.difficulty.name,
        own=describe(own),
        other=other.name,
        theirs=describe(theirs),
        related=_related(other, theirs),
        repairs=copy_video(context, own, theirs, other),
    )


def _shown(difficulty: Difficulty) -> Shown:
    video = first_video(difficulty)
    return (same_file(video.filename), video.time) if video else None


def _place(context: Context, video: Video | None) -> Place:
    return whole(video.line if video else context.beatmap.headers.get("Events", context.first_line))


def _related(other: Difficulty, video: Video | None) -> list[Related]:
    return [related(other, f"[{other.name}] has {describe(video)}", video.time if video else None)]


RULE = Rule(
    "R104",
    "video-consistency",
    Category.RESOURCES,
    __doc__,
    (DIFFERENT_IN_MODE, DIFFERENT_MODES, MISSING_VIDEO, DIFFERENT_VIDEO, DIFFERENT_START),
    check,
    whole_set=True,
)

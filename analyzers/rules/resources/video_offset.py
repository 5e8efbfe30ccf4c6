"""One video from different moments.

Difficulties that show the same video file must start it at the same time, or it runs beside the music in some of them.

Example: `Video,0,"video.mp4"` in [Hard], `Video,500,"video.mp4"` in the other three
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.consensus import reference, related
from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.rule import RANKING, Issue, Rule, Template
from analyzers.videos import copy_video, describe, first_video
from formats.document import whole
from formats.mapset import Difficulty, same_file

DIFFERENT_OFFSET = Template(
    "different-offset",
    Severity.ERROR,
    "This difficulty starts '{path}' at {own:g} ms, [{other}] at {theirs:g} ms.",
    "Two difficulties start the same video at different times.",
)


def check(context: Context) -> Iterator[Issue]:
    own = first_video(context.difficulty)
    if own is None or not context.others:
        return
    file = same_file(own.filename)
    sharing = [each for each in context.mapset.difficulties if (video := first_video(each)) and same_file(video.filename) == file]
    other = reference(sharing, _start)
    theirs = first_video(other) if other else None
    if other and theirs and theirs.time != own.time:
        yield DIFFERENT_OFFSET(
            at=whole(own.line),
            path=own.filename,
            own=own.time,
            other=other.name,
            theirs=theirs.time,
            related=[related(other, f"[{other.name}] has {describe(theirs)}", theirs.time)],
            repairs=copy_video(context, own, theirs, other),
        )


def _start(difficulty: Difficulty) -> float:
    video = first_video(difficulty)
    return video.time if video else 0.0


# The lazer standard says the same in video-consistency.
RULE = Rule(
    "R106",
    "video-offset",
    Category.RESOURCES,
    __doc__,
    (DIFFERENT_OFFSET,),
    check,
    standards=RANKING,
    whole_set=True,
)

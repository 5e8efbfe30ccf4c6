"""A difficulty's video as rules compare and copy it."""

from __future__ import annotations

from analyzers.context import Context
from analyzers.finding import Safety
from analyzers.repairs import delete_line
from analyzers.rule import Change, Repair
from formats.document import Place, whole
from formats.mapset import Difficulty
from formats.osu import Video


def first_video(difficulty: Difficulty) -> Video | None:
    return next(iter(difficulty.beatmap.videos), None)


def describe(video: Video | None) -> str:
    return f"'{video.filename}' from {video.time:g} ms" if video else "no video"


def copy_video(context: Context, own: Video | None, theirs: Video | None, other: Difficulty) -> list[Repair]:
    """The offer to show the video as `other` does: change, add or delete this difficulty's video line."""
    header = context.beatmap.headers.get("Events")
    changes: tuple[Change, ...] = ()
    if own and theirs:
        changes = (Change(whole(own.line), theirs.line.content),)
    elif own:
        changes = (delete_line(own.line),)
    elif theirs and header:
        end = Place(header, len(header.text), len(header.text))
        changes = (Change(end, theirs.line.content + context.document.newline),)
    return [Repair(f"Show the video as [{other.name}] does", Safety.UNSAFE, changes)] if changes else []

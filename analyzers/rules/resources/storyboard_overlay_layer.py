"""Storyboard sprites above the notes.

What stands on the layer Overlay is drawn over the objects and may hide them. Use it only where nothing to play is
covered, and Foreground for everything else.

Example: `Sprite,Overlay,Centre,"flash.png",320,240`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.consensus import speaks_for_set
from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.rule import Issue, Rule, Template
from formats.document import whole
from formats.osu import Sprite

OVERLAY = Template(
    "overlay",
    Severity.WARNING,
    "'{path}' stands on the Overlay layer, above the notes{more} and may cover what is played.",
    "A difficulty has sprites on the layer Overlay.",
)
OVERLAY_IN_STORYBOARD = Template(
    "overlay-in-storyboard",
    Severity.WARNING,
    "'{path}' stands on the Overlay layer of '{storyboard}', above the notes{more} and may cover what is played.",
    "The set's .osb file has sprites on the layer Overlay.",
)


def check(context: Context) -> Iterator[Issue]:
    found = _on_overlay(context.beatmap.sprites)
    if found:
        yield OVERLAY(at=whole(found[0].line), path=found[0].filename, more=_more(found))
    if not speaks_for_set(context):
        return
    for path, storyboard in sorted((context.mapset.storyboards or {}).items()):
        found = _on_overlay(storyboard.sprites)
        if found:
            yield OVERLAY_IN_STORYBOARD(at=whole(context.first_line), path=found[0].filename, storyboard=path, more=_more(found))


def _on_overlay(sprites: list[Sprite]) -> list[Sprite]:
    return [sprite for sprite in sprites if sprite.layer.casefold() == "overlay"]


def _more(found: list[Sprite]) -> str:
    return f", like {len(found) - 1} more" if len(found) > 1 else ""


RULE = Rule(
    "R105", "storyboard-overlay-layer", Category.RESOURCES, __doc__, (OVERLAY, OVERLAY_IN_STORYBOARD), check, whole_set=True
)  # fmt: skip

"""Background offset that is sideways, or differs between the taiko difficulties.

The last two numbers of the background line move the picture. Taiko uses the vertical one to bring it out from under the
playfield; a horizontal one only shows a gap at the side, and difficulties that disagree make the picture jump when a
player goes from one to the next.

Example: `0,0,"bg.jpg",0,20` in one difficulty and `0,0,"bg.jpg",0,0` in another
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.consensus import reference, same_mode
from analyzers.context import Context
from analyzers.finding import Category, Related, Safety, Severity
from analyzers.repairs import format_number, replace_field
from analyzers.rule import TAIKO, Issue, Repair, Rule, Template
from formats.document import whole
from formats.mapset import Difficulty
from formats.osu import Background

HORIZONTAL = Template(
    "horizontal-offset",
    Severity.WARNING,
    "The background is moved sideways by {x}.",
    "The horizontal offset of the background is not 0.",
)
INCONSISTENT = Template(
    "inconsistent-offset",
    Severity.WARNING,
    "The background is moved by {y} vertically, in other taiko difficulties by {others}.",
    "The vertical offset of the background differs between the taiko difficulties of the set.",
)


def check(context: Context) -> Iterator[Issue]:
    background = context.beatmap.background
    if background is None:
        return
    if background.x != 0:
        reset = [Repair("Set the horizontal offset to 0", Safety.SAFE, (replace_field(background.line, 3, "0"),))]
        yield HORIZONTAL(at=whole(background.line), x=format_number(background.x), repairs=reset)
    shown = [each for each in same_mode(context) if each.beatmap.background]
    usual = reference(shown, _offset)
    offsets = [(each, _offset(each)) for each in shown]
    if any(y != background.y for _, y in offsets):
        others = sorted({format_number(y) for _, y in offsets if y != background.y})
        yield INCONSISTENT(
            at=whole(background.line), y=format_number(background.y), others=" or ".join(others),
            repairs=_agree(background, _offset(usual or context.difficulty), len({y for _, y in offsets})),
            related=_related(context, background, offsets),
        )  # fmt: skip


def _offset(difficulty: Difficulty) -> float:
    background = difficulty.beatmap.background
    return background.y if background else 0.0


def _agree(background: Background, usual: float, different: int) -> Iterator[Repair]:
    # With three offsets in the set one difficulty alone cannot bring them together.
    if usual != background.y and different == 2 and background.line.content.count(",") >= 4:
        text = format_number(usual)
        yield Repair(f"Move the background by {text} as elsewhere", Safety.UNSAFE, (replace_field(background.line, 4, text),))


def _related(context: Context, background: Background, offsets: list[tuple[Difficulty, float]]) -> Iterator[Related]:
    for difficulty, y in offsets:
        if difficulty is not context.difficulty and y != background.y:
            yield Related(difficulty.path, None, f"moved by {format_number(y)} in {difficulty.name}")


RULE = Rule(
    "R301", "taiko-bg-offset", Category.RESOURCES, __doc__, (HORIZONTAL, INCONSISTENT), check, modes=TAIKO, whole_set=True
)  # fmt: skip

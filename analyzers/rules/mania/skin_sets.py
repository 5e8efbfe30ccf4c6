"""Mania skin elements of the map that do not make a whole set.

A map that brings one hit burst must bring all six, or a player's own skin shows through in the rest. Stage, key and note
images depend on the player's key layout and are not judged.

Example: `mania-hit0.png` in the folder, `mania-hit300g.png` missing
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.consensus import speaks_for_mode
from analyzers.context import Context
from analyzers.finding import Category
from analyzers.rule import MANIA, Issue, Rule
from analyzers.skin_sets import INCOMPLETE, NOT_PNG, FolderSkin, SkinSet, Use, incomplete
from formats.document import whole

HIT_BURST = SkinSet("hit burst", {f"mania-hit{judgement}": Use.ANY for judgement in ("0", "50", "100", "200", "300", "300g")})


def check(context: Context) -> Iterator[Issue]:
    # The folder is one for all difficulties, so it is judged once.
    if context.mapset.files is None or not speaks_for_mode(context):
        return
    skin, at = FolderSkin(context.mapset.files.values()), whole(context.first_line)
    yield from incomplete(skin, (HIT_BURST,), Use.ANY, at)
    for file in skin.not_png((HIT_BURST,)):
        yield NOT_PNG(at=at, file=file.path)


RULE = Rule(
    "K501", "mania-skin-sets", Category.SKINNING, __doc__, (INCOMPLETE, NOT_PNG), check, modes=MANIA, whole_set=True
)  # fmt: skip

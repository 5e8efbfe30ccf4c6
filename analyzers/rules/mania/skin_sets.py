"""Mania skin elements of the map that do not make a whole set.

A map that brings one hit burst must bring all six, or a player's own skin shows through in the rest. Stage, key and note
images depend on the player's key layout and are not judged.

Example: `mania-hit0.png` in the folder, `mania-hit300g.png` missing
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.consensus import same_mode
from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.rule import MANIA, Issue, Rule, Template
from analyzers.skin_sets import FolderSkin, SkinSet, Use, listing
from formats.document import whole

HIT_BURST = SkinSet("hit burst", {f"mania-hit{judgement}": Use.ANY for judgement in ("0", "50", "100", "200", "300", "300g")})

INCOMPLETE = Template(
    "incomplete-set",
    Severity.ERROR,
    "The skin's {set} set is incomplete, {missing} missing.",
    "The folder holds some mania hit bursts, and not all six.",
)
NOT_PNG = Template(
    "non-png",
    Severity.WARNING,
    "{file} is named like a skin element but is no PNG, so the game does not show it.",
    "A file is named like a mania hit burst and is not a PNG image.",
)


def check(context: Context) -> Iterator[Issue]:
    # The folder is one for all difficulties, so it is judged once.
    if context.mapset.files is None or context.difficulty is not same_mode(context)[0]:
        return
    skin, at = FolderSkin(context.mapset.files.values()), whole(context.first_line)
    if missing := skin.missing(HIT_BURST, Use.ANY):
        yield INCOMPLETE(at=at, set=HIT_BURST.name, missing=listing(missing))
    for file in skin.not_png((HIT_BURST,)):
        yield NOT_PNG(at=at, file=file.path)


RULE = Rule(
    "K501", "mania-skin-sets", Category.SKINNING, __doc__, (INCOMPLETE, NOT_PNG), check, modes=MANIA, whole_set=True
)  # fmt: skip

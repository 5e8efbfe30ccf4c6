"""Skin elements of the map that do not make a whole set.

A map that brings one fruit or one catcher image must bring the whole set, or a player's own skin shows through in the
rest. Drops are asked for only where there are juice streams, bananas only where there are spinners. A catcher of one's
own also needs a `skin.ini` of version 2 or later in the folder.

Example: `fruit-catcher-idle.png` in the folder, `fruit-catcher-fail.png` missing
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.consensus import same_mode, speaks_for_mode
from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.rule import CATCH, Issue, Rule, Template
from analyzers.skin_sets import CATCH_SETS, CATCHER, INCOMPLETE, NOT_PNG, FolderSkin, incomplete, shown_by
from formats.document import whole

NO_SKIN_INI = Template(
    "catcher-without-version",
    Severity.ERROR,
    "The folder brings its own catcher and no skin.ini; a catcher is shown only with one of version 2 or later.",
    "The folder holds catcher images and no skin.ini.",
)


def check(context: Context) -> Iterator[Issue]:
    # The folder is one for all difficulties, so it is judged once, with what any of them shows.
    if context.mapset.files is None or not speaks_for_mode(context):
        return
    skin, shown = FolderSkin(context.mapset.files.values()), shown_by(same_mode(context))
    at = whole(context.first_line)
    yield from incomplete(skin, CATCH_SETS, shown, at)
    names = {path.lower() for path in context.mapset.files}
    if "skin.ini" not in names and any(element in skin for element in CATCHER.elements):
        yield NO_SKIN_INI(at=at)
    for file in skin.not_png(CATCH_SETS):
        yield NOT_PNG(at=at, file=file.path)


RULE = Rule(
    "K401", "catch-skin-sets", Category.SKINNING, __doc__, (INCOMPLETE, NO_SKIN_INI, NOT_PNG), check,
    modes=CATCH, whole_set=True,
)  # fmt: skip

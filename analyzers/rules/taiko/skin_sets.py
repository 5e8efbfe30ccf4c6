"""Taiko skin elements of the map that do not make a whole set.

A map that brings one hit burst, one note image or one picture of the pippidon must bring all of its kind, or a player's
own skin shows through in the rest. Drum roll images are asked for only where there are drum rolls, their tick
(`sliderscorepoint`) only where no osu! difficulty shares it.

Example: `taiko-hit0.png` in the folder, `taiko-hit100.png` missing
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.consensus import same_mode, speaks_for_mode
from analyzers.context import Context
from analyzers.finding import Category
from analyzers.rule import TAIKO, Issue, Rule
from analyzers.skin_sets import INCOMPLETE, NOT_PNG, FolderSkin, SkinSet, Use, incomplete, shown_by
from formats.document import whole
from formats.osu import Mode

HIT_BURST = SkinSet(
    "hit burst", dict.fromkeys(("taiko-hit0", "taiko-hit100", "taiko-hit100k", "taiko-hit300", "taiko-hit300k"), Use.ANY)
)
PIPPIDON = SkinSet(
    "pippidon", dict.fromkeys(("pippidonclear", "pippidonfail", "pippidonidle", "pippidonkiai"), Use.ANY)
)  # fmt: skip
HIT_OBJECT = SkinSet(
    "hit object",
    {
        **dict.fromkeys(("taikobigcircle", "taikobigcircleoverlay", "taikohitcircle", "taikohitcircleoverlay"), Use.ANY),
        **dict.fromkeys(("taiko-roll-middle", "taiko-roll-end"), Use.SLIDER),
    },
)
# osu! sliders use the image too, so a set with osu! difficulties may bring it for them alone.
HIT_OBJECT_OF_TAIKO_ONLY = SkinSet("hit object", {**HIT_OBJECT.elements, "sliderscorepoint": Use.SLIDER})


def check(context: Context) -> Iterator[Issue]:
    # The folder is one for all difficulties, so it is judged once, with what any of them shows.
    if context.mapset.files is None or not speaks_for_mode(context):
        return
    skin = FolderSkin(context.mapset.files.values())
    shared = any(each.beatmap.mode is Mode.OSU for each in context.mapset.difficulties)
    sets = (HIT_OBJECT if shared else HIT_OBJECT_OF_TAIKO_ONLY, HIT_BURST, PIPPIDON)
    if not any(element in skin for skin_set in sets for element in skin_set.elements):
        return
    shown, at = shown_by(same_mode(context)), whole(context.first_line)
    yield from incomplete(skin, sets, shown, at)
    for file in skin.not_png(sets):
        yield NOT_PNG(at=at, file=file.path)


RULE = Rule(
    "K301", "taiko-skin-sets", Category.SKINNING, __doc__, (INCOMPLETE, NOT_PNG), check, modes=TAIKO, whole_set=True
)  # fmt: skip

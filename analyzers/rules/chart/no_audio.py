"""Chart without audio.

The game plays `song`, `guitar`, `bass`, `rhythm`, `keys`, `vocals`, `drums` or `drums_1` to `drums_4` as .ogg, .opus, .mp3 or
.wav; `preview` and `crowd` alone are not enough. A file that `[Song]` names (`MusicStream`) counts as well.

Example: a folder with notes.chart and song.ini only
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.chart_context import ChartContext, stem_of
from analyzers.finding import Category, Severity
from analyzers.rule import CLONE_HERO, Issue, Rule, Template

NO_AUDIO = Template(
    "noAudio", Severity.ERROR, "This chart has no audio file.", "The folder has no audio file that the game plays."
)

NOT_THE_SONG = ("preview", "crowd")


def check(context: ChartContext) -> Iterator[Issue]:
    folder = context.folder
    if folder is None or any(stem_of(name) not in NOT_THE_SONG for name in folder.stems):
        return
    streams = {entry.value for entry in context.chart.song.entries if entry.key.endswith("Stream")}
    if not streams & set(folder.audio):
        yield NO_AUDIO(at=context.section_place("Song"))


RULE = Rule("G308", "chart-no-audio", Category.FILES, __doc__, (NO_AUDIO,), check, standards=CLONE_HERO, whole_set=True)

"""Hit sound difficulty left in the set.

A difficulty that only holds hit sounds to copy from is a tool of the mapper. It must not be part of what is uploaded.

Example: `Version:hitsounds`
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.rule import Issue, Rule, Template

# A word that begins with "hit", so that "White Sound" is none.
_TOOL = re.compile(r"(?<![^\W_])hit.*sound|_hs_", re.IGNORECASE)

HITSOUND_DIFFICULTY = Template(
    "hitsound-difficulty",
    Severity.ERROR,
    "[{name}] looks like a difficulty that only holds hit sounds; remove it before uploading.",
    "A difficulty's name speaks of hit sounds.",
)


def check(context: Context) -> Iterator[Issue]:
    name = context.difficulty.name
    if _TOOL.search(name):
        yield HITSOUND_DIFFICULTY(at=context.key_place(context.beatmap.metadata, "Version"), name=name)


RULE = Rule("F102", "file-hitsound-difficulty", Category.FILES, __doc__, (HITSOUND_DIFFICULTY,), check)

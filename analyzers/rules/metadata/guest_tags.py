"""Guest mapper who is not in the tags.

A difficulty named after its mapper ("Someone's Hard") is a guest difficulty, and whoever made it should be found by
searching for the name: put it into the tags of every difficulty. The creator of the set needs no tag.

Example: `Version:Someone's Hard` without `someone` in `Tags`
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzers.context import Context
from analyzers.finding import Category, Safety, Severity
from analyzers.level import level_named
from analyzers.repairs import set_entry
from analyzers.rule import Issue, Repair, Rule, Template
from formats.mapset import Difficulty
from formats.osu import Mode

# What stands further back in a difficulty's name is not looked at.
MOST_LENGTH = 300
_POSSESSIVE = re.compile(r"['’`´]s(?!\w)|(?<=s)['’`´](?=\s|$)", re.IGNORECASE)
_SPLIT = re.compile(r"\s*[,&|/]\s*|\s+(?:and|x)\s+")
# Brackets ahead of the name: the whole "[4K] ", and an opening one that closes behind the name.
_PREFIX = re.compile(r"^\s*(?:[\[(][^\])]*[\])]\s*)+")
# Possessives that are no mapper's: contractions, and things that song titles and difficulty names own.
_NOBODYS = (
    "it that what let he she there here who where how when why everyone everybody nobody god devil world heaven hell angel "
    "demon king queen today tomorrow yesterday year day night moon sun star life love death dream heart soul mother father "
    "sister brother lover girl boy man woman people children nature winter summer spring autumn new old one"
)
_WORDS = frozenset(_NOBODYS.split())

MISSING_GUEST_TAG = Template(
    "missing-guest-tag",
    Severity.WARNING,
    "'{guest}' of [{difficulty}] is not in the tags.",
    "A difficulty's name says who made it, and the tags do not hold that name.",
)


def check(context: Context) -> Iterator[Issue]:
    metadata = context.beatmap.metadata
    known = _plain(metadata.text("Tags"))
    creator = _plain(metadata.text("Creator"))
    seen: set[str] = set()
    for difficulty in context.mapset.difficulties:
        for guest in guests(difficulty):
            if guest in seen or guest == creator or guest in known:
                continue
            seen.add(guest)
            yield _issue(context, difficulty, guest)


def _issue(context: Context, difficulty: Difficulty, guest: str) -> Issue:
    metadata = context.beatmap.metadata
    tags = f"{metadata.text('Tags')} {guest.replace(' ', '_')}".strip()
    changes = set_entry(context.document, metadata, "Tags", tags)
    return MISSING_GUEST_TAG(
        at=context.key_place(metadata, "Tags"),
        guest=guest,
        difficulty=difficulty.name,
        repairs=[Repair(f"Add the tag '{guest.replace(' ', '_')}'", Safety.UNSAFE, changes)] if changes else [],
    )


def guests(difficulty: Difficulty) -> Iterator[str]:
    """The names, in lower case, that stand in the possessive in the difficulty's name."""
    name, start = difficulty.name[:MOST_LENGTH], 0
    for found in _POSSESSIVE.finditer(name):
        owner, start = name[start : found.start()], found.end()
        # In "Naxess' Insane" the s is a letter of the name, in "Someone's" it is not.
        for part in _SPLIT.split(owner):
            guest = _plain(_strip_brackets(part, name[found.start() :]))
            if guest and not _is_phrase(guest, name[start:], difficulty.beatmap.mode):
                yield guest


def _strip_brackets(part: str, rest: str) -> str:
    part = _PREFIX.sub("", part)
    while part[:1] in ("(", "[") and {"(": ")", "[": "]"}[part[0]] in rest:
        part = part[1:]
    return part


def _is_phrase(owner: str, owned: str, mode: Mode) -> bool:
    """True for "The Devil's Advocate" and "It's": nobody's name, unless a level follows as in "World's Hard"."""
    words = owner.split()
    phrase = words[-1] in _WORDS or words[0] in ("the", "a", "an", "my", "your", "our", "his", "her") or len(words) > 4
    return phrase and level_named(owned, mode) is None


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").split())


RULE = Rule(
    "M103", "metadata-guest-tags", Category.METADATA, __doc__, (MISSING_GUEST_TAG,), check, whole_set=True
)  # fmt: skip

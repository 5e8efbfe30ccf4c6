"""Guest mapper who is not in the tags.

A difficulty named after its mapper ("Someone's Hard") is a guest difficulty, and whoever made it should be found by
searching for the name: put it into the tags of every difficulty. The creator of the set needs no tag. Where the name looks
like a nickname or a mixture of names that are there ("Chromstrata" of Chromoxx and Monstrata), it is a remark only.

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
MOST_TAGS = 1_000
_POSSESSIVE = re.compile(r"['’`´]s(?!\w)|(?<=s)['’`´](?=\s|$)", re.IGNORECASE)
_SPLIT = re.compile(r"\s*[,&|/]\s*|\s+(?:and|x)\s+")
_SEPARATORS = re.compile(r"[\W_]+")
# A mixture of two names takes so many letters of each at least, and is so long in all.
FEWEST_LETTERS, SHORTEST_MIX = 2, 5
# An abbreviation has so many letters at least, and the name that it stands for up to this many times as many.
SHORTEST_ABBREVIATION, LONGEST_FACTOR = 3, 4
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
PERHAPS_NICKNAME = Template(
    "perhaps-nickname",
    Severity.INFORMATION,
    "'{guest}' of [{difficulty}] is not in the tags, only something like it: make sure that the mapper's name is.",
    "A difficulty's name says who made it, by a name that is an abbreviation, another spelling or a mixture of known ones.",
)


def check(context: Context) -> Iterator[Issue]:
    metadata = context.beatmap.metadata
    known = _plain(metadata.text("Tags"))
    creator = _plain(metadata.text("Creator"))
    seen: set[str] = set()
    for difficulty in context.mapset.difficulties:
        for guest in guests(difficulty):
            # The tags may hold the name within a longer one, and a creator may be called by half of theirs.
            if guest in seen or guest in creator or guest in known:
                continue
            seen.add(guest)
            yield _issue(context, difficulty, guest)


def _issue(context: Context, difficulty: Difficulty, guest: str) -> Issue:
    metadata = context.beatmap.metadata
    tags = f"{metadata.text('Tags')} {guest.replace(' ', '_')}".strip()
    changes = set_entry(context.document, metadata, "Tags", tags)
    template = PERHAPS_NICKNAME if _resembles(guest, _names(context)) else MISSING_GUEST_TAG
    return template(
        at=context.key_place(metadata, "Tags"),
        guest=_as_written(guest, difficulty.name),
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
    """The part without brackets ahead of the name and without what stands before one that closes behind it."""
    part = _PREFIX.sub("", part)
    for opening, closing in ("()", "[]"):
        if closing not in part and closing in rest:
            part = part.rpartition(opening)[2]
    return part


def _names(context: Context) -> list[str]:
    """What may be a mapper's name: the tags' words and the creator, as written."""
    metadata = context.beatmap.metadata
    return [*metadata.text("Tags").split()[:MOST_TAGS], *metadata.text("Creator").split(), metadata.text("Creator")]


def _resembles(guest: str, names: list[str]) -> bool:
    """True for a name that is there in another spelling, as initials ("UC") or mixed with another ("Chromstrata")."""
    letters = _letters(guest)
    if not letters:
        return False
    if any("".join(filter(str.isupper, name)).casefold() == letters for name in names if len(letters) > 1 and not name.isupper()):
        return True
    known = [_letters(name) for name in names]
    if letters in known or any(_shortens(letters, name) for name in known):
        return True
    return len(letters) >= SHORTEST_MIX and _mixes(letters, known)


def _mixes(letters: str, known: list[str]) -> bool:
    """True where a start or end of one name and one of another, or of the same, make up the letters."""
    for cut in range(FEWEST_LETTERS, len(letters) - FEWEST_LETTERS + 1):
        if all(any(name.startswith(part) or name.endswith(part) for name in known) for part in (letters[:cut], letters[cut:])):
            return True
    return False


def _shortens(letters: str, name: str) -> bool:
    """True where the letters stand in the name in this order, the first at its start: "HOS" for HootOwlStar."""
    if len(letters) < SHORTEST_ABBREVIATION or name[:1] != letters[:1] or len(name) > len(letters) * LONGEST_FACTOR:
        return False
    rest = iter(name)
    return all(letter in rest for letter in letters)


def _letters(text: str) -> str:
    return _SEPARATORS.sub("", text.casefold())


def _is_phrase(owner: str, owned: str, mode: Mode) -> bool:
    """True for "The Devil's Advocate" and "It's": nobody's name, unless a level follows as in "World's Hard"."""
    words = owner.split()
    phrase = words[-1] in _WORDS or words[0] in ("the", "a", "an", "my", "your", "our", "his", "her") or len(words) > 4
    return phrase and level_named(owned, mode) is None


def _as_written(guest: str, name: str) -> str:
    at = name.casefold().find(guest)
    return name[at : at + len(guest)] if at >= 0 and len(name) == len(name.casefold()) else guest


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").split())


RULE = Rule(
    "M103", "metadata-guest-tags", Category.METADATA, __doc__, (MISSING_GUEST_TAG, PERHAPS_NICKNAME), check, whole_set=True
)  # fmt: skip

"""Characters beyond ASCII in a romanised field.

Title, artist and creator are the forms that everybody can read and type, and that file names are made of. Characters
other than plain Latin letters, digits and signs belong into TitleUnicode and ArtistUnicode. In a difficulty's name they
are allowed, but may not show everywhere.

Example: `Title:歌`
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.rule import Issue, Rule, Template

LAST_ASCII = 127
MOST_SHOWN = 10

UNICODE = Template(
    "unicode",
    Severity.ERROR,
    "{field} should be romanised, but holds '{characters}'.",
    "Title, Artist or Creator holds a character that is not ASCII.",
)
UNICODE_NAME = Template(
    "unicode-difficulty-name",
    Severity.WARNING,
    "The difficulty's name holds '{characters}', which is not ASCII.",
    "A difficulty's name holds a character that is not ASCII.",
)


def check(context: Context) -> Iterator[Issue]:
    for field in ("Title", "Artist", "Creator", "Version"):
        text = context.beatmap.metadata.text(field)
        if text.isascii():
            continue
        characters = "".join(dict.fromkeys(letter for letter in text if ord(letter) > LAST_ASCII))
        shown = characters[:MOST_SHOWN].encode("utf-8", "replace").decode() + ("…" if len(characters) > MOST_SHOWN else "")
        template = UNICODE_NAME if field == "Version" else UNICODE
        yield template(at=context.key_place(context.beatmap.metadata, field), field=field, characters=shown)


RULE = Rule("M104", "metadata-unicode-romanised", Category.METADATA, __doc__, (UNICODE, UNICODE_NAME), check)

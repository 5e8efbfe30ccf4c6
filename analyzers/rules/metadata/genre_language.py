"""Tags without genre or language.

The website lists every map under a genre and a language. The same words in the tags let players find the map from inside
the game. Any spelling counts, also as a part of a longer tag.

Example: `Tags:tv size opening` (neither "anime" nor "japanese")
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.context import Context
from analyzers.finding import Category, Safety, Severity
from analyzers.repairs import set_entry
from analyzers.rule import Issue, Repair, Rule, Standard, Template

# The website's lists without "Any", "Other" and "Unspecified", which tell nobody anything.
GENRES = ("video game", "anime", "rock", "pop", "novelty", "hip hop", "electronic", "metal", "classical", "folk", "jazz")
LANGUAGES = (
    "english", "chinese", "french", "german", "italian", "japanese", "korean", "spanish", "swedish", "russian", "polish",
    "instrumental",
)  # fmt: skip
# Other spellings, and languages that the website only knows as "Other".
_GENRE_WORDS = (*GENRES, "videogame", "video_game", "video-game", "hiphop", "hip-hop", "hip_hop")
_LANGUAGE_WORDS = (
    *LANGUAGES, "portuguese", "brazilian", "thai", "vietnamese", "indonesian", "malay", "tagalog", "filipino", "finnish",
    "norwegian", "danish", "icelandic", "dutch", "latin", "greek", "turkish", "arabic", "hebrew", "hindi", "ukrainian",
    "czech", "hungarian", "romanian", "cantonese", "mandarin", "conlang",
)  # fmt: skip

MISSING_GENRE = Template(
    "missing-genre",
    Severity.WARNING,
    "The tags name no genre of the website, such as 'rock' or 'video game'.",
    "No genre of the website stands in the tags.",
)
MISSING_LANGUAGE = Template(
    "missing-language",
    Severity.WARNING,
    "The tags name no language, such as 'japanese' or 'instrumental'.",
    "No language stands in the tags.",
)
LAZER_MISSING_GENRE = Template("missing-genre-verify", Severity.ERROR, MISSING_GENRE.message, MISSING_GENRE.cause)
LAZER_MISSING_LANGUAGE = Template("missing-language-verify", Severity.ERROR, MISSING_LANGUAGE.message, MISSING_LANGUAGE.cause)


def check(context: Context) -> Iterator[Issue]:
    metadata = context.beatmap.metadata
    tags = metadata.text("Tags").casefold()
    lazer = context.standard is Standard.LAZER
    place = context.key_place(metadata, "Tags")
    if not any(word in tags for word in _GENRE_WORDS):
        template = LAZER_MISSING_GENRE if lazer else MISSING_GENRE
        yield template(at=place, repairs=_offers(context, GENRES))
    if not any(word in tags for word in _LANGUAGE_WORDS):
        template = LAZER_MISSING_LANGUAGE if lazer else MISSING_LANGUAGE
        yield template(at=place, repairs=_offers(context, LANGUAGES))


def _offers(context: Context, words: tuple[str, ...]) -> list[Repair]:
    """One offer per word. Only the mapper knows which is right, so no command may apply the first of them."""
    metadata = context.beatmap.metadata
    if metadata.header is None:
        return []
    tags = metadata.text("Tags")
    return [
        Repair(f"Add the tag '{word}'", Safety.DISPLAY, set_entry(context.document, metadata, "Tags", f"{tags} {word}".strip()))
        for word in words
    ]


RULE = Rule(
    "M102",
    "metadata-genre-language",
    Category.METADATA,
    __doc__,
    (MISSING_GENRE, MISSING_LANGUAGE, LAZER_MISSING_GENRE, LAZER_MISSING_LANGUAGE),
    check,
)

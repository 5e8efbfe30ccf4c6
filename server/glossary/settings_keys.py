"""Keys of `maimod.toml`; `docs/schemas/config-v1.json` says the same to other editors' tools."""

from __future__ import annotations

from analyzers.finding import Severity
from analyzers.rule import Level, Standard
from server.glossary import Keys, Meaning

_STANDARDS = {
    Standard.RANKING: "The ranking criteria.",
    Standard.LAZER: "osu!lazer's Verify tab.",
    Standard.CLONE_HERO: "Clone Hero.",
}
_SEVERITIES = tuple((f'"{each.value}"', f"Findings count as {each.value}.") for each in Severity)

SECTIONS = {"severity": "How severe a rule's findings are, in place of its own severity: rules, codes or categories as keys."}

KEYS: Keys = {
    "standard": Meaning(
        "Whose thresholds apply.", tuple((f'"{each.value}"', text) for each, text in _STANDARDS.items()), '"ranking"'
    ),
    "level": Meaning(
        "How hard the maps are meant to be; else told by the difficulty's name, or by its stars.",
        tuple((f'"{each.value}"', f"{each.value.capitalize()}.") for each in Level),
        '"hard"',
    ),
    "select": Meaning("Only these rules run: names, codes, starts of codes or categories.", common="[]"),
    "ignore": Meaning("These rules do not run.", common="[]"),
    "fail-on": Meaning("The mildest severity for which `maimod check` exits with 1.", _SEVERITIES, '"warning"'),
    "surprisal": Meaning(
        "Whether the surprisal model is asked which notes it did not expect.",
        (("true", "It is."), ("false", "By the rules alone.")),
        "false",
    ),
    "min-surprisal": Meaning("How many bits a note must surprise the model to be remarked on.", common="9"),
}
SEVERITIES = _SEVERITIES

from analyzers.catalogue import OSU_RULES
from analyzers.context import Context
from analyzers.engine import run_rule
from analyzers.finding import Finding
from formats.beatmap import Beatmap
from formats.mapset import Difficulty
from tests.builder import osu_text

(RULE,) = [rule for rule in OSU_RULES if rule.name == "file-not-utf8"]


def findings(data: bytes) -> list[Finding]:
    difficulty = Difficulty("a.osu", Beatmap.from_bytes(data))
    return run_rule(RULE, Context(difficulty), difficulty.beatmap.document)


def test_shift_jis_text_is_told_at_its_first_line() -> None:
    text = osu_text(metadata=["Title:Song", "TitleUnicode:@", "ArtistUnicode:@"])
    data = text.encode().replace(b"@", "東方".encode("cp932"))
    (finding,) = findings(data)
    assert text[: finding.span.start].endswith("TitleUnicode:")
    assert "and in 1 more line;" in finding.message


def test_utf_8_and_utf_16_are_fine() -> None:
    text = osu_text(metadata=["Title:Song", "TitleUnicode:東方"])
    assert findings(text.encode()) == findings(text.encode("utf-16")) == []

"""Every quick fix keeps its promises, on maps made up at random and on a chart with one of each fault."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzers.analysis import Choices, analyse_difficulty
from analyzers.finding import Finding
from analyzers.rule import Level, Standard
from formats.beatmap import Beatmap
from formats.document import Document
from formats.mapset import Difficulty, Mapset
from formats.osu import OSU, Mode
from tests.builder import osu_text
from tests.fixing import Analyse, broken_promises, settle

GAPS = (0, 1, 5, 12, 62, 125, 166, 250, 500, 1500)
JITTER = (0, 0, 0, 0, 1, 2, 3, 9)
TITLES = ("Song", "Song (tv size)", "Song -TV Size-", "song (Sped Up Ver.)", "Song (Nightcore Mix)", "Song(Cut Ver.)")
ARTISTS = ("Band", "Band feat Singer", "Band feat.Singer", "A vs B", "Band(CV:Singer)")
TAGS = ("", "rock english", "nightcore pop", "guest japanese")
VERSIONS = ("Hard", "Guest's Easy", "Muzukashii", "Someone's Oni")
NUMBERS = ("5", "5.5", "5.55", "0", "9.3", "11")
RATES = ("1", "0.5", "1.3", "2.7")


@st.composite
def timing(draw: st.DrawFn) -> list[str]:
    lines: list[str] = []
    time = draw(st.sampled_from((0, 3, 497)))
    for number in range(draw(st.integers(2, 6))):
        volume, index, effects = (
            draw(st.sampled_from((100, 70, 3))),
            draw(st.sampled_from((0, 2))),
            draw(st.sampled_from((0, 1, 8))),
        )
        red = number == 1 or draw(st.booleans())
        beat = (
            draw(st.sampled_from(("500", "333.333333333333", "400", "1000")))
            if red
            else draw(st.sampled_from(("-100", "-50", "-133.3")))
        )
        lines.append(f"{time},{beat},4,{draw(st.sampled_from((0, 1, 2)))},{index},{volume},{int(red)},{effects}")
        # The first red line comes before the first object.
        time += draw(st.sampled_from((0, 3, 250, 1000, 2000, 2003, 4000))) if number else 3
    return lines


@st.composite
def objects(draw: st.DrawFn, mode: Mode) -> list[str]:
    lines: list[str] = []
    time = 1000
    for number in range(draw(st.integers(0, 10))):
        kind = draw(
            st.sampled_from(("circle", "circle", "hold") if mode is Mode.MANIA else ("circle", "circle", "slider", "spinner"))
        )
        x, sound, combo = (
            draw(st.sampled_from((64, 192, 320, 448))),
            draw(st.sampled_from((0, 2, 4, 8))),
            draw(st.sampled_from((0, 4))),
        )
        length = draw(st.sampled_from((0, 15, 25, 100, 251, 500, 2000)))
        head = f"{x},{number},{time + draw(st.sampled_from(JITTER))}"
        match kind:
            case "circle":
                lines.append(f"{head},{1 + combo},{sound},0:0:0:0:")
            case "slider":
                pixels = draw(st.sampled_from((100, 50, 33.3, 101, 0)))
                lines.append(f"{head},{2 + combo},{sound},L|{x + 100}:192,{draw(st.sampled_from((1, 2)))},{pixels}")
                length = 500
            case "spinner":
                lines.append(f"{head},{8 + combo},{sound},{time + length},0:0:0:0:")
            case _:
                lines.append(f"{head},128,{sound},{time + length}:0:0:0:0:")
        time += draw(st.sampled_from(GAPS)) + (0 if kind == "circle" else length)
    return lines


@st.composite
def maps(draw: st.DrawFn, mode: Mode) -> str:
    title, artist = draw(st.sampled_from(TITLES)), draw(st.sampled_from(ARTISTS))
    settings_of = {
        "HPDrainRate": NUMBERS, "CircleSize": ("4", "5", "7.25"), "OverallDifficulty": NUMBERS, "ApproachRate": NUMBERS,
        "SliderMultiplier": ("1", "1.4"), "SliderTickRate": RATES,
    }  # fmt: skip
    events = ['0,0,"bg.jpg",0,' + draw(st.sampled_from(("0", "20")))]
    events += draw(st.sampled_from(([], ["2,1100,1500"], ["2,1400,6000"], ['Video,100,"v.mp4"'])))
    return osu_text(
        draw(objects(mode)),
        draw(timing()),
        mode=mode,
        general=[f"PreviewTime: {draw(st.sampled_from((-1, 1000)))}", f"Countdown: {draw(st.sampled_from((0, 1)))}"],
        metadata=[
            f"Title:{title}", f"TitleUnicode:{title}", f"Artist:{artist}", f"ArtistUnicode:{artist}", "Creator:Mapper",
            f"Version:{draw(st.sampled_from(VERSIONS))}", f"Tags:{draw(st.sampled_from(TAGS))}",
        ],
        difficulty=[f"{key}:{draw(st.sampled_from(values))}" for key, values in settings_of.items()],
        events=events,
        colours=draw(st.sampled_from(([], ["Combo1 : 5,5,5", "Combo2 : 200,200,255"]))),
    )  # fmt: skip


def analysis(others: Sequence[str], standard: Standard, level: Level) -> Analyse:
    siblings = [Difficulty(f"{number}.osu", Beatmap.from_text(text)) for number, text in enumerate(others)]

    def analyse(document: Document) -> list[Finding]:
        difficulty = Difficulty("a.osu", Beatmap(document))
        return analyse_difficulty(difficulty, Mapset([difficulty, *siblings]), Choices(standard, level))

    return analyse


def document_of(text: str, *, windows: bool) -> Document:
    """As osu! writes it on Windows: a byte order mark and CRLF; else plain."""
    data = text.encode()
    return Document.from_bytes(b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n") if windows else data, OSU)


@pytest.mark.parametrize("mode", list(Mode))
@settings(
    max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(data=st.data())
def test_a_fix_mends_its_finding_and_nothing_gets_worse(mode: Mode, data: st.DataObject) -> None:
    text = data.draw(maps(mode))
    siblings = data.draw(st.lists(maps(mode), max_size=2))
    standard = data.draw(st.sampled_from((Standard.RANKING, Standard.LAZER)))
    analyse = analysis(siblings, standard, data.draw(st.sampled_from(list(Level))))
    document = document_of(text, windows=data.draw(st.booleans()))
    assert list(broken_promises(document, analyse)) == []


@pytest.mark.parametrize("mode", list(Mode))
@settings(
    max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(data=st.data())
def test_safe_fixes_come_to_rest(mode: Mode, data: st.DataObject) -> None:
    analyse = analysis(data.draw(st.lists(maps(mode), max_size=1)), Standard.RANKING, Level.HARD)
    assert settle(document_of(data.draw(maps(mode)), windows=False), analyse) <= 3

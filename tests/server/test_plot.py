from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from analyzers.wording import Aspect
from models.bundled.fields import ANY, COLUMN, FIELDS, Family
from server.plot import layout
from server.plot.drawing import INKS, Anchor, Box, Dot, Drawing, Ink, Stroke, Words, shortened, text_width
from server.plot.layout import MOST_PANELS, clock, fitting, lay_out
from server.plot.panel import Label, Panel, aspects_of, instead, openings, panels_of
from server.plot.png import as_png
from server.plot.svg import as_svg
from server.scored_maps import Part
from tests.builder import osu_text
from tests.server.maps import maimod, put
from tests.server.scored import scored, use_drawn

CIRCLES = [f"{100 + number % 300},192,{1000 + 250 * number},1,{number % 3 * 2}" for number in range(200)]
LINES = ("0,500,4,1,0,100,1,0", "20000,-100,4,1,0,100,0,1", "30000,-100,4,1,0,100,0,0")
SONG = osu_text(CIRCLES, LINES, events=("2,32000,40000",), editor=("Bookmarks: 5000,15000",))
WIDTH = 1000


def panel(text: str = SONG, width: int = WIDTH) -> Panel:
    [found] = panels_of(scored(text), width)
    return found


def texts(drawing: Drawing) -> list[Words]:
    return [shape for shape in drawing.shapes if isinstance(shape, Words)]


def boxes(drawing: Drawing, ink: Ink) -> list[Box]:
    return [shape for shape in drawing.shapes if isinstance(shape, Box) and shape.ink is ink and shape.height > 20]


def quiet_part(text: str = SONG) -> Part:
    """A part of which nothing surprises."""
    part = scored(text).parts[0]
    part.surprisal.bits[:], part.surprisal.entropy[:] = 1.0, 1.0
    part.surprisal.score[:], part.surprisal.suspicion[:] = -5.0, 0.01
    return part


def drawn_panel(part: Part) -> Panel:
    [found] = panels_of(replace(scored(SONG), parts=(part,)), WIDTH)
    return found


def test_every_bar_is_its_most_surprising_note() -> None:
    part = quiet_part()
    part.surprisal.bits[7, COLUMN["gap"]] = 10.0
    found = drawn_panel(part)
    rhythm = [aspect for aspect, _ in found.aspects].index(Aspect.RHYTHM)
    [[bar, aspect]] = np.argwhere(found.bars > 0).tolist()
    assert (aspect, found.bars[bar, aspect]) == (rhythm, 9.0)
    assert bar == int(part.surprisal.notes[7].time / found.end * len(found.bars))


def test_labels_name_suspicious_notes_and_then_the_tallest_bars() -> None:
    part = quiet_part()
    assert drawn_panel(part).labels == ()
    part.surprisal.score[7], part.surprisal.suspicion[7, ANY] = 1.0, 0.7
    part.surprisal.bits[9, COLUMN["gap"]] = part.surprisal.bits[60, COLUMN["volume"]] = 17.0
    part.surprisal.bits[12, COLUMN["gap"]] = 9.0
    labels = drawn_panel(part).labels
    assert [(label.time, label.suspicion and round(label.suspicion, 2), label.bits) for label in labels] == [
        (2750, 0.7, 0.0), (3250, None, 16.0), (16000, None, 16.0),
    ]  # fmt: skip


def test_a_dot_stands_as_high_as_the_suspicion_and_lines_of_other_labels_end_on_their_bars() -> None:
    label = Label(5000.0, 0.5, 3.0, "00:05:000", "slider, not circle")
    drawing = lay_out([replace(drawn_panel(quiet_part()), labels=(label, replace(label, time=40_000.0, suspicion=None)))], WIDTH)
    half = next(words.y - 4 for words in texts(drawing) if words.text == "50 %")
    axis = [
        shape.lines[0][1] for shape in drawing.shapes if isinstance(shape, Stroke) and shape.ink is Ink.AXIS and is_level(shape)
    ]
    _, dot = [shape for shape in drawing.shapes if isinstance(shape, Dot)]
    feet = sorted(shape.lines[0][3] for shape in drawing.shapes if isinstance(shape, Stroke) and is_upright(shape))
    assert dot.y == half == feet[0]
    assert feet[1] == pytest.approx(axis[1] - 0.5 - 3 / 8 * layout.BARS)


def is_level(shape: Stroke) -> bool:
    return len(shape.lines) == 1 and shape.lines[0][1] == shape.lines[0][3]


def is_upright(shape: Stroke) -> bool:
    return len(shape.lines) == 1 and shape.lines[0][0] == shape.lines[0][2]


def test_the_first_note_and_notes_after_a_pause_are_not_blamed_for_what_lies_before_them() -> None:
    late = [f"100,192,{time},1,0" for time in (5000, 5250, 9000, 9250)]
    part = quiet_part(osu_text(late))
    part.surprisal.bits[:, COLUMN["gap"]] = 20.0
    assert openings(part).tolist() == [True, False, True, False]
    assert [label.time for label in drawn_panel(part).labels] == [5250, 9250]


def test_labels_say_what_stands_there_and_what_was_expected() -> None:
    part = quiet_part(osu_text(["100,192,1000,5,0", "100,192,1250,1,0"]))
    for field, expected in (("kind", "slider"), ("new_combo", False)):
        chances = part.surprisal.table(field)
        chances[:], chances[:, FIELDS[COLUMN[field]].values.index(expected)] = 0.0, 1.0
    assert [instead(part, 0, field) for field in ("kind", "new_combo")] == ["circle, not slider", "new combo, not expected"]


def test_all_panels_have_one_scale_and_one_legend() -> None:
    low, high = drawn_panel(quiet_part()), drawn_panel(quiet_part(osu_text(CIRCLES)))
    high.bars[:, 0] = 30.0
    said = [words.text for words in texts(lay_out([low, high], WIDTH))]
    assert said.count("30 bits") == 2
    assert said.count("position") == said.count("kiai") == 1


def test_a_huge_map_has_no_more_bars_than_a_small_one() -> None:
    many = [f"100,192,{1000 + 20 * number},1,0" for number in range(3000)]
    assert len(panel(osu_text(many)).bars) == len(panel().bars) == WIDTH // 3
    assert len(panel(osu_text(many)).labels) <= 40


def test_no_family_has_two_aspects_of_one_colour() -> None:
    for family in Family:
        inks = [INKS[aspect] for aspect in aspects_of(family)]
        assert len(set(inks)) == len(inks)


@pytest.mark.parametrize("width", [400, 1000, 3000])
def test_no_text_overlaps_another_and_all_stay_inside(width: int) -> None:
    drawing = lay_out([panel(width=width), panel(width=width)], width)
    places: list[tuple[float, float, float, float]] = []
    for words in texts(drawing):
        wide = text_width(words.lead, words.size, bold=True) + text_width(words.text, words.size, bold=words.bold)
        left = words.x - {Anchor.START: 0, Anchor.MIDDLE: wide / 2, Anchor.END: wide}[words.anchor]
        places.append((left, words.y - words.size * 0.7, left + wide, words.y))
    assert all(left >= 0 and right <= width + 1 and bottom <= drawing.height for left, _, right, bottom in places)
    for number, one in enumerate(places):
        for other in places[:number]:
            assert not (one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3])


def test_lines_of_labels_pass_no_other_label() -> None:
    drawing = lay_out([panel()], WIDTH)
    labels = [words for words in texts(drawing) if words.lead]
    lines = [line for shape in drawing.shapes if isinstance(shape, Stroke) and len(shape.lines) == 1 for line in shape.lines]
    upright = [line for line in lines if line[0] == line[2]]
    assert len(labels) >= 4
    for words in labels:
        wide = text_width(words.lead, words.size, bold=True) + text_width(words.text, words.size)
        left = words.x - (wide if words.anchor is Anchor.END else 0)
        assert not [x for x, top, _, bottom in upright if left < x < left + wide and top < words.y - 5 and bottom > words.y]


def test_kiai_breaks_and_bookmarks_stand_where_they_are() -> None:
    drawing = lay_out([panel()], WIDTH)
    end = panel().end

    def x(time: float) -> float:
        return layout.LEFT + time / end * (WIDTH - layout.LEFT - layout.RIGHT)

    [kiai], [pause] = boxes(drawing, Ink.BRIGHT), boxes(drawing, Ink.QUIET)
    assert (kiai.x, kiai.x + kiai.width) == pytest.approx((x(20_000), x(30_000)))
    assert (pause.x, pause.x + pause.width) == pytest.approx((x(32_000), x(40_000)))
    assert [words.text for words in texts(drawing)].count("bookmark") == 1


def test_the_legend_names_what_is_seen() -> None:
    said = {words.text for words in texts(lay_out([panel(osu_text(CIRCLES))], WIDTH))}
    assert {"timing and rhythm", "new combos", "hit sounds"} <= said
    assert not said & {"kiai", "break", "bookmark"}


def test_a_stretch_of_the_song_fills_the_picture() -> None:
    [found] = panels_of(scored(SONG), WIDTH, 10_000, 20_000)
    assert (found.start, found.end, found.notes) == (10_000, 20_000, 41)
    assert "0:15" in {words.text for words in texts(lay_out([found], WIDTH))}


def test_a_map_without_notes_has_a_panel_that_says_so() -> None:
    drawing = lay_out([panel(osu_text())], WIDTH)
    assert [words.text for words in texts(drawing)][-1] == "no notes"
    assert as_png(drawing).startswith(b"\x89PNG")
    assert as_png(lay_out([], WIDTH)).startswith(b"\x89PNG")


def test_a_note_far_above_all_others_does_not_flatten_them() -> None:
    found = panel()
    found.bars[:] = 0
    found.bars[:250, 0], found.bars[100, 0] = 5.0, 500.0
    numbers = [words.text for words in texts(lay_out([replace(found, labels=())], WIDTH)) if words.text.endswith(" bits")]
    assert numbers == ["8 bits"]


def test_titles_of_strangers_are_text_and_nothing_else() -> None:
    title = 'Title:<script>alert("&")</script>\x1b日本語'
    svg = as_svg(lay_out([panel(osu_text(CIRCLES, metadata=(title, "Artist:ア", "Version:H")))], WIDTH))
    root = ElementTree.fromstring(svg)  # noqa: S314  our own text
    assert root[0].text == 'ア - <script>alert("&")</script>\ufffd日本語 [H]'
    assert "script" not in {element.tag.rpartition("}")[2] for element in root.iter()}


def test_the_svg_is_small_and_knows_the_dark() -> None:
    svg = as_svg(lay_out([panel()], WIDTH)).decode()
    assert len(svg) < 30_000
    assert "prefers-color-scheme:dark" in svg
    assert 'viewBox="0 0 1000 ' in svg


def test_the_png_is_twice_as_fine_unless_it_would_be_enormous() -> None:
    drawing = lay_out([panel()], WIDTH)
    with Image.open(BytesIO(as_png(drawing))) as image:
        assert image.size == (2 * WIDTH, 2 * drawing.height)
    with Image.open(BytesIO(as_png(replace(drawing, width=4000, height=4000)))) as image:
        assert image.size == (4000, 4000)


def test_a_picture_holds_only_so_many_panels() -> None:
    few, many = (lay_out([panel()] * count, WIDTH) for count in (MOST_PANELS, MOST_PANELS + 5))
    assert few.height == many.height


def test_a_long_title_keeps_the_name_of_the_difficulty() -> None:
    told = fitting("A very long song by a very long artist [Extra Hard]", 16, 300)
    assert told.endswith("… [Extra Hard]")
    assert text_width(told, 16, bold=True) <= 300
    assert shortened("short", 12, 200) == "short"


def test_labels_close_to_each_other_are_both_there() -> None:
    part = quiet_part(osu_text([f"100,192,{time},1,0" for time in (1000, 50_000, 50_700, 150_000)]))
    part.surprisal.suspicion[1:3, ANY] = 0.9
    said = [words.lead for words in texts(lay_out([drawn_panel(part)], WIDTH)) if words.lead]
    assert sorted(said) == ["00:50:000 (2)", "00:50:700 (3)"]


def test_the_last_time_of_a_long_map_is_not_cut_off() -> None:
    found = replace(drawn_panel(quiet_part()), end=4_200_000.0)
    last = next(words for words in texts(lay_out([found], WIDTH)) if words.text == "1:10:00")
    assert last.x + text_width(last.text, last.size) / 2 <= WIDTH


def test_times_are_read_like_a_clock() -> None:
    assert [clock(seconds) for seconds in (0, 65, 3665, -5)] == ["0:00", "1:05", "1:01:05", "−0:05"]


def test_the_command_draws_a_panel_for_each_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_drawn(monkeypatch)
    paths = [put(tmp_path, name, SONG) for name in ("a.osu", "b.osu")]
    result = maimod("surprisal", "--audio", "off", *paths, "--plot", tmp_path / "out.svg", "--plot-width", "800")
    assert (result.exit_code, result.stderr) == (0, f"maimod: {tmp_path / 'out.svg'} shows 2 panels\n")
    root = ElementTree.parse(tmp_path / "out.svg").getroot()  # noqa: S314  our own text
    assert root.get("width") == "800"
    assert "".join(root.itertext()).count("Band - Song [Hard]") >= 2


def test_a_picture_that_cannot_be_written_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_drawn(monkeypatch)
    path = put(tmp_path, "a.osu", SONG)
    assert "must end in .svg or .png" in maimod("surprisal", path, "--plot", "out.pdf").stderr
    result = maimod("surprisal", "--audio", "off", path, "--plot", tmp_path / "none" / "out.svg")
    assert "out.svg: cannot be written (No such file or directory)" in result.stderr

"""The picture as PNG, drawn by Pillow on light paper, twice as fine as its pixels say where that is not too large."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING

from server.plot.drawing import LIGHT, Anchor, Box, Dot, Drawing, Ink, Shape, Stroke, Triangle, Words
from server.printable import printable

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

FINENESS = 2
# Beyond this many pixels (3 bytes each) a picture is as fine as it says.
MOST_PIXELS = 30_000_000
# Pillow looks for these in the folders of the system; the first that has a character draws it.
FONTS = (
    *("segoeui.ttf", "Helvetica.ttc", "NotoSans-Regular.ttf", "DejaVuSans.ttf", "Arial.ttf", "LiberationSans-Regular.ttf"),
    *("YuGothR.ttc", "meiryo.ttc", "msgothic.ttc", "ヒラギノ角ゴシック W3.ttc", "Hiragino Sans GB.ttc", "Arial Unicode.ttf"),
    *("NotoSansCJK-Regular.ttc", "NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc", "DroidSansFallbackFull.ttf"),
    *("malgun.ttf", "AppleSDGothicNeo.ttc", "msyh.ttc", "simsun.ttc", "PingFang.ttc", "wqy-microhei.ttc"),
)
BOLD_FONTS = (
    *("segoeuib.ttf", "NotoSans-Bold.ttf", "DejaVuSans-Bold.ttf", "Arial Bold.ttf", "arialbd.ttf", "LiberationSans-Bold.ttf"),
    *("YuGothB.ttc", "meiryob.ttc", "NotoSansCJK-Bold.ttc", "NotoSerifCJK-Bold.ttc"),
    *FONTS,
)


def as_png(drawing: Drawing) -> bytes:
    """The file."""
    from PIL import Image, ImageDraw

    fine = FINENESS if drawing.width * drawing.height * FINENESS**2 <= MOST_PIXELS else 1
    image = Image.new("RGB", (drawing.width * fine, drawing.height * fine), LIGHT[Ink.PAPER])
    canvas = _Canvas(ImageDraw.Draw(image), fine)
    for shape in drawing.shapes:
        canvas.draw(shape)
    file = BytesIO()
    image.quantize(256, dither=Image.Dither.NONE).save(file, "PNG", optimize=True, dpi=(96 * fine, 96 * fine))
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class _Canvas:
    """Where shapes are drawn, `fine` pixels for one of the drawing."""

    pen: ImageDraw
    fine: int

    def draw(self, shape: Shape) -> None:
        colour = LIGHT[shape.ink]
        match shape:
            case Box(x, y, width, height):
                self._fill(x, y, x + width, y + height, colour)
            case Stroke(lines, width=width):
                for line in lines:
                    self._line(line, width / 2, colour)
            case Dot(x, y, radius):
                corners = (x - radius, y - radius, x + radius, y + radius)
                self.pen.ellipse([number * self.fine for number in corners], fill=colour)
            case Triangle(x, y, size):
                points = ((x, y), (x - size / 2, y + size), (x + size / 2, y + size))
                self.pen.polygon([(a * self.fine, b * self.fine) for a, b in points], fill=colour)
            case Words():
                self._write(shape, colour)

    def _fill(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        """One pixel at least."""
        x1, y1, x2, y2 = (round(number * self.fine) for number in (left, top, right, bottom))
        self.pen.rectangle((x1, y1, max(x2 - 1, x1), max(y2 - 1, y1)), fill=colour)

    def _line(self, line: tuple[float, float, float, float], half: float, colour: str) -> None:
        """Upright and level lines, which are all there are, as rectangles with sharp edges."""
        x1, y1, x2, y2 = line
        if x1 == x2:
            self._fill(x1 - half, min(y1, y2), x1 + half, max(y1, y2), colour)
        else:
            self._fill(min(x1, x2), y1 - half, max(x1, x2), y1 + half, colour)

    def _write(self, words: Words, colour: str) -> None:
        size = round(words.size * self.fine)
        runs = [(font, text, LIGHT[Ink.TEXT]) for font, text in _runs(printable(words.lead), size, bold=True)]
        runs += [(font, text, colour) for font, text in _runs(printable(words.text), size, bold=words.bold)]
        wide = sum(font.getlength(text) for font, text, _ in runs)
        x = words.x * self.fine - {Anchor.START: 0.0, Anchor.MIDDLE: wide / 2, Anchor.END: wide}[words.anchor]
        for font, text, ink in runs:
            self.pen.text((x, words.y * self.fine), text, fill=ink, font=font, anchor="ls")
            x += font.getlength(text)


def _runs(text: str, size: int, *, bold: bool) -> Iterator[tuple[FreeTypeFont, str]]:
    """The text in pieces of one font each: titles mix scripts."""
    fonts = _fonts(size, bold)
    for number, characters in groupby(text, key=lambda character: _font_of(character, size, bold)):
        yield fonts[number], "".join(characters)


@cache
def _fonts(size: int, bold: bool) -> list[FreeTypeFont]:
    """The fonts of this system; Pillow's own, which knows Latin letters, where there is none."""
    from PIL import ImageFont

    found: list[FreeTypeFont] = []
    for name in BOLD_FONTS if bold else FONTS:
        try:
            found.append(ImageFont.truetype(name, size))
        except OSError:
            continue
    own = ImageFont.load_default(size)
    return found if found or not isinstance(own, ImageFont.FreeTypeFont) else [own]


@cache
def _font_of(character: str, size: int, bold: bool) -> int:
    """The number of the first font that has the character; the first of all where none has it."""
    if character.isascii():
        return 0
    return next((number for number, font in enumerate(_fonts(size, bold)) if _has(font, character)), 0)


def _has(font: FreeTypeFont, character: str) -> bool:
    """Whether the font draws the character with anything but the sign for a missing one."""
    return _drawn(font, character) != _drawn(font, "\U0010fffe")


def _drawn(font: FreeTypeFont, character: str) -> bytes:
    from PIL import Image, ImageDraw

    image = Image.new("L", (64, 64))
    ImageDraw.Draw(image).text((0, 0), character, fill=255, font=font)
    return image.tobytes()

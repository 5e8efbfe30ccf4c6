"""The picture as SVG: a few kilobytes, without scripts or fonts, light or dark as its reader's surroundings are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from server.plot.drawing import DARK, LIGHT, Box, Dot, Drawing, Ink, Shape, Stroke, Triangle, Words
from server.printable import printable

FONTS = "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','DejaVu Sans','Noto Sans CJK JP','Yu Gothic UI',sans-serif"
# A class for each ink, as short as can be.
_NAMES = {ink: chr(ord("a") + number) for number, ink in enumerate(Ink)}


def as_svg(drawing: Drawing) -> bytes:
    """The file."""
    return "".join(_pieces(drawing)).encode()


def _pieces(drawing: Drawing) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawing.width} {drawing.height}" width="{drawing.width}" '
        f'height="{drawing.height}" class="maimod" role="img" font-family="{escape(FONTS)}">\n'
        f"<title>{_text(drawing.title)}</title>\n<desc>{_text(drawing.description)}</desc>\n<style>{_style()}</style>\n"
    )
    for shape in drawing.shapes:
        yield _shape(shape) + "\n"
    yield "</svg>\n"


def _style() -> str:
    """The inks, named so that a page that holds the picture keeps its own."""
    plain = ".maimod *{fill:currentColor}.maimod path{fill:none;stroke:currentColor}"
    return f"{plain}{_inks(LIGHT)}@media(prefers-color-scheme:dark){{{_inks(DARK)}}}"


def _inks(colours: Mapping[Ink, str]) -> str:
    return "".join(f".maimod .{_NAMES[ink]}{{color:{colour}}}" for ink, colour in colours.items())


def _shape(shape: Shape) -> str:
    name = f'class="{_NAMES[shape.ink]}"'
    match shape:
        case Box(x, y, width, height):
            return f'<rect {name} x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"/>'
        case Stroke(lines):
            return f'<path {name} stroke-width="{_n(shape.width)}" d="{"".join(map(_line, lines))}"/>'
        case Dot(x, y, radius):
            return f'<circle {name} cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}"/>'
        case Triangle(x, y, size):
            half = size / 2
            return f'<polygon {name} points="{_n(x)},{_n(y)} {_n(x - half)},{_n(y + size)} {_n(x + half)},{_n(y + size)}"/>'
        case Words():
            return _words(shape, name)


def _line(line: tuple[float, float, float, float]) -> str:
    x1, y1, x2, y2 = line
    if x1 == x2:
        return f"M{_n(x1)} {_n(y1)}V{_n(y2)}"
    return f"M{_n(x1)} {_n(y1)}H{_n(x2)}" if y1 == y2 else f"M{_n(x1)} {_n(y1)}L{_n(x2)} {_n(y2)}"


def _words(words: Words, name: str) -> str:
    anchor = "" if words.anchor == "start" else f' text-anchor="{words.anchor}"'
    bold = ' font-weight="600"' if words.bold else ""
    lead = f'<tspan class="{_NAMES[Ink.TEXT]}" font-weight="600">{_text(words.lead)}</tspan>' if words.lead else ""
    place = f'x="{_n(words.x)}" y="{_n(words.y)}" font-size="{_n(words.size)}"'
    return f"<text {name} {place}{anchor}{bold}>{lead}{_text(words.text)}</text>"


def _text(text: str) -> str:
    """Escaped, without what XML cannot hold."""
    kept = "".join(character if character.isprintable() or character in "\t\n" else "\ufffd" for character in printable(text))
    return escape(kept)


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")

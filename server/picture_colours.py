"""Combo colours out of a map's background."""

from __future__ import annotations

import colorsys
from io import BytesIO

from generation.blank_maps import COLOURS, Colour
from server.reading import Unreadable

# Pictures are looked at this small; of so many colours in them the most colourful are taken, unlike each other by a share of
# the colour circle.
SIZE, SHADES, WANTED, UNLIKE = 96, 24, 4, 0.08
# How light and how colourful combo colours are.
LIGHTNESS, LEAST_SATURATION = (0.5, 0.68), 0.45
# More pixels than these are no background.
MOST_PIXELS = 50_000_000


def combo_colours(data: bytes, name: str) -> tuple[Colour, ...]:
    """Four colours of the picture, the usual ones where it has fewer. Raises `Unreadable` where it is no picture."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(data)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Unreadable(name, "is a picture of more than 50 million pixels")
            picture.draft("RGB", (SIZE, SIZE))
            small = picture.convert("RGB").resize((SIZE, SIZE)).quantize(SHADES)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as trouble:
        raise Unreadable(name, f"is no picture that can be read ({trouble})") from None
    palette = small.getpalette() or []
    counts = small.getcolors() or []
    shades = [_told(count, *palette[3 * at : 3 * at + 3]) for count, at in counts if isinstance(at, int)]
    chosen: list[tuple[float, float]] = []
    for _, hue, saturation in sorted(shades, reverse=True):
        if all(min(abs(hue - other), 1 - abs(hue - other)) >= UNLIKE for other, _ in chosen) and saturation > 0.15:
            chosen.append((hue, saturation))
        if len(chosen) == WANTED:
            break
    if len(chosen) < 2:
        return COLOURS
    found = [_colour(hue, saturation, LIGHTNESS[at % 2]) for at, (hue, saturation) in enumerate(chosen)]
    # Two or three hues come again, lighter.
    found += [_colour(hue, saturation, LIGHTNESS[(at + 1) % 2]) for at, (hue, saturation) in enumerate(chosen)]
    return tuple(found[:WANTED])


def _told(count: int, red: int, green: int, blue: int) -> tuple[float, float, float]:
    """(how much it is worth, hue, saturation)."""
    hue, lightness, saturation = colorsys.rgb_to_hls(red / 255, green / 255, blue / 255)
    vivid = saturation * (1 - abs(2 * lightness - 1))
    return vivid * count**0.35, hue, saturation


def _colour(hue: float, saturation: float, lightness: float) -> Colour:
    red, green, blue = colorsys.hls_to_rgb(hue, lightness, min(max(saturation, LEAST_SATURATION), 0.9))
    return round(255 * red), round(255 * green), round(255 * blue)

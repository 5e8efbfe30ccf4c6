from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from analyzers.rules.settings.colour_luminosity import HIGH, LOW
from generation.blank_maps import COLOURS
from server.picture_colours import combo_colours
from server.reading import Unreadable


def picture(*colours: tuple[int, int, int], form: str = "PNG") -> bytes:
    image = Image.new("RGB", (40 * len(colours), 60))
    for number, colour in enumerate(colours):
        image.paste(colour, (40 * number, 0, 40 * number + 40, 60))
    file = BytesIO()
    image.save(file, form)
    return file.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_colours_are_those_of_the_picture_but_visible(form: str) -> None:
    found = combo_colours(picture((90, 10, 10), (10, 10, 80), (250, 250, 250), (0, 0, 0), form=form), "bg")
    assert len(found) == 4
    for red, green, blue in found:
        assert LOW < (0.299 * red**2 + 0.587 * green**2 + 0.114 * blue**2) ** 0.5 < HIGH
    reds, blues = (sum(colour.index(max(colour)) == at for colour in found) for at in (0, 2))
    assert (reds, blues) == (2, 2)


def test_a_grey_picture_has_none() -> None:
    assert combo_colours(picture((100, 100, 100), (40, 40, 40)), "bg") == COLOURS


def test_what_is_no_picture_is_said() -> None:
    with pytest.raises(Unreadable, match="is no picture"):
        combo_colours(b"\x89PNG nothing", "bg.png")

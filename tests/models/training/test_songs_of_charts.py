from __future__ import annotations

import numpy as np

from models.training.corpus import Source, pieces_of
from tests.chart_builder import chart_text

SILENCE = np.zeros((1_000, 32), np.uint8)


def delay(offset: str) -> float:
    """ms by which the song of a chart with that `Offset` (s) is heard later than its notes are written."""
    text = chart_text([f"{192 * beat} = N 0 0" for beat in range(8)], song=("Resolution = 192", f"Offset = {offset}"))
    [piece] = pieces_of(Source("a.chart", text.encode(), song=SILENCE))
    return piece.delay


def test_a_chart_hears_its_song_as_much_later_as_its_offset_says() -> None:
    assert delay("2") - delay("0") == 2_000

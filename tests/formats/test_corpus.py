import pytest

from benchmarks.corpus import archives, maps
from formats.beatmap import Beatmap
from formats.chart import Chart
from formats.song_ini import SongIni
from formats.timeline import Timeline

needs_corpus = pytest.mark.skipif(
    not archives(), reason="the corpus of real maps is not here: set MAIMOD_CORPUS to the folder of its archives"
)


@needs_corpus
def test_every_real_map_is_read_and_comes_back_byte_for_byte() -> None:
    seen = 0
    for name, data in maps(".osu", ".osb"):
        beatmap = Beatmap.from_bytes(data)
        assert beatmap.document.to_bytes() == data, name
        seen += 1
        if name.startswith("edgecases") or seen % 4 == 0:
            timeline = Timeline(beatmap)
            assert len(timeline.notes) == len(beatmap.hit_objects) == len(timeline.combo_number), name
    assert seen > 1_000


@needs_corpus
def test_every_real_chart_is_read_and_comes_back_byte_for_byte() -> None:
    for name, data in maps(".chart"):
        chart = Chart.from_bytes(data)
        assert chart.document.to_bytes() == data, name
        assert chart.tracks is not None
    for name, data in maps("song.ini"):
        assert SongIni.from_bytes(data).document.to_bytes() == data, name

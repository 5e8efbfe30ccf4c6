import pytest

from analyzers.rule import Standard
from formats.osu import Mode
from tests.builder import findings, osu_text


@pytest.mark.parametrize(("keys", "count"), [(3, 1), (4, 0), (7, 0)])
def test_four_keys_are_the_least(keys: int, count: int) -> None:
    text = osu_text(mode=Mode.MANIA, difficulty=[f"CircleSize:{keys}"])
    assert len(findings("mania-key-count", text, standard=Standard.LAZER)) == count

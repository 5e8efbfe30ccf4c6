import pytest

from analyzers.rule import Level, Standard
from formats.osu import Mode
from tests.builder import findings, osu_text

RULE = "spread-lowest-diff-drain"


def lasting(seconds: float, *breaks: tuple[int, int], mode: Mode = Mode.OSU) -> str:
    events = [f"2,{start * 1000},{end * 1000}" for start, end in breaks]
    return osu_text(["0,0,0,1,0", f"0,0,{int(seconds * 1000)},1,0"], events=events, mode=mode)


@pytest.mark.parametrize(
    ("mode", "level", "limit"),
    [
        (Mode.OSU, Level.HARD, 150),
        (Mode.OSU, Level.INSANE, 195),
        (Mode.OSU, Level.EXPERT, 240),
        (Mode.OSU, Level.ULTRA, 240),
        (Mode.TAIKO, Level.EXPERT, 240),
        (Mode.MANIA, Level.HARD, 120),
    ],
)
def test_the_limit_depends_on_mode_and_level(mode: Mode, level: Level, limit: int) -> None:
    assert findings(RULE, lasting(limit, mode=mode), level=level) == []
    assert len(findings(RULE, lasting(limit - 0.001, mode=mode), level=level)) == 1


def test_a_normal_may_be_as_short_as_it_likes() -> None:
    assert findings(RULE, lasting(31), level=Level.NORMAL) == []


def test_the_hardest_counts_without_long_breaks() -> None:
    assert len(findings(RULE, lasting(160, (50, 95)), level=Level.HARD)) == 1
    assert findings(RULE, lasting(160, (50, 80)), level=Level.HARD) == []
    assert findings(RULE, lasting(160, (50, 79)), level=Level.HARD) == []


def test_lazer_has_other_limits_for_mania() -> None:
    assert len(findings(RULE, lasting(130, mode=Mode.MANIA), level=Level.HARD, standard=Standard.LAZER)) == 1


def test_only_the_lowest_difficulty_carries_it() -> None:
    levels = [Level.INSANE, Level.HARD]
    assert findings(RULE, lasting(60), lasting(60), level=levels[0], levels=levels) == []
    assert len(findings(RULE, lasting(60), lasting(60), level=levels[1], levels=levels[::-1])) == 1


def test_a_difficulty_of_unknown_level_may_be_the_lowest() -> None:
    assert findings(RULE, lasting(60), lasting(60), level=Level.HARD, levels=[Level.HARD, None]) == []

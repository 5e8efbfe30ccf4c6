from datetime import date

from analyzers.rule import Level, Standard
from analyzers.thresholds import lowest_difficulty_drain, rules_of
from formats.osu import Mode


def hard(day: date | None = None) -> int:
    return lowest_difficulty_drain(Mode.OSU, Standard.RANKING, day)[Level.HARD]


def test_the_newest_entry_that_holds_already_applies() -> None:
    assert hard(date(2026, 8, 31)) == 210_000
    assert hard(date(2026, 9, 1)) == 150_000


def test_this_version_goes_by_its_own_day() -> None:
    assert hard() == hard(rules_of())

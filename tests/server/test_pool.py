from __future__ import annotations

import os
from collections.abc import Iterator

from server.pool import AHEAD, in_processes
from server.reading import Batch, Wanted


def batch(number: int) -> Batch:
    return Batch("", (Wanted(number, f"{number}.osu", f"{number}.osu"),))


def number_of(given: Batch) -> int:
    return given.wanted[0].number


def dies_at_two(given: Batch) -> int:
    if number_of(given) == 2:
        os._exit(9)
    return number_of(given)


def killed(given: Batch) -> int:
    return -number_of(given)


def test_answers_come_in_the_order_of_the_batches_and_few_are_read_ahead() -> None:
    begun: list[int] = []

    def batches() -> Iterator[Batch]:
        for number in range(40):
            begun.append(number)
            yield batch(number)

    answers = in_processes(batches(), number_of, killed, 2)
    assert [next(answers)[1] for _ in range(3)] == [0, 1, 2]
    assert len(begun) <= 3 + 2 * AHEAD + 1
    assert [answer for _, answer in answers] == list(range(3, 40))


def test_what_a_killed_process_held_is_answered_for_it() -> None:
    answers = [answer for _, answer in in_processes(map(batch, range(5)), dies_at_two, killed, 1)]
    assert answers[2] == -2
    assert [abs(answer) for answer in answers] == list(range(5))

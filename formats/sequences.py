"""What two lists have in common at their ends, as the lists of before and after an edit do."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def common_ends(one: list[T], other: list[T]) -> tuple[int, int]:
    """How many items at the start, and of the rest at the end, are the same; the items must compare by identity."""
    most = min(len(one), len(other))
    head = _common(one, other, most)
    tail = _common(one[head:][::-1], other[head:][::-1], most - head)
    return head, tail


def _common(one: list[T], other: list[T], most: int) -> int:
    """By halving: comparing two slices is quicker than any loop over their items."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low

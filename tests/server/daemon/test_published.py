"""A client that was told any earlier state and the difference knows the newest one."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from server.daemon import published
from server.daemon.published import Board, State

Json = dict[str, Any]
KEYS = st.lists(st.sampled_from("abcdef"), unique=True, max_size=6)
STATES = st.tuples(KEYS, st.integers(0, 2), st.integers(0, 2), st.none() | st.integers(0, 1))


def put(board: Board, state: tuple[list[str], int, int, int | None]) -> None:
    keys, number, song, strip = state
    findings = {key: {"key": key, "message": number if key in "abc" else 0} for key in keys}
    header = {"id": "m", "counts": len(keys), "number": number}
    board.put(header, {"state": "off"}, {"objects": song}, None if strip is None else {"bits": strip}, findings)


def state_of(board: Board) -> State:
    state = board.get("m")
    assert state is not None
    return state


@given(st.lists(STATES, min_size=1, max_size=8), st.sets(st.integers(0, 7)))
def test_differences_lead_to_the_newest_state_whatever_was_missed(states: list[Any], heard: set[int]) -> None:
    board = Board()
    known: Json | None = None
    told: State | None = None
    for number, state in enumerate(states):
        put(board, state)
        if number not in heard and number != len(states) - 1:
            continue
        now = state_of(board)
        if told is None or known is None:
            known = json.loads(now.text)
        elif told is not now:
            known = published.apply(known, json.loads(board.difference(told, now)))
        told = now
    assert known == json.loads(state_of(board).text)


def test_what_is_equal_is_told_to_nobody() -> None:
    board = Board()
    told: list[str] = []
    board.told = told.append
    put(board, (["a", "b"], 1, 1, None))
    first = state_of(board)
    put(board, (["a", "b"], 1, 1, None))
    assert told == ["m"]
    assert state_of(board) is first


def test_only_what_changed_is_sent() -> None:
    board = Board()
    put(board, (["a", "b", "d"], 1, 1, 0))
    before = state_of(board)
    put(board, (["a", "d", "e"], 1, 1, 0))
    message = json.loads(board.difference(before, state_of(board)))
    assert {"song", "strip", "model", "header"} & set(message) == set()
    assert [each["key"] for each in message["findings"]["added"]] == ["e"]
    assert message["findings"]["removed"] == ["b"]
    assert message["findings"]["changed"] == []


def test_a_map_that_goes_is_told_once() -> None:
    board = Board()
    put(board, ([], 0, 0, None))
    told: list[str] = []
    board.told = told.append
    board.remove("m")
    board.remove("m")
    assert told == ["m"]
    assert len(board) == 0

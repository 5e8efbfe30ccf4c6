"""Only links that lead into the game's editor reach the system's opener, and always as one argument."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.timestamps import edit_link
from server.daemon import links
from server.daemon.protocol import Code, Refused


@pytest.fixture
def opener(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of the system that writes down what it is to open."""
    program = tmp_path / "bin" / "xdg-open"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nprintf "%s|" "$@" >> "{tmp_path}/opened"\nexit "$(cat "{tmp_path}/code")"\n')
    program.chmod(0o755)
    (tmp_path / "code").write_text("0")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    return tmp_path


def test_a_link_is_opened(opener: Path) -> None:
    assert links.can_open()
    links.open_link("osu://edit/00:01:234%20(1,2)")
    assert (opener / "opened").read_text() == "osu://edit/00:01:234%20(1,2)|"


def test_what_nothing_opens_is_said_in_a_sentence(opener: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (opener / "code").write_text("3")
    with pytest.raises(Refused) as refused:
        links.open_link("osu://edit/00:01:234")
    assert refused.value.code is Code.UNAVAILABLE
    monkeypatch.setenv("PATH", "")
    assert not links.can_open()
    with pytest.raises(Refused):
        links.open_link("osu://edit/00:01:234")


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.test",
        "osu://edit/00:01:234;rm",
        "osu://b/1",
        "file:///etc/passwd",
        "--help",
        "osu://edit/00:01:234 (1)",
        "osu://edit/00:01:234%20(1)\n",
    ],
)
def test_nothing_else_is(opener: Path, link: str) -> None:
    with pytest.raises(Refused) as refused:
        links.open_link(link)
    assert refused.value.code is Code.MALFORMED
    assert not (opener / "opened").exists()


@given(st.floats(0, 3.5e7), st.lists(st.integers(1, 99), max_size=4))
def test_each_link_of_ours_may_be_opened(time: float, numbers: list[int]) -> None:
    link = edit_link(time, ",".join(map(str, numbers)))
    assert links._EDIT_LINK.fullmatch(link)  # pyright: ignore[reportPrivateUsage]

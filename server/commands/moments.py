"""Times on the command line."""

from __future__ import annotations

import click

from server.moments import parse_moment


def moment(text: str) -> float:
    """ms of `01:23:456`, `1:23` or `83456`; says what is wrong with another text."""
    try:
        return parse_moment(text)
    except ValueError as trouble:
        raise click.BadParameter(str(trouble)) from None

"""`maimod version`."""

from __future__ import annotations

import click

from server.about import version

LIBRARIES = ("click", "rich", "watchdog", "pygls", "lsprotocol", "rosu-pp-py", "numpy", "onnxruntime", "soundfile", "soxr")


@click.command("version")
@click.option("--verbose", is_flag=True, help="Also what a bug report should hold: Python, system, libraries, rules, model.")
def command(verbose: bool) -> None:
    """Print the version."""
    click.echo(f"maimod {version()}")
    if verbose:
        for name, value in _details():
            click.echo(f"{name:14} {value}")


def _details() -> list[tuple[str, str]]:
    import platform
    import sys

    from server.choosing import all_rules

    return [
        ("python", f"{platform.python_version()} ({platform.python_implementation()}, {sys.executable})"),
        ("system", f"{platform.system()} {platform.release()} {platform.machine()}"),
        ("encoding", f"stdout {sys.stdout.encoding}, files {sys.getfilesystemencoding()}"),
        *((name, _installed(name)) for name in LIBRARIES),
        ("rules", str(len(all_rules()))),
        ("model", _model()),
    ]


def _model() -> str:
    """The surprisal model by name, or why there is none."""
    from models.errors import MaimodError
    from server.scoring import scorer

    try:
        return scorer().name
    except MaimodError as trouble:
        return str(trouble)


def _installed(name: str) -> str:
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed(name)
    except PackageNotFoundError:
        return "not installed"

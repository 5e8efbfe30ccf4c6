"""`maimod version`."""

from __future__ import annotations

import os

import click

from server.about import version

LIBRARIES = (
    "click",
    "rich",
    "watchdog",
    "pygls",
    "lsprotocol",
    "rosu-pp-py",
    "numpy",
    "onnxruntime",
    "soundfile",
    "soxr",
    "tomlkit",
    "websockets",
)


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
    from server.settings import find_file

    return [
        ("python", f"{platform.python_version()} ({platform.python_implementation()}, {sys.executable})"),
        ("system", f"{platform.system()} {platform.release()} {platform.machine()}"),
        ("encoding", f"stdout {sys.stdout.encoding}, files {sys.getfilesystemencoding()}"),
        *((name, _installed(name)) for name in LIBRARIES),
        ("rules", str(len(all_rules()))),
        ("model", _model()),
        ("installed", os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))),
        ("settings", find_file(".") or "no maimod.toml here or above"),
        ("songs heard", _cache()),
        ("daemon", _daemon()),
    ]


def _cache() -> str:
    """The folder of what was heard in songs, and how much it holds."""
    from server.song_features import cache_folder

    folder = cache_folder()
    try:
        sizes = [entry.stat().st_size for entry in os.scandir(folder)]
    except OSError:
        return f"{folder} (nothing yet)"
    return f"{folder} ({len(sizes)} files, {sum(sizes) / 1e6:.1f} MB)"


def _daemon() -> str:
    """Whether a daemon runs, and where its state stands; never its token."""
    from server.daemon.client import answers
    from server.daemon.state_file import FILE_NAME, path_of, read

    try:
        path, running = path_of(FILE_NAME), read()
    except OSError as trouble:
        return f"its state cannot be read ({trouble.strerror or trouble})"
    if running is None or not answers(running):
        return f"none runs (its state would stand in {path})"
    return f"process {running.pid} on port {running.port}, state in {path}"


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

"""The corpus of real maps that tests and benchmarks read where it is at hand; it is no part of the repository.

It is looked for as `*.tar.xz` in the folder that `MAIMOD_CORPUS` names, else in a folder `corpus` one or two levels
beside the repository.
"""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

from formats.opting_out import opts_out

REPOSITORY = Path(__file__).resolve().parents[1]
MAP_SUFFIXES = (".osu", ".osb", ".chart", "song.ini")


def archives() -> list[Path]:
    """The corpus' archives of maps, those of odd files last; empty where there is no corpus."""
    named = os.environ.get("MAIMOD_CORPUS")
    folders = [Path(named)] if named else [*sorted(REPOSITORY.parent.glob("*/corpus")), REPOSITORY.parent / "corpus"]
    found = [path for folder in folders for path in folder.glob("*.tar.xz") if not path.name.startswith("mel")]
    return sorted(found, key=lambda path: ("edgecases" in path.name, path.name))


def opted_out(data: bytes) -> bool:
    """Whether a map in any encoding says that it is not to be trained on."""
    return opts_out(data.replace(b"\0", b"").decode("latin-1"))


def maps(*suffixes: str, odd: bool = True) -> Iterator[tuple[str, bytes]]:
    """Path inside the corpus and bytes of every map; `odd` = with the files that are meant to be broken."""
    for archive in archives():
        if "edgecases" in archive.name and not odd:
            continue
        with tarfile.open(archive) as tar:
            for member in tar:
                if member.isfile() and member.name.lower().endswith(suffixes or MAP_SUFFIXES):
                    stream = tar.extractfile(member)
                    if stream is not None:
                        yield member.name, stream.read()

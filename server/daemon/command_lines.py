"""The command that writes a proposal from a terminal, for those whose page may only look.

It is copied into a shell, and the names of files come from strangers: what no shell of the system takes as plain text between
quotes is not put there at all.
"""

from __future__ import annotations

import os
import shlex

from generation.request import OWN, Request
from server.daemon.questions import Sounds

# Within double quotes these mean something to cmd or PowerShell, which takes typographic quotes for plain ones.
_MEANINGFUL = frozenset('"$`%!^“”„‟')


def command_line(path: str, wish: Request | Sounds, candidate: int, *, windows: bool = os.name == "nt") -> str | None:
    """To be run in the watched folder, from which `path` starts (with /); None where the path cannot be typed."""
    name = _quoted(path, windows=windows)
    if name is None:
        return None
    return " ".join(
        ["maimod", *(_of_notes(name, wish, candidate) if isinstance(wish, Request) else _of_sounds(name, wish)), "--write"]
    )


def _of_notes(name: str, wish: Request, candidate: int) -> list[str]:
    said = ["regenerate", name, *_said("start", wish.start), *_said("end", wish.end)]
    said += ["--track", wish.track] if wish.track.isalnum() else []
    said += ["--seed", str(wish.seed), "--candidates", str(wish.count), "--choose", str(candidate)]
    said += _said("temperature", wish.temperature) if wish.temperature != 1 else []
    said += [f"--density={OWN}"] if wish.density is None else _said("density", wish.density) if wish.density != 1 else []
    said += ["--keep", ",".join(sorted(wish.keep))] if wish.keep else []
    said += ["--add"] if wish.add else []
    said += ["--lanes", ",".join(str(lane + 1) for lane in sorted(wish.lanes))] if wish.lanes else []
    said += ["--kinds", f'"{",".join(sorted(wish.kinds))}"'] if wish.kinds else []
    return said


def _of_sounds(name: str, wish: Sounds) -> list[str]:
    said = ["hitsounds", name]
    if wish.section is not None:
        said += [*_said("start", wish.section[0]), *_said("end", wish.section[1])]
    said += [f"--{word}" for word in ("add", "sets", "volumes") if getattr(wish, word)]
    said += _said("share", wish.share) if wish.share is not None else []
    said += ["--seed", str(wish.seed), *(_said("temperature", wish.temperature) if wish.temperature != 1 else [])]
    return said


def _said(option: str, value: float) -> list[str]:
    return [f"--{option}={round(value, 3):.15g}"]


def _quoted(path: str, *, windows: bool) -> str | None:
    if not path.isprintable() or "\ufffd" in path:
        return None
    if windows:
        return None if _MEANINGFUL & set(path) else f'"./{path}"'
    return shlex.quote(f"./{path}" if path.startswith("-") else path)

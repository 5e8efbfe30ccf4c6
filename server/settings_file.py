"""Changes a `maimod.toml` as its owner would by hand: comments, order and spacing stay."""

from __future__ import annotations

import os
from typing import cast

from server.writing import write_atomically

INTRODUCTION = "# What maimod checks the maps of this folder for.\n"


def switch_off(folder: str, rule: str) -> str:
    """Names a rule under `ignore` in the `maimod.toml` that holds for the maps of `folder`, a new one where there is none.

    Returns the file's path. Raises `OSError` where it cannot be written, `ValueError` with a sentence where it cannot be read.
    """
    from tomlkit import parse
    from tomlkit.exceptions import TOMLKitError

    from server.settings import FILE_NAME, find_file

    path = find_file(folder) or os.path.join(os.path.abspath(folder), FILE_NAME)
    text = _standing(path)
    try:
        table = parse(text)
    except TOMLKitError as trouble:
        raise ValueError(f"{path}: is not valid TOML ({trouble}); mend it first") from None
    ignored = cast("object", table.get("ignore"))  # pyright: ignore[reportUnknownMemberType]
    if ignored is None:
        written = _with_key(text, f'ignore = ["{rule}"]')
    elif isinstance(ignored, list):
        names = cast("list[object]", ignored)
        if rule in map(str, names):
            return path
        names.append(rule)
        written = table.as_string()
    else:
        raise ValueError(f"{path}: the key 'ignore' must be a list of rule names, not {ignored!r}")
    write_atomically(path, written.encode())
    return path


def _with_key(text: str, key: str) -> str:
    """The text with a new key behind the others: before the first table, to which it would belong otherwise."""
    lines = text.splitlines(keepends=True)
    at = next((number for number, line in enumerate(lines) if line.lstrip().startswith("[")), len(lines))
    in_front_of_table = at < len(lines)
    while at and (not lines[at - 1].strip() or (in_front_of_table and lines[at - 1].lstrip().startswith("#"))):
        at -= 1
    ending = "\r\n" if "\r\n" in text else "\n"
    if at and not lines[at - 1].endswith("\n"):
        lines[at - 1] += ending
    return "".join([*lines[:at], key, ending, *lines[at:]])


def _standing(path: str) -> str:
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return INTRODUCTION
    except UnicodeDecodeError as trouble:
        raise ValueError(f"{path}: is not UTF-8 ({trouble.reason}); mend it first") from None

"""Findings that a mapper has dismissed: `.maimod/dismissed.toml` beside the map.

A dismissal names what was dismissed (map, rule, kind, and the line as it stood), not where it stood: it survives edits
elsewhere in the map and ends when the line itself changes. New ones are appended, so that comments in the file stay.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from analyzers.finding import Finding
from formats.document import Document, Line, LineKind
from formats.osu import ENTRY_SECTIONS
from server.printable import printable
from server.writing import write_atomically

FOLDER, FILE_NAME = ".maimod", "dismissed.toml"
INTRODUCTION = "# What maimod keeps to itself about the maps of this folder; delete an entry to hear of it again.\n"


@dataclass(frozen=True, slots=True)
class Dismissal:
    """What was dismissed: `subject` is the line of an object, the key of a setting, or the message where a file is meant."""

    map: str
    rule: str
    kind: str
    section: str
    subject: str


@dataclass(frozen=True, slots=True)
class Dismissed:
    """The dismissals of one folder, and one sentence for each entry that was not understood."""

    dismissals: frozenset[Dismissal] = frozenset()
    problems: tuple[str, ...] = ()

    def keep(self, findings: Iterable[Finding], document: Document, map_name: str) -> list[Finding]:
        """The findings that were not dismissed."""
        if not self.dismissals:
            return list(findings)
        return [finding for finding in findings if dismissal(finding, document, map_name) not in self.dismissals]


def dismissal(finding: Finding, document: Document, map_name: str) -> Dismissal:
    """What is written down when this finding is dismissed."""
    line = document.lines[document.index.line_of(finding.span.start)]
    return Dismissal(printable(map_name), finding.name, finding.kind, printable(line.section), printable(_subject(line, finding)))


def _subject(line: Line, finding: Finding) -> str:
    if line.kind in (LineKind.HEADER, LineKind.VERSION, LineKind.BLANK, LineKind.BRACE):
        return finding.message
    content = line.content.strip()
    key = content.partition(":")[0].strip()
    return key if line.section in ENTRY_SECTIONS and key != content else content


def load(folder: str) -> Dismissed:
    """The dismissals beside the maps of `folder`; none where there is no such file. Never raises."""
    path = file_of(folder)
    if not os.path.isfile(path):
        return Dismissed()
    import tomllib

    try:
        with open(path, "rb") as file:
            table = tomllib.load(file)
    except OSError as trouble:
        return Dismissed(problems=(f"{path}: cannot be read ({trouble.strerror or trouble})",))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as trouble:
        return Dismissed(problems=(f"{path}: is not valid TOML ({trouble}), so nothing counts as dismissed",))
    problems: list[str] = []
    return Dismissed(frozenset(_entries(path, table, problems)), tuple(problems))


def _entries(path: str, table: dict[str, object], problems: list[str]) -> Iterator[Dismissal]:
    listed = table.get("dismissed", [])
    for number, entry in enumerate(cast("list[object]", listed) if isinstance(listed, list) else [listed], 1):
        keys = cast("dict[str, object]", entry) if isinstance(entry, dict) else {}
        texts = [value for key in ("map", "rule", "kind", "section", "subject") if isinstance(value := keys.get(key), str)]
        if len(texts) == 5:
            yield Dismissal(*texts)
        else:
            problems.append(f"{path}: entry {number} needs map, rule, kind, section and subject, each a text")


def file_of(folder: str) -> str:
    return os.path.join(folder, FOLDER, FILE_NAME)


def add(folder: str, dismissals: Iterable[Dismissal], reason: str = "") -> list[Dismissal]:
    """Appends those that are not yet there, and returns them. Raises `OSError` where the file cannot be written."""
    known = load(folder).dismissals
    new = [each for each in dict.fromkeys(dismissals) if each not in known]
    if new:
        path = file_of(folder)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write_atomically(path, (_standing(path) + "".join(_written(each, reason) for each in new)).encode())
    return new


def _standing(path: str) -> str:
    try:
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
    except FileNotFoundError:
        return INTRODUCTION
    return text if text.endswith("\n") or not text else text + "\n"


def _written(entry: Dismissal, reason: str) -> str:
    pairs = [
        ("map", entry.map), ("rule", entry.rule), ("kind", entry.kind), ("section", entry.section), ("subject", entry.subject),
    ]  # fmt: skip
    if reason:
        pairs.append(("reason", printable(reason)))
    return "\n[[dismissed]]\n" + "".join(f"{key} = {_quoted(value)}\n" for key, value in pairs)


def _quoted(text: str) -> str:
    """A TOML basic string: quotes, backslashes and control characters escaped."""
    safe = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char >= " " and char != "\x7f" else f"\\u{ord(char):04X}" for char in safe) + '"'

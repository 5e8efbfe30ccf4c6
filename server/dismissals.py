"""Findings that a mapper has dismissed: `.maimod/dismissed.toml` beside the map.

A dismissal names what was dismissed (map, rule, kind, and the line as it stood), not where it stood: it survives edits
elsewhere in the map and ends when the line itself changes. One with map and rule alone holds for all that the rule finds in
the map. New ones are appended and old ones cut out, so that comments in the file stay.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import cast

from analyzers.finding import Finding
from formats.document import Document, Line, LineKind
from formats.osu import ENTRY_SECTIONS
from server.daemon.state_file import path_of
from server.locking import alone
from server.printable import printable
from server.writing import Changed, write_atomically

FOLDER, FILE_NAME = ".maimod", "dismissed.toml"
KEYS = ("map", "rule", "kind", "section", "subject")
INTRODUCTION = "# What maimod keeps to itself about the maps of this folder; delete an entry to hear of it again.\n"
# How often the file is read again where somebody writes to it by hand at the same time.
ATTEMPTS = 3
LOCK_NAME = "dismissals.lock"


@dataclass(frozen=True, slots=True)
class Dismissal:
    """What was dismissed: `subject` is the line of an object, the key of a setting, or the message where a file is meant.

    With `kind`, `section` and `subject` empty: all that the rule finds in the map.
    """

    map: str
    rule: str
    kind: str = ""
    section: str = ""
    subject: str = ""

    @property
    def of_whole_map(self) -> bool:
        return not (self.kind or self.section or self.subject)


@dataclass(frozen=True, slots=True)
class Dismissed:
    """The dismissals of one folder, and one sentence for each entry that was not understood."""

    dismissals: frozenset[Dismissal] = frozenset()
    problems: tuple[str, ...] = ()

    def keep(self, findings: Iterable[Finding], document: Document, map_name: str) -> list[Finding]:
        """The findings that were not dismissed."""
        if not self.dismissals:
            return list(findings)
        return [finding for finding in findings if not self.by(finding, document, map_name)]

    def by(self, finding: Finding, document: Document, map_name: str) -> Dismissal | None:
        """The dismissal that the finding falls under."""
        candidates = (dismissal(finding, document, map_name), in_whole_map(finding.name, map_name))
        return next((each for each in candidates if each in self.dismissals), None)


def dismissal(finding: Finding, document: Document, map_name: str) -> Dismissal:
    """What is written down when this finding is dismissed."""
    line = document.lines[document.index.line_of(finding.span.start)]
    return Dismissal(printable(map_name), finding.name, finding.kind, printable(line.section), printable(_subject(line, finding)))


def in_whole_map(rule: str, map_name: str) -> Dismissal:
    """What is written down when all that a rule finds in a map is dismissed."""
    return Dismissal(printable(map_name), rule)


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
        texts = [value for key in KEYS if isinstance(value := keys.get(key), str)]
        if len(texts) == len(KEYS) or (len(texts) == 2 and keys.keys().isdisjoint(KEYS[2:]) and "map" in keys and "rule" in keys):
            yield Dismissal(*texts)
        else:
            problems.append(
                f"{path}: entry {number} needs map and rule, and for one finding also kind, section and subject, each a text"
            )


def file_of(folder: str) -> str:
    return os.path.join(folder, FOLDER, FILE_NAME)


def add(folder: str, dismissals: Iterable[Dismissal], reason: str = "") -> list[Dismissal]:
    """Appends those that are not yet there, and returns them.

    Raises `OSError` where the file cannot be written, `ValueError` with a sentence where nothing can be added to it.
    """
    wanted = list(dict.fromkeys(dismissals))
    path = file_of(folder)

    def longer(text: str) -> tuple[str, list[Dismissal]]:
        # What is appended to a file that cannot be read would dismiss nothing.
        entries = _listed(path, text)
        new = [each for each in wanted if each not in entries]
        grown = text + "".join(_written(each, reason) for each in new)
        if new and not _lengthens(path, grown, len(entries) + len(new)):
            raise ValueError(f"{path}: is written in a way that maimod cannot add to; write the entry by hand")
        return grown, new

    if wanted and not os.path.exists(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with suppress(FileExistsError), open(path, "x", encoding="utf-8", newline="") as file:
            file.write(INTRODUCTION)
    return _rewritten(path, longer) if wanted else []


def remove(folder: str, dismissals: Iterable[Dismissal]) -> list[Dismissal]:
    """Takes entries out, so that what they dismissed is heard of again, and returns those that were there.

    Everything else in the file stays as it is. Raises `OSError` where the file cannot be written, `ValueError` with a sentence
    where it is no valid TOML.
    """
    path, unwanted = file_of(folder), set(dismissals)

    def shorter(text: str) -> tuple[str, list[Dismissal]]:
        entries = _listed(path, text)
        kept = [entry for entry in entries if entry not in unwanted]
        shrunk = _without(text, {number for number, entry in enumerate(entries) if entry in unwanted})
        if _listed(path, shrunk) != kept:
            raise ValueError(f"{path}: is written in a way that maimod cannot shorten; take the entry out by hand")
        return shrunk, [entry for entry in entries if entry in unwanted]

    return _rewritten(path, shorter) if unwanted and os.path.isfile(path) else []


def _rewritten(path: str, change: Callable[[str], tuple[str, list[Dismissal]]]) -> list[Dismissal]:
    """Writes what `change` makes of the text, and returns what changed.

    An editor, the daemon and the command line may all keep the same file, so they take turns; and who writes it by hand is not
    overwritten.
    """
    with _in_turn():
        for _ in range(ATTEMPTS):
            before = _read(path)
            text, changed = change(_standing(path, before))
            if not changed:
                return []
            with suppress(Changed):
                write_atomically(path, text.encode(), before)
                return changed
    raise OSError(errno.EBUSY, "another program keeps writing to it", path)


@contextmanager
def _in_turn() -> Generator[None]:
    with ExitStack() as stack:
        # Without a place for the lock, or where one hangs, a dismissal is still better written than refused.
        with suppress(OSError):
            stack.enter_context(alone(path_of(LOCK_NAME)))
        yield


def _listed(path: str, text: str) -> list[Dismissal | None]:
    """The entries in order, None for one that makes no sense. Raises `ValueError` with a sentence."""
    import tomllib

    try:
        listed: object = tomllib.loads(text).get("dismissed", [])
    except tomllib.TOMLDecodeError as trouble:
        raise ValueError(f"{path}: is not valid TOML ({trouble}); mend it first") from None
    rows = cast("list[object]", listed) if isinstance(listed, list) else []
    return [next(_entries(path, {"dismissed": [row]}, []), None) for row in rows]


def _lengthens(path: str, text: str, count: int) -> bool:
    try:
        return len(_listed(path, text)) == count
    except ValueError:
        return False


def _without(text: str, numbers: set[int]) -> str:
    """The text without the entries of these numbers; comments in front of the next entry belong to that one and stay."""
    kept: list[str] = []
    pieces = re.split(r"(?m)^(?=[ \t]*\[\[[ \t]*dismissed[ \t]*\]\])", text)
    for number, piece in enumerate(pieces[1:]):
        lines = piece.splitlines(keepends=True)
        end = len(lines)
        while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
            end -= 1
        kept.append("".join(lines[end:]) if number in numbers else piece)
    return pieces[0] + "".join(kept)


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _standing(path: str, data: bytes) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError as trouble:
        raise ValueError(f"{path}: is not UTF-8 ({trouble.reason}); mend it first") from None
    return text if text.endswith("\n") or not text else text + "\n"


def _written(entry: Dismissal, reason: str) -> str:
    pairs = [(key, getattr(entry, key)) for key in (KEYS[:2] if entry.of_whole_map else KEYS)]
    if reason:
        pairs.append(("reason", printable(reason)))
    return "\n[[dismissed]]\n" + "".join(f"{key} = {_quoted(value)}\n" for key, value in pairs)


def _quoted(text: str) -> str:
    """A TOML basic string: quotes, backslashes and control characters escaped."""
    safe = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char >= " " and char != "\x7f" else f"\\u{ord(char):04X}" for char in safe) + '"'

"""What a finding is known by over edits elsewhere: the same that a dismissal is made of, as a short key."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

from analyzers.finding import Finding
from formats.chart_lines import TRACKS
from formats.document import Document
from server.daemon.questions import Noted
from server.dismissals import Dismissal, dismissal


def noted(findings: Iterable[Finding], document: Document, map_name: str) -> Iterator[Noted]:
    """The findings in their order, each with a key of its own."""
    seen: Counter[str] = Counter()
    for finding in findings:
        known_as = dismissal(finding, document, map_name)
        key = key_of(known_as)
        seen[key] += 1
        number = document.index.line_of(finding.span.start)
        section = document.lines[number].section
        which = key if seen[key] == 1 else f"{key}-{seen[key]}"
        yield Noted(finding, which, known_as, number + 1, section if section in TRACKS else None)


def key_of(known_as: Dismissal) -> str:
    """16 hexadecimal digits; the map's name is no part of it, so that it survives a renamed file."""
    parts = (known_as.rule, known_as.kind, known_as.section, known_as.subject)
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=8).hexdigest()

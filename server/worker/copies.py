"""What the worker has been told of the open files, and what it has to be told before its next question."""

from __future__ import annotations

from collections.abc import Iterator

from formats.document import Document
from formats.spans import Edit, Span
from server.session import Kind, Session
from server.worker.questions import Text

# What the model or a closed file's rules look at.
LANGUAGES = {Kind.OSU: "osu", Kind.CHART: "chart", Kind.SONG_INI: "song-ini"}


class Copies:
    """The texts of a session as the worker has them. A line that stands as it stood is never sent again."""

    def __init__(self, session: Session) -> None:
        self._session = session
        # The number of the opening, and the document that was told last.
        self._told: dict[str, tuple[int, Document]] = {}

    def forget(self) -> None:
        """The worker knows nothing: it is a new one."""
        self._told.clear()

    def news(self) -> tuple[Text, ...]:
        """What leads from the copies to the texts as they are; from here on these count as told."""
        return tuple(self._news())

    def _news(self) -> Iterator[Text]:
        open_now = {file.snapshot.uri: file for file in self._session if file.snapshot.kind in LANGUAGES}
        for uri in [uri for uri, (number, _) in self._told.items() if uri not in open_now or open_now[uri].number != number]:
            del self._told[uri]
            yield Text(uri)
        for uri, file in open_now.items():
            document = file.snapshot.document
            known = self._told.get(uri)
            self._told[uri] = file.number, document
            if known is None:
                yield Text(uri, file.snapshot.path, LANGUAGES[file.snapshot.kind], text=document.text)
            elif known[1] is not document:
                yield Text(uri, edit=difference(known[1], document))


def difference(before: Document, after: Document) -> Edit:
    """One edit that makes `after` of `before`, around all lines that are not the very same."""
    old, new = before.lines, after.lines
    least = min(len(old), len(new))
    head = next((number for number in range(least) if old[number] is not new[number]), least)
    tail = next((number for number in range(least - head) if old[-1 - number] is not new[-1 - number]), least - head)
    start = before.index.starts[head] if head < len(old) else before.index.length
    end = before.index.starts[len(old) - tail] if tail else before.index.length
    return Edit(Span(start, end), "".join(line.text for line in new[head : len(new) - tail]))

"""File of 0 bytes in the folder.

Such a file holds nothing and stops the upload. A silent hit sound needs a WAV of 44 bytes, which is a header and no samples.

Example: `soft-hitnormal.wav` of 0 bytes
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.consensus import speaks_for_set
from analyzers.context import Context
from analyzers.finding import Category, Severity
from analyzers.folder_use import holds_other_sets
from analyzers.rule import Issue, Rule, Template
from formats.document import whole

ZERO_BYTES = Template(
    "zero-bytes",
    Severity.ERROR,
    "'{path}' has 0 bytes, and such a file cannot be uploaded.",
    "A file of the map's folder has no content.",
)


def check(context: Context) -> Iterator[Issue]:
    files = context.mapset.files
    if files is None or not speaks_for_set(context) or holds_other_sets(context.mapset):
        return
    for path, fact in sorted(files.items()):
        if fact.size == 0:
            yield ZERO_BYTES(at=whole(context.first_line), path=path)


RULE = Rule("F105", "file-zero-bytes", Category.FILES, __doc__, (ZERO_BYTES,), check, whole_set=True)

"""What the model expected of a note, as a table: field by field what stands there, what was likelier, how surprising that is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.expectations import Expectation, ExpectedField

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def escaped(text: str) -> str:
    """The text as Markdown that says no more than the text."""
    return _SPECIAL.sub(r"\\\1", text)


def about_expectation(expected: Expectation, most: int | None = None, least_bits: float = 0.0) -> str:
    """Markdown; of the fields only the `most` most surprising ones, and none of fewer bits than `least_bits`."""
    part = f" of {escaped(expected.part)}" if expected.part else ""
    head = (
        f"**What the model expected** · number {expected.rank} of {expected.count} notes{part} by suspicion · "
        f"{expected.suspicion:.0%} that something is wrong"
    )
    kinds = ", ".join(f"{escaped(name)} {chance:.0%}" for name, chance in expected.kinds[:3])
    fields = [each for each in expected.fields if each.bits >= least_bits][:most]
    rows = ["| field | here | expected | bits |", "|---|---|---|---|", *map(_row, fields)] if fields else []
    return "\n\n".join(part for part in (head, kinds, "\n".join(rows)) if part)


def _row(field: ExpectedField) -> str:
    here = next((f"{escaped(each.value)} ({each.probability:.0%})" for each in field.likely if each.here), "")
    others = ", ".join(f"{escaped(each.value)} ({each.probability:.0%})" for each in field.likely if not each.here)
    return f"| {escaped(field.title)} | {here} | {others} | {field.bits:.1f} |"

"""All that the model says of the note that a finding is about, as clients are told it."""

from __future__ import annotations

from server.daemon.protocol import Json
from server.daemon.questions import Noted
from server.expectations import ExpectedField, expectation
from server.explaining import at_line
from server.printers.as_json import number
from server.scored_maps import ScoredMap


def explained(scored: ScoredMap, noted: Noted) -> Json | None:
    """None where the finding is about no note that was scored."""
    found = at_line(scored, noted.line)
    if not found:
        return None
    about = expectation(found[0])
    return {
        "time_ms": number(found[0].time) or 0,
        "timestamp": about.stamp,
        "rank": about.rank,
        "notes": about.count,
        "suspicion": number(about.suspicion) or 0,
        "mistakes": [{"name": name, "probability": round(chance, 3)} for name, chance in about.kinds],
        "fields": [_field(field) for field in about.fields],
    }


def _field(field: ExpectedField) -> Json:
    actual = next((each.value for each in field.likely if each.here), "")
    return {
        "name": field.title,
        "actual": actual,
        "bits": number(field.bits) or 0,
        "entropy": number(field.entropy) or 0,
        "expected": [{"value": each.value, "probability": round(each.probability, 4)} for each in field.likely],
    }

import pytest

from formats.osu import Mode
from tests.builder import findings, kinds, osu_text

RULE = "snap-rare-or-inconsistent"
BEATS = [500 * number for number in range(20)]


def circles(*times: int, name: str = "Hard") -> str:
    objects = [f"256,192,{time},1,0" for time in sorted(times)]
    return osu_text(objects, metadata=["Title:Song", f"Version:{name}"])


@pytest.mark.parametrize(("count", "kind"), [(1, "rare-snap"), (3, "rare-snap"), (4, "uncommon-snap"), (7, "uncommon-snap")])
def test_a_divisor_of_few_uses_is_told_once(count: int, kind: str) -> None:
    found = findings(RULE, circles(*BEATS, *(time + 166 for time in BEATS[:count])))
    assert [(finding.kind, finding.time_ms) for finding in found] == [(kind, 166)]
    assert len(found[0].related) == count - 1


def test_eight_of_28_are_common() -> None:
    assert findings(RULE, circles(*BEATS, *(time + 166 for time in BEATS[:8]))) == []


def test_beats_and_halves_are_never_rare() -> None:
    assert findings(RULE, circles(0, 750)) == []


def test_finer_divisors_vouch_for_coarser_ones() -> None:
    sixths = [time + step for time in BEATS for step in (83, 250, 416)]
    assert findings(RULE, circles(*BEATS, *sixths, 166)) == []


def test_what_another_difficulty_has_too_is_meant() -> None:
    text = circles(*BEATS, 166)
    assert findings(RULE, text, circles(0, 166, 500, name="Easy")) == []
    assert len(findings(RULE, text, circles(0, 250, 500, name="Easy"))) == 1


def test_a_difficulty_of_another_mode_vouches_too() -> None:
    taiko = osu_text(["256,192,166,1,0"], mode=Mode.TAIKO, metadata=["Title:Song", "Version:Oni"])
    assert findings(RULE, circles(*BEATS, 166), taiko) == []


def test_a_slider_of_many_spans_is_meant() -> None:
    objects = [f"256,192,{time},1,0" for time in BEATS]
    assert findings(RULE, osu_text([*objects, "0,0,20000,2,0,L|100:0,4,6.25"])) == []
    assert len(findings(RULE, osu_text([*objects, "0,0,20000,2,0,L|100:0,1,6.25"]))) == 1


def test_a_note_that_the_harder_difficulty_has_on_another_divisor_close_by() -> None:
    easier = [*BEATS, *(time + 375 for time in BEATS)]
    harder = [*easier[:20], *(time + 250 for time in BEATS), *(time + 333 for time in BEATS)]
    found = findings(RULE, circles(*easier), circles(*harder, name="Insane"))
    assert len(found) == 20
    assert kinds(found)[0] == ("different-snapping", "information", 375)
    assert found[0].message == "This is on 1/4, while [Insane] has a note on 1/3 at 00:00:333 and none here."


def test_a_note_that_the_harder_difficulty_lacks_altogether_is_fine() -> None:
    easier = [*BEATS, *(time + 250 for time in BEATS)]
    assert findings(RULE, circles(*easier), circles(*(time + 20_000 for time in range(0, 25_000, 500)), name="Insane")) == []


@pytest.mark.parametrize(("count", "found"), [(20, True), (21, False)])
def test_twenty_uses_below_5_percent_are_a_remark(count: int, found: bool) -> None:
    beats = [500 * number for number in range(500)]
    text = circles(*beats, *(time + 166 for time in beats[:count]))
    assert [finding.kind for finding in findings(RULE, text)] == ["uncommon-snap"] * found


def test_an_even_run_is_a_rhythm() -> None:
    run = [20_000 + step * 100 for step in range(1, 5)]
    found = findings(RULE, circles(*(500 * number for number in range(1000)), *run))
    assert [(finding.kind, finding.time_ms) for finding in found] == [("uncommon-snap", 20_100)]
    assert (
        len(findings(RULE, circles(*(500 * number for number in range(1000)), *run[:2], *(time + 500 for time in run[2:])))) == 1
    )


def test_the_message_counts_the_divisor_itself() -> None:
    found = findings(RULE, circles(*(500 * number for number in range(1000)), 83, 166, 1083))
    assert [finding.message for finding in found][:1] == [
        "This is on 1/3, which this difficulty uses once; make sure that it is meant."
    ]


def test_a_rhythm_of_its_own_is_told_once() -> None:
    easier = [*BEATS, *(time + 375 for time in BEATS), 20_375, 20_875]
    harder = [*easier[:20], *(time + 250 for time in BEATS), *(time + 333 for time in [*BEATS, 20_000, 20_500]), 30_000]
    found = findings(RULE, circles(*easier), circles(*harder, name="Insane"))
    assert [finding.kind for finding in found if "different" in finding.kind] == ["many-different-snapping"]
    assert "22 notes from here on" in next(finding.message for finding in found if "different" in finding.kind)

"""Samples that are doubled, missing in the folder, or missing in one difficulty."""

from collections.abc import Sequence

from formats.mapset import FileFact
from formats.osu import Mode
from tests.builder import findings, fixed, kinds, osu_text

RED = "0,500,4,1,0,100,1,0"


def mania(*objects: str, timing: Sequence[str] = (RED,)) -> str:
    return osu_text(objects, timing, mode=Mode.MANIA)


def note(time: int, sound: int = 0, sample: str = "0:0:0:0:", column: int = 0) -> str:
    return f"{64 + 128 * column},192,{time},1,{sound},{sample}"


def folder(*names: str) -> list[FileFact]:
    return [FileFact(name, 1) for name in names]


def test_a_clap_on_both_notes_of_a_chord_is_left_to_one() -> None:
    text = mania(note(1000, 8), note(1000, 10, column=1))
    found = findings("mania-double-hitsound", text)
    assert kinds(found) == [("double-sample", "warning", 1000)]
    assert note(1000, 2, column=1) in fixed(text, found)


def test_a_file_named_by_both_notes_is_left_to_one() -> None:
    text = mania(note(1000, 0, "0:0:0:70:bell.wav"), note(1000, 0, "0:0:0:70:bell.wav", 1))
    mended = fixed(text, findings("mania-double-hitsound", text))
    assert mended.count("bell.wav") == 1
    assert findings("mania-double-hitsound", mended) == []


def test_two_hitnormals_or_claps_of_two_sets_are_fine() -> None:
    assert findings("mania-double-hitsound", mania(note(1000), note(1000, column=1))) == []
    assert findings("mania-double-hitsound", mania(note(1000, 8), note(1000, 8, "0:2:0:0:", 1))) == []


def test_doubling_throughout_is_one_finding_with_one_fix() -> None:
    text = mania(*(note(time, 12, column=column) for time in range(1000, 9000, 500) for column in (0, 1)))
    found = findings("mania-double-hitsound", text)
    assert len(found) == 2
    both = fixed(text, found[:1])
    assert findings("mania-double-hitsound", fixed(both, findings("mania-double-hitsound", both))) == []


def test_a_folder_without_hitnormal_is_a_warning_once_for_the_set() -> None:
    text = mania(note(1000))
    assert kinds(findings("mania-hitnormal-missing", text, text, files=folder("a.mp3"))) == [("no-hitnormal", "warning", None)]
    assert findings("mania-hitnormal-missing", text, text) == []


def test_lines_that_notes_play_with_must_lead_to_a_hitnormal() -> None:
    files = folder("soft-hitnormal2.wav")
    good = mania(note(1000), timing=["0,500,4,2,2,100,1,0", "5000,-100,4,1,1,100,0,0"])
    assert findings("mania-hitnormal-missing", good, files=files) == []
    auto = mania(note(1000), timing=["0,500,4,0,2,100,1,0"])
    assert kinds(findings("mania-hitnormal-missing", auto, files=files)) == [("auto-sample-set", "error", 0)]
    other = mania(note(1000), timing=["0,500,4,2,3,100,1,0"])
    assert kinds(findings("mania-hitnormal-missing", other, files=files)) == [("no-hitnormal-file", "error", 0)]


def test_a_named_sample_must_be_in_the_folder_or_below() -> None:
    text = mania(note(1000, 0, "0:0:0:70:bell.wav"), note(2000, 0, "0:0:0:70:bell.wav"))
    assert kinds(findings("mania-hitsound-file-missing", text, files=folder("a.mp3"))) == [
        ("missing-named-sample", "error", 1000)
    ]
    assert findings("mania-hitsound-file-missing", text, files=folder("sounds/Bell.ogg")) == []


def test_numbered_samples_must_be_there_and_the_first_index_may_be_the_skins() -> None:
    numbered = mania(note(1000, 8), timing=["0,500,4,1,2,100,1,0"])
    found = findings("mania-hitsound-file-missing", numbered, files=folder("normal-hitnormal2.wav"))
    assert ["normal-hitclap2" in finding.message for finding in found] == [True]
    first = mania(note(1000, 8), timing=["0,500,4,1,1,100,1,0"])
    assert findings("mania-hitsound-file-missing", first, files=folder("a.mp3")) == []


def test_many_missing_samples_are_one_finding() -> None:
    text = mania(*(note(1000 * number, 0, f"0:0:0:70:{number}.wav") for number in range(1, 20)))
    assert len(findings("mania-hitsound-file-missing", text, files=folder("a.mp3"))) == 1


CLAPS = [note(time, 8) for time in range(1000, 6000, 500)]


def test_a_clap_that_most_others_play_is_missing_and_copied() -> None:
    usual, bare = mania(*CLAPS), mania(note(1000), *CLAPS[1:])
    found = findings("mania-hitsound-consistency", bare, usual, usual)
    assert kinds(found) == [("missing-sample", "warning", 1000)]
    assert findings("mania-hitsound-consistency", fixed(bare, found), usual, usual) == []


def test_a_clap_that_one_of_three_plays_may_be_missing() -> None:
    usual, bare = mania(*CLAPS), mania(note(1000), *CLAPS[1:])
    assert kinds(findings("mania-hitsound-consistency", bare, usual, bare, bare)) == [
        ("perhaps-missing-sample", "information", 1000)
    ]


def test_a_difficulty_of_its_own_way_is_named_once_and_not_held_against_the_others() -> None:
    usual, guest = mania(*CLAPS), mania(*(each.replace(",1,8,", ",1,6,") for each in CLAPS))
    assert kinds(findings("mania-hitsound-consistency", guest, usual, usual, usual)) == [("unique-hitsounding", "warning", None)]
    assert findings("mania-hitsound-consistency", usual, usual, usual, guest) == []


def test_a_note_with_a_file_of_its_own_has_no_room_for_another() -> None:
    usual = mania(note(1000, 0, "0:0:0:70:bell.wav"))
    full = mania(note(1000, 0, "0:0:0:70:drum.wav"))
    assert findings("mania-hitsound-consistency", full, usual, usual) == []


def test_one_hit_burst_of_a_skin_asks_for_all() -> None:
    text = mania(note(1000))
    assert kinds(findings("mania-skin-sets", text, files=folder("mania-hit0.png"))) == [("incomplete-set", "error", None)]
    assert findings("mania-skin-sets", text, files=folder("mania-stage-left.png")) == []

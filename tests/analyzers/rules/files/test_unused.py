from collections.abc import Mapping, Sequence

import pytest

from formats.mapset import FileFact
from formats.osu import Mode
from tests.builder import findings, osu_text

SPRITE = 'Sprite,Foreground,Centre,"SB\\white.png",320,240'


def unused(text: str, names: Sequence[str], storyboards: Mapping[str, str] | None = None) -> list[str]:
    files = [FileFact(name, 9) for name in ("0.osu", "audio.mp3", *names)]
    found = findings("file-unused", text, files=files, storyboards=storyboards)
    return [each.message.split("'")[1] for each in found if each.kind == "unused"]


def test_what_the_difficulty_names_is_used_in_any_case() -> None:
    events = ['0,0,"BG.jpg",0,0', 'Video,0,"v.mp4"', SPRITE, 'Sample,0,0,"s.wav",70']
    names = ["bg.JPG", "v.mp4", "sb/White.png", "s.ogg", "own.wav"]
    assert unused(osu_text(["0,0,0,1,0,0:0:0:0:own.wav"], events=events), names) == []
    assert unused(osu_text(), names) == ["bg.JPG", "own.wav", "s.ogg", "sb/White.png", "v.mp4"]


def test_only_as_many_frames_as_the_animation_has_are_used() -> None:
    animation = 'Animation,Foreground,Centre,"f.png",320,240,2,100,LoopOnce'
    assert unused(osu_text(events=[animation]), ["f0.png", "f1.png", "f2.png", "f.png"]) == ["f.png", "f2.png"]


def test_a_storyboard_that_nobody_read_may_use_every_picture_and_sound() -> None:
    names = ["a.osb", "sb/x.png", "x.wav", "notes.txt"]
    assert unused(osu_text(), names) == ["notes.txt"]
    assert unused(osu_text(), names, {"a.osb": f"[Events]\n{SPRITE}\n"}) == ["notes.txt", "sb/x.png", "x.wav"]


def test_a_storyboard_without_events_is_unused() -> None:
    assert unused(osu_text(), ["a.osb"], {"a.osb": "[Events]\n//nothing\n"}) == ["a.osb"]


def test_custom_hit_sounds_are_used_by_set_addition_and_index() -> None:
    text = osu_text(["0,0,0,1,8"], timing=["0,500,4,2,2,70,1,0"])
    names = ["soft-hitclap2.wav", "soft-hitnormal2.ogg", "soft-hitclap.wav", "drum-hitclap2.wav", "soft-hitfinish2.wav"]
    assert unused(text, names) == ["drum-hitclap2.wav", "soft-hitclap.wav", "soft-hitfinish2.wav"]


def test_skin_elements_are_used_in_their_mode() -> None:
    names = ["cursor.png", "hitcircle@2x.png", "default-7.png", "sliderb12.png", "taiko-bar-left.png", "combobreak.wav"]
    assert unused(osu_text(), names) == ["taiko-bar-left.png"]
    assert unused(osu_text(mode=Mode.TAIKO), names) == ["sliderb12.png"]


@pytest.mark.parametrize(("countdown", "left"), [(0, ["count.wav"]), (1, [])])
def test_the_count_down_uses_its_files_when_it_is_on(countdown: int, left: list[str]) -> None:
    assert unused(osu_text(general=[f"Countdown: {countdown}"]), ["count.wav"]) == left


def test_files_that_only_lazer_knows_are_a_hint() -> None:
    files = [FileFact("audio.mp3", 9), FileFact("fountain-shoot.wav", 9)]
    assert [(each.kind, each.severity) for each in findings("file-unused", osu_text(), files=files)] == [
        ("lazer-only-skin-file", "hint")
    ]


def test_nothing_is_said_in_a_folder_with_other_sets() -> None:
    assert unused(osu_text(), ["stray.txt", "another.osu"]) == []

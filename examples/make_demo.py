"""Writes the demo song and its maps: `python examples/make_demo.py`.

The song is synthesised here (kick, snare, hi-hat, bass, a lead over four chords, 150 BPM), so it belongs to nobody else.
The osu! difficulty and the chart hold a few mistakes on purpose: each is one that `maimod check` finds.
Needs numpy and soundfile (both come with the `dev` extra).
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import soundfile as sf

FOLDER = Path(__file__).parent
RATE = 32_000
BEAT_MS = 400
BEATS = 100
LEAD_IN_MS = 1_200
CHORDS = ((57, 60, 64), (53, 57, 60), (48, 52, 55), (55, 59, 62))
MELODY = (0, 2, 1, 2, 0, 1, 2, 1)


def synthesise() -> np.ndarray:
    """The song as mono samples in −1…1, `RATE` per second."""
    song = np.zeros(int(RATE * (LEAD_IN_MS + (BEATS + 4) * BEAT_MS) / 1000))
    noise = np.random.default_rng(7)
    for half in range(BEATS * 2):
        start = int(RATE * (LEAD_IN_MS + half * BEAT_MS / 2) / 1000)
        chord = CHORDS[half // 8 % len(CHORDS)]
        _add(song, start, _tone(chord[0] - 12, 0.18) * 0.30)
        if half >= 16:
            _add(song, start, _tone(chord[MELODY[half % 8]] + 12, 0.15) * 0.22)
        _add(song, start, _hiss(noise, 0.03) * 0.08)
        if half % 4 == 0:
            _add(song, start, _kick() * 0.7)
        if half % 4 == 2:
            _add(song, start, _hiss(noise, 0.12) * 0.3)
    return song / np.abs(song).max() * 0.8


def _add(song: np.ndarray, start: int, sound: np.ndarray) -> None:
    song[start : start + len(sound)] += sound[: max(len(song) - start, 0)]


def _tone(pitch: int, seconds: float) -> np.ndarray:
    time = np.arange(int(RATE * seconds)) / RATE
    phase = 2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * time
    return (np.sin(phase) + 0.4 * np.sin(2 * phase) + 0.2 * np.sin(3 * phase)) * np.exp(-6 * time)


def _kick() -> np.ndarray:
    time = np.arange(int(RATE * 0.2)) / RATE
    return np.sin(2 * np.pi * (50 * time + 12 * (1 - np.exp(-30 * time)))) * np.exp(-12 * time)


def _hiss(noise: np.random.Generator, seconds: float) -> np.ndarray:
    time = np.arange(int(RATE * seconds)) / RATE
    return noise.uniform(-1, 1, len(time)) * np.exp(-40 * time)


def osu_map() -> str:
    """A Hard difficulty: four bars of circles, sliders and a stack in turn, with the mistakes of the module docstring."""
    objects: list[str] = []
    for beat in range(0, BEATS, 4):
        time = LEAD_IN_MS + beat * BEAT_MS
        if 48 <= beat < 56:
            continue
        x, y = 96 + beat * 53 % 280, 80 + beat * 37 % 200
        objects += [
            f"{x},{y},{time},5,0,0:0:0:0:",
            f"{x + 60},{y + 30},{time + BEAT_MS // 2},1,2,0:0:0:0:",
            f"{x + 100},{y},{time + BEAT_MS},2,8,L|{x + 20}:{y},1,80,8|0,0:0|0:0,0:0:0:0:",
            f"{x},{y + 60},{time + 2 * BEAT_MS},1,4,0:0:0:0:",
            f"{x + 60},{y + 90},{time + 3 * BEAT_MS},1,8,0:0:0:0:",
            f"{x + 100},{y + 60},{time + 3 * BEAT_MS + BEAT_MS // 2},1,0,0:0:0:0:",
        ]
    objects[8] = objects[8].replace("2,8,L", "2,8,B").replace(",1,80,", ",1,83,")
    off_beat = LEAD_IN_MS + 8 * BEAT_MS + BEAT_MS // 2
    objects[13] = objects[13].replace(f",{off_beat},", f",{off_beat + 7},")
    objects[40] = "560" + objects[40][objects[40].index(",") :]
    pause = LEAD_IN_MS + 48 * BEAT_MS
    green = {16: "60,0,0", 32: "3,0,0", 33: "60,0,0", 36: "70,0,1", 68: "60,0,0"}
    lines = [f"{LEAD_IN_MS + beat * BEAT_MS},-100,4,2,0,{values}" for beat, values in green.items()]
    text = OSU_TEMPLATE.format(
        preview=LEAD_IN_MS + 16 * BEAT_MS,
        start=pause - 100,
        end=pause + 6 * BEAT_MS,
        red=f"{LEAD_IN_MS},{BEAT_MS},4,2,0,60,1,0",
        green="\n".join(lines),
        objects="\n".join(objects),
    )
    return text.replace("\n", "\r\n")


OSU_TEMPLATE = """osu file format v14

[General]
AudioFilename: audio.ogg
AudioLeadIn: 0
PreviewTime: {preview}
Countdown: 0
SampleSet: Soft
StackLeniency: 0.7
Mode: 0
LetterboxInBreaks: 0
WidescreenStoryboard: 0

[Editor]
DistanceSpacing: 1
BeatDivisor: 4
GridSize: 8
TimelineZoom: 1

[Metadata]
Title:Square Wave Sunrise (tv size)
TitleUnicode:Square Wave Sunrise (tv size)
Artist:maimod
ArtistUnicode:maimod
Creator:maimod
Version:Hard
Source:
Tags:demo electronic instrumental synthesised
BeatmapID:0
BeatmapSetID:-1

[Difficulty]
HPDrainRate:5
CircleSize:4
OverallDifficulty:6
ApproachRate:7.25
SliderMultiplier:1.6
SliderTickRate:1

[Events]
//Background and Video events
0,0,"background.png",0,0
//Break Periods
2,{start},{end}
//Storyboard Layer 0 (Background)

[TimingPoints]
{red}
{green}


[Colours]
Combo1 : 255,170,60
Combo2 : 80,190,255
Combo3 : 10,10,20

[HitObjects]
{objects}
"""


def chart() -> str:
    """Expert and Hard guitar with a baby sustain, an empty star power phrase and an `end` before the last note."""
    notes = [f"  {768 + beat * 192} = N {beat * 3 % 5} {96 if beat % 8 == 7 else 0}" for beat in range(BEATS)]
    notes[10] = notes[10][: notes[10].rindex(" ")] + " 20"
    hard = [note for number, note in enumerate(notes) if number % 2 == 0]
    expert = [*notes[:40], "  8460 = S 2 10", *notes[40:60], "  12288 = S 2 768", *notes[60:]]
    return CHART_TEMPLATE % (768 + 90 * 192, "\n".join(expert), "\n".join(hard))


CHART_TEMPLATE = """[Song]
{
  Name = "Square Wave Sunrise"
  Artist = "maimod"
  Charter = "maimod"
  Offset = 0
  Resolution = 192
  MusicStream = "song.ogg"
}
[SyncTrack]
{
  0 = TS 4
  0 = B 150000
}
[Events]
{
  768 = E "section Intro"
  3840 = E "section Verse"
  %d = E "end"
}
[ExpertSingle]
{
%s
}
[HardSingle]
{
%s
}
"""

SONG_INI = """[song]
name = Square Wave Sunrise
artist = maimod
album = Demo
genre = Electronic
year = 2026
charter = maimod
diff_guitar = 2
song_length = 42800
"""


def main() -> None:
    demo, charts = FOLDER / "demo", FOLDER / "demo-chart"
    song = synthesise()
    sf.write(demo / "audio.ogg", song, RATE, format="OGG", subtype="VORBIS")
    shutil.copyfile(demo / "audio.ogg", charts / "song.ogg")
    (demo / "maimod - Square Wave Sunrise (tv size) (maimod) [Hard].osu").write_bytes(osu_map().encode())
    (charts / "notes.chart").write_bytes(chart().encode())
    (charts / "song.ini").write_bytes(SONG_INI.encode())


if __name__ == "__main__":
    main()

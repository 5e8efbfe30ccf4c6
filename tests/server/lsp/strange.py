"""Maps whose lines hold letters of all widths in front of what is asked for: one, two and three bytes, and astral ones."""

from __future__ import annotations

from tests.builder import osu_text
from tests.chart_builder import chart_text

SONG = "曲𝄞é"
OBJECTS = (
    f"64,64,1000,5,2,1:2:3:40:{SONG}.wav",
    "128,64,1250,1,0,0:0:0:0:",
    "192,64,1500,1,8,0:0:0:0:",
    "256,64,2000,6,0,L|356:64,2,100,2|0|8,0:0|0:0|0:0,0:0:0:0:",
    f"256,192,3500,12,0,4500,0:0:0:0:{SONG}.wav",
    "64,64,6010,5,2,0:0:0:0:",
    "64,64,6250,1,0,0:0:0:0:",
)
TIMING = ("0,500,4,1,0,60,1,0", "1400,-50,4,1,0,60,0,1", "5000,-100,4,2,0,70,0,0", "6000,400,3,2,0,70,1,0")
EVENTS = (f'0,0,"{SONG}.jpg",12,34', "2,4700,5900", f'Sprite,Foreground,Centre,"{SONG}.png",320,240', " F,0,100,200,0,1")
OSU = osu_text(
    OBJECTS, TIMING, general=("SampleSet: Soft", "PreviewTime: 2000"), editor=("Bookmarks: 1250,3500",), events=EVENTS,
    metadata=(f"Title:{SONG}", f"Artist:{SONG}", "Creator:Mapper", f"Version:{SONG} Hard"), colours=("Combo1 : 255,0,0",),
)  # fmt: skip

CHART = chart_text(
    ("768 = N 0 0", "768 = N 1 0", "864 = S 2 96", "864 = N 2 96", f"1152 = E {SONG} solo", "1536 = N 5 0", "1536 = N 4 0"),
    tracks={"HardDrums": ("768 = N 0 0", "1536 = N 1 0")},
    song=(f'Name = "{SONG}"', "Resolution = 192", f'MusicStream = "{SONG}.ogg"'),
    sync=("0 = TS 4", "0 = B 125000", "1536 = B 150000"),
    events=(f'768 = E "section {SONG} Intro"', '1536 = E "section End"'),
)

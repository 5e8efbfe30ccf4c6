"""Small maps to begin with, and what a mutation puts in the place of a value or of a line."""

from __future__ import annotations

_GENERAL = "osu file format v{version}\n\n[General]\nAudioFilename: a.mp3\nPreviewTime: 500\nMode: {mode}\nStackLeniency: 0.7\n"
_SET = (
    "[Editor]\nBookmarks: 1,2\nBeatDivisor: 4\n[Metadata]\nTitle:a\nArtist:b\nCreator:c\nVersion:Hard\nTags:x y\nBeatmapSetID:7\n"
)
_DIFFICULTY = (
    "[Difficulty]\nHPDrainRate:5\nCircleSize:4\nOverallDifficulty:5\nApproachRate:9\nSliderMultiplier:1.4\nSliderTickRate:2\n"
)
_EVENTS = (
    '[Variables]\n$x=320\n[Events]\n0,0,"bg.jpg",0,0\nVideo,-10,"v.mp4"\n2,3000,5000\nSprite,Pass,Centre,"s.png",$x,240\n'
    ' L,0,9\n  F,0,0,100,1,0\nAnimation,Foreground,Centre,"a.png",0,0,3,90,LoopForever\nSample,9,0,"h.wav",70\n'
)
_TIMING = (
    "[TimingPoints]\n0,500,4,1,0,60,1,0\n1000,-50,4,2,1,40,0,1\n2000,NaN,4,2,1,40,0,0\n"
    "2500,333.3333,3,1,0,5,1,8\n2500,-200,3,1,0,5,0,0\n"
)
_OBJECTS = (
    "[Colours]\nCombo1 : 255,128,0\nSliderBorder : 1,2,3\n[HitObjects]\n"
    "256,192,500,5,2,1:2:0:0:\n100,100,750,2,0,B|150:50|150:50|200:100,2,140,2|0|8,0:0|1:2|0:0,0:0:0:0:\n"
    "10,20,1500,1,0\n300,300,2000,38,4,P|350:350|400:300,1,120\n50,50,2500,2,0,C|60:60|90:0|200:50,3,90.5\n"
    "64,64,5500,2,0,B4|100:0|L|120:20|140:0,1,150,8\n256,192,6000,12,0,7000,0:0:0:0:\n320,100,8000,128,0,9000:0:0:0:0:x.wav\n"
)
_CHART = (
    '[Song]\n{{\n  Name = "a"\n  Artist = "b"\n  Charter = "c"\n  Offset = 0\n  Resolution = {resolution}\n}}\n'
    "[SyncTrack]\n{{\n  0 = TS 4\n  0 = B 120000\n  768 = TS 3 3\n  768 = B 90000\n  1000 = A 5000000\n}}\n"
    '[Events]\n{{\n  0 = E "section Intro"\n  96 = E "phrase_start"\n  96 = E "lyric la"\n  768 = E "end"\n}}\n'
    "[{track}]\n{{\n  192 = N 0 0\n  192 = N 1 96\n  384 = N 7 0\n  384 = N 6 0\n  480 = N 5 0\n  480 = N 2 48\n"
    "  576 = S 2 192\n  600 = N 34 0\n  700 = S 64 96\n  768 = E solo\n  960 = N 4 0\n  960 = E soloend\n}}\n"
)
_INI = (
    "[song]\nname = a\nartist = b\ncharter = c\ndiff_guitar = 3\nsong_length = 90000\npreview_start_time = 100\nmulti\\_x = 1\n"
)

OSU = [
    _GENERAL.format(version=version, mode=mode) + _SET + _DIFFICULTY + _EVENTS + _TIMING + _OBJECTS
    for version, mode in ((3, 0), (5, 0), (7, 2), (14, 0), (14, 1), (14, 2), (14, 3), (128, 0))
]
CHART = [
    _CHART.format(resolution=resolution, track=track) + "\0" + _INI
    for resolution, track in ((192, "ExpertSingle"), (480, "ExpertDrums"), (192, "EasyGHLGuitar"), (192, "HardDoubleBass"))
]

VALUES = [
    b"", b"0", b"-1", b"1", b"128", b"255", b"nan", b"inf", b"-inf", b"1e9", b"1e308", b"-1e308", b"1e-320", b"0.5", b"-0",
    b"9001", b"131072", b"131073", b"2147483647", b"-2147483648", b"9" * 400, "٣".encode(), b"\xff", b"$x", b"1_0", b"+5", b" 7 ",
]  # fmt: skip
LINES = [
    b"[HitObjects]", b"[TimingPoints]", b"[Events]", b"[", b"]", b"{", b"}", b"//", b"\xef\xbb\xbf", b"0,0,0,2,0,L|0:0,1,0",
    b"0,0,0,2,0,B|1:1|1:1|1:1,9000,100000", b"0,nan,4,1,0,100,0,0", b"0,-1e-300,4,1,0,100,0,0", b"  0 = N 0 0", b"  0 = B 0",
    b"\0",
]  # fmt: skip

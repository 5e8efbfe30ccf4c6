"""Sections, keys and events of `.chart` files."""

from __future__ import annotations

from collections.abc import Mapping

from formats.chart_lines import LEGACY_TRACKS, TRACKS, TrackKind
from server.glossary import Keys, Meaning

SECTIONS: Mapping[str, str] = {
    "Song": "The song: title, charter, resolution and files. Clone Hero takes most of it from song.ini.",
    "SyncTrack": "Tempo and time signatures, by tick.",
    "Events": "Practice sections, lyrics and other events of the whole song, by tick.",
    **dict.fromkeys(sorted(LEGACY_TRACKS), "A track of older games, which Clone Hero does not read."),
    **{name: f"The notes of {instrument.label}, {difficulty.value}." for name, (instrument, difficulty) in TRACKS.items()},
}

KEYS: Keys = {
    **{
        name: Meaning(f"{text}; Clone Hero does not read it.", old=True)
        for name, text in (
            ("ArtistText", "How the artist is announced"), ("OriginalArtist", "Who played the song first"),
            ("HoPo", "The distance of natural HOPOs"), ("CountOff", "The sound of the count-in"),
            ("GuitarVol", "The volume of the guitar"), ("BandVol", "The volume of the band"),
            ("MusicURL", "Where the song lies on the web"), ("PreviewURL", "Where the preview lies on the web"),
        )
    },
    "Name": Meaning("The song's title; song.ini overrides it.", common='""'),
    "Artist": Meaning("The artist; song.ini overrides it.", common='""'),
    "Charter": Meaning("Who made the chart; song.ini overrides it.", common='""'),
    "Album": Meaning("The album; song.ini overrides it.", common='""'),
    "Year": Meaning("The year, written with a comma in front (', 2024') by most editors.", common='""'),
    "Offset": Meaning("How many seconds the audio starts before tick 0.", common="0"),
    "Resolution": Meaning("Ticks per quarter note; nearly always 192.", (("192", "The usual one."), ("480", "Of MIDI.")), "192"),
    "Difficulty": Meaning("The band's difficulty; song.ini has one for each instrument.", common="0"),
    "PreviewStart": Meaning("Where the preview starts, in seconds.", common="0"),
    "PreviewEnd": Meaning("Where the preview ends, in seconds.", common="0"),
    "Genre": Meaning("The genre; song.ini overrides it.", common='""'),
    "MediaType": Meaning("The kind of recording, such as 'cd'.", (('"cd"', "The usual one."),), '"cd"'),
    "Player2": Meaning(
        "What the second player's track plays.", (("bass", "The bass."), ("rhythm", "The rhythm guitar.")), "bass"
    ),
    "MusicStream": Meaning("The song's audio file; Clone Hero finds song.ogg and the like by itself.", common='"song.ogg"'),
    **{
        f"{stem}Stream": Meaning(f"The audio file of the {label}; Clone Hero finds {label}.ogg and the like by itself.")
        for stem, label in (
            ("Guitar", "guitar"), ("Rhythm", "rhythm"), ("Bass", "bass"), ("Keys", "keys"), ("Drum", "drums"),
            ("Drum2", "drums_2"), ("Drum3", "drums_3"), ("Drum4", "drums_4"), ("Vocal", "vocals"), ("Crowd", "crowd"),
        )
    },
}  # fmt: skip

SYNC_EVENTS = (
    ("B", "Tempo in thousandths of a BPM: 0 = B 120000 is 120 BPM."),
    ("TS", "Time signature: 0 = TS 4 is 4/4, 0 = TS 6 3 is 6/8."),
    ("A", "Anchor: the tempo marker of this tick stays at so many microseconds; only editors read it."),
)
GLOBAL_EVENTS = (
    ('E "section "', "A practice section with its name."),
    ('E "lyric "', "A syllable of the lyrics; a - at its end joins it with the next."),
    ('E "phrase_start"', "A line of the lyrics begins."),
    ('E "phrase_end"', "A line of the lyrics ends."),
    ('E "end"', "The song ends here."),
    ('E "coda"', "The last drum fill with big rock ending begins."),
)
_FRETS = ("Green", "Red", "Yellow", "Blue", "Orange")
_MODIFIERS = (("5", "Forced: makes a strum of a HOPO and the reverse."), ("6", "Tap."))
NOTE_NUMBERS: Mapping[TrackKind, tuple[tuple[str, str], ...]] = {
    TrackKind.FIVE_FRET: (
        *((str(lane), f"{name} fret.") for lane, name in enumerate(_FRETS)), *_MODIFIERS, ("7", "Open note."),
    ),
    TrackKind.SIX_FRET: (
        ("0", "White fret 1."), ("1", "White fret 2."), ("2", "White fret 3."), ("3", "Black fret 1."), ("4", "Black fret 2."),
        *_MODIFIERS, ("7", "Open note."), ("8", "Black fret 3."),
    ),
    TrackKind.DRUMS: (
        ("0", "Kick."), ("1", "Red pad."), ("2", "Yellow pad."), ("3", "Blue pad."), ("4", "Green pad, of five lanes orange."),
        ("5", "Green pad of five lanes."), ("32", "Double kick."),
        *((str(33 + lane), f"Accent for pad {lane}.") for lane in range(1, 6)),
        *((str(39 + lane), f"Ghost note for pad {lane}.") for lane in range(1, 6)),
        ("66", "Yellow is a cymbal."), ("67", "Blue is a cymbal."), ("68", "Green is a cymbal."),
    ),
}  # fmt: skip
PHRASES = (
    ("0", "Player 1's part in a face-off of old games."),
    ("1", "Player 2's part in a face-off of old games."),
    ("2", "Star power."),
    ("64", "Drum fill, which activates star power."),
    ("65", "Drum roll on one pad."),
    ("66", "Drum roll on two pads."),
)
TRACK_EVENTS = (
    ("N", "A note: N number length, in ticks; 0 is no sustain."),
    ("S", "A stretch such as star power: S number length."),
    ("E", "An event of the track, such as solo and soloend."),
)
LOCAL_EVENTS = (("solo", "A solo begins."), ("soloend", "The solo ends."))

PARTS: Keys = {
    "tick": Meaning("When it happens, in ticks; Resolution of them make a quarter note."),
    "event type": Meaning("What the line is.", (*SYNC_EVENTS, *TRACK_EVENTS)),
    "tempo": Meaning("The tempo in thousandths of a BPM."),
    "numerator": Meaning("How many beats a measure has."),
    "denominator exponent": Meaning("2 to the power of this is the note that counts as a beat: 2 quarter, 3 eighth."),
    "anchor": Meaning("When the tempo marker of this tick stands, in microseconds; only editors read it."),
    "note number": Meaning("Which fret or pad, or a flag for the notes on this tick."),
    "note length": Meaning("How long the note is sustained, in ticks."),
    "phrase number": Meaning("What the stretch is.", PHRASES),
    "phrase length": Meaning("How long the stretch lasts, in ticks."),
    "event text": Meaning("What the event says.", (*LOCAL_EVENTS, ("end", "The song ends here."))),
}

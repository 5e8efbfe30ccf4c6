"""What the settings of a map mean, in a sentence each: what an editor shows when the mouse rests on a key."""

from __future__ import annotations

from collections.abc import Mapping

Keys = Mapping[str, str]

OSU: Mapping[str, Keys] = {
    "General": {
        "AudioFilename": "The song's file, relative to the map's folder.",
        "AudioLeadIn": "Silence before the song starts, in ms.",
        "AudioHash": "No longer used.",
        "PreviewTime": "Where song select starts to play the song, in ms; -1 lets the game choose.",
        "Countdown": "The countdown before the first object: 0 none, 1 normal, 2 half speed, 3 double speed.",
        "SampleSet": "The sample set of objects that no timing line gives another: Normal, Soft or Drum.",
        "StackLeniency": "How close in time objects at one place must be to be stacked, 0 to 1, as a share of the approach time.",
        "Mode": "The game mode: 0 osu!, 1 osu!taiko, 2 osu!catch, 3 osu!mania.",
        "LetterboxInBreaks": "1 shows black bars during breaks.",
        "StoryFireInFront": "No longer used.",
        "UseSkinSprites": "1 lets the storyboard use the pictures of the player's skin.",
        "AlwaysShowPlayfield": "No longer used.",
        "OverlayPosition": "How hit circle overlays lie: NoChange as the skin says, Below or Above the numbers.",
        "SkinPreference": "The skin that the map would like to be played with.",
        "EpilepsyWarning": "1 shows a warning about flashing lights before the map starts.",
        "CountdownOffset": "How many beats earlier the countdown starts.",
        "SpecialStyle": "1 gives an osu!mania map the special key layout (N+1).",
        "WidescreenStoryboard": "1 shows the storyboard in 16:9.",
        "SamplesMatchPlaybackRate": "1 plays samples faster or slower with the song under rate-changing mods.",
    },
    "Editor": {
        "Bookmarks": "The editor's bookmarks, in ms.",
        "DistanceSpacing": "The editor's distance snap multiplier.",
        "BeatDivisor": "The editor's beat snap divisor.",
        "GridSize": "The editor's grid size: 4, 8, 16 or 32 osu!pixels.",
        "TimelineZoom": "The editor's timeline zoom.",
    },
    "Metadata": {
        "Title": "The song's title in Latin letters.",
        "TitleUnicode": "The song's title as it is written.",
        "Artist": "The artist in Latin letters.",
        "ArtistUnicode": "The artist as it is written.",
        "Creator": "The mapper who hosts the set.",
        "Version": "The difficulty's name.",
        "Source": "Where the song comes from: a game, a film, a series.",
        "Tags": "Words to find the map by, separated by spaces; guest mappers belong here.",
        "BeatmapID": "The difficulty's number on the website; 0 before it is uploaded.",
        "BeatmapSetID": "The set's number on the website; -1 before it is uploaded.",
    },
    "Difficulty": {
        "HPDrainRate": "HP: how fast health drains and how much a miss costs, 0 to 10.",
        "CircleSize": "CS: how small circles are, 0 to 10; in osu!mania the number of columns.",
        "OverallDifficulty": "OD: how exact hits must be, 0 to 10.",
        "ApproachRate": "AR: how late objects appear, 0 (1800 ms ahead) over 5 (1200 ms) to 10 (450 ms).",
        "SliderMultiplier": "Base slider velocity in hundreds of osu!pixels per beat, 0.4 to 3.6.",
        "SliderTickRate": "Slider ticks per beat, 0.5 to 8.",
    },
    "Colours": {
        "SliderBorder": "The colour of slider borders, as red, green, blue of 0 to 255.",
        "SliderTrackOverride": "The colour of slider bodies, as red, green, blue of 0 to 255.",
    },
}

CHART: Keys = {
    "Name": "The song's title; song.ini overrides it.",
    "Artist": "The artist; song.ini overrides it.",
    "Charter": "Who made the chart; song.ini overrides it.",
    "Album": "The album; song.ini overrides it.",
    "Year": "The year, written with a comma in front (', 2024') by most editors.",
    "Offset": "How many seconds the audio starts before tick 0.",
    "Resolution": "Ticks per quarter note; 192 in nearly every chart.",
    "Difficulty": "The band's difficulty; song.ini has one for each instrument.",
    "PreviewStart": "Where the preview starts, in seconds.",
    "PreviewEnd": "Where the preview ends, in seconds.",
    "Genre": "The genre; song.ini overrides it.",
    "MediaType": "The kind of recording, such as 'cd'.",
    "Player2": "What the second player's track plays: bass or rhythm.",
    "MusicStream": "The song's audio file; Clone Hero finds song.ogg and the like by itself.",
}

SONG_INI: Keys = {
    "name": "The song's title.",
    "artist": "The artist.",
    "album": "The album.",
    "genre": "The genre.",
    "year": "The year of release.",
    "charter": "Who made the chart.",
    "song_length": "The song's length in ms.",
    "preview_start_time": "Where the preview starts, in ms.",
    "preview_end_time": "Where the preview ends, in ms.",
    "delay": "How many ms the chart is moved against the audio; better done in the chart itself.",
    "hopo_frequency": "The longest distance of a natural HOPO, in ticks.",
    "eighthnote_hopo": "1 makes eighth notes natural HOPOs.",
    "sustain_cutoff_threshold": "Sustains up to this many ticks count as none.",
    "pro_drums": "1 says that the drums tell cymbals from toms.",
    "five_lane_drums": "1 says that the drums have five lanes.",
    "loading_phrase": "The sentence that is shown while the song loads.",
    "icon": "The picture beside the song in the list.",
    "modchart": "1 marks a chart that plays tricks with the highway.",
}

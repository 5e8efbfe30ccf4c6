"""Sections and keys of `.osu` files."""

from __future__ import annotations

from collections.abc import Mapping

from server.glossary import Keys, Meaning, switch

SECTIONS: Mapping[str, str] = {
    "General": "General settings: the song's file, the mode, the countdown.",
    "Editor": "What the editor remembers: bookmarks, beat snap, grid. It does not matter in play.",
    "Metadata": "What the map is called and how it is found: title, artist, mapper, difficulty, tags.",
    "Difficulty": "How hard it is to play: HP, circle size, OD, AR, base slider velocity and tick rate.",
    "Events": "Background, video, breaks and the storyboard.",
    "TimingPoints": "Red lines set tempo and meter; green lines set slider velocity, samples, volume and kiai.",
    "Colours": "Combo colours, and the colours of sliders.",
    "HitObjects": "The objects that are played: circles, sliders, spinners and holds, one a line.",
    "Variables": "Names beginning with $ that stand for texts in the storyboard.",
    "Fonts": "Fonts of old storyboards.",
    "CatchTheBeat": "Settings of old osu!catch maps.",
}

SAMPLE_SETS = (
    ("None", "The player's own choice; the game takes Normal."),
    ("Normal", "The normal sample set."),
    ("Soft", "The soft sample set."),
    ("Drum", "The drum sample set."),
)

_COLOUR = "as red, green, blue of 0 to 255"

KEYS: Mapping[str, Keys] = {
    "General": {
        "AudioFilename": Meaning("The song's file, relative to the map's folder.", common="audio.mp3"),
        "AudioLeadIn": Meaning("Silence before the song starts, in ms.", common="0"),
        "AudioHash": Meaning("No longer used.", old=True),
        "PreviewTime": Meaning("Where song select starts to play the song, in ms; -1 lets the game choose.", common="-1"),
        "Countdown": Meaning(
            "The countdown before the first object.",
            (("0", "No countdown."), ("1", "Normal speed."), ("2", "Half speed."), ("3", "Double speed.")),
            "0",
        ),
        "SampleSet": Meaning("The sample set of objects that no timing line gives another.", SAMPLE_SETS, "Soft"),
        "StackLeniency": Meaning(
            "How close in time objects at one place must be to be stacked, 0 to 1, as a share of the approach time.",
            common="0.7",
        ),
        "Mode": Meaning("The game mode.", (("0", "osu!"), ("1", "osu!taiko"), ("2", "osu!catch"), ("3", "osu!mania")), "0"),
        "LetterboxInBreaks": switch("1 shows black bars during breaks."),
        "StoryFireInFront": Meaning("No longer used.", old=True),
        "UseSkinSprites": switch("1 lets the storyboard use the pictures of the player's skin."),
        "AlwaysShowPlayfield": Meaning("No longer used.", old=True),
        "OverlayPosition": Meaning(
            "How hit circle overlays lie to the numbers.",
            (
                ("NoChange", "As the player's skin says."),
                ("Below", "The overlay is drawn under the number."),
                ("Above", "The overlay is drawn over the number."),
            ),
            "NoChange",
        ),
        "SkinPreference": Meaning("The skin that the map would like to be played with."),
        "EpilepsyWarning": switch("1 shows a warning about flashing lights before the map starts."),
        "CountdownOffset": Meaning("How many beats earlier the countdown starts.", common="0"),
        "SpecialStyle": switch("1 gives an osu!mania map the special key layout (N+1)."),
        "WidescreenStoryboard": switch("1 shows the storyboard in 16:9."),
        "SamplesMatchPlaybackRate": switch("1 plays samples faster or slower with the song under rate-changing mods."),
        "SampleVolume": Meaning("The volume of samples, in percent, of maps before timing lines had one.", old=True),
        "TimelineZoom": Meaning("The editor's timeline zoom, as old editors kept it here.", old=True),
        "EditorBookmarks": Meaning("The editor's bookmarks, in ms, as old editors kept them here.", old=True),
        "EditorDistanceSpacing": Meaning("The editor's distance snap multiplier, as old editors kept it here.", old=True),
    },
    "Editor": {
        "Bookmarks": Meaning("The editor's bookmarks, in ms."),
        "DistanceSpacing": Meaning("The editor's distance snap multiplier.", common="1"),
        "BeatDivisor": Meaning(
            "The editor's beat snap divisor.",
            tuple((str(divisor), f"Ticks of 1/{divisor} of a beat.") for divisor in (1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16)),
            "4",
        ),
        "GridSize": Meaning(
            "The editor's grid size, in osu!pixels.",
            (("4", "The finest grid."), ("8", "A fine grid."), ("16", "A medium grid."), ("32", "The coarsest grid.")),
            "4",
        ),
        "TimelineZoom": Meaning("The editor's timeline zoom.", common="1"),
        "CurrentTime": Meaning("Where the editor stood, in ms, as old editors kept it.", old=True),
    },
    "Metadata": {
        "Title": Meaning("The song's title in Latin letters."),
        "TitleUnicode": Meaning("The song's title as it is written."),
        "Artist": Meaning("The artist in Latin letters."),
        "ArtistUnicode": Meaning("The artist as it is written."),
        "Creator": Meaning("The mapper who hosts the set."),
        "Version": Meaning("The difficulty's name. It stands in the file's name too: rename it to change both."),
        "Source": Meaning("Where the song comes from: a game, a film, a series."),
        "Tags": Meaning("Words to find the map by, separated by spaces; guest mappers belong here."),
        "BeatmapID": Meaning("The difficulty's number on the website; 0 before it is uploaded.", common="0"),
        "BeatmapSetID": Meaning("The set's number on the website; -1 before it is uploaded.", common="-1"),
    },
    "Difficulty": {
        "HPDrainRate": Meaning("HP: how fast health drains and how much a miss costs, 0 to 10.", common="5"),
        "CircleSize": Meaning("CS: how small circles are, 0 to 10; in osu!mania the number of columns.", common="4"),
        "OverallDifficulty": Meaning("OD: how exact hits must be, 0 to 10.", common="5"),
        "ApproachRate": Meaning("AR: how late objects appear, 0 (1800 ms ahead) over 5 (1200 ms) to 10 (450 ms).", common="5"),
        "SliderMultiplier": Meaning("Base slider velocity in hundreds of osu!pixels per beat, 0.4 to 3.6.", common="1.4"),
        "SliderTickRate": Meaning(
            "Slider ticks per beat, 0.5 to 8.",
            (
                ("0.5", "One in two beats."),
                ("1", "A tick a beat."),
                ("2", "Two ticks a beat."),
                ("4", "Four ticks a beat."),
            ),
            "1",
        ),
    },
    "Colours": {
        "SliderBorder": Meaning(f"The colour of slider borders, {_COLOUR}.", common="255,255,255"),
        "SliderTrackOverride": Meaning(f"The colour of slider bodies, {_COLOUR}.", common="0,0,0"),
        **{f"Combo{number}": Meaning(f"Combo colour {number}, {_COLOUR}.", common="255,255,255") for number in range(1, 9)},
    },
}

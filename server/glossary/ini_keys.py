"""Keys of song.ini, in lower case."""

from __future__ import annotations

from formats.chart_lines import INSTRUMENTS
from server.glossary import Keys, Meaning

_TRUE = (("True", "On."), ("False", "Off."))
_RATING = tuple((str(number), "Unknown." if number < 0 else f"{number} of 6.") for number in range(-1, 7))


def _flag(text: str) -> Meaning:
    return Meaning(text, _TRUE, "True")


SECTIONS = {"song": "All that Clone Hero knows of the song besides its notes."}

KEYS: Keys = {
    "name": Meaning("The song's title."),
    "artist": Meaning("The artist."),
    "album": Meaning("The album."),
    "genre": Meaning("The genre."),
    "sub_genre": Meaning("A closer word than the genre."),
    "year": Meaning("The year of release."),
    "charter": Meaning("Who made the chart."),
    "frets": Meaning("The old name of charter.", old=True),
    "album_track": Meaning("The song's number on its album."),
    "track": Meaning("The old name of album_track.", old=True),
    "playlist": Meaning("The playlist that the song is listed under."),
    "sub_playlist": Meaning("The part of the playlist."),
    "playlist_track": Meaning("The song's number in its playlist."),
    "song_length": Meaning("The song's length in ms."),
    "preview_start_time": Meaning("Where the preview starts, in ms."),
    "preview_end_time": Meaning("Where the preview ends, in ms."),
    "delay": Meaning("How many ms the chart is moved against the audio; better done in the chart itself.", common="0"),
    "count": Meaning("How often the song was played."),
    "rating": Meaning("The player's own rating."),
    "icon": Meaning("The picture beside the song in the list."),
    "loading_phrase": Meaning("The sentence that is shown while the song loads."),
    "tags": Meaning("Words such as 'cover'."),
    "cover": _flag("Whether another band than the artist plays."),
    "video_start_time": Meaning("Where the video starts, in ms; below 0 it starts late.", common="0"),
    "video_end_time": Meaning("Where the video ends, in ms; -1 plays it to its end.", common="-1"),
    "video_loop": _flag("Whether the video starts over at its end."),
    "background": Meaning("The picture behind the highway."),
    "video": Meaning("The video behind the highway."),
    "end_events": _flag("Whether the song ends at the chart's end event."),
    "modchart": _flag("True marks a chart that plays tricks with the highway."),
    "lyrics": _flag("Whether the chart has lyrics."),
    "hopo_frequency": Meaning("The longest distance of a natural HOPO, in ticks."),
    "hopofreq": Meaning("The old name of hopo_frequency.", old=True),
    "eighthnote_hopo": _flag("True makes eighth notes natural HOPOs."),
    "multiplier_note": Meaning("The MIDI note of star power.", (("116", "Star power."), ("103", "As in old charts.")), "116"),
    "star_power_note": Meaning("The old name of multiplier_note.", old=True),
    "sustain_cutoff_threshold": Meaning("Sustains up to this many ticks count as none."),
    "chord_snap_threshold": Meaning("Notes up to this many ticks apart make a chord."),
    "pro_drums": _flag("True says that the drums tell cymbals from toms."),
    "five_lane_drums": _flag("True says that the drums have five lanes."),
    "drum_fallback_blue": _flag("True plays the fifth lane as blue where the player has four."),
    "diff_band": Meaning("How hard the song is for the whole band, 0 to 6; -1 unknown.", _RATING, "-1"),
    "diff_drums_real": Meaning("How hard pro drums are, 0 to 6; -1 unknown.", _RATING, "-1"),
    "diff_vocals": Meaning("How hard the vocals are, 0 to 6; -1 unknown.", _RATING, "-1"),
    **{
        each.difficulty_key: Meaning(f"How hard {each.label} is, 0 to 6; -1 where it has no part.", _RATING, "-1")
        for each in INSTRUMENTS
    },
}

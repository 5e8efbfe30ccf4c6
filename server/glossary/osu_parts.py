"""The parts of timing lines, hit objects, events and storyboard commands of `.osu` and `.osb` files."""

from __future__ import annotations

from itertools import combinations

from server.glossary import Keys, Meaning

_SETS = (
    ("0", "What the timing line or the map says."),
    ("1", "Normal."),
    ("2", "Soft."),
    ("3", "Drum."),
)
_ADDITIONS = ((2, "whistle"), (4, "finish"), (8, "clap"))


def _hit_sounds() -> tuple[tuple[str, str], ...]:
    found: dict[int, str] = {0: "The hitnormal alone."}
    for count in range(1, len(_ADDITIONS) + 1):
        for chosen in combinations(_ADDITIONS, count):
            found[sum(bit for bit, _ in chosen)] = f"{' + '.join(name for _, name in chosen).capitalize()}."
    return tuple((str(bits), found[bits]) for bits in sorted(found))


_LAYERS = (
    ("Background", "Behind everything."),
    ("Fail", "Shown while the player is failing."),
    ("Pass", "Shown while the player is passing."),
    ("Foreground", "In front of the background layers, behind the objects."),
    ("Overlay", "In front of the objects."),
    ("Video", "With the video."),
)
_ORIGINS = tuple(
    (name, f"The point of the picture that stands at x, y: {name}.")
    for name in (
        "TopLeft", "TopCentre", "TopRight", "CentreLeft", "Centre", "CentreRight", "BottomLeft", "BottomCentre", "BottomRight",
    )
)  # fmt: skip
_EASINGS = tuple(
    (str(number), f"{name}.")
    for number, name in enumerate(
        (
            "Linear", "Easing out", "Easing in", "Quad in", "Quad out", "Quad in and out", "Cubic in", "Cubic out",
            "Cubic in and out", "Quart in", "Quart out", "Quart in and out", "Quint in", "Quint out", "Quint in and out",
            "Sine in", "Sine out", "Sine in and out", "Expo in", "Expo out", "Expo in and out", "Circ in", "Circ out",
            "Circ in and out",
            "Elastic in", "Elastic out", "Elastic half out", "Elastic quarter out", "Elastic in and out", "Back in", "Back out",
            "Back in and out", "Bounce in", "Bounce out", "Bounce in and out",
        )
    )
)  # fmt: skip

PARTS: Keys = {
    "version": Meaning("The version of the file format; osu!stable writes 14, osu!lazer 128."),
    # Hit objects
    "x": Meaning("Where the object lies from left to right, in osu!pixels of 0 to 512; in osu!mania it gives the column."),
    "y": Meaning("Where the object lies from top to bottom, in osu!pixels of 0 to 384."),
    "time": Meaning("When the object is to be hit, in ms from the start of the song."),
    "type": Meaning(
        "What the object is, as a sum of bits: 1 circle, 2 slider, 8 spinner, 128 hold; 4 begins a new combo, and 16, 32, 64 "
        "together say how many combo colours are skipped.",
        (
            ("1", "Circle."),
            ("5", "Circle that begins a new combo."),
            ("2", "Slider."),
            ("6", "Slider that begins a new combo."),
            ("8", "Spinner."),
            ("12", "Spinner that begins a new combo."),
            ("128", "Hold of osu!mania."),
        ),
    ),
    "hit sound": Meaning("The additions that sound with hitnormal, as a sum of 2 whistle, 4 finish, 8 clap.", _hit_sounds()),
    "end time": Meaning("When the spinner or hold ends, in ms."),
    "curve type": Meaning(
        "How the points make a curve.",
        (
            ("B", "Bézier; a point that stands twice (a red anchor) is a corner."),
            ("C", "Catmull, as old maps have it."),
            ("L", "Straight from point to point."),
            ("P", "An arc through exactly three points."),
        ),
    ),
    "curve points": Meaning("The slider's points behind its head, each x:y in osu!pixels, separated by |."),
    "slides": Meaning("How often the slider is travelled: 1 has no reverse, 2 has one."),
    "length": Meaning("The slider's length in osu!pixels; with the slider velocity it gives how long the slider lasts."),
    "edge sounds": Meaning("The hit sounds of head, reverses and tail, separated by |, as sums of 2 whistle, 4 finish, 8 clap."),
    "edge sets": Meaning("Sample set and addition set of head, reverses and tail, each as set:set, separated by |."),
    "normal set": Meaning("The sample set of hitnormal.", _SETS),
    "addition set": Meaning("The sample set of the additions; 0 takes the one of hitnormal.", _SETS),
    "sample index": Meaning("Which of the map's own samples: 0 what the timing line says, 2 takes soft-hitclap2 and so on."),
    "sample volume": Meaning("The volume in percent; 0 takes the timing line's."),
    "sample file": Meaning("A file of the map's folder that sounds in place of hitnormal."),
    # Timing lines
    "line time": Meaning("From when on the line counts, in ms."),
    "beat length": Meaning("ms per beat: 60000 divided by it is the BPM."),
    "slider velocity": Meaning("-100 divided by the slider velocity multiplier: -50 is 2×, -200 is 0.5×."),
    "meter": Meaning("Beats per measure; it only matters on a red line.", (("3", "Three beats: a waltz."), ("4", "Four beats."))),
    "timing sample set": Meaning("The sample set of the objects from here on.", _SETS),
    "timing sample index": Meaning("Which of the map's own samples: 0 the skin's, 1 soft-hitclap, 2 soft-hitclap2 and so on."),
    "volume": Meaning("The volume of hit sounds from here on, 5 to 100 percent."),
    "uninherited": Meaning(
        "1 is a red line, which sets the tempo; 0 a green one, which sets slider velocity.",
        (("0", "Green line: slider velocity."), ("1", "Red line: tempo.")),
    ),
    "effects": Meaning(
        "1 kiai, 8 leaves out the first bar line of taiko and mania; add them up.",
        (("0", "None."), ("1", "Kiai."), ("8", "No first bar line."), ("9", "Kiai, no first bar line.")),
    ),
    # Settings
    "bookmark": Meaning("A bookmark of the editor, in ms."),
    # Events
    "event": Meaning(
        "What the event is.",
        (
            ("0", "The background."),
            ("1", "A video."),
            ("2", "A break."),
            ("3", "A background colour of old maps."),
            ("4", "A sprite of the storyboard."),
            ("5", "A sample of the storyboard."),
            ("6", "An animation of the storyboard."),
            ("Background", 'The background: Background,0,"bg.jpg",0,0.'),
            ("Video", 'A video: Video,start,"video.mp4".'),
            ("Break", "A break: Break,start,end."),
            ("Sprite", 'A picture of the storyboard: Sprite,layer,origin,"file",x,y.'),
            ("Animation", 'Pictures in turn: Animation,layer,origin,"file",x,y,frames,delay,loop type.'),
            ("Sample", 'A sound of the storyboard: Sample,time,layer,"file",volume.'),
        ),
    ),
    "start": Meaning("When it begins, in ms; 0 for a background."),
    "file": Meaning("A file of the map's folder, in quotes where its name has spaces."),
    "x offset": Meaning("How far it is moved to the right, in osu!pixels."),
    "y offset": Meaning("How far it is moved down, in osu!pixels."),
    "break start": Meaning("When the break begins, in ms."),
    "break end": Meaning("When the break ends, in ms."),
    "sample time": Meaning("When the sample sounds, in ms."),
    "storyboard volume": Meaning("The sample's volume in percent."),
    "layer": Meaning("The layer of the storyboard, by name or number.", _LAYERS),
    "origin": Meaning("The point of the picture that is put at x, y.", _ORIGINS),
    "sprite x": Meaning("Where the picture lies from left to right, in osu!pixels of the 640 wide screen."),
    "sprite y": Meaning("Where the picture lies from top to bottom, in osu!pixels of the 480 high screen."),
    "frames": Meaning("How many pictures the animation has: file0.png, file1.png and so on."),
    "frame delay": Meaning("ms from one picture to the next."),
    "loop type": Meaning(
        "Whether the animation repeats.", (("LoopForever", "It goes on and on."), ("LoopOnce", "It stays at the last picture."))
    ),
    "command": Meaning(
        "What the storyboard does with the picture above.",
        (
            ("F", "Fade: how opaque it is, 0 to 1."),
            ("M", "Move: to x, y."),
            ("MX", "Move from left to right alone."),
            ("MY", "Move up and down alone."),
            ("S", "Scale."),
            ("V", "Scale in width and height."),
            ("R", "Rotate, in radians clockwise."),
            ("C", "Colour: red, green, blue."),
            ("P", "Parameter: H and V flip it, A blends it by adding."),
            ("L", "Loop: the commands beneath, several times."),
            ("T", "Trigger: the commands beneath when something happens."),
        ),
    ),
    "easing": Meaning("How the change goes from start to end.", _EASINGS),
    "command start": Meaning("When the change begins, in ms; in a loop or trigger counted from its start."),
    "command end": Meaning("When the change ends, in ms; left out it is the start."),
    "command values": Meaning("The values at the start and at the end."),
    "loop count": Meaning("How often the loop runs."),
    "trigger": Meaning("What starts the commands: Passing, Failing, or a hit sound such as HitSoundClap."),
}

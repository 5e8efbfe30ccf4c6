"""`maimod generate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from analyzers.finding import Finding, Severity
from formats.chart_lines import ChartDifficulty
from formats.osu import Mode
from server.commands import options
from server.commands.caused import tell_findings
from server.commands.options import words
from server.commands.progress import bar
from server.commands.saving import in_a_sentence
from server.commands.timing import timing_points
from server.printable import one_line, plural

if TYPE_CHECKING:
    from generation.song_timing import Given
    from server.generating import Generated

CHART = "chart"
MODES = {"osu": Mode.OSU, "taiko": Mode.TAIKO, "catch": Mode.CATCH, "mania": Mode.MANIA, CHART: None}
INSTRUMENTS = ("guitar", "drums")
STARS = 3.5
MOST_DIFFICULTIES = 10


def stars_list(text: str) -> tuple[float, ...]:
    """Star ratings, separated by commas."""
    try:
        found = tuple(float(word) for word in text.split(",") if word.strip())
    except ValueError:
        raise click.BadParameter(f"{text!r} is no list of star ratings such as 2,3.5,5") from None
    if not 1 <= len(found) <= MOST_DIFFICULTIES:
        raise click.BadParameter(f"ask for one to {MOST_DIFFICULTIES} difficulties at a time")
    return found


def instruments(text: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(word.strip().lower() for word in text.split(",") if word.strip()))
    if not found or {*found} - {*INSTRUMENTS}:
        raise click.BadParameter(f"{text!r} is none of {', '.join(INSTRUMENTS)}")
    return found


@click.command("generate")
@click.argument("audio", metavar="AUDIO", shell_complete=options.files)
@click.option("--mode", type=words(MODES), default="osu", show_default=True, help="What is played; chart is Clone Hero.")
@click.option("--stars", type=stars_list, default=None, metavar="N,…", help=f"A difficulty for each, ±0.25 [default: {STARS}].")
@click.option("--keys", type=click.IntRange(1, 18), default=4, show_default=True, help="Columns of osu!mania.")
@click.option(
    "--difficulty",
    "difficulties",
    multiple=True,
    metavar="NAME",
    help="Names of the difficulties, once for each; of a chart which of easy, medium, hard, expert [default: all].",
)
@click.option("--instruments", type=instruments, default=",".join(INSTRUMENTS), show_default=True, help="Tracks of a chart.")
@click.option("--density", type=options.Number(0.3, 3), default=1.0, show_default=True, help="How dense a chart is.")
@click.option("--title", default="", help="The song's title [default: the audio's tags, else its name].")
@click.option("--artist", default="", help="Its artist.")
@click.option("--romanised-title", default="", help="The title in Latin letters, where it has others.")
@click.option("--romanised-artist", default="", help="The artist in Latin letters.")
@click.option("--source", default="", help="The game, film or series that the song is from.")
@click.option("--creator", default="", help="Who made the map or chart [default: maimod].")
@click.option("--tags", default="", help="Words by which it is found; maimod and generated are always among them.")
@click.option("--background", type=click.Path(dir_okay=False), metavar="FILE", help="A picture; combo colours are taken from it.")
@click.option("--bpm", type=options.Number(10, 1000), default=None, help="The song's tempo, where it has one.")
@click.option(
    "--offset", type=options.Number(-3_600_000, 86_400_000), default=None, metavar="MS", help="Where a bar begins, with --bpm."
)
@click.option(
    "--timing-points", type=timing_points, default=None, metavar="OFFSET:BEATLENGTH:METER|…", help="All its tempos, in ms."
)
@click.option("--from", "source_map", metavar="MAP", help="Take timing, kiai and metadata of it.", shell_complete=options.files)
@options.seed()
@click.option(
    "--temperature", type=options.Number(0.05, 3), default=1.0, show_default=True, help="Above 1 bolder, below 1 tamer."
)
@click.option(
    "--output", "-o", metavar="FOLDER", help="The folder for the map's files; it is made.", shell_complete=options.files
)
@click.option("--osz", metavar="FILE", help="One .osz with all of them instead.", shell_complete=options.files)
@click.option("--force", is_flag=True, help="Replace files that are there.")
@click.option("--model", type=options.weights_of, metavar="bundled|FILE.zip", help="The model that writes.")
def command(
    audio: str, mode: str, stars: tuple[float, ...] | None, keys: int, difficulties: tuple[str, ...],
    instruments: tuple[str, ...], density: float, title: str, artist: str, romanised_title: str, romanised_artist: str,
    source: str, creator: str, tags: str, background: str | None, bpm: float | None, offset: float | None,
    timing_points: tuple[Given, ...] | None,
    source_map: str | None, seed: int, temperature: float, output: str | None, osz: str | None, force: bool, model: str | None,
) -> None:  # fmt: skip
    """Write whole maps for a song: a folder or .osz of osu! difficulties, or a Clone Hero folder.

    \b
    maimod generate song.mp3 --stars 2,3.5,5 --osz song.osz
    maimod generate song.ogg --mode taiko --stars 3 --bpm 174 --offset 1234 -o "Band - Song"
    maimod generate song.ogg --mode chart -o "Band - Song (maimod)"

    The tempo is found in the audio where it is not given, and how sure that is is told: listen before you trust it. Kiai,
    breaks and preview follow the song. Difficulties are steered to their stars, and no note of them is what the rules call
    an error. Every map says in its tags, and unless it is named otherwise in its name, that it was generated.

    Exit codes: 0 written, 2 it could not be done, 130 stopped with Ctrl+C; then nothing was written.
    """
    from server.generating import Metadata, Place, Wanted, generate
    from server.interrupting import interruptible

    if (output is None) == (osz is None):
        raise click.UsageError("say where the map is to go: either -o FOLDER or --osz FILE")
    if mode == CHART and osz is not None:
        raise click.UsageError("Clone Hero reads folders: say -o FOLDER for a chart")
    if mode == CHART and stars is not None:
        raise click.UsageError("charts have no star rating: say --difficulty and --density")
    metadata = Metadata(
        _plain(title), _plain(artist), _plain(romanised_title), _plain(romanised_artist), _plain(source), _plain(creator),
        tuple(tags.split()),
    )  # fmt: skip
    names = tuple(_plain(each) for each in difficulties)
    wanted = Wanted(
        audio, MODES[mode], stars or (STARS,), () if mode == CHART else names, instruments,
        _chart_difficulties(names) if mode == CHART else (), keys, density, seed, temperature,
        metadata, background, source_map, timing_points or (), bpm, offset, model,
    )  # fmt: skip
    if len(wanted.names) > len(wanted.stars):
        raise click.UsageError(f"there are {len(wanted.names)} names for {len(wanted.stars)} difficulties: --stars lists these")
    place = Place(output or osz or "", osz is not None, force)
    with in_a_sentence():
        place.check()
        with bar("Writing") as tell:
            found = interruptible(lambda unwanted: generate(wanted, tell, unwanted))
        place.save(found.files)
    _tell(found)
    click.echo(f"wrote {place.path}", err=True)


def _plain(text: str) -> str:
    """In one line."""
    return " ".join(text.split())


def _chart_difficulties(names: tuple[str, ...]) -> tuple[ChartDifficulty, ...]:
    known = {each.value.lower(): each for each in ChartDifficulty}
    for name in names:
        if name.lower() not in known:
            raise click.BadParameter(f"{name!r} is none of {', '.join(known)}", param_hint="--difficulty")
    return tuple(known[name.lower()] for name in names) or tuple(ChartDifficulty)


def _tell(found: Generated) -> None:
    from generation.difficulties import TOLERANCE

    click.echo(found.told)
    told: list[Finding] = []
    for each in found.maps:
        click.echo(f"[{one_line(each.name)}] {each.stars:.2f} stars, {plural(each.notes, 'note')}")
        grave = _grave(each.findings)
        tell_findings([one for one in grave if one.time_ms is not None], err=False)
        told += [one for one in grave if one.time_ms is None and one.message not in {other.message for other in told}]
        if abs(each.stars - each.asked) > TOLERANCE:
            click.echo(f"maimod: {each.asked:g} stars were not reached; try another --seed", err=True)
    if told:
        click.echo("of the set:")
        tell_findings(told, err=False)
    if found.chart is not None:
        for track, notes in found.chart.tracks:
            click.echo(f"[{track}] {plural(notes, 'note')}")
        tell_findings(_grave(found.chart.findings), err=False)
    for notice in found.notices:
        click.echo(f"maimod: {one_line(notice)}", err=True)


def _grave(findings: tuple[Finding, ...]) -> list[Finding]:
    """Those that are more than remarks."""
    return [each for each in findings if each.severity in (Severity.ERROR, Severity.WARNING)]

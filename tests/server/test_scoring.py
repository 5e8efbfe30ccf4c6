from __future__ import annotations

import json
import re
import subprocess
import sys
import wave
import zipfile
from pathlib import Path

import numpy as np
import pytest

import maimod as api
from analyzers.finding import Severity
from formats.chart import Chart
from models.errors import WeightsMissing
from server import scoring
from server.check import Asked, Run
from server.pool import cores
from server.reading import read_beside
from server.settings import Settings
from server.songs import UNHEARD_NAME, Songs
from tests.server.maps import QUIET, maimod, put, quiet_text
from tests.server.wondering import NAME, Wondering, loading, odd_text

ONLY = ("--select", NAME)
SIX_FRET = "[Song]\n{\n  Resolution = 192\n}\n[SyncTrack]\n{\n  0 = B 120000\n}\n[ExpertGHLGuitar]\n{\n  768 = N 0 0\n}\n"


def put_song(folder: Path, name: str = "audio.mp3", seconds: float = 2.0) -> Path:
    """A WAV by whatever name: what it is called says nothing about what it holds."""
    path = folder / name
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        noise = np.random.default_rng(1).integers(-9_000, 9_000, int(16_000 * seconds), dtype=np.int16)
        file.writeframes(noise.tobytes())
    return path


def told(path: Path, *options: str) -> list[str]:
    answer = json.loads(maimod("check", path, *options, "--format", "json").stdout)
    return [f"{each['name']} {each['time_ms']}" for file in answer["files"] for each in file["findings"]]


@pytest.mark.usefixtures("wondering")
def test_what_the_model_finds_joins_what_the_rules_find(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", odd_text(100))
    found = told(path)
    without = told(path, "--no-surprisal")
    assert without
    assert sorted(found) == sorted([*without, f"{NAME} 1000"])


@pytest.mark.usefixtures("wondering")
def test_the_most_surprising_is_told_first(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", odd_text(300, 0))
    text = maimod("check", path, *ONLY).stdout
    assert re.findall(r"00:0\d:000", text) == ["00:02:000", "00:01:000"]


@pytest.mark.usefixtures("wondering")
def test_how_rare_a_surprise_must_be_is_asked_of_the_model(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", odd_text(300, 0))
    assert told(path, *ONLY, "--min-surprisal", "10") == [f"{NAME} 2000"]
    put(tmp_path, "maimod.toml", "min-surprisal = 10\n")
    assert told(path, *ONLY) == [f"{NAME} 2000"]
    assert len(told(path, *ONLY, "--min-surprisal", "0")) == 2


@pytest.mark.usefixtures("wondering")
def test_surprise_alone_does_not_fail_a_check(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", odd_text(100))
    assert maimod("check", path, *ONLY).exit_code == 0
    assert maimod("check", path, *ONLY, "--fail-on", "hint").exit_code == 1


@pytest.mark.usefixtures("wondering")
def test_a_folder_can_do_without_the_model(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", odd_text(100))
    put(tmp_path, "maimod.toml", "surprisal = false\n")
    assert f"{NAME} 1000" not in told(path)
    assert f"{NAME} 1000" in told(path, "--surprisal")
    assert told(path, *ONLY) == [f"{NAME} 1000"], "what is asked for by name is looked for"
    put(tmp_path, "maimod.toml", f'ignore = ["{NAME}"]\n')
    assert f"{NAME} 1000" not in told(path)


def test_the_model_is_not_loaded_for_rules_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def load(threads: int, weights: str | None) -> None:  # noqa: ARG001  the loader's signature
        asked.append(threads)

    monkeypatch.setattr(scoring, "_loaded", load)
    put(tmp_path, "a.osu", quiet_text())
    assert told(tmp_path, "--select", QUIET) == [f"{QUIET} 1000"]
    assert f"{QUIET} 1000" in told(tmp_path, "--no-surprisal")
    assert not asked
    told(tmp_path)
    assert asked


@pytest.mark.parametrize("command", ["surprisal", "check", "explain", "fix"])
def test_weights_of_one_s_own_are_asked_by_their_path(tmp_path: Path, command: str) -> None:
    weights = put(tmp_path, "mine.onnx", "no weights")
    path = put(tmp_path, "a.osu", quiet_text())
    place = f"{path}:00:01:000" if command == "explain" else str(path)
    wish = {"check": ("--exit-zero",), "fix": ("--unsafe-fixes", *ONLY)}.get(command, ())
    result = maimod(command, place, "--model", weights, *wish)
    assert f"the weights of the surprisal model at {weights} are damaged" in result.stderr


def test_python_asks_weights_of_one_s_own_too(tmp_path: Path) -> None:
    weights, path = put(tmp_path, "mine.onnx", "no weights"), put(tmp_path, "a.osu", quiet_text())
    assert f"at {weights} are damaged" in api.check(path, model=weights).notices[0]
    with pytest.raises(RuntimeError, match=r"mine\.onnx are damaged"):
        api.surprisal(path, model=weights)


def test_several_processes_ask_the_same_weights(tmp_path: Path) -> None:
    weights = put(tmp_path, "mine.onnx", "no weights")
    for name in "ab":
        put(tmp_path, f"{name}.osu", quiet_text())
    assert f"at {weights} are damaged" in maimod("surprisal", tmp_path, "--jobs", "2", "--model", weights).stderr


def test_who_asks_in_vain_again_and_again_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "_loaded", loading(WeightsMissing("The weights are gone.")))
    depths: list[int] = []
    for _ in range(3):
        with pytest.raises(WeightsMissing) as caught:
            scoring.scorer()
        depths.append(len(caught.traceback))
    assert depths == [depths[0]] * 3, "the error is one object, which keeps the frames that it came through"


def test_without_weights_the_rules_speak_and_one_sentence_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "_loaded", loading(WeightsMissing("The weights are gone.")))
    for number in range(3):
        put(tmp_path, f"{number}.osu", quiet_text(str(number)))
    result = maimod("check", tmp_path, "--select", f"{QUIET},{NAME}", "--format", "json")
    assert result.exit_code == 1, "the rule's findings count as ever"
    assert result.stderr == "maimod: The weights are gone; only the rules have judged\n"
    assert [len(file["findings"]) for file in json.loads(result.stdout)["files"]] == [1, 1, 1]


def test_a_model_that_fails_on_a_map_leaves_the_rules_alone(
    tmp_path: Path, wondering: Wondering, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*given: object) -> object:
        raise ArithmeticError(len(given))

    monkeypatch.setattr(wondering, "timeline", failing)
    path = put(tmp_path, "a.osu", quiet_text())
    result = maimod("check", path, "--select", f"{QUIET},{NAME}", "--format", "json")
    assert f"{path}: the surprisal model failed on this map (ArithmeticError: 2" in result.stderr
    assert result.exit_code == 1
    assert len(json.loads(result.stdout)["files"][0]["findings"]) == 1


@pytest.mark.usefixtures("wondering")
def test_a_track_that_is_not_covered_is_told_once(tmp_path: Path) -> None:
    path = put(tmp_path, "notes.chart", SIX_FRET + SIX_FRET.partition("[Expert")[2].join(("[Hard", "")))
    said = maimod("check", path).stderr
    assert said.count("\n") == 1
    assert f"{path}: the surprisal model knows five-fret and drum tracks; it has not judged" in said
    assert maimod("check", path, "--no-surprisal").stderr == ""


def test_the_maps_own_song_is_heard(tmp_path: Path, wondering: Wondering) -> None:
    path = put(tmp_path, "a.osu", odd_text(100).replace("audio.mp3", "Audio.MP3"))
    told(path, *ONLY)
    put_song(tmp_path)
    told(path, *ONLY)
    told(path, *ONLY, "--audio", "off")
    told(path, *ONLY, "--audio", str(put_song(tmp_path, "other.wav", 3.0)))
    assert wondering.heard == [None, 201, None, 301]


def test_a_song_in_an_archive_is_heard(tmp_path: Path, wondering: Wondering) -> None:
    with zipfile.ZipFile(tmp_path / "set.osz", "w") as file:
        file.writestr("in/a.osu", odd_text(100))
        file.write(put_song(tmp_path), "in/audio.mp3")
    told(tmp_path / "set.osz", *ONLY)
    assert wondering.heard == [201]


def test_the_difficulties_of_a_set_share_what_was_heard(
    tmp_path: Path, wondering: Wondering, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def reading(folder: str, name: str, most: int) -> bytes:
        opened.append(name)
        return read_beside(folder, name, most)

    monkeypatch.setattr("server.songs.read_beside", reading)
    put_song(tmp_path)
    for name in "abc":
        put(tmp_path, f"{name}.osu", odd_text(100))
    told(tmp_path, *ONLY)
    assert opened == ["audio.mp3"]
    assert len(wondering.heard) == 3


@pytest.mark.usefixtures("wondering")
def test_a_song_that_cannot_be_decoded_is_one_remark_at_its_line(tmp_path: Path) -> None:
    put(tmp_path, "audio.mp3", "no sound")
    path = put(tmp_path, "a.osu", odd_text(100))
    answer = json.loads(maimod("check", path, "--format", "json").stdout)
    [found] = [each for each in answer["files"][0]["findings"] if each["name"] == UNHEARD_NAME]
    assert found["severity"] == "information"
    assert odd_text(100).split("\n")[found["range"]["start"]["line"]] == "AudioFilename: audio.mp3"
    assert "without the song audio.mp3: the audio cannot be decoded" in found["message"]
    assert f"{NAME} 1000" in told(path)
    assert UNHEARD_NAME not in str(told(path, "--ignore", UNHEARD_NAME))


@pytest.mark.usefixtures("wondering")
def test_of_a_map_without_sense_the_most_surprising_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "MOST_FINDINGS", 2)
    path = put(tmp_path, "a.osu", odd_text(300, 0, 200, 100))
    assert told(path, *ONLY) == [f"{NAME} 2000", f"{NAME} 4000"]


def test_a_chart_names_its_song_or_has_one_beside_it(tmp_path: Path) -> None:
    chart = Chart.from_text(SIX_FRET.replace("Resolution", 'MusicStream = "mine.ogg"\n  Resolution'))
    songs = Songs()
    assert songs.of_chart(str(tmp_path / "notes.chart"), chart, None) is None
    put_song(tmp_path, "song.ogg", 1.0)
    put_song(tmp_path, "mine.ogg", 2.0)
    own = songs.of_chart(str(tmp_path / "notes.chart"), chart, None)
    beside = songs.of_chart(str(tmp_path / "notes.chart"), Chart.from_text(SIX_FRET), None)
    assert own is not None and beside is not None
    assert (own.name, beside.name) == ("mine.ogg", "song.ogg")


@pytest.mark.usefixtures("wondering")
def test_python_is_told_of_surprises_too(tmp_path: Path) -> None:
    put(tmp_path, "a.osu", odd_text(100))
    [found] = next(iter(api.check(tmp_path, select=[NAME]))).findings
    assert (found.bits, found.expected) == (15.0, (api.Expected("the middle", 0.9),))
    assert next(iter(api.check(tmp_path, select=[NAME], surprisal=False))).findings == ()


@pytest.mark.usefixtures("wondering")
def test_what_was_dismissed_and_regraded_stays_so(tmp_path: Path) -> None:
    path = put(tmp_path, "a.osu", odd_text(100, 200))
    put(tmp_path, "maimod.toml", f'severity = {{ "{NAME}" = "error" }}\n')
    assert maimod("dismiss", f"{path}:00:01:000", "--rule", NAME).exit_code == 0
    [report] = Run([str(path)], Asked(select=(NAME,)))
    assert [(each.finding.time_ms, each.finding.severity) for each in report.remarks] == [(2000, Severity.ERROR)]


def test_the_shipped_model_judges_the_demo_map_and_hears_its_song() -> None:
    demo = Path(__file__).parents[2] / "examples" / "demo"
    result = maimod("check", demo, "--select", "surprisal", "--min-surprisal", "0", "--format", "json")
    assert result.stderr == ""
    [file] = json.loads(result.stdout)["files"]
    found = file["findings"]
    assert UNHEARD_NAME not in {each["name"] for each in found}
    assert all(each["category"] == "surprisal" and each["severity"] != "error" for each in found)


def test_nothing_is_asked_where_no_rule_of_the_models_is_wanted() -> None:
    assert scoring.wanted_rules(Settings())
    assert not scoring.wanted_rules(Settings(surprisal=False))
    assert not scoring.wanted_rules(Settings(select=(QUIET,)))


def test_processes_of_a_pool_share_the_processors(tmp_path: Path) -> None:
    code = (
        "from concurrent.futures import ProcessPoolExecutor\nfrom server.scoring import _threads\n"
        "if __name__ == '__main__':\n    print(ProcessPoolExecutor(1).submit(_threads).result(), _threads())\n"
    )
    script = put(tmp_path, "threads.py", code)
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(root)}
    )
    assert done.stdout.split() == ["1", str(cores())]


@pytest.mark.parametrize(("select", "code", "said"), [(NAME, 2, "1 map could not be judged."), (f"{NAME},{QUIET}", 1, "1 error")])
def test_a_check_that_asks_only_a_model_that_cannot_answer_is_none(tmp_path: Path, select: str, code: int, said: str) -> None:
    weights, path = put(tmp_path, "mine.onnx", "no weights"), put(tmp_path, "a.osu", quiet_text())
    result = maimod("check", path, "--model", weights, "--select", select, "--color", "never")
    assert result.exit_code == code
    assert result.stdout.splitlines()[-1].startswith(said)
    assert f"the weights of the surprisal model at {weights} are damaged" in result.stderr

"""What must not end the server, and how it ends when it must."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import IO, Any

import pytest

from tests.builder import osu_text
from tests.server.lsp.conftest import ENVIRONMENT, ROOT, SERVER
from tests.server.maps import put

# Seconds after which a server on a busy machine counts as hanging.
PATIENCE = 120.0
Message = dict[str, Any]

# A rule that prints and one that throws, as a fault of ours or a library's print would.
NOISY = """
import sys
from analyzers import catalogue
from analyzers.rules.timing import volume_invalid
from dataclasses import replace
def loud(context):
    print("Content-Length: 3\\r\\n\\r\\n{}}", flush=True)
    raise ZeroDivisionError("a fault")
catalogue.OSU_RULES = (replace(volume_invalid.RULE, code="Z1", name="loud", check=loud), *catalogue.OSU_RULES)
import server.lsp.hover
def broken(line, *_):
    if line.section == "Metadata": raise RuntimeError("no hover today")
server.lsp.hover.part_at = broken
sys.argv = ["maimod", "lsp"]
from maimod.__main__ import main
main()
"""


class Raw:
    """A client of raw messages."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def send(self, message: Message | bytes) -> None:
        body = message if isinstance(message, bytes) else json.dumps({"jsonrpc": "2.0", **message}).encode()
        stdin = pipe(self.process.stdin)
        stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        stdin.flush()

    def read(self) -> Message:
        stdout = pipe(self.process.stdout)
        length = 0
        while line := stdout.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        assert length, "the server closed its output"
        answer: Message = json.loads(stdout.read(length))
        return answer

    def ask(self, number: int, method: str, params: object) -> Message:
        self.send({"id": number, "method": method, "params": params})
        return self.until(lambda message: message.get("id") == number and "method" not in message)

    def until(self, wanted: Callable[[Message], object]) -> Message:
        while not wanted(message := self.read()):
            pass
        return message

    def initialize(self) -> None:
        self.ask(0, "initialize", {"processId": None, "rootUri": None, "capabilities": {}})
        self.send({"method": "initialized", "params": {}})

    def open(self, text: str, uri: str = "untitled:a.osu") -> None:
        item = {"uri": uri, "languageId": "osu", "version": 1, "text": text}
        self.send({"method": "textDocument/didOpen", "params": {"textDocument": item}})


def pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream


@contextmanager
def running(command: list[str]) -> Generator[Raw]:
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **ENVIRONMENT},
        cwd=ROOT,
    )
    # A server that never says what is waited for ends the test, not the patience of whoever runs it.
    watch = Timer(PATIENCE, process.kill)
    watch.start()
    try:
        yield Raw(process)
    finally:
        watch.cancel()
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            pipe(stream).close()


def end(client: Raw) -> int:
    client.ask(99, "shutdown", None)
    client.send({"method": "exit"})
    return client.process.wait(PATIENCE)


def hover(client: Raw, number: int, line: int) -> Message:
    return client.ask(
        number, "textDocument/hover", {"textDocument": {"uri": "untitled:a.osu"}, "position": {"line": line, "character": 0}}
    )


def test_prints_and_faults_of_rules_and_handlers_break_nothing() -> None:
    with running([sys.executable, "-u", "-c", NOISY]) as client:
        client.initialize()
        client.open(osu_text(timing=["0,500,4,1,0,3,1,0"]))
        found = client.until(lambda message: message.get("method") == "textDocument/publishDiagnostics")
        codes = {each["code"]: each["message"] for each in found["params"]["diagnostics"]}
        assert "T105" in codes
        assert "ZeroDivisionError: a fault" in codes["Z1"]
        answer = hover(client, 5, 9)
        assert "no hover today" in answer["error"]["message"]
        told = client.until(lambda message: message.get("method") == "window/showMessage")
        assert "no hover today" in told["params"]["message"] and "\n" not in told["params"]["message"]
        assert "result" in hover(client, 6, 0)
        assert end(client) == 0
        assert b"no hover today" in pipe(client.process.stderr).read()


def test_messages_that_make_no_sense_are_answered_or_skipped() -> None:
    with running(SERVER) as client:
        client.initialize()
        client.send(b"{nonsense")
        assert client.ask(1, "textDocument/hover", {"textDocument": 5})["error"]["code"] == -32602
        assert client.ask(2, "no/suchMethod", {})["error"]["code"] == -32601
        client.send(
            {
                "method": "textDocument/didChange",
                "params": {"textDocument": {"uri": "untitled:x", "version": 2}, "contentChanges": []},
            }
        )
        client.send({"method": "textDocument/didClose", "params": {"textDocument": {"uri": "untitled:x"}}})
        assert client.ask(3, "textDocument/diagnostic", {"textDocument": {"uri": "untitled:x"}})["result"]["items"] == []
        assert end(client) == 0


def test_a_request_can_be_cancelled_while_it_waits() -> None:
    with running(SERVER) as client:
        client.initialize()
        client.open(osu_text([f"{n % 512},100,{n * 50},1,0" for n in range(20_000)]))
        client.send({"id": 7, "method": "textDocument/diagnostic", "params": {"textDocument": {"uri": "untitled:a.osu"}}})
        client.send({"method": "$/cancelRequest", "params": {"id": 7}})
        answer = client.until(lambda message: message.get("id") == 7)
        assert answer["error"]["code"] == -32800


def test_a_command_can_be_cancelled_and_an_answer_to_a_question_taken_back_is_passed_over(tmp_path: Path) -> None:
    for number in range(20):
        put(tmp_path, f"{number}.osu", osu_text(metadata=["Title:Song", f"Version:{number}"]))
    with running(SERVER) as client:
        able = {"window": {"workDoneProgress": True}}
        client.ask(0, "initialize", {"processId": None, "rootUri": None, "capabilities": able})
        client.send({"method": "initialized", "params": {}})
        params = {"command": "maimod.checkMapset", "arguments": [(tmp_path / "0.osu").as_uri()]}
        client.send({"id": 7, "method": "workspace/executeCommand", "params": params})
        asked = client.until(lambda message: message.get("method") == "window/workDoneProgress/create")
        client.send({"method": "$/cancelRequest", "params": {"id": 7}})
        answer = client.until(lambda message: message.get("id") == 7 and "method" not in message)
        assert answer["error"]["code"] == -32800
        client.send({"id": asked["id"], "result": None})
        assert client.ask(8, "workspace/executeCommand", params)["result"]["files"]
        assert end(client) == 0
        assert b"InvalidState" not in pipe(client.process.stderr).read()


@pytest.mark.parametrize(("shutdown", "code"), [(True, 0), (False, 1)])
def test_the_exit_code_says_whether_the_end_was_announced(shutdown: bool, code: int) -> None:
    with running(SERVER) as client:
        client.initialize()
        if shutdown:
            client.ask(1, "shutdown", None)
        client.send({"method": "exit"})
        assert client.process.wait(PATIENCE) == code


def test_the_server_ends_with_its_editor() -> None:
    with running(SERVER) as client:
        client.initialize()
        pipe(client.process.stdin).close()
        assert client.process.wait(PATIENCE) == 1


def test_a_hostile_map_is_answered() -> None:
    lines = ["nan,nan,1e9,2,0,B|1e9:1e9|nan:nan,1000000000,1e300", "-1,1e308,-1e308,128,0,1e308", *["1,1,1,1,0"] * 3000]
    with running(SERVER) as client:
        client.initialize()
        client.open(osu_text(lines, ["nan,nan,0,0,0,0,1,0", "0,1e-300,4,1,0,100,1,0", "-inf,500,4,1,0,1,1,0"]))
        client.until(lambda message: message.get("method") == "textDocument/publishDiagnostics")
        assert end(client) == 0


def test_it_serves_on_a_port_for_debugging(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (tmp_path / "log").open("wb") as log:
        command = [*SERVER, "--tcp", f"127.0.0.1:{port}"]
        process = subprocess.Popen(command, env={**os.environ, **ENVIRONMENT}, cwd=ROOT, stderr=log)
    try:
        with connected(port) as stream:
            body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}).encode()
            stream.sendall(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            assert stream.recv(15) == b"Content-Length:"
        process.wait(PATIENCE)
    finally:
        process.kill()
        process.wait()


def connected(port: int) -> socket.socket:
    import time

    until = time.monotonic() + 20
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


# Says at its end which of the heavy libraries the server's own process has loaded.
WATCHED = """
import atexit, sys
heavy = ("numpy", "onnxruntime", "soundfile", "rich")
atexit.register(lambda: print("loaded:", [name for name in heavy if name in sys.modules], file=sys.stderr))
sys.argv = ["maimod", "lsp"]
from maimod.__main__ import main
main()
"""


def test_the_bundled_model_explains_a_note_and_stays_out_of_the_servers_process() -> None:
    lines = [f"{100 + n % 5 * 40},{100 + n % 3 * 60},{1000 + n * 250},1,0,0:0:0:0:" for n in range(60)]
    lines[30] = lines[30].replace(str(1000 + 30 * 250), str(1000 + 30 * 250 - 125))
    text = osu_text(lines)
    with running([sys.executable, "-c", WATCHED]) as client:
        client.initialize()
        client.open(text)
        said = client.until(
            lambda message: (
                message.get("method") == "textDocument/publishDiagnostics"
                and any(each["source"] == "maimod surprisal" for each in message["params"]["diagnostics"])
            )
        )
        assert said["params"]["version"] == 1
        at = {"line": text.splitlines().index(lines[30]), "character": 0}
        command = {"command": "maimod.explain", "arguments": ["untitled:a.osu", at]}
        explained = client.ask(4, "workspace/executeCommand", command)["result"]
        assert "What the model expected" in explained and "| field | here | expected | bits |" in explained
        assert hover(client, 5, at["line"])["result"]
        assert end(client) == 0
        assert b"loaded: []" in pipe(client.process.stderr).read()

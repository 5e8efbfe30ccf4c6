"""Who is refused, and what is refused to those that come in."""

from __future__ import annotations

import asyncio
import http.client
import json
import tracemalloc
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from server.daemon import pages
from server.daemon.bridge import Bridge
from server.daemon.conversation import Conversation
from server.daemon.protocol import BURST, MOST_BYTES, MOST_REFUSED
from tests.builder import osu_text
from tests.server.daemon import songs
from tests.server.daemon.served import KEY, TOKEN, Client, run, serving
from tests.server.daemon.songs import HARD
from tests.server.maps import put

RULE = "object-unsnapped"
EVIL = "http://evil.test"


async def status(bridge: Bridge, path: str = f"/ws?token={TOKEN}", **headers: str) -> int:
    """The status that a handshake with these headers is refused with; 101 where it is let through."""
    try:
        async with connect(
            f"ws://127.0.0.1:{bridge.port}{path}",
            proxy=None,
            additional_headers={key.replace("_", "-"): text for key, text in headers.items()},
        ):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


def get(
    port: int, path: str, headers: Mapping[str, str] | None = None, host: str | None = None
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.putrequest("GET", path, skip_host=host is not None)
    for key, text in {**({"Host": host} if host is not None else {}), **(headers or {})}.items():
        connection.putheader(key, text)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, dict(answer.getheaders()), body


def test_a_socket_needs_the_token_of_this_start(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder) as (_, bridge):
            assert await status(bridge) == 101
            for path in (
                "/ws",
                "/ws?token=",
                f"/ws?token={'0' * 32}",
                f"/ws?token={TOKEN}0",
                "/ws?token=%00",
                "/ws?token=ÿ",
                "/ws?" + "a=1&" * 50,
            ):
                assert await status(bridge, path) == 403, path
            assert await status(bridge, "/ws", Authorization=f"Bearer {TOKEN}") == 101
            assert await status(bridge, "/ws", Authorization="Bearer x") == 403

    run(scenario())


def test_a_foreign_origin_is_refused_even_with_the_token(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder, origins=frozenset({"http://absolute"})) as (_, bridge):
            own = f"http://127.0.0.1:{bridge.port}"
            for origin in (own, f"http://localhost:{bridge.port}", "vscode-webview://1234", "http://absolute"):
                assert await status(bridge, Origin=origin) == 101, origin
            foreign = (
                EVIL,
                "null",
                "",
                "file://",
                "http://127.0.0.1",
                f"http://127.0.0.1:{bridge.port}.evil.test",
                f"https://127.0.0.1:{bridge.port}",
                "http://127.0.0.1:24050",
            )
            for origin in foreign:
                assert await status(bridge, Origin=origin) == 403, origin

    run(scenario())


def test_a_foreign_host_is_refused_whatever_it_asks_for(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder) as (_, bridge):
            for path in ("/", "/healthz", f"/snapshot.json?token={TOKEN}", f"/ws?token={TOKEN}"):
                for host in ("evil.test", f"evil.test:{bridge.port}", "127.0.0.1", f"127.0.0.1.evil.test:{bridge.port}", ""):
                    code, _, body = await asyncio.to_thread(get, bridge.port, path, None, host)
                    assert code in (400, 403), (path, host)
                    assert b"Song" not in body
            assert (await asyncio.to_thread(get, bridge.port, "/healthz", None, f"LOCALHOST:{bridge.port}"))[0] == 200

    run(scenario())


def test_only_the_loopback_is_listened_on(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder) as (_, bridge):
            assert bridge._server is not None  # pyright: ignore[reportPrivateUsage]
            assert {socket.getsockname()[0] for socket in bridge._server.sockets} == {"127.0.0.1"}  # pyright: ignore[reportPrivateUsage]

    run(scenario())


def test_a_snapshot_needs_the_token_and_no_other_site_may_ask(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder) as (_, bridge):
            assert (await asyncio.to_thread(get, bridge.port, "/snapshot.json"))[0] == 403
            path = f"/snapshot.json?token={TOKEN}"
            assert (await asyncio.to_thread(get, bridge.port, path))[0] == 200
            assert (await asyncio.to_thread(get, bridge.port, path, {"Origin": EVIL}))[0] == 403
            assert (await asyncio.to_thread(get, bridge.port, path, {"Sec-Fetch-Site": "cross-site"}))[0] == 403
            code, headers, _ = await asyncio.to_thread(get, bridge.port, path)
            assert code == 200
            assert "Access-Control-Allow-Origin" not in headers
            assert headers["Cache-Control"] == "no-store"

    run(scenario())


def test_the_page_may_load_and_connect_to_nothing_foreign(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder) as (_, bridge):
            code, headers, _ = await asyncio.to_thread(get, bridge.port, "/")
            policy = headers["Content-Security-Policy"]
            assert code == 200
            assert "default-src 'none'" in policy
            assert "script-src 'self'" in policy
            assert "unsafe" not in policy
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "no-referrer"

    run(scenario())


@pytest.mark.parametrize(
    "path",
    [
        "/../pyproject.toml",
        "/%2e%2e/pyproject.toml",
        "/..%2fpyproject.toml",
        "//etc/passwd",
        "/etc/passwd",
        "/./../../etc/passwd",
        "/..\\pyproject.toml",
        "/.git/config",
        "/index.html/",
        "/styles/../../../pyproject.toml",
        "/rules/../../x",
        "/index.html%00",
        "/x" * 2000,
        "//[",
    ],
)
def test_no_path_leads_out_of_the_overlays_folder(folder: Path, path: str) -> None:
    async def scenario() -> None:
        async with serving(folder) as (_, bridge):
            code, _, body = await asyncio.to_thread(get, bridge.port, path)
            assert code in (400, 403, 404, 414)
            assert b"root:" not in body
            assert b"[project]" not in body

    run(scenario())


def test_a_link_out_of_the_overlays_folder_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "index.html").write_text("page")
    (tmp_path / "page" / "out.txt").symlink_to(tmp_path / "secret.txt")
    monkeypatch.setattr(pages, "overlay_folder", lambda: str(tmp_path / "page"))
    assert pages.overlay_file("/index.html") == (b"page", "text/html; charset=utf-8")
    assert pages.overlay_file("/out.txt") is None


def test_malformed_messages_are_answered_and_the_client_lives_on(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder) as (_, bridge), Client(bridge) as client:
            for frame in (
                "",
                "{",
                "[]",
                '{"type": 1}',
                "[" * 60_000,
                '{"type": "nothing"}',
                '{"type": "subscribe", "map": {}}',
                '{"type": "look"}',
                b"\x00\x01",
            ):
                await client.socket.send(frame)
                refused = await client.hears(lambda each: each["type"] == "reply" and not each["ok"])
                assert refused["error"]["code"] in ("malformed", "unknown-type")
            wrong_key = {"type": "hello", "version": 1, "client": "\ud800", "key": "\ud800"}
            assert await client.refused(wrong_key) == "not-allowed"
            assert await client.gets({"type": "ping"}) == {}

    run(scenario())


def test_an_oversized_message_ends_the_connection_and_no_other(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder) as (_, bridge), Client(bridge) as other, Client(bridge) as client:
            with pytest.raises(ConnectionClosedError) as closed:
                await client.socket.send("x" * (MOST_BYTES + 1))
                await client.socket.wait_closed()
                await client.socket.send("x")
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1009
            assert await other.gets({"type": "ping"}) == {}

    run(scenario())


def test_only_editors_may_send_whole_maps(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder) as (_, bridge), Client(bridge, trusted=True) as editor:
            big = songs.text(more=tuple(f"9,9,{2000 + 500 * number},1,0" for number in range(20_000)))
            assert len(big) > MOST_BYTES
            await editor.gets({"type": "text", "path": str(folder / "set" / HARD), "version": 1, "text": big})

    run(scenario())


def test_too_many_messages_are_refused_and_more_end_the_connection(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder) as (_, bridge), Client(bridge, checks=False) as client:
            for _ in range(BURST + 50):
                await client.send({"type": "ping", "id": 1})
            refused = await client.hears(lambda each: each["type"] == "reply" and not each["ok"])
            assert refused["error"]["code"] == "too-fast"
            with pytest.raises(ConnectionClosedError) as closed:
                for _ in range(MOST_REFUSED * 3):
                    await client.send({"type": "ping", "id": 1})
                    await asyncio.sleep(0)
                await client.socket.wait_closed()
                await client.send({"type": "ping"})
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1008

    run(scenario())


def test_so_many_clients_and_no_more(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.daemon.bridge.MOST_CLIENTS", 2)

    async def scenario() -> None:
        async with serving(folder) as (_, bridge), Client(bridge), Client(bridge):
            assert await status(bridge) == 503

    run(scenario())


def test_who_does_not_say_hello_is_told_nothing(folder: Path) -> None:
    async def scenario() -> None:
        async with (
            serving(folder) as (_, bridge),
            connect(f"ws://127.0.0.1:{bridge.port}/ws?token={TOKEN}", proxy=None) as socket,
        ):
            await socket.send('{"type": "snapshot", "id": 1}')
            reply = json.loads(await socket.recv())
            assert reply["error"]["code"] == "hello-first"
            await socket.send('{"type": "hello", "version": 2, "client": "x", "id": 2}')
            assert json.loads(await socket.recv())["error"]["code"] == "version"

    run(scenario())


@pytest.mark.parametrize(
    "message",
    [
        {"type": "text", "path": "/maps/x.osu", "version": 1, "text": "x"},
        {"type": "closed", "path": "/maps/x.osu"},
        {"type": "focus", "path": "/maps/x.osu"},
        {"type": "watch", "folders": ["/"]},
        {"type": "edited", "proposal": "0" * 16, "ok": True},
        {"type": "stop"},
    ],
)
def test_what_only_editors_may_do_needs_the_key(folder: Path, message: dict[str, Any]) -> None:
    async def scenario() -> None:
        async with serving(folder) as (engine, bridge), Client(bridge) as client:
            assert await client.refused(message) == "not-allowed"
            assert engine.watcher.roots == [str(folder)]
            assert await client.refused({"type": "hello", "version": 1, "client": "x", "key": TOKEN}) == "not-allowed"
            assert await client.refused(message) == "not-allowed"

    run(scenario())


def test_edits_need_permission(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder) as (_, bridge), Client(bridge) as client, Client(bridge, trusted=True) as editor:
            map_id = await client.follow(HARD)
            finding = client.finding(map_id, RULE)
            assert finding is not None
            before = (folder / "set" / HARD).read_bytes()
            for each in (client, editor):
                proposal = await each.gets({"type": "propose", "map": map_id, "finding": finding["key"], "fix": 0})
                assert await each.refused({"type": "apply", "proposal": proposal["proposal"]}) == "not-allowed"
                assert await each.refused({"type": "apply", "proposal": "0" * 16}) == "not-allowed"
            assert (folder / "set" / HARD).read_bytes() == before
            assert sorted(each.name for each in (folder / "set").iterdir()) == sorted([HARD, songs.EASY])

    run(scenario())


def test_a_map_that_became_a_link_out_of_the_folder_is_not_written(folder: Path, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with serving(folder, edits=True) as (engine, bridge), Client(bridge) as client:
            map_id = await client.follow(HARD)
            finding = client.finding(map_id, RULE)
            assert finding is not None
            proposal = await client.gets({"type": "propose", "map": map_id, "finding": finding["key"], "fix": 0})
            path = folder / "set" / HARD
            outside = put(tmp_path / "outside", "x.osu", path.read_text(encoding="utf-8"))

            def deaf(_: object) -> None:
                """The daemon has not noticed yet."""

            engine.watcher._told = deaf  # pyright: ignore[reportPrivateUsage]
            path.unlink()
            path.symlink_to(outside)
            assert await client.refused({"type": "apply", "proposal": proposal["proposal"]}) == "no-such-map"
            assert b"1513" in outside.read_bytes()

    run(scenario())


def test_a_file_that_links_out_of_the_folder_is_not_read(folder: Path, tmp_path: Path) -> None:
    secret = put(tmp_path / "outside", "secret.osu", songs.text(name="Secret"))
    (folder / "set" / "Band - Song (Me) [Secret].osu").symlink_to(secret)

    async def scenario() -> None:
        async with serving(folder) as (_, bridge), Client(bridge) as client:
            await client.follow(HARD)
            assert not any("Secret" in (each["difficulty"] or "") for each in client.headers.values())

    run(scenario())


def test_script_in_titles_and_tags_stays_text(folder: Path) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    put(
        folder / "evil",
        "e.osu",
        osu_text(
            ["1,1,1013,1,0"], metadata=(f"Title:{evil}", f"Artist:{evil}", f"Creator:{evil}", f"Version:{evil}", f"Tags:{evil}")
        ),
    )

    async def scenario() -> None:
        async with serving(folder) as (_, bridge), Client(bridge) as client:
            map_id = await client.follow("e.osu")
            assert client.maps[map_id]["header"]["title"] == evil
            post = (await client.gets({"type": "mod-post", "map": map_id}))["text"]
            assert "<script>" not in post
            code, headers, body = await asyncio.to_thread(get, bridge.port, f"/snapshot.json?token={TOKEN}")
            assert (code, headers["Content-Type"]) == (200, "application/json")
            assert json.loads(body)["maps"]
            for path in (f"/rules/{RULE}", "/"):
                assert b"alert(" not in (await asyncio.to_thread(get, bridge.port, path))[2]

    run(scenario())


def test_only_links_to_the_editor_are_opened(folder: Path) -> None:
    opened: list[str] = []

    async def scenario() -> None:
        async with serving(folder, open_link=opened.append) as (_, bridge), Client(bridge) as client:
            map_id = await client.follow(HARD)
            finding = client.finding(map_id, RULE)
            assert finding is not None
            assert await client.gets({"type": "open", "map": map_id, "finding": finding["key"]}) == {
                "link": "osu://edit/00:01:513%20(2)"
            }
            assert await client.gets({"type": "open", "map": map_id, "time_ms": 61_234}) == {"link": "osu://edit/01:01:234"}
            for time in (-1, 1e12):
                assert await client.refused({"type": "open", "map": map_id, "time_ms": time}) == "unavailable"
            assert await client.refused({"type": "open", "map": map_id, "time_ms": "1"}) == "malformed"

    run(scenario())
    assert opened == ["osu://edit/00:01:513%20(2)", "osu://edit/01:01:234"]


def test_one_that_asks_and_does_not_listen_is_let_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.daemon.conversation.MOST_WAITING", 20)

    async def stuck(_: Conversation) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(Conversation, "send_all", stuck)

    async def scenario() -> None:
        async with (
            serving(folder) as (_, bridge),
            connect(f"ws://127.0.0.1:{bridge.port}/ws?token={TOKEN}", proxy=None) as socket,
        ):
            await socket.send(json.dumps({"type": "hello", "version": 1, "client": "x", "key": KEY}))
            for _ in range(40):
                await socket.send('{"type": "ping", "id": 1}')
            async with asyncio.timeout(10):
                await socket.wait_closed()
            assert socket.close_code == 1008

    run(scenario())


def test_who_asks_for_rules_that_are_none_takes_no_memory() -> None:
    assert pages.rule_page("object-unsnapped") is not None
    tracemalloc.start()
    for number in range(500):
        assert pages.rule_page("x" * 4000 + str(number)) is None
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken < 500_000

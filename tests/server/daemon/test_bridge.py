"""What clients are told and may ask for; each message that the daemon sends is held against the schema."""

from __future__ import annotations

import asyncio
import json
import zipfile
from pathlib import Path
from urllib.request import urlopen

from server import dismissals
from tests.server.daemon import served, songs
from tests.server.daemon.served import TOKEN, Client, check_schema, run, serving
from tests.server.daemon.songs import EASY, HARD, SNAPPED, UNSNAPPED
from tests.server.maps import put

RULE = "object-unsnapped"


def test_a_client_hears_of_all_maps_and_of_what_is_found_in_one(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder) as (_, bridge), Client(bridge) as client:
            map_id = await client.follow(HARD)
            header = client.maps[map_id]["header"]
            assert (header["title"], header["artist"], header["difficulty"], header["mode"]) == ("Song", "Band", "Hard", "osu")
            assert header["path"] == f"set/{HARD}"
            assert header["counts"]["error"] >= 1
            finding = client.finding(map_id, RULE)
            assert finding is not None
            assert (finding["timestamp"], finding["link"]) == ("00:01:513 (2)", "osu://edit/00:01:513%20(2)")
            await client.sees(lambda: client.headers[client.id_of(EASY) or ""]["state"] == "ready")
            assert len({each["set"] for each in client.headers.values()}) == 1
            welcome = next(each for each in client.heard if each["type"] == "welcome")
            assert welcome["capabilities"]["edits"] is False

    run(scenario())


def test_a_save_is_told_as_what_changed(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder) as (engine, bridge), Client(bridge) as client:
            put(folder / "set", HARD, songs.text(more=("9,9,2000,1,0",)))
            map_id = await client.follow(HARD)
            await client.sees(lambda: client.maps[map_id]["song"]["objects"] == 3 and client.headers[map_id]["state"] == "ready")
            client.heard.clear()
            put(folder / "set", HARD, songs.text(SNAPPED, more=("9,9,2000,1,0",)))
            await client.sees(lambda: client.finding(map_id, RULE) is None)
            message = await client.hears(lambda each: each["type"] == "map-changed" and each.get("findings", {}).get("removed"))
            assert message["from"] < message["revision"]
            await client.sees(lambda: client.headers[map_id]["editing"])
            state = engine.board.get(map_id)
            assert state is not None
            assert client.maps[map_id] == json.loads(state.text)

    run(scenario())


def test_who_follows_gets_the_map_that_is_edited_now(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder) as (_, bridge), Client(bridge) as client:
            hard, easy = await client.sees(lambda: client.id_of(HARD)), await client.sees(lambda: client.id_of(EASY))
            await client.sees(lambda: all(each["state"] == "ready" for each in client.headers.values()))
            await client.gets({"type": "subscribe", "follow": True})
            put(folder / "set", EASY, songs.text(UNSNAPPED, "Easy"))
            await client.sees(lambda: easy in client.maps and client.finding(easy, RULE))
            await client.sees(lambda: client.headers[easy]["editing"])
            put(folder / "set", HARD, songs.text(SNAPPED))
            await client.sees(lambda: hard in client.maps)
            await client.gets({"type": "unsubscribe", "follow": True})

    run(scenario())


def test_a_map_that_goes_and_comes_back_is_told(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder) as (_, bridge), Client(bridge) as client:
            map_id = await client.follow(HARD)
            (folder / "set" / HARD).unlink()
            await client.hears(lambda each: each["type"] == "map-removed")
            await client.sees(lambda: client.id_of(HARD) is None)
            put(folder / "set", HARD, songs.text())
            await client.sees(lambda: client.finding(map_id, RULE) is not None)

    run(scenario())


def test_a_difficulty_that_goes_or_comes_changes_what_its_neighbours_are_told(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder) as (_, bridge), Client(bridge) as client:
            map_id = await client.follow(HARD)
            before = [each["message"] for each in client.findings(map_id)]
            easy = (folder / "set" / EASY).read_bytes()
            (folder / "set" / EASY).unlink()
            await client.sees(lambda: [each["message"] for each in client.findings(map_id)] != before)
            (folder / "set" / EASY).write_bytes(easy)
            await client.sees(lambda: [each["message"] for each in client.findings(map_id)] == before)

    run(scenario())


def test_looking_explaining_and_a_mod_post(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder) as (_, bridge), Client(bridge) as client:
            map_id = await client.follow(HARD)
            finding = client.finding(map_id, RULE)
            assert finding is not None
            ask = {"map": map_id, "finding": finding["key"]}
            seen = await client.gets({"type": "look", **ask})
            check_schema("look", seen)
            assert seen["expected"][0]["notes"][0]["time_ms"] == 1500
            told = await client.gets({"type": "explain", **ask})
            check_schema("explanation", told)
            assert told["rule"]["name"] == RULE
            post = (await client.gets({"type": "mod-post", "map": map_id}))["text"]
            assert "[00:01:513 (2)](osu://edit/00:01:513%20(2))" in post
            assert await client.refused({"type": "look", "map": map_id, "finding": "0" * 16}) == "no-such-finding"
            assert await client.refused({"type": "look", "map": "0" * 12, "finding": finding["key"]}) == "no-such-map"

    run(scenario())


def test_what_is_asked_right_after_a_save_is_answered_of_the_new_text(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder) as (_, bridge), Client(bridge) as client:
            map_id = await client.follow(HARD)
            finding = client.finding(map_id, RULE)
            assert finding is not None
            ask = {"map": map_id, "finding": finding["key"]}
            path = folder / "set" / HARD
            for number in range(3):
                path.write_bytes(path.read_bytes().replace(b"[Metadata]\n", b"[Metadata]\n// %d\n" % number))
                proposal = await client.gets({"type": "propose", **ask, "fix": 0})
                assert f"// {number}" in path.read_text()
                lines = path.read_text().splitlines()
                assert ",1513," in lines[proposal["hunks"][0]["line"] - 1]
                assert (await client.gets({"type": "look", **ask}))["expected"]

    run(scenario())


def test_a_dismissal_is_written_beside_the_map_and_outlives_the_daemon(folder: Path) -> None:
    async def dismiss() -> str:
        async with serving(folder) as (_, bridge), Client(bridge) as client, Client(bridge) as other:
            map_id = await client.follow(HARD)
            await other.follow(HARD)
            finding = client.finding(map_id, RULE)
            assert finding is not None
            saved = await client.gets({"type": "dismiss", "map": map_id, "finding": finding["key"], "scope": "here"})
            assert saved == {"saved": True}
            await other.sees(lambda: (other.finding(map_id, RULE) or {}).get("dismissed"))
            assert other.maps[map_id]["header"]["dismissed"] == 1
            return str(finding["key"])

    async def restore(key: str) -> None:
        async with serving(folder) as (_, bridge), Client(bridge) as client:
            map_id = await client.follow(HARD)
            await client.sees(lambda: (client.finding(map_id, RULE) or {}).get("dismissed"))
            await client.gets({"type": "restore", "map": map_id, "finding": key})
            await client.sees(lambda: (client.finding(map_id, RULE) or {"dismissed": True})["dismissed"] is False)

    key = asyncio.run(dismiss())
    assert len(dismissals.load(str(folder / "set")).dismissals) == 1
    asyncio.run(restore(key))
    assert not dismissals.load(str(folder / "set")).dismissals


def test_a_rule_can_be_dismissed_in_a_whole_map_and_by_another_program(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder) as (_, bridge), Client(bridge) as client:
            map_id = await client.follow(HARD)
            finding = client.finding(map_id, RULE)
            assert finding is not None
            dismissals.add(str(folder / "set"), [dismissals.in_whole_map(RULE, HARD)])
            await client.sees(lambda: (client.finding(map_id, RULE) or {}).get("dismissed"))
            await client.gets({"type": "restore", "map": map_id, "finding": finding["key"]})
            await client.sees(lambda: not (client.finding(map_id, RULE) or {"dismissed": True})["dismissed"])
            await client.gets({"type": "dismiss", "map": map_id, "finding": finding["key"], "scope": "map"})
            assert dismissals.load(str(folder / "set")).dismissals == {dismissals.in_whole_map(RULE, HARD)}

    run(scenario())


def test_settings_that_change_count_at_once(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder) as (_, bridge), Client(bridge) as client:
            map_id = await client.follow(HARD)
            assert client.finding(map_id, RULE)
            (folder / "maimod.toml").write_text(f'surprisal = false\nignore = ["{RULE}"]\n', encoding="utf-8")
            await client.sees(lambda: client.finding(map_id, RULE) is None)

    run(scenario())


def test_a_proposal_is_applied_where_edits_are_allowed(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder, edits=True) as (_, bridge), Client(bridge) as client:
            map_id = await client.follow(HARD)
            finding = client.finding(map_id, RULE)
            assert finding is not None
            proposal = await client.gets({"type": "propose", "map": map_id, "finding": finding["key"], "fix": 0})
            check_schema("proposal", proposal)
            assert proposal["look"]["expected"][0]["notes"][0]["time_ms"] == 1500
            path = folder / "set" / HARD
            before = path.read_bytes()
            done = await client.gets({"type": "apply", "proposal": proposal["proposal"]})
            assert done["by"] == "daemon"
            assert path.read_bytes() == before.replace(b"1513", b"1500")
            assert (folder / "set" / f"{HARD}.bak").read_bytes() == before
            await client.sees(lambda: client.finding(map_id, RULE) is None)
            assert await client.refused({"type": "apply", "proposal": proposal["proposal"]}) == "no-such-proposal"
            assert any(each["type"] == "applied" for each in client.heard)

    run(scenario())


def test_a_proposal_is_not_applied_over_somebody_elses_change(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder, edits=True) as (_, bridge), Client(bridge) as client:
            map_id = await client.follow(HARD)
            finding = client.finding(map_id, RULE)
            assert finding is not None
            proposal = await client.gets({"type": "propose", "map": map_id, "finding": finding["key"], "fix": 0})
            put(folder / "set", HARD, songs.text(more=("1,1,2000,1,0",)))
            assert await client.refused({"type": "apply", "proposal": proposal["proposal"]}) == "changed"
            assert b"1,1,2000,1,0" in (folder / "set" / HARD).read_bytes()

    run(scenario())


def test_what_an_editor_has_open_wins_over_the_disk_until_it_is_closed(folder: Path) -> None:
    async def scenario() -> None:
        path = str(folder / "set" / HARD)
        async with serving(folder) as (_, bridge), Client(bridge) as client:
            map_id = await client.follow(HARD)
            async with Client(bridge, trusted=True, name="editor") as editor:
                await editor.gets({"type": "text", "path": path, "version": 1, "text": songs.text(SNAPPED)})
                await client.sees(lambda: client.finding(map_id, RULE) is None)
                await client.sees(lambda: client.headers[map_id]["editing"])
                put(folder / "set", HARD, songs.text("0,0,1519,1,0"))
                await asyncio.sleep(0.4)
                assert client.finding(map_id, RULE) is None
            # The editor is gone, so the disk counts again.
            await client.sees(lambda: (client.finding(map_id, RULE) or {}).get("time_ms") == 1519)

    run(scenario())


def test_an_editor_makes_the_change_in_what_it_has_open(folder: Path) -> None:
    async def scenario() -> None:
        path = str(folder / "set" / HARD)
        typed = songs.text("100,100,1512,1,0")
        async with (
            serving(folder, edits=True) as (_, bridge),
            Client(bridge) as client,
            Client(bridge, trusted=True, name="editor", applies=True) as editor,
        ):
            map_id = await client.follow(HARD)
            await editor.gets({"type": "text", "path": path, "version": 7, "text": typed})
            finding = await client.found_at(map_id, 1512)
            proposal = await client.gets({"type": "propose", "map": map_id, "finding": finding["key"], "fix": 0})
            asking = asyncio.create_task(client.ask({"type": "apply", "proposal": proposal["proposal"]}))
            edit = await editor.hears(lambda each: each["type"] == "edit")
            assert (edit["path"], edit["version"], edit["edits"][0]["text"]) == (path, 7, "1500")
            await editor.gets({"type": "edited", "proposal": edit["proposal"], "ok": True})
            assert (await asking)["result"]["by"] == "editor"
            assert b"1513" in (folder / "set" / HARD).read_bytes()

    run(scenario())


def test_an_archive_is_checked_and_never_changed(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder, edits=True) as (_, bridge), Client(bridge) as client:
            await client.follow(HARD)
            with zipfile.ZipFile(folder / "new.tmp", "w") as archive:
                archive.writestr("x [A].osu", songs.text())
                archive.writestr("x [B].osu", songs.text(SNAPPED, "B"))
            (folder / "new.tmp").replace(folder / "new.osz")
            map_id = await client.follow("new.osz/x [A].osu")
            header = client.maps[map_id]["header"]
            assert header["read_only"]
            finding = client.finding(map_id, RULE)
            assert finding is not None
            seen = await client.gets({"type": "look", "map": map_id, "finding": finding["key"]})
            assert seen["notes"]
            assert await client.refused({"type": "propose", "map": map_id, "finding": finding["key"], "fix": 0}) == "read-only"
            (folder / "new.osz").unlink()
            await client.sees(lambda: map_id not in client.headers)

    run(scenario())


def test_one_engine_serves_several_clients_and_a_snapshot(folder: Path) -> None:
    async def scenario() -> None:
        async with serving(folder) as (_, bridge), Client(bridge) as one, Client(bridge, name="obs") as other:
            map_id = await one.follow(HARD)
            assert map_id == await other.follow(HARD)
            assert one.maps[map_id] == other.maps[map_id]

            def get(path: str) -> object:
                with urlopen(f"http://127.0.0.1:{bridge.port}{path}") as answer:
                    return json.load(answer)

            snapshot = await asyncio.to_thread(get, f"/snapshot.json?token={TOKEN}&map={map_id}")
            check_schema("snapshot", snapshot)
            assert isinstance(snapshot, dict)
            assert snapshot["details"] == [one.maps[map_id]]
            health = await asyncio.to_thread(get, "/healthz")
            check_schema("healthz", health)
            assert isinstance(health, dict)
            assert (health["maps"], health["clients"]) == (2, 2)

    run(scenario())


def test_a_client_that_does_not_read_neither_slows_others_nor_misses_the_end(folder: Path) -> None:
    async def scenario() -> None:
        # Findings enough that a snapshot is larger than what the system buffers.
        many = tuple(f"{number},100,{2013 + 100 * number},1,0" for number in range(1, 400))
        put(folder / "set", HARD, songs.text(more=many))
        async with (
            serving(folder) as (_, bridge),
            Client(bridge, checks=False) as quick,
            Client(bridge, checks=False) as slow,
        ):
            map_id = await quick.follow(HARD)
            await slow.follow(HARD)
            slow.socket.transport.pause_reading()
            for number in range(12):
                put(
                    folder / "set",
                    HARD,
                    songs.text(f"9,9,{1513 + number},1,0", more=tuple(each.replace(",1,0", f",1,{number % 8}") for each in many)),
                )
                await quick.found_at(map_id, 1513 + number)
            slow.socket.transport.resume_reading()
            await slow.sees(lambda: slow.maps[map_id]["revision"] == quick.maps[map_id]["revision"])
            assert slow.maps[map_id]["findings"] == quick.maps[map_id]["findings"]
            told = sum(each["type"] == "map-changed" for each in slow.heard)
            assert told < sum(each["type"] == "map-changed" for each in quick.heard)

    run(scenario())


def test_what_the_model_finds_follows_and_has_a_strip(tmp_path: Path) -> None:
    demo = next((served.ROOT / "examples" / "demo").glob("*.osu"))
    put(tmp_path / "demo", demo.name, demo.read_text(encoding="utf-8"))
    # What a rule says as well is told once.
    put(tmp_path, "maimod.toml", 'ignore = ["object-unsnapped"]\n')

    async def scenario() -> None:
        async with serving(tmp_path, model=True) as (_, bridge), Client(bridge) as client:
            map_id = await client.follow(demo.name)
            await client.sees(lambda: client.maps[map_id]["model"]["state"] == "ready")
            surprising = [each for each in client.findings(map_id) if each["surprisal"]]
            assert surprising
            assert client.maps[map_id]["strip"]["categories"]
            told = await client.gets({"type": "explain", "map": map_id, "finding": surprising[0]["key"]})
            check_schema("explanation", told)
            assert told["note"]["fields"]
            # What the rules say of a save is told before the model has spoken of it.
            client.heard.clear()
            (tmp_path / "demo" / demo.name).write_text(
                demo.read_text(encoding="utf-8").replace("ApproachRate:7.25", "ApproachRate:7"), encoding="utf-8"
            )
            first = await client.hears(lambda each: each["type"] == "map-changed" and "findings" in each)
            assert first["header"]["state"] == "checking"
            await client.sees(lambda: client.maps[map_id]["header"]["state"] == "ready")

    run(scenario())


def test_a_folder_around_a_file_that_was_opened_can_still_be_watched_whole(folder: Path) -> None:
    put(folder, "loose.osu", songs.text(name="Loose"))

    async def scenario() -> None:
        async with serving() as (_, bridge), Client(bridge, trusted=True, name="editor") as editor:
            await editor.gets({"type": "text", "path": str(folder / "loose.osu"), "version": 1, "text": songs.text(name="Loose")})
            await editor.named("loose.osu")
            await editor.gets({"type": "watch", "folders": [str(folder)]})
            await editor.named(HARD)

    run(scenario())


def test_a_file_whose_folder_is_gone_is_refused_and_the_editor_stays(folder: Path) -> None:
    async def scenario() -> None:
        async with serving() as (_, bridge), Client(bridge, trusted=True, name="editor") as editor:
            text = {"type": "text", "path": str(folder / "gone" / "a.osu"), "version": 1, "text": songs.text()}
            assert await editor.refused(text) == "unavailable"
            assert await editor.refused({**text, "path": "a\0b.osu"}) == "failed"
            assert await editor.gets({"type": "ping"}) == {}

    run(scenario())


def test_two_that_apply_one_fix_at_once_change_the_map_once(folder: Path) -> None:
    path = str(folder / "set" / HARD)

    async def scenario() -> None:
        async with (
            serving(folder, edits=True) as (_, bridge),
            Client(bridge) as client,
            Client(bridge, trusted=True, name="editor", applies=True) as editor,
        ):
            await editor.gets({"type": "text", "path": path, "version": 7, "text": songs.text("100,100,1511,1,0")})
            map_id = await client.follow(HARD)
            finding = await client.found_at(map_id, 1511)
            asked = {"type": "propose", "map": map_id, "finding": finding["key"], "fix": 0}
            proposal = (await client.gets(asked))["proposal"]
            first = asyncio.create_task(client.gets({"type": "apply", "proposal": proposal}))
            edit = await editor.hears(lambda each: each["type"] == "edit")
            assert await editor.refused({"type": "apply", "proposal": proposal}) == "no-such-proposal"
            await editor.send({"type": "edited", "proposal": edit["proposal"], "ok": True})
            assert (await first)["by"] == "editor"
            assert all(each["type"] != "edit" for each in editor.heard)

    run(scenario())

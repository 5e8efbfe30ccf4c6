"""Starts an installed `maimod serve` on a folder, asks it all that an overlay asks first, and stops it.

Usage: python .ci/serve_smoke.py MAIMOD FOLDER
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 90


def read(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310  the daemon's own address
        body: bytes = answer.read()
    return body


def main(maimod: str, folder: str) -> None:
    with tempfile.TemporaryDirectory() as home:
        places = dict.fromkeys(
            ("HOME", "LOCALAPPDATA", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME"), home
        )
        environment = {**os.environ, **places, "PYTHONUNBUFFERED": "1"}
        said = Path(home) / "said"
        with said.open("wb") as output:
            daemon = subprocess.Popen([maimod, "serve", "--port", "0", folder], env=environment, stdout=output, stderr=output)
        try:
            check(daemon, said)
            subprocess.run([maimod, "serve", "--stop"], env=environment, check=True, timeout=30)
            code = daemon.wait(30)
            if code != 0:
                sys.exit(f"maimod serve ended with exit code {code}:\n{said.read_text(encoding='utf-8')}")
        finally:
            daemon.kill()


def check(daemon: subprocess.Popen[bytes], said: Path) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    last: object = None
    while time.monotonic() < end and daemon.poll() is None:
        time.sleep(0.2)
        found = re.search(r"(http://127\.0\.0\.1:\d+)/[?#](token=[0-9a-f]{32})", said.read_text(encoding="utf-8"))
        if not found:
            continue
        health = json.loads(read(f"{found[1]}/healthz"))
        snapshot: dict[str, Any] = json.loads(read(f"{found[1]}/snapshot.json?{found[2]}"))
        last = health, [each["state"] for each in snapshot["maps"]]
        if health["ok"] and snapshot["maps"] and all(each["state"] == "ready" for each in snapshot["maps"]):
            break
    else:
        sys.exit(f"maimod serve did not get ready; it is at {last} and said:\n{said.read_text(encoding='utf-8')}")
    counts = snapshot["maps"][0]["counts"]
    if not counts["warning"] + counts["error"]:
        sys.exit(f"maimod serve found nothing in the demo map: {counts}")
    page = read(f"{found[1]}/?{found[2]}").decode("utf-8")
    scripts = re.findall(r'<script[^>]* src="([^"]+)"', page)
    if not scripts:
        sys.exit("the overlay's page has no script")
    for script in scripts:
        read(f"{found[1]}/{script.removeprefix('./').removeprefix('/')}")
    print(f"maimod serve answers: {counts['error']} errors and {counts['warning']} warnings in the demo map")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

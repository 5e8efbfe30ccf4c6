"""The worker process: what must not end the server that asks it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from server.scoring import Judged
from server.session import Session
from server.settings import Settings
from server.worker import process
from server.worker.copies import Copies
from server.worker.process import CLOSED, MOST_DEATHS, OPEN, Worker, WorkerFailed, WorkerGone
from server.worker.questions import Check, Judge, Prepare
from tests.server.wondering import odd_text

pytestmark = pytest.mark.asyncio

ORIGINAL = process.PROGRAM
INSTALLED = f"from tests.server import wondering; wondering.install(); {process.PROGRAM}"
# A model that ends the process, as native code that crashes would, or that never answers.
CRASHING = f"import os; from tests.server import wondering; wondering.odd = lambda *_: os.abort(); {INSTALLED}"
HANGING = f"import time; from tests.server import wondering; wondering.odd = lambda *_: time.sleep(600); {INSTALLED}"
URI = "untitled:a.osu"


class Asking:
    """A session with a map open, and its worker."""

    def __init__(self, limit_seconds: float = 30) -> None:
        self.session = Session()
        self.said: list[str] = []
        self.worker = Worker(Copies(self.session), self.said.append, limit_seconds)
        self.session.open(URI, None, "osu", 1, odd_text(100, 200))

    async def judged(self) -> Judged:
        answer = await self.worker.ask(lambda: Judge(URI, Settings()))
        assert isinstance(answer, Judged)
        return answer


Choose = Callable[[str], None]


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Choose:
    def choose(text: str) -> None:
        monkeypatch.setattr(process, "PROGRAM", text)

    return choose


@pytest.fixture
def asking(program: Choose) -> Iterator[Asking]:
    program(INSTALLED)
    one = Asking()
    yield one
    one.worker.stop()


async def test_a_worker_that_was_killed_is_replaced_and_nothing_is_lost(asking: Asking) -> None:
    before = await asking.judged()
    assert len(before.findings) == 2 and not asking.said
    first = asking.worker.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    while asking.worker.pid is not None:  # noqa: ASYNC110  the system tells nobody
        await asyncio.sleep(0.01)
    assert await asking.judged() == before
    assert asking.worker.pid not in (None, first)
    (sentence,) = asking.said
    assert "was killed (signal 9)" in sentence and sentence.endswith("it was started again")


async def test_a_worker_that_dies_over_a_map_is_given_up_after_a_few_times(program: Choose) -> None:
    program(CRASHING)
    asking = Asking()
    for _ in range(3):
        with pytest.raises(WorkerGone):
            await asking.judged()
    assert len(asking.said) <= MOST_DEATHS
    with pytest.raises(WorkerGone, match="not started any more"):
        await asking.judged()
    assert asking.worker.pid is None
    program(INSTALLED)
    asking.worker.restart()
    assert len((await asking.judged()).findings) == 2
    asking.worker.stop()


async def test_a_worker_that_hangs_is_ended(program: Choose) -> None:
    program(HANGING)
    asking = Asking(limit_seconds=3)
    with pytest.raises(WorkerGone, match="did not answer for 3 s"):
        await asking.judged()
    assert asking.worker.pid is None
    asking.worker.stop()


async def test_an_interpreter_that_is_gone_is_told(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    with pytest.raises(WorkerGone, match="could not be started"):
        await asking.judged()


async def test_a_question_that_fails_leaves_the_process_alive(program: Choose) -> None:
    program(ORIGINAL)
    asking = Asking()
    pids: set[int | None] = set()
    for _ in range(2):
        with pytest.raises(WorkerFailed, match="weights of the surprisal model are missing") as trouble:
            await asking.worker.ask(lambda: Prepare("/nowhere/weights.onnx"))
        assert trouble.value.story == ""
        pids.add(asking.worker.pid)
    assert len(pids) == 1 and None not in pids and not asking.said
    asking.worker.stop()


async def test_the_most_urgent_question_comes_first_and_a_cancelled_one_not_at_all(asking: Asking) -> None:
    asked: list[str] = []

    def question(name: str) -> Callable[[], Check]:
        def make() -> Check:
            asked.append(name)
            return Check(f"/nowhere/{name}", {}, asking.session.measure)

        return make

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(asking.worker.ask(question("first.osu"), CLOSED))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        tasks.create_task(asking.worker.ask(question("closed.osu"), CLOSED))
        taken_back = tasks.create_task(asking.worker.ask(question("cancelled.osu"), OPEN))
        tasks.create_task(asking.worker.ask(question("open.osu"), OPEN))
        await asyncio.sleep(0)
        taken_back.cancel()
    assert asked == ["first.osu", "open.osu", "closed.osu"]


async def test_the_event_loop_turns_while_the_worker_thinks(asking: Asking) -> None:
    waiting = asyncio.ensure_future(asking.judged())
    turns = 0
    until = time.monotonic() + 30
    while not waiting.done() and time.monotonic() < until:
        await asyncio.sleep(0)
        turns += 1
    assert turns > 10 and waiting.done()


async def test_a_worker_that_is_stopped_while_it_starts_is_not_waited_for(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    start = process._start  # pyright: ignore[reportPrivateUsage]

    def slow() -> subprocess.Popen[bytes]:
        begun.set()
        go_on.wait(10)
        return start()

    monkeypatch.setattr(process, "PROGRAM", HANGING)
    monkeypatch.setattr(process, "_start", slow)
    question = asyncio.create_task(asking.judged())
    await asyncio.to_thread(begun.wait, 10)
    threading.Timer(0.2, go_on.set).start()
    began = time.monotonic()
    asking.worker.stop()
    assert time.monotonic() - began < 10
    with pytest.raises(WorkerGone):
        await question


def _lives(worker: Worker) -> bool:
    return worker.pid is not None


async def test_a_worker_that_is_asked_nothing_is_ended_and_starts_again(asking: Asking) -> None:
    worker = Worker(Copies(asking.session), asking.said.append, 30, rest_seconds=0.2)
    try:
        for _ in range(2):
            assert isinstance(await worker.ask(lambda: Judge(URI, Settings())), Judged)
            assert _lives(worker)
            async with asyncio.timeout(10):
                while _lives(worker):  # noqa: ASYNC110  nobody is told
                    await asyncio.sleep(0.02)
        assert not asking.said
    finally:
        worker.stop()


async def test_long_work_is_told_and_ended_where_it_does_not_stop(asking: Asking, program: Choose) -> None:
    """The program tells a share and then never answers what it is asked."""
    program(
        "import os, time; from server.worker import desk; "
        "desk.Desk.serve = lambda self, texts, question, waited_for: (waited_for.told(0.5), time.sleep(600)); desk.main()"
    )
    told: asyncio.Queue[float] = asyncio.Queue()
    question = asyncio.create_task(asking.worker.ask(lambda: Judge(URI, Settings()), told=told.put_nowait))
    async with asyncio.timeout(20):
        assert await told.get() == 0.5
    before = asking.worker.pid
    began = time.monotonic()
    question.cancel()
    with pytest.raises(asyncio.CancelledError):
        await question
    assert time.monotonic() - began < 0.2
    program(ORIGINAL)
    assert isinstance(await asking.judged(), Judged)
    assert asking.worker.pid != before and not asking.said

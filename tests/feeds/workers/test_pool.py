"""Workers: a parser that hangs, dies or eats memory costs itself and nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import operator
import os
import shutil
import signal
import subprocess
import sys

import pytest

from bot.errors import ParseError, WorkerKilled
from bot.feeds.document.parse import parse_feed
from bot.feeds.workers import pool as pools
from bot.feeds.workers.confine import MAX_OPEN_FILES, MAX_WORKER_FILE_BYTES
from bot.feeds.workers.pool import WorkerPool
from bot.language.detect import detect_language
from tests.conftest import ROOT

pytestmark = pytest.mark.slow
AMPLY = 300.0  # seconds: on a busy machine too

OF_NOBODY = """
import asyncio, os
from bot.errors import ParseError
from bot.feeds.workers.pool import WorkerPool

async def main():
    print(os.getuid(), os.environ["TOKEN"])
    async with WorkerPool(1) as pool:
        try:
            print(await pool.run(eval, f"open('/proc/{os.getpid()}/environ', 'rb').read()", deadline=300.0))
        except ParseError as error:
            print(error.hint.split()[-1])

asyncio.run(main())
"""


class PatientPool(WorkerPool):
    """A pool whose calls have all the time that a busy machine takes, where a test gives them no other."""

    async def run(self, fn, *args, deadline=AMPLY, **kwargs):
        return await super().run(fn, *args, deadline=deadline, **kwargs)


@pytest.fixture
async def pool():
    async with PatientPool(2) as running:
        yield running


async def test_a_worker_that_was_started_ahead_takes_the_first_call(pool):
    await pool.have_one()
    (process,) = pool._living
    assert await pool.run(os.getpid) == process.pid
    await pool.have_one()
    assert list(pool._living) == [process]


async def test_calls_are_answered_side_by_side_by_living_workers(pool):
    assert await asyncio.gather(*(pool.run(operator.add, i, 1) for i in range(20))) == list(range(1, 21))


@pytest.mark.parametrize(
    ("call", "deadline"), [((operator.pow, 3, 10**8), 0.2), ((os._exit, 3), 5.0), ((bytearray, 10**11), 5.0)]
)
async def test_what_hangs_dies_or_eats_memory_is_ended_and_replaced(pool, call, deadline):
    with pytest.raises(WorkerKilled):
        await pool.run(*call, deadline=deadline)
    assert await pool.run(operator.add, 1, 1) == 2


async def test_a_worker_that_waits_for_its_turn_has_not_used_its_time(pool):
    wait = "__import__('time').sleep({})"
    assert await pool.run(eval, wait.format(0.4), deadline=0.1) is None
    with pytest.raises(WorkerKilled):
        await pool.run(eval, wait.format(600), deadline=0.02)


async def test_an_error_meant_for_people_arrives_as_it_was(pool):
    with pytest.raises(ParseError) as caught:
        await pool.run(parse_feed, b"<html><body>x</body></html>", url="https://a.example/")
    assert caught.value.message == "The address gives a web page, not a feed"
    assert caught.value.hint


async def test_no_text_leaves_a_worker_unclean(pool):
    feed = b'{"version":"1","title":"\\ud83dThe\\u0000 Post","items":[{"id":"\\udc00","title":"A\\u202e\\u0007","content_text":"b\\uffff"}]}'
    document = await pool.run(parse_feed, feed, url="https://a.example/")
    (entry,) = document.entries
    assert (document.title, entry.guid, entry.title, entry.content) == ("The Post", "", "A", "b")
    with pytest.raises(ParseError) as caught:
        await pool.run(refused, "\ud83d\x00x")
    assert caught.value.message == "It is x"


def refused(what):
    raise ParseError(f"It is {what}")


async def test_a_parser_sees_no_secret(monkeypatch):
    monkeypatch.setenv("WIREBRIEF_SLACK_BOT_TOKEN", "xoxb-canary")
    monkeypatch.setenv("HTTPS_PROXY", "http://user:canary@proxy.example")
    async with PatientPool(1) as pool:
        seen = await pool.run(eval, "dict(__import__('os').environ)")
        handles = await pool.run(eval, "sorted(map(int, __import__('os').listdir('/proc/self/fd')))")
    assert set(seen) <= {
        "PYTHONPATH",
        "LANG",
        "PYTHONIOENCODING",
        "LC_CTYPE",
        "OPENBLAS_NUM_THREADS",
        "OMP_NUM_THREADS",
        "MKL_NUM_THREADS",
        "TMPDIR",
    }
    assert "canary" not in repr(seen)
    assert len(handles) <= 6


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /proc and what hides a process in it")
@pytest.mark.parametrize("what", ["environ", "mem", "maps", "fd/0", "cwd/."])
async def test_a_parser_reads_nothing_of_the_process_that_started_it(pool, what):
    with pytest.raises(ParseError) as caught:
        await pool.run(eval, f"open('/proc/{os.getpid()}/{what}', 'rb').read(10)")
    assert "PermissionError" in caught.value.hint
    assert await pool.run(operator.add, 1, 1) == 2


@pytest.mark.skipif(
    os.getuid() != 0 or not shutil.which("setpriv"), reason="only root, with setpriv, becomes another user"
)
def test_a_parser_of_an_ordinary_user_reads_nothing_of_its_parent():
    # The rights to find files are left to it, since the interpreter may lie in root's own folder.
    rights = "-all,+dac_override,+dac_read_search"
    user = ("--reuid", "65534", "--regid", "65534", "--clear-groups")
    done = subprocess.run(
        ["setpriv", *user, "--inh-caps", rights, "--ambient-caps", rights, sys.executable, "-c", OF_NOBODY],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TOKEN": "canary"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stdout.split() == ["65534", "canary", "PermissionError"], done.stderr


@pytest.mark.parametrize(
    "what",
    [
        "__import__('os').fork()",
        "__import__('os').system('true')",
        "__import__('os').execv('/bin/true', ['true'])",
        "__import__('os').posix_spawn('/bin/true', ['true'], dict())",
        "__import__('subprocess').run(['true'])",
        "__import__('os').kill(__import__('os').getppid(), 0)",
        "__import__('socket').create_connection(('127.0.0.1', 1))",
        "__import__('socket').socket().bind(('127.0.0.1', 0))",
        "__import__('urllib.request').request.urlopen('http://127.0.0.1:1/')",
        "[open('/dev/null') for _ in range(100)]",
        "[__import__('os').pipe() for _ in range(100)]",
        "[open('{folder}/a', 'wb', 0).truncate(2**40)]",
    ],
)
async def test_a_parser_starts_nothing_reaches_nothing_and_opens_little(pool, what, tmp_path):
    with pytest.raises(ParseError, match="could not be read"):
        await pool.run(eval, what.format(folder=tmp_path))
    assert await pool.run(operator.add, 1, 1) == 2
    assert [file.stat().st_size for file in tmp_path.iterdir() if file.is_file()] in ([], [0])


async def test_a_confined_parser_still_finds_the_language(pool):
    text = "The talks in Geneva went on for a second day on Monday."
    assert await pool.run(detect_language, text) == "en"


async def test_the_limits_hold_for_code_that_is_not_pythons(pool):
    limits = "[__import__('resource').getrlimit(getattr(__import__('resource'), f'RLIMIT_{n}')) for n in ('NPROC', 'FSIZE', 'CORE', 'NOFILE')]"
    assert await pool.run(eval, limits) == [
        (0, 0),
        (MAX_WORKER_FILE_BYTES,) * 2,
        (0, 0),
        (MAX_OPEN_FILES, MAX_OPEN_FILES),
    ]


async def test_any_other_error_is_a_parse_error(pool):
    with pytest.raises(ParseError, match="could not be read"):
        await pool.run(operator.truediv, 1, 0)


async def test_a_cancelled_call_leaves_no_busy_worker(pool):
    task = asyncio.create_task(pool.run(operator.pow, 3, 10**8, deadline=60))
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await pool.run(operator.add, 2, 2) == 4


async def test_closing_ends_every_process():
    async with PatientPool(2) as pool:
        pids = set(await asyncio.gather(pool.run(os.getpid), pool.run(os.getpid)))
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


async def test_closing_ends_calls_that_are_at_work():
    async with PatientPool(2) as pool:
        await pool.run(operator.add, 1, 1)
        hung = [asyncio.create_task(pool.run(operator.pow, 3, 10**8, deadline=60)) for _ in range(3)]
        await asyncio.sleep(0.2)
    for task in hung:
        task.cancel()
    ended = await asyncio.gather(*hung, return_exceptions=True)
    assert all(isinstance(error, WorkerKilled | asyncio.CancelledError) for error in ended)


async def test_a_hung_worker_does_not_outlive_a_killed_parent(tmp_path):
    program = tmp_path / "parent.py"
    program.write_text(PARENT)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    parent = await asyncio.create_subprocess_exec(
        sys.executable, str(program), stdout=asyncio.subprocess.PIPE, env=environment
    )
    worker = int(await parent.stdout.readline())
    os.kill(parent.pid, signal.SIGKILL)
    await parent.wait()
    async with asyncio.timeout(120):
        while alive(worker):  # noqa: ASYNC110 - the system tells nobody but its parent
            await asyncio.sleep(0.05)


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that ended and waits to be collected does not."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123 - no path object is needed for it
            return file.read().rpartition(b")")[2].split()[0] != b"Z"
    except FileNotFoundError:
        return False


PARENT = """
import asyncio, operator, os
from bot.feeds.workers.pool import WorkerPool

async def main():
    async with WorkerPool(1) as pool:
        pid = await pool.run(os.getpid, deadline=300.0)
        hung = asyncio.create_task(pool.run(operator.pow, 3, 10**9, deadline=1.0))
        await asyncio.sleep(0.1)
        print(pid, flush=True)
        await hung

asyncio.run(main())
"""


async def test_a_folder_named_like_ours_is_not_mistaken_for_the_program(tmp_path, monkeypatch):
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "__init__.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path)
    async with PatientPool(1) as pool:
        assert await pool.run(operator.add, 1, 1) == 2


async def test_a_worker_is_replaced_after_many_calls(monkeypatch):
    monkeypatch.setattr(pools, "MAX_WORKER_CALLS", 2)
    async with PatientPool(1) as pool:
        pids = [await pool.run(os.getpid) for _ in range(4)]
    assert pids[0] == pids[1] != pids[2] == pids[3]


async def test_what_a_parser_prints_or_an_interrupt_does_not_break_it(pool):
    await pool.run(print, "noise")
    await pool.run(signal.raise_signal, signal.SIGINT)
    assert await pool.run(operator.add, 1, 1) == 2


async def test_a_result_beyond_all_bounds_is_refused(pool):
    with pytest.raises(WorkerKilled):
        await pool.run(bytes, 100 * 2**20)
    assert await pool.run(operator.add, 1, 1) == 2


async def test_a_worker_killed_amid_a_large_answer_is_gone_at_once(pool):
    # Its pipe is full and nobody reads it any more: only reading on tells that it ended.
    for hundredths in range(1, 13):
        with contextlib.suppress(WorkerKilled):
            await pool.run(bytes, 60 * 2**20, deadline=hundredths / 100)


async def test_a_worker_has_read_its_rules_before_its_first_call():
    async with PatientPool(1, preload=("bot.feeds.page.entry_text",)) as pool:
        look = "__import__('bot.language.rules', fromlist=['x'])._read_once.cache_info().currsize"
        assert await pool.run(eval, look) > 0

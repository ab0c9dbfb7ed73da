"""A run of the tests leaves nothing behind, however it is ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow

# A run with a server of which it does nothing but note the process, as PostgreSQL itself does.
RUN = """
import signal, subprocess, sys, time
from pathlib import Path
from tests.support.running.guard import guard

# A shell starts what runs beside it with these signals ignored, and so is all that it starts; PostgreSQL has its own.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)
folder = Path(sys.argv[1])
guard(folder)
server = subprocess.Popen(["sleep", "600"], start_new_session=True)
(folder / "postgres").mkdir(parents=True)
(folder / "postgres" / "postmaster.pid").write_text(f"{server.pid}\\n")
print(server.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_ended_leaves_neither_server_nor_folder(tmp_path, way):
    folder = tmp_path / "run"
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, folder],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        text=True,
    )
    with run:
        server = Path("/proc", run.stdout.readline().strip())
        assert server.exists()
        os.killpg(run.pid, way)
    until = time.monotonic() + 120
    while (folder.exists() or _runs(server)) and time.monotonic() < until:
        time.sleep(0.02)
    assert not folder.exists()
    assert not _runs(server)


def _runs(process: Path) -> bool:
    """Tell whether a process has not ended; one of nobody may wait for its exit code to be asked for."""
    try:
        return (process / "stat").read_text("utf-8").rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False

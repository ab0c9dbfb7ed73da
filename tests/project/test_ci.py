"""What keeps a run of the tests, and of CI, from lasting for ever."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

CI = (ROOT / ".ci" / "run").read_text("utf-8")
FAULTS = """
import os
import threading
from pathlib import Path

import pytest

@pytest.fixture(scope="session")
def shared():
    yield
    Path("ended").write_text("once")

@pytest.mark.parametrize("number", range(30))
def test_before(shared, number): assert number != 7
def test_that_waits_for_nobody(): threading.Event().wait()
def test_that_kills_its_process(): os.kill(os.getpid(), 9)
def test_after(shared, tmp_path, capfd):
    assert capfd.readouterr() == ("", "")
"""
LENGTHS = """
import pytest

pytestmark = pytest.mark.slow

def test_slow(): pass
@pytest.mark.long
def test_long(): pass
"""

pytestmark = pytest.mark.slow
HUNG = 20  # seconds: many times what a sound test of these takes where the machine is busy


def _pytest(folder: Path, *options: str, tests: str = FAULTS) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text('pytest_plugins = ["tests.support.running.forks"]')
    (folder / "test_faults.py").write_text(tests)
    without = [f"-pno:{name}" for name in ("cacheprovider", "hypothesispytest")]
    ini = ["-c", ROOT / "pyproject.toml", "--rootdir", folder, "-o", f"faulthandler_timeout={HUNG}"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *without, *ini, *options, folder],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
        env=os.environ | {"PYTEST_ADDOPTS": "", "PYTHONPATH": str(ROOT)},
    )


@pytest.mark.long
def test_a_test_that_hangs_or_kills_its_process_fails_and_the_others_run(tmp_path: Path):
    ran = _pytest(tmp_path, "--forks", "2")
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "3 failed, 30 passed" in ran.stdout
    for name, code in (("test_that_waits_for_nobody", -6), ("test_that_kills_its_process", -9)):
        assert re.search(rf"_ {name} _+\nThe process that ran it ended with exit code {code};", ran.stdout)
    assert re.search(r'test_faults.py", line \d+ in test_that_waits_for_nobody', ran.stderr)
    assert (tmp_path / "ended").read_text() == "once"


def test_a_run_that_ends_with_its_first_failure_leaves_the_other_tests(tmp_path: Path):
    ran = _pytest(tmp_path, "--forks", "1", "-x")
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "1 failed, 7 passed" in ran.stdout
    assert "stopping after 1 failures" in ran.stdout


def test_the_long_tests_are_begun_first_and_the_quick_ones_last(tmp_path: Path):
    (tmp_path / "test_before.py").write_text("def test_quick(): pass")
    ran = _pytest(tmp_path, "--forks", "1", "-vv", tests=LENGTHS)
    assert re.findall(r"::test_(\w+) PASSED", ran.stdout) == ["long", "slow", "quick"], (
        ran.stdout + ran.stderr
    )


def _of_ci(commands: str) -> subprocess.CompletedProcess[str]:
    functions = re.findall(r"^\w+\(\) \{\n.*?^\}\n", CI, re.MULTILINE | re.DOTALL)
    script = "set -euo pipefail\n" + "".join(functions) + commands
    return subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)


def test_what_decides_in_ci_fails_when_it_does_not_end():
    ran = _of_ci("bounded 0.2 sleep 600\necho never")
    assert (ran.returncode, ran.stdout) == (124, "")


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("true", ""),
        ("false", "It was NOT done. It failed, with exit code 1 (see above).\n"),
        ("sleep 600", "It was NOT done. It was ended after 0.2 seconds.\n"),
    ],
)
def test_what_only_tells_in_ci_says_that_it_was_not_done(step: str, said: str):
    ran = _of_ci(f'told {"0.2" if "sleep" in step else 60} "It was NOT done." {step}\necho on')
    assert (ran.returncode, ran.stdout) == (0, f"{said}on\n")


def test_every_step_of_ci_is_bounded():
    steps = re.findall(
        r"^(?:\(.*?&& )?((?:\S*/)?(?:make|wirebrief|python|pip)\b.*|(?:bounded|told) .*)$", CI, re.MULTILINE
    )
    assert len(steps) > 15
    assert [step for step in steps if not re.match(r"bounded \d|told \d", step)] == []

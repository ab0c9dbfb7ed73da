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
HANGS = """
import threading

def test_before(): pass
def test_that_waits_for_nobody(): threading.Event().wait()
def test_after(): pass
"""

pytestmark = pytest.mark.slow


def test_a_test_that_hangs_fails_and_the_others_run(tmp_path: Path):
    (tmp_path / "test_hang.py").write_text(HANGS)
    without = [f"-pno:{name}" for name in ("cacheprovider", "hypothesispytest", "time_machine")]
    options = [*without, "-c", ROOT / "pyproject.toml", "--rootdir", tmp_path, "-o", "faulthandler_timeout=3"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "1", *options, tmp_path],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
        env=os.environ | {"PYTEST_ADDOPTS": ""},
    )
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "1 failed, 2 passed" in ran.stdout
    assert "crashed while running 'test_hang.py::test_that_waits_for_nobody'" in ran.stdout
    assert re.search(r'test_hang.py", line \d+ in test_that_waits_for_nobody', ran.stderr)


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
    assert [step for step in steps if not re.match(r"bounded \d|told \d", step)] == [
        "make audit"
    ]  # it bounds itself

"""The recipe for systemd: its commands work as printed, in the order printed, as the service itself will run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.support.running import processes

PAGE = (ROOT / "docs/operating.md").read_text("utf-8")
UNIT = dict(re.findall(r"^(\w+)=(.*)$", (ROOT / "config/wirebrief.service").read_text("utf-8"), re.MULTILINE))
SCRIPT = (ROOT / "config/wirebrief-as-service").read_text("utf-8")
(RECIPE,) = [block for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) if "useradd" in block]

# It runs what systemd would run: with the folder and the variables it is told, and with no others.
SYSTEMD_RUN = """#!{python}
import os, sys
options = [a for a in sys.argv[1:] if a.startswith("--")][: next(n for n, a in enumerate(sys.argv[1:]) if not a.startswith("--"))]
command = sys.argv[1 + len(options):]
known = dict(o.lstrip("-").partition("=")[::2] for o in options if not o.startswith(("--property", "--setenv")))
assert set(known) == {{"quiet", "collect", "wait", "pipe", "uid", "working-directory"}}, known
properties = dict(o.removeprefix("--property=").split("=", 1) for o in options if o.startswith("--property="))
environment = {{"PATH": os.environ["PATH"], "PYTHONPATH": {root!r}}}
for line in open(properties["EnvironmentFile"].removeprefix("-")):
    if line.strip():
        name, _, value = line.strip().partition("=")
        environment[name] = value
environment.update(o.removeprefix("--setenv=").split("=", 1) for o in options if o.startswith("--setenv="))
os.umask(int(properties["UMask"], 8))
os.chdir(known["working-directory"])
os.execve(command[0], command, environment)
"""


def test_commands_run_as_the_service_does():
    options = dict(re.findall(r"--([a-z-]+)=([^ \\\n]+)", SCRIPT))
    assert options["uid"] == UNIT["User"]
    assert options["working-directory"] == UNIT["WorkingDirectory"] == f"/var/lib/{UNIT['StateDirectory']}"
    assert f"--property=EnvironmentFile={UNIT['EnvironmentFile']}" in SCRIPT
    assert f"--setenv={UNIT['Environment']}" in SCRIPT
    assert f"--property=UMask={UNIT['UMask']}" in SCRIPT
    assert UNIT["ExecStart"] == f"{re.search(r'^  (/opt/.*/wirebrief) ', SCRIPT, re.MULTILINE)[1]} run"
    assert os.access(ROOT / "config/wirebrief-as-service", os.X_OK)


@pytest.mark.slow
def test_the_recipe_works_as_printed(tmp_path):
    stubs, opt = tmp_path / "bin", tmp_path / "opt/wirebrief/bin"
    for folder in (stubs, opt, tmp_path / "usr/local/bin", tmp_path / "etc/systemd/system"):
        folder.mkdir(parents=True)

    def program(path: Path, text: str) -> None:
        path.write_text(text)
        path.chmod(0o755)

    for name in ("useradd", "systemctl", "journalctl"):
        program(stubs / name, f'#!/bin/sh\necho {name} "$@" >> {tmp_path}/called\n')
    program(stubs / "systemd-run", SYSTEMD_RUN.format(python=sys.executable, root=str(ROOT)))
    processes.write_command(opt / "wirebrief")

    def here(text):
        """Return ``text`` with the machine's folders below the test's, and no user but the one who runs it."""
        text = re.sub(r"(?<![\w./])/(etc|var/lib|opt|usr/local/bin)\b", rf"{tmp_path}/\1", text)
        return text.replace(" -o wirebrief -g wirebrief", "").replace(" -g wirebrief", "")

    (tmp_path / "var/lib").mkdir(parents=True)
    program(tmp_path / "config-script", here(SCRIPT))
    script = here(RECIPE).replace("config/wirebrief-as-service /", f"{tmp_path}/config-script /")
    script = script.replace("feeds import world", "feeds import ai").replace(
        f"install -m 0600 /dev/null {tmp_path}/etc/wirebrief/secrets.env",
        f"install -m 0600 /dev/null {tmp_path}/etc/wirebrief/secrets.env\necho WIREBRIEF_BRIEFINGS_TITLE=Early > {tmp_path}/etc/wirebrief/secrets.env",
    )
    done = subprocess.run(
        ["/bin/sh", "-eu", "-c", script],
        cwd=ROOT,
        env=processes.without_settings()
        | {"PATH": f"{stubs}:{tmp_path / 'usr/local/bin'}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=processes.PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "feeds added" in done.stdout
    assert "→ console:briefings.md" in done.stdout
    assert "✓ database: " in done.stdout
    state = tmp_path / "var/lib/wirebrief"
    assert [file.name for file in state.iterdir()] == ["var"]
    assert (state / "var/wirebrief.db").stat().st_mode & 0o077 == 0
    assert (tmp_path / "etc/wirebrief/secrets.env").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "called").read_text().splitlines() == [
        "useradd --system --home-dir " + f"{tmp_path}/var/lib/wirebrief --shell /usr/sbin/nologin wirebrief",
        "systemctl daemon-reload",
        "systemctl enable --now wirebrief",
        "journalctl --unit wirebrief --follow",
    ]

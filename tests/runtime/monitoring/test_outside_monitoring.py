"""An outside opinion: Prometheus' own tool on the alerts and a scrape, and the published schema on the compose file."""

from __future__ import annotations

import json
import subprocess

import jsonschema
import pytest
import yaml

from tests.conftest import ROOT
from tests.runtime.monitoring.test_monitoring import begun

pytestmark = pytest.mark.slow
OUTSIDE = ROOT / "var" / "outside"
PROMTOOL = OUTSIDE / "prometheus/usr/bin/promtool"
SCHEMA = OUTSIDE / "node_modules/dclint/schemas/compose.schema.json"


def needed(file, what):
    # Left out also where CI runs: test_monitoring evaluates the same alerts, and Debian's packages are not everywhere.
    if not file.exists():
        pytest.skip(f"{what} is not here: make outside")


def promtool(*arguments, given=b""):
    needed(PROMTOOL, "promtool")
    done = subprocess.run(
        [PROMTOOL, *arguments],
        cwd=ROOT / "config/prometheus",
        input=given,
        capture_output=True,
        timeout=300,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).decode()


@pytest.mark.parametrize(
    "command",
    [
        "check rules rules.yml",
        "check config --syntax-only prometheus.yml",
        "check config prometheus.yml",
        "test rules rules.test.yml",
    ],
)
def test_promtool_accepts_the_alerts_and_their_tests(command):
    code, said = promtool(*command.split())
    assert code == 0, said
    assert "SUCCESS" in said


def test_promtool_has_no_objection_to_a_scrape():
    assert promtool("check", "metrics", given=begun().text(tick_age=1.0)) == (0, "")


def test_the_compose_file_fits_the_published_schema():
    needed(SCHEMA, "the schema of compose files")
    schema = json.loads(SCHEMA.read_text("utf-8"))
    schema.pop("$schema", None)
    check = jsonschema.Draft202012Validator(schema)
    compose = yaml.safe_load((ROOT / "config/compose.yaml").read_text("utf-8"))
    assert list(check.iter_errors(compose)) == []
    compose["services"]["wirebrief"]["restrt"] = "always"
    assert list(check.iter_errors(compose))

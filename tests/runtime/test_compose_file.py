"""The compose file names what there is; the same steps, in the same order and environment, work without an engine."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
import urllib.request
from pathlib import PurePosixPath

import pytest
import yaml

from bot.config import RunSettings, load_config
from tests.conftest import ROOT
from tests.e2e.test_run import Bot
from tests.support.running import processes

COMPOSE = yaml.safe_load((ROOT / "config/compose.yaml").read_text("utf-8"))
SERVICES = COMPOSE["services"]
BOT = SERVICES["wirebrief"]
CONTAINER = (ROOT / "config/Containerfile").read_text("utf-8")
PAGE = (ROOT / "docs/operating.md").read_text("utf-8")
# Keys of a service that we use, from the compose specification.
KNOWN = set(
    "image build restart depends_on environment env_file volumes ports stop_grace_period init read_only tmpfs cap_drop "
    "security_opt healthcheck profiles".split()
)
PASSWORD = "pass-canary"  # noqa: S105 - nobody's


def environment(service):
    """Return the variables of a service, as they are with a password and nothing else set."""

    def filled(text):
        return re.sub(
            r"\$\{(\w+)(?::\?[^}]*|:-([^}]*))?\}",
            lambda m: PASSWORD if m[1] == "POSTGRES_PASSWORD" else m[2] or "",
            text,
        )

    return {name: filled(value) for name, value in service["environment"].items()}


def containers_environment():
    """Return what the image sets."""
    return dict(re.findall(r"^ENV (\w+)=(\S+)$", CONTAINER, re.MULTILINE))


def test_every_key_is_known_and_every_name_leads_somewhere():
    assert set(COMPOSE) == {"name", "services", "volumes"}
    for name, service in SERVICES.items():
        assert set(service) <= KNOWN, name
        assert re.fullmatch(r"[\w./-]+:[\w.-]+", service["image"]), name
        assert set(service.get("depends_on", ())) <= SERVICES.keys()
        assert "no-new-privileges:true" in service["security_opt"]
        for volume in service["volumes"]:
            source, target, *_ = volume.split(":")
            assert target.startswith("/")
            if source.startswith("."):
                assert (ROOT / "config" / source).exists(), source
            else:
                assert source in COMPOSE["volumes"], source
        for port in service.get("ports", ()):
            assert port.startswith("127.0.0.1:"), "nothing is published to other machines"
    assert {volume.split(":")[0] for one in SERVICES.values() for volume in one["volumes"] if volume[0] != "."} == set(COMPOSE["volumes"])  # fmt: skip
    assert (ROOT / "config" / BOT["build"]["context"]).resolve() == ROOT
    assert (ROOT / BOT["build"]["dockerfile"]).is_file()


def test_monitoring_is_started_on_request_alone():
    assert {name for name, one in SERVICES.items() if "profiles" not in one} == {"wirebrief", "database"}
    assert all(one["profiles"] == ["monitoring"] for one in SERVICES.values() if "profiles" in one)


def test_what_the_bot_is_given_is_configuration_and_the_database_is_that_of_its_neighbour():
    given = environment(BOT) | containers_environment()
    config = load_config(environ=given)
    database = environment(SERVICES["database"])
    assert config.database.url == (
        f"postgresql://{database['POSTGRES_USER']}:{database['POSTGRES_PASSWORD']}@database/{database['POSTGRES_DB']}"
    )
    assert config.log.json_lines
    assert PASSWORD in config.secrets
    check = SERVICES["database"]["healthcheck"]["test"]
    assert {f"--username={database['POSTGRES_USER']}", f"--dbname={database['POSTGRES_DB']}"} <= set(check)
    assert BOT["depends_on"]["database"] == {"condition": "service_healthy"}
    # Without a password nothing starts, with a word on what to do.
    assert "${POSTGRES_PASSWORD:?" in BOT["environment"]["WIREBRIEF_DATABASE_URL"]
    # `init` writes into the working folder of the image, which is kept.
    work = re.search(r"^WORKDIR (/data)$", CONTAINER, re.MULTILINE)
    assert work
    assert f"wirebrief:{work[1]}" in BOT["volumes"]


def test_the_bot_has_time_to_finish_and_prometheus_finds_it():
    assert int(BOT["stop_grace_period"].removesuffix("s")) > 2 * RunSettings().stop_seconds
    port = containers_environment()["WIREBRIEF_RUN_HTTP"].rpartition(":")[2]
    assert BOT["ports"] == [f"127.0.0.1:{port}:{port}"]
    scraped = yaml.safe_load((ROOT / "config/prometheus/prometheus.yml").read_text("utf-8"))
    assert scraped["scrape_configs"][0]["static_configs"][0]["targets"] == [f"wirebrief:{port}"]


def test_grafana_is_given_its_source_and_the_dashboard():
    mounted = dict(volume.split(":")[:2] for volume in SERVICES["grafana"]["volumes"])
    provisioning = ROOT / "config/grafana/provisioning"
    (source,) = yaml.safe_load((provisioning / "datasources/prometheus.yml").read_text("utf-8"))[
        "datasources"
    ]
    port = SERVICES["prometheus"]["ports"][0].rpartition(":")[2]
    assert (source["type"], source["url"]) == ("prometheus", f"http://prometheus:{port}")
    (provider,) = yaml.safe_load((provisioning / "dashboards/wirebrief.yml").read_text("utf-8"))["providers"]
    placed = PurePosixPath(mounted["./grafana/wirebrief.json"])
    assert str(placed.parent) == provider["options"]["path"]
    assert mounted["./grafana/provisioning"] == "/etc/grafana/provisioning"


@pytest.mark.long
@pytest.mark.slow
def test_the_same_steps_work_without_an_engine(tmp_path, new_postgres_url, unused_tcp_port):
    given = (
        environment(BOT)
        | containers_environment()
        | {"WIREBRIEF_DATABASE_URL": new_postgres_url, "WIREBRIEF_RUN_HTTP": f"127.0.0.1:{unused_tcp_port}"}
    )

    def call(*arguments):
        return processes.run(*arguments, cwd=tmp_path, env=given)

    # run --rm wirebrief init
    made = call(
        "init", "--platform", "console", "--zone", "Europe/Berlin", "--pack", "ai", "--channel", "console:out.md",
        "--times", "daily 07:30", "--no-read",
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["wirebrief.toml"]
    # up -d: what the health check of the image asks is answered, and so is what Prometheus asks.
    bot = Bot(tmp_path, **given)
    try:
        bot.said('"event": "started"')
        (command,) = re.findall(r"^ (\[\"python\", .*\])$", CONTAINER, re.MULTILINE)
        _, *arguments = json.loads(command.replace(":8321", f":{unused_tcp_port}"))
        checked = subprocess.run([sys.executable, *arguments], capture_output=True, timeout=300, check=False)
        assert checked.returncode == 0, checked.stderr
        with contextlib.closing(
            urllib.request.urlopen(f"http://127.0.0.1:{unused_tcp_port}/metrics", timeout=300)
        ) as answer:
            assert b'wirebrief_build_info{database="PostgreSQL"' in answer.read()
        # exec wirebrief wirebrief subscriptions
        assert "console:out.md" in call("subscriptions").stdout
        assert bot.stop() == 0
    finally:
        bot.process.kill()
        bot.process.wait()
    events = [json.loads(line)["event"] for line in bot.out.read_text().splitlines() if line.startswith("{")]
    # An ingest that was at work may end in between.
    assert [event for event in events if event != "ingest finished"][-2:] == ["stopping", "stopped"]
    assert events[0] == "started"


def test_the_page_has_the_commands_that_the_file_has():
    commands = re.findall(r"docker compose -f config/compose\.yaml[^#\n]*", (ROOT / "config/compose.yaml").read_text("utf-8"))  # fmt: skip
    assert len(commands) == 3
    for command in commands:
        assert " ".join(command.split()) in PAGE

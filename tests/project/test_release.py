"""A release says one version everywhere, and names the packages that it runs on."""

from __future__ import annotations

import re
import tomllib

from bot.config import Fetch
from tests.conftest import ROOT

PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)(.*)", re.MULTILINE)
ROW = re.compile(r"^\| ([^ |]+) +\| ([^ |]+) +\| ([^|]+?) +\|$", re.MULTILINE)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def test_the_newest_section_of_the_changelog_with_a_version_is_that_of_the_package():
    sections = re.findall(
        r"^## \[(\d[^\]]*)\] - (\d{4}-\d\d-\d\d)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )
    assert sections[0][0] == _version()


def test_publishers_are_told_the_version_that_asks_them():
    assert Fetch().user_agent.startswith(f"Wirebrief/{_version().rpartition('.')[0]} ")


def test_the_notices_name_every_pinned_package_with_its_licence():
    pins = PIN.findall((ROOT / "requirements.txt").read_text("utf-8"))
    pinned = {(_normal(name), version) for name, version, _ in pins}
    everywhere = {_normal(name) for name, _, marker in pins if ";" not in marker}
    rows = ROW.findall((ROOT / "THIRD_PARTY_NOTICES.md").read_text("utf-8"))
    named = {(_normal(name), version) for name, version, _ in rows if name != "Name"}
    assert len(named) > 50
    assert named - pinned == set()
    assert everywhere - {name for name, _ in named} == set()
    assert [name for name, _, licence in rows if licence in {"", "UNKNOWN"}] == []


def test_a_version_of_the_changelog_has_each_kind_of_change_once():
    kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
    for section in re.split(r"^## ", (ROOT / "CHANGELOG.md").read_text("utf-8"), flags=re.MULTILINE)[1:]:
        headings = re.findall(r"^### (.+)$", section, re.MULTILINE)
        assert set(headings) <= set(kinds)
        assert len(headings) == len(set(headings)), section.partition("\n")[0]

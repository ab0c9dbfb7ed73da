"""Help that fits a terminal of 80 columns: a line a verb, under the heading of its group."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from bot.cli import app

pytestmark = pytest.mark.slow

HEADINGS = ["Options:", "Read the news:", "Channels:", "Feeds and platforms:", "Operate:"]


def help_of(*arguments):
    done = CliRunner().invoke(app, [*arguments, "--help"], env={"COLUMNS": "80", "TERMINAL_WIDTH": "80"})
    assert done.exit_code == 0
    return done.output


@pytest.mark.parametrize("group", [(), ("feeds",), ("slack",), ("discord",)])
def test_each_summary_fits_one_line(group):
    _, _, listed = help_of(*group).partition("--help")
    for line in listed.splitlines():
        assert len(line) <= 80
        assert not line.endswith("...")


def test_verbs_stand_under_the_headings_of_their_groups():
    assert [line for line in help_of().splitlines() if line.endswith(":") and line[0] != " "] == HEADINGS


def test_earlier_names_of_verbs_work_but_are_not_listed():
    for name in ("hold", "release"):
        assert f"  {name} " not in help_of()
        assert "ID" in help_of(name)

"""Help that fits a terminal of 80 columns: a line a verb, under the heading of its group."""

from __future__ import annotations

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from bot.cli import app

pytestmark = pytest.mark.slow

HEADINGS = ["Options:", "Read the news:", "Channels:", "Feeds and platforms:", "Operate:"]


def groups(command, path=()):
    if isinstance(command, TyperGroup):
        yield path
        for name, verb in command.commands.items():
            yield from groups(verb, (*path, name))


def verbs(command, path=()):
    for name, verb in command.commands.items():
        yield from verbs(verb, (*path, name)) if isinstance(verb, TyperGroup) else ((path, name, verb),)


@pytest.fixture
def help_of(monkeypatch, capsys):
    # Without Typer's CliRunner, which gives help two columns more than a terminal of 80 does.
    monkeypatch.setenv("COLUMNS", "80")

    def read(*arguments):
        with pytest.raises(SystemExit) as left:
            app([*arguments, "--help"], prog_name="wirebrief")
        assert left.value.code == 0
        return capsys.readouterr().out

    return read


GROUPS = list(groups(get_command(app)))


@pytest.mark.parametrize("group", GROUPS, ids=" ".join)
def test_each_summary_fits_one_line(help_of, group):
    _, _, listed = help_of(*group).partition("--help")
    for line in listed.splitlines():
        assert len(line) <= 78
        assert not line.endswith("...")


def test_every_group_is_read():
    assert {(), ("feeds",), ("slack",), ("discord",), ("stories",)} <= set(GROUPS)


def test_every_argument_is_named_in_capitals():
    small = {
        f"{' '.join(path)} {name}: {argument.name}"
        for path, name, verb in verbs(get_command(app))
        for argument in verb.params
        if argument.param_type_name == "argument"
        and not (argument.metavar and argument.metavar == argument.metavar.upper().replace("JSONL", "jsonl"))
    }
    assert not small


def test_verbs_stand_under_the_headings_of_their_groups(help_of):
    assert [line for line in help_of().splitlines() if line.endswith(":") and line[0] != " "] == HEADINGS


def test_earlier_names_of_verbs_work_but_are_not_listed(help_of):
    listed = help_of()
    for name in ("hold", "release"):
        assert f"  {name} " not in listed
        assert "ID" in help_of(name)

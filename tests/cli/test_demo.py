"""What the demo proposes next."""

from __future__ import annotations

import pytest
import typer
from typer.main import get_command

from bot.cli import app
from bot.cli.news.demo import DEMO_MODEL, DemoModel, next_steps, read_model


@pytest.mark.parametrize("model", [DemoModel.RECORDED, DemoModel.SCRIPTED])
def test_the_briefings_shown_are_those_of_the_model_that_was_asked_for(model):
    assert ["preview", "--demo", "--model", model.value, "--force"] in [
        verb.split() for verb, _ in next_steps(model)
    ]


@pytest.mark.parametrize("model", DemoModel)
def test_preview_takes_what_is_proposed(model):
    (words,) = (verb.split()[1:] for verb, _ in next_steps(model) if verb.startswith("preview"))
    preview = get_command(app).commands["preview"]
    read = preview.make_context("preview", words).params
    assert read["demo"]
    assert read["model"] == model


def test_the_earlier_name_of_quoted_is_accepted_and_not_listed():
    preview = get_command(app).commands["preview"]
    assert (
        preview.make_context("preview", ["--demo", "--model", "extracts"]).params["model"] is DemoModel.QUOTED
    )
    assert "extracts" not in DEMO_MODEL["metavar"]
    with pytest.raises(typer.BadParameter, match="'recorded', 'scripted'"):
        read_model("extract")


def test_quoted_briefings_are_shown_without_a_model():
    assert "preview --demo --force" in [verb for verb, _ in next_steps(DemoModel.QUOTED)]

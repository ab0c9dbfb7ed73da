"""Prompts: what is declared is what is used, and nothing from outside can name a variable."""

from __future__ import annotations

import pytest

from bot.errors import ConfigError
from bot.prompts import folder, load_prompt, parse_prompt

GOOD = """+++
purpose = "Says hello to somebody."
version = 3
reply = "greeting"
variables = ["name"]
+++
# System
Be kind.
# User
Greet {{name}}.
"""


def test_a_prompt_is_read_and_filled():
    prompt = parse_prompt(GOOD, name="hello")
    assert (prompt.version, prompt.reply, prompt.system) == (3, "greeting", "Be kind.")
    assert prompt.fill(name="{{name}} and {{secret}}") == "Greet {{name}} and {{secret}}."


def test_only_declared_variables_are_filled():
    prompt = parse_prompt(GOOD, name="hello")
    with pytest.raises(ValueError, match="other"):
        prompt.fill(name="A", other="B")
    with pytest.raises(ValueError, match="name"):
        prompt.fill()


def test_the_hash_names_exactly_this_text():
    assert parse_prompt(GOOD, name="a").hash != parse_prompt(GOOD.replace("kind", "brief"), name="a").hash


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (GOOD.replace("+++\n", ""), "front matter"),
        (GOOD.replace("# User\n", ""), "headings"),
        (GOOD.replace("Be kind.", "Be kind to {{name}}."), "must not vary"),
        (GOOD.replace("{{name}}", "{{other}}"), "name, other"),
        (GOOD.replace("version = 3", "versoin = 3"), "version"),
        (GOOD.replace('"greeting"', '"Greeting!"'), "reply"),
        (GOOD.replace("= 3", "="), "Invalid value"),
    ],
)
def test_a_wrong_prompt_is_refused_with_its_reason(text, reason):
    with pytest.raises(ValueError, match=reason):
        parse_prompt(text, name="x")


def test_a_missing_prompt_is_named():
    with pytest.raises(ConfigError, match="no_such"):
        load_prompt("no_such")


def test_every_prompt_of_ours_can_be_loaded():
    names = [path.stem for path in folder().glob("*.md") if path.stem != "README"]
    assert all(load_prompt(name).system for name in names)


SET_UP = GOOD.replace('variables = ["name"]', 'variables = ["name"]\nsetup = ["manners"]').replace(
    "Be kind.", "Be {{manners}}."
)


def test_what_varies_by_installation_alone_is_set_up_once_and_named_by_the_hash():
    prompt = parse_prompt(SET_UP, name="hello")
    kind, rude = prompt.set_up(manners="kind"), prompt.set_up(manners="{{name}} rude")
    assert kind.system == "Be kind."
    assert rude.system == "Be {{name}} rude."  # what is filled in is not read for variables again
    assert len({prompt.hash, kind.hash, rude.hash}) == 3
    assert kind.hash == prompt.set_up(manners="kind").hash
    assert kind.fill(name="A") == "Greet A."


@pytest.mark.parametrize("values", [{}, {"other": "x"}, {"manners": "x", "other": "y"}])
def test_a_prompt_is_set_up_with_exactly_what_it_declares(values):
    with pytest.raises(ValueError, match="declares other variables"):
        parse_prompt(SET_UP, name="hello").set_up(**values)


def test_a_system_part_with_a_variable_it_does_not_declare_is_refused():
    with pytest.raises(ValueError, match="must not vary"):
        parse_prompt(SET_UP.replace("{{manners}}", "kind"), name="hello")

"""What nothing in the program uses is deleted: tests alone keep no code."""

from __future__ import annotations

import tomllib

import pytest
from vulture import Vulture

from tests.conftest import ROOT

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["vulture"]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def unused():
    vulture = Vulture(ignore_decorators=SETTINGS["ignore_decorators"])
    vulture.scavenge([ROOT / path for path in SETTINGS["paths"]])
    return {found.name: f"{found.filename}:{found.first_lineno}" for found in vulture.get_unused_code()}


def test_every_name_of_the_program_is_used_by_it(unused):
    dead = {name: where for name, where in unused.items() if name not in SETTINGS["ignore_names"]}
    assert dead == {}


def test_no_name_is_excused_that_is_used_or_gone(unused):
    assert set(SETTINGS["ignore_names"]) - unused.keys() == set()

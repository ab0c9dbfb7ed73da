"""What counts of a name, and in which forms a text holds it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.evidence.reading.facts import read
from bot.evidence.reading.name_forms import core_of, is_held, pieces, same

PUBLISHED = datetime(2031, 7, 9, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("President Mara Lindqvist’s", ("mara", "lindqvist")),
        ("The U.N.", ("un",)),
        ("Dr. von Halden", ("halden",)),
    ],
)
def test_titles_particles_and_possessives_do_not_count(name: str, core: tuple[str, ...]):
    assert core_of(name) == core


def test_a_person_of_a_country_or_body_is_two_names():
    assert pieces(core_of("South Korean President Moon")) == [("south", "korean"), ("moon",)]
    assert pieces(core_of("Mara Lindqvist of Norvik")) == [("mara", "lindqvist"), ("norvik",)]


def held(name: str, text: str) -> bool:
    return is_held(core_of(name), None, read(text, PUBLISHED))


def test_a_text_holds_a_name_in_its_forms_but_a_surname_holds_no_first_name():
    assert held("Lindqvist", "Mara Lindqvist left.")
    assert held("China", "Chinese ships left.")
    assert held("Saint-Orla", "The Saint Orla left.")
    assert not held("Mara Lindqvist", "Lindqvist left.")


def test_two_names_may_mean_the_same_country():
    assert same(("german",), ("germany",), "German", "Germany")
    assert not same(("german",), ("france",), "German", "France")

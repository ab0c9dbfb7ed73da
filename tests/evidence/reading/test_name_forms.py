"""What counts of a name, and in which forms a text holds it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.evidence.reading.facts import read
from bot.evidence.reading.name_forms import core_of, has_phrase, is_held, pieces, same
from bot.evidence.reading.slots import Name

PUBLISHED = datetime(2031, 7, 9, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("President Mara Lindqvist’s", ("mara", "lindqvist")),
        ("The U.N.", ("un",)),
        ("Dr. von Halden", ("halden",)),
        ("Leif the Tall", ("leif", "tall")),
        ("Mara O’Neill’s", ("mara", "o'neill")),
    ],
)
def test_titles_particles_and_possessives_do_not_count(name: str, core: tuple[str, ...]):
    assert core_of(name) == core


def test_a_person_of_a_country_or_body_is_two_names():
    assert pieces(core_of("South Korean President Moon")) == [("south", "korean"), ("moon",)]
    assert pieces(core_of("Mara Lindqvist of Norvik")) == [("mara", "lindqvist"), ("norvik",)]
    assert pieces(core_of("Broadcom CEO Hock Tan")) == [("broadcom",), ("hock", "tan")]


@pytest.mark.parametrize(
    "name", ["Mara Lindqvist", "Mara Anna Lindqvist Berg", "South Korea", "Broadcom CEO"]
)
def test_one_name_is_one_piece(name: str):
    assert pieces(core_of(name)) == [core_of(name)]


def held(name: str, text: str) -> bool:
    return is_held(core_of(name), None, read(text, PUBLISHED))


def test_a_text_holds_a_name_in_its_forms_but_a_surname_holds_no_first_name():
    assert held("Lindqvist", "Mara Lindqvist left.")
    assert held("China", "Chinese ships left.")
    assert held("Saint-Orla", "The Saint Orla left.")
    assert not held("Mara Lindqvist", "Lindqvist left.")
    assert held("Mara Lindqvist", "Lindqvist, whose first name is Mara, left.")
    assert held("Mara Anna Lindqvist", "Mara Lindqvist left.")


def held_as(name: str, text: str, *, before: str = "") -> bool:
    """Tell whether ``text`` holds the ``name`` that begins a sentence, or with ``before`` does not."""
    (printed,) = read(f"{before}{name} left.", PUBLISHED).names
    return is_held(core_of(name), printed, read(text, PUBLISHED))


def test_a_body_is_held_by_the_words_of_its_capitals_and_a_platform_by_what_it_carries():
    assert held("ICC", "The International Cricket Council met.")
    assert held("Instagram", "He wrote it in a post.")
    assert held("Twitter", "He wrote it in a tweet.")
    assert not held("Instagram", "He wrote it in a tweet.")


def test_a_plural_is_held_by_one_of_them():
    assert held_as("IITs", "An IIT was opened.")
    assert held_as("Norlanders", "A Norlander won.")
    assert not held_as("Norvika", "Norvik left.")


CHRISTMAS = Name(text="Christmas Day", start=0, end=13, first=False, slots=frozenset(), near=frozenset())


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("The harbour opens on 25 December.", True),
        ("The harbour opens on 24 December.", False),
        ("The harbour opens on 25 November.", False),
        ("The harbour is open between 25 and 27 December 2031.", False),
    ],
)
def test_a_feast_is_held_by_its_day_and_no_other(text, held):
    assert is_held(core_of(CHRISTMAS.text), CHRISTMAS, read(text, PUBLISHED)) is held


def test_a_first_word_with_a_capital_need_not_be_part_of_a_name():
    assert held_as("Embattled Kestrel", "Kestrel was embattled.")
    assert held_as("Embattled ICC", "The International Cricket Council met.")
    assert not held_as("Velmar ICC", "The International Cricket Council met.")
    assert not held_as("Embattled ICC", "The International Cricket Council met.", before="It is said that ")
    assert not held_as("Brevian ICC", "It met the Brevian team and the International Cricket Council.")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("un",), "The UN met."),
        (("un",), "The U.N. met."),
        (("northport",), "It left North Port early."),
        (("north", "port"), "It left Northport early."),
        (("new", "north", "port"), "It left New Northport early."),
    ],
)
def test_words_stand_side_by_side_however_they_are_joined(words: tuple[str, ...], text: str):
    assert has_phrase(words, read(text, PUBLISHED))


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("un",), "It is the u n of words."),
        (("north", "port"), "It left the north for a port."),
        (("north", "port"), "It left Port North."),
    ],
)
def test_words_that_stand_apart_are_no_phrase(words: tuple[str, ...], text: str):
    assert not has_phrase(words, read(text, PUBLISHED))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lindqvist", "Mara Lindqvist"),
        ("AT&T", "American Telephone Telegraph"),
        ("I.C.C.", "International Cricket Council"),
    ],
)
def test_a_name_and_its_short_form_may_mean_the_same(one: str, other: str):
    assert same(core_of(one), core_of(other), one, other)
    assert same(core_of(other), core_of(one), other, one)
    assert not same(core_of(one), core_of("Tom Hale"), one, "Tom Hale")


def test_two_names_may_mean_the_same_country():
    assert same(("german",), ("germany",), "German", "Germany")
    assert not same(("german",), ("france",), "German", "France")

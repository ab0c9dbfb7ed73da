"""Actors: persons with a role as printed, and words that are their own."""

from __future__ import annotations

import pytest

from bot.language.entities.people import people_of
from bot.updates.by_rules.actors import find_actors
from tests.servers.written import article
from tests.support.running.rows import each_row

PEOPLE = people_of("en")


@each_row(
    ("sentence", "name", "role"),
    [
        ("Finance minister Olga Brinn said aid would come.", "Olga Brinn", "Finance minister"),
        ("US President Dana Holt met envoys.", "Dana Holt", "US President"),
        ("Secretary of State Rosa Quill spoke.", "Rosa Quill", "Secretary of State"),
        (
            "Mara Lund, president of the dockers' union, said so.",
            "Mara Lund",
            "president of the dockers' union",
        ),
        ("City Hall spokesperson Ana Ruiz said no.", "Ana Ruiz", "City Hall spokesperson"),
        ("Commission president Ursula von der Tarn spoke.", "Ursula von der Tarn", "Commission president"),
        ("Vice President J.D. Moe spoke in Osby.", "J.D. Moe", "Vice President"),
        ("The museum director Ana Ruiz spoke.", "Ana Ruiz", "museum director"),
        ("A chain's marketing chief Ivo Lantz spoke.", "Ivo Lantz", "marketing chief"),
        ("Orsund content officer Ana Ruiz spoke.", "Ana Ruiz", "Orsund content officer"),
        ("They told chief Oskar Wenn so.", "Oskar Wenn", "chief"),
        ("New York Attorney General Ana Ruiz sued.", "Ana Ruiz", "New York Attorney General"),
        ("WHO official Maria van Kern said so.", "Maria van Kern", "WHO official"),
        ("The First Minister Ana Ruiz spoke.", "Ana Ruiz", "First Minister"),
        ("Assistant Chief Constable Ana Ruiz spoke.", "Ana Ruiz", "Assistant Chief Constable"),
        ("Only the first finance minister Ana Ruiz spoke.", "Ana Ruiz", "finance minister"),
        ("Al-Tarik spokesman Ali Dhere claimed the attack.", "Ali Dhere", "Al-Tarik spokesman"),
    ],
)
def test_a_role_is_what_stands_beside_the_name(sentence, name, role):
    assert [(p.name, p.role) for p in PEOPLE.persons(sentence)] == [(name, role)]


@each_row(
    "sentence",
    [
        "Ivo Lantz ran away.",
        "Ivo Lantz, who lives in Tarn, ran away.",
        "Getty Images photographer Ana Ruiz was there.",
        "The prime minister's Security Council met in New York.",
        "Like Port Selin, the town of Osby has a harbour.",
        "Mayor Oskar Wenn's lawyer spoke.",
        "Player Ben Zorn, best known as a coach of the young, left.".replace("Player ", ""),
        "“Hey,” said Ivo Lantz, walking on stage to applause.",
        "Its zebra chief Ivo Lantz spoke.",
        "University of Velmar president's office called.",
    ],
)
def test_who_has_no_role_is_no_actor_and_nor_is_a_place_a_body_or_a_credit(sentence):
    assert list(PEOPLE.persons(sentence)) == []


def actors(text, title="Talks in Lund"):
    return find_actors([article(text, title=title)])


def test_one_person_under_several_names_is_one_actor_with_his_own_words():
    text = "President Dana Holt opened the talks in Lund. Holt said the talks would be long. Dana Holt left Lund."
    (holt,) = actors(text)
    assert (holt.name, holt.role, holt.position) == (
        "Dana Holt",
        "President",
        "Holt said the talks would be long.",
    )


@pytest.mark.parametrize(
    "text",
    [
        "A lawyer for President Dana Holt said the talks were over.",
        "President Dana Holt was in Lund, the ministry said.",
        "President Dana Holt's brother said the talks were over.",
        "President Dana Holt spoke to reporters. “It is over,” the envoy said of Holt.",
    ],
)
def test_what_others_say_of_somebody_is_no_position_of_his(text):
    assert all(not a.position for a in actors(text, title="Holt in Lund"))


@pytest.mark.parametrize(
    "said",
    [
        "“The talks are over,” President Dana Holt said.",
        "The talks are over, said President Dana Holt.",
        "President Dana Holt told the Lund Post that the talks were over.",
        "Dana Holt, president of Ardenia, said the talks were over.",
    ],
)
def test_who_speaks_is_told_with_the_sentence(said):
    (holt,) = actors(said)
    assert holt.position == said


def test_of_two_people_with_one_last_name_nobody_is_quoted_by_it():
    text = "President Dana Holt met envoy Vera Holt in Lund. Holt said the talks were over."
    assert all(not a.position for a in actors(text, title="Dana Holt and Vera Holt in Lund"))


def test_a_language_without_rules_for_people_has_no_actors():
    text = "Foreign minister Olga Brinn said the talks were over."
    assert find_actors([article(text, language="en")])
    assert find_actors([article(text, language="hu")]) == ()


def test_who_speaks_once_and_late_has_no_part_in_the_story():
    rain = "Rain fell on Lund. " * 11
    assert actors("President Dana Holt said the talks were over. " + rain)
    assert actors(rain + "President Dana Holt said the talks were over.") == ()


FILLER = " ".join(f"Delegation {n} arrived in Lund by train on Monday." for n in range(13))


def test_who_speaks_late_and_seldom_comments_and_is_no_actor():
    late = f"Talks opened in Lund. {FILLER} Bank director Ida Renn said the talks would fail."
    assert actors(late) == ()
    early = f"Talks opened in Lund. Bank director Ida Renn said the talks would fail. {FILLER}"
    assert [one.name for one in actors(early)] == ["Ida Renn"]


def test_who_knows_the_matter_is_an_actor_only_in_a_title_or_in_front():
    text = f"Talks opened in Lund. {FILLER[:300]} Former minister Ida Renn said so. Renn said more. Renn said no. Renn said yes."
    assert actors(text) == ()
    assert [one.name for one in actors(text, title="Renn: talks will fail")] == ["Ida Renn"]


def test_an_onlooker_is_an_actor_only_in_a_title():
    text = "{0} Ida Renn said the talks would fail. " + FILLER[:300]
    assert [one.name for one in actors(text.format("Former minister"))] == ["Ida Renn"]
    assert actors(text.format("Law professor")) == ()
    assert [one.name for one in actors(text.format("Law professor"), title="Renn joins talks")] == [
        "Ida Renn"
    ]


def test_words_of_long_ago_are_no_ones_position() -> None:
    said = "Finance minister Olga Brinn said {0} that aid would come to Osby."
    assert [a.position for a in actors(said.format("on Monday"))] == [said.format("on Monday")]
    assert actors(said.format("in January 2029")) == ()


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("“The road is open,” said mayor Ivo Lantz.", True),
        ("Ana Ruiz, a former mayor, said mayor Ivo Lantz “inspired so many”.", False),
        ("Ana Ruiz, a former mayor, said mayor Ivo Lantz was a friend.", False),
    ],
)
def test_who_is_spoken_of_does_not_speak(text, speaks):
    (lantz,) = (p for p in PEOPLE.persons(text) if p.name == "Ivo Lantz")
    assert PEOPLE.speaks(text, start=lantz.role_start, end=lantz.end) == speaks


@pytest.mark.parametrize(
    ("before", "day", "acts"), [(3, "", True), (14, "", False), (14, " on Monday", True)]
)
def test_who_acts_speaks_early_or_on_a_day_of_the_news(before, day, acts):
    filler = [f"The ferry number {n} lies in the port of Osby." for n in range(before)]
    # Named often enough to have a part in the story.
    named = ["Mayor Ivo Lantz went to the port."] * 4
    said = f"Mayor Ivo Lantz said{day} that the port was closed."
    found = find_actors([article("\n".join([*filler, *named, said]), title="Port closes")])
    assert [one.name for one in found] == (["Ivo Lantz"] if acts else [])

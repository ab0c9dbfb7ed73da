"""What makes a sentence worth telling: each feature by itself, and what repeats."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from bot.updates.by_rules.sentences import best_indexes, choose
from bot.updates.by_rules.worth import WORTH_WEIGHTS, Features, SentenceMeasure, worth
from tests.servers.written import article

REPORT = (
    "The ferry company cut its winter timetable to Bergen on Monday after two ships failed inspection.\n"
    "Nine sailings a week will be dropped until April, the harbour office said.\n"
    "Island farmers send most of their milk across the fjord by night boat."
)


def features(
    number: int, *, text: str = REPORT, others: tuple[str, ...] = (), known: tuple[str, ...] = ()
) -> Features:
    ours = article(text)
    theirs = [article(other, outlet=f"Outlet {i}") for i, other in enumerate(others)]
    sentence = ours.sentences[number - 1]
    return SentenceMeasure([ours, *theirs], known=known).features(
        sentence.text, article=ours, sentence=sentence
    )


def test_each_feature_is_a_share():
    for number in (1, 2, 3):
        assert all(0 <= getattr(features(number), field.name) <= 1 for field in fields(Features))


def test_what_stands_early_is_worth_more():
    assert features(1).early > features(2).early > features(3).early


def test_what_is_known_is_worth_less_and_a_new_number_more():
    lead = article(REPORT).sentences[0].text
    assert features(1, known=(lead,)).known == pytest.approx(1.0)
    assert features(3, known=(lead,)).known < 0.5
    assert features(2).counts == 1.0
    assert features(2, known=("The office spoke of nine sailings in May.",)).counts == 0.0
    assert worth(features(1, known=(lead,))) < worth(features(1))


def test_what_other_outlets_have_as_well_is_worth_more():
    other = "The company cut the winter timetable of its ferries to Bergen on Monday after an inspection of two ships."
    assert features(1, others=(other,)).supported == 1.0
    assert features(3, others=(other,)).supported == 0.0
    assert features(1, others=(other, "Rain fell in Osby.")).supported == 0.5


def test_somebody_who_says_it_makes_it_worth_more():
    assert features(2).says == 1.0
    assert features(3).says == 0.0


@pytest.mark.parametrize("name", [field.name for field in fields(Features)])
def test_every_feature_has_a_weight(name):
    nothing = Features(early=0, central=0, supported=0, known=0, counts=0, says=0, crowd=0)
    assert worth(replace(nothing, **{name: 1.0})) - worth(nothing) == pytest.approx(
        getattr(WORTH_WEIGHTS, name)
    )
    assert getattr(WORTH_WEIGHTS, name) != 0


def test_of_two_that_repeat_each_other_one_is_told_before_what_says_something_else():
    texts = [
        "Two ships failed inspection.",
        "Two old ships failed the inspection.",
        "Nine sailings are dropped.",
    ]
    assert best_indexes(texts, [2.0, 1.9, 1.0], limit=3, least=-9.0) == [0, 2]


def test_beside_the_first_only_what_is_worth_it_is_told():
    texts = ["Two ships failed inspection.", "Nine sailings are dropped.", "Milk goes by night."]
    assert best_indexes(texts, [-3.0, -3.5, -4.0], limit=3, least=-1.0) == [0]
    assert best_indexes(texts, [1.0, 0.5, -1.5], limit=3, least=-1.0) == [0, 1]
    assert best_indexes([], [], limit=3, least=0.0) == []


def test_a_report_that_has_little_to_tell_gives_few_bullets():
    assert len(choose([article(REPORT)], limit=5, known=(), least=9.0)) == 1

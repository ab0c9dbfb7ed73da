"""Actors, figures and announcements: as printed, with the sentence, never invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.language.names import find_names, same_name
from bot.language.sentences.split import split_sentences
from bot.model.news import Article
from bot.model.story import Outcome
from bot.stories.by_rules.actors import find_actors, role_of
from bot.stories.by_rules.expectations import find_expectations, with_outcome
from bot.stories.by_rules.figures import find_figures

MONDAY = datetime(2025, 7, 7, 12, tzinfo=UTC)


def article(text, *, at=MONDAY, name="a"):
    return Article(
        id=name, title="T", published_at=at, fetched_at=at, language="en", sentences=split_sentences(text)
    )


@pytest.mark.parametrize(
    ("sentence", "name", "role"),
    [
        ("Finance minister Olga Brinn promised aid.", "Olga Brinn", "Finance minister"),
        ("US President Dana Holt met envoys.", "Dana Holt", "US President"),
        ("Holt's special envoy Piet Lamm flew home.", "Piet Lamm", "Holt's special envoy"),
        ("Secretary of State Rosa Quill spoke.", "Rosa Quill", "Secretary of State"),
        (
            "Mara Lund, president of the dockers' union, said so.",
            "Mara Lund",
            "president of the dockers' union",
        ),
        ("City Hall spokesperson Ana Ruiz said no.", "Ana Ruiz", "City Hall spokesperson"),
        ("Ivo Lantz ran away.", "Ivo Lantz", ""),
        ("Ivo Lantz, who lives in Tarn, ran away.", "Ivo Lantz", ""),
    ],
)
def test_a_role_is_what_stands_beside_the_name(sentence, name, role):
    found = {}
    for span in find_names(sentence):
        printed, bare = role_of(sentence, span.start, span.end)
        found[bare] = printed
    assert found[name] == role


def test_one_person_under_several_names_is_one_actor():
    text = "President Dana Holt opened the talks. Holt said they would be long. Later Dana Holt left Doha."
    actors = find_actors([article(text)])
    assert [a.name for a in actors] == ["Dana Holt"]
    assert actors[0].role == "President"
    assert "Holt" in actors[0].position
    assert same_name("Holt", "Dana Holt")
    assert not same_name("Dana Holt", "Vera Holt")


def test_a_place_and_a_paper_that_was_told_are_no_actors():
    text = "The delegations met in Doha. Minister Olga Brinn told AFP the talks in Doha went well. Envoys flew to Doha."
    assert [a.name for a in find_actors([article(text)])] == ["Olga Brinn"]


@pytest.mark.parametrize(
    ("sentence", "value", "counts", "claimant"),
    [
        (
            "The storm killed 19 people, the civil protection agency said.",
            "19",
            "people killed",
            "the civil protection agency",
        ),
        ("Of them 49 are still held, including 27 the army says are dead.", "27", "dead", "the army"),
        ("The police say 16 people are missing.", "16", "people", "The police"),
        ("Some 12,000 residents fled, according to the mayor.", "Some 12,000", "residents fled", "the mayor"),
        ("Shares fell 7 percent.", "7 percent", "", ""),
        ("Dock workers in Selin ended a nine-day strike.", "nine", "day strike", ""),
    ],
)
def test_a_figure_says_what_it_counts_and_who_claims_it(sentence, value, counts, claimant):
    figures = {f.value: f for f in find_figures([article(sentence)])}
    assert counts in figures[value].counts
    assert claimant.casefold() == figures[value].claimant.casefold()


def test_ages_years_and_times_are_no_figures():
    text = "A 38-year-old man was born in 1987 and left at 6:30 pm on the 22nd day."
    assert find_figures([article(text)]) == ()


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("The board will hold a hearing on Tuesday.", date(2025, 7, 8)),
        ("The delegations are due to meet again on Wednesday.", date(2025, 7, 9)),
        ("The vote is scheduled for 12 July.", date(2025, 7, 12)),
    ],
)
def test_an_announcement_has_its_day_by_the_articles_calendar(sentence, due):
    (expectation,) = find_expectations([article(sentence)])
    assert expectation.due == due
    assert expectation.what == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "He hopes to return on Tuesday.",
        "The board met on Monday.",
        "They could vote on Friday.",
        "Will they vote on Friday?",
        "He will leave on Tuesday.",
    ],
)
def test_hopes_reports_and_dangling_words_announce_nothing(sentence):
    assert find_expectations([article(sentence)]) == ()


@pytest.mark.parametrize(
    ("report", "days", "outcome"),
    [
        ("The board held its public hearing on Tuesday.", 1, Outcome.HAPPENED),
        ("The public hearing of the board was postponed on Tuesday.", 1, Outcome.DID_NOT_HAPPEN),
        ("The board will hold a public hearing on Thursday.", 1, Outcome.OPEN),
        ("Rain fell on the coast.", 3, Outcome.NO_REPORT),
        ("The board held a public hearing on Monday.", 1, Outcome.OPEN),
    ],
)
def test_what_was_announced_is_settled_by_a_later_report(report, days, outcome):
    (announced,) = find_expectations([article("The board will hold a public hearing on Tuesday.")])
    later = article(report, at=MONDAY + timedelta(days=days), name="b")
    settled = with_outcome(announced, [later], today=(MONDAY + timedelta(days=days)).date())
    assert settled.outcome is outcome
    assert (settled.settled_by is not None) is (outcome in {Outcome.HAPPENED, Outcome.DID_NOT_HAPPEN})


def test_a_claimant_is_named_without_the_words_around_his_speaking():
    text = "Two sources close to the talks had earlier said the Ardenian army would release 12 hostages."
    figure = next(f for f in find_figures([article(text)]) if f.value == "12")
    assert figure.claimant == "Two sources close to the talks"


def test_a_claimant_is_named_without_the_dateline_before_him():
    text = "PORT SELIN (Continental Wire) - Velmora Grid said on Sunday it would pay $4.2 billion in cash."
    (figure,) = find_figures([article(text)])
    assert (figure.value, figure.claimant) == ("$4.2 billion", "Velmora Grid")

"""Where a story stands: the lead in one line, where it plainly is what the title says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model.news import DateSource
from bot.updates.by_rules.status import MAX_LINE_WORDS, find_statuses
from tests.servers.written import article


def status(text, title, *, date_source=DateSource.FEED, **more):
    one = replace(article(text, title=title, **more), date_source=date_source)
    found = find_statuses([one])
    return (found[0].line, found[0].said_by) if found else None


@pytest.mark.parametrize(
    ("title", "text", "told"),
    [
        (
            "Ferry crews vote to strike",
            "Ferry crews of Orsund Line voted to strike from Friday, the seafarers’ union said.",
            ("Ferry crews of Orsund Line voted to strike from Friday", "the seafarers’ union"),
        ),
        (
            "Ferry talks end without a deal",
            "The ferry talks in Osby ended without a deal, a union official briefed on the talks said.",
            ("The ferry talks in Osby ended without a deal", "a union official briefed on the talks"),
        ),
        (
            "Ferry talks end without a deal",
            "The ferry talks in Osby ended without a deal, the union said in a short statement.",
            ("The ferry talks in Osby ended without a deal", "the union"),
        ),
        (
            "Crane falls at port of Velmar",
            "A crane fell at the port of Velmar on Monday, while dockers were loading two ships with grain for Osby.",
            ("A crane fell at the port of Velmar on Monday", ""),
        ),
        (
            "Court jails mayor of Osby for six years",
            "A court in Velmar on Monday jailed Oskar Wenn, mayor of Osby, for six years because of bribes he took.",
            ("Court jails mayor of Osby for six years", ""),
        ),
    ],
)
def test_a_lead_that_says_what_the_title_says_is_the_status(title, text, told):
    found = status(text, title)
    assert found is not None
    assert len(found[0].split()) <= MAX_LINE_WORDS
    assert found == told


def test_who_says_it_stands_beside_the_line_and_not_in_it():
    text = "Ferry crews voted to strike from Friday, the seafarers’ union said."
    assert status(text, "Ferry crews vote to strike: union") == (
        "Ferry crews voted to strike from Friday",
        "the seafarers’ union",
    )
    text = "The second largest ferry line said on Monday that a crane fell at the port of Velmar."
    found = status(text, "Crane falls at port of Velmar")
    assert found is None or found[1] in {"", "the second largest ferry line"}


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Is the port of Velmar safe?", "A crane fell at the port of Velmar on Monday."),
        ("Crane falls at port of Velmar", "Rain fell on the coast of Ardenia on Monday."),
        ("Crane may fall at port of Velmar", "A crane could fall at the port of Velmar on Monday."),
        ("Crane falls at port of Velmar", "It fell at the port of Velmar on Monday."),
        ("How a crane fell at the port", "A crane fell at the port of Velmar on Monday."),
        ("Crane falls at port of Velmar", "Why did a crane fall at the port of Velmar?"),
    ],
)
def test_no_status_is_told_where_it_is_not_sure(title, text):
    assert status(text, title) is None


def test_an_article_without_a_date_and_one_without_rules_say_no_status():
    text, title = "A crane fell at the port of Velmar on Monday.", "Crane falls at port of Velmar"
    assert status(text, title)
    assert status(text, title, date_source=DateSource.FETCHED) is None
    assert status(text, title, language="hu") is None


def test_rules_name_no_state():
    (found,) = find_statuses([article("A crane fell at the port of Velmar.", title="Crane falls at port")])
    assert (found.state, found.phase, found.kind) == ("", "", "other")


def test_a_line_does_not_end_within_named_after():
    text = "Rap group Orsund Orchestra is named after the home town of one of its founders in Velmar."
    assert status(text, "Orsund Orchestra sings and wins in Osby today") is None

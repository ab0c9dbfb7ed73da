"""A story's timeline: the same for the same articles, in whatever order they came, and as of any moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flows.story_timeline import timeline_of
from bot.language.sentences.split import split_sentences
from bot.model.news import Article
from bot.model.story import Ledger, LedgerTopic, Outcome
from tests.support.told import ledger_of

pytestmark = pytest.mark.slow

MONDAY = datetime(2025, 7, 7, 6, tzinfo=UTC)
TEXTS = (
    "Talks between Ardenia and Belmark opened in Lund on Monday. Mediator Ana Ruiz said the envoys will meet again on Tuesday. "
    "The Belmark army says 12 people were killed.",
    "Envoys of Ardenia and Belmark met in Lund on Monday for truce talks. The Ardenian ministry says 31 people were killed.",
    "The second session of talks between Ardenia and Belmark ended without a breakthrough on Tuesday, mediator Ana Ruiz said. "
    "“We remain far apart,” said Ana Ruiz, the mediator.",
    "The talks between Ardenia and Belmark stalled in Lund on Tuesday. The envoys met again on Tuesday, mediator Ana Ruiz said. Talks stalled over prisoners, the Belmark delegation said.",
)


def article(i, *, fetched=None, revision=1, text=""):
    at = MONDAY + timedelta(hours=(0, 3, 26, 30)[i])
    return Article(
        id=f"art-{i}",
        revision=revision,
        title=(
            "Talks between Ardenia and Belmark open",
            "Talks in Lund",
            "Envoys far apart",
            "Talks between Ardenia and Belmark stall",
        )[i],
        outlet=f"Paper {i}",
        published_at=at,
        fetched_at=fetched or at + timedelta(minutes=5),
        language="en",
        sentences=split_sentences(text or TEXTS[i]),
        text_group=f"art-{i}",
    )


ARTICLES = [article(i) for i in range(len(TEXTS))]
END = MONDAY + timedelta(days=2)


def timeline(articles):
    return timeline_of("sto-a", (), articles)


def lines(rows, *topics):
    """Return what the rows that still hold say."""
    held = {}
    for row in rows:
        held[row.fact, row.key] = None if row.withdrawn else row.value
    return {value for (topic, _), value in held.items() if value and topic in topics}


def test_rows_hold_exactly_what_is_known_at_the_end():
    rows = timeline(ARTICLES).rows
    now = timeline(ARTICLES).by(END, timezone="UTC")
    assert {s.line for s in lines(rows, LedgerTopic.STATUS)} == {s.line for s in now.statuses}
    assert lines(rows, LedgerTopic.ACTOR) == set(now.actors)
    assert lines(rows, LedgerTopic.FIGURE) == set(now.figures)
    assert lines(rows, LedgerTopic.EXPECTATION) == set(now.expectations)
    assert now.statuses
    assert now.actors
    assert now.expectations


@given(st.permutations(range(len(TEXTS))))
def test_the_history_does_not_depend_on_the_order_in_which_articles_are_given(order):
    assert timeline([ARTICLES[i] for i in order]) == timeline(ARTICLES)
    late = [article(i, fetched=END) for i in range(len(TEXTS))]
    assert timeline([late[i] for i in order]).rows == timeline(late).rows


def test_the_same_articles_give_the_same_rows():
    assert timeline(ARTICLES).rows == timeline(ARTICLES[::-1]).rows


def test_rows_are_only_added():
    before, after = timeline(ARTICLES[:2]).rows, timeline(ARTICLES).rows
    assert after[: len(before)] == before
    assert [row.number for row in after] == list(range(1, len(after) + 1))


def test_what_was_known_then_can_be_asked():
    then = timeline(ARTICLES).by(MONDAY + timedelta(hours=4), timezone="UTC")
    now = timeline(ARTICLES).by(END, timezone="UTC")
    assert "met in Lund" in then.status.line
    assert "stalled" in now.status.line
    assert [s.line for s in now.statuses][-2:] == [then.status.line, now.status.line]
    assert timeline(ARTICLES).by(MONDAY - timedelta(days=1), timezone="UTC") == Ledger(story_id="sto-a")


def test_what_was_known_is_told_from_what_came_later_on_the_same_day():
    noon = MONDAY + timedelta(hours=1)
    whole = timeline_of("sto-a", (), ARTICLES, since=noon)
    assert whole.by(noon, timezone="UTC") == timeline(ARTICLES[:1]).by(noon, timezone="UTC")
    assert whole.by(noon, timezone="UTC").expectations


def test_an_announcement_is_settled_by_a_row_and_lapses_by_the_day():
    rows = timeline(ARTICLES).rows
    (met,) = [e for e in lines(rows, LedgerTopic.EXPECTATION) if "again" in e.what]
    assert met.outcome is Outcome.HAPPENED
    assert met.settled_by
    late = MONDAY + timedelta(days=5)
    (open_,) = timeline(ARTICLES[:1]).by(late, timezone="UTC").expectations
    assert open_.outcome is Outcome.NO_REPORT


def test_what_an_edit_took_back_is_withdrawn_and_stays_on_record():
    edited = article(3, revision=2, fetched=END, text="Rain fell on Lund on Tuesday.")
    whole = timeline([*ARTICLES, edited])
    assert not any("stalled" in s.line for s in whole.by(END, timezone="UTC").statuses)
    (gone,) = [
        r for r in whole.rows if r.withdrawn and r.fact is LedgerTopic.STATUS and "stalled" in r.value.line
    ]
    assert gone.recorded_at == END


def test_claimants_who_count_differently_stand_side_by_side():
    (issue,) = timeline(ARTICLES[:2]).by(END, timezone="UTC").disagreements
    assert issue.issue == "dead"
    assert [(c.by, c.text.split()[0]) for c in issue.claims] == [
        ("the Belmark army", "12"),
        ("the Ardenian ministry", "31"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "differ"),
    [
        ("at least 12 people were killed", "31 people were killed", False),
        ("at least 40 people were killed", "31 people were killed", True),
        ("about 30 people were killed", "31 people were killed", False),
        ("31 people were killed", "31 people were killed", False),
        ("31 people were killed", "40 people were wounded", False),
        ("31 people were killed", "40 people were killed", True),
    ],
)
def test_only_numbers_that_cannot_both_be_true_are_a_disagreement(first, second, differ):
    one = article(0, text=f"The Belmark army says {first}.")
    other = article(1, text=f"The Ardenian ministry says {second}.")
    assert bool(ledger_of([one, other], today=END.date(), story_id="sto-a").disagreements) is differ


def test_another_wording_of_a_status_is_no_row_of_its_own():
    again = article(3, text="On Tuesday the talks in Lund between Ardenia and Belmark stalled.")
    both = [article(3), replace(again, id="art-9")]
    assert len(ledger_of(both, today=END.date(), story_id="sto-a").statuses) == 1

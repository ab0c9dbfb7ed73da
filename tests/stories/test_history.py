"""The ledger as rows: only ever added to, the same for the same articles, in whatever order they came."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flows.ingest.update_ledgers import replayed
from bot.language.sentences.split import split_sentences
from bot.model.news import Article
from bot.model.story import LedgerTopic, Outcome, Story
from bot.stories.history import changes, current, ledger_at
from tests.told import ledger_of

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
STORY = Story(id="sto-a", title="Talks", article_ids=(), first_at=MONDAY, last_at=MONDAY)
END = MONDAY + timedelta(days=2)


def held(rows, at=END):
    return {key: entry.value for key, entry in current(rows, at=at).items()}


def folded(articles):
    ledger = ledger_of(articles, today=END.date(), story_id="sto-a")
    return held(changes((), ledger, at=END, read=set()))


def test_rows_hold_exactly_what_the_fold_says():
    rows = replayed(STORY, ARTICLES, timezone="UTC")
    assert held(rows) == folded(ARTICLES)
    assert {fact for fact, _ in held(rows)} >= {
        LedgerTopic.KIND,
        LedgerTopic.STATUS,
        LedgerTopic.ACTOR,
        LedgerTopic.EXPECTATION,
    }


@given(st.permutations(range(len(TEXTS))))
def test_the_ledger_does_not_depend_on_the_order_of_arrival_within_a_day(order):
    day = [article(i, fetched=END - timedelta(minutes=place)) for place, i in enumerate(order)]
    assert held(replayed(STORY, day, timezone="UTC")) == folded(day)


def test_the_same_articles_give_the_same_rows():
    assert replayed(STORY, ARTICLES, timezone="UTC") == replayed(STORY, ARTICLES[::-1], timezone="UTC")


def test_nothing_new_adds_no_row():
    rows = replayed(STORY, ARTICLES, timezone="UTC")
    ledger = ledger_of(ARTICLES, today=END.date(), story_id="sto-a")
    assert changes(rows, ledger, at=END, read={a.id for a in ARTICLES}) == ()


def test_rows_are_only_added():
    before = replayed(STORY, ARTICLES[:2], timezone="UTC")
    after = replayed(STORY, ARTICLES, timezone="UTC")
    assert after[: len(before)] == before
    assert [row.number for row in after] == list(range(1, len(after) + 1))


def test_what_was_known_then_can_be_asked():
    rows = replayed(STORY, ARTICLES, timezone="UTC")
    then = ledger_at("sto-a", rows, at=MONDAY + timedelta(hours=4), today=MONDAY.date())
    now = ledger_at("sto-a", rows, at=END, today=END.date())
    assert then.status
    assert "met in Lund" in then.status.line
    assert now.status
    assert "stalled" in now.status.line
    assert [s.line for s in now.statuses][-2:] == [then.status.line, now.status.line]


def test_an_announcement_is_settled_by_a_row_and_lapses_by_the_day():
    rows = replayed(STORY, ARTICLES, timezone="UTC")
    (met,) = [e for e in ledger_at("sto-a", rows, at=END, today=END.date()).expectations if "again" in e.what]
    assert met.outcome is Outcome.HAPPENED
    assert met.settled_by
    alone = replayed(STORY, ARTICLES[:1], timezone="UTC")
    late = END.date() + timedelta(days=3)
    (open_,) = ledger_at("sto-a", alone, at=END + timedelta(days=3), today=late).expectations
    assert open_.outcome is Outcome.NO_REPORT


def test_what_an_edit_took_back_is_withdrawn_and_stays_on_record():
    edited = article(3, revision=2, fetched=END, text="Rain fell on Lund on Tuesday.")
    rows = replayed(STORY, [*ARTICLES, edited], timezone="UTC")
    now = ledger_at("sto-a", rows, at=END, today=END.date())
    assert not any("stalled" in s.line for s in now.statuses)
    (gone,) = [r for r in rows if r.withdrawn and r.fact is LedgerTopic.STATUS and "stalled" in r.value.line]
    assert gone.recorded_at == END


def test_claimants_who_count_differently_stand_side_by_side():
    rows = replayed(STORY, ARTICLES[:2], timezone="UTC")
    (issue,) = ledger_at("sto-a", rows, at=END, today=END.date()).disagreements
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

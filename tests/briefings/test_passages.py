"""Passages: few, new, each once, and every number leads back to its sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.briefings.passages import MAX_SHOWN_CHARS, MAX_SHOWN_SENTENCES, choose_passages, cited, lines
from bot.language.sentences.split import split_sentences
from bot.model.news import Article, Citation, Sentence

NOON = datetime(2025, 7, 7, 12, tzinfo=UTC)


def article(name, text, *, hours=0, group=""):
    at = NOON + timedelta(hours=hours)
    return Article(
        id=name,
        title=name,
        outlet=f"The {name}",
        published_at=at,
        fetched_at=at,
        language="en",
        sentences=split_sentences(text),
        text_group=group or name,
    )


FIRST = article(
    "Post", "Crews of the ferry line met the company on Monday. They ask for eight percent more pay."
)
SECOND = article(
    "Herald", "State mediator Karin Moe leads the negotiations in Brekk. Nine ferries stay in port.", hours=2
)


def test_sentences_are_numbered_from_one_oldest_article_first():
    passages = choose_passages([SECOND, FIRST])
    assert [p.number for p in passages] == [1, 2, 3, 4]
    assert lines(passages).splitlines()[:3] == [
        "The Post, Mon 07 July 2025 12:00 UTC:",
        "[1] Crews of the ferry line met the company on Monday.",
        "[2] They ask for eight percent more pay.",
    ]


def test_what_was_told_is_left_out_but_for_the_lead_of_an_article():
    told = ["They ask for eight percent more pay.", "Crews of the ferry line met the company on Monday."]
    assert [p.text for p in choose_passages([FIRST], told=told)] == [
        "Crews of the ferry line met the company on Monday."
    ]


def test_a_reprint_is_shown_once():
    reprint = article("Copy", FIRST.sentences[0].text, hours=1, group="Post")
    assert {p.article.id for p in choose_passages([FIRST, reprint])} == {"Post"}


def test_the_ledgers_own_sentences_are_always_shown():
    long = article(
        "Long", " ".join(f"Item {i} of the list was read out in the hall by clerk {i}." for i in range(60))
    )
    kept = Citation(article_id="Long", sentences=(55,))
    assert 55 in [p.sentence for p in choose_passages([long], keep=[kept])]


def test_a_number_that_was_not_given_leads_to_no_article():
    passages = choose_passages([FIRST])
    assert cited([1, 1, 2], passages) == (Citation(article_id="Post", sentences=(1, 2)),)
    (unknown,) = cited([9], passages)
    assert unknown.article_id not in {"Post", "Herald"}


@given(st.lists(st.text(min_size=1, max_size=300), min_size=1, max_size=40))
def test_any_text_gives_bounded_passages_on_lines_of_their_own(texts):
    odd = Article(
        id="odd",
        title="t",
        published_at=NOON,
        fetched_at=NOON,
        sentences=tuple(Sentence(number=i, text=t) for i, t in enumerate(texts, 1)),
    )
    passages = choose_passages([odd])
    assert len(passages) <= MAX_SHOWN_SENTENCES
    assert sum(len(p.text) for p in passages) <= MAX_SHOWN_CHARS
    assert lines(passages).count("\n") == len(
        passages
    )  # one line for the article above them, or nothing at all

"""What a model answered: shown in numbered sentences, checked one by one, its faults named in words it can use."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.answers.check import ProposedStatement, check, corrections, fault_lines
from bot.answers.reply import AnswerCorrection
from bot.answers.shown import lines
from bot.evidence.numbered import NumberedSentence, cited
from bot.language.sentences.split import split_sentences
from bot.model.news import Article, Citation

NOON = datetime(2025, 7, 7, 12, tzinfo=UTC)
ARTICLE = Article(
    id="Post",
    title="Ferry talks",
    outlet="The Post",
    published_at=NOON,
    fetched_at=NOON,
    language="en",
    sentences=split_sentences(
        "Crews of the ferry line met the company on Monday. They ask for eight percent more pay."
    ),
)
SHOWN = tuple(
    NumberedSentence(number=i, article=ARTICLE, sentence=s.number, text=s.text)
    for i, s in enumerate(ARTICLE.sentences, 1)
)


def checked(text, *numbers):
    statement = ProposedStatement(field="statements[0]", text=text, citations=cited(numbers, SHOWN))
    return check([statement], shown=SHOWN)


def test_sentences_stand_below_their_outlet_time_and_title():
    assert lines(SHOWN).splitlines() == [
        "The Post, Mon 07 July 2025 12:00 UTC: “Ferry talks”",
        "[1] Crews of the ferry line met the company on Monday.",
        "[2] They ask for eight percent more pay.",
    ]


def test_a_number_that_was_not_given_leads_to_no_article():
    assert cited([1, 1, 2], SHOWN) == (Citation(article_id="Post", sentences=(1, 2)),)
    (unknown,) = cited([9], SHOWN)
    assert unknown.article_id != "Post"


def test_what_the_sentences_carry_passes():
    (one,) = checked("Crews of the ferry line met the company on Monday.", 1)
    assert one.verdict.passed


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Crews of the ferry line met [the company](https://evil.example) on Monday.", "markup"),
        ("Crews of the ferry line met the company " + "on Monday " * 20, "length"),
        ("Did crews of the ferry line meet the company on Monday?", "asks"),
        ("Velvet thunderclap operations began quietly underground.", "foreign"),
        ("Crews of the ferry line met the company 9 times.", "number"),
    ],
)
def test_what_they_do_not_is_refused_with_its_reason_and_told_to_the_model(text, reason):
    (one,) = checked(text, 1)
    assert (one.verdict.passed, one.verdict.reason) == (False, reason)
    first, advice = fault_lines([one], SHOWN).split("\n")
    assert first.endswith("[1]")
    assert advice.strip().endswith(".")


def test_only_what_was_refused_is_corrected_and_once():
    refused = checked("Crews met the company 9 times.", 1)
    told = [
        AnswerCorrection(field=field, text="Crews met the company.", cite=[1])
        for field in ("statements[0]", "statements[0]", "statements[7]")
    ]
    assert [one.field for one in corrections(told, refused, SHOWN)] == ["statements[0]"]
    empty = [AnswerCorrection(field="statements[0]", text=" ", cite=[1])]
    assert list(corrections(empty, refused, SHOWN)) == []

"""Passages made for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.answers.asked import read_question
from bot.answers.rank import weigh
from bot.language.sentences.split import split_sentences
from bot.model.conversation.answer import Passage, Question
from bot.model.ids import derive_id
from bot.model.news import Article

NOW = datetime(2025, 7, 9, 6, tzinfo=UTC)


def article(text, *, title="", days=0, outlet="Meridian", name=""):
    at = NOW - timedelta(days=days)
    return Article(
        id=derive_id("art", name or title or text),
        title=title or text.split(".")[0],
        outlet=outlet,
        published_at=at,
        fetched_at=at,
        language="en",
        sentences=split_sentences(text),
    )


def passage(text, *, score=1.0, **more):
    made = article(text, **more)
    return Passage(article=made, sentences=tuple(s.number for s in made.sentences), score=score)


def asked(text, **more):
    return read_question(Question(text=text, asked_at=NOW, **more))


def weights(understood):
    return weigh(understood, lambda _: 1.0)

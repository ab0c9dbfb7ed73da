"""Retrieve: find what may answer a question, by its words, its days and, with an encoder, by meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from bot.answers.asked import Asked, Window, read_question, sentences_naming
from bot.answers.in_english import in_english
from bot.answers.rank import RankedPassage, rank, weigh, with_synonyms
from bot.answers.support import ASKED_DAYS_MARGIN, PassageSupport, support
from bot.flows.answer.rerank import LazyEncoder, rerank
from bot.model.conversation.answer import Passage, Question
from bot.store import Store

MAX_PASSAGES = 12  # that are read in full
MAX_NEAR_ARTICLES = 8  # of which a model is shown sentences
MAX_FOLLOW_UP_STEMS = 2  # stems up to which a short question means the thread's own story
OUTSIDE_WINDOW_WEIGHT = 0.7  # what a passage of other days than those asked for counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """The result of retrieval: how the question was understood, and the passages, best first."""

    question: Question
    asked: Asked
    weights: Mapping[str, float]
    passages: tuple[Passage, ...]  # of the days it names, where it names some: these can answer
    around: tuple[Passage, ...] = ()  # the nearest of other days
    further: tuple[Passage, ...] = ()  # the best of each further article of the days it names
    support: PassageSupport

    @property
    def today(self) -> date:
        """The present day of the question, in the asker's time zone."""
        return self.asked.known_by.astimezone(ZoneInfo(self.question.timezone)).date()

    @property
    def nearest(self) -> tuple[Passage, ...]:
        """The passages of any day, best first; of equal ones, those of the days that the question names."""
        others = tuple(replace(p, score=OUTSIDE_WINDOW_WEIGHT * p.score) for p in self.around)
        return tuple(sorted((*self.passages, *others), key=lambda p: -p.score))

    @property
    def proposed(self) -> tuple[Passage, ...]:
        """The passages for a model, best first: those that can answer, and those of the weeks around."""
        window = self.asked.window
        near = [
            replace(p, score=OUTSIDE_WINDOW_WEIGHT * p.score)
            for p in self.around
            if (window.since is None or p.article.published_at >= window.since - ASKED_DAYS_MARGIN)
            and (window.until is None or p.article.published_at <= window.until + ASKED_DAYS_MARGIN)
        ]
        return tuple(sorted((*self.passages, *self.further, *near), key=lambda p: -p.score))

    @property
    def subjects(self) -> tuple[str, ...]:
        """The stories it is about, likeliest first: those of the thread if the question says little, else those of the passages."""
        found = [p.story_id for p in self.nearest if p.story_id]
        own = len(self.asked.stems) <= MAX_FOLLOW_UP_STEMS and not self.asked.names
        return tuple(
            dict.fromkeys((*self.question.stories, *found) if own else (*found, *self.question.stories))
        )


async def retrieve(question: Question, *, store: Store, encoder: LazyEncoder | None = None) -> Retrieved:
    """Return what may answer ``question``: found by its words, and by ``encoder`` if there is one.

    A question in another language is asked in English as well; the search with better support is used.
    """
    found = await _retrieve(question, store=store, encoder=encoder)
    if translated := in_english(question.text):
        other = await _retrieve(replace(question, text=translated), store=store, encoder=encoder)
        if other.support.value > found.support.value:
            return replace(other, question=question)
    return found


async def _retrieve(question: Question, *, store: Store, encoder: LazyEncoder | None) -> Retrieved:
    asked = read_question(question)
    ranked, weights = await search(asked, question, store=store)
    if encoder:
        ranked = await rerank(ranked, asked, question, store=store, encoder=encoder)
    passages = await _read(ranked[:MAX_PASSAGES], asked, store=store)
    further = await _read(_of_further_articles(ranked), asked, store=store)
    around: tuple[Passage, ...] = ()
    if asked.window.days:
        # Later articles may report on those days, too; then they name them.
        everywhere, _ = await search(replace(asked, window=Window()), question, store=store)
        later = await _read(everywhere[: 2 * MAX_PASSAGES], asked, store=store)
        passages = _merged(
            passages, [p for p in (sentences_naming(one, asked.window.days) for one in later) if p]
        )
        passage_articles = {p.article.id for p in passages}
        around = tuple(p for p in later if p.article.id not in passage_articles)
    return Retrieved(
        question=question,
        asked=asked,
        weights=weights,
        passages=passages,
        around=around,
        further=further,
        support=support(passages, asked, weights),
    )


async def search(
    asked: Asked, question: Question, *, store: Store
) -> tuple[list[RankedPassage], dict[str, float]]:
    """Return the passages that have a word of the question, best first, and the weight of each stem."""
    wanted = dict.fromkeys((*asked.stems, *asked.context), 1.0)
    frequencies = await store.search.frequencies(with_synonyms(wanted))
    weights = weigh(asked, frequencies.weight)
    found = await store.search.find(
        with_synonyms(weights),
        frequencies=frequencies,
        by=question.scope,
        known_by=asked.known_by,
        since=asked.window.since,
        until=asked.window.until,
    )
    stories = (*question.stories, *(turn.story_id for turn in reversed(question.turns) if turn.story_id))
    return rank(found, weights, now=asked.known_by, stories=stories, recent=asked.recent), weights


def _of_further_articles(ranked: Sequence[RankedPassage]) -> list[RankedPassage]:
    """Return the best passage of each article that has none among the first, as far as a model is shown them."""
    best: dict[str, RankedPassage] = {}
    for one in ranked:
        best.setdefault(one.found.article_id, one)
    read = {one.found.article_id for one in ranked[:MAX_PASSAGES]}
    return [one for name, one in list(best.items())[:MAX_NEAR_ARTICLES] if name not in read]


def _merged(passages: Sequence[Passage], more: Sequence[Passage]) -> tuple[Passage, ...]:
    both = {(p.article.id, p.sentences): p for p in (*more, *passages)}
    return tuple(sorted(both.values(), key=lambda p: -p.score)[:MAX_PASSAGES])


async def _read(ranked: Sequence[RankedPassage], asked: Asked, *, store: Store) -> tuple[Passage, ...]:
    """Return the passages with their articles as they were known then, best first."""
    known = await store.articles.as_of({r.found.article_id for r in ranked}, asked.known_by)
    articles = {article.id: article for article in known}
    found = []
    for one in ranked:
        article = articles.get(one.found.article_id)
        # An edit may have made it longer since: what was not there then is left out.
        numbers = [n for n in one.found.sentences if article and n <= len(article.sentences)]
        if article and numbers:
            found.append(
                Passage(
                    article=article,
                    sentences=tuple(numbers),
                    score=one.score,
                    story_id=one.found.story_id,
                )
            )
    return tuple(found)

"""Compute the features of articles, and find the few stories they may belong to by the index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocking import run_blocking
from bot.errors import ParseError, WorkerKilled
from bot.faults import Fault, Faults
from bot.feeds.workers.pool import WorkerPool
from bot.flows.rules.work import named_features
from bot.model.news import Article
from bot.model.scope import Scope
from bot.store import Store
from bot.stories.clustering.candidates import asked_terms, likest_stories
from bot.stories.clustering.features import ArticleFeatures
from bot.stories.clustering.profiles import Corpus

ASSIGNING = "assigning an article to a story"
ARTICLES_PER_WORKER_CALL = 20  # articles whose features one call of a worker finds
FEATURES_TIMEOUT_SECONDS = 20.0  # of such a call
ARTICLE_TIMEOUT_SECONDS = 5.0  # of one for a single article


@dataclass(frozen=True, slots=True, kw_only=True)
class NearStories:
    """The stories, by key, to which articles may belong, with the terms of these articles and their frequencies."""

    keys: frozenset[int]
    asked: frozenset[str]
    corpus: Corpus


async def features_of_each(
    articles: Sequence[Article], *, workers: WorkerPool | None, faults: Faults
) -> dict[str, ArticleFeatures | Fault]:
    """Return the features of each of ``articles``, computed in a process that can be killed if a text blocks it."""
    found: dict[str, ArticleFeatures | Fault] = {}
    for start in range(0, len(articles), ARTICLES_PER_WORKER_CALL):
        some = articles[start : start + ARTICLES_PER_WORKER_CALL]
        try:
            if workers:
                many = await workers.run(named_features, some, deadline=FEATURES_TIMEOUT_SECONDS)
                found |= {features.article_id: features for features in many}
                continue
        except (ParseError, WorkerKilled):
            pass  # one of them: each by itself tells which
        for article in some:
            work = (
                workers.run(named_features, [article], deadline=ARTICLE_TIMEOUT_SECONDS)
                if workers
                else run_blocking(named_features, [article])
            )
            alone = await faults.guard(work, doing=ASSIGNING)
            found[article.id] = alone if isinstance(alone, Fault) else alone[0]
    return found


async def find_near(found: Sequence[ArticleFeatures], *, store: Store, by: Scope) -> NearStories:
    """Return the stories readable by ``by`` that share most terms with one of the articles whose features were ``found``."""
    asked = frozenset(term for features in found for term in features.terms)
    count, held = await store.stories.frequencies(asked)
    corpus = Corpus(articles=count, frequencies=Counter(held))
    weighed = await run_blocking(lambda: [corpus.weigh(features.terms) for features in found])
    wanted = await run_blocking(lambda: {term for one in weighed for term in asked_terms(one)})
    postings = await store.stories.postings(wanted, by=by)

    def likest() -> frozenset[int]:
        return frozenset(key for one in weighed for key in likest_stories(one, postings, corpus=corpus))

    return NearStories(keys=await run_blocking(likest), asked=asked, corpus=corpus)

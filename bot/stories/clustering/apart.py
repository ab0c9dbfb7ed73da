"""Tell whether sentences are about another event than their story, by the similarity with which articles join stories. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.model.news import Article, Citation, sentences_of
from bot.stories.clustering.cluster import JOIN_SIMILARITY, Assignment, Clusterer
from bot.stories.clustering.features import features_of, features_of_all
from bot.stories.clustering.profiles import Corpus, StoryProfile

MAX_APART_SIMILARITY = (
    JOIN_SIMILARITY / 2
)  # similarity below which two articles are certainly about two events


def apart(said: Iterable[Citation], articles: Sequence[Article]) -> frozenset[tuple[str, int, int]]:
    """Return those of the sentences ``said`` that would not join the story of the other ``articles``, by id, revision and number.

    The sentences of one article are judged together, as an article of these sentences only. In a story of one article none is apart,
    because there is nothing to compare with.
    """
    by_key = {(a.id, a.revision): a for a in articles}
    found: set[tuple[str, int, int]] = set()
    for citation in said:
        article = by_key.get((citation.article_id, citation.revision))
        others = [a for a in articles if a.id != citation.article_id]
        if article is None or not others:
            continue
        cut = tuple(s for s in article.sentences if s.number in citation.sentences)
        alone = replace(article, title="", sentences=cut, text_group="")
        if not _would_join(alone, others):
            found |= sentences_of([citation])
    return frozenset(found)


def far(ids: Iterable[str], articles: Sequence[Article]) -> frozenset[str]:
    """Return those of the articles ``ids`` that are certainly about another event: similar to none of the other ``articles``, nor to all together."""
    found: set[str] = set()
    for article_id in ids:
        alone = [replace(a, title="", text_group="") for a in articles if a.id == article_id][-1:]
        others = [a for a in articles if a.id != article_id]
        if (
            alone
            and others
            and all(
                _likeness(alone[0], some) < MAX_APART_SIMILARITY for some in (others, *([a] for a in others))
            )
        ):
            found.add(article_id)
    return frozenset(found)


def _would_join(article: Article, story: Sequence[Article]) -> bool:
    return _found(article, story).story_id == "story"


def _likeness(article: Article, story: Sequence[Article]) -> float:
    return _found(article, story).score


def _found(article: Article, story: Sequence[Article]) -> Assignment:
    corpus, profile = Corpus(), StoryProfile(story_id="story")
    members = features_of_all(story)
    for features in members:
        corpus.add(features.terms)
    for features in members:
        profile.add(features, vector=corpus.weigh(features.terms))
    return Clusterer(corpus, [profile]).find(features_of(article))

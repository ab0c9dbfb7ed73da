"""Choose the sentences that a model is shown for a question, from the articles found. Pure.

passages ──best articles──▶ their sentences, each weighed with its neighbours ──▶ a few of each article, then the best of all
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.answers.asked import Asked
from bot.answers.forms import NEW_NAME_WEIGHT, brings_name, fits
from bot.answers.shown import MAX_SHOWN_SENTENCE_CHARS
from bot.answers.support import share
from bot.evidence.numbered import NumberedSentence
from bot.language.cleaning.clean import one_line
from bot.language.sentences.self_contained import is_furniture, is_statement
from bot.language.stems import stems
from bot.model.conversation.answer import Passage
from bot.model.news import Article

MAX_MATERIAL_SENTENCES = 40  # that a model is shown
MAX_MATERIAL_CHARS = 6_000  # of all of them together: about 1,500 tokens
MAX_ARTICLES = 8  # best articles from which they are taken
MAX_WEIGHED_SENTENCES = 60  # of an article that are weighed
SENTENCES_OF_EACH = 3  # of every article before the best of all
NEIGHBOUR_SHARE = 0.3  # share of the better neighbour in a sentence's score, because an answer continues the sentence before
FORM_WEIGHT = 0.2  # bonus of a sentence with the kind of thing asked for
FIRST_SENTENCE_BONUS = 0.1  # bonus of the first sentence, which says what the article is about
ARTICLE_SHARE = 0.5  # share of a sentence's score that depends on its article's
REPEATED_BEGINNING_CHARS = 80  # characters by which a sentence printed twice is known


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weighed:
    article: Article
    number: int
    score: float

    @property
    def text(self) -> str:
        return self.article.sentence(self.number).text[:MAX_SHOWN_SENTENCE_CHARS]


def material(
    passages: Sequence[Passage],
    asked: Asked,
    weights: Mapping[str, float],
    *,
    first: Sequence[Passage] = (),
) -> tuple[NumberedSentence, ...]:
    """Return up to ``MAX_MATERIAL_SENTENCES`` sentences for ``asked``, numbered as they are read: by day, article and place.

    Those of ``first`` come before all others.
    """
    leading = [
        _Weighed(article=p.article, number=number, score=1.0)
        for p in first
        for number in p.sentences
        if number <= len(p.article.sentences)
    ]
    each, others = _weighed(passages, asked, weights)
    taken: dict[tuple[str, int], _Weighed] = {}
    seen: set[str] = set()
    room = MAX_MATERIAL_CHARS
    for one in (*leading, *each, *others):
        beginning = one_line(one.text).casefold()[:REPEATED_BEGINNING_CHARS]
        if len(taken) < MAX_MATERIAL_SENTENCES and len(one.text) <= room and beginning not in seen:
            taken[one.article.id, one.number] = one
            seen.add(beginning)
            room -= len(one.text)
    ordered = sorted(taken.items(), key=lambda item: (item[1].article.published_at, item[0]))
    return tuple(
        NumberedSentence(number=place, article=one.article, sentence=one.number, text=one.text)
        for place, (_, one) in enumerate(ordered, 1)
    )


def _weighed(
    passages: Sequence[Passage], asked: Asked, weights: Mapping[str, float]
) -> tuple[list[_Weighed], list[_Weighed]]:
    """Return the best sentences of each of the best articles, and the others; the best first."""
    best: dict[str, Passage] = {}
    for passage in sorted(passages, key=lambda p: -p.score):
        best.setdefault(passage.article.id, passage)
    found = list(best.values())[:MAX_ARTICLES]
    top = max((p.score for p in found), default=0.0) or 1.0
    each: list[_Weighed] = []
    others: list[_Weighed] = []
    for passage in found:
        scale = 1 - ARTICLE_SHARE + ARTICLE_SHARE * passage.score / top
        of_article = sorted(_of(passage.article, asked, weights, scale=scale), key=lambda w: -w.score)
        each += of_article[:SENTENCES_OF_EACH]
        others += of_article[SENTENCES_OF_EACH:]
    return each, sorted(others, key=lambda w: -w.score)


def _of(article: Article, asked: Asked, weights: Mapping[str, float], *, scale: float) -> Iterator[_Weighed]:
    """Yield the sentences of ``article`` with what speaks for them, their neighbours' part included."""
    language = article.language or "en"
    title = frozenset(stems(article.title, language=language))
    sentences = [
        s
        for s in article.sentences[:MAX_WEIGHED_SENTENCES]
        if is_statement(s.text) and not is_furniture(s.text)
    ]
    own = []
    for sentence in sentences:
        held = frozenset(stems(sentence.text, language=language))
        score = (share(held, weights) + share(held | title, weights)) / 2
        score += FORM_WEIGHT if fits(sentence.text, asked, article) else 0.0
        score += NEW_NAME_WEIGHT if asked.names_kind and brings_name(sentence.text, asked) else 0.0
        own.append(score)
    for place, sentence in enumerate(sentences):
        beside = max(own[max(0, place - 1) : place] + own[place + 1 : place + 2], default=0.0)
        score = (1 - NEIGHBOUR_SHARE) * own[place] + NEIGHBOUR_SHARE * beside
        score += FIRST_SENTENCE_BONUS if place == 0 else 0.0
        yield _Weighed(article=article, number=sentence.number, score=scale * score)

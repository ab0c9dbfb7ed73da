"""Choose and number the sentences of new articles that are shown to a model: all new ones, each once. Pure.

articles ── without page furniture, near-copies once ──▶ batches of numbered sentences 1…n          cite [7] ──▶ Citation
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.evidence import numbered
from bot.evidence.numbered import Key, NumberedSentence, shown_by_article
from bot.language.cleaning.clean import one_line
from bot.language.locale.phrases import day_for_model
from bot.language.sentences.clauses import word_count
from bot.language.sentences.self_contained import is_furniture
from bot.language.sentences.titles import MIN_TITLE_WORDS, bare_title, is_cut_off, tells_news
from bot.language.words import content_terms
from bot.model.news import TITLE_NUMBER, Article, Citation

MAX_BATCH_CHARS = 24_000  # characters of sentences in one call: about 6,000 tokens
MAX_MATERIAL_SENTENCE_CHARS = 700  # characters of a sentence that are shown
MAX_ARTICLE_SENTENCES = 120  # sentences of an article that are shown; what follows is background at best
COPY_SHARE = 0.85  # share of content words in common from which a sentence is a near-copy of another
# What makes two sentences of the same words different news: a number, or a name or day behind a first word.
_TELLING = re.compile(r"\w*\d\w*(?:[.,]\d+)*|(?<=[\w,;] )[A-ZÀ-Þ]\w+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
MIN_COPIED_TERMS = 6  # content words below which two sentences are copies only if they are the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The sentences of one call; ``letters`` name its articles to the model.

    ``titles`` can be cited like sentences. Their numbers follow those of all sentences, so that
    the numbers of sentences do not depend on titles.
    """

    sentences: tuple[NumberedSentence, ...]
    articles: tuple[Article, ...]
    titles: tuple[NumberedSentence, ...] = ()

    @property
    def letters(self) -> dict[str, Article]:
        """The articles by their letters: A, B and so on, AA after Z."""
        return {_letter(place): article for place, article in enumerate(self.articles)}

    @property
    def shown(self) -> dict[Key, frozenset[int]]:
        """The numbers of the sentences that may be cited of each article, by id and revision."""
        return shown_by_article(self.citable)

    @property
    def citable(self) -> tuple[NumberedSentence, ...]:
        """The citable sentences, then the citable titles."""
        return (*self.sentences, *self.titles)


def batches_of(
    articles: Sequence[Article], *, read: Iterable[Article] = (), max_chars: int = MAX_BATCH_CHARS
) -> tuple[Batch, ...]:
    """Return the sentences of ``articles`` to be shown, oldest article first, in as many batches as they need.

    An article is whole in one batch, unless it is larger than a batch. Left out are page furniture and sentences that
    repeat an earlier sentence, or one of the articles that were ``read``, in nearly the same words. An article of
    which nothing is left is in a batch without sentences of its own. Of an edited article every sentence is new
    that an earlier revision did not have word for word, since a different number is a correction. A title counts as
    a sentence of its article if it reports something that no sentence and no earlier title says.
    """
    said = _Said()
    edited = {article.id for article in articles}
    for article in read:
        for sentence in article.sentences[:MAX_ARTICLE_SENTENCES]:
            if article.id in edited:
                said.add_words(sentence.text)
            else:
                said.add(sentence.text, article.language)
    batches: list[Batch] = []
    taken: list[_Numbered] = []
    kept: list[Article] = []
    size = 0
    for article in sorted(articles, key=lambda a: a.sort_key):
        new = [(article, number, text) for number, text in _new_sentences(article, said)]
        # One that is read in part counts as read.
        if taken and size + sum(len(text) for _, _, text in new) > max_chars:
            batches.append(_batch(taken, kept))
            taken, kept, size = [], [], 0
        kept.append(article)
        for one in new:
            if taken and size + len(one[2]) > max_chars:
                batches.append(_batch(taken, kept))
                taken, kept, size = [], [article], 0
            taken.append(one)
            size += len(one[2])
    if kept:
        batches.append(_batch(taken, kept))
    for article in read:
        said.add(article.title, article.language)
    return tuple(_titled(batch, said) for batch in batches)


def _titled(batch: Batch, said: _Said) -> Batch:
    """Return ``batch`` with the titles of its articles that report what was not ``said``."""
    shown = {one.article.id for one in batch.sentences}
    new = [
        (article, title)
        for article in batch.articles
        if article.id in shown and (title := _news_in_title(article)) and said.add(title, article.language)
    ]
    titles = tuple(
        NumberedSentence(number=n, article=article, sentence=TITLE_NUMBER, text=title)
        for n, (article, title) in enumerate(new, len(batch.sentences) + 1)
    )
    return replace(batch, titles=titles)


def _news_in_title(article: Article) -> str:
    """Return the title of ``article`` without decoration where it reports a thing that its sentences do not; else nothing.

    One that asks or calls, names a live page, is a label or was cut reports nothing.
    """
    title = bare_title(article)
    if word_count(title) < MIN_TITLE_WORDS or is_cut_off(title) or not tells_news(title):
        return ""
    language = article.language or "en"
    text = " ".join(sentence.text for sentence in article.sentences)
    said = {*content_terms(text, language=language), *_NUMBER.findall(text)}
    adds = {*content_terms(title, language=language), *_NUMBER.findall(title)} - said
    return title if adds else ""


_Numbered = tuple[Article, int, str]  # an article, the number of one of its sentences, and its text


def _new_sentences(article: Article, said: _Said) -> Iterator[tuple[int, str]]:
    """Yield the sentences of ``article`` that are no page furniture and were not ``said``."""
    for sentence in article.sentences[:MAX_ARTICLE_SENTENCES]:
        text = " ".join(sentence.text[:MAX_MATERIAL_SENTENCE_CHARS].split())
        if text and not is_furniture(text) and said.add(text, article.language):
            yield sentence.number, text


def _batch(taken: Sequence[_Numbered], articles: Sequence[Article]) -> Batch:
    sentences = tuple(
        NumberedSentence(number=n, article=a, sentence=s, text=text)
        for n, (a, s, text) in enumerate(taken, 1)
    )
    return Batch(sentences=sentences, articles=tuple(articles))


def lines(batch: Batch, *, only: Collection[int] = ()) -> str:
    """Return ``batch`` as text, a line with letter, outlet, time and title before an article's sentences.

    ``only`` are the numbers of the wanted sentences; empty for all.
    """
    written: list[str] = []
    titles = {(one.article.id, one.article.revision): one for one in batch.titles}
    for letter, article in batch.letters.items():
        key = (article.id, article.revision)
        title = titles.get(key)
        shown = [one for one in batch.sentences if (one.article.id, one.article.revision) == key]
        wanted = [one for one in shown if not only or one.number in only]
        if wanted or (title and title.number in only):
            written.append(f"{letter}. {header_line(article, title)}")
            written += [f"[{one.number}] {one.text}" for one in wanted]
    return "\n".join(written)


def cited(numbers: Iterable[int], batch: Batch) -> tuple[Citation, ...]:
    """Return the citations of the sentences ``numbers`` of ``batch``, one for each article."""
    return numbered.cited(numbers, batch.citable)


def header_line(article: Article, title: NumberedSentence | None = None) -> str:
    """Return the header of an article's sentences: outlet, day and title, with its number if it can be cited."""
    at = day_for_model(article.published_at)
    when = at if article.dated_at else f"undated, first seen {at}"
    named = f"[{title.number}] {title.text}" if title else one_line(article.title)
    return f"{' '.join(article.outlet.split()) or 'Unnamed outlet'}, {when}: {named}"


def _letter(place: int) -> str:
    word = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        word = chr(ord("A") + rest) + word
    return word


def _flat(text: str) -> str:
    return " ".join(text[:MAX_MATERIAL_SENTENCE_CHARS].casefold().split())


class _Said:
    """What was shown, by content words: finds near-copies without comparing every pair."""

    def __init__(self) -> None:
        self._exact: set[str] = set()
        self._terms: list[frozenset[str]] = []
        self._telling: list[frozenset[str]] = []
        self._holding: dict[str, list[int]] = {}

    def add(self, text: str, language: str) -> bool:
        """Take ``text`` in; False where something nearly the same was said before."""
        flat, telling = _flat(text), frozenset(_TELLING.findall(text))
        terms = frozenset(content_terms(text, language=language or "en"))
        if flat in self._exact or self._copied(terms, telling):
            return False
        self._exact.add(flat)
        for term in terms:
            self._holding.setdefault(term, []).append(len(self._terms))
        self._terms.append(terms)
        self._telling.append(telling)
        return True

    def add_words(self, text: str) -> None:
        """Take ``text`` in: only the same words are a copy of it."""
        self._exact.add(_flat(text))

    def _copied(self, terms: Collection[str], telling: frozenset[str]) -> bool:
        if len(terms) < MIN_COPIED_TERMS:
            return False
        shared: dict[int, int] = {}
        for term in terms:
            for place in self._holding.get(term, ()):
                shared[place] = shared.get(place, 0) + 1
        return any(
            n >= COPY_SHARE * len(self._terms[place] | set(terms)) and telling <= self._telling[place]
            for place, n in shared.items()
        )

"""Choose and number the sentences of new articles that a reader of a story is shown: all that are new, each once. Pure.

articles ── without page furniture, near-copies once ──▶ batches of numbered sentences 1…n          cite [7] ──▶ Citation
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.evidence import numbered
from bot.evidence.numbered import Key, NumberedSentence, given_of
from bot.language.cleaning.clean import one_line
from bot.language.sentences.self_contained import is_furniture
from bot.language.words import content_terms
from bot.model.news import Article, Citation

MAX_BATCH_CHARS = 24_000  # characters of sentences in one call: about 6,000 tokens
MAX_SENTENCE_CHARS = 700  # characters of a sentence that are shown
MAX_ARTICLE_SENTENCES = 120  # sentences of an article that are shown; what follows is background at best
COPY_SHARE = 0.85  # share of content words in common from which a sentence is a near-copy of another
# What makes two sentences of the same words different news: a number, or a name or day behind a first word.
_TELLING = re.compile(r"\w*\d\w*(?:[.,]\d+)*|(?<=[\w,;] )[A-ZÀ-Þ]\w+")
MIN_COPIED_TERMS = 6  # content words below which two sentences are copies only if they are the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The sentences of one call; ``letters`` name its articles to the model."""

    sentences: tuple[NumberedSentence, ...]
    articles: tuple[Article, ...]

    @property
    def letters(self) -> dict[str, Article]:
        """The articles by the letters they are shown under: A, B and so on, AA after Z."""
        return {_letter(place): article for place, article in enumerate(self.articles)}

    @property
    def shown(self) -> dict[Key, frozenset[int]]:
        """The numbers of the sentences that are shown of each article, by id and revision."""
        return given_of(self.sentences)


def batches_of(
    articles: Sequence[Article], *, read: Iterable[Article] = (), max_chars: int = MAX_BATCH_CHARS
) -> tuple[Batch, ...]:
    """Return the sentences of ``articles`` to be shown, oldest article first, in as many batches as they need.

    An article stands whole in one batch, unless it is larger than one. Left out are page furniture and what an
    earlier sentence, or one of the articles that were ``read``, has said in nearly the same words. An article of
    which nothing is left stands in a batch without sentences of its own. Of an edited article every sentence is new
    that an earlier revision did not have to the word: one that differs in a number is what was corrected.
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
    for article in sorted(articles, key=lambda a: a.place_in_time):
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
    return tuple(batches)


_Numbered = tuple[Article, int, str]  # an article, the number of one of its sentences, and its text


def _new_sentences(article: Article, said: _Said) -> Iterator[tuple[int, str]]:
    """Yield the sentences of ``article`` that are none of the page's furniture and were not ``said``."""
    for sentence in article.sentences[:MAX_ARTICLE_SENTENCES]:
        text = " ".join(sentence.text[:MAX_SENTENCE_CHARS].split())
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

    ``only`` are the numbers of the sentences that are wanted, all of them where it is empty.
    """
    written: list[str] = []
    letters = {(article.id, article.revision): letter for letter, article in batch.letters.items()}
    current: Key | None = None
    for one in batch.sentences:
        if only and one.number not in only:
            continue
        key = (one.article.id, one.article.revision)
        if key != current:
            current = key
            written.append(f"{letters[key]}. {_header(one.article)}")
        written.append(f"[{one.number}] {one.text}")
    return "\n".join(written)


def cited(numbers: Iterable[int], batch: Batch) -> tuple[Citation, ...]:
    """Return where the sentences ``numbers`` of ``batch`` stand, one citation an article."""
    return numbered.cited(numbers, batch.sentences)


def _header(article: Article) -> str:
    at = f"{article.published_at:%a %d %B %Y}"
    when = at if article.dated_at else f"undated, first seen {at}"
    title = one_line(article.title)
    return f"{' '.join(article.outlet.split()) or 'Unnamed outlet'}, {when}: {title}"


def _letter(place: int) -> str:
    word = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        word = chr(ord("A") + rest) + word
    return word


def _flat(text: str) -> str:
    return " ".join(text[:MAX_SENTENCE_CHARS].casefold().split())


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

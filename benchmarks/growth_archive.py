"""Archives of any size, made by rule of the golden events' sentences and of invented names, written straight into the tables.

    golden sentences, names cut out ──▶ five at random, four names of the story's own ──▶ one article a story

Words follow a long-tailed distribution: a few names are in thousands of stories, most in a handful. Every archive holds the
same news of the last day; the rest of its stories lie in the year before.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, cached_property
from pathlib import Path

from bot.language.sentences.split import split_sentences
from bot.language.stems import stems
from bot.language.words import content_terms, words
from bot.model.ids import derive_id

GOLDEN = Path(__file__).parents[1] / "tests" / "golden" / "events"
NAMES = 300_000  # there are, of which a story has four
SENTENCES = 5  # of an article of the archive
STORY_NAMES = 4
NEWS_OF_THE_DAY = 200  # stories of the last day, the same in every archive
YEAR = timedelta(days=350)
_NAME = re.compile(r"\b[A-Z][a-zäöü]{3,}\b")
_MARKS = ("Zzqa", "Zzqb", "Zzqc", "Zzqd")
_ONSETS = "b c d f g h j k l m n p r s t v w z br dr gr kr pl st tr sk".split()
_VOWELS = "a e i o u ai ei ou".split()
_CODAS = "k l m n r t d p rk lm nt rt nd x".split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A sentence with marks for names: its words as clustering and as full text see them, without the names."""

    text: str
    terms: Counter[str]
    marks: Counter[int]
    stems: tuple[str | int, ...]
    words: tuple[str | int, ...]
    head: str  # of a title
    head_terms: tuple[str | int, ...]
    head_stems: tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True)
class Written:
    """A made-up article: its sentences, and the weights of its terms before any document frequency."""

    number: int
    title: str
    sentences: tuple[str, ...]
    terms: dict[str, float]
    words: tuple[str, ...]
    title_stems: tuple[str, ...]
    sentence_stems: tuple[tuple[str, ...], ...]
    published_at: datetime

    @cached_property
    def url(self) -> str:
        """Its address."""
        return f"https://news{self.number % 40}.example/{self.number}"

    @cached_property
    def article_id(self) -> str:
        """Its id in the tables."""
        return derive_id("art", self.url)

    @cached_property
    def story_id(self) -> str:
        """The id of the story that it founds."""
        return derive_id("sto", self.article_id)


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes article ``number`` of an archive of ``size`` stories, and what follows it; the same for the same number."""

    size: int
    now: datetime

    def first(self, number: int) -> Written:
        """Return the article that founds the story ``number``; the first ones are the news of the day."""
        chance = random.Random(number)
        if number < NEWS_OF_THE_DAY:
            at = self.now - timedelta(hours=2 + 21 * number / NEWS_OF_THE_DAY)
        else:
            at = self.now - timedelta(days=2) - YEAR * ((number - NEWS_OF_THE_DAY) / self.size)
        names = _names(chance)
        return self._write(number, names, self._some(chance, SENTENCES), at)

    def later(self, number: int, *, key: int) -> Written:
        """Return an article that tells on of the story ``number``: three of its sentences, and new ones."""
        chance = random.Random(number)
        names = _names(chance)
        told = self._some(chance, SENTENCES)
        new = self._some(random.Random(-key), 4)
        return self._write(10_000_000 + key, names, [*told[:3], *new], self.now - timedelta(minutes=key % 50))

    def fresh(self, key: int) -> Written:
        """Return an article of a new story."""
        chance = random.Random(20_000_000 + key)
        some = self._some(chance, 7)
        return self._write(20_000_000 + key, _names(chance), some, self.now - timedelta(minutes=key % 50))

    @staticmethod
    def _some(chance: random.Random, count: int) -> list[Pattern]:
        return [_patterns()[chance.randrange(len(_patterns()))] for _ in range(count)]

    def _write(self, number: int, names: Sequence[str], some: Sequence[Pattern], at: datetime) -> Written:
        terms: Counter[str] = Counter()
        title = _filled(f"{names[0]} and {names[1]}: {some[0].head}", names)
        for term in (_term(names[0]), _term(names[1]), *_put(some[0].head_terms, [_term(n) for n in names])):
            terms[term] += 5.0  # type: ignore[assignment]
        for pattern in some:
            for term, count in pattern.terms.items():
                terms[term] += 1.5 * count  # type: ignore[assignment]
            for mark, count in pattern.marks.items():
                terms[_term(names[mark])] += 1.5 * count  # type: ignore[assignment]
        stemmed = [_stem(name) for name in names]
        folded = [name.lower() for name in names]
        return Written(
            number=number,
            title=title,
            sentences=tuple(_filled(pattern.text, names) for pattern in some),
            terms={term: weight**0.5 for term, weight in terms.items()},
            words=tuple(word for pattern in some for word in _put(pattern.words, folded)),
            title_stems=(stemmed[0], *_and(), stemmed[1], *_put(some[0].head_stems, stemmed)),
            sentence_stems=tuple(_put(pattern.stems, stemmed) for pattern in some),
            published_at=at,
        )


def archive(size: int, *, now: datetime) -> Iterator[Written]:
    """Yield the articles of an archive of ``size`` stories, the oldest first."""
    writer = Writer(size=size, now=now)
    for number in reversed(range(size)):
        yield writer.first(number)


def _put(said: Sequence[str | int], names: Sequence[str]) -> tuple[str, ...]:
    """Return ``said`` with ``names`` in the place of their numbers."""
    return tuple([names[one] if isinstance(one, int) else one for one in said])


@cache
def _and() -> tuple[str, ...]:
    return tuple(stems("and"))


def _filled(text: str, names: Sequence[str]) -> str:
    for mark, name in zip(_MARKS, names, strict=True):
        text = text.replace(mark, name)
    return text


def _names(chance: random.Random) -> list[str]:
    """Return the names of a story: the n-th name is in so many stories as 1 / n says."""
    return [_name(int(NAMES ** chance.random())) for _ in range(STORY_NAMES)]


@cache
def _name(rank: int) -> str:
    chance = random.Random(rank)
    one = "".join(
        chance.choice(_ONSETS) + chance.choice(_VOWELS) + chance.choice(_CODAS) for _ in range(2 + rank % 2)
    )
    return one.capitalize()


@cache
def _term(name: str) -> str:
    return content_terms(name)[0]


@cache
def _stem(name: str) -> str:
    return stems(name)[0]


@cache
def _patterns() -> list[Pattern]:
    found = []
    mark_terms = {_term(mark): n for n, mark in enumerate(_MARKS)}
    mark_words = {mark.lower(): n for n, mark in enumerate(_MARKS)}
    mark_stems = {_stem(mark): n for n, mark in enumerate(_MARKS)}
    for path in sorted(GOLDEN.glob("*/articles.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            for sentence in split_sentences(json.loads(line)["text"], language="en"):
                if not 50 <= len(sentence.text) <= 260:
                    continue
                text = _marked(sentence.text)
                terms = Counter(content_terms(text))
                marks = Counter({mark_terms[t]: n for t, n in terms.items() if t in mark_terms})
                head = text[:60].rsplit(" ", 1)[0]
                found.append(
                    Pattern(
                        text=text,
                        terms=Counter({t: n for t, n in terms.items() if t not in mark_terms}),
                        marks=marks,
                        stems=tuple(mark_stems.get(s, s) for s in stems(text)),
                        words=tuple(mark_words.get(w, w) for w in words(text)),
                        head=head,
                        head_terms=tuple(mark_terms.get(t, t) for t in content_terms(head)),
                        head_stems=tuple(mark_stems.get(s, s) for s in stems(head)),
                    )
                )
    return found


def _marked(text: str) -> str:
    """Return ``text`` with marks in the place of the names in it."""
    known: dict[str, str] = {}

    def mark(match: re.Match[str]) -> str:
        if match.start() == 0:
            return match.group()
        return known.setdefault(match.group(), _MARKS[len(known) % STORY_NAMES])

    return _NAME.sub(mark, text)

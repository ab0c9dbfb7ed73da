"""Choose and number the sentences a model is shown of a story: new ones only, few, each once. Pure.

articles ── not told, one of each text ──▶ passages 1…n ──▶ lines "[7] …"          cite [7] ──▶ Citation
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.language.sentences.self_contained import is_furniture
from bot.language.similarity import is_restated, similarity
from bot.model.news import Article, Citation

MAX_SHOWN_SENTENCES = 20  # shown of a story
MAX_SENTENCES_PER_ARTICLE = 6
MAX_SHOWN_CHARS = 2800  # of all of them together: about 700 tokens
MAX_READ_SENTENCES = 30  # sentences of an article that are considered
SAME_SENTENCE_SIMILARITY = 0.75  # similarity from which a second sentence adds nothing to a first
MAX_SENTENCE_CHARS = 500  # characters of a sentence that is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedSentence:
    """One numbered sentence."""

    number: int
    article: Article
    sentence: int
    text: str

    @property
    def citation(self) -> Citation:
        """Return where it stands."""
        return Citation(
            article_id=self.article.id, revision=self.article.revision, sentences=(self.sentence,)
        )


def choose_passages(
    articles: Sequence[Article], *, told: Sequence[str] = (), keep: Iterable[Citation] = ()
) -> tuple[NumberedSentence, ...]:
    """Return the passages of ``articles``, grouped by article, oldest article first.

    One article of each text is read (wire copy comes once). The sentences of ``keep`` are always shown: the
    ledger's own. Others are left out when ``told`` or an earlier passage says them. Turns go round the
    articles, newest first, so that each has its lead in before any has its tail.
    """
    wanted = {(c.article_id, c.revision, n) for c in keep for n in c.sentences}
    read = _one_of_each_text(articles)
    taken: list[tuple[Article, int, str]] = [
        (a, s.number, s.text[:MAX_SENTENCE_CHARS])
        for a in articles
        for s in a.sentences
        if (a.id, a.revision, s.number) in wanted
    ][:MAX_SHOWN_SENTENCES]
    room = MAX_SHOWN_CHARS - sum(len(text) for _, _, text in taken)
    queues = [
        [
            (a, s.number, s.text)
            for s in a.sentences[:MAX_READ_SENTENCES]
            if len(s.text) <= MAX_SENTENCE_CHARS and not is_furniture(s.text)
        ]
        for a in sorted(read, key=lambda a: a.place_in_time, reverse=True)
    ]
    shown = {(a.id, n) for a, n, _ in taken}
    for turn in range(MAX_SENTENCES_PER_ARTICLE):
        for queue in queues:
            candidate = _next(queue, told=told, taken=taken, shown=shown, first=turn == 0)
            if candidate and len(taken) < MAX_SHOWN_SENTENCES and len(candidate[2]) <= room:
                taken.append(candidate)
                shown.add((candidate[0].id, candidate[1]))
                room -= len(candidate[2])
    ordered = sorted(taken, key=lambda item: (item[0].published_at, item[0].id, item[1]))
    return tuple(
        NumberedSentence(number=i, article=a, sentence=n, text=text)
        for i, (a, n, text) in enumerate(ordered, 1)
    )


def lines(passages: Sequence[NumberedSentence]) -> str:
    """Return ``passages`` as text, an article's name and time before its sentences."""
    written: list[str] = []
    article_id = ""
    for passage in passages:
        if passage.article.id != article_id:
            article_id = passage.article.id
            article = passage.article
            at = f"{article.published_at:%a %d %B %Y %H:%M} UTC"
            when = at if article.dated_at else f"undated, first seen {at}"
            written.append(f"{_flat(article.outlet) or 'Article'}, {when}:")
        written.append(f"[{passage.number}] {_flat(passage.text)}")
    return "\n".join(written)


def cited(numbers: Iterable[int], passages: Sequence[NumberedSentence]) -> tuple[Citation, ...]:
    """Return where the passages ``numbers`` stand, one citation an article; unknown numbers point nowhere.

    A number that was not given becomes a citation of no article, so that the evidence check refuses it by name.
    """
    by_number = {p.number: p for p in passages}
    found: dict[tuple[str, int], list[int]] = {}
    for number in dict.fromkeys(numbers):
        passage = by_number.get(number)
        key = (passage.article.id, passage.article.revision) if passage else (f"[{number}]", 1)
        found.setdefault(key, []).append(passage.sentence if passage else number)
    return tuple(
        Citation(article_id=a, revision=r, sentences=tuple(sorted(numbers)))
        for (a, r), numbers in found.items()
    )


def _one_of_each_text(articles: Sequence[Article]) -> list[Article]:
    first: dict[str, Article] = {}
    for article in sorted(articles, key=lambda a: a.place_in_time):
        first.setdefault(article.text_group or article.id, article)
    return list(first.values())


def _next(
    queue: list[tuple[Article, int, str]],
    *,
    told: Sequence[str],
    taken: Sequence[tuple[Article, int, str]],
    shown: set[tuple[str, int]],
    first: bool,
) -> tuple[Article, int, str] | None:
    while queue:
        candidate = queue.pop(0)
        article, number, text = candidate
        if (article.id, number) in shown:
            continue
        if any(similarity(text, other) >= SAME_SENTENCE_SIMILARITY for _, _, other in taken):
            continue
        # The lead of an article is shown even where it was told: it says what the article is about.
        if not (first and number == 1) and is_restated(text, told):
            continue
        return candidate
    return None


def _flat(text: str) -> str:
    return " ".join(text.split())

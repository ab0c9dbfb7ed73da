"""The figures of a story: a number with its bounds, what it counts, who claims it, and the sentence.

Only numbers that matter are told: those of a title or a lead, and those that two articles have. A newer number of the
same thing supersedes an older one; what two claim at one time stands side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bot.language.sentences.clauses import lead_free
from bot.language.sentences.quotable import is_background, is_quotable
from bot.language.text_cache import CacheInput, text_cached
from bot.model.news import Article, Sentence
from bot.model.story import Figure
from bot.updates.by_rules.claimants import claimant_of
from bot.updates.by_rules.leads import LEAD_SENTENCES
from bot.updates.by_rules.numbers.counting import NumberMention, counting_of
from bot.updates.by_rules.worth import MAX_READ_SENTENCES

MAX_FIGURES_BY_RULES = 8  # of a story
MAX_CACHED_FIGURE_ARTICLES = 2_000  # whose numbers are kept in memory
LATEST_COUNTS_SPAN = timedelta(hours=36)  # dates are often without a time
GROWING = frozenset({"dead", "hurt"})  # tolls rise
# Time between claims up to which they can disagree; later ones are news, because tolls rise.
DISAGREEING_CLAIMS_SPAN = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One count of one article, with who claims it."""

    count: NumberMention
    article: Article
    sentence: Sentence
    claimant: str | None  # "" for the outlet; None where somebody claims it and it is not sure who


def find_figures(
    articles: Sequence[Article], found: Sequence[Counted], *, limit: int = 6
) -> tuple[Counted, ...]:
    """Return the figures of a story from the counts ``found`` in it: people and losses first, the newest for each thing and claimant."""
    said = defaultdict(set)
    for one in found:
        said[one.count.series, one.count.worth].add(one.article.id)
    titles = {(a.id, c.worth) for a in articles for c in _counts(a, a.title)}
    matters = [
        one
        for one in found
        if one.sentence.number <= LEAD_SENTENCES
        or len(said[one.count.series, one.count.worth]) > 1
        or (one.article.id, one.count.worth) in titles
    ]
    kept: dict[str, list[Counted]] = {}
    for one in sorted(matters, key=_newest_first(matters), reverse=True):
        of_series = kept.setdefault(one.count.series, [])
        if not of_series or _beside(one, of_series):
            of_series.append(one)
    claimed = [one for of_series in kept.values() if of_series[0].claimant is not None for one in of_series]
    claimed.sort(key=lambda o: (_rank(o), o.sentence.number, -o.article.published_at.timestamp()))
    return tuple(_once(claimed))[:limit]


def _once(claimed: Sequence[Counted]) -> Iterator[Counted]:
    """Yield ``claimed`` without numbers that occur already: "10 citizens killed" are the "10 tourists"."""
    seen: set[Decimal] = set()
    for one in claimed:
        if one.count.worth not in seen:
            seen.add(one.count.worth)
            yield one


def _newest_first(counted: Sequence[Counted]) -> Callable[[Counted], tuple[bool, Decimal, datetime, int]]:
    """Return a key by which of each series the newest comes last; of a toll the highest of one day is the newest."""
    newest = max((one.article.published_at for one in counted), default=None)

    def key(one: Counted) -> tuple[bool, Decimal, datetime, int]:
        today = newest is not None and newest - one.article.published_at <= LATEST_COUNTS_SPAN
        grows = today and one.count.series.split()[0] in GROWING
        return today, one.count.worth if grows else Decimal(0), one.article.published_at, -one.sentence.number

    return key


def counted_in(articles: Sequence[Article]) -> list[Counted]:
    """Return every count of ``articles``, without those of the distant past."""
    return [one for article in articles for one in _counted_by(CacheInput(article))]


# An article is read again beside each that comes to its story.
@text_cached(maxsize=MAX_CACHED_FIGURE_ARTICLES)
def _counted_by(given: CacheInput[Article]) -> tuple[Counted, ...]:
    article = given.take()
    sentences = article.sentences[:MAX_READ_SENTENCES]
    return tuple(one for sentence in sentences for one in _in_sentence(article, sentence))


def _in_sentence(article: Article, sentence: Sentence) -> Iterator[Counted]:
    counting = counting_of(article.language or "en")
    if counting is None:
        return
    text = sentence.text
    counts = list(counting.find(text))
    language = article.language or "en"
    if (
        not counts
        or is_background(text, language=language)
        or not is_quotable(lead_free(text), language=language)
    ):
        return
    claimant = claimant_of(lead_free(text), language=language)
    for count in counts:
        yield Counted(count=count, article=article, sentence=sentence, claimant=claimant)


def _counts(article: Article, text: str) -> Iterator[NumberMention]:
    counting = counting_of(article.language or "en")
    return counting.find(text) if counting else iter(())


def _beside(one: Counted, others: Sequence[Counted]) -> bool:
    """Tell whether ``one`` is another named claimant's number of the same moment."""
    newest = others[0]
    return bool(
        one.claimant
        and all(
            t.claimant and t.claimant != one.claimant and t.count.worth != one.count.worth for t in others
        )
        and newest.article.published_at - one.article.published_at <= DISAGREEING_CLAIMS_SPAN
    )


def _rank(one: Counted) -> int:
    series = one.count.series.split()[0]
    order = ("dead", "hurt", "missing", "moved", "held", "harmed", "money", "count", "share")
    return order.index(series) if series in order else len(order)


def figure_of(one: Counted) -> Figure:
    """Return ``one`` as a figure."""
    return Figure(
        value=one.count.printed,
        counts=one.count.counts,
        claimant=one.claimant or "",
        citation=one.article.cite(one.sentence.number),
        as_of=one.article.published_at,
    )

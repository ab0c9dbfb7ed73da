"""The filter of a subscription: its feeds, languages, words and patterns, as tests of articles.

Patterns are the subscriber's own regular expressions: each search is bounded in time, and one that runs out of
it is left out and named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import regex

from bot.config import BriefingSettings
from bot.errors import InputError
from bot.model.chat import Filters, Length, Subscription
from bot.model.news import Article, Feed

PATTERN_TIMEOUT_SECONDS = 0.05  # for one pattern in one article
MAX_PATTERN_CHARS = 300
MAX_FILTER_WORDS = 100
MAX_PATTERNS = 20
STORIES_BY_LENGTH = {Length.SHORT: 3, Length.STANDARD: 7, Length.LONG: 12}
_PROBE_TEXTS = ("a" * 2000 + "!", "a b " * 500 + "!", "1" * 2000 + "!", "word, " * 300 + "!")


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionFilter:
    """The filter of one subscription, as tests of articles."""

    feeds: frozenset[str] | None = None  # ids; None for all
    languages: frozenset[str] = frozenset()
    patterns: tuple[regex.Pattern[str], ...] = ()
    slow: set[str] = field(default_factory=set)  # patterns that ran out of time, as they were written

    def reads(self, article: Article) -> bool:
        """Return whether the subscription reads ``article`` at all."""
        if self.feeds is not None and article.feed_id not in self.feeds:
            return False
        return not self.languages or article.language in self.languages

    def about(self, articles: Iterable[Article]) -> bool:
        """Return whether one of ``articles`` matches the subscription's words and patterns."""
        return not self.patterns or any(
            self._found(pattern, a) for a in articles for pattern in self.patterns
        )

    def _found(self, pattern: regex.Pattern[str], article: Article) -> bool:
        if pattern.pattern in self.slow:
            return False
        text = "\n".join((article.title, *(s.text for s in article.sentences)))
        try:
            return pattern.search(text, timeout=PATTERN_TIMEOUT_SECONDS) is not None
        except TimeoutError:
            self.slow.add(pattern.pattern)
            return False


NO_FILTER = SubscriptionFilter()


def settings_of(subscription: Subscription, ours: BriefingSettings) -> BriefingSettings:
    """Return the settings ``ours`` with the choices of ``subscription``."""
    return ours.model_copy(
        update={
            "timezone": subscription.zone,
            "language": subscription.language,
            # Who asks for news in certain languages reads them.
            "translate": ours.translate and not subscription.filters.languages,
            "title": subscription.title or ours.title,
            "interests": subscription.interests or ours.interests,
            "stories": STORIES_BY_LENGTH[subscription.length],
        }
    )


def filter_for(subscription: Subscription, feeds: Sequence[Feed]) -> SubscriptionFilter:
    """Return the filter of ``subscription``; its packs are looked up among all ``feeds``."""
    chosen = None
    if subscription.feeds or subscription.packs:
        packs = {feed.id for feed in feeds if set(feed.packs) & set(subscription.packs)}
        chosen = frozenset(subscription.feeds) | packs
    return SubscriptionFilter(
        feeds=chosen,
        languages=frozenset(subscription.filters.languages),
        patterns=tuple(_patterns(subscription.filters)),
    )


def check_filters(filters: Filters) -> None:
    """Raise ``InputError`` for too many or too long words, and for a pattern that is invalid, too long, or too slow on test texts."""
    if len(filters.words) > MAX_FILTER_WORDS or any(len(word) > MAX_PATTERN_CHARS for word in filters.words):
        raise InputError(
            f"There are more than {MAX_FILTER_WORDS} words, or one is longer than {MAX_PATTERN_CHARS} characters",
            hint="Name fewer or shorter ones",
        )
    if len(filters.patterns) > MAX_PATTERNS:
        raise InputError(f"There are more than {MAX_PATTERNS} patterns", hint="Join some of them with |")
    for text in filters.patterns:
        if len(text) > MAX_PATTERN_CHARS:
            raise InputError(
                f"The pattern {text[:40]!r}… is longer than {MAX_PATTERN_CHARS} characters", hint="Shorten it"
            )
        try:
            pattern = _compiled(text)
        except regex.error as error:
            raise InputError(
                f"{text!r} is not a regular expression: {error}", hint="Write words as --word instead"
            ) from error
        for probe in _PROBE_TEXTS:
            try:
                pattern.search(probe, timeout=PATTERN_TIMEOUT_SECONDS)
            except TimeoutError as error:
                raise InputError(
                    f"The pattern {text!r} takes too long on some texts",
                    hint="Repeat less inside of repeats, such as (a+)+",
                ) from error


def _patterns(filters: Filters) -> Iterable[regex.Pattern[str]]:
    # Words match whole, whatever their case and the blanks between them.
    for words in filters.words:
        yield _compiled(r"\b" + r"\s+".join(map(regex.escape, words.split())) + r"\b")
    for text in filters.patterns:
        yield _compiled(text)


def _compiled(text: str) -> regex.Pattern[str]:
    return regex.compile(text, regex.IGNORECASE)

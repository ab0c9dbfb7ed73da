"""What is announced for a day, and what became of it. Pure; the words are a language's own.

An announcement is a sentence that says as settled what will happen, with the day in the same clause. "Happened" needs a
report of that day or later that says so with the same verb; without one nothing is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.language.dates.calendars import DAYS_OF_WEEK
from bot.language.dates.find import DateSpan
from bot.language.dates.resolve import lies_behind
from bot.language.dates.rules import WEEKDAYS
from bot.language.entities.names import find_names
from bot.language.rules import Rules, languages_with, load_rules
from bot.language.sentences.clauses import lead_free, tidy
from bot.language.sentences.quotable import closed_quotation, is_background, is_quotable
from bot.language.text_cache import CacheInput, text_cached
from bot.language.words import content_terms, stem
from bot.model.news import Article, Sentence
from bot.model.story import Announcement, Outcome
from bot.updates.by_rules.claimants import claimant_of
from bot.updates.by_rules.days import find_days
from bot.updates.by_rules.worth import MAX_READ_SENTENCES

MAX_ANNOUNCEMENT_CHARS = 240  # characters: the sentence is whole
MAX_CACHED_ANNOUNCEMENT_ARTICLES = 2_000  # whose announcements are kept in memory
MAX_SPAN_DAYS = 31  # a longer span is no day: "in 2031", "this year"
MAX_BETWEEN_CHARS = 90  # characters between a verb and its day
MIN_REPORTED_SHARE = 0.6  # share of an announcement's terms that a report must hold to speak of it
SAME_DAY_ANNOUNCEMENT_SHARE, OVERLAPPING_ANNOUNCEMENT_SHARE = (
    0.5,
    0.8,
)  # shares of common terms from which two announce one thing
_RULES = {language: load_rules(language, "plans") for language in languages_with("plans")}
_WEEKDAY = re.compile("|".join(WEEKDAYS))
_COMING = load_rules("en", "plans").pattern("coming span")
_COUNTED = load_rules("en", "plans").pattern("counted span")
_IRREGULAR = tuple(load_rules("en", "irregular").words.values())


def find_announcements(articles: Sequence[Article]) -> tuple[Announcement, ...]:
    """Return the announcements of ``articles`` by their day, each once.

    Days are resolved from the date of the article; an article without a date announces nothing, nor does a day up to its
    own.
    """
    found: list[Announcement] = []
    for article in sorted(articles, key=lambda a: a.sort_key):
        for announcement in _announced_by(CacheInput(article)):
            if not any(_same(announcement, other) for other in found):
                found.append(announcement)
    return tuple(sorted(found, key=lambda e: (e.due or date.max, e.as_of, e.what)))


# An article is read again beside each that comes to its story.
@text_cached(maxsize=MAX_CACHED_ANNOUNCEMENT_ARTICLES)
def _announced_by(given: CacheInput[Article]) -> tuple[Announcement, ...]:
    article = given.take()
    rules = _RULES.get(article.language or "en")
    if rules is None or article.dated_at is None:
        return ()
    found = (_read(article, sentence, rules) for sentence in article.sentences[:MAX_READ_SENTENCES])
    return tuple(announcement for announcement in found if announcement)


def outcome_of(announcement: Announcement, articles: Sequence[Article]) -> Announcement:
    """Return ``announcement`` with the outcome that ``articles`` report; open if none does.

    A report is a sentence of a later article, of the announced day or after it.
    """
    for article, sentence in _after(announcement, articles):
        outcome = _reported(announcement, article, sentence)
        if outcome:
            return replace(announcement, outcome=outcome, settled_by=article.cite(sentence.number))
    return announcement


def _read(article: Article, sentence: Sentence, rules: Rules) -> Announcement | None:
    text = tidy(lead_free(closed_quotation(sentence, article)))
    language = article.language or "en"
    if (
        len(text) > MAX_ANNOUNCEMENT_CHARS
        or not rules.has("announces", text)  # first: most sentences announce nothing
        or rules.has("unsure", text)
        or is_background(text, language=language)
        or not is_quotable(text, language=language)
    ):
        return None
    for rule in rules.patterns:
        if rule.sense != "announces":
            continue
        for verb in rule.match.finditer(text):
            if rules.has("subordinate", text[: verb.start()]):
                continue  # what the sentence says is something else
            day = _day_of(verb, text, article, rules)
            if day:
                return _announced(article, sentence, text, day)
    return None


def _day_of(verb: re.Match[str], text: str, article: Article, rules: Rules) -> DateSpan | None:
    """Return the day that the clause of ``verb`` names, None if it names none or a past one."""
    today = article.own_day
    for day in find_days(text, article, ahead=True):
        # "In the coming days" begins today; of "this week" it may have been on Monday.
        ahead = day.first > today or (day.first == today and _COMING.search(day.text))
        if not ahead or (day.last - day.first).days >= MAX_SPAN_DAYS or _COUNTED.search(day.text):
            continue
        if (day.first - today).days == DAYS_OF_WEEK and day.text.isalpha():
            continue  # "Sunday" in an article of a Sunday is that day as often as the next
        if (article.language or "en") == "en" and day.text.isalpha() and lies_behind(text, day):
            continue  # the day is that of the report
        if day.end <= verb.start():
            # "In May he said it would": the day is that of the saying.
            between, named = text[day.end : verb.end()], rules.has("head", text[: day.start])
            between = between.removeprefix(",")
        else:
            between, named = text[verb.end() : day.start], day.start >= verb.end() - len(day.text)
        if named and len(between) <= MAX_BETWEEN_CHARS and not rules.has("border", between):
            return day
    return None


def _announced(article: Article, sentence: Sentence, text: str, day: DateSpan) -> Announcement:
    speaker = claimant_of(text, language=article.language or "en") or ""
    return Announcement(
        what=text,
        when=day.text,
        due=day.first,
        due_end=day.last if day.last != day.first else None,
        announced_by="" if speaker in text else speaker,
        citation=article.cite(sentence.number),
        as_of=article.published_at,
    )


def _reported(announcement: Announcement, article: Article, sentence: Sentence) -> Outcome | None:
    """Return what ``sentence`` reports of ``announcement``, None where it does not surely report on it."""
    rules = _RULES.get(article.language or "en")
    text = lead_free(sentence.text)
    if rules is None or "?" in text or _likeness(announcement.what, text) < MIN_REPORTED_SHARE:
        return None
    first = announcement.due or date.max
    last = announcement.due_end or first
    days = find_days(text, article, ahead=False)
    on_the_day = [d for d in days if d.first <= last and d.last >= first]
    if days and not on_the_day:
        return None
    if rules.has("off", text):
        return Outcome.DID_NOT_HAPPEN
    soon = article.own_day - last <= timedelta(days=1)
    if rules.has("no report", text) or not (on_the_day or soon):
        return None
    names = {n.text for n in find_names(announcement.what) if n.start and not _WEEKDAY.search(n.text)}
    is_done = _done(announcement.what, text, rules) and all(n in text for n in names)
    return Outcome.HAPPENED if is_done else None


def _done(what: str, text: str, rules: Rules) -> bool:
    """Return whether ``text`` has the announced verb as something done."""
    for rule in rules.patterns:
        if rule.sense != "announces":
            continue
        for found in rule.match.finditer(what):
            verb = found[0].split()[-1].casefold()
            if verb in {"be", "for", "on", "in", "to"}:
                verb = (re.findall(r"\w+", what[found.end() : found.end() + 40]) or [""])[0].casefold()
            if verb and _past_forms(verb) & set(re.findall(r"[a-z]+", text.casefold())):
                return True
    return False


def _past_forms(verb: str) -> frozenset[str]:
    for words in _IRREGULAR:
        if verb in words:
            return words - {verb} | ({verb} if verb.endswith(("ed", "en", "wn")) else frozenset())
    root = verb.removesuffix("e")
    doubled = f"{verb}{verb[-1]}ed"
    forms = {f"{root}ed", f"{verb}ed", doubled, f"{verb[:-1]}ied" if verb.endswith("y") else f"{root}ed"}
    return frozenset(forms | ({verb} if verb.endswith("ed") else set()))


def _same(one: Announcement, other: Announcement) -> bool:
    """Return whether both announce one thing: much alike for one day, or nearly so for times that overlap."""
    if not (one.due and other.due):
        return False
    alike = max(_likeness(one.what, other.what), _likeness(other.what, one.what))
    overlap = one.due <= (other.due_end or other.due) and other.due <= (one.due_end or one.due)
    return overlap and alike >= (
        SAME_DAY_ANNOUNCEMENT_SHARE if one.due == other.due else OVERLAPPING_ANNOUNCEMENT_SHARE
    )


def _likeness(what: str, text: str) -> float:
    terms = {stem(t) for t in content_terms(what)}
    return len(terms & {stem(t) for t in content_terms(text)}) / len(terms) if terms else 0.0


def _after(announcement: Announcement, articles: Sequence[Article]) -> Iterator[tuple[Article, Sentence]]:
    for article in sorted(articles, key=lambda a: a.sort_key):
        if (
            announcement.due
            and article.dated_at is not None
            and article.own_day >= announcement.due
            and article.published_at > announcement.as_of
        ):
            yield from ((article, sentence) for sentence in article.sentences[:MAX_READ_SENTENCES])

"""Find the status of a story: the lead of its newest article, if it clearly says what the title says. Pure.

Rules do not know states. A line is told only where the lead says as a fact what the title says, in a clause of the
sentence that is whole; who claims it stands beside it. Of everything else there is no status.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.language.dates.rules import MONTHS, WEEKDAYS
from bot.language.rules import languages_with, load_rules
from bot.language.sentences.calm import calm
from bot.language.sentences.clauses import (
    attributed,
    balanced,
    is_clause,
    is_qualifying,
    lead_free,
    tidy,
    word_count,
)
from bot.language.sentences.quotable import is_background, is_quotable
from bot.language.sentences.titles import bare_title, tells_news
from bot.language.speech import any_of
from bot.language.words import content_terms
from bot.model.news import Article, Sentence
from bot.model.story import OTHER_KIND, Authority, Status
from bot.updates.by_rules.claimants import claimant_of
from bot.updates.by_rules.leads import LEAD_SENTENCES

MAX_LINE_WORDS = 14
MIN_STATUS_LINE_WORDS = 5
MIN_TITLE_IN_LINE_SHARE = 0.34  # share of the title's terms that the line must hold
# Share of a title's terms that the lead must hold for the title to be told as a line.
MIN_TITLE_IN_LEAD_SHARE = 0.6

_RULES = {language: load_rules(language, "status") for language in languages_with("status")}
_ENGLISH = load_rules("en", "status")
_TAIL = _ENGLISH.pattern("tail")


def find_statuses(articles: Sequence[Article]) -> tuple[Status, ...]:
    """Return the statuses in the leads of ``articles``, oldest first, at most one each."""
    found = (_status(article) for article in sorted(articles, key=lambda a: a.sort_key))
    return tuple(status for status in found if status)


# "officials late on Monday", "the ministry in a statement"; "an official briefed on the talks" is named whole.
_DAYS = "|".join((*WEEKDAYS, *MONTHS))
_TIME_OR_MEDIUM = re.compile(
    rf"\s(?:(?:late|early)\s(?:on\s)?|on\s|in\s|at\s)(?:{_DAYS}|\d|{any_of(_ENGLISH.words['medium'])}"
    rf"|(?:an?|the|his|her|their)\s(?:[\w-]+\s){{0,2}}?(?:{any_of(_ENGLISH.words['occasion'])}))\b.*$"
)


def _status(article: Article) -> Status | None:
    language = article.language or "en"
    rules = _RULES.get(language)
    title = set(content_terms(article.title, language=language))
    if rules is None or not title or article.dated_at is None or not tells_news(article.title):
        return None
    for sentence in article.sentences[:LEAD_SENTENCES]:
        text = calm(lead_free(sentence.text), article)
        if not is_quotable(text, language=language) or is_background(text, language=language):
            continue
        line, speaker = _line(text, language=language)
        shared = len(title & set(content_terms(line, language=language))) / len(title)
        if shared < MIN_TITLE_IN_LINE_SHARE:
            line = _titled(article, text, language=language)
        speaker = _plain_speaker(_TIME_OR_MEDIUM.sub("", speaker))
        line = _without_speaker(line, speaker)
        if line and not rules.has("unsure", line) and not rules.has("nobody", speaker):
            return _made(article, sentence, line=line, speaker=speaker)
    return None


def _plain_speaker(speaker: str) -> str:
    """Return ``speaker`` for the middle of a line: "the second-largest rating firm"."""
    first, _, rest = speaker.partition(" ")
    return f"{first.lower()} {rest}" if rest and first in {"A", "An", "The"} else speaker


def _without_speaker(line: str, speaker: str) -> str:
    """Return ``line`` without ": Kremlin" at its end if ``speaker`` is shown beside it."""
    head, _, last = line.rpartition(": ")
    return head if head and last.casefold() in speaker.casefold() else line


def _line(text: str, *, language: str) -> tuple[str, str]:
    """Return the longest whole clause of ``text`` that fits a line, with its speaker; empty if there is none."""
    if language != "en":
        who = claimant_of(text, language=language)
        whole = MIN_STATUS_LINE_WORDS <= word_count(text) <= MAX_LINE_WORDS and who == ""
        return (_closed(text) if whole else "", "" if who is None else who)
    said = attributed(text)
    speaker = said.speaker if said else ""
    claim = said.claim if said else text
    heads = [
        claim,
        *(
            claim[: found.start()]
            for found in _TAIL.finditer(claim)
            if not is_qualifying(claim[found.start() :])
        ),
    ]
    for head in sorted(map(tidy, heads), key=len, reverse=True):
        if (
            MIN_STATUS_LINE_WORDS <= word_count(head) <= MAX_LINE_WORDS
            and is_clause(head)
            and balanced(head)
            and head[0] not in "“\"‘'"
        ):
            return _closed(head), speaker
    return "", speaker


def _titled(article: Article, text: str, *, language: str) -> str:
    """Return the title where the lead ``text`` says all but words of it, and it fits a line."""
    line = bare_title(article)
    terms = set(content_terms(line, language=language))
    carried = len(terms & set(content_terms(text, language=language)))
    fits = MIN_STATUS_LINE_WORDS <= word_count(line) <= MAX_LINE_WORDS
    return line if fits and carried >= MIN_TITLE_IN_LEAD_SHARE * len(terms) else ""


def _closed(part: str) -> str:
    """Drop the full stop, also one inside the closing quotation mark: a line is no sentence."""
    return re.sub(r"[.](?=[”\"’']?$)", "", part) if not re.search(r"\b(?:[A-Za-z][.]){2,}$", part) else part


def _made(article: Article, sentence: Sentence, *, line: str, speaker: str) -> Status:
    return Status(
        kind=OTHER_KIND,
        state="",
        line=line,
        as_of=article.published_at,
        since=article.published_at,
        said_by=speaker,
        authority=Authority.PARTY if speaker else Authority.PRESS,
        citation=article.cite(sentence.number),
    )

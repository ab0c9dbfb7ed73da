"""The evidence check: tells whether the sentences a statement cites carry it, and why not. Pure, no model.

What is checked is wording: numbers, days, names, quotations, negations, doubts, speakers, and that enough of the
statement is there. That is not truth, and a reader must never be told more than was checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import combinations

from bot.evidence import clauses, figures, names, numbers
from bot.evidence.announced import not_ahead
from bot.evidence.claimants import untold, wrong_claimant, wrong_speaker
from bot.evidence.facts import Facts, read
from bot.evidence.ground import Ground, country_named, facts_of, ground_of
from bot.evidence.opposites import opposite
from bot.evidence.subjects import nearer_name, not_theirs, wrong_subject
from bot.evidence.synonyms import REPORTING, carried, content
from bot.language.names import find_names
from bot.language.sentences.quotations import plain
from bot.language.text_cache import text_cached
from bot.language.words import stem, stop_words
from bot.language.words import words as word_list
from bot.model.news import Article, Citation
from bot.model.record import Verdict

MAX_STATEMENT_CHARS = 2_000  # characters
MAX_CITED_SENTENCES = 12  # sentences a statement may cite
CARRIED_SHARE = (
    0.40  # share of its content words from which a statement is carried: 2 % of random pairs reach it
)
UNFLAGGED_SHARE = 0.60  # below this a statement that passes is flagged
REPAIR_SHARE = 0.80  # share asked of sentences the writer did not name
MAX_REPAIR_CANDIDATES = 5  # sentences tried for a repair, alone and two by two
MAX_NEIGHBOURED = 2  # of them, tried with the sentence before and behind
MIN_QUOTED_WORDS = 2  # words of a quotation that must be found inside quotation marks
ROLE_DISTANCE_CHARS = 80  # characters between a role and the name it belongs to
MAX_FOREIGN_WORDS = (
    3  # words that no article has, from which they are no turn of phrase: 1 % of honest paraphrases have them
)
MAX_REPAIR_SENTENCES = 600  # given sentences looked through for a repair

Articles = Mapping[tuple[str, int], Article]
Given = Mapping[tuple[str, int], frozenset[int]] | None


def check_statement(
    text: str,
    citations: Sequence[Citation],
    *,
    articles: Articles,
    given: Given = None,
    claimant: str = "",
    field: str = "bullet",
    made_at: datetime | None = None,
) -> Verdict:
    """Return whether ``citations`` carry ``text``, or which other given sentences do.

    ``articles`` are those the writer was given, by id and revision; ``given`` the numbers of the sentences it was
    shown of each, None for all. ``claimant`` is who is shown beside the statement as its source. ``field`` is
    where it stands: headline, status, bullet, name, role, position, figure, next or quote. By ``made_at`` (aware) a
    "yesterday" of the statement is understood; None leaves it to the articles.
    """
    if not re.search(r"\w", text):
        return Verdict(passed=False, reason="empty")
    if len(text) > MAX_STATEMENT_CHARS:
        return Verdict(passed=False, reason="too_long")
    known = known_citations(citations, articles=articles, given=given)
    verdict = (
        _judge(
            text,
            known,
            articles=articles,
            claimant=claimant,
            field=field,
            made_at=made_at,
            enough=CARRIED_SHARE,
        )
        if known
        else Verdict(passed=False, reason="unknown_citation")
    )
    if verdict.passed and len(known) == len(citations):
        return verdict
    if verdict.passed:  # some of what it cites does not exist, the rest carries it
        return Verdict(passed=True, citations=tuple(known), repaired=True, flagged=verdict.flagged)
    for other in _others(text, known, articles=articles, given=given):
        if field == "figure" and (len(other) > 1 or len(other[0].sentences) > 1):
            break  # a number and what it counts stand in one sentence
        apart = len(other) + len(other[0].sentences) > 2 and not _neighbours(other)
        if apart and not _shared_out(text, other, articles=articles):
            continue
        found = _judge(
            text,
            other,
            articles=articles,
            claimant=claimant,
            field=field,
            made_at=made_at,
            enough=REPAIR_SHARE,
        )
        if found.passed:
            return Verdict(passed=True, citations=found.citations, repaired=True, flagged=found.flagged)
    return verdict


def strangers(
    text: str, articles: Iterable[Article], *, most: int = MAX_FOREIGN_WORDS - 1
) -> tuple[str, ...]:
    """Return the words of ``text`` that none of ``articles`` has, where they are more than ``most`` or inside a name.

    A model that serves many channels could carry the words of one into another's briefing; in plain words, that no
    rule on names and numbers sees.
    """
    terms = frozenset().union(*(_vocabulary(article) for article in articles))
    stop, foreign = stop_words("en"), []
    for word in word_list(text[:MAX_STATEMENT_CHARS]):
        if word in stop or len(word) < 2 or word[0].isdigit():
            continue
        term = stem(word)
        if term not in REPORTING and not carried(term, terms):
            foreign.append(word)
    return tuple(foreign) if len(foreign) > most else _inserted(text, terms)


def _inserted(text: str, terms: frozenset[str]) -> tuple[str, ...]:
    """Return the words that no article has within names of ``text``: with its ends alone, a name would pass."""
    found = []
    for name in find_names(text[:MAX_STATEMENT_CHARS]):
        words = tuple(word_list(name.text))
        if len(words) > 2 and not country_named(words):
            found += [w for w in words[1:-1] if len(w) > 2 and not carried(stem(w), terms)]
    return tuple(w for w in found if w not in stop_words("en"))


@text_cached(maxsize=512)
def _vocabulary(article: Article) -> frozenset[str]:
    return content(
        "\n".join((article.title, article.author, article.outlet, *(s.text for s in article.sentences)))
    )


def known_citations(citations: Sequence[Citation], *, articles: Articles, given: Given) -> list[Citation]:
    """Return ``citations`` with the sentences that exist and were given, without those that have none."""
    found, left = [], MAX_CITED_SENTENCES
    for citation in citations:
        key = (citation.article_id, citation.revision)
        article = articles.get(key)
        if article is None or left <= 0:
            continue
        shown = given.get(key, frozenset()) if given is not None else None
        kept = tuple(
            n
            for n in dict.fromkeys(citation.sentences)
            if 1 <= n <= len(article.sentences) and (shown is None or n in shown)
        )[:left]
        left -= len(kept)
        if kept:
            found.append(
                citation
                if kept == citation.sentences
                else Citation(article_id=key[0], revision=key[1], sentences=kept)
            )
    return found


def _judge(
    text: str,
    citations: Sequence[Citation],
    *,
    articles: Articles,
    claimant: str,
    field: str,
    made_at: datetime | None,
    enough: float,
) -> Verdict:
    ground = ground_of(citations, articles=articles)
    cited = tuple(citations)
    whole = plain(text).rstrip(" .")
    if any(whole == facts.plain.rstrip(" .") for facts in ground.facts):
        return Verdict(passed=True, citations=cited)
    readings = [facts_of(article, text) for article in dict.fromkeys(ground.articles)]
    statement = readings[0]
    today = read(text, made_at, ground.articles[0].utc_offset) if made_at else None
    for reason, words in _faults(
        statement, ground, readings=readings, today=today, claimant=claimant, field=field
    ):
        if words:
            return Verdict(passed=False, reason=reason, words=tuple(dict.fromkeys(words)), citations=cited)
    share, missing = clauses.coverage(statement, ground)
    if share < (figures.FIGURE_SHARE if field == "figure" else enough):
        return Verdict(passed=False, reason="uncovered", words=missing, citations=cited)
    return Verdict(passed=True, citations=cited, flagged=share < UNFLAGGED_SHARE)


def _faults(
    statement: Facts,
    ground: Ground,
    *,
    readings: Sequence[Facts],
    today: Facts | None,
    claimant: str,
    field: str,
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the faults rule by rule, the gravest first; the caller stops at the first that holds words."""
    if field == "name":
        yield "name", names.unsupported(statement, ground)
        return
    if field == "role":  # a "not" beside it, or in a quotation, says nothing of a role
        yield "role", _unprinted(statement, ground)
        yield "name", names.unsupported(statement, ground)
        return
    if field == "figure":
        yield "number", figures.elsewhere(statement, ground)
    yield "quote", _misquoted(statement, ground, field=field)
    yield "number", numbers.unsupported(statement, ground)
    yield "date", numbers.wrong_days(readings, ground, today=today)
    yield "name", names.unsupported(statement, ground)
    yield "number", numbers.miscounted(statement, ground)
    if field == "quote":
        return
    yield "speaker", wrong_speaker(statement, ground)
    yield "swapped", names.misplaced(statement, ground)
    yield "opposite", opposite(statement, ground)
    yield "negation", clauses.negation(statement, ground)
    yield "hedge", clauses.hedge(statement, ground)
    yield "speaker", untold(statement, ground, who=claimant)
    if field == "position" and claimant:
        yield "actor", not_theirs(claimant, statement, ground)
    if field == "next":
        yield "not_announced", not_ahead(statement, ground)
        yield "actor", wrong_subject(statement, ground)
    if claimant and field not in {"role", "position"}:
        yield "wrong_claimant", wrong_claimant(statement, ground, who=claimant)
    elif not claimant and field not in {"headline", "role"}:
        yield "claimant", clauses.claimant(statement, ground)
    yield "fused", clauses.fused(statement, ground)


def _neighbours(citations: Sequence[Citation]) -> bool:
    """Tell whether ``citations`` are sentences of one article that follow each other, which may carry a clause together."""
    numbers_ = citations[0].sentences
    return len(citations) == 1 and max(numbers_) - min(numbers_) < len(numbers_)


def _shared_out(text: str, citations: Sequence[Citation], *, articles: Articles) -> bool:
    """Tell whether each clause of ``text`` is carried by one of the sentences alone."""
    single = [
        (Citation(article_id=c.article_id, revision=c.revision, sentences=(n,)),)
        for c in citations
        for n in c.sentences
    ]
    pieces = clauses.split(text)
    return len(pieces) > 1 and all(
        any(
            _judge(
                piece,
                one,
                articles=articles,
                claimant="",
                field="headline",
                made_at=None,
                enough=REPAIR_SHARE,
            ).passed
            for one in single
        )
        for piece in pieces
    )


def _misquoted(statement: Facts, ground: Ground, *, field: str) -> tuple[str, ...]:
    quotes = statement.quotes
    if field == "quote":
        quotes = (statement.plain.strip("\"' ").rstrip(".,;:!?").strip(),)
    marked = [theirs for facts in ground.facts for theirs in facts.quotes]
    return tuple(
        quote
        for quote in quotes
        if not any(_verbatim(quote, running) for running in ground.running)
        # A word or two stand in any sentence: they have to be quoted there, too, if it quotes anything.
        or (
            marked
            and len(quote.split()) <= MIN_QUOTED_WORDS
            and not any(_verbatim(quote, theirs) for theirs in marked)
        )
    )


def _unprinted(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the role of "NAME: ROLE" (or a role alone) where no cited sentence prints it near the name."""
    name, _, role = statement.plain.rpartition(": ")
    printed = re.sub(r"^(?:the|an?) ", "", role.strip(" ."), flags=re.IGNORECASE)
    role = re.sub(r"^(?:the|an?) ", "", role.strip(" ."), flags=re.IGNORECASE).casefold()
    last = name.split()[-1].casefold() if name.split() else ""
    for facts in ground.facts:
        text = facts.plain.casefold()
        if _verbatim(role, text):
            at = text.find(role)
            near = text[max(0, at - ROLE_DISTANCE_CHARS) : at + len(role) + ROLE_DISTANCE_CHARS]
            if not last or (last in near and not nearer_name(name, printed, facts)):
                return ()
    return (role or statement.plain,)


def _verbatim(quote: str, running: str) -> bool:
    at = running.find(quote)
    while at >= 0:
        before, after = running[at - 1 : at], running[at + len(quote) : at + len(quote) + 1]
        if not (before.isalnum() and quote[0].isalnum()) and not (after.isalnum() and quote[-1].isalnum()):
            return True
        at = running.find(quote, at + 1)
    return False


def _others(
    text: str, cited: Sequence[Citation], *, articles: Articles, given: Given
) -> Iterator[tuple[Citation, ...]]:
    """Yield other citations that may carry ``text``, likeliest first: single sentences, then two together."""
    wanted = content(text) - REPORTING
    if not wanted:
        return
    scored: list[tuple[float, int, tuple[str, int], int]] = []
    order = 0
    for key, article in articles.items():
        shown = given.get(key, frozenset()) if given is not None else None
        for sentence in article.sentences:
            if shown is not None and sentence.number not in shown:
                continue
            order += 1
            if order > MAX_REPAIR_SENTENCES:
                break
            share = len(wanted & content(sentence.text)) / len(wanted)
            if share >= 0.25:
                scored.append((-share, order, key, sentence.number))
    best = sorted(scored)[:MAX_REPAIR_CANDIDATES]
    singles = [(Citation(article_id=key[0], revision=key[1], sentences=(n,)),) for _, _, key, n in best]
    already = tuple(cited)
    yield from (single for single in singles if single != already)
    yield from _with_neighbours(singles, articles=articles, given=given)
    for (one,), (other,) in combinations(singles, 2):
        yield _together(one, other)


def _with_neighbours(
    singles: Sequence[tuple[Citation, ...]], *, articles: Articles, given: Given
) -> Iterator[tuple[Citation, ...]]:
    """Yield the likeliest sentences with the one before or behind them."""
    for (single,) in singles[:MAX_NEIGHBOURED]:
        key, [n] = (single.article_id, single.revision), single.sentences
        shown = given.get(key, frozenset()) if given is not None else None
        for other in (n - 1, n + 1):
            if 1 <= other <= len(articles[key].sentences) and (shown is None or other in shown):
                pair = (min(n, other), max(n, other))
                yield (Citation(article_id=key[0], revision=key[1], sentences=pair),)


def _together(one: Citation, other: Citation) -> tuple[Citation, ...]:
    if (one.article_id, one.revision) == (other.article_id, other.revision):
        numbers_ = tuple(sorted({*one.sentences, *other.sentences}))
        return (Citation(article_id=one.article_id, revision=one.revision, sentences=numbers_),)
    return (one, other)

"""Write one story for one channel: what is in its ledger and was not sent to the channel. Pure.

ledger ── facts not sent, most important first ──▶ bullets          status, changed since? ──▶ old and new line
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.briefings.days_before import tells_of_days_before
from bot.briefings.features import is_feature
from bot.briefings.memory import (
    ChannelMemory,
    actor_id,
    background_id,
    figure_id,
    was_announced,
    was_shown,
)
from bot.briefings.open_questions import open_questions
from bot.language.dates.passed import has_passed, is_of_earlier_span, only_looks_ahead
from bot.language.dates.rules import DAY_NAMED
from bot.language.locale.en import counted
from bot.language.locale.phrases import ENGLISH
from bot.language.numbers import harms_in
from bot.language.sentences.titles import is_cut_off
from bot.language.similarity import NEAR_EQUAL_SIMILARITY, is_copy, is_restated, tells_the_same
from bot.language.similarity import figures as numbers_in
from bot.language.words import content_terms, topics_in
from bot.model.briefing import Section, SentStory, Statement, StoryBrief, Writer
from bot.model.ledger import KnownFact, StoryLedger
from bot.model.story import Actor, Announcement, Corroboration, Figure, Ledger, Outcome, Status
from bot.model.update import RULES_STATUS_TIME, Importance

MIN_BULLETS, MAX_BULLETS, MAX_PRINTED_ACTORS, MAX_PRINTED_FIGURES, MAX_PRINTED_ANNOUNCEMENTS = 2, 5, 4, 4, 3

MAX_TOLL_TERMS = 2  # words of a count of all victims: "people dead"
MIN_COUNTED_TERMS = 2  # words of a count by rules that is clear alone
_CLAUSE = re.compile(r"[;,]\s")
MAX_COMPARED_STATEMENTS = 60  # latest statements a channel was sent of a story
MAX_FALLBACK_HEADLINE_WORDS = 17  # of a title or sentence that replaces a refused headline
MAX_KNOWN_FACT_AGE = timedelta(days=7)  # before the newest fact of a story
RETURNING_STORY_SILENCE = timedelta(days=14)  # time after which a returning story is marked as such


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerView:
    """The ledger of a story and its public form."""

    ledger: StoryLedger
    public: Ledger
    corroboration: Corroboration
    titles: Mapping[str, str] = field(default_factory=dict)  # of its articles, by id


def brief_of(
    view: LedgerView, memory: ChannelMemory, *, fallback: Statement, today: date
) -> StoryBrief | None:
    """Return the story for a channel with ``memory``, None if it has no news.

    ``fallback`` is the headline if none of the ledger is valid; if that is cut off or a question, the status is used. Announcements
    for a day before ``today`` are left out.
    """
    ledger, public, sent = view.ledger, view.public, memory.story
    quoted = not ledger.read_by_model
    status = _current(public.status, ledger) if quoted else public.status
    unfit = not quoted and _is_unfit(fallback.text)
    headline = ledger.headline or (_as_headline(status) if status and unfit else fallback)
    if status and quoted and tells_the_same(status.line, headline.text):
        status = None  # it would say the same again
    facts = _not_passed(_unsent(ledger, memory, status.line if status and not quoted else ""), today=today)
    newest = max((known.as_of.date() for known in ledger.facts), default=today)
    if quoted and not facts and has_passed(headline.text, written=newest, today=today):
        return None
    known = sent is not None or any(memory.was_sent(known) for known in ledger.facts)
    bullets = tuple(map(_statement_of, facts[:MAX_BULLETS]))
    changed = sent is not None and any(
        point.change and point.known_at > sent.sent_at for point in ledger.course
    )
    line = sent is not None and not quoted and _is_new_line(status, sent)
    if sent is not None and not quoted and not (changed or line) and _are_details(facts):
        return None
    # A new story that was not read is listed by its title only.
    if not (bullets or changed or line) and (known or (status is None and not quoted)):
        return None
    actors = _actors(
        public.actors, memory, quoted=quoted, shown_lines=[headline.text, *(b.text for b in bullets)]
    )
    previous = sent.status if sent and changed and sent.status and status != sent.status else None
    if status and sent and not quoted and _outlived(headline, status, sent):
        headline = _as_headline(status)
    returns = sent is not None and today - sent.sent_at.date() > RETURNING_STORY_SILENCE
    return StoryBrief(
        story_id=ledger.story_id,
        section=Section.NEW if sent is None else Section.CHANGED,
        headline=headline,
        status=status,
        previous_status=previous,
        changed=bullets if sent is not None else (),
        bullets=bullets,
        background=_background(ledger, memory) if returns else None,
        actors=actors,
        figures=_figures(
            public.figures,
            memory,
            quoted=quoted,
            shown_lines=[
                *((known.fact.text, known.as_of) for known in facts[:MAX_BULLETS]),
                *((actor.position, actor.as_of) for actor in actors),
            ],
        ),
        disagreements=tuple(d for d in public.disagreements if not was_shown(d, memory)),
        next=_next(public.expectations, memory, today=today),
        unknown=tuple(open_questions(ledger, today=today)),
        corroboration=view.corroboration,
        why=_why(sent, changed=bool(previous), new=len(bullets) + line, returns=returns),
        writer=_writer(facts[:MAX_BULLETS], ledger),
        last_sent_at=sent.sent_at if sent and returns else None,
        feature=not quoted and previous is None and is_feature(facts[:MAX_BULLETS], view.titles),
    )


def _not_passed(facts: Sequence[KnownFact], *, today: date) -> list[KnownFact]:
    """Return ``facts`` without those about a day that was ahead and has passed, and without sentences about "this month" of the month before."""
    return [known for known in facts if not _is_over(known, today=today)]


def _is_over(known: KnownFact, *, today: date) -> bool:
    text, written = known.fact.text, known.as_of.date()
    if known.quoted and is_of_earlier_span(text, written=written, today=today):
        return True
    # What a model read has news beside the day: "voted to extend the truce until 4 March".
    return (known.quoted or only_looks_ahead(text)) and has_passed(text, written=written, today=today)


def _statement_of(known: KnownFact) -> Statement:
    fact = known.fact
    return Statement(
        text=fact.text,
        citations=fact.citations,
        fact=fact.id,
        said_by=fact.claimant,
        importance=int(fact.importance),
    )


def _is_unfit(title: str) -> bool:
    """Return whether a title, or a first sentence in its place, is no headline: cut off, a question, or too long."""
    return is_cut_off(title) or title.endswith("?") or len(title.split()) > MAX_FALLBACK_HEADLINE_WORDS


def _as_headline(status: Status) -> Statement:
    return Statement(text=status.line, citations=(status.citation,))


def _outlived(headline: Statement, status: Status, sent: SentStory) -> bool:
    """Return whether ``headline`` is still the one that was sent, while ``status`` tells as a fact what came after it."""
    later = sent.status is not None and status.as_of >= sent.status.as_of and status.line != sent.status.line
    # A claim that begins with its claimant is a fact: that the claim was made.
    return later and headline.text == sent.headline and status.line.startswith(status.said_by)


def _current(status: Status | None, ledger: StoryLedger) -> Status | None:
    """Return the status found by rules, None if it is days older than the newest article."""
    newest = max((known.as_of for known in ledger.facts), default=None)
    stale = status and newest and newest - status.as_of > RULES_STATUS_TIME
    return None if stale else status


def _is_new_line(status: Status | None, sent: SentStory) -> bool:
    """Return whether rules took the line of ``status`` from a sentence that is news.

    That sentence is not repeated in the story.
    """
    if status is None or status.state_or_phase or is_restated(status.line, sent.statements):
        return False
    return sent.status is None or status.as_of > sent.status.as_of


def _actors(
    actors: Sequence[Actor], memory: ChannelMemory, *, quoted: bool, shown_lines: Sequence[str]
) -> tuple[Actor, ...]:
    """Return the new ones of ``actors``, first who is named in one of ``shown_lines``: of several readings of a day the last names others."""
    new = [one for one in actors if _is_new_actor(one, memory, quoted=quoted)]
    if quoted:
        # Rules recognise actors by their words, which are shown once.
        new = [
            one for one in new if one.position and not any(_says(line, one.position) for line in shown_lines)
        ]
    else:
        new.sort(key=lambda one: not any(_last_name(one) in line for line in shown_lines))
    return tuple(new[:MAX_PRINTED_ACTORS])


def _says(line: str, words: str) -> bool:
    return words.startswith(line) or is_copy(words, line)


def _last_name(actor: Actor) -> str:
    return actor.name.split()[-1]


def _is_new_actor(actor: Actor, memory: ChannelMemory, *, quoted: bool) -> bool:
    """Return whether ``actor`` says what the channel was not sent; ``quoted`` words are compared by what they say."""
    if actor_id(actor) in memory.facts or not memory.is_of_a_day_since(actor.as_of):
        return False
    if not actor.position:
        return quoted and memory.story is None
    if memory.story and is_restated(actor.position, memory.story.statements):
        return False
    return quoted or not _was_read(f"{actor.name} {actor.position}", memory)


def _writer(facts: Sequence[KnownFact], ledger: StoryLedger) -> Writer:
    """Return whose words a brief is in: quoted as a whole it is the articles'."""
    if facts:
        return Writer.EXTRACTS if all(known.quoted for known in facts) else Writer.MODEL
    return Writer.MODEL if ledger.read_by_model else Writer.EXTRACTS


def _unsent(ledger: StoryLedger, memory: ChannelMemory, line: str) -> list[KnownFact]:
    """Return the standing facts the channel was not sent: the most important first, of equal ones those of its interests.

    What copies ``line``, or a statement that it was sent of the story, is not told beside it or after it. What found
    no room when the story was sent last, key facts apart, is no news any more, and nothing is that is ``MAX_KNOWN_FACT_AGE`` older
    than the newest fact.
    """
    sent = memory.story.statements[-MAX_COMPARED_STATEMENTS:] if memory.story else ()
    newest = max((known.as_of for known in ledger.current_facts), default=None)
    found = [
        known
        for known in ledger.current_facts
        if not memory.was_sent(known)
        and (newest is None or newest - known.as_of <= MAX_KNOWN_FACT_AGE)
        and (known.fact.importance is Importance.KEY or memory.is_new(known.known_at))
        and not all(c.article_id in memory.background for c in known.fact.citations)
        and (known.fact.importance is Importance.KEY or not _is_retold(known, memory))
        and not any(is_copy(known.fact.text, said) for said in (line, *sent) if said)
        and not (known.quoted and memory.story and _is_no_news(known, memory.story))
        and not _had_its_chance(known, memory)
    ]
    place = {known.fact.id: i for i, known in enumerate(found)}
    found.sort(
        key=lambda k: (
            -k.fact.importance,
            -len(topics_in(k.fact.text, memory.interests)),
            -k.as_of.toordinal(),
            place[k.fact.id],
        )
    )
    return _once(found)


def _is_retold(known: KnownFact, memory: ChannelMemory) -> bool:
    """Return whether a fact is cited only from articles that retell the story: only a key fact of these is news."""
    return bool(memory.retold) and all(c.article_id in memory.retold for c in known.fact.citations)


def _had_its_chance(known: KnownFact, memory: ChannelMemory) -> bool:
    """Return whether a model's fact that is no key fact could have been sent with the story the last time, and found no room."""
    return (
        not known.quoted
        and known.fact.importance is not Importance.KEY
        and _was_read(known.fact.text, memory)
    )


def _was_read(text: str, memory: ChannelMemory) -> bool:
    return is_restated(text, memory.earlier, least=NEAR_EQUAL_SIMILARITY)


def _is_no_news(known: KnownFact, sent: SentStory) -> bool:
    """Return whether a quoted sentence repeats what was sent, or is about a day before that.

    It has no id that another outlet's words for the same would share.
    """
    text, until = known.fact.text, sent.sent_at.date()
    return tells_of_days_before(text, written=known.as_of, until=until) or is_restated(text, sent.statements)


def _are_details(facts: Sequence[KnownFact]) -> bool:
    """Return whether ``facts`` are only what a reader of a known story can do without."""
    return all(known.fact.importance is Importance.DETAIL for known in facts)


def _once(facts: Sequence[KnownFact]) -> list[KnownFact]:
    """Return ``facts`` without copies of an earlier one; details only if there is little else."""
    kept: list[KnownFact] = []
    for known in facts:
        if not any(is_copy(known.fact.text, other.fact.text) for other in kept):
            kept.append(known)
    above_details = [known for known in kept if known.fact.importance > Importance.DETAIL]
    return above_details if len(above_details) >= MIN_BULLETS else kept[:MIN_BULLETS]


def _background(ledger: StoryLedger, memory: ChannelMemory) -> Statement | None:
    return next((said for said in ledger.background if background_id(said) not in memory.facts), None)


def _figures(
    figures: Sequence[Figure],
    memory: ChannelMemory,
    *,
    quoted: bool,
    shown_lines: Iterable[tuple[str, datetime]],
) -> tuple[Figure, ...]:
    """Return the new ones of ``figures`` that no later one of ``shown_lines``, each with its time, replaces."""
    sent = memory.story.statements if memory.story else ()
    later = list(shown_lines)
    unsent = (
        f
        for f in figures
        # Who claims it may have become known since it was sent.
        if memory.facts.isdisjoint({figure_id(f), figure_id(replace(f, claimant=""))})
        and memory.is_of_a_day_since(f.as_of)
        and not any(at > f.as_of and _is_newer_toll(line, f) for line, at in later)
        and not (quoted and (is_restated(f"{f.value} {f.counts}", sent) or not _says_what_is_counted(f)))
    )
    return tuple(unsent)[:MAX_PRINTED_FIGURES]


def _is_newer_toll(line: str, figure: Figure) -> bool:
    """Tell whether ``line`` has a larger number of the same harm, of which ``figure`` counts all: "21 people were dead" of "19: people dead".

    A smaller one may count some of them, or others; a day or an age beside the harm counts nobody.
    """
    own, harms = numbers_in(figure.value), harms_in(figure.counts)
    if len(set(content_terms(figure.counts))) > MAX_TOLL_TERMS or not own:
        return False
    clauses = (part for part in _CLAUSE.split(DAY_NAMED.sub("", line)) if harms & harms_in(part))
    numbers = frozenset().union(*map(numbers_in, clauses))
    most = max(Decimal(value) for value, _ in own)
    return not own & numbers and any(Decimal(value) > most for value, _ in numbers)


def _says_what_is_counted(figure: Figure) -> bool:
    """Tell whether a count by rules is clear alone: "people missing" or "deaths", and not "homes"."""
    return bool(harms_in(figure.counts)) or len(set(content_terms(figure.counts))) >= MIN_COUNTED_TERMS


def _next(
    announcements: Sequence[Announcement], memory: ChannelMemory, *, today: date
) -> tuple[Announcement, ...]:
    open_ = (e for e in announcements if e.outcome is Outcome.OPEN and not was_announced(e, memory))
    # What found no room on its day is listed on the day that it is announced for.
    fresh = (e for e in open_ if memory.is_of_a_day_since(e.as_of))
    ahead = (e for e in fresh if not e.due or (e.due_end or e.due) >= today)
    return tuple(sorted(ahead, key=lambda e: e.due or date.max)[:MAX_PRINTED_ANNOUNCEMENTS])


def _why(sent: SentStory | None, *, changed: bool, new: int, returns: bool) -> str:
    if sent is None:
        return ""
    reasons = [f"it returns after {ENGLISH.day_and_year(sent.sent_at)}"] if returns else []
    if changed:
        reasons.append("its status changed")
    if new:
        reasons.append(counted(new, "statement is new", "statements are new"))
    return " and ".join(reasons)

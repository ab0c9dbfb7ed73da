"""Remove repetitions from a story: actors, figures and announcements that its facts have already. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.language.dates.rules import DAY_NAMED
from bot.language.entities.people import is_role
from bot.language.entities.roles import role_beside, says_who
from bot.language.numbers import harms_in
from bot.language.question_language import line_language
from bot.language.rules import load_rules
from bot.language.sentences.clauses import balanced
from bot.language.sentences.quotations import is_quoted_behind
from bot.language.similarity import BESIDE_SIMILARITY, figures, is_copy, is_negated, is_restated
from bot.language.speech import SAYING, SPEAKING
from bot.language.words import content_terms
from bot.model.message import Line, StoryBlock, merged

_DIGIT = re.compile(r"\d")
_DAY_AND_MONTH = re.compile(r"\b\d{1,2} [A-Z][a-z]+")
_CLAIMS = load_rules("en", "claims").words
_NO_SUBJECT, _ARTICLES = _CLAIMS["no subject"], _CLAIMS["article"]
_NAMED = re.compile(r"\d|\b[A-ZÀ-ÖØ-Þ]")
_ATTRIBUTED = re.compile(r"\([^()]+(?:\([^()]*\))?\)$")
_CONVERTED = re.compile(r"\s?\([^()]*\)$")  # "2,700 km (1,680 miles)"
_SAYING_TERMS = frozenset(content_terms(" ".join((*SAYING, *SPEAKING))))
ACT_SHARE = 0.7  # share of the words of an actor's act that a line with the name must have to say the same
LONG_ACT_SHARE = 0.5  # the same of an act of several words, of which one alone is no news
MIN_LONG_ACT_TERMS = 4  # words of such an act
BOTH_ACTS_SHARE = 0.7  # the same, of all lines together where one has the name
NAMED_COUNT_SHARE = 0.5  # share of the words of what is counted that a line with the figure must have
FULL_SHARE = 0.75  # share of the words of a status that a fact must have to replace it
LEAD_SHARE = 0.5  # share of the words of the headline in a fact that tells it in full
# Share of the words of a fact in headline and status from which it says the same at greater length.
REPEATED_TERMS_SHARE = 0.5
# Share of the words of a line in those above it from which it adds nothing. In a model's recorded briefings 29 statuses and
# facts reach it, of which three hold a word or two more; of the 11 that reach only 0.60 eight add something.
NOTHING_NEW_SHARE = 0.65
HALF_SAID_SHARE = 0.5  # the same of a status whose other words are below it
ALL_SAID_SHARE = 0.8  # share of the words of such a status in the lines above it and below it
SAID_SHARE = 0.6  # share of the words of an unclear clause in a line below that says it
MIN_STATUS_TERMS = 3  # words of what a status says beyond the headline, from which it is clear below it
MIN_NAMELESS_STATUS_TERMS = 4  # the same without a name or a number
MIN_FACTS = 1  # of a story, below which none is left out
MAX_LEADING_FACTS = 2  # of a story, that may be the status in full
ANNOUNCED_SHARE = 0.6  # share of the words of an announcement in a line with its day that announces the same
SAME_EVENT_SHARE = 0.4  # share of words that two announcements for one day have in common where they are one


def once(
    story: StoryBlock, *, was: str, stands: str, listed: Sequence[Line] = (), roles: Sequence[Line] = ()
) -> StoryBlock:
    """Return ``story`` without repetitions of its headline, its status or its facts.

    If one of the first facts says what the status says, it replaces the status in full; a fact that adds
    nothing is left out. If a fact has the act of an actor, the role is added to the name in that fact; if there is no
    space for it, the actor stays below, without a role only if no line has the name. Actors of whom nothing is said are left out.
    ``roles`` are those of others whom the facts name. ``was`` labels the old status, which adds nothing, ``stands`` what is open beside it where the headline tells the change. Announcements that are ``listed`` below are
    left out, and so are those that a fact has with their day.
    """
    beyond = _beyond_headline(story, was, stands)
    # Any fact may say in full what a last clause says in short.
    searched = MAX_LEADING_FACTS if beyond.status == story.status else len(story.bullets)
    story = _without_repeated(_status_in_full(beyond, was, searched=searched), was)
    heads = [line.text for line in _heads(story, was)]
    printed = [*heads, *(line.text for line in story.bullets)]
    coming = [line for line in _coming(story.next, listed) if not _is_announced(line, printed)]
    acts = tuple(_actors(story.actors, printed, coming=[line.text for line in story.next]))
    actors = tuple(actor for actor in acts if actor.text)
    now = [line for line in story.status if line.label != was]
    introduced = _introduced(
        (*now, *story.bullets), [*(actor for actor in acts if not actor.text), *roles], [story.headline.text]
    )
    named = dict(zip((*now, *story.bullets), introduced, strict=True))
    bullets = tuple(named[line] for line in story.bullets)
    counted = [*printed, *(actor.text for actor in actors)]
    return replace(
        story,
        status=tuple(named.get(line, line) for line in story.status),
        bullets=bullets,
        actors=actors,
        figures=tuple(line for line in story.figures if not _is_printed(line, counted)),
        next=tuple(coming),
    )


def _heads(story: StoryBlock, was: str) -> tuple[Line, ...]:
    return (story.headline, *(line for line in story.status if line.label != was))


def _beyond_headline(story: StoryBlock, was: str, stands: str) -> StoryBlock:
    """Return ``story`` with what its newest status says beyond the headline; an old one beside it stays, as what was before."""
    now = [line for line in story.status if line.label != was]
    if len(now) != 1 or not story.bullets:
        return story
    [status] = now
    # A claimant speaks of all of it; a quotation may have a semicolon.
    parts = status.text.split("; ")
    whole = _ATTRIBUTED.search(status.text) or not all(map(balanced, parts))
    clauses = [status.text] if whole else parts
    above = [story.headline.text]
    others = (line for line in story.status if line is not status)
    below = [f"{line.lead} {line.text}" for line in (*others, *story.bullets, *story.next)]
    # What is open or next stands there even if a fact says more of it.
    kept = [c for i, c in enumerate(clauses) if not _adds_nothing(c, above, () if i else below)]
    rest = "; ".join(kept)
    if kept and len(kept) == len(clauses):
        return story
    if kept and not _is_clear(rest):
        if len(story.status) > 1 or not _is_said(rest, below):
            return story
        kept = []  # unclear here, and said below
    # What is open is no change of the old status.
    label = stands if len(story.status) > 1 and clauses[0] not in kept else status.label
    shown = replace(status, label=label, text=rest[:1].upper() + rest[1:]) if kept else None
    lines = (shown if line is status else line for line in story.status)
    return replace(story, status=tuple(line for line in lines if line))


def _is_clear(rest: str) -> bool:
    """Return whether the last clauses of a status are clear below the headline: with a subject, and a name or a number beside days or several words."""
    undated = DAY_NAMED.sub("", rest)
    return len(set(content_terms(undated))) >= (
        MIN_STATUS_TERMS if _NAMED.search(undated) else MIN_NAMELESS_STATUS_TERMS
    ) and _has_subject(undated)


def _has_subject(clause: str) -> bool:
    """Return whether ``clause`` begins with a subject: a name or a number, or a small word that is no verb before a name ("faces Berg")."""
    first, *others = clause.split() or [""]
    if first[:1].isupper() or first[:1].isdigit():
        return True
    article = first in _ARTICLES or line_language(clause) not in {"", "en"}
    return first not in _NO_SUBJECT and bool(others) and (article or others[0][:1].islower())


def _adds_nothing(text: str, above: Sequence[str], below: Sequence[str] = ()) -> bool:
    """Return whether the lines ``above`` say what ``text`` does: in most of its words, with all its numbers, and no less denied.

    A number may also stand ``below``, and so may the rest of the words of a line that is half said above.
    """
    terms = set(content_terms(text))
    said = {term for line in above for term in content_terms(line)}
    printed = said.union(*(content_terms(line) for line in below))
    words = {term for term in terms if not _DIGIT.search(term)}
    shared = len(words & said)
    return (
        (
            shared >= NOTHING_NEW_SHARE * len(words)
            or (
                shared >= HALF_SAID_SHARE * len(words) and len(words & printed) >= ALL_SAID_SHARE * len(words)
            )
        )
        and figures(text) <= set().union(*map(figures, (*above, *below)))
        # "15th" is no figure, and tells something all the same.
        and not any(map(_DIGIT.search, terms - printed))
        and is_negated(text) in map(is_negated, above)
    )


def _is_said(text: str, printed: Iterable[str]) -> bool:
    """Tell whether one of the lines ``printed`` has most of the words of ``text``, and all its numbers."""
    terms = set(content_terms(text))
    return any(
        _has(terms, line, SAID_SHARE)
        and figures(text) <= figures(line)
        and is_negated(text) == is_negated(line)
        for line in printed
    )


def _status_in_full(story: StoryBlock, was: str, *, searched: int) -> StoryBlock:
    """Return ``story`` with the fact, one of the first that are ``searched``, that says the same as its status at greater length instead of the status."""
    now = [line for line in story.status if line.label != was]
    if len(now) != 1:
        return story
    [status] = now
    terms, above = set(content_terms(status.text)), set(content_terms(story.headline.text))
    for place, fact in enumerate(story.bullets[:searched]):
        terms_of_fact = set(content_terms(fact.text))
        if len(terms_of_fact & terms) < REPEATED_TERMS_SHARE * len(terms):
            continue  # a long headline may hold all of a status: then any fact beside it would
        rest = (*story.bullets[:place], *story.bullets[place + 1 :])
        kept = figures(fact.text) | figures(story.headline.text)
        same = len(terms_of_fact & (terms | above)) >= REPEATED_TERMS_SHARE * len(terms_of_fact)
        # The remaining content of the status is in other facts, or is left out.
        also = above.union(*(content_terms(line.text) for line in rest)) if same else set()
        # Beside the status that it replaces the new one says all of it by itself, and so does a second fact.
        held = terms & (terms_of_fact | also if len(story.status) == 1 and place == 0 else terms_of_fact)
        if fact.label or len(held) < FULL_SHARE * len(terms) or not figures(status.text) <= kept:
            continue
        if is_negated(fact.text) != is_negated(status.text):
            continue
        if len(terms_of_fact & above) >= LEAD_SHARE * len(above):
            # The headline in full, and a fact rather than where the story stands.
            return replace(story, status=tuple(line for line in story.status if line is not status))
        full = replace(status, text=fact.text, cites=merged((*fact.cites, *status.cites)))
        if rest:
            stands = tuple(full if line is status else line for line in story.status)
            return replace(story, status=stands, bullets=rest)
        return replace(story, status=()) if len(story.status) == 1 else story
    return story


def _without_repeated(story: StoryBlock, was: str) -> StoryBlock:
    """Return ``story`` without facts that only repeat headline or status."""
    heads = [line.text for line in _heads(story, was)]
    left = list(story.bullets)
    for fact in story.bullets:
        if not fact.label and len(left) > MIN_FACTS and _adds_nothing(fact.text, heads):
            left.remove(fact)
    return replace(story, bullets=tuple(left))


def _introduced(facts: Sequence[Line], actors: Iterable[Line], heads: Sequence[str]) -> tuple[Line, ...]:
    """Return ``facts`` with the roles of those ``actors`` whose names they have without a word on who that is."""
    facts_shown = list(facts)
    for actor in actors:
        name, _, role = actor.lead.partition(" (")
        found = _bare_name(name, facts_shown)
        if found is None or _is_introduced(actor, [*heads, *(line.text for line in facts_shown)]):
            continue
        place, start, end = found
        before, text = facts_shown[place].text[:start], facts_shown[place].text
        # "Mayor Judith Amsel (mayor of Osby)" would say it twice, "Assistant Secretary Lea Amsel (Assistant Secretary)" all of it.
        title = " ".join(before.split()[-2:])
        if " " in title and title.istitle() and re.search(rf"(?i)\b{re.escape(title)}\b", role):
            continue
        title, _, rest = role.partition(", ")
        role = rest if rest and before.rstrip().casefold().endswith(title.casefold()) else role
        behind = before.split()[-1:]
        # "Harbour pilot Ida Moe" says who she is, and "the Ida Moe Foundation" is another.
        if behind and (
            behind[0].casefold() in role.casefold().split()
            or (behind[0].istitle() and not is_role(behind[0]))
        ):
            continue
        role = role_beside(text, role.removesuffix(")"))
        beside = f", {role}" if text[end] == ")" else f" ({role})"
        facts_shown[place] = replace(facts_shown[place], text=f"{before}{name}{beside}{text[end:]}")
    return tuple(facts_shown)


def _bare_name(name: str, printed: Sequence[Line]) -> tuple[int, int, int] | None:
    """Return the line that begins with ``name`` or has it nearest to its begin, without a word on who that is, and from where to where; quotations aside."""
    bare = re.compile(
        rf"(?<!\w)(?<!\b[Aa]\s)(?<!\b[Aa]n\s){re.escape(name)}(?=[\s,;).])(?!,?\s(?:of|from|at)\s|,?\s[A-Z]|\s\()"
    )
    found = [
        (hit.start(), place, hit.end())
        for place, line in enumerate(printed)
        if (hit := bare.search(line.text)) and not is_quoted_behind(line.text[: hit.start()])
    ]
    # The first name of a line is its subject.
    start, place, end = min(found, default=(-1, -1, -1))
    return (place, start, end) if found else None


def _actors(actors: Iterable[Line], printed: Sequence[str], *, coming: Sequence[str]) -> Iterator[Line]:
    for actor in actors:
        if actor.text and not _is_printed_of(actor, printed, coming=coming):
            yield actor
        elif not _is_named(actor, printed):
            continue
        elif _says_who(actor):
            yield replace(actor, text="")


def _is_printed_of(actor: Line, printed: Sequence[str], *, coming: Sequence[str]) -> bool:
    """Tell whether a line says what ``actor`` says or does, in whatever words where it names him."""
    if any(is_restated(actor.text, lines, least=BESIDE_SIMILARITY) for lines in (printed, coming)):
        return True
    terms, counted = set(content_terms(actor.text)) - _SAYING_TERMS, figures(actor.text)
    naming = [text for text in printed if _is_named(actor, [text])]
    share = LONG_ACT_SHARE if len(terms) >= MIN_LONG_ACT_TERMS else ACT_SHARE
    return bool(terms) and (
        any(_has(terms, text, share) and counted <= figures(text) for text in naming)
        # An actor's line with two acts may be covered by two facts.
        or (bool(naming) and _has(terms, " ".join(printed), BOTH_ACTS_SHARE))
    )


def _has(terms: set[str], text: str, share: float) -> bool:
    return len(terms & set(content_terms(text))) >= share * len(terms)


def _says_who(actor: Line) -> bool:
    """Tell whether ``actor`` has a role that a reader misses where a line has the bare name.

    Of a "President", of "The Swiss", or of a body, whose name says what it is, it tells nothing.
    """
    name, _, rest = actor.lead.partition(" (")
    role = rest.removesuffix(")")
    described = name.split()[-1:] and name.split()[-1].islower()  # "Harbour committee (fact-finding)"
    personal = any(is_role(word.strip(",")) for word in role.split()) and " that " not in role
    titled = role[:1].isupper() and (" " not in role or role.startswith("The "))
    return personal and " " in name and not described and not titled


def _is_named(actor: Line, printed: Iterable[str]) -> bool:
    last = actor.lead.partition(" (")[0].split()[-1:]
    return bool(last) and any(last[0] in text for text in printed)


def _is_introduced(actor: Line, printed: Iterable[str]) -> bool:
    name, _, role = actor.lead.partition(" (")
    return any(says_who(text, name=name, role=role.removesuffix(")")) for text in printed)


def _is_printed(figure: Line, printed: Iterable[str]) -> bool:
    number = _CONVERTED.sub("", figure.lead)
    value, counted, harms = figures(number), set(content_terms(figure.text)), harms_in(figure.text)
    # "One" and "15th" are no figures, "19" and "19th" are one number.
    letters = re.compile(rf"(?<![\w.,]){re.escape(number)}(?:st|nd|rd|th)?(?![\w]|[.,]\d)", re.IGNORECASE)
    return any(
        ((value and value <= figures(text)) or letters.search(text))
        and (_has(counted, text, NAMED_COUNT_SHARE) or harms & harms_in(text))
        for text in printed
    )


def _coming(announced: Iterable[Line], listed: Iterable[Line]) -> Iterator[Line]:
    kept = list(listed)
    for line in announced:
        if any(line.lead == one.lead and _is_one(line, one) for one in kept):
            continue
        kept.append(line)
        yield line


def _is_announced(line: Line, printed: Sequence[str]) -> bool:
    """Tell whether a printed line announces the same, with its day ("Fri 14 March" of "on March 14") or its words for it ("by mid-March")."""
    terms = set(content_terms(line.text))
    days = _DAY_AND_MONTH.findall(line.lead) or list(filter(None, [line.lead]))
    return any(
        is_copy(line.text, text)
        or (bool(days) and all(_names(day, text) for day in days) and _has(terms, text, ANNOUNCED_SHARE))
        for text in printed
    )


def _names(day: str, text: str) -> bool:
    number, _, month = day.partition(" ")
    return day in text or bool(re.search(rf"\b{re.escape(month)} {re.escape(number)}\b", text))


def _is_one(line: Line, other: Line) -> bool:
    ours, theirs = set(content_terms(line.text)), set(content_terms(other.text))
    return len(ours & theirs) >= SAME_EVENT_SHARE * min(len(ours), len(theirs))

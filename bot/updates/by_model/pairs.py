"""Pair new facts of a reply with similar lines that readers were sent, for the second look. Pure.

fact said to be new ──like a known line──▶ the lines that together say most of it ──no number or day more──▶ a pair
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from bot.evidence.additions import additions
from bot.evidence.labels import LabelledFact, restates
from bot.evidence.proposed import ProposedField
from bot.language.similarity import similarity
from bot.language.words import content_terms
from bot.model.ledger import KnownFact, StoryLedger, line_id
from bot.updates.by_model.reply import UpdateReply
from bot.updates.days import Articles, newest_day, read_day
from bot.updates.labels import plain_label

MAX_PAIRS = 12
# Of 34 facts that channels were sent twice, 23 reach this similarity to a known line, one more reaches 0.25; 12 reach 0.45.
MIN_PAIR_SIMILARITY = 0.3  # similarity from which a new fact may be known
MIN_FURTHER_SIMILARITY = 0.15  # similarity of a further line, which may have the rest of the new one
MAX_COMPARED_LINES = 3  # known lines that a new fact is compared with
MAX_SIMILAR_LINES = 20  # most similar known lines, from which those are chosen
MIN_FURTHER_WORDS = 2  # of a new fact, that a further line holds and those before it do not
# Age of a known line from which a model is shown it: it may be about another occasion.
MIN_OCCASION_AGE = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLine:
    """A line that readers of a story were sent, and its id in a channel's memory."""

    id: str
    label: LabelledFact


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A new fact of a reply, with the known lines that together say most of it: the most similar first, at least one."""

    field: str
    new: LabelledFact
    known: tuple[KnownLine, ...]


def lines_of(ledger: StoryLedger) -> tuple[KnownLine, ...]:
    """Return the lines that readers of the story were sent, the newest first: facts (also replaced ones), headline and statuses."""
    found = {known.fact.text: _fact_line(known) for known in reversed(ledger.facts)}
    for point in reversed(ledger.course):
        _add(found, point.status.text, claimant=point.status.said_by, at=point.as_of)
    if ledger.headline:
        # Its day is not kept: it is of the newest articles at the latest.
        reported = [*(known.as_of for known in ledger.facts), *(point.as_of for point in ledger.course)]
        at = max(reported, default=None)
        _add(found, ledger.headline.text, at=at)
    return tuple(found.values())


def _add(found: dict[str, KnownLine], text: str, *, at: datetime | None, claimant: str = "") -> None:
    label = LabelledFact(text=text, claimant=claimant, reported_at=at)
    found.setdefault(text, KnownLine(id=line_id(text), label=label))


def _fact_line(known: KnownFact) -> KnownLine:
    return KnownLine(id=known.fact.id, label=replace(plain_label(known.fact), reported_at=known.as_of))


def said_new(
    reply: UpdateReply,
    fields: Sequence[ProposedField],
    *,
    known: Mapping[str, KnownFact],
    articles: Articles,
) -> dict[str, tuple[LabelledFact, str]]:
    """Return the facts of ``reply`` that would be sent as new, by field, each with the id of the known fact that it is said to repeat.

    The id is empty if the reply names none; otherwise the check of the label does not agree.
    """
    paths = {one.path: one for one in fields}
    found = {}
    for i, fact in enumerate(reply.facts):
        field = paths.get(f"facts[{i}]")
        if field is None:
            continue
        new = LabelledFact(text=field.text, claimant=field.who, day=read_day(fact.day))
        named = known.get(fact.known)
        if named and (fact.relation != "restates" or restates(new, plain_label(named.fact)).passed):
            continue
        keys = [c for c in field.citations if (c.article_id, c.revision) in articles]
        day = newest_day(keys, articles) if keys else None
        at = datetime.combine(day, time(12), tzinfo=UTC) if day else None
        found[field.path] = (replace(new, reported_at=at), named.fact.id if named else "")
    return found


def pairs_of(new: Mapping[str, tuple[LabelledFact, str]], lines: Sequence[KnownLine]) -> tuple[Pair, ...]:
    """Return the ``new`` facts (see ``said_new``) that may repeat known ``lines``, in order; of too many the most similar."""
    found: list[tuple[float, Pair]] = []
    for field, (fact, named) in new.items():
        near = _near(fact.text, lines, named=named)
        if known := _compared(fact, [line for _, line in near]):
            found.append((near[0][0], Pair(field=field, new=fact, known=known)))
    kept = sorted(found, key=lambda one: -one[0])[:MAX_PAIRS]
    fields = {pair.field for _, pair in kept}
    return tuple(pair for _, pair in found if pair.field in fields)


def _near(text: str, lines: Sequence[KnownLine], *, named: str) -> list[tuple[float, KnownLine]]:
    """Return the lines like ``text``, the most alike first, or the one that a reply ``named``; none where it is like none."""
    alike = [(1.0 if line.id == named else similarity(text, line.label.text), line) for line in lines]
    near = sorted((one for one in alike if one[0] >= MIN_FURTHER_SIMILARITY), key=lambda one: -one[0])[
        :MAX_SIMILAR_LINES
    ]
    return near if near and near[0][0] >= MIN_PAIR_SIMILARITY else []


def _compared(fact: LabelledFact, near: Sequence[KnownLine]) -> tuple[KnownLine, ...]:
    """Return of the lines ``near`` the most alike and those that hold the most of the words that it lacks.

    Where they lack a number or a day of ``fact``, the last of them gives way to a line that has it; where none has, nothing is returned.
    """
    words = {line.id: frozenset(content_terms(line.label.text)) for line in near}
    chosen = list(near[:1])
    left = set(content_terms(fact.text)).difference(*(words[line.id] for line in chosen))
    while near and len(chosen) < MAX_COMPARED_LINES:
        further = max(near, key=lambda line: len(left & words[line.id]))
        if len(left & words[further.id]) < MIN_FURTHER_WORDS:
            break
        chosen.append(further)
        left -= words[further.id]
    kept = chosen[: MAX_COMPARED_LINES - 1]
    for some in (chosen, *([*kept, line] for line in near if line not in kept)):
        if some and not additions(fact, [line.label for line in some]):
            return tuple(some)
    return ()


def pair_text(pair: Pair) -> str:
    """Return the text that identifies ``pair``."""
    return " / ".join((pair.new.text, *(line.label.text for line in pair.known)))


def pair_lines(pairs: Sequence[Pair]) -> str:
    """Return ``pairs`` as lines for the prompt."""
    return "\n".join(line for pair in pairs for line in _written(pair)) or "none"


def _written(pair: Pair) -> Iterator[str]:
    yield f"{pair.field}: {pair.new.text}"
    for line in pair.known:
        at, now = line.label.reported_at, pair.new.reported_at
        age = now - at if at and now else timedelta()
        yield f"  known{f' {age.days} days before' if age >= MIN_OCCASION_AGE else ''}: {line.label.text}"

"""The queries that find passages: which stems are looked for, alone or beside others, and in which times. Pure.

weights, frequencies ──rare stems alone, common ones beside another──▶ expressions ──▶ one statement an engine
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from bot.language.text_cache import text_cached
from bot.model.scope import Scope
from bot.store import tables
from bot.store.news.passages import span_of, span_word
from bot.store.rows import readable_rows

MAX_WEIGHED_PASSAGES = 1200  # matching passages, the newest, that are weighed
RARE_STEM_PASSAGES = 2000  # passages up to which the rarest stems find them by themselves
COMMON_STEM_PASSAGES = 4000  # passages above which a stem is searched in the newest spans first
WINDOW_SPANS = (6, 36)  # spans that are tried before any time
MAX_EXTRA_STEMS = 3  # commoner stems that find passages which hold another one too
PRIOR_PASSAGES, PRIOR_HOLDING_PASSAGES = (
    1000,
    0.5,
)  # passages imagined beside the first ones, and how many hold a stem never seen

# What is read of a passage that was found.
HIT_COLUMNS = (
    "id article_id revision first last published_at titled stems workspace channel visibility".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequencies:
    """How many passages there are, and how many hold each stem."""

    passages: int
    holding: Mapping[str, int]

    def weight(self, stem: str) -> float:
        """Return the weight of ``stem``: its inverse document frequency, as in BM25."""
        held = self.holding.get(stem, 0) + PRIOR_HOLDING_PASSAGES
        passages = max(self.passages + PRIOR_PASSAGES, held)
        return math.log(1 + (passages - held + 0.5) / (held + 0.5))


def expressions(
    frequencies: Frequencies, weights: Mapping[str, float], *, times: Sequence[int], postgres: bool
) -> tuple[str, ...]:
    """Return the queries for the engine: rare stems alone, the heaviest common stems together with another.

    Common ones find only in the ten-day spans ``times``, where there are any.
    """
    both, either = (" & ", " | ") if postgres else (" AND ", " OR ")
    quote = functools.partial(quoted, postgres=postgres)

    def any_of(stems: Sequence[str]) -> str:
        return f"({either.join(map(quote, stems))})"

    alone = _alone(frequencies, weights)
    common = sorted((s for s in weights if s not in alone), key=lambda s: (-weights[s], s))
    first, others = common[:MAX_EXTRA_STEMS], common[MAX_EXTRA_STEMS:]
    # Each stem appears as rarely as possible, because the engine looks up every occurrence.
    pairs = [f"({any_of(first)}{both}{any_of(others)})"] if others else []
    pairs += [f"({quote(s)}{both}{any_of(first[n:])})" for n, s in enumerate(first[:-1], 1)]
    beside = either.join(pairs or ([quote(first[0])] if len(weights) == 1 and first else []))
    rare = list(map(quote, alone))
    if not beside or not times:
        return (either.join([*rare, *([beside] if beside else [])]),)
    spans = any_of([span_word(span) for span in times])
    if postgres:
        # With the spans beside the words the index goes through all of them; as two conditions, each limits the other.
        return either.join([*rare, beside]), either.join([*rare, spans])
    return (either.join([*rare, f"(({beside}){both}{spans})"]),)


def quoted(stem: str, *, postgres: bool) -> str:
    """Return ``stem`` as the engine reads a word."""
    quote = "'" if postgres else '"'
    return f"{quote}{stem.replace(quote, quote * 2)}{quote}"


def _alone(frequencies: Frequencies, weights: Mapping[str, float]) -> tuple[str, ...]:
    """Return the rarest stems, as many as find ``RARE_STEM_PASSAGES`` passages at most."""
    found, alone = 0, []
    for stem in sorted(weights, key=lambda stem: (frequencies.holding.get(stem, 0), stem)):
        found += frequencies.holding.get(stem, 0)
        if found > RARE_STEM_PASSAGES:
            break
        alone.append(stem)
    return tuple(alone)


def finds_few(frequencies: Frequencies, weights: Mapping[str, float]) -> bool:
    """Return whether ``expressions`` look for rare stems alone, which find ``RARE_STEM_PASSAGES`` passages at most."""
    common = len(weights) - len(_alone(frequencies, weights))
    return common == 0 or (common == 1 and len(weights) > 1)


def windows(
    frequencies: Frequencies,
    weights: Mapping[str, float],
    *,
    since: datetime | None,
    until: datetime | None,
    known_by: datetime,
) -> Iterator[tuple[int, ...]]:
    """Yield the spans in which common stems are looked for, newest and fewest first; at last any time.

    Where a stem is in thousands of passages, the newest of them are enough; an engine that had to go through all of
    them would take its time.
    """
    last = span_of(min(until, known_by) if until else known_by)
    if since and last - span_of(since) < WINDOW_SPANS[-1]:
        yield tuple(range(span_of(since), last + 1))
        return
    alone = _alone(frequencies, weights)
    if any(frequencies.holding.get(stem, 0) > COMMON_STEM_PASSAGES for stem in weights if stem not in alone):
        for spans in WINDOW_SPANS:
            yield tuple(range(last - spans + 1, last + 1))
    yield ()


@text_cached(maxsize=512)
def finding(
    by: Scope, *, stems: int, asked: int, most: int, bounds: frozenset[str], few: bool, postgres: bool
) -> sa.Select[Any]:
    """Return the statement that finds, ``few`` or many; making it takes longer than running it, so it is made once."""
    table, story = tables.passage, tables.story_article
    lexemes = sa.literal_column("lexemes", postgresql.TSVECTOR)
    matching = sa.select(
        table.c.id, lexemes.label("held") if postgres else table.c.stems.label("held")
    ).where(readable_rows(table, by), table.c.known_at <= sa.bindparam("known_by"))
    row: sa.ColumnElement[int] = table.c.id
    if postgres:
        matching = matching.where(*(_holds(lexemes, f"asked_{n}") for n in range(asked)))
    else:
        text = sa.table("passage_text", sa.column("rowid", sa.Integer), sa.column("passage_text"))
        # Bounded and ordered by the index's own rows: it goes through them backwards and stops.
        row = text.c.rowid
        matching = matching.select_from(text.join(table, table.c.id == row)).where(
            text.c.passage_text.op("MATCH")(sa.bindparam("asked_0"))
        )
    if "since" in bounds:
        matching = matching.where(
            row >= sa.bindparam("since_id"), table.c.published_at >= sa.bindparam("since")
        )
    if "until" in bounds:
        matching = matching.where(
            row < sa.bindparam("until_id"), table.c.published_at <= sa.bindparam("until")
        )
    # PostgreSQL takes a stem that it has no count of for a common one, and would go through all passages in their order to
    # come to the newest; where the order is that of a sum, it looks the stems up.
    order = row + sa.literal_column("0") if few and postgres else row
    newest = matching.order_by(order.desc()).limit(MAX_WEIGHED_PASSAGES).subquery("newest")
    held = newest.c.held
    weights = (
        sa.case(
            (
                _holds(held, f"stem_{n}") if postgres else sa.func.instr(held, sa.bindparam(f"stem_{n}")) > 0,
                sa.bindparam(f"weight_{n}", type_=sa.Float),
            ),
            else_=0.0,
        )
        for n in range(stems)
    )
    best = (
        sa.select(newest.c.id)
        .order_by(sa.desc(sum(weights, start=sa.literal(0.0))), newest.c.id.desc())
        .limit(most)
    ).subquery("best")
    return (
        sa.select(*(table.c[name] for name in HIT_COLUMNS), story.c.story_id)
        .select_from(
            best.join(table, table.c.id == best.c.id).outerjoin(
                story, story.c.article_id == table.c.article_id
            )
        )
        .order_by(best.c.id.desc())
    )


def _holds(lexemes: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[bool]:
    """Return PostgreSQL's condition that ``lexemes`` match the parameter ``name``."""
    return lexemes.op("@@", is_comparison=True)(sa.cast(sa.bindparam(name), postgresql.TSQUERY))

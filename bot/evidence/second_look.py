"""The second look: which results of the check a model is asked about in one call, and what its answers change.

It can drop what passed with little overlap, and restore what was refused for a soft reason. A refused quotation,
number, name or day is never asked about, and so never restored.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.evidence.reasons import SOFT_REASONS
from bot.model.news import Article, Citation
from bot.model.record import Checked, Disposition, Verdict

MAX_ASKED_RESULTS = 40  # results that one call asks about; those after them keep their verdict
MAX_SECOND_LOOK_CHARS = 400  # of a statement or sentence as it is shown


class Doubt(StrEnum):
    """Why a result is asked about."""

    THIN = "passed with little overlap"
    SOFT = "refused for its wording"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedStatement:
    """One result about which a model is asked: the statement and the sentences it cites, as shown."""

    field: str
    doubt: Doubt
    text: str
    sentences: tuple[str, ...]


def to_ask(
    checked: Sequence[Checked], *, articles: Mapping[tuple[str, int], Article]
) -> tuple[AskedStatement, ...]:
    """Return the questions of one call, in order, at most ``MAX_ASKED_RESULTS``; empty if no call is needed."""
    found = []
    for item in checked:
        doubt = doubt_of(item.verdict)
        sentences = tuple(_shown(item.verdict.citations, articles))
        if doubt is not None and sentences:
            found.append(
                AskedStatement(
                    field=item.field,
                    doubt=doubt,
                    text=item.text[:MAX_SECOND_LOOK_CHARS],
                    sentences=sentences,
                )
            )
    return tuple(found[:MAX_ASKED_RESULTS])


def doubt_of(verdict: Verdict) -> Doubt | None:
    """Return why ``verdict`` is worth a second look, None if it is final."""
    if verdict.passed:
        return Doubt.THIN if verdict.flagged else None
    return Doubt.SOFT if verdict.reason in SOFT_REASONS else None


def after_second_look(
    checked: Sequence[Checked], *, asked: Sequence[AskedStatement], carried: Collection[str]
) -> tuple[Checked, ...]:
    """Return ``checked`` after the answers; ``carried`` are the fields that the model found supported.

    A field that was not asked about keeps its verdict, whatever the answers say.
    """
    doubts = {one.field: one.doubt for one in asked}
    return tuple(
        _after_doubt(item, doubts[item.field], said=item.field in carried)
        if doubt_of(item.verdict) is doubts.get(item.field, "")
        else item
        for item in checked
    )


def _after_doubt(item: Checked, doubt: Doubt, *, said: bool) -> Checked:
    if doubt is Doubt.THIN and not said:
        verdict = replace(item.verdict, passed=False, reason="second_look", flagged=False)
        return replace(item, verdict=verdict, disposition=Disposition.DROPPED)
    if doubt is Doubt.SOFT and said:
        verdict = replace(item.verdict, passed=True, reason="", words=(), flagged=False)
        return replace(item, verdict=verdict, disposition=Disposition.KEPT)
    return replace(item, verdict=replace(item.verdict, flagged=False))


def _shown(citations: Sequence[Citation], articles: Mapping[tuple[str, int], Article]) -> list[str]:
    found = []
    for citation in citations:
        article = articles.get((citation.article_id, citation.revision))
        if article is not None:
            found += [
                article.sentence(n).text[:MAX_SECOND_LOOK_CHARS] for n in citation.sentences if article.has(n)
            ]
    return found

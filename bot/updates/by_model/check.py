"""Check the fields of a reply: forbidden content first, then each field against its cited sentences. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.evidence.labels import LabelledFact, disagree
from bot.evidence.proposed import FieldKind, ProposedField
from bot.evidence.update import check_fields
from bot.language.entities.names import find_names
from bot.model.news import Citation
from bot.model.record import Checked, Disposition, Verdict
from bot.updates.by_model.guard import foreign_content
from bot.updates.by_model.reading import Reading


def check_proposed(fields: Sequence[ProposedField], reading: Reading) -> tuple[Checked, ...]:
    """Return each part of ``fields`` with its verdict, in order."""
    articles = tuple(reading.articles.values())
    refused = {one.path: found for one in fields if (found := foreign_content(one, articles))}
    left = [one for one in fields if one.path not in refused]
    # What a contradiction asks is answered by its sides, differently; only an open question must not be.
    asked = [one for one in left if one.kind is FieldKind.QUESTION and one.path.endswith(".question")]
    passed = check_fields(
        [one for one in left if one not in asked],
        articles=reading.articles,
        shown=reading.batch.shown,
        made_at=reading.made_at,
    )
    names = {f"{one.path}.name": one for one in left if one.kind is FieldKind.ACTOR}
    return (
        *refused.values(),
        *(_disagreement(one, left) for one in asked),
        *(_as_printed(one, names[one.field], reading) if one.field in names else one for one in passed),
    )


def _as_printed(checked: Checked, actor: ProposedField, reading: Reading) -> Checked:
    """Return a name of which the cited sentences print the last part alone, as far as the story has it.

    "President Lind" is Tove Lind where another article of the story has that name, else Lind.
    """
    if checked.verdict.passed or checked.verdict.reason != "name":
        return checked
    last = actor.who.split()[-1]
    here = [text for citation in actor.citations for text in _cited_texts(citation, reading)]
    printed = {name.text for text in here for name in find_names(text) if name.text.split()[-1] == last}
    if printed != {last}:
        return checked
    whole = any(actor.who in one.text for article in reading.articles.values() for one in article.sentences)
    verdict = Verdict(passed=True, citations=actor.citations, repaired=True)
    return replace(checked, text=actor.who if whole else last, verdict=verdict, disposition=Disposition.KEPT)


def _cited_texts(citation: Citation, reading: Reading) -> Iterator[str]:
    article = reading.articles.get((citation.article_id, citation.revision))
    yield from (article.sentence(n).text for n in citation.sentences if article and article.has(n))


def _disagreement(question: ProposedField, fields: Sequence[ProposedField]) -> Checked:
    """Return the verdict on a contradiction: whether its sides, each checked by itself, answer it differently."""
    path = question.path.removesuffix("question") + "sides"
    sides = [LabelledFact(text=one.text, claimant=one.who) for one in fields if one.path.startswith(path)]
    verdict = disagree(sides)
    disposition = Disposition.KEPT if verdict.passed else Disposition.DROPPED
    return Checked(field=question.path, text=question.text, verdict=verdict, disposition=disposition)

"""Turn a reply into the fields that the evidence check reads, named as in its results. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.evidence.proposed import FieldKind, ProposedField
from bot.kinds.load import Kind
from bot.language.cleaning.clean import one_line
from bot.language.sentences.clauses import word_count
from bot.model.update import MAX_STATUS_WORDS, max_words
from bot.updates.by_model.reply import CitedText, UpdateReply
from bot.updates.material import Batch, cited


def proposed(reply: UpdateReply, batch: Batch, *, kinds: Mapping[str, Kind]) -> tuple[ProposedField, ...]:
    """Return the non-empty fields of ``reply``, each with the sentences of ``batch`` that it cites."""
    return tuple(field for field in _fields(reply, batch, kinds) if field.text or field.who or field.value)


def _fields(reply: UpdateReply, batch: Batch, kinds: Mapping[str, Kind]) -> Iterator[ProposedField]:
    yield _line("headline", FieldKind.HEADLINE, reply.headline, batch)
    status = reply.status
    yield ProposedField(
        path="status",
        kind=FieldKind.STATUS,
        text=_fitting(one_line(status.text), language=batch.articles[0].language),
        who=one_line(status.said_by),
        citations=cited(status.cite, batch),
    )
    state = kinds[reply.kind].state(reply.state.name) if reply.kind in kinds else None
    if state:
        yield ProposedField(
            path="state",
            kind=FieldKind.STATE,
            text=state.sentence,
            value=state.name,
            carried_by=state.carried_by,
            citations=cited(reply.state.cite, batch),
        )
    for i, fact in enumerate(reply.facts):
        yield ProposedField(
            path=f"facts[{i}]",
            kind=FieldKind.FACT,
            text=one_line(fact.text),
            who=one_line(fact.claimant),
            citations=cited(fact.cite, batch),
        )
    yield from _who_and_how_many(reply, batch)
    yield from _opposed(reply, batch)
    for i, sentence in enumerate(reply.background):
        yield _line(f"background[{i}]", FieldKind.BACKGROUND, sentence, batch)
    for i, question in enumerate(reply.questions):
        yield ProposedField(path=f"questions[{i}]", kind=FieldKind.QUESTION, text=one_line(question))


def _fitting(status: str, *, language: str) -> str:
    """Return ``status`` without its last clauses, as far as it is too long and they are set off by semicolons."""
    while word_count(status) > max_words(MAX_STATUS_WORDS, language=language) and ";" in status:
        status = status.rpartition(";")[0].rstrip()
    return status


def _who_and_how_many(reply: UpdateReply, batch: Batch) -> Iterator[ProposedField]:
    for i, actor in enumerate(reply.actors):
        yield ProposedField(
            path=f"actors[{i}]",
            kind=FieldKind.ACTOR,
            text=one_line(actor.position),
            who=one_line(actor.name),
            role=one_line(actor.role),
            citations=cited(actor.cite, batch),
        )
    for i, figure in enumerate(reply.figures):
        yield ProposedField(
            path=f"figures[{i}]",
            kind=FieldKind.FIGURE,
            text=one_line(figure.counts),
            who=one_line(figure.claimant),
            value=one_line(figure.value),
            unit=one_line(figure.unit),
            citations=cited(figure.cite, batch),
        )
    for i, announced in enumerate(reply.announcements):
        yield ProposedField(
            path=f"announcements[{i}]",
            kind=FieldKind.ANNOUNCEMENT,
            text=one_line(announced.what),
            who=one_line(announced.by),
            when=one_line(announced.when),
            citations=cited(announced.cite, batch),
        )


def _opposed(reply: UpdateReply, batch: Batch) -> Iterator[ProposedField]:
    for i, contradiction in enumerate(reply.contradictions):
        yield ProposedField(
            path=f"contradictions[{i}].question",
            kind=FieldKind.QUESTION,
            text=one_line(contradiction.question),
        )
        for j, side in enumerate(contradiction.sides):
            yield ProposedField(
                path=f"contradictions[{i}].sides[{j}]",
                kind=FieldKind.SIDE,
                text=one_line(side.text),
                who=one_line(side.by),
                citations=cited(side.cite, batch),
            )


def _line(path: str, kind: FieldKind, said: CitedText, batch: Batch) -> ProposedField:
    return ProposedField(path=path, kind=kind, text=one_line(said.text), citations=cited(said.cite, batch))


def outcomes(reply: UpdateReply, batch: Batch, *, announced: Mapping[str, str]) -> tuple[ProposedField, ...]:
    """Return the outcomes of known announcements in ``reply``; ``announced`` has the announcement of each short id."""
    return tuple(
        ProposedField(
            path=f"settled[{i}]",
            kind=FieldKind.OUTCOME,
            text=announced[one.known],
            value=one.outcome,
            when=one.due,
            citations=cited(one.cite, batch),
        )
        for i, one in enumerate(reply.settled)
        if one.known in announced
    )

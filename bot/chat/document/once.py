"""Say a thing once in a story: not beside a fact who does what it tells, nor the figure it gives, nor one announcement twice. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace

from bot.language.similarity import figures, is_copy, is_restated
from bot.language.words import content_terms
from bot.model.message import Cite, Line, StoryBlock

TOLD_SHARE = 0.5  # share of the words of what is counted that a line with the figure must have
FULL_SHARE = 0.75  # share of the words of a status that a fact must have to stand in its place
MAX_LEADING_FACTS = 2  # of a story, that may be the status in full
SAME_EVENT_SHARE = 0.4  # share of words that two announcements for one day have in common where they are one


def once(story: StoryBlock, *, was: str, listed: Container[str] = ()) -> StoryBlock:
    """Return ``story`` without what its headline, its status or its facts say as well.

    Where one of its first facts says all that the status does, it stands as the status: in full, and once.

    Of an actor whose act is told the name stays, and the role; without a role only where no line has the name. ``was``
    labels the line that a status replaces, which tells nothing. Announcements that are ``listed`` below are left out, and
    so are those that a fact tells in the same words.
    """
    story = _status_in_full(story)
    lines = [story.headline, *(line for line in story.status if line.label != was), *story.bullets]
    told = [line.text for line in lines]
    return replace(
        story,
        actors=tuple(_actors(story.actors, told)),
        figures=tuple(line for line in story.figures if not _is_told(line, told)),
        next=tuple(
            line for line in _coming(story.next, listed) if not any(is_copy(line.text, t) for t in told)
        ),
    )


def _status_in_full(story: StoryBlock) -> StoryBlock:
    if len(story.status) != 1:
        return story  # the earlier status stands beside it, in as few words
    [status] = story.status
    terms, counted = set(content_terms(status.text)), figures(status.text)
    for place, fact in enumerate(story.bullets[:MAX_LEADING_FACTS]):
        told = set(content_terms(fact.text))
        if fact.label or len(terms & told) < FULL_SHARE * len(terms) or not counted <= figures(fact.text):
            continue
        full = replace(status, text=fact.text, cites=_merged((*fact.cites, *status.cites)))
        rest = (*story.bullets[:place], *story.bullets[place + 1 :])
        return replace(story, status=(full,), bullets=rest) if rest else replace(story, status=())
    return story


def _merged(cites: Iterable[Cite]) -> tuple[Cite, ...]:
    """Return ``cites`` with each source once."""
    merged: dict[int, set[int]] = {}
    for cite in cites:
        merged.setdefault(cite.source, set()).update(cite.sentences)
    return tuple(Cite(source=n, sentences=tuple(sorted(s))) for n, s in merged.items())


def actors_beside(story: StoryBlock) -> tuple[Line, ...]:
    """Return who stands below the facts of ``story``; those without words in one line, where no line has both name and role."""
    told = [line.text for line in (story.headline, *story.status, *story.bullets)]
    shown = [actor for actor in story.actors if actor.text or not _is_introduced(actor, told)]
    silent = [actor for actor in shown if not actor.text]
    named = Line(
        text="",
        lead="; ".join(actor.lead for actor in silent),
        cites=_merged(cite for actor in silent for cite in actor.cites),
    )
    return (*(actor for actor in shown if actor.text), *([named] if silent else []))


def _actors(actors: Iterable[Line], told: Sequence[str]) -> Iterator[Line]:
    for actor in actors:
        if not (actor.text and is_restated(actor.text, told)):
            yield actor
        elif actor.lead.endswith(")") or not any(actor.lead in text for text in told):
            yield replace(actor, text="")


def _is_introduced(actor: Line, told: Iterable[str]) -> bool:
    name, _, role = actor.lead.partition(" (")
    terms = set(content_terms(role))
    return any(
        name in text and len(terms & set(content_terms(text))) >= TOLD_SHARE * len(terms) for text in told
    )


def _is_told(figure: Line, told: Iterable[str]) -> bool:
    value, counted = figures(figure.lead), set(content_terms(figure.text))
    if not value:
        return False
    return any(
        value <= figures(text) and len(counted & set(content_terms(text))) >= TOLD_SHARE * len(counted)
        for text in told
    )


def _coming(announced: Iterable[Line], listed: Container[str]) -> Iterator[Line]:
    kept: list[Line] = []
    for line in announced:
        if line.text in listed or any(line.lead == one.lead and _is_one(line, one) for one in kept):
            continue
        kept.append(line)
        yield line


def _is_one(line: Line, other: Line) -> bool:
    ours, theirs = set(content_terms(line.text)), set(content_terms(other.text))
    return len(ours & theirs) >= SAME_EVENT_SHARE * min(len(ours), len(theirs))

"""Story updates, facts and citations made for tests, with what no test minds filled in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.model.briefing import Statement, Writer
from bot.model.news import Citation
from bot.model.update import (
    Fact,
    Phase,
    StatusLine,
    StoryUpdate,
    UpdateActor,
    UpdateAnnouncement,
    UpdateFigure,
)

MONDAY = datetime(2025, 3, 3, 8, tzinfo=UTC)
STORY = "sto-a"


def cite(article="art-0", *sentences):
    """Return a citation of an article's first sentence, or of those given."""
    return Citation(article_id=article, sentences=sentences or (1,))


def fact(name, text="The crews and the company met.", *, article="art-0", sentence=1, **changes):
    """Return a fact with one citation."""
    made = Fact(id=name, text=text, citations=(cite(article, sentence),))
    return replace(made, **changes)


def status(text, *, day=0, article="art-0", **changes):
    """Return a status line about the ``day``-th day from Monday."""
    line = StatusLine(text=text, as_of=date(2025, 3, 3) + timedelta(days=day), citations=(cite(article),))
    return replace(line, **changes)


def update(name, *, day=0, made=None, articles=("art-0",), phase=Phase.UNDER_WAY, **changes):
    """Return an update of articles published on the ``day``-th day, ``made`` so many days after Monday."""
    at = MONDAY + timedelta(days=day)
    found = StoryUpdate(
        id=name,
        story_id=STORY,
        articles=tuple((article, 1) for article in articles),
        as_of=at,
        made_at=MONDAY + timedelta(days=day if made is None else made, hours=1),
        written_by=Writer.MODEL,
        kind="negotiation",
        phase=phase,
    )
    return replace(found, **changes)


def headline(text, article="art-0"):
    """Return a headline."""
    return Statement(text=text, citations=(cite(article),))


def figure(value, counts="people injured", *, day=0, article="art-0", **changes):
    """Return a figure of the ``day``-th day."""
    made = UpdateFigure(
        value=value,
        counts=counts,
        as_of=date(2025, 3, 3) + timedelta(days=day),
        citations=(cite(article),),
    )
    return replace(made, **changes)


def actor(name, position="", *, article="art-0", **changes):
    """Return an actor."""
    return replace(UpdateActor(name=name, position=position, citations=(cite(article),)), **changes)


def announcement(name, what, *, due=None, article="art-0", **changes):
    """Return an announcement."""
    made = UpdateAnnouncement(id=name, what=what, due=due, citations=(cite(article),))
    return replace(made, **changes)

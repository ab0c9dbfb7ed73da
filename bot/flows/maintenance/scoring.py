"""Score briefings against gold: how many of how many were right, with examples of what was not.

gold, briefings by day, event of each address ──▶ ScoreRow by name

A count is an estimate: words are matched, not meaning, so read the examples.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.flows.maintenance.gold import GoldDay, GoldEvent, GoldStatus
from bot.flows.maintenance.gold_match import (
    fold,
    holds,
    is_due,
    is_named,
    is_past,
    is_same_role,
    long_words,
    plurals,
    words,
)
from bot.flows.maintenance.printed import announced_of, lines_of, next_of
from bot.model.briefing import Briefing, StoryBrief

MAX_EXAMPLES = 25  # kept of each row
_FITS = {
    "expected": {"expected"},
    "under way": {"under way"},
    "turned": {"under way", "decided"},
    "outcome known": {"decided", "aftermath"},
    "aftermath": {"aftermath", "over", "decided"},
}
"""By the phase in gold, the phases of a story that are right."""


@dataclass(slots=True)
class ScoreRow:
    """How many of ``of`` were ``right``, and examples of those that were not."""

    right: int = 0
    of: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Scores:
    """Rows by name, in the order in which they were first counted."""

    rows: dict[str, ScoreRow] = field(default_factory=dict)

    def count(self, name: str, right: object, example: str = "") -> None:
        """Count one more of row ``name``."""
        row = self.rows.setdefault(name, ScoreRow())
        row.of += 1
        row.right += bool(right)
        if not right and example and len(row.examples) < MAX_EXAMPLES:
            row.examples.append(example)


def score(
    gold: Sequence[GoldEvent], briefings: Mapping[date, Briefing], event_of: Mapping[str, int]
) -> Scores:
    """Return the scores of ``briefings`` against ``gold``; a day's articles are in the briefing of the next morning.

    A story belongs to the event that most of its cited addresses belong to.
    """
    scores = Scores()
    placed: defaultdict[tuple[date, int], list[StoryBrief]] = defaultdict(list)
    for day, briefing in briefings.items():
        for story, events in _events(briefing, event_of):
            most, number = events.most_common(1)[0]
            placed[day, most].append(story)
            example = f"{day} {story.headline.text}: {dict(events)}"
            scores.count("story of one event only", number == events.total(), example)
    for event in gold:
        for number, gold_day in enumerate(event.days):
            morning = min((m for m in briefings if m > gold_day.date), default=None)
            if morning:
                printed = tuple(placed[morning, event.event])
                sent = tuple(one for m in briefings if m < morning for one in placed[m, event.event])
                _Day(event, number, morning, printed, sent, scores).score()
    _score_outcomes(gold, briefings, scores)
    return scores


@dataclass(frozen=True, slots=True)
class _Day:
    """One day of an event, the stories that tell of it in the ``morning`` after, and those that were ``sent`` before."""

    event: GoldEvent
    number: int
    morning: date
    stories: tuple[StoryBrief, ...]
    sent: tuple[StoryBrief, ...]
    scores: Scores

    @property
    def gold(self) -> GoldDay:
        return self.event.days[self.number]

    @property
    def until(self) -> tuple[GoldDay, ...]:
        """The days up to this one."""
        return tuple(day for day in self.event.days if day.date <= self.gold.date)

    @property
    def where(self) -> str:
        return f"event {self.event.event} {self.gold.date}"

    def score(self) -> None:
        self._whether_shown()
        self._status()
        self._labels()
        self._change()
        self._actors()
        self._figures()
        self._announcements()
        self._lines()

    def _whether_shown(self) -> None:
        day, new = self.gold, [fact for fact in self.gold.facts if fact.new]
        if day.phase != "no news" and any(fact.importance == 3 for fact in new):
            self.scores.count("event is in the briefing", self.stories, self.where)
            if self.stories:
                self.scores.count("event is one story", len(self.stories) == 1, self.where)
        whole = self._whole()
        for fact in new:
            if fact.importance >= 2:
                name = f"facts of importance {fact.importance}"
                self.scores.count(name, holds(whole, fact.all), f"{self.where} {fact.text}")

    def _status(self) -> None:
        wanted = self.gold.status
        for story in self.stories:
            never = any(fold(text) in fold(story.headline.text) for text in wanted.never)
            if wanted.all:
                self.scores.count("headline not false", not never, f"{self.where} {story.headline.text}")
        if not wanted.all:
            return
        for story in self.stories:
            if story.status:
                alone, with_headline = _status_right(story, wanted)
                example = f"{self.where} printed: {story.status.line!r}, gold: {wanted.line!r}"
                self.scores.count("status line alone says it", alone, example)
                self.scores.count("status printed: right", with_headline, example)
        if self.gold.phase != "no news":
            right = any(
                s.status and holds(f"{fold(s.status.line)} {fold(s.headline.text)}", wanted.all)
                for s in self.stories
            )
            self.scores.count("status: days that have a right one", right, self.where)

    def _labels(self) -> None:
        for story in self.stories:
            kind = story.status.kind if story.status else ""
            if kind:
                self.scores.count("kind not other", kind != "other")
            if kind and kind != "other":
                example = f"{self.where} {kind}, gold: {self.event.kind}"
                self.scores.count("kind named: right", kind == self.event.kind, example)
            phase = getattr(story.status, "phase", "") if story.status else ""
            if phase and self.gold.phase in _FITS:
                right = phase in _FITS[self.gold.phase]
                self.scores.count("phase right", right, f"{self.where} {phase}, gold: {self.gold.phase}")

    def _change(self) -> None:
        flagged = [story for story in self.stories if story.previous_status]
        for story in flagged:
            now = story.status.line if story.status else ""
            before = story.previous_status.line if story.previous_status else ""
            example = f"{self.where} {before!r} to {now!r}"
            self.scores.count("change flagged: right", self.gold.changed, example)
        if self.gold.changed:
            self.scores.count("change in gold: flagged", flagged, self.where)

    def _actors(self) -> None:
        known = [actor for day in self.until for actor in day.actors]
        for printed in (actor for story in self.stories for actor in story.actors):
            who = [actor for actor in known if is_named(printed.name, actor)]
            self.scores.count("actor printed: is one", who, f"{self.where} {printed.name} ({printed.role})")
            if printed.role and who:
                right = any(is_same_role(printed.role, actor.role or "") for actor in who)
                self.scores.count(
                    "role printed: right", right, f"{self.where} {printed.name}: {printed.role}"
                )
        whole = self._whole()
        for actor in self.gold.actors:
            if actor.must and self.stories:
                names = (fold(actor.name).split()[-1], *map(fold, actor.aliases))
                self.scores.count(
                    "key actor present", any(name in whole for name in names), f"{self.where} {actor.name}"
                )

    def _figures(self) -> None:
        known = [figure for day in self.until for figure in day.figures]
        for printed in (figure for story in self.stories for figure in story.figures):
            value = fold(printed.value)
            near = [
                figure
                for figure in known
                if any(fold(text) in value or value.strip(" $€£") in fold(text) for text in figure.any)
            ]
            counted = words(printed.counts)
            right = any(counted & plurals(words(figure.counts)) for figure in near)
            example = f"{self.where} {printed.value}: {printed.counts} ({printed.claimant})"
            self.scores.count("figure printed: right", right, example)
        whole = self._whole()
        for figure in self.gold.figures:
            if figure.must and self.stories:
                right = any(fold(text) in whole for text in figure.any)
                self.scores.count(
                    "key figure present", right, f"{self.where} {figure.any[0]} {figure.counts}"
                )

    def _announcements(self) -> None:
        known = [one for day in self.until for one in day.expectations]
        printed = next_of(self.stories)
        for one in printed:
            text = announced_of(one)
            hits = [gold for gold in known if holds(text, gold.all)]
            self.scores.count("announcement printed: is one", hits, f"{self.where} {one.due}: {one.what}")
            if hits:
                right = any(is_due(one.due, gold) for gold in hits)
                self.scores.count("announcement date right", right, f"{self.where} {one.due}: {one.what}")
        for gold in self.gold.expectations if self.stories else ():
            if is_past(gold, self.morning):
                continue  # the briefing comes after it
            # What was sent is not sent again.
            listed = any(holds(announced_of(one), gold.all) for one in (*printed, *next_of(self.sent)))
            present = listed or holds(self._whole(), gold.all)
            self.scores.count("announcement in gold: present", present, f"{self.where} {gold.what}")

    def _lines(self) -> None:
        junk = [fold(text) for text in self.gold.junk]
        seen = [f for day in self.event.days[: self.number] for f in day.facts if f.new]
        printed = [text for story in self.sent for _, text in lines_of(story)]
        already = [fact for fact in seen if any(holds(text, fact.all) for text in printed)]
        for kind, text in (line for story in self.stories for line in lines_of(story)):
            found = [text_ for text_ in junk if text_ in text]
            self.scores.count(
                "line free of junk", not found, f"{self.where} [{kind}] {found[:1]}: {text[:120]}"
            )
            if kind == "bullet":
                example = f"{self.where} {text[:140]}"
                fresh = any(holds(text, fact.all) for fact in self.gold.facts if fact.new)
                for name, old in (
                    ("bullet not sent before", seen),
                    ("bullet in no earlier briefing", already),
                ):
                    again = any(holds(text, fact.all) for fact in old) and not fresh
                    self.scores.count(name, not again, example)
                right = any(holds(text, fact.all) for fact in self.gold.facts)
                self.scores.count("bullet is a gold fact", right, example)

    def _whole(self) -> str:
        return " \n ".join(text for story in self.stories for _, text in lines_of(story))


def _score_outcomes(gold: Sequence[GoldEvent], briefings: Mapping[date, Briefing], scores: Scores) -> None:
    known = [(long_words(one.what), one.outcome) for e in gold for day in e.days for one in day.settled]
    for day, briefing in briefings.items():
        for watched in briefing.settled:
            announced = watched.expectation
            if announced.outcome in {"happened", "did not happen"}:
                ours = long_words(announced.what)
                right = any(
                    outcome == announced.outcome and len(ours & theirs) >= 2 for theirs, outcome in known
                )
                scores.count("outcome printed: right", right, f"{day} {announced.outcome}: {announced.what}")


def _events(briefing: Briefing, event_of: Mapping[str, int]) -> Iterator[tuple[StoryBrief, Counter[int]]]:
    """Yield each story with how often it cites articles of each event; stories of no known event are left out."""
    urls = {source.article_id: source.url for source in briefing.sources}
    for story in briefing.stories:
        cited = (event_of.get(urls.get(one, "")) for one in _cited(story))
        events = Counter(event for event in cited if event is not None)
        if events:
            yield story, events


def _cited(value: object) -> Iterator[str]:
    """Yield the article of every citation anywhere in ``value``."""
    if hasattr(value, "article_id"):
        yield str(value.article_id)
    if isinstance(value, tuple):
        for one in value:
            yield from _cited(one)
    for name in getattr(value, "__dataclass_fields__", ()):
        yield from _cited(getattr(value, name))


def _status_right(story: StoryBrief, wanted: GoldStatus) -> tuple[bool, bool]:
    """Tell whether the status line says it alone, and together with the headline, and nothing false."""
    line = fold(story.status.line) if story.status else ""
    true = not any(fold(text) in line for text in wanted.never)
    return holds(line, wanted.all) and true, holds(f"{line} {fold(story.headline.text)}", wanted.all) and true

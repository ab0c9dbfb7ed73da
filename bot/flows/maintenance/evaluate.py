"""Evaluate: run golden cases through the program and count how much of the expected content the briefings have.

case: articles + mornings ──ingested as they came──▶ briefings ──scored──▶ Score
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from bot.blocking import run_blocking
from bot.briefings.assemble import statements_of
from bot.config import BriefingSettings
from bot.errors import InputError, first_mistake
from bot.evidence.check import check_statement
from bot.flows.briefing.brief import brief_channel
from bot.flows.briefing.session import ModelSession
from bot.flows.ingest.clustering.assign_stories import assign_stories
from bot.language.entities.names import same_name
from bot.language.locale.phrases import ENGLISH
from bot.language.sentences.split import split_sentences
from bot.language.similarity import figures, is_restated
from bot.language.words import content_terms
from bot.model.briefing import Briefing, Section
from bot.model.ids import derive_id
from bot.model.news import Article
from bot.model.record import ModelUsage
from bot.model.scope import SHARED
from bot.store import Store, StoredDraft

MIN_GOLD_FACT_SHARE = 0.7  # share of a fact's terms that one line has to hold
EVALUATION_CHANNEL = "eval"


class GoldenArticle(BaseModel):
    """An article of a case."""

    model_config = ConfigDict(extra="forbid")

    at: datetime
    outlet: str
    title: str
    text: str

    @field_validator("at")
    @classmethod
    def _with_zone(cls, value: datetime) -> datetime:
        if value.tzinfo is None:
            raise ValueError("a time needs its zone, such as 2025-03-03T06:10:00Z")
        return value

    def article(self, *, fetched_at: datetime) -> Article:
        """Return it as an article fetched at ``fetched_at``."""
        return Article(
            id=derive_id("art", self.outlet, self.title, self.at.isoformat()),
            outlet=self.outlet,
            title=self.title,
            published_at=self.at,
            language="en",
            sentences=split_sentences(self.text.strip(), language="en"),
            originator=self.outlet,
            fetched_at=fetched_at,
        )


class GoldenMorning(BaseModel):
    """The expected content of a briefing at one time."""

    model_config = ConfigDict(extra="forbid")

    at: datetime
    facts: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    state: str = ""
    was: str = ""
    silent: bool = False


class GoldenCase(BaseModel):
    """One story over several mornings."""

    model_config = ConfigDict(extra="forbid")

    title: str
    articles: tuple[GoldenArticle, ...] = Field(min_length=1)
    mornings: tuple[GoldenMorning, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Counts over cases: how much of the expected content was said, and what should not have been said."""

    mornings: int = 0
    facts: int = 0
    facts_said: int = 0
    actors: int = 0
    actors_named: int = 0
    states: int = 0
    states_right: int = 0
    transitions: int = 0
    transitions_right: int = 0
    statements: int = 0
    unsupported: int = 0
    repeats: int = 0
    calls: int = 0
    tokens: int = 0
    cost: int = 0  # in millionths

    def __add__(self, other: Score) -> Score:
        """Return both together."""
        return Score(**{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """The score of one case, and what is missing, in words."""

    title: str
    score: Score
    missed: tuple[str, ...]


def read_cases(folder: Path) -> list[GoldenCase]:
    """Return the cases of ``folder``, in the order of their file names; raises ``InputError`` naming a wrong one."""
    files = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    if not files:
        raise InputError(
            f"There are no cases in {str(folder)!r}", hint="A case is a TOML file; see config/golden"
        )
    return [_read_case(path) for path in files]


def _articles(came: Sequence[GoldenArticle], *, at: datetime) -> list[Article]:
    return [given.article(fetched_at=at) for given in came]


async def evaluate(
    case: GoldenCase, *, store: Store, session: ModelSession | None, settings: BriefingSettings
) -> CaseResult:
    """Return the score of the briefings of ``case``, whose articles and briefings go into the empty ``store``."""
    arrived = sorted(case.articles, key=lambda a: a.at)
    score, missed, earlier = Score(), list[str](), list[str]()
    for morning in sorted(case.mornings, key=lambda m: m.at):
        came = [a for a in arrived if a.at <= morning.at]
        arrived = arrived[len(came) :]
        articles = await run_blocking(_articles, came, at=morning.at)
        await keep(articles, store=store, at=morning.at)
        before = len(earlier)
        briefing = await brief_channel(
            store=store,
            channel=EVALUATION_CHANNEL,
            scope=SHARED,
            settings=settings,
            now=morning.at,
            session=session,
        )
        usage = await _usage(store, briefing)
        gained, lacks = await _score(morning, briefing, earlier=earlier[:before], store=store)
        score += gained + Score(
            calls=usage.calls, tokens=usage.input_tokens + usage.output_tokens, cost=usage.cost
        )
        missed += [f"{ENGLISH.day_and_year(morning.at)} {morning.at:%H:%M}: {what}" for what in lacks]
        earlier += [b.text for s in briefing.stories for b in s.bullets]
    return CaseResult(title=case.title, score=score, missed=tuple(missed))


async def keep(articles: Sequence[Article], *, store: Store, at: datetime) -> None:
    """Store ``articles`` as if read at ``at``, and assign them to stories."""
    if not articles:
        return
    await store.articles.save(
        [StoredDraft(article=a, keys=(("hash", a.id),), entry_hash=a.id, fingerprint=b"") for a in articles]
    )
    await assign_stories(store=store, now=at)


def says(line: str, fact: str) -> bool:
    """Return whether ``line`` has every number and most words of ``fact``."""
    terms = set(content_terms(fact))
    carried = len(terms & set(content_terms(line))) >= MIN_GOLD_FACT_SHARE * len(terms)
    return carried and not figures(fact) - figures(line)


def _read_case(path: Path) -> GoldenCase:
    try:
        return GoldenCase.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InputError(f"{path.name!r} is not a case: {error}") from error
    except ValidationError as error:
        mistake = first_mistake(error.errors(include_url=False))
        raise InputError(f"{path.name!r} is not a case: {mistake}") from error


async def _usage(store: Store, briefing: Briefing) -> ModelUsage:
    record = await store.briefings.record(briefing.id)
    total = ModelUsage()
    for writing in record.writings if record else ():
        total += writing.usage
    return total


async def _score(
    morning: GoldenMorning, briefing: Briefing, *, earlier: Sequence[str], store: Store
) -> tuple[Score, list[str]]:
    lines = [statement.text for story in briefing.stories for statement in statements_of(story)]
    lines += [w.expectation.what for w in (*briefing.watch, *briefing.settled)]
    lines += [c.text + " " + c.by for s in briefing.stories for d in s.disagreements for c in d.claims]
    lacking = [f"not said: {fact}" for fact in morning.facts if not any(says(line, fact) for line in lines)]
    named = [actor.name for story in briefing.stories for actor in story.actors]
    unnamed = [f"not named: {who}" for who in morning.actors if not any(same_name(who, n) for n in named)]
    statuses = [s.status for s in briefing.stories] + [u.status for u in briefing.unchanged]
    state_right = any(s and s.state == morning.state for s in statuses)
    left = [s.previous_status.state for s in briefing.stories if s.previous_status]
    right = (morning.was in left) if morning.was else not [was for was in left if was != morning.state]
    repeated = [b.text for s in briefing.stories for b in s.bullets if is_restated(b.text, earlier)]
    if morning.silent:
        repeated += [s.headline.text for s in briefing.stories]
    statements, unsupported = await _unsupported(briefing, store)
    missed = [
        *lacking,
        *unnamed,
        *([] if state_right or not morning.state else [f"state is not {morning.state!r}"]),
        *(
            []
            if right
            else [f"transition from {morning.was or 'nothing'!r}, shown: {', '.join(left) or 'none'}"]
        ),
        *(f"repeated: {text}" for text in repeated),
        *(f"unsupported: {text}" for text in unsupported),
    ]
    score = Score(
        mornings=1,
        facts=len(morning.facts),
        facts_said=len(morning.facts) - len(lacking),
        actors=len(morning.actors),
        actors_named=len(morning.actors) - len(unnamed),
        states=bool(morning.state),
        states_right=bool(morning.state) and state_right,
        transitions=1,
        transitions_right=right,
        statements=statements,
        unsupported=len(unsupported),
        repeats=len(repeated),
    )
    return score, missed


async def _unsupported(briefing: Briefing, store: Store) -> tuple[int, list[str]]:
    """Return the number of statements in ``briefing``, and those that the evidence check refuses."""
    revisions = await store.articles.revisions({s.article_id for s in briefing.sources})
    articles = {(a.id, a.revision): a for a in revisions}
    count, refused = 0, []
    for story in briefing.stories:
        stated = [(b.text, b.citations, "bullet", "") for b in story.bullets]
        if story.status and story.section is not Section.UNCHANGED:
            status = story.status
            stated.append((status.line, (status.citation,), "status", status.said_by))
        for text, citations, kind, claimant in stated:
            count += 1
            verdict = check_statement(text, citations, articles=articles, field=kind, claimant=claimant)
            if not verdict.passed:
                refused.append(f"{text} ({verdict.reason})")
    return count, refused

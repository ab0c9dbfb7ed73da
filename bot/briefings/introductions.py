"""Say who somebody is whom a story only names, in the words of an article that it cites. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.language.entities.people import people_of
from bot.language.entities.roles import role_beside, says_who
from bot.language.sentences.quotations import is_quoted_behind
from bot.language.text_cache import text_cached
from bot.model.briefing import Statement, StoryBrief
from bot.model.news import Article, Citation
from bot.model.story import Actor

MAX_INTRODUCED_CHARS = 260  # of a bullet with a role; a longer one stays as it is
MAX_INTRODUCED_SENTENCES = 60  # of an article that are searched for roles
MIN_ROLE_WORDS = 2  # of a role that tells a reader something: "leader" does not
# Every reader knows them.
_HEAD_OF_STATE = re.compile(
    r"(?:[\w.-]+\s)?(?:prime minister|president|chancellor|king|queen|pope)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """A role as the sentence with this number prints it beside a name."""

    role: str
    sentence: int


def introduced(brief: StoryBrief, articles: Mapping[tuple[str, int], Article]) -> StoryBrief:
    """Return ``brief`` with the roles of people whom its bullets name, or name as claimants, where nothing in it says who they are.

    Only full names, each where it comes first, outside quotations. Its actors have roles of their own, which are completed where
    an article prints more of them: "West Bengal" of "the West Bengal chief minister".
    """
    actors = tuple(_completed(actor, articles) for actor in brief.actors)
    status = (brief.status.line, brief.status.said_by) if brief.status else ()
    shown = [brief.headline.text, *status, *(f"{b.text} {b.said_by}" for b in brief.bullets)]
    known = {_last_name(actor.name) for actor in actors if actor.role}
    said = {}
    for bullet in brief.bullets:
        line = bullet
        for name, role in _roles_for(bullet, articles):
            if _last_name(name) in known or any(says_who(text, name=name, role=role) for text in shown):
                continue
            if (named := _with_role(line, name, role)) != line:
                line = named
                known.add(_last_name(name))
        said[bullet] = line
    return replace(
        brief,
        bullets=tuple(said[line] for line in brief.bullets),
        changed=tuple(said.get(line, line) for line in brief.changed),
        actors=actors,
    )


def _last_name(name: str) -> str:
    return name.rsplit(maxsplit=1)[-1]


def _completed(actor: Actor, articles: Mapping[tuple[str, int], Article]) -> Actor:
    cited = actor.role_citation or actor.citation
    article = articles.get((cited.article_id, cited.revision))
    found = introductions_in(article).get(actor.name) if article and actor.role else None
    if found is None or not found.role.casefold().startswith(f"{actor.role.casefold()} "):
        return actor
    said = Citation(article_id=cited.article_id, revision=cited.revision, sentences=(found.sentence,))
    return replace(actor, role=found.role, role_citation=said)


def _roles_for(bullet: Statement, articles: Mapping[tuple[str, int], Article]) -> Iterator[tuple[str, str]]:
    """Yield the names in ``bullet`` with their roles in the articles that it cites."""
    for cited in bullet.citations:
        article = articles.get((cited.article_id, cited.revision))
        for name, found in (introductions_in(article) if article else {}).items():
            if name in bullet.text or name == bullet.said_by:
                yield name, found.role


def _with_role(bullet: Statement, name: str, role: str) -> Statement:
    if bullet.said_by == name and name not in bullet.text:
        return replace(bullet, said_by=f"{name}, {role_beside(bullet.text, role)}")
    # Behind the name no apposition, and no "of Osby".
    bare = rf"(?<![\w’-]){re.escape(name)}(?=[\s;.]|,\s(?!a\s|an\s|the\s|who\b|[A-Z]))(?!\s\(|\s(?:of|from|at)\s)"
    at = re.search(bare, bullet.text)
    if at is None or is_quoted_behind(bullet.text[: at.start()]):
        return bullet
    before = bullet.text[: at.start()].split()[-1:]
    if before and before[0].casefold() in role.casefold().split():
        return bullet  # "harbour master Ida Moe" says who she is
    text = f"{bullet.text[: at.end()]} ({role_beside(bullet.text, role)}){bullet.text[at.end() :]}"
    return replace(bullet, text=text) if len(text) <= MAX_INTRODUCED_CHARS else bullet


@text_cached(maxsize=256)
def introductions_in(article: Article) -> Mapping[str, Introduction]:
    """Return the roles that ``article`` prints beside names, by name: the first of each that says something."""
    people = people_of(article.language or "en")
    found: dict[str, Introduction] = {}
    small = {word for sentence in article.sentences for word in sentence.text.split() if word.islower()}
    for sentence in article.sentences[:MAX_INTRODUCED_SENTENCES] if people else ():
        for person in people.persons(sentence.text) if people else ():
            role = " ".join(person.role.split()).strip(",")
            if person.role_start == 0 and (role.partition(" ")[0].lower() in small):
                role = role[:1].lower() + role[1:]  # only a sentence begins with it
            if len(role.split()) >= MIN_ROLE_WORDS and not _HEAD_OF_STATE.fullmatch(role):
                found.setdefault(person.name, Introduction(role=role, sentence=sentence.number))
    return found

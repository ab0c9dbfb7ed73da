"""Find who somebody is whom a story only names, in the words of an article that it cites. Pure.

The roles stand beside the lines of a story, not in them: a line is checked, sent and corrected as it was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.language.entities.people import people_of
from bot.language.entities.roles import says_who
from bot.language.rules import load_rules
from bot.language.text_cache import text_cached
from bot.model.briefing import StoryBrief
from bot.model.news import Article, Citation
from bot.model.story import Actor, PersonRole

INTRODUCED_LANGUAGE = "en"  # in which roles are found often and right enough to be added
MAX_INTRODUCED_SENTENCES = 60  # of an article that are searched for roles
MIN_ROLE_WORDS = 2  # of a role that tells a reader something: "leader" does not
# Every reader knows them.
_HEAD_OF_STATE = re.compile(
    r"(?:[\w.-]+\s)?(?:prime minister|president|chancellor|king|queen|pope)", re.IGNORECASE
)
# Read when the module is: briefings are made in the loop, where no file may be opened.
_DETERMINERS = load_rules("en", "determiners").words
_NO_ROLE = frozenset({"no", "not"}).union(
    *(_DETERMINERS[sense] for sense in ("possessive", "demonstrative", "quantity"))
)
_JOINED = re.compile(r"\s(?:and|or)\s(?:the|an?|his|her|their)\s")


def introduced(brief: StoryBrief, articles: Mapping[tuple[str, int], Article]) -> StoryBrief:
    """Return ``brief`` with the roles of people whom its bullets name, or name as claimants, where nothing in it says who they are.

    Only full names. Its actors have roles of their own, which are completed where an article prints more of them: "West Bengal" of
    "the West Bengal chief minister".
    """
    actors = tuple(_completed(actor, articles) for actor in brief.actors)
    status = (brief.status.line, brief.status.said_by) if brief.status else ()
    shown = [brief.headline.text, *status, *(f"{b.text} {b.said_by}" for b in brief.bullets)]
    known = {_last_name(actor.name) for actor in actors if actor.role}
    roles = {
        one.name: one
        for one in _named_in(brief, articles)
        if _last_name(one.name) not in known
        and not any(says_who(text, name=one.name, role=one.role) for text in shown)
    }
    return replace(brief, actors=actors, roles=tuple(roles.values()))


def _last_name(name: str) -> str:
    return name.rsplit(maxsplit=1)[-1]


def _completed(actor: Actor, articles: Mapping[tuple[str, int], Article]) -> Actor:
    cited = actor.role_citation or actor.citation
    article = articles.get((cited.article_id, cited.revision))
    found = introductions_in(article).get(actor.name) if article and actor.role else None
    if found is None or not found.role.casefold().startswith(f"{actor.role.casefold()} "):
        return actor
    return replace(actor, role=found.role, role_citation=found.citation)


def _named_in(brief: StoryBrief, articles: Mapping[tuple[str, int], Article]) -> Iterator[PersonRole]:
    """Yield the people whom the bullets of ``brief`` name, with their roles in the articles that the bullet cites."""
    for bullet in brief.bullets:
        for cited in bullet.citations:
            article = articles.get((cited.article_id, cited.revision))
            for name, found in (introductions_in(article) if article else {}).items():
                if name in bullet.text or name in bullet.said_by:
                    yield found


@text_cached(maxsize=256)
def introductions_in(article: Article) -> Mapping[str, PersonRole]:
    """Return the roles that ``article`` prints beside names, by name: the first of each that says something."""
    people = people_of(INTRODUCED_LANGUAGE)
    if people is None or (article.language or INTRODUCED_LANGUAGE) != INTRODUCED_LANGUAGE:
        return {}
    found: dict[str, PersonRole] = {}
    small = {word for sentence in article.sentences for word in sentence.text.split() if word.islower()}
    for sentence in article.sentences[:MAX_INTRODUCED_SENTENCES]:
        for person in people.persons(sentence.text):
            role = " ".join(person.role.split()).strip(",")
            if person.role_start == 0 and (role.partition(" ")[0].lower() in small):
                role = role[:1].lower() + role[1:]  # only a sentence begins with it
            if _introduces(role):
                cited = Citation(
                    article_id=article.id, revision=article.revision, sentences=(sentence.number,)
                )
                found.setdefault(person.name, PersonRole(name=person.name, role=role, citation=cited))
    return found


def _introduces(role: str) -> bool:
    """Return whether ``role`` tells a reader who somebody is: not "leader", "her lawyer" or "no longer a minister"."""
    words = role.split()
    return (
        len(words) >= MIN_ROLE_WORDS
        and words[0].casefold() not in _NO_ROLE
        and not _HEAD_OF_STATE.fullmatch(role)
        and not _JOINED.search(f" {role}")
    )

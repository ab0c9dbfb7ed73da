"""Find the actors of a story: persons with a printed role, and their own words, each with its sentence.

Only who is named with a role beside the name, and speaks or stands in a title: of others no rule can tell whether they
are persons, bodies or places. A language without rules for people has no actors.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.language.entities.people import Person, PersonFinder, people_of
from bot.language.sentences.clauses import lead_free, tidy
from bot.language.sentences.quotable import closed_quotation, is_quotable
from bot.language.text_cache import text_cached
from bot.language.words import fold
from bot.model.news import Article, Citation
from bot.model.story import Actor
from bot.updates.by_rules.days import is_of_earlier, names_near_day
from bot.updates.by_rules.introduced import has_unexplained_initials
from bot.updates.by_rules.worth import MAX_READ_SENTENCES

MAX_POSITION_CHARS = 260  # of a sentence with somebody's words: it is whole, as others are
MAX_CACHED_PERSON_SENTENCES = 8_192  # whose persons are kept in memory
MAX_MENTIONS = 200  # of all actors of a story, in one article
# Who speaks later or is named less comments on the news, or knows somebody in it: of 73 actors so found 66 were an editor's,
# of those that speak among the first ten sentences or are named twice 73 of 87.
MAIN_ACTOR_SENTENCES, EARLY_ACTOR_SENTENCES = 5, 12
NAMED_TWICE_WEIGHT, NAMED_OFTEN_WEIGHT = 2.0, 4.0  # weight
ACTOR_LEAD_SENTENCES = 5  # a mention here weighs half as much again


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """One sentence in which an actor speaks."""

    article: Article
    number: int
    text: str


@dataclass(slots=True, kw_only=True)
class _Known:
    name: str
    role: str
    introduced: Citation
    spoken: list[_Words] = field(default_factory=list)
    weight: float = 0.0
    titled: bool = False
    comments: bool = False  # by the role: had to do with the matter once
    looks_on: bool = False  # by the role: knows such matters, and has no part in this one
    forms: set[str] = field(default_factory=set)
    newest: Article | None = None


def find_actors(articles: Sequence[Article], *, limit: int = 8) -> tuple[Actor, ...]:
    """Return the actors of a story, most important first: named in a title, then by how often they are named."""
    known: dict[str, _Known] = {}
    for article in sorted(articles, key=lambda a: a.sort_key):
        people = people_of(article.language or "en")
        if people:
            _read(article, people, known)
    ranked = sorted(known.values(), key=lambda k: (-k.titled, -k.weight, k.name))
    return tuple(_actor(one) for one in ranked if _acts(one))[:limit]


def _acts(one: _Known) -> bool:
    """Return whether ``one`` has a part in the story: named in a title, or speaks early, in two articles, or is named often."""
    if not any(_is_deed(one, words) for words in one.spoken):
        return False
    if one.titled or one.looks_on:
        return one.titled
    first = min(words.number for words in one.spoken)
    if first <= MAIN_ACTOR_SENTENCES:
        return True
    widely = len({words.article.id for words in one.spoken}) > 1 or one.weight >= NAMED_OFTEN_WEIGHT
    return not one.comments and (
        widely or (first <= EARLY_ACTOR_SENTENCES and one.weight >= NAMED_TWICE_WEIGHT)
    )


def _is_deed(one: _Known, words: _Words) -> bool:
    """Return whether ``words`` belong to the news: said on its day, early in the article, or by a person in a title."""
    return one.titled or words.number <= EARLY_ACTOR_SENTENCES or names_near_day(words.text, words.article)


def _read(article: Article, people: PersonFinder, known: dict[str, _Known]) -> None:
    sentences = article.sentences[:MAX_READ_SENTENCES]
    here: dict[str, list[tuple[int, Person]]] = {}
    for sentence in sentences:
        for person in _persons(article.language or "en", sentence.text):
            here.setdefault(person.name, []).append((sentence.number, person))
    for name, found in list(here.items())[:MAX_MENTIONS]:
        number, person = max(found, key=lambda item: len(item[1].role))
        one = _same(known.values(), name)
        if one is None:
            one = known[name] = _Known(name=name, role=person.role, introduced=article.cite(number))
        elif article.sort_key > (one.newest or article).sort_key:
            one.role, one.introduced = person.role, article.cite(number)
        one.forms.add(name)
        one.newest = article
        one.comments, one.looks_on = people.comments(one.role), people.looks_on(one.role)
        namesakes = {other.split()[-1] for other in here if other != name}
        _mentions(article, people, one, alone=name.split()[-1] not in namesakes)


# A sentence is read again for each who is named in it, and beside each article that comes to its story.
@text_cached(maxsize=MAX_CACHED_PERSON_SENTENCES)
def _persons(language: str, text: str) -> tuple[Person, ...]:
    people = people_of(language)
    return tuple(people.persons(text)) if people else ()


def _same(known: Iterable[_Known], name: str) -> _Known | None:
    """Return who is meant by ``name``: the same name, or first and last word alike ("Rex W. Tillerson")."""
    words = fold(name).split()
    for one in known:
        other = fold(one.name).split()
        if name in one.forms or (other[0], other[-1]) == (words[0], words[-1]):
            return one
    return None


def _mentions(article: Article, people: PersonFinder, one: _Known, *, alone: bool) -> None:
    """Count the sentences of ``article`` that name ``one``, and keep those in which he or she speaks."""
    if not alone:
        return  # two persons of one last name: whose words these are no rule can tell
    one.titled = one.titled or any(True for _ in people.named(article.title, one.name))
    for sentence in article.sentences[:MAX_READ_SENTENCES]:
        text = sentence.text
        found = list(people.named(text, one.name))
        if not found:
            continue
        one.weight += 1.5 if sentence.number <= ACTOR_LEAD_SENTENCES else 1.0
        roles = {p.start: p.role_start for p in _persons(article.language or "en", text)}
        if any(people.speaks(text, start=roles.get(at, title), end=end) for title, at, end in found):
            language = article.language or "en"
            words = tidy(lead_free(closed_quotation(sentence, article)))
            can_be_quoted = (
                is_quotable(words, language=language)
                and not is_of_earlier(words, article)
                and not has_unexplained_initials(words, article, spelled_out=False)
            )
            if can_be_quoted and len(words) <= MAX_POSITION_CHARS:
                one.spoken.append(_Words(article=article, number=sentence.number, text=words))


def _actor(one: _Known) -> Actor:
    said = max(
        (words for words in one.spoken if _is_deed(one, words)),
        key=lambda w: (w.article.published_at, -w.number),
    )
    return Actor(
        name=one.name,
        aliases=tuple(sorted(one.forms - {one.name})),
        role=one.role,
        role_citation=one.introduced,
        position=said.text,
        citation=said.article.cite(said.number),
        as_of=said.article.published_at,
    )

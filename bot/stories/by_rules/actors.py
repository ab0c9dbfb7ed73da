"""Who is in a story: names, roles exactly as printed, and what each says or does, with the sentence.

Rules only. A role is shown only where the text puts it beside the name; whether a name is a person or a body
is not told, because rules cannot tell it reliably.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.language.names import NO_NAMES, find_names, name_keys, same_name
from bot.language.outlets import bare_name, outlets
from bot.language.roles import MODIFIERS, ROLE_NOUNS
from bot.language.sentences.clauses import attributed, balanced, lead_free, parts, tidy
from bot.language.speech import SAYING, SAYING_OR_NOUN, SPEAKING_OF_PERSON, any_of
from bot.model.news import Article, Citation
from bot.model.story import Actor

MAX_POSITION_CHARS = 200  # characters
MAX_ROLE_WORDS = 8  # words
SAME_ROLE_TIME = timedelta(days=7)  # within this time the fullest form of a role is the same role
MAX_READ_SENTENCES = 40  # sentences of an article that are read for actors

_PLACE = re.compile(
    r"\b(?:in|at|near|from|outside|across|around|to|into|over|of|via|through|off|inside|between)\s+(?:the\s)?$"
)
_VERB = re.compile(
    r"^(?:,[^,]{3,80},)?\s+(?:has\s|have\s|had\s|is\s|was\s|will\s|would\s)?[a-z]+(?:ed|s|ing|t|d|n)\b"
)
_SPEAKS = re.compile(
    rf"^(?:,[^,]{{3,80}},)?\s+(?:also\s|later\s|had\s|has\s)?(?:{any_of(SAYING | SAYING_OR_NOUN | SPEAKING_OF_PERSON)})\b"
)
_APPOSITION = re.compile(
    r"^,\s(?P<role>(?:the|a|an|who\sis\s(?:the|a)|[\w’'-]+[’']s?)?\s?[^,;.:—–()“”\"]{3,80})(?=[,.;—–]|$)"
)
_WEATHER = re.compile(r"(?:Storm|Hurricane|Typhoon|Cyclone|Tropical)\b")
_TOLD = re.compile(r"\b(?:told|tells|telling|to)\s+(?:the\s)?$")


@dataclass(slots=True, kw_only=True)
class _Mention:
    name: str
    role: str
    article: Article
    number: int
    initial: bool  # the first word of its sentence: a capital there proves no name
    place: bool
    acts: bool
    speaks: bool


@dataclass(slots=True, kw_only=True)
class _Known:
    place: int
    forms: Counter[str] = field(default_factory=Counter)
    mentions: list[_Mention] = field(default_factory=list)


def find_actors(articles: Sequence[Article], *, limit: int = 8) -> tuple[Actor, ...]:
    """Return the key actors of a story, most important first; each name once, under its fullest form.

    Importance: mentions in distinct sentences, more for the lead, for speaking and for a stated role. A place
    where things merely happen and a paper that is merely told are no actors.
    """
    agencies = outlets().agencies
    papers = {bare_name(a.outlet).casefold() for a in articles}
    papers |= {name.casefold() for name in (*agencies, *agencies.values())}
    # An entry that is a title and nothing else says of nobody more than the headline does.
    with_text = [a for a in articles if len(a.sentences) != 1 or a.sentences[0].text != a.title]
    groups = _merge(_mentions(with_text), skip=papers)
    ranked = sorted(groups, key=lambda g: (-_weight(g), g.mentions[0].article.published_at, _best_name(g)))
    actors = (_actor(group) for group in ranked if _is_actor(group))
    return tuple(actors)[:limit]


def role_of(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the role printed beside the name at ``text[start:end]``, and the name without it; role may be empty."""
    inside, name = _split_title(text[start:end])
    before = _role_before(text[:start], inside)
    if before:
        return before, name
    after = _APPOSITION.match(text[end:])
    if after and " " in name:
        role = re.sub(r"^who\sis\s", "", after["role"].strip())
        tokens = [t.strip("’'").casefold() for t in role.split()]
        nouns = {re.sub(r"['’]s$", "", t) for t in tokens}
        if (
            len(tokens) <= MAX_ROLE_WORDS + 2
            and nouns & ROLE_NOUNS
            and not set(tokens) & {"said", "who", "says", "told"}
        ):
            return re.sub(r"^(?:the|a|an)\s", "", role), name
    return "", name


def _split_title(printed: str) -> tuple[str, str]:
    """Part "Prime Minister Benjamin Netanyahu" into the title and the name."""
    tokens = printed.split()
    last = max((i for i, t in enumerate(tokens) if t.casefold() in ROLE_NOUNS), default=-1)
    if last < 0 or last == len(tokens) - 1:
        return "", printed
    if tokens[last + 1] == "of" and last + 3 < len(tokens):
        last += 2  # "Secretary of State Marco Rubio"
    return " ".join(tokens[: last + 1]), " ".join(tokens[last + 1 :])


def _role_before(before: str, inside: str) -> str:
    """Return the role that ends right before a name: back from its noun over modifiers, names and possessives."""
    tokens = before.split(" ")
    if before and not before.endswith(" "):
        return inside if not inside else _join("", inside)
    tokens = [t for t in tokens if t]
    taken: list[str] = []
    for printed in reversed(tokens[-MAX_ROLE_WORDS:]):
        word = re.sub(r"['’]s?$", "", printed).casefold()
        noun = word in ROLE_NOUNS
        bare = printed.strip("“”\"'(").rstrip(",;:.")
        if bare != printed and not printed.endswith(("’", "'")):
            break
        named = printed[:1].isupper() and word not in NO_NAMES
        if not taken and not inside and not noun:
            return ""
        if not (noun or named or word in MODIFIERS - {"the", "of"} or (printed == "of" and taken)):
            break
        taken.append(printed)
    while taken and taken[-1].casefold() in {"of", "the", "and"}:
        taken.pop()
    return _join(" ".join(reversed(taken)), inside)


def _join(before: str, inside: str) -> str:
    role = f"{before} {inside}".strip()
    return role if any(re.sub(r"['’]s?$", "", t).casefold() in ROLE_NOUNS for t in role.split()) else ""


def _mentions(articles: Iterable[Article]) -> Iterator[_Mention]:
    for article in articles:
        for sentence in article.sentences[:MAX_READ_SENTENCES]:
            text = sentence.text
            claim = attributed(text)
            for span in find_names(text):
                if span.kind == "demonym":
                    continue
                role, name = role_of(text, span.start, span.end)
                before, after = text[: span.start], text[span.end :]
                said = bool(_SPEAKS.match(after)) or (claim is not None and name in claim.speaker)
                yield _Mention(
                    name=name,
                    role=role,
                    article=article,
                    number=sentence.number,
                    initial=not re.search(r"\w", text[: span.start]),
                    place=bool(_PLACE.search(before) or _TOLD.search(before)),
                    acts=bool(_VERB.match(after)) and not _PLACE.search(before),
                    speaks=said and not _PLACE.search(before),
                )


def _merge(mentions: Iterable[_Mention], *, skip: set[str]) -> list[_Known]:
    """Group mentions by person or body: full names first, then short forms that fit exactly one of them."""
    listed = [
        m
        for m in mentions
        if m.name.casefold() not in skip
        and m.name.casefold() not in ROLE_NOUNS
        and not _WEATHER.match(m.name)
    ]
    groups: list[_Known] = []
    places: defaultdict[str, set[int]] = defaultdict(set)  # of the groups, by the keys of their names
    for mention in sorted(listed, key=lambda m: -len(m.name.split())):
        keys = name_keys(mention.name)
        near = (groups[i] for i in sorted({i for key in keys for i in places[key]}))
        fitting = [g for g in near if any(same_name(mention.name, form) for form in g.forms)]
        if len(fitting) > 1:
            exact = [g for g in fitting if mention.name in g.forms]
            # A surname two people share stays with the one the article names in full.
            here = [g for g in fitting if any(m.article is mention.article for m in g.mentions)]
            fitting = exact or (here if len(here) == 1 else [])
            if not fitting:
                continue
        group = fitting[0] if fitting else _Known(place=len(groups))
        if not fitting:
            groups.append(group)
        for key in keys:
            places[key].add(group.place)
        group.forms[mention.name] += 1
        group.mentions.append(mention)
    for group in groups:
        group.mentions.sort(key=lambda m: (m.article.published_at, m.article.id, m.number))
    return groups


def _weight(group: _Known) -> float:
    sentences = {(m.article.id, m.number): m for m in group.mentions}.values()
    weight = 0.0
    for mention in sentences:
        weight += 1.5 if mention.number <= 4 else 1.0
        weight += 0.5 if mention.speaks else 0.0
    articles = len({m.article.id for m in group.mentions})
    # Readers are told who somebody is: whom the text introduces with a role, it means to be known.
    introduced = 2.0 if any(m.role for m in group.mentions) else 1.0
    return float(introduced * (weight + introduced) * (1 + 0.5 * (articles - 1) ** 0.5))


def _is_actor(group: _Known) -> bool:
    if all(m.initial and " " not in m.name for m in group.mentions) and not any(
        m.role for m in group.mentions
    ):
        return False
    if any(m.role or m.speaks for m in group.mentions):
        return True
    acting = sum(m.acts for m in group.mentions)
    placed = sum(m.place for m in group.mentions)
    return acting > 0 and acting * 2 >= placed and placed < len(group.mentions)


def _best_name(group: _Known) -> str:
    return max(group.forms, key=lambda name: (len(name.split()), group.forms[name], name))


def _actor(group: _Known) -> Actor:
    name = _best_name(group)
    roles = [m for m in group.mentions if m.role]
    recent = group.mentions[-1].article.published_at - SAME_ROLE_TIME
    # The fullest role stated lately: roles are as of a date.
    stated = max(
        roles,
        key=lambda m: (m.article.published_at >= recent, len(m.role.split()) <= MAX_ROLE_WORDS, len(m.role)),
        default=None,
    )
    position, at = _position(group)
    return Actor(
        name=name,
        aliases=tuple(sorted(form for form in group.forms if form != name)),
        role=stated.role if stated else "",
        role_citation=_cite(stated) if stated else None,
        position=position,
        citation=_cite(at),
        as_of=at.article.published_at,
    )


def _position(group: _Known) -> tuple[str, _Mention]:
    """Return what the actor says or does in the newest article that tells, as a clean part of its sentence."""
    order = sorted(
        group.mentions,
        key=lambda m: (-m.article.published_at.timestamp(), not m.speaks, not m.acts, m.number),
    )
    for mention in order:
        if mention.speaks or mention.acts:
            text = _clause(mention)
            if text:
                return text, mention
    return "", group.mentions[0]


def _clause(mention: _Mention) -> str:
    sentence = lead_free(mention.article.sentence(mention.number).text)
    candidates = [sentence, *parts(sentence)]
    for part in candidates:
        text = tidy(part)
        if (
            len(text) <= MAX_POSITION_CHARS
            and balanced(text)
            and any(w in text for w in mention.name.split()[-1:])
        ):
            return text
    return ""


def _cite(mention: _Mention) -> Citation:
    return Citation(
        article_id=mention.article.id, revision=mention.article.revision, sentences=(mention.number,)
    )

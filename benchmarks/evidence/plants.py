"""Plants faults in true sentences, as a careless writer makes them: one change, fluent, of the same kind."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.language.dates.find import find_dates
from bot.language.dates.rules import MONTHS, WEEKDAYS
from bot.language.entities.demonyms import country_of
from bot.language.entities.names import NO_NAMES, NameSpan, find_names, same_name
from bot.language.entities.roles import MODIFIERS, ROLE_NOUNS
from bot.language.numbers import NumberSpan, find_numbers
from bot.language.sentences.clauses import attributed, finite, parts
from bot.language.sentences.self_contained import is_furniture, is_statement
from bot.language.words import STOP_WORDS, fold
from bot.model.news import Article

_QUOTED = re.compile(r"“([^”]{3,300})”|\"([^\"]{3,300})\"")
_BE = r"(?:is|are|was|were)"
_AUX = re.compile(
    r"\b(is|are|was|were|has|have|had|will|would|can|could|should)\s(?!not\b|n't|no\b|never\b)(?=[a-z])"
)
_UNNEGATE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), new)
    for pattern, new in (
        (
            r"\b(is|are|was|were|has|have|had|will|would|can|could|should|do|does|did|may|might)\snot\s(?!only|just)",
            r"\1 ",
        ),
        (r"\b(is|are|was|were|has|have|had|would|could|should|do|does|did)n[’']t\s", r"\1 "),
        (r"\bwon[’']t\s", "will "),
        (r"\b(?:can[’']t|cannot)\s", "can "),
        (r"\bnever\s(?=[a-z])", ""),
        (
            r"\b(has|have|had|is|are|was|were|with|found|made|provided|sees?) no\s(?!longer|more|less|doubt)(?=[a-z])",
            r"\1 ",
        ),
        (r"\bfailed to\s", "managed to "),
        (r"\bdeclined to\s", "agreed to "),
        (r"\brefused to\s", "agreed to "),
        (r"\bunable to\s", "able to "),
        (r"\bdenied\s(?!a\s)", "confirmed "),
        (r"\brejected\s", "accepted "),
        (r"\bwithout\s(?=[a-z]+\s)", "with "),
    )
)
_UNHEDGE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), new)
    for pattern, new in (
        (r"(?<=\s)(?:may|might|could)\shave\s(?=been\s)", "had "),
        (r"(?<=\s)(?:may|might|could)\shave\s(?=\w+ed\b)", ""),
        (r"(?<=\s)(?:may|might|could)\s(?!have|not|also|well|only|n)(?=[a-z]+\s)", "will "),
        (r"\b(?:is|are)\s(?:widely\s)?expected to\s(?=[a-z])", "will "),
        (r"\b(?:was|were)\s(?:widely\s)?expected to\s(?=[a-z])", "would "),
        (r"\b(?:is|are)\slikely to\s(?=[a-z])", "will "),
        (r"\bhopes? to\s(?=[a-z])", "will "),
        (r"\b(reportedly|allegedly|possibly|probably|potentially|perhaps|apparently)\s(?=[a-z])", ""),
        (r"\balleged\s(?=[a-z])", ""),
        (r"\bsuspected\s(?=[a-z]+\b(?!of))(?!of)", ""),
        (r"\bappears? to be\s", "is "),
        (r"\bappeared to be\s", "was "),
        (r"\bseems? to be\s", "is "),
        (r"\b(is|are|was|were)\s(?:believed|thought|feared|suspected) to be\s", r"\1 "),
        (r"\b(is|are)\s(?:believed|thought|feared) to have\s", "have "),
        (r"\bwill be\s(?=\w+ed\b)", "has been "),
        (
            r"\b(?:plans?|intends?|is set|are set|is scheduled|are scheduled|is due|hopes?|wants?) to be\s(?=\w+ed\b)",
            "was ",
        ),
    )
)
_FUTURE_VERB = re.compile(
    r"\b(?:plans? to|intends? to|(?:is|are) (?:set|scheduled|due|expected) to|will|may|could|wants? to)\s([a-z]{3,12})\b"
)
_REGULAR = frozenset(
    "launch remove release start open end close sign approve announce publish visit return play attack raise cut "
    "arrive land deploy test join invest expand produce reveal unveil introduce add offer use allow provide target appeal "
    "retire move travel restore protect change cause kill create help visit discuss debate replace suspend resume".split()
) - {"cut"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A statement with the sentences of one article it cites; ``mark`` is the word that was planted."""

    kind: str
    text: str
    article: Article
    sentences: tuple[int, ...]
    mark: str = ""
    gone: bool = False  # the mark was taken away
    alone: bool = False  # the writer was given no other sentences


True_ = tuple[tuple[int, ...], str, str]  # the cited sentences, their text, a true statement of them


def bases(article: Article, *, rng: random.Random) -> Iterator[True_]:
    """Yield the cited sentence's number, its text and a true statement of it: the whole or a clean part."""
    for sentence in article.sentences:
        text = sentence.text
        if not 40 <= len(text) <= 400 or is_furniture(text) or not is_statement(text) or not finite(text):
            continue
        choices = [p for p in parts(text) if len(p) >= 40]
        yield (sentence.number,), text, rng.choice([text, *choices]) if choices else text


def _swapped(span: NumberSpan | NameSpan, new: str, text: str, case: Case) -> Case:
    """Return ``case`` with ``text`` in which ``new`` stands in the place of ``span``."""
    return replace(case, text=text[: span.start] + new + text[span.end :], mark=new)


def _exchanged(a: NumberSpan | NameSpan, b: NumberSpan | NameSpan, text: str, case: Case) -> Case:
    """Return ``case`` with ``text`` in which ``a`` and ``b``, which follows it, have changed places."""
    exchanged = text[: a.start] + b.text + text[a.end : b.start] + a.text + text[b.end :]
    return replace(case, text=exchanged, mark=b.text)


def numbers(article: Article, true: Sequence[True_], *, rng: random.Random) -> Iterator[Case]:
    """Yield statements with one number changed into another of the article, of the same unit and form."""
    pool = [n for s in article.sentences for n in _plain_numbers(s.text, article)]
    for cited, _, text in true:
        for span in _plain_numbers(text, article):
            others = [
                o.text
                for o in pool
                if o.unit == span.unit
                and o.value != span.value
                and o.text[:1].isdigit() == span.text[:1].isdigit()
                and (o.value > 999) == (span.value > 999)
                and bool(re.search("illion|bn", o.text)) == bool(re.search("illion|bn", span.text))
            ]
            if others:
                yield _swapped(
                    span,
                    rng.choice(others),
                    text,
                    Case(kind="number swapped", text="", article=article, sentences=cited),
                )


def numbers_exchanged(article: Article, true: Sequence[True_], *, rng: random.Random) -> Iterator[Case]:  # noqa: ARG001 - every plant is called alike
    """Yield statements in which two numbers of one sentence have changed places."""
    for cited, _, text in true:
        spans = _plain_numbers(text, article)
        for a, b in pairwise(spans):
            if (
                a.unit == b.unit
                and a.value != b.value
                and a.end < b.start
                and text[a.end : b.start].strip() not in {"-", "–", "to", "and", "or"}
            ):
                yield _exchanged(
                    a, b, text, Case(kind="numbers exchanged", text="", article=article, sentences=cited)
                )


def _plain_numbers(text: str, article: Article) -> list[NumberSpan]:
    days = find_dates(text, published=article.published_at)
    return [
        n
        for n in find_numbers(text)
        if n.kind == "number"
        and not n.approximate
        and n.value > 1
        and not any(d.start < n.end and n.start < d.end for d in days)
    ]


def names(article: Article, true: Sequence[True_], *, rng: random.Random) -> Iterator[Case]:
    """Yield statements with one name changed into another of the article that the sentence does not hold."""
    pool = _names(article)
    for cited, sentence, text in true:
        inside = [n.text for n in find_names(sentence)]
        for span in find_names(text):
            if not _is_name(span.text, pool):
                continue
            others = [
                o
                for o in pool
                if _sort(o) == _sort(span.text)
                and o not in f"{sentence} {text}"
                and not (_country(o) and _country(o) in {_country(n) for n in inside})
                and not any(same_name(o, n) or set(o.split()) & set(n.split()) for n in inside)
            ]
            if others:
                yield _swapped(
                    span,
                    rng.choice(others),
                    text,
                    Case(kind="name swapped", text="", article=article, sentences=cited),
                )


def names_exchanged(article: Article, true: Sequence[True_], *, rng: random.Random) -> Iterator[Case]:  # noqa: ARG001 - every plant is called alike
    """Yield statements in which two names around a verb have changed places: B accused A."""
    pool = _names(article)
    for cited, _, text in true:
        spans = [s for s in find_names(text) if _is_name(s.text, pool)]
        for a, b in pairwise(spans):
            between = text[a.end : b.start]
            if (
                _sort(a.text) == _sort(b.text)
                and not same_name(a.text, b.text)
                and re.search(r"\b(?:[a-z]+ed|said|told|beat|met|won|will|hit|sent|left)\b", between)
                and not re.search(r"[,;:“\"]|\b(?:and|or|with|between|from)\b", between)
            ):
                yield _exchanged(
                    a, b, text, Case(kind="names exchanged", text="", article=article, sentences=cited)
                )


def _names(article: Article) -> list[str]:
    counted: dict[str, int] = {}
    for sentence in article.sentences:
        for span in find_names(sentence.text):
            if re.search(r"\w", sentence.text[: span.start]) and span.kind == "name":
                counted[span.text] = counted.get(span.text, 0) + 1
    return sorted(
        n
        for n, c in counted.items()
        if (c > 1 or " " in n) and fold(n) not in NO_NAMES | ROLE_NOUNS | MODIFIERS and not _calendar(n)
    )


def _calendar(name: str) -> bool:
    return any(name.startswith(m[:3]) for m in (*MONTHS, *WEEKDAYS)) or (name.isupper() and len(name) > 5)


def _is_name(name: str, pool: Sequence[str]) -> bool:
    return name in pool


def _country(name: str) -> str:
    return country_of(fold(name).replace(".", ""))


def _sort(name: str) -> str:
    if _country(name):
        return "country"
    tokens = name.split()
    return "full" if len(tokens) > 1 else ("letters" if name.isupper() else "single")


def speakers(article: Article, _true: Sequence[True_], *, rng: random.Random) -> Iterator[Case]:
    """Yield attributed statements given to another speaker of the article."""
    said = [(s.number, s.text, attributed(s.text)) for s in article.sentences if 40 <= len(s.text) <= 400]
    pool = sorted({a.speaker for _, _, a in said if a and _nameable(a.speaker)})
    for number, text, found in said:
        if not found or not _nameable(found.speaker) or text.count(found.speaker) != 1:
            continue
        others = [
            p
            for p in pool
            if not set(fold(p).split()) & set(fold(found.speaker).split()) - STOP_WORDS["en"]
            and not any(w in text for w in _heads(p))
        ]
        if others:
            new = rng.choice(others)
            planted = text.replace(
                found.speaker, new if not text.startswith(found.speaker) else new[0].upper() + new[1:]
            )
            yield Case(kind="speaker swapped", text=planted, article=article, sentences=(number,), mark=new)


def _nameable(speaker: str) -> bool:
    return (
        len(speaker) <= 70
        and not re.search(r"\b(?:he|she|it|they|who|we|I)\b", speaker)
        and bool(find_names("x " + speaker))
    )


def _heads(speaker: str) -> list[str]:
    return [n.text.split()[-1] for n in find_names("x " + speaker)]


def quotes(article: Article, true: Sequence[True_], *, rng: random.Random) -> Iterator[Case]:
    """Yield statements in whose quotation one word is changed for another of the article with the same ending."""
    vocabulary = sorted(
        {w for s in article.sentences for w in re.findall(r"\b[a-z]{4,12}\b", s.text)} - STOP_WORDS["en"]
    )
    for cited, _, text in true:
        for match in _QUOTED.finditer(text):
            group = 1 if match[1] else 2
            words = [m for m in re.finditer(r"\b[a-z]{4,12}\b", match[group]) if m[0] not in STOP_WORDS["en"]]
            if not words:
                continue
            word = rng.choice(words)
            others = [v for v in vocabulary if v != word[0] and v[-2:] == word[0][-2:]]
            if others:
                new = rng.choice(others)
                at = match.start(group)
                planted = text[: at + word.start()] + new + text[at + word.end() :]
                yield Case(
                    kind="quote word changed", text=planted, article=article, sentences=cited, mark=new
                )


def dates(article: Article, true: Sequence[True_], *, rng: random.Random) -> Iterator[Case]:
    """Yield statements with one day, month or year shifted to one that the sentence does not name."""
    for cited, sentence, text in true:
        theirs = find_dates(sentence, published=article.published_at)
        for span in find_dates(text, published=article.published_at):
            new = _shifted(span.text, rng)
            if not new or new in sentence:
                continue
            planted = text[: span.start] + new + text[span.end :]
            meant = find_dates(planted, published=article.published_at)
            named = [d for d in meant if d.start <= span.start < d.end]
            if named and not any(named[0].first <= t.first and t.last <= named[0].last for t in theirs):
                yield Case(kind="date shifted", text=planted, article=article, sentences=cited, mark=new)


def _shifted(printed: str, rng: random.Random) -> str:
    weekday = next((d for d in WEEKDAYS if d in printed), "")
    if weekday and not re.search(r"\d", printed):
        return printed.replace(weekday, rng.choice([d for d in WEEKDAYS if d != weekday]))
    day = re.search(r"(?<!\d)\d{1,2}(?!\d)", printed)
    month = next((m for m in MONTHS if m in printed), "")
    if day and re.search(r"[A-Z]", printed) and not weekday:
        choices = [n for n in range(2, 28) if abs(n - int(day[0])) in range(1, 10)]
        return printed[: day.start()] + str(rng.choice(choices)) + printed[day.end() :]
    if month:
        return printed.replace(month, rng.choice([m for m in MONTHS if m != month]))
    year = re.search(r"(?:19|20)\d\d", printed)
    if year:
        return printed.replace(year[0], str(int(year[0]) + rng.choice([-3, -2, -1, 1, 2])))
    swaps = {"yesterday": "tomorrow", "last week": "next week", "last month": "next month", "next month": "last month",
             "next year": "last year", "last year": "next year", "tomorrow": "yesterday", "last night": "tomorrow",
             "next week": "last week", "earlier this month": "later this month", "later this year": "earlier this year"}  # fmt: skip
    return swaps.get(printed.lower(), "")


def negated(article: Article, true: Sequence[True_], *, rng: random.Random) -> Iterator[Case]:
    """Yield statements with a "not" put behind an auxiliary."""
    for cited, _, text in true:
        places = list(_AUX.finditer(_unquoted(text)))
        if places and not re.search(r"\bnot\b|n[’']t|\bnever\b", text):
            at = rng.choice(places).end()
            yield Case(
                kind="negation inserted",
                text=text[:at] + "not " + text[at:],
                article=article,
                sentences=cited,
                mark="not",
            )


def unnegated(article: Article, true: Sequence[True_], *, rng: random.Random) -> Iterator[Case]:  # noqa: ARG001 - every plant is called alike
    """Yield statements with their one negation taken away."""
    yield from _rewritten(article, true, "negation removed", _UNNEGATE)


def unhedged(article: Article, true: Sequence[True_], *, rng: random.Random) -> Iterator[Case]:  # noqa: ARG001 - every plant is called alike
    """Yield statements in which what may be, is expected or planned has become a fact."""
    yield from _rewritten(article, true, "hedge removed", _UNHEDGE)
    for cited, _, text in true:
        for match in _FUTURE_VERB.finditer(_unquoted(text)):
            if match[1] in _REGULAR:
                verb = match[1]
                past = verb + ("d" if verb.endswith("e") else "ed")
                planted = text[: match.start()] + past + text[match.end() :]
                yield Case(kind="hedge removed", text=planted, article=article, sentences=cited, mark=past)


def _rewritten(
    article: Article, true: Sequence[True_], kind: str, table: Sequence[tuple[re.Pattern[str], str]]
) -> Iterator[Case]:
    for cited, _, text in true:
        outside = _unquoted(text)
        for pattern, new in table:
            match = pattern.search(outside)
            if match:
                planted = text[: match.start()] + match.expand(new) + text[match.end() :]
                yield Case(
                    kind=kind,
                    text=planted[0].upper() + planted[1:],
                    article=article,
                    sentences=cited,
                    mark=match[0],
                    gone=True,
                )


def _unquoted(text: str) -> str:
    """Return ``text`` with quoted words blanked, so that a plant elsewhere is no mere misquotation."""
    return re.sub(r"“[^”]*”?|\"[^\"]*\"?", lambda m: " " * len(m[0]), text)


def fused(article: Article, true: Sequence[True_], *, rng: random.Random) -> Iterator[Case]:
    """Yield the subject of one sentence with the predicate of another, both cited."""
    halves = []
    for cited, sentence, _ in true:
        verb = re.search(
            r"\s(?:has|have|had|is|was|will|said|told|announced|began|won|took|made|[a-z]{3,}ed)\s", sentence
        )
        if (
            verb
            and 4 <= verb.start() <= 80
            and not re.search(r"[,“\"]", sentence[: verb.start()])
            and find_names("x " + sentence[: verb.start()])
        ):
            halves.append((cited[0], sentence[: verb.start()], sentence[verb.start() :]))
    for number, subject, _ in halves:
        others = [
            (n, p)
            for n, s, p in halves
            if abs(n - number) > 1
            and not set(fold(s).split()) & set(fold(subject).split()) - STOP_WORDS["en"]
        ]
        if others:
            other, predicate = rng.choice(others)
            yield Case(
                kind="two facts fused",
                text=subject + predicate,
                article=article,
                sentences=tuple(sorted((number, other))),
                mark=subject,
            )


def unattributed(article: Article, true: Sequence[True_], *, rng: random.Random) -> Iterator[Case]:  # noqa: ARG001 - every plant is called alike
    """Yield claims without who makes them."""
    for cited, sentence, _ in true:
        found = attributed(sentence)
        if (
            found
            and len(found.claim) >= 40
            and not re.search(r"[“\"]", found.claim)
            and not re.search(r"\b(?:he|she|it|they|I|we)\b", found.claim)
        ):
            claim = found.claim[0].upper() + found.claim[1:]
            yield Case(
                kind="claimant dropped",
                text=claim.rstrip(" ,") + ".",
                article=article,
                sentences=cited,
                mark=found.speaker,
            )


def miscited(article: Article, true: Sequence[True_], *, rng: random.Random) -> Iterator[Case]:
    """Yield true statements that cite another sentence, the only one given."""
    for cited, _, text in true:
        others = [c for c, _, _ in true if c != cited]
        if others:
            yield Case(
                kind="wrong citation", text=text, article=article, sentences=rng.choice(others), alone=True
            )


ON_PARAPHRASES = (numbers, dates, names, negated, unnegated, unhedged)
PLANTS: tuple[Callable[..., Iterator[Case]], ...] = (
    numbers, numbers_exchanged, dates, quotes, names, names_exchanged, speakers, negated, unnegated, unhedged, fused, unattributed, miscited,
)  # fmt: skip

"""The figures of a story: a number, what it counts, who claims it, and the sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.language.numbers import NumberSpan, find_numbers
from bot.language.sentences.clauses import attributed, lead_free
from bot.language.speech import SAYING, SAYING_OR_NOUN, any_of
from bot.model.news import Article, Citation, Sentence
from bot.model.story import Figure

MAX_READ_SENTENCES = 40  # sentences of an article that are read
MAX_COUNTED_CHARS = 60  # characters

_CASUALTIES = re.compile(
    r"\b(?:dead|killed|deaths?|died|injured|wounded|missing|displaced|hostages?|captives?|prisoners|detained|victims|"
    r"casualties|evacuated|bodies|held)\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\b(?:people|residents|workers|civilians|soldiers|troops|children|women|men|families|homes|households|houses|"
    r"jobs|votes|passengers|patients|students|refugees|customers|staff|palestinians|israelis|members|seats|centres)\b",
    re.IGNORECASE,
)
# What a number counts: the words after it, up to the next mark, preposition of place or verb.
_COUNTED = re.compile(
    r"^[-\s]+(?P<noun>(?:[\w’'-]+\s){0,4}?[\w’'-]+)"
    r"(?=\s(?:in|on|at|by|from|to|for|with|as|that|which|who|and|or|but|were|was|are|is|have|had|has|will|would|could|"
    r"after|before|since|during|while|when|under|over|into|because|between|remained|said|the|an?)\b|[,.;:—–)”\"]|$)"
)
_AFTER_VERB = re.compile(
    r"^\s(?:are|were|was|is|have been|had been|has been)\s(?P<what>(?:still\s|being\s)*\w+(?:\s(?:in|without)\s\w+)?)"
)
_BEFELL = re.compile(
    r"^\s(?:are|were|was|is|have\sbeen|had\sbeen|has\sbeen)\s(?:also\s|still\s|reported\s|confirmed\s){0,2}"
    r"(?P<what>killed|dead|injured|wounded|hurt|missing|displaced|evacuated|detained|arrested|rescued|hospitali[sz]ed)\b"
)
_OF_TOTAL = re.compile(r"^(?:\sof)?\s(?:the|them|whom)\b")
_SAYING = any_of(SAYING | SAYING_OR_NOUN)
_INLINE = re.compile(
    rf"^[^.;—–]{{0,40}}?\b(?P<who>(?:the\s)?(?:[A-Z][\w’'-]+\s){{0,3}}(?:[\w’'-]+\s){{0,2}}?[\w’'-]+)\s(?:{_SAYING})\b"
)
_ACCORDING = re.compile(r"\baccording to (?P<who>[^,.;—–]{3,70})")
_CLAIMED = re.compile(
    rf"^\s(?:[\w’'-]+\s){{1,5}}(?:{_SAYING})\s(?:are|is|were|was|have\sbeen|had\sbeen)\s(?P<what>[\w-]+)"
)
# Words at the ends of a counted phrase that count nothing.
_EDGES = re.compile(
    r"^(?:(?:and|of|in|on|as|just|only|odd|about|may|for|during|to|now|also|per|the|a|an|at)\s+)+|^(?:in|on|during|of|just|only|for|to|at)$"
    r"|\s+(?:may|also|now|just|only|have|had|of|in|to|the|a|an|and|remain|remained|after)$"
)
_OF_WHOM = re.compile(r"^\sof\s(?:them|whom)\s(?:are|were|is|was)\s(?P<what>[\w-]+)")
_HARMED = re.compile(r"\b(?P<how>kill|injur|wound|displac)(?:ed|ing|es|e|s)\s$", re.IGNORECASE)
_HOW = {"kill": "killed", "injur": "injured", "wound": "wounded", "displac": "displaced"}
_SAYS = re.compile(
    rf"(?:^|[,;]\s|\band\s|\bwhile\s)(?P<who>(?:the\s)?[\w’'. -]{{3,50}}?)\s(?:(?:had|has|have|also|earlier|later)\s){{0,2}}(?:{_SAYING}|counted|put)\s(?:that\s)?$",
    re.IGNORECASE,
)
_NO_COUNT = frozenset("all most of gmt utc local am pm edt est pst bst cet ago i we he she they it".split())
_VAGUE = re.compile(r"(?:dozens|scores|hundreds|thousands|millions|billions)", re.IGNORECASE)
_HOLLOW = frozenset(
    "one two three first second other more less times years year months month weeks week days day hours minutes".split()
)


def find_figures(articles: Sequence[Article], *, limit: int = 6) -> tuple[Figure, ...]:
    """Return the figures of a story, people and losses first, then money, shares and other counts.

    Figures that count the same with the same value are one (the newest); differing claims stand side by side.
    """
    scored: dict[tuple[str, str], tuple[float, int, Figure]] = {}
    order = 0
    for article in sorted(articles, key=lambda a: a.place_in_time, reverse=True):
        for sentence in article.sentences[:MAX_READ_SENTENCES]:
            for weight, value, figure in _figures(article, sentence):
                key = (value, figure.counts.casefold().split()[-1] if figure.counts else "")
                if key not in scored:
                    scored[key] = (weight - sentence.number * 0.01, order, figure)
                    order += 1
    counted = {value for value, counts in scored if counts}
    # "5.5 percent" says less than "5.5 percent more pay".
    precise = (item for (value, counts), item in scored.items() if counts or value not in counted)
    best = sorted(precise, key=lambda item: (-item[0], item[1]))
    return tuple(figure for _, _, figure in best[:limit])


def claimant_of(sentence: str, start: int, at: int) -> str:
    """Return who claims the number at ``start`` to ``at`` of ``sentence``, as printed; empty for the outlet."""
    before = _SAYS.search(sentence[:start])
    if before:
        return re.sub(r"^(?:and|but|while)\s", "", before["who"].strip())
    tail = sentence[at:]
    inline = _INLINE.match(tail)
    if inline and "," not in tail[: inline.start("who")]:
        return inline["who"].strip()
    named = _ACCORDING.search(sentence)
    if named:
        return named["who"].strip(' ”"')
    claim = attributed(lead_free(sentence))
    return claim.speaker if claim else ""


def _figures(article: Article, sentence: Sentence) -> Iterator[tuple[float, str, Figure]]:
    text = sentence.text
    for number in find_numbers(text):
        if number.kind != "number" or _is_age(text, number) or _VAGUE.fullmatch(number.text):
            continue
        counts = _counts(text, number)
        if not counts and not number.unit:
            continue
        weight = _weight(counts, number, text)
        if weight <= 0:
            continue
        citation = Citation(article_id=article.id, revision=article.revision, sentences=(sentence.number,))
        figure = Figure(
            # The number of "a nine-day strike" is nine; of "a million dollars" it is "a million".
            value=re.sub(r"^an?\s", "", number.text) if text.startswith("-", number.end) else number.text,
            counts=counts,
            claimant=re.sub(r"^The\s", "the ", claimant_of(text, number.start, number.end)),
            citation=citation,
            as_of=article.published_at,
        )
        yield weight, f"{number.value.normalize()}{number.unit}", figure


def _counts(text: str, number: NumberSpan) -> str:
    counts = _EDGES.sub("", _raw_counts(text, number)).strip(" -'’\"")
    harmed = _HARMED.search(text[: number.start])
    if counts and harmed:
        counts = f"{counts} {_HOW[harmed['how'].lower()]}"
    return "" if not counts or counts.split()[0].casefold() in _NO_COUNT else counts


def _raw_counts(text: str, number: NumberSpan) -> str:
    after = text[number.end :]
    part = _OF_WHOM.match(after)
    if part:
        return part["what"]
    claimed_state = _CLAIMED.match(after)
    if claimed_state:
        return claimed_state["what"]
    verb = _AFTER_VERB.match(after)
    if verb:
        return verb["what"]
    if _OF_TOTAL.match(after):
        rest = text[number.end : number.end + MAX_COUNTED_CHARS]
        return re.split(r"[,.;—–]", rest)[0].strip()
    counted = _COUNTED.match(after)
    if not counted:
        return ""
    noun = counted["noun"].strip(" -")
    claimed = re.match(r"(?P<what>.*?)\s?(?:the\s)?[A-Z]?\w*\s(?:says|said)\b", noun)
    noun = claimed["what"] if claimed else noun
    extended = re.match(
        r"\s(?:in|of|for|from|without)\s[\w’'-]+(?:\s[\w’'-]+)?(?=[,.;—–](?!\d)|\s(?:and|but|who|which|were|are|was|have)\b|$)",
        after[counted.end() :],
    )
    befell = _BEFELL.match(after[counted.end() :])
    phrase = f"{noun} {befell['what']}" if befell else noun + (extended.group() if extended else "")
    return phrase[:MAX_COUNTED_CHARS].strip()


def _weight(counts: str, number: NumberSpan, text: str) -> float:
    head = counts.casefold().split()
    if head and head[0] in _HOLLOW and not number.unit:
        return 0.6 if text[number.end : number.end + 1] == "-" else 0.0
    if _CASUALTIES.search(counts):
        return 4.0
    if _PEOPLE.search(counts):
        return 3.0
    if number.unit == "%":
        return 2.2
    if number.unit:
        return 2.5
    if text[number.end : number.end + 1] == "-":
        return 1.0  # "a 60-day truce"
    return 1.5 if number.value >= 10 else 0.5


def _is_age(text: str, number: NumberSpan) -> bool:
    return bool(re.match(r"[-\s]years?[-\s]old", text[number.end :])) or bool(
        re.search(r"[A-Z][\w’'-]+,\s$", text[: number.start]) and re.match(r",", text[number.end :])
    )

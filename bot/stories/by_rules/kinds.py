"""Tells the kind of a story from the words of its titles and leads; unsure is OTHER. Pure, English.

Each kind has words that belong to it, weighted by how little else they are used for. A kind is given only when
its words are dense enough and clearly ahead of the next kind's: a wrong kind brings a wrong set of states.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.model.news import Article
from bot.model.story import StoryKind

LEAD_SENTENCES = 6  # sentences of an article that say what it is about
MIN_KIND_WEIGHT = 4.0  # weight per article from which a kind counts
NEGOTIATION_WORDS_SHARE = 0.6  # share of the war words that talk words must reach to decide for NEGOTIATION
MIN_LEAD_RATIO = 1.25  # how far the best must lead the second

_Vocabulary = tuple[tuple[float, str], ...]

_WORDS: dict[StoryKind, _Vocabulary] = {
    StoryKind.NEGOTIATION: (
        (
            3.0,
            r"peace talks|(?:ceasefire|truce|trade|nuclear|climate|coalition|wage|pay|contract|brexit|indirect|direct)"
            r" (?:talks|negotiations)|negotiat(?:e|es|ed|ing|ions?|ors?)|round of talks|mediat(?:e|ed|ors?|ion|ing)"
            r"|delegations?|olive branch|bargaining",
        ),
        (
            2.0,
            r"talks|ceasefire (?:deal|proposal|agreement)|truce (?:deal|proposal|agreement)|peace (?:deal|plan)"
            r"|breakthrough|impasse|deadlock|stalemate|accord|envoys?|summit|dialogue|compromise",
        ),
        (0.7, r"proposals?|agreement|diplomats?|concessions?|demands|union"),
    ),
    StoryKind.CONFLICT: (
        (
            3.0,
            r"air ?strikes?|shelling|artillery|offensive|frontline|front line|ballistic missiles?|invasion|troops"
            r"|drone (?:strike|attack)s?|missile (?:launch|test|strike|attack)(?:es|s)?|test-fire[sd]?|insurgents?"
            r"|militants?|gunmen|suicide (?:attack|bomb\w*)|rebels?|warplanes?|militia",
        ),
        (
            2.0,
            r"missiles?|ceasefire|truce|military|army|fighters|fighting|bombing|bombed|shelled|soldiers"
            r"|truck bomb|terror(?:ist)? attack|clashes|battle for",
        ),
        (0.7, r"war|attack(?:s|ed)?|killed|wounded|forces|weapons"),
    ),
    StoryKind.LEGISLATION: (
        (
            3.0,
            r"tax bill|bill (?:to|that|would)|legislation|lawmakers|legislators?|parliament (?:voted|passed"
            r"|approved|rejected)|senate (?:passed|voted|committee|vote)|signed into law|second reading|amendments?"
            r"|draft law|new law|upper house|lower house",
        ),
        (2.0, r"(?:a|the|this|its) (?:new |draft |disputed )?bill(?! of)|bill on"),
        (
            1.5,
            r"senate|parliament|house of (?:representatives|commons|lords)|congress|senators?|veto(?:ed)?|filibuster",
        ),
        (0.5, r"law|vote[ds]?|reforms?|committee|ban"),
    ),
    StoryKind.LEGAL: (
        (
            3.0,
            r"sentenced|convicted|indict(?:ed|ment)|acquitted|pleaded|pleads|plea|verdict|prosecutors?|on trial|trial of"
            r"|found guilty|charged with|lawsuit|sued|sues|suing|arraign\w+|class[- ]action|appeals? court|supreme court"
            r"|high court|jury|plaintiffs?|defendants?",
        ),
        (
            1.8,
            r"court|judges?|trial|prison|jailed|arrest(?:ed|s)?|charges|guilty|attorney|detectives|custody|ruling|fraud",
        ),
        (0.6, r"police|investigat\w+|alleged(?:ly)?|accused|lawyers?|suspect"),
    ),
    StoryKind.DISASTER: (
        (
            3.0,
            r"earthquake|quake|magnitude|flood(?:s|ed|ing)?|hurricane|typhoon|cyclone|tornado(?:es)?|wildfires?|landslide"
            r"|avalanche|tsunami|(?:plane|train|bus|helicopter|air) crash|crash(?:ed)? (?:into|in a|shortly)|derail\w+"
            r"|eruption|mudslide|rescuers?|rescue (?:workers|teams|operation|crews)|evacuat\w+|storm surge|capsized"
            r"|collapsed building|mine collapse",
        ),
        (
            1.8,
            r"death toll|survivors?|trapped|missing|snowfall|blizzard|drought|storm|crashed|blaze|wreckage|aftershocks?"
            r"|outbreak|explosion|emergency crews|search for",
        ),
        (0.6, r"killed|dead|died|victims|injured|emergency|fire"),
    ),
    StoryKind.DEAL: (
        (
            3.0,
            r"acqui(?:re|res|red|ring|sition)|merger?s?|takeover|buyout|to buy|bid for|stake in|antitrust"
            r"|all-cash|per share|tender offer|divest\w*|unsolicited (?:bid|offer)|raises? (?:its )?offer",
        ),
        (
            1.5,
            r"shareholders?|(?:\$|€|£)\d[\d.,]* ?(?:billion|bn|b)|regulators?|offer|bid|valu(?:ed|ing) at|purchase",
        ),
        (0.5, r"company|billion|deal|shares|stock"),
    ),
    StoryKind.ELECTION: (
        (
            3.0,
            r"elections?|ballots?|polling stations?|run-?off|voters?|exit polls?|by-election|referendum|snap poll"
            r"|presidential (?:race|candidate|vote)|constituenc(?:y|ies)|electoral",
        ),
        (
            1.5,
            r"candidates?|campaign|polls|votes? count\w*|turnout|majority|re-elected|primary|incumbent|electorate",
        ),
        (0.5, r"party|vote|opposition|elected|president"),
    ),
}
_PATTERNS = {
    kind: tuple((weight, re.compile(rf"\b(?:{words})(?!\w)", re.IGNORECASE)) for weight, words in vocabulary)
    for kind, vocabulary in _WORDS.items()
}


def kind_of(articles: Sequence[Article]) -> StoryKind:
    """Return the kind most of ``articles`` speak of, OTHER when their words do not decide."""
    if not articles:
        return StoryKind.OTHER
    totals = dict.fromkeys(_PATTERNS, 0.0)
    for article in articles:
        for kind, weight in _weights(article).items():
            totals[kind] += weight
    # Talks about a war are full of war words; the talks are still what the story is about.
    if totals[StoryKind.NEGOTIATION] >= max(
        MIN_KIND_WEIGHT * len(articles), NEGOTIATION_WORDS_SHARE * totals[StoryKind.CONFLICT]
    ):
        totals[StoryKind.CONFLICT] = 0.0
    ranked = sorted(totals.items(), key=lambda item: -item[1])
    (best, most), (_, second) = ranked[0], ranked[1]
    if most / len(articles) < MIN_KIND_WEIGHT or most < second * MIN_LEAD_RATIO:
        return StoryKind.OTHER
    return best


def _weights(article: Article) -> dict[StoryKind, float]:
    """Weigh each kind's different words once per place, the title double, in words per lead, not per length."""
    title = article.title[:300]
    lead = " ".join(sentence.text[:600] for sentence in article.sentences[:LEAD_SENTENCES])
    return {
        kind: sum(
            weight * (2 * min(2, _distinct(pattern, title)) + min(3, _distinct(pattern, lead)))
            for weight, pattern in vocabulary
        )
        for kind, vocabulary in _PATTERNS.items()
    }


def _distinct(pattern: re.Pattern[str], text: str) -> int:
    return len({match[0].lower() for match in pattern.finditer(text)})

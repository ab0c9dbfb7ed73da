"""Synonyms between news and questions about it. English; pure."""

from __future__ import annotations

import functools

from bot.language.rules import load_rules
from bot.language.stems import stems

_GROUPS = (
    "die died dead death deaths kill killed killing fatality fatalities toll",
    "injure injured injuries wound wounded hurt unharmed uninjured",
    "film films movie movies",
    "company companies firm firms",
    "chief head heads leader leaders lead leads led boss",
    "coach coaches coaching manager",
    "buy bought purchase acquire acquisition takeover",
    "win won winner victory triumph beat defeat",
    "bill bills invoice",
    "plane planes aircraft jet airplane flight",
    "crash crashed collision accident",
    "launch launched launches liftoff blast",
    "fire fired firing launch launched test",
    "shoot shot shooting gunfire gunman",
    "attack attacks attacked assault",
    "learn learned discover discovered discovery",
    "react reaction respond responded response",
    "sentence sentenced jailed prison jail",
    "arrest arrested custody detained",
    "layoff layoffs laid sacked redundancies",
    "workforce staff employee employees worker workers",
    "resign resigned quit stepped retire retired",
    "raise raised increase increased rise rose grew grow climbed",
    "fall fell drop dropped decline declined",
    "reason cause caused because blame",
    "britain british brits briton britons uk",
    "america american americans us",
    "child children boy kid",
    "choose chose chosen pick picked",
    "cost costs price",
    "car cars vehicle",
    "phone phones handset smartphone",
    "overtake overtook surpass surpassed",
    "decide decided decision approve approved vote voted",
    "spin spun spinning",
    "fly flew flown flight",
    "drive drove driven",
    "sell sold sale",
    "steal stole stolen theft",
    "find found discover discovered",
    "send sent",
    "break broke broken",
    "choose chose chosen",
    "begin began begun start started",
    "write wrote written",
    "lose lost defeat",
    "hold held",
    "meet met meeting",
    "pay paid payment",
    "worth value values valued",
    "want wants wanted demand demands demanded",
    "grow grew growth",
    "fight fought fighting",
    "scientist scientists researcher researchers astrophysicist astrophysicists",
)

# Lists that stand beside the senses for another purpose: their words do not say the same.
_NO_SENSES = frozenset({"unit", "loaded", "frame"})
MAX_SENSE_WORDS = 16  # words that one sense has at most: a longer list is of words for another purpose


@functools.cache
def _table() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    lists = load_rules("en", "synonyms").words.items()
    shared = (words for sense, words in lists if sense not in _NO_SENSES and len(words) <= MAX_SENSE_WORDS)
    for group in (*(group.split() for group in _GROUPS), *shared):
        alike = {stem for word in group for stem in stems(word)}
        for stem in alike:
            table.setdefault(stem, set()).update(alike - {stem})
    return {stem: frozenset(alike) for stem, alike in table.items()}


def synonyms_of(stem: str) -> frozenset[str]:
    """Return the stems of synonyms of ``stem``."""
    return _table().get(stem, frozenset())

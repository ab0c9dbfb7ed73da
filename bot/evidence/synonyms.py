"""Which different words of news say the same, so that a statement may be worded otherwise than its sentence."""

from __future__ import annotations

import functools

from bot.language import speech
from bot.language.text_cache import text_cached
from bot.language.words import stem, stop_words, words

_SAME = """
kill dead die death deadly fatal fatality slay slain lethal victim claim toll
injure injury wound hurt
attack assault strike raid offensive bombing
shell bombard bomb
talk negotiation negotiate dialogue discussion discuss
deal agreement accord pact treaty
truce ceasefire armistice
fire sack dismiss oust dismissal firing ouster
buy acquire purchase takeover acquisition bid offer approach
rise climb jump surge soar gain increase grow growth up
fall drop decline slide plunge decrease slump sink lose loss down
employee worker staff personnel workforce
launch lift blast liftoff
start begin commence open kick underway resume
end finish conclude over
stop halt suspend pause cancel call
reject refuse decline dismiss rebuff deny denial
request urge ask call appeal
plan intend aim intention
company firm business corporation maker
child boy girl kid son daughter youngster teenager
plane aircraft jet airliner flight airplane
police officer cop
huge massive giant enormous big large great major
show reveal display disclose indicate
film movie
car vehicle truck lorry
home house residence
jail prison imprison sentence
sue lawsuit litigation
money fund funding cash finance financing
remove withdraw pull take
operation surgery
storm hurricane typhoon cyclone
quake earthquake tremor
flood flooding
vote ballot poll election
law legislation bill act
troop soldier force military army
weapon arm
rebel insurgent militant fighter
rule ruling verdict judgment decide decision
trial court
arrest detain custody hold
charge indict accuse accusation allegation
leader chief head boss
back support endorse
approve approval pass
resign quit resignation step
leave depart departure
arrive land arrival
return back
meet meeting summit
visit trip travel
warn warning caution
criticise criticize condemn denounce
hit strike
crash collision collide accident
blaze fire wildfire
near close almost nearly
quick quickly rapid rapidly fast swift
important key crucial
main chief principal
help assist aid assistance relief
try attempt bid seek effort
save rescue
find discover discovery detect
build construct construction
flee escape
search hunt look
hide conceal
destroy wreck demolish devastate
damage harm
release free
sign signing
name identify
win victory triumph beat defeat
hope wish
likely probably
spokesman spokeswoman spokesperson
ceo executive
american us
customer consumer client user
phone smartphone handset mobile device
share stock
profit earnings income
rate level
cost price
third fourth
picture photo photograph image
snow snowfall
rain rainfall
apologise apologize apology sorry
color colour
center centre
program programme
defense defence
meter metre
illuminate light
photograph snap
expel eject evict
breach violation violate hack break
link connection tie
"""
_MISC = {"u.s": "us", "u.k": "uk", "u.n": "un"}
REPORTING = frozenset(stem(word) for word in speech.REPORTING)


@functools.cache
def _groups() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, line in enumerate(_SAME.strip().splitlines()):
        for word in line.split():
            found.setdefault(stem(word), set()).add(number)
    return {term: frozenset(numbers) for term, numbers in found.items()}


def synonym_groups(term: str) -> frozenset[int]:
    """Return the groups of like words that the stem ``term`` belongs to."""
    return _groups().get(term, frozenset())


def may_mean_the_same(one: str, other: str) -> bool:
    """Tell whether two stems may say the same: equal, of one long root, or of one group of like words."""
    if one == other or synonym_groups(one) & synonym_groups(other):
        return True
    root = min(len(one), len(other)) - 1
    return root >= 4 and one[: max(4, root)] == other[: max(4, root)] and abs(len(one) - len(other)) <= 4


def carried(term: str, terms: frozenset[str]) -> bool:
    """Tell whether one of ``terms`` may say what the stem ``term`` says."""
    return term in terms or any(
        may_mean_the_same(term, other) for other in terms if other[:1] == term[:1] or synonym_groups(term)
    )


@text_cached(maxsize=20_000)
def content(text: str) -> frozenset[str]:
    """Return the stems of ``text`` that carry content; numbers in digits and stop words do not."""
    stop = stop_words("en")
    return frozenset(stem(w) for w in words(text) if w not in stop and len(w) > 1 and not w[0].isdigit())

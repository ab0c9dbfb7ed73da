"""Checks the numbers, times and codes of a statement: each must be in the cited sentences and count the same thing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from bot.evidence.faults.clauses import carries, split
from bot.evidence.reading.counts import Count
from bot.evidence.reading.facts import Facts
from bot.evidence.reading.ground import Ground
from bot.evidence.reading.synonyms import REPORTING_STEMS, UNITS, content, may_mean_the_same
from bot.language.rules import load_rules
from bot.language.sentences.quotations import plain

MAX_ORDINAL_VALUE = 12  # above it, an ordinal and a number are one
UNPLACED_APART_WORDS = 2  # the same against numbers of another sentence
UNPLACED_MARGIN_WORDS = 1  # the same for one whose own place shares no word, against numbers not told
BORROWED_MARGIN = 2  # how many more words of the clause another sentence must have than the number's own
MIN_NUMBER_CONTEXT_SHARE = 0.6  # of the words of a number's own sentence, from which a statement tells it
LIKE_PLACE_WORDS = 2  # equal words around two numbers without a unit
BORROWED_SHARE = 0.5  # share of the words of the clause that the other sentence must have
LED_WORDS = 2  # words before a number that identify its place
PLACE_MARGIN_WORDS = 2  # tolerated lead of another number's place over the number's own
ROUNDED_SHARE = Decimal("0.05")  # of a number, by which it may be rounded
_WORDS = load_rules("en", "evidence").words
_PAIRS = {count: _WORDS[f"pair of {count}"] for count in (2, 3)}
_LEADS = _WORDS["lead"]
_SCORE = re.compile(r"(?<![\d.,:/-])(\d{1,6})[-:/](\d{1,6})(?![\d:/-]|\s?[ap]\.?m)")


def unsupported(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the numbers, times and codes of ``statement`` that are not in the cited sentences."""
    missing = []
    for count in statement.counts:
        if count.text.casefold() == "one":
            continue
        if not any(matches(count, other) for facts in ground.facts for other in facts.counts) and not (
            _otherwise(count, ground) or _part_of_name(count, statement, ground)
        ):
            missing.append(count.text)
    times = frozenset().union(*(f.times for f in ground.facts))
    missing += [f"{t // 60:02d}:{t % 60:02d}" for t in sorted(statement.times - times)]
    codes = frozenset().union(*(f.codes | {re.sub(r"[^\w]", "", w) for w in f.folded} for f in ground.facts))
    near = frozenset().union(codes, *(f.codes for f in ground.around))
    missing += sorted(
        code
        for code in statement.codes
        if code not in (near if not code[0].isdigit() else codes) and not _decade_named(code, ground)
    )
    return tuple(missing)


def _part_of_name(count: Count, statement: Facts, ground: Ground) -> bool:
    """Tell whether ``count`` belongs to a name that the title or another sentence of the article has whole: "Fury 325"."""
    name = re.search(rf"\b([A-Z][\w’'-]*)\s{re.escape(count.text)}(?!\w)", statement.text)
    if name is None or name[1].casefold() != count.lead:
        return False
    whole = plain(name[0])
    return any(whole in facts.plain for facts in ground.around) or any(
        whole in facts.plain for facts in ground.whole()
    )


def _decade_named(code: str, ground: Ground) -> bool:
    """Tell whether ``code`` is a decade ("2000s") of which the cited sentences name a year."""
    if not re.fullmatch(r"[12]\d\d0s", code):
        return False
    years = {int(c.value) for f in ground.facts for c in f.counts if c.year}
    years |= {span[0].year for f in ground.facts for day in f.days for span in day.spans}
    return any(year // 10 == int(code[:4]) // 10 for year in years)


def miscounted(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the numbers of ``statement`` that count something else in the cited sentences."""
    theirs = [(other, i) for i, facts in enumerate(ground.facts) for other in facts.counts]
    scores = _kept_scores(statement, ground)
    wrong = []
    for count in statement.counts:
        if count.text.casefold() == "one" or count.value in scores:
            continue
        own = [(other, i) for other, i in theirs if matches(count, other)]
        if not own:
            continue
        best = max(_likeness(count, other) for other, _ in own)
        rivals = [(o, i) for o, i in theirs if not matches(count, o) and _of_one_sort(count, o)]
        if (
            any(_fits_better(count, rival, best, statement, [o for o, _ in own]) for rival, _ in rivals)
            or (
                not best
                and any(
                    _unplaced(count, rival, statement, near=any(i == k for _, k in own))
                    for rival, i in rivals
                )
            )
            or all(o.bound * count.bound < 0 for o, _ in own)
            or any(_led_to_by_another(count, rival, statement, [o for o, _ in own]) for rival, _ in rivals)
        ):
            wrong.append(count.text)
    return (*wrong, *_repeated(statement, [o for o, _ in theirs]), *_scores(statement, ground))


def borrowed(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the numbers of ``statement`` that come from a cited sentence about something else.

    Another cited sentence supports more of the clause, and has a number of the same sort in its place that the statement lacks:
    "The first phone costs 54,000", although that is the price of the second.
    """
    wrong = []
    for count in statement.counts:
        if count.ordinal or count.year or count.text.casefold() == "one":
            continue
        clause = next((c for c in split(statement.text) if count.text in c), "")
        if any(_borrows(count, terms, statement, ground) for terms in (statement.terms, content(clause))):
            wrong.append(count.text)
    return tuple(wrong)


def _borrows(count: Count, clause_terms: frozenset[str], statement: Facts, ground: Ground) -> bool:
    """Tell whether a sentence without ``count`` has clearly more of ``clause_terms`` than those with it, and a number in its place."""
    terms = clause_terms - REPORTING_STEMS - UNITS
    own = [facts for facts in ground.facts if any(matches(count, other) for other in facts.counts)]
    if any(carries(f.terms, statement) >= MIN_NUMBER_CONTEXT_SHARE * len(f.terms) for f in own):
        return False
    most = max((carries(terms, facts) for facts in own), default=len(terms))
    return any(
        carries(terms, facts) >= max(most + BORROWED_MARGIN, BORROWED_SHARE * len(terms))
        and any(_stands_for(count, rival, statement) for rival in facts.counts)
        for facts in ground.facts
        if facts not in own
    )


def _stands_for(count: Count, rival: Count, statement: Facts) -> bool:
    """Tell whether ``rival`` is of one sort with ``count``, in a like place, and not told."""
    if not _of_one_sort(count, rival) or any(matches(c, rival) for c in statement.counts):
        return False
    return bool(count.unit) or _likeness(count, rival) >= LIKE_PLACE_WORDS


def _fits_better(count: Count, rival: Count, best: float, statement: Facts, own: Sequence[Count]) -> bool:
    """Return whether ``count`` has the place of ``rival``; if the statement has both, only if they changed places."""
    gain = _likeness(count, rival) - best
    if gain < PLACE_MARGIN_WORDS:
        return False
    likewise = [c for c in statement.counts if matches(c, rival)]
    return not likewise or any(
        gain + max(_likeness(c, o) for o in own) - _likeness(c, rival) >= PLACE_MARGIN_WORDS for c in likewise
    )


def _unplaced(count: Count, rival: Count, statement: Facts, *, near: bool) -> bool:
    """Return whether a number without equal words around its own has the place of ``rival``, which the statement lacks."""
    if any(matches(c, rival) for c in statement.counts):
        return False
    return _likeness(count, rival) >= (UNPLACED_MARGIN_WORDS if near else UNPLACED_APART_WORDS)


def _led_to_by_another(count: Count, rival: Count, statement: Facts, own: Sequence[Count]) -> bool:
    """Return whether the words before ``count`` are those before ``rival``, which the statement lacks, and not its own."""
    if len(count.before) < LED_WORDS or any(matches(c, rival) for c in statement.counts):
        return False
    return _shared_before(count, rival) >= LED_WORDS and not any(_shared_before(count, one) for one in own)


def _shared_before(ours: Count, theirs: Count) -> int:
    return sum(any(may_mean_the_same(a, b) for b in theirs.before) for a in ours.before)


def _kept_scores(statement: Facts, ground: Ground) -> frozenset[Decimal]:
    """Return the numbers that ``statement`` has only in scores ("6-3, 6-4") that a cited sentence has too."""
    running = " ".join(f.plain for f in ground.facts)
    kept = [m for m in _SCORE.finditer(statement.plain) if m[0] in running]
    inside = Counter(Decimal(n) for m in kept for n in m.groups())
    counted = Counter(c.value for c in statement.counts)
    return frozenset(value for value, times in inside.items() if counted[value] <= times)


def _of_one_sort(one: Count, other: Count) -> bool:
    return (one.unit, one.ordinal, one.year) == (other.unit, other.ordinal, other.year)


def _scores(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the scores and ranges ("26-24", "18:9") that the cited sentences do not have in this order."""
    running = " ".join(f.plain for f in ground.facts)
    return tuple(
        f"{first}-{second}"
        for first, second in _SCORE.findall(statement.plain)
        if not re.search(rf"(?<!\d){first}\D{{1,20}}{second}(?!\d)", running)
    )


def _repeated(statement: Facts, theirs: Sequence[Count]) -> tuple[str, ...]:
    """Return a number told more often than the cited sentences tell it, in the place of one left out."""
    values = {(c.value, c.unit) for c in statement.counts}
    wrong = []
    for count in statement.counts:
        same = [c for c in statement.counts if matches(count, c)]
        if len(same) > sum(matches(count, c) for c in theirs) > 0 and any(
            c.unit == count.unit and (c.value, c.unit) not in values for c in theirs
        ):
            wrong.append(count.text)
    return tuple(wrong)


def matches(ours: Count, theirs: Count) -> bool:
    """Return whether two numbers are equal: the same value and unit, as far as both have them."""
    if ours.value != theirs.value and not rounds(ours, theirs):
        return False
    if ours.unit != theirs.unit:
        # "8 to 15 percent": the first of a pair goes without its sign.
        return (not ours.unit and theirs.unit != "%") or (
            {ours.unit, theirs.unit} == {"", "%"} and not ours.after
        )
    # "ranked 73rd" for "No. 73"; a low ordinal is rather a turn of phrase: "second" is not two.
    return ours.ordinal == theirs.ordinal or ours.year == theirs.year or ours.value > MAX_ORDINAL_VALUE


def rounds(ours: Count, theirs: Count) -> bool:
    """Return whether ``ours``, with "about", "nearly" or "more than", is ``theirs`` rounded in that direction: "nearly $137 million"."""
    if not ours.about or ours.unit != theirs.unit or theirs.year or theirs.ordinal or not theirs.value:
        return False
    if abs(ours.value - theirs.value) > ROUNDED_SHARE * theirs.value:
        return False
    way = {1: ROUND_FLOOR, 0: ROUND_HALF_UP, -1: ROUND_CEILING}[ours.bound]
    step = ours.value.normalize().as_tuple().exponent
    return theirs.value.quantize(Decimal(1).scaleb(int(step)), rounding=way) == ours.value


def _otherwise(count: Count, ground: Ground) -> bool:
    """Tell whether the cited sentences say the number by another word: "both", "the trio", "half"."""
    words = frozenset().union(*(f.folded for f in ground.facts))
    if count.value == 1 and not any(c.isdigit() for c in count.text):
        return True
    if count.value == 1:
        return bool(words & {"one", "single"}) and not count.unit
    if count.value in _PAIRS and not count.unit:
        return bool(words & _PAIRS[int(count.value)])
    if count.year:
        return any(
            s[0].year == int(count.value) == s[1].year
            for f in ground.facts
            for day in f.days
            for s in day.spans[:1]
        )
    return False


def _likeness(ours: Count, theirs: Count) -> float:
    score = 0.0
    ours, theirs = _without_units(ours), _without_units(theirs)
    if ours.after and theirs.after:
        score += 2.0 * may_mean_the_same(ours.after[0], theirs.after[0])
        score += sum(1.0 for a in ours.after[1:] if any(may_mean_the_same(a, b) for b in theirs.after))
        score += 1.0 * any(may_mean_the_same(ours.after[0], b) for b in theirs.after[1:])
    score += sum(1.0 for a in ours.before if any(may_mean_the_same(a, b) for b in theirs.before))
    score += 1.0 * any(may_mean_the_same(a, b) for a in ours.after[:2] for b in theirs.before)
    score += 1.0 * bool(theirs.after and any(may_mean_the_same(a, theirs.after[0]) for a in ours.before))
    if ours.lead == theirs.lead and ours.lead in _LEADS:
        score += 1.0
    return score


def _without_units(count: Count) -> Count:
    """Return ``count`` without "crore" and "dollars" among the words around it: they are its value."""
    return replace(
        count,
        after=tuple(t for t in count.after if t not in UNITS),
        before=tuple(t for t in count.before if t not in UNITS),
    )

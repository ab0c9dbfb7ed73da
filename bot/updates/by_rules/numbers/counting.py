"""Find the numbers of a sentence that count something: bounds and number as printed, what is counted, and the value.

Only what is surely a count is found. A number in a date, a time, a score, a range, a name or a code is none, and nor is
one whose clause is a plan, a doubt or a condition. Pure; the words are a language's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from bot.language.rules import Rules, languages_with, load_rules
from bot.language.sentences.split import MAX_SENTENCE_CHARS
from bot.language.speech import any_of

MAX_COUNTED_CHARS = 60
MIN_PLAIN_COUNT = 10  # smallest number that is news of things without harm
MAX_NUMBERS = 40  # numbers of one sentence that are read
_CLAUSE = re.compile(r"[,;:—–()“”\"„]\s?|\s-\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberMention:
    """One number: ``printed`` with its bounds, what it ``counts``, its value, and which numbers it can supersede.

    ``series`` is the same for numbers of the same thing: of the dead, of the injured, of money for one purpose.
    """

    start: int
    end: int
    printed: str
    counts: str
    worth: Decimal
    series: str
    bound: str = ""  # least, most or about; empty where the number is exact


class Counting:
    """The rules of one language on numbers and what they count."""

    def __init__(self, rules: Rules) -> None:
        words = rules.words
        self.rules = rules
        self.group, self.decimal = next(iter(words["group mark"])), next(iter(words["decimal mark"]))
        self.worths = {w: Decimal(n) for n, w in _by_number(rules, "worth ")}
        self.scales = {w.casefold(): Decimal(n) for n, w in _by_number(rules, "scale ")}
        self.harms = {
            w: s.removeprefix("harm ") for s, ws in words.items() if s.startswith("harm ") for w in ws
        }
        self.counted = words["counted"]
        # "killing" and "kills" are shown as "killed", by the sense with all forms of the verb.
        self.done = {
            form: s.removeprefix("doing ") for s, ws in words.items() if s.startswith("doing ") for form in ws
        }
        group, point = re.escape(self.group), re.escape(self.decimal)
        digits = rf"\d{{1,3}}(?:{group}\d{{2,3}})*{group}\d{{3}}(?:{point}\d{{1,2}})?|\d{{1,9}}(?:{point}\d{{1,3}})?"
        number = rf"(?P<digits>{digits})|(?P<word>(?i:{any_of(self.worths)})\b)"
        scale = (
            rf"(?:[\s\u00a0-]?(?P<scale>{any_of({*self.scales, *(w.capitalize() for w in self.scales)})})\b)?"
        )
        self.bounds = {
            w: s.removeprefix("bound ") for s, ws in words.items() if s.startswith("bound ") for w in ws
        }
        bound = rf"(?:(?P<bound>(?i:{any_of(self.bounds)}))\s)?"
        currency = rf"(?P<currency>{any_of(words['currency'])})?\s?"
        money = rf"(?:\s(?P<money>{any_of(words['money'])})\b)?"
        percent = rf"(?:\s?(?P<percent>{any_of(words['percent'])})(?!\w))?"
        self.number = re.compile(
            rf"(?<![\w.,:/$€£#–+-])(?<!\d\s){bound}{currency}(?:{number}){scale}{percent}{money}"
            rf"(?![\w%]|[.,:/–+-]\d|-|[’']s|\s?(?:st|nd|rd|th)\b|\s\d)"
        )
        stop = any_of(words["no adjective"])
        self.phrase = re.compile(
            rf"^\s(?P<what>(?:(?!(?i:{stop})\b)[\w.’'-]+\s){{0,3}}?(?P<noun>(?i:{any_of(self.counted)})))\b(?![’'-])"
        )
        harm = any_of(self.harms)
        self.harm_behind = re.compile(
            rf"^\s(?:(?:{any_of(words['copula'])})\s)?(?P<harm>{harm})\b(?!\s(?:in|from)\s(?:19|20)\d\d)"
        )
        self.doing_before = re.compile(rf"\b(?P<doing>{any_of(self.done)})\s$")
        between = any_of(words["range"])
        self.range_before = re.compile(rf"\d\s(?:{between})\s$")
        self.range_behind = re.compile(rf"\s(?:{between})\s\d|\s?[)\]]")
        self.code_before = re.compile(rf"\b(?:{any_of(words['code'])})\.?\s$", re.IGNORECASE)
        amount = any_of(words["amount"])
        article = any_of(words["amount article"])
        self.amount_behind = re.compile(
            rf"^(?:\s(?:{any_of(words['amount link'])}))?(?:\s(?:{article}))?\s"
            rf"(?P<what>(?:(?!(?i:{stop})\b)[a-zäöüß][\w’'-]*\s){{0,2}}?(?:{amount}))\b(?!-)"
        )
        self.amount_before = re.compile(
            rf"(?<![\w’'])(?P<what>(?:(?!(?i:{stop})\b)[a-zäöüß][\w’'-]*\s){{0,2}}(?:{amount}))\s"
            rf"(?:{any_of(words['amount before'])})\s(?:an?\s(?:reported|estimated|record)\s)?$"
        )
        self.share_behind = re.compile(
            rf"^\s(?P<what>(?:{any_of(words['share link'])})\s(?:(?:the|its|all|their)\s)?(?:(?!(?i:{stop})\b)[\w’'-]+\s){{0,2}}"
            rf"(?:{any_of(self.counted)}|vote|votes|seats|shares))\b"
        )

    def find(self, text: str) -> Iterator[NumberMention]:
        """Yield the counts of ``text`` in order."""
        text = text[:MAX_SENTENCE_CHARS]
        for place, found in enumerate(self.number.finditer(text)):
            if place == MAX_NUMBERS:
                return
            worth = self._worth(found)
            shouted = bool(found["word"]) and len(found["word"]) > 1 and found["word"].isupper()
            if worth is None or shouted or self._is_code(text, found) or self._is_unreal(text, found):
                continue
            counted = self._counted(text, found, worth)
            if counted and len(counted[0]) <= MAX_COUNTED_CHARS:
                start, printed = found.start(), found[0].strip()
                if found["bound"] and found["bound"][:2].isupper():
                    printed = printed.replace(found["bound"], found["bound"].lower(), 1)
                yield NumberMention(
                    start=start,
                    end=found.end(),
                    printed=printed,
                    counts=counted[0],
                    worth=worth,
                    series=counted[1],
                    bound=self.bounds.get((found["bound"] or "").casefold(), ""),
                )

    def _counted(self, text: str, found: re.Match[str], worth: Decimal) -> tuple[str, str] | None:
        """Return what the number counts and its series, None where that is not sure."""
        before, after = text[: found.start()], text[found.end() :]
        if found["currency"] or found["money"]:
            amount = self.amount_behind.match(after) or self.amount_before.search(before)
            if amount and self.rules.has("unreal", amount["what"]):
                return None
            return (amount["what"], f"money {amount['what'].split()[-1]}") if amount else None
        if found["percent"]:
            share = self.share_behind.match(after)
            return (share["what"], f"share {share['what']}") if share else None
        for rule in self.rules.patterns:
            if rule.sense == "toll" and (toll := rule.match.search(before)):
                return toll["what"], self._toll_series(toll["what"])
        harm = self.harm_behind.match(after)
        if harm:
            return harm["harm"], self.harms[harm["harm"]]
        phrase = self.phrase.match(after)
        if phrase is None:
            return None
        done = self.doing_before.search(before)
        befallen = self.harm_behind.match(after[phrase.end() :])
        if befallen:
            return f"{phrase['what']} {befallen['harm']}", self._series(self.harms[befallen["harm"]], phrase)
        if done:
            word = self.done.get(done["doing"], "")
            series = self.harms.get(word)
            return (f"{phrase['what']} {word}", self._series(series, phrase)) if series else None
        if worth < MIN_PLAIN_COUNT or phrase["what"].casefold() in self.rules.words["everybody"]:
            return None  # "30 people", "two families": of whom nothing is said
        return phrase["what"], f"count {phrase['what'].casefold()}"

    def _series(self, harm: str, phrase: re.Match[str]) -> str:
        """Return the series of a harm: "people" are all whom it happened to, "children" a part of them."""
        what = phrase["what"].casefold()
        return harm if what in self.rules.words["everybody"] else f"{harm} {what}"

    def _toll_series(self, what: str) -> str:
        return next((series for word, series in self.harms.items() if word in what), "dead")

    def _worth(self, found: re.Match[str]) -> Decimal | None:
        if found["word"]:
            worth = self.worths[found["word"].casefold()]
        else:
            printed = found["digits"]
            year = re.fullmatch(r"(?:1[5-9]|20)\d\d", printed)
            if year and not (found["currency"] or found["money"] or found["percent"] or found["scale"]):
                return None
            try:
                worth = Decimal(printed.replace(self.group, "").replace(self.decimal, "."))
            except InvalidOperation:
                return None
        return worth * self.scales.get((found["scale"] or "").casefold(), Decimal(1))

    def _is_code(self, text: str, found: re.Match[str]) -> bool:
        """Tell whether the number belongs to a name or a list: "Flight 175", "Galaxy S9 8", "5 to 10"."""
        before, after = text[: found.start()], text[found.end() :]
        if found["currency"] or found["bound"]:
            return bool(re.match(r"\s?(?:-|–|to|or)\s?[$€£]?\d", after))
        if self.rules.has("age", before) or self.code_before.search(before) or self.range_behind.match(after):
            return True
        if self.range_before.search(before):
            return True
        word = re.search(r"(?P<first>^|[.;:“”\"]\s)?(?P<word>[A-ZÀ-Þ][\w’'-]*)\s$", before)
        return bool(word and word["first"] is None)

    def _is_unreal(self, text: str, found: re.Match[str]) -> bool:
        before = _CLAUSE.split(text[: found.start()])[-1]
        after = _CLAUSE.split(text[found.end() :])[0]
        return self.rules.has("unreal", before) or self.rules.has("unreal behind", after)


def _by_number(rules: Rules, sense: str) -> Iterator[tuple[int, str]]:
    for name, words in rules.words.items():
        if name.startswith(sense):
            yield from ((int(name.removeprefix(sense)), word) for word in words)


_COUNTING = {language: Counting(load_rules(language, "counts")) for language in languages_with("counts")}


def counting_of(language: str) -> Counting | None:
    """Return the rules on counts of ``language`` (ISO 639-1), None if it has none."""
    return _COUNTING.get(language)

"""Decide whether a sentence ends at a punctuation mark, by the text around it and the rules of its language.

The rules ``sentences`` of bot/language/rules, by sense:

    title          no end, whatever comes next ("Dr.", "z. B.")
    number         no end before a number ("No. 5", "S. 12"), else a word as any
    abbreviation   an end only before a word that begins sentences ("Inc. The", not "Inc. Chief")
    unit           an end before a capital, but behind the first few words ("12 km. The", not "В 2014 г. Россия")
    clock          an end before every capital, but not before a day, a zone or a place ("10 a.m. Tuesday")
    closing        an end before every capital ("etc. Then")
    exclaimed      a name that ends with "!" or "?" ("Yahoo!")
    starter, calendar, speech    words that begin sentences; days and months; verbs that tell who said it
    never, unless_starter        patterns over what stands around a mark, with ¦ behind it, a line break at the start

A language is read together with ``mul``, what holds in all; one that is unknown has the words of all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.language.rules import Rule, are_loaded, languages_with, load_rules
from bot.language.speech import any_of
from bot.language.text_cache import text_cached

CERTAIN_MARKS = "。！？．؟۔।॥｡։።፧။។៕׃"  # full stops of scripts in which they mark no abbreviation
UNCERTAIN_MARKS = ".!?…‥‽⁇⁈⁉"
CLOSERS = "\"'”’»›)]}」』）】〉》〕"
OPENERS = "\"'“”‘’«»‹›([{「『（【〈《〔¿¡„‚*_"

_SHARED = "mul"
_MIN_BLANKS = 3  # in what may be a sentence, where it ends with a unit
_MAX_WORDS_TO_SPEECH_VERB = 6  # between a quotation and the verb that tells who said it
# Read when the module is: sentences are split in the loop, where no file may be opened.
_NAMES = load_rules(_SHARED, "sentences").words
_PARTS_OF_NAMES = _NAMES["part of a name"]
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_PARTICLE = re.compile(rf"(?:{any_of(_NAMES['start of a name'])}) ?[A-Z]")
_LIST_MARK = re.compile(r"(?:\d{1,3}|[^\W\d_]|[ivx]{1,5}|\d{1,2}\.\d{1,2})", re.IGNORECASE)
_ROMAN = re.compile(r"[IVXLC]{1,6}\b")
_NUMBER = re.compile(r"[$€£¥₹#№§~+-]{0,2} ?\d")
_ZONE = re.compile(r"[A-Z]{2,5}\b|[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)? (?:time|Time|Standard|Daylight)\b")
_INNER_CAPITAL = re.compile(r"[^\W\d_]{1,2}[’'-]?[A-Z]")  # iPhone, al-Qaida, d'Estaing
_ELISION = re.compile(r" ['’‘][a-z] [A-Z]")  # Dutch: "'s Avonds"
_ADDRESS = re.compile(r"https?://|www\.")
_REFERENCE = re.compile(r" \[\d{1,3}\]")
_LETTERED = re.compile(r"[(\[]?[a-z]\) ")
_LETTERS = re.compile(r"(?:[^\W\d_]\.-?){1,8}[^\W\d_]")
_PART_BORDER = re.compile(r"[.'’-]")
_BEFORE_TOKEN = re.compile(r"^[^\w$€£¥₹№§]+")
_CLOCK = re.compile(r"\d[\d:.]*(?=[ap]\.?m$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceMark:
    """A punctuation mark and the text near it, of bounded length."""

    before: str  # of its own sentence
    first: bool  # ``before`` reaches back to where the sentence begins
    line: bool  # and that is where the line begins
    core: str  # the mark without what closes quotations and brackets
    closers: str
    after: str

    @property
    def window(self) -> str:
        """Return mark and text in the form that the patterns of the rules match."""
        return f"{chr(10) if self.line else ''}{self.before}{self.core}{self.closers}¦{self.after}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """The rules for sentence borders of one language."""

    words: Mapping[str, frozenset[str]]
    patterns: Mapping[str, tuple[Rule, ...]]

    def has(self, sense: str, word: str) -> bool:
        """Tell whether ``word`` stands under ``sense``: as it is written, or in lower case for any case."""
        known = self.words.get(sense)
        return known is not None and bool(word) and (word in known or word.lower() in known)

    def finds(self, sense: str, place: SentenceMark) -> bool:
        """Tell whether a pattern of ``sense`` matches around ``place``."""
        rules = self.patterns.get(sense)
        if not rules:
            return False
        window = place.window
        return any(rule.match.search(window) for rule in rules)


@text_cached(maxsize=64)
def knowledge_of(language: str) -> Knowledge:
    """Return the rules of ``language`` (ISO 639-1, with or without a region); for an unknown language, the rules of all."""
    files = _files_of(language)
    own = files[1:] == (_SHARED,)
    words: dict[str, frozenset[str]] = {}
    patterns: tuple[Rule, ...] = ()
    for name in files:
        rules = load_rules(name, "sentences")
        patterns += rules.patterns if own or name == _SHARED else ()
        for sense, found in rules.words.items():
            words[sense] = words.get(sense, frozenset()) | found
    if not own:
        # What is a title in one language begins sentences in another: "in", "on", "al".
        words["title"] = words["title"].difference(*(words[sense] for sense in ("starter", "clock", "unit")))
    senses = {rule.sense for rule in patterns}
    by_sense = {sense: tuple(rule for rule in patterns if rule.sense == sense) for sense in senses}
    return Knowledge(words=words, patterns=by_sense)


def is_loaded(language: str) -> bool:
    """Tell whether ``knowledge_of`` opens no file for ``language``."""
    return all(are_loaded(name, "sentences") for name in _files_of(language))


def _files_of(language: str) -> tuple[str, ...]:
    """Return the languages whose rules count for ``language``: its own and the shared ones, or those of all."""
    code, every = re.split(r"[-_]", language.lower())[0], languages_with("sentences")
    return (code, _SHARED) if code in every and code != _SHARED else every


def is_border(place: SentenceMark, *, known: Knowledge) -> bool:
    """Tell whether a sentence ends at ``place``, behind its mark and closers."""
    if place.core[0] in CERTAIN_MARKS or place.core[-1] in CERTAIN_MARKS:
        return _hard(place, known=known)
    following = place.after.lstrip(" " + OPENERS + "•·")
    if not following or _REFERENCE.match(place.after):
        return False  # nothing but what closes quotations; a footnote's number
    if place.after[0] != " ":
        return _blank_lost(place, known=known)
    if not place.before.strip(" .…" + OPENERS):
        return False  # "… and then", "[…] The": nothing of a sentence stands before
    if place.after.lstrip()[0] in "•·" or (place.core == "." and _LETTERED.match(place.after.lstrip())):
        return True  # the next of a list
    if place.after.lstrip()[0] in "?!;:,%":
        return False  # French puts a blank before it
    word = _first_word(following)
    if following[0].islower() and not _capital_within(following, place):
        return False  # “Why now?” she asked; a trailing-off … that goes on
    if known.finds("never", place) or _dashed(place.after, closed=bool(place.closers)):
        return False
    if place.core != ".":
        return _shouted(place, following, word, known=known)
    return _full_stop(place, following, word, known=known)


def _hard(place: SentenceMark, *, known: Knowledge) -> bool:
    inside = place.before[-1:].isdigit() and place.after[:1].isdigit() and not place.closers
    # A film with a mark in its name, a cry within a quotation.
    title = place.closers[:1] in {"》", "〉"} or any(_open(place.before, pair) for pair in ("《》", "〈〉"))
    title = title or (
        not place.closers
        and place.core[-1] in "！？"
        and any(_open(place.before, pair) for pair in ("「」", "『』"))
    )
    said = place.closers and known.has("speech", _first_word(place.after.lstrip()))
    return not (inside or title or said or known.finds("never", place))


def _blank_lost(place: SentenceMark, *, known: Knowledge) -> bool:
    """Tell whether a sentence ends where no blank is: "ended.The talks", but not "3.5", "example.com" or "U.S.-led"."""
    last = _last_token(place.before)
    word = _first_word(place.after.lstrip(OPENERS))
    plain = len(last) > 3 and last.isalpha() and last[1:].islower()
    return (
        plain and place.core == "." and word[:1].isupper() and word[1:].islower() and _starts(word, "", known)
    )


def _shouted(place: SentenceMark, following: str, word: str, *, known: Knowledge) -> bool:
    """Tell whether "!", "?" or "…" ends a sentence, the next word capitalised."""
    starts = _starts(word, following, known)
    if place.closers:
        if known.has("speech", word) or _said_by_name(following, known=known):
            return False
        if known.has("calendar", word):
            return False  # the film “Help!” Tuesday
        if ")" in place.closers and not starts:
            opened = place.before.rfind("(")
            return opened < 1 or place.before[:opened].rstrip()[-1:] in UNCERTAIN_MARKS
    return starts or not (place.core in {"!", "?"} and known.has("exclaimed", _last_token(place.before)))


def _full_stop(place: SentenceMark, following: str, word: str, *, known: Knowledge) -> bool:
    """Tell whether a single full stop ends a sentence, the next word capitalised, of a script without case, or a number."""
    last, pair = _last_token(place.before), _last_pair(place.before)
    if place.first and not place.closers and _LIST_MARK.fullmatch(place.before.strip(" ([•·-–—*")):
        return False
    if place.closers and known.has("speech", word) and not word[:1].isupper():
        return False
    number = bool(_NUMBER.match(following))
    clock = _CLOCK.sub("", last)
    if known.has("closing", last) or known.has("closing", pair):
        return not number
    if last == "X" and place.before[-3:-2].islower():
        return True  # on X
    if known.has("unit", last) and _counted(place, known=known):
        return not number
    parts = (last, *_tail(last))
    if known.has("title", pair) or any(known.has("title", part) for part in parts):
        return bool(place.closers)
    if any(known.has("number", part) for part in parts) and (
        number or (_ROMAN.match(following) and word != "I")
    ):
        return False
    starts = _starts(word, following, known)
    if known.finds("unless_starter", place):
        return starts
    if known.has("clock", clock) or known.has("clock", pair):
        return not (number or known.has("calendar", word) or _ZONE.match(following)) or starts
    if _initials(last):
        return starts and not _PARTICLE.match(following)
    short = any(known.has(sense, part) for sense in ("abbreviation", "unit") for part in (pair, *parts))
    return starts or not short


def _initials(last: str) -> bool:
    """Tell whether ``last`` is one of "George W. Bush" or "J.D. Vance"; but not of "… and I. Then"."""
    last = last.rsplit("/", 1)[-1]
    return (len(last) == 1 and last.isalpha() and last != "I") or bool(_LETTERS.fullmatch(last))


def _counted(place: SentenceMark, *, known: Knowledge) -> bool:
    """Tell whether a unit ends a sentence: "… умер в 1953 г. Похороны", but not "в г. Туле" nor "В 2014 г. Россия …"."""
    tokens = place.before.split()[-2:-1]
    if place.first and place.before.count(" ") < _MIN_BLANKS:
        return False
    return any(
        token[-1] == "." or any(map(str.isdigit, token)) or (len(token) > 1 and known.has("unit", token))
        for token in tokens
    )


def _tail(token: str) -> tuple[str, ...]:
    """Return the part after the last hyphen, apostrophe or full stop of ``token``: "D-Calif", "l'art", "एम.के"."""
    part = _PART_BORDER.split(token)[-1]
    return (part,) if part != token and (len(part) > 1 or part.lower() == part.upper()) else ()


def _open(before: str, pair: str) -> bool:
    return before.rfind(pair[0]) > before.rfind(pair[1])


def _starts(word: str, following: str, known: Knowledge) -> bool:
    """Tell whether ``word`` begins sentences; one letter with a full stop is an initial."""
    if len(word) == 1 and following[1:2] == ".":
        return False
    return known.has("starter", word)


def _said_by_name(following: str, *, known: Knowledge) -> bool:
    """Tell whether a name and a verb of saying come next: “Why now?” Mayor Lund asked."""
    for word in following.split()[:_MAX_WORDS_TO_SPEECH_VERB]:
        bare = word.strip(".,;:" + CLOSERS)
        if known.has("speech", bare) and bare[:1].islower():
            return True
        if not (bare[:1].isupper() or bare in _PARTS_OF_NAMES) or known.has("starter", bare):
            return False
        if word[-1] in "!?;:":
            return False
    return False


def _dashed(after: str, *, closed: bool) -> bool:
    """Tell whether a dash carries the sentence on: «Стой!» — сказал он."""
    rest = after.lstrip()
    if rest[:1] not in "-–—―" or len(rest) < 2:
        return False
    behind = rest.lstrip("-–—― " + OPENERS)
    return closed or behind[:1].islower()


def _capital_within(following: str, place: SentenceMark) -> bool:
    plain = place.core == "." and len(_last_token(place.before)) > 3
    return plain and bool(
        _INNER_CAPITAL.match(following) or _ADDRESS.match(following) or _ELISION.match(place.after)
    )


def _first_word(text: str) -> str:
    found = _WORD.match(text)
    return found.group() if found else ""


def _last_pair(before: str) -> str:
    """Return the last two tokens as one, where the first is an abbreviation as well: "z. B", "т. д", "EE. UU"."""
    tokens = before.split()[-2:]
    return "".join(tokens).lstrip(OPENERS) if len(tokens) == 2 and tokens[0].endswith(".") else ""


def _last_token(before: str) -> str:
    tokens = before.split()
    return _BEFORE_TOKEN.sub("", tokens[-1]) if tokens else ""

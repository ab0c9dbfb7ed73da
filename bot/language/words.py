"""Words: folding, stop words, stemming; the terms by which texts are compared."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable

from bot.language.text_cache import text_cached

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*", re.UNICODE)
_ACCENTS = re.compile("[\u0300-\u036f]+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
MAX_WORD_CHARS = 60  # characters; what is longer is no word, and is known by its beginning

_APOSTROPHE = re.compile(r"(?<!\bwon)['’](?:s|t|re|ve|ll|d|m)?$")  # "won't" is no form of "won"

STOP_WORDS: dict[str, frozenset[str]] = {
    "en": frozenset(
        "a about above according after again against ago all almost along already also although always am among an and "
        "another any anyone are as at away back be became because become been before being below between both but by "
        "came can cannot come could did do does doing done down during each either else even ever every few first for "
        "from further get gets getting give given go goes going got had has have having he her here hers herself him "
        "himself his how however i if in into is it its itself just last later least less let like made make makes "
        "many may me meanwhile might more most much must my myself near never new next no nor not nothing now of off "
        "often on once one only or other others our ours out over own per put rather said same saw say saying says see "
        "seen several shall she should since so some still such take taken tell than that the their theirs them "
        "themselves then there these they thing things this those though through thus to together told too took toward "
        "towards two under until up upon us use used very via was way we well went were what when where whether which "
        "while who whom whose why will with within without would yet you your yours yourself added monday tuesday "
        "wednesday thursday friday saturday sunday today yesterday tomorrow mr mrs ms don didn doesn isn wasn wont".split()
    ),
    "de": frozenset(
        "aber alle als also am an auch auf aus bei beim bis da damit dann das dass dem den der des die dies diese dieser "
        "doch dort durch ein eine einem einen einer eines er es für hat hatte haben habe ich ihr ihre im in ist ja kann "
        "kein keine man mehr mit nach nicht noch nur oder ohne sagte sein seine seit sich sie sind so soll sowie über "
        "um und uns unter vom von vor war waren was wegen weil wenn werden wie wird wir wo wurde wurden zu zum zur".split()
    ),
    "fr": frozenset(
        "a à après au aussi aux avec avait ce ces cet cette comme d dans de depuis des dit dont du elle elles en entre "
        "est et été être eux fait il ils j je l la le les leur leurs lui mais même n ne ni non nos notre nous on ont ou "
        "où par pas plus pour qu que qui s sa sans se selon ses si son sont sous sur un une vers vous y".split()
    ),
    "es": frozenset(
        "a al ante aunque como con contra cual cuando de del desde dijo donde durante e el ella ellas ellos en entre era "
        "es esa ese eso esta este esto están fue fueron ha había han hasta hay la las le les lo los más me mi muy ni no "
        "nos o otra otro para pero por porque que quien se según ser si sin sobre son su sus también tras un una uno y ya".split()
    ),
    "it": frozenset(
        "a ad al alla alle anche che chi ci come con cui da dal dalla dei del della delle di dopo e ed era fra gli ha "
        "hanno i il in io l la le lo loro ma nel nella non o per perché più quale quando quella quello questa questo se "
        "secondo si sia sono stata stato su sua sul sulla suo tra un una uno".split()
    ),
    "pt": frozenset(
        "a ao aos as até com como da das de depois disse do dos e ela elas ele eles em entre era essa esse esta este eu "
        "foi foram há isso já mais mas na nas não no nos o os ou para pela pelo por porque que quem se segundo sem ser "
        "seu seus sobre sua suas também um uma".split()
    ),
    "nl": frozenset(
        "aan al als bij dan dat de deze die dit door een en er had heb heeft het hij hun ik in is je kan maar met naar "
        "niet nog nu of om onder ook op over te tegen tot uit van voor was wat we wel werd wordt worden ze zei zich zijn zo".split()
    ),
}


def words(text: str) -> list[str]:
    """Return the words of ``text``: folded to lower case without accents or a possessive; CJK as pairs.

    Of a word longer than ``MAX_WORD_CHARS`` its beginning is returned.
    """
    found: list[str] = []
    for word in _WORD.findall(fold(text)):
        if word.isascii() and "'" not in word:
            found.append(word[:MAX_WORD_CHARS])
        elif _CJK.search(word):
            found += [word[i : i + 2] for i in range(max(1, len(word) - 1))]
        else:
            found.append(_APOSTROPHE.sub("", word[:MAX_WORD_CHARS]).replace("'", "").replace("’", ""))
    return [word for word in found if word]


def fold(text: str) -> str:
    """Return ``text`` in lower case, compatibility forms resolved and accents removed from Latin letters."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text).casefold()
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", _ACCENTS.sub("", decomposed))


def content_terms(text: str, *, language: str = "en") -> list[str]:
    """Return the stemmed words of ``text`` that carry content, in order, repeats kept."""
    stop = stop_words(language)
    stems = stem if language in {"en", ""} else _light_stem
    return [stems(word) for word in words(text) if word not in stop and (len(word) > 1 or word.isdigit())]


def stop_words(language: str) -> frozenset[str]:
    """Return the folded stop words of ``language``; English for those we have no list of."""
    return _folded_stop_words(language if language in STOP_WORDS else "en")


@functools.cache
def _folded_stop_words(language: str) -> frozenset[str]:
    return frozenset(fold(word) for word in STOP_WORDS[language])


def _light_stem(word: str) -> str:
    """Return ``word`` without its commonest endings in the Romance and Germanic languages."""
    for ending in (
        "ungen",
        "ung",
        "ationen",
        "ation",
        "ern",
        "en",
        "er",
        "es",
        "os",
        "as",
        "e",
        "s",
        "o",
        "a",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


@text_cached(maxsize=65_536)
def stem(word: str) -> str:
    """Return the stem of a lower-case English word; one longer than ``MAX_WORD_CHARS`` is its own.

    M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980, steps 1a to 5b.
    """
    if not 2 < len(word) <= MAX_WORD_CHARS or not word.isascii() or not word.isalpha():
        return word
    word = _step_1c(_step_1b(_step_1a(word)))
    word = _replace_longest(word, _STEP_2, measure=0)
    word = _replace_longest(word, _STEP_3, measure=0)
    return _step_5(_step_4(word))


def _shape(word: str) -> str:
    """Return ``word`` with "c" for each consonant and "v" for each vowel; "y" is one of them by what stands before it."""
    shape = ""
    for letter in word:
        vowel = letter in "aeiou" or (letter == "y" and shape.endswith("c"))
        shape += "v" if vowel else "c"
    return shape


def _is_consonant(word: str, i: int) -> bool:
    return _shape(word)[i] == "c"


def _measure(word: str) -> int:
    """Return m of the form [C](VC){m}[V]."""
    return _shape(word).count("vc")


def _has_vowel(word: str) -> bool:
    return "v" in _shape(word)


def _double(word: str) -> bool:
    return len(word) > 1 and word[-1] == word[-2] and _is_consonant(word, len(word) - 1)


def _cvc(word: str) -> bool:
    n = len(word)
    return (
        n > 2
        and _is_consonant(word, n - 3)
        and not _is_consonant(word, n - 2)
        and _is_consonant(word, n - 1)
        and word[-1] not in "wxy"
    )


def _step_1a(word: str) -> str:
    if word.endswith(("sses", "ies")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _step_1b(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    for ending in ("ed", "ing"):
        base = word[: -len(ending)]
        if word.endswith(ending) and _has_vowel(base):
            if base.endswith(("at", "bl", "iz")):
                return base + "e"
            if _double(base) and base[-1] not in "lsz":
                return base[:-1]
            return base + "e" if _measure(base) == 1 and _cvc(base) else base
    return word


def _step_1c(word: str) -> str:
    return word[:-1] + "i" if word.endswith("y") and _has_vowel(word[:-1]) else word


_STEP_2 = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "abli": "able", "alli": "al",
    "entli": "ent", "eli": "e", "ousli": "ous", "ization": "ize", "ation": "ate", "ator": "ate", "alism": "al",
    "iveness": "ive", "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive", "biliti": "ble",
}  # fmt: skip
_STEP_3 = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": ""}
_STEP_4 = (
    "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ion", "ism", "ate", "iti", "ous", "ive", "ize",
    "al", "er", "ic", "ou",
)  # fmt: skip


def _replace_longest(word: str, endings: dict[str, str], *, measure: int) -> str:
    for ending in sorted(endings, key=len, reverse=True):
        if word.endswith(ending):
            base = word[: -len(ending)]
            return base + endings[ending] if _measure(base) > measure else word
    return word


def _step_4(word: str) -> str:
    for ending in sorted(_STEP_4, key=len, reverse=True):
        if word.endswith(ending):
            base = word[: -len(ending)]
            if ending == "ion" and not base.endswith(("s", "t")):
                return word
            return base if _measure(base) > 1 else word
    return word


def _step_5(word: str) -> str:
    if word.endswith("e"):
        base = word[:-1]
        if _measure(base) > 1 or (_measure(base) == 1 and not _cvc(base)):
            word = base
    return word[:-1] if word.endswith("ll") and _measure(word) > 1 else word


def topics_in(text: str, topics: Iterable[str]) -> tuple[str, ...]:
    """Return those of ``topics`` of which ``text`` holds every content word."""
    terms = set(content_terms(text))
    return tuple(one for one in topics if (needed := _topic_terms(one)) and needed <= terms)


@text_cached(maxsize=1_000)  # asked of each candidate and each fact
def _topic_terms(topic: str) -> frozenset[str]:
    return frozenset(content_terms(topic))

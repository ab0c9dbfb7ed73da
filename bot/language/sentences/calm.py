"""Lower capitals that only emphasise: "POLICE have…", if the article elsewhere has "police"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.language.text_cache import text_cached
from bot.language.words import stop_words
from bot.model.news import Article

MAX_SPELLING_SENTENCES = 60  # sentences of an article that show how a word is written in it
MAX_INITIALS_CHARS = 3  # of a word that may be initials and a name
# A word, with the text before it that shows whether it is inside a sentence or after a full stop.
_PLACED = re.compile(r"(?:(?<=([a-z0-9,] ))|(?<=(\.)))?(\w+(?:['’]\w+)?)")
_SHOUTED = re.compile(r"\b[A-ZÀ-ÖØ-Þ]{2,}(?:['’][A-Z]+)?\b")


_DOTTED = re.compile(r"\b(?:[A-Z]\.){2,4}")
_NAME_BEHIND = re.compile(r"\s[A-ZÀ-Þ][a-zß-ÿ]")


@dataclass(frozen=True, slots=True)
class Printed:
    """The words of an article as it writes them; those behind a full stop are the ends of addresses and initials."""

    words: frozenset[str]
    behind_a_stop: frozenset[str]
    amid: frozenset[str]  # amid a sentence, behind a small word, a number or a comma


def calm(text: str, article: Article) -> str:
    """Return ``text`` without capitals that only shout; a word that ``article`` writes so everywhere keeps them."""
    found = list(_SHOUTED.finditer(text))
    if not found:
        return text
    body = " ".join((article.title, *(s.text for s in article.sentences[:MAX_SPELLING_SENTENCES])))
    small = stop_words(article.language or "en")
    for match in reversed(found):
        word = match[0]
        if word.lower() not in body and _as_name(word) not in body:
            continue  # initials: its words need not be read
        if _is_beside_name(match, text) or (word.lower() in small and _is_abbreviation(match, text, body)):
            continue
        calmed = _calmed(word, _printed(body), first=match.start() == 0)
        text = text[: match.start()] + calmed + text[match.end() :]
    return text[:1].upper() + text[1:]


@text_cached(maxsize=64)
def _printed(body: str) -> Printed:
    words: set[str] = set()
    behind: set[str] = set()
    amid: set[str] = set()
    for small, stop, word in _PLACED.findall(body):
        forms = (word,) if word.isalnum() else (word, re.split("['’]", word, maxsplit=1)[0])
        (behind if stop else words).update(forms)
        if small:
            amid.update(forms)
    amid.update(dotted.replace(".", "") for dotted in _DOTTED.findall(body))
    return Printed(frozenset(words), frozenset(behind), frozenset(amid))


def _is_beside_name(word: re.Match[str], text: str) -> bool:
    """Tell whether ``word`` is initials by its place: in brackets behind a name, "(OHB)", or before one, "PM Modi"."""
    before, after = text[: word.start()], text[word.end() :]
    shouted = before.split()[-1:] and _SHOUTED.match(before.split()[-1])
    titles = len(word[0]) <= MAX_INITIALS_CHARS and _NAME_BEHIND.match(after) and not shouted
    return bool(titles) or (before.endswith("(") and after.startswith(")"))


def _is_abbreviation(word: re.Match[str], text: str, body: str) -> bool:
    """Tell whether ``word``, in small letters a common one, is a name in capitals: "WHO says", as ``body`` has it amid sentences.

    None of them stands among other capitals of ``text``, and "THE" only begins.
    """
    beside = (*text[: word.start()].split()[-1:], *text[word.end() :].split()[:1])
    # Of an article that writes "U.S." its title may have "US", and never means the pronoun.
    return not any(map(_SHOUTED.match, beside)) and (word[0] == "US" or word[0] in _printed(body).amid)


def _as_name(word: str) -> str:
    return word[0] + word[1:].lower()


def _calmed(word: str, printed: Printed, *, first: bool) -> str:
    small, name = word.lower(), _as_name(word)
    if small in printed.words:
        return name if first else small
    if name not in printed.words and name not in printed.behind_a_stop:
        return word
    return (
        word if len(word) <= MAX_INITIALS_CHARS and word in printed.amid else name
    )  # Kim Jong Un is not the UN

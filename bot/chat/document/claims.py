"""Add the claimant of a line to its text, without naming anybody twice. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.language.locale.phrases import ENGLISH, Phrases, phrases
from bot.language.question_language import line_language
from bot.language.rules import any_phrase, load_rules
from bot.language.speech import ACCORDING, SAYING, SPEAKING, any_of
from bot.language.words import content_terms

MIN_INITIALS = 3  # letters of initials that stand for a name
# Read when the module is: posts are written in the loop, where no file may be opened.
_RULES = load_rules("en", "claims")
_WORDS = _RULES.words
# Words that notes use without an article: bodies of which there is one, and persons who are one of many.
_BODIES, _PEOPLE = _WORDS["body"], _WORDS["person"]
_MANY = _PEOPLE | _WORDS["one of many"]
_PAPERS = _WORDS["paper"]
_OF_A_PEOPLE = _RULES.pattern("of a people")
_NAME_END = re.compile(rf",|\s(?:{any_of(_WORDS['behind a name'])})\s")
_ENGLISH = (ENGLISH.according, ENGLISH.announced_by)
_DETERMINERS = _WORDS["determiner"]
_FULL_STOP = re.compile(r"(?<!\.\w)(?<!\.)\.$")  # no dot of "U.S." or "..."
_ARTICLES = {"The", "A", "An"}
_ACCORDING = re.compile(rf"\b(?:{any_phrase(ACCORDING)})\b", re.IGNORECASE)
_SAYS = re.compile(rf"\b(?:{any_of(SAYING | SPEAKING)})\b", re.IGNORECASE)
_HEARSAY = {"reports", "media reports", "news reports", "local reports", "press reports"}
_REPORTED = _RULES.pattern("of nobody")
_BRACKETS = re.compile(r"\s?\((\w+)\)")
_TAIL = re.compile(r",\s[^,]{3,80}$")  # behind the last comma
_AND = re.compile(rf"\s(?:{any_of(_WORDS['between names'])})\s")
_CITING = re.compile(r",\sciting\b")
# "The governor said", "according to the trade group": the line says who, though not by name.
_ROLE, _ACCORDING_TO_ROLE = _RULES.pattern("role before a verb"), _RULES.pattern("according to a role")
_SOMEBODY_SAYS = re.compile(rf"^(?:[A-Z][\w’'-]*\s){{1,3}}(?:{any_of(SAYING)})\s")
_NAME = re.compile(r"[A-Z][\w’'.-]*(?:\s[\w’'.-]+)*\s[A-Z][\w’'.-]*")


def according_to(claimant: str, *, beside: str = "", say: Phrases = ENGLISH) -> str:
    """Return the attribution to append to a text; empty if there is no claimant or the text ``beside`` names them.

    It is part of the text, so it is in the language of that; of ``say`` where that is not clear.
    """
    return _unless_named(words_of(beside, say).according, claimant, beside)


def announced_by(who: str, *, beside: str = "", say: Phrases = ENGLISH) -> str:
    """Return who announced what the text ``beside`` says, to append to it; empty if there is nobody or it names them."""
    return _unless_named(words_of(beside, say).announced_by, who, beside)


def words_of(text: str, say: Phrases) -> Phrases:
    """Return the phrases of the language of ``text``, ``say`` if that is unclear or has none."""
    language = line_language(text)
    spoken = phrases(language) if language else say
    return spoken if spoken.locale.partition("_")[0] == language else say


def before_full_stop(text: str, addition: str) -> str:
    """Return ``text`` with ``addition`` before its final full stop."""
    end = "." if addition and _FULL_STOP.search(text) else ""
    return text.removesuffix(end) + addition + end


def _unless_named(form: str, who: str, text: str) -> str:
    """Return ``form`` with ``who``, to append to ``text``; empty if there is nobody or the text names them."""
    named = (
        not who
        or _names_all(who, text)
        or _SOMEBODY_SAYS.search(text)
        or _speaks(who, text)
        or _is_attributed(who, text)
    )
    # "Reportedly" has no claimant beyond "reports"; a person who cites something speaks for themselves.
    hearsay = who.casefold() in _HEARSAY and _REPORTED.search(text)
    if named or hearsay or _CITING.search(text):
        return ""
    roles = list(_roles(text))
    if roles:
        # "a spokesman said … (Office of the Mayor)" names one of many; there is only one "the city" or "the governor".
        name = who.partition(", ")[0]
        return f" ({name})" if _NAME.fullmatch(name) and _MANY.intersection(roles) else ""
    shown = _amid_a_line(who)
    return f" ({form.format(who=_with_article(shown) if form in _ENGLISH else shown)})"


def _names_all(who: str, text: str) -> bool:
    """Tell whether ``text`` has each of ``who``; behind a name also in other order: "Eva Holm and council leaders" for "Eva Holm and leaders of the council"."""
    first, *others = _AND.split(who)
    said = set(content_terms(text))
    return first.lower() in text.lower() and all(
        one.lower() in text.lower() or (one[:1].islower() and set(content_terms(one)) <= said)
        for one in others
    )


def _is_attributed(who: str, text: str) -> bool:
    """Tell whether ``text``, in another language than English, says of itself whose word it is: "selon des images de la télévision"."""
    language = line_language(text)
    if language in {"", "en"}:
        return False
    words, said = set(content_terms(who)), set(content_terms(text))
    mark = phrases(language).according.split()[0]
    return bool(re.search(rf"\b{mark}\b", text, re.IGNORECASE)) or (
        len(words) > 1 and len(words & said) > len(words) / 2
    )


def _roles(text: str) -> Iterator[str]:
    """Yield the roles by which alone ``text`` names who says it: the last words of "the trade group" and the like."""
    for said in _SAYS.finditer(text):
        if _ROLE.search(text[: said.start()]):
            yield text[: said.start()].rsplit(maxsplit=1)[-1]
    for found in _ACCORDING_TO_ROLE.finditer(text):
        yield found[0].split()[-1]


def _amid_a_line(who: str) -> str:
    """Return ``who`` without the capital of an article that began a sentence: "The ministry"."""
    first, _, rest = who.partition(" ")
    return f"{first.lower()} {rest}" if rest and first in _ARTICLES else who


def _with_article(who: str) -> str:
    """Return ``who`` with the article that notes leave out: "the grid operator", "a Palestinian official"."""
    words = who.split()
    first, last = words[0], words[-1]
    if first == "the" and " ".join(words[1:]) in _MANY | _PAPERS:
        # No line of a post has introduced "the officer" or "the note".
        return f"{'an' if last[0] in 'aeio' else 'a'} {last}"
    if first.casefold() in _DETERMINERS or any(map(str.isdigit, who)):
        return who
    if last in _PEOPLE:
        return f"{'an' if first[0] in 'aeioAEIO' else 'a'} {who}"
    single = first[0].islower() or _OF_A_PEOPLE.search(first)
    return f"the {who}" if single and last in _BODIES else who


def _speaks(claimant: str, text: str) -> bool:
    """Tell whether ``text`` has the one ``claimant`` means say it: "Deters said", of "Prosecutor Joseph T. Deters"."""
    short_in_brackets = _BRACKETS.search(claimant)
    name = _NAME_END.split(_BRACKETS.sub("", claimant), maxsplit=1)[0].split()
    if not name:
        return False
    # "Oceanwide said" and "according to the WHO": of Oceanwide Expeditions and the World Health Organization.
    initials = "".join(word[0] for word in name if word[0].isupper())
    short = [short_in_brackets[1]] if short_in_brackets else []
    short += [initials] if len(initials) >= MIN_INITIALS else []
    if any(re.match(rf"(?:The\s)?{re.escape(one)}\s(?:has|have|had|will|\w+ed)\b", text) for one in short):
        return True  # "The IMD has forecast"
    words, tail = set(content_terms(claimant)), _TAIL.search(text)
    if (
        words and tail and words <= set(content_terms(tail[0]))
    ):  # "…, the counsel of the government submitted"
        return True
    if not (_SAYS.search(text) or _ACCORDING.search(text)):
        return False
    short.append(name[-1])
    if any(re.search(rf"(?<!\w){re.escape(one)}(?!\w)", text) for one in short):
        return True
    if re.search(rf"(?<!\w){re.escape(name[0])}\s(?:{any_of(SAYING | SPEAKING)})\b", text):
        return True
    # "Provincial police said": of the provincial police force.
    return len(words) > 2 and len(words & set(content_terms(text))) > len(words) / 2

"""Recognise the intent of a message: a greeting, news, a story's status, a command, a question, or nothing. Pure.

    "pls catch me up since monday 🙏" ──polite words off, spellings corrected──▶ rules of each language ──▶ new, "since monday"

The rules stand in ``rules/<language>/questions/intents.toml``: a language is one file. A message that no rule knows is a
question if it was addressed to the bot, and is ignored if not.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.language.misspelt import EDGE, folded, respelled, tidied, written_out
from bot.language.question_language import question_language
from bot.language.rules import Rules, languages_with, load_rules

MAX_INTENT_CHARS = 400  # characters of a message whose wording is matched; longer ones are questions or talk
MAX_ASIDE_WORDS = 8  # words beside a greeting or thanks up to which it is nothing more
MAX_COMMAND_WORDS = 14  # words of a message about the briefings up to which its verb is a command
INTENT_RULES = "intents"
# Read when the module is: messages are read in the loop, where no file may be opened.
_RULES = {language: load_rules(language, INTENT_RULES) for language in languages_with(INTENT_RULES)}
_COMMAND, _SINCE, _BRIEFINGS, _TYPED = "command ", "since: ", "briefings ", "typed: "
_CLAUSE_END = re.compile(r"(?:[,;:]|\s[-–—])\s+|(?<=[.!?])\s+")


class Intent(StrEnum):
    """The intent of a message."""

    GREETING = "greeting"
    THANKS = "thanks"
    HELP = "help"
    NEW = "new"  # all that changed
    STATUS = "status"  # of one story
    COMMAND = "command"
    QUESTION = "question"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """The intent of a message; ``verb`` is its command, ``words`` its argument, a time, or the question itself."""

    intent: Intent
    verb: str = ""
    words: str = ""
    language: str = "en"
    asks: bool = False  # it has the form of a question


def read_intent(text: str, *, addressed: bool = True) -> Meant:
    """Return the intent of ``text``; unknown words ``addressed`` to the bot are a question."""
    said = tidied(text)
    if not any(c.isalnum() for c in said) and said not in {"?", "??"}:
        chatter = bool(text.strip())
        return Meant(intent=Intent.NONE if chatter or not addressed else Intent.HELP)
    if len(said) <= MAX_INTENT_CHARS:
        for language in _languages(said):
            found = _read(said, language, asks=text.rstrip(" .!").endswith("?"))
            if found:
                return found
    if not addressed and _among_people(said):
        return Meant(intent=Intent.NONE, words=text.strip())
    language = _asks(said)
    if language or text.rstrip(" .!").endswith("?"):
        return Meant(intent=Intent.QUESTION, words=text.strip(), language=language or "en", asks=True)
    return Meant(intent=Intent.QUESTION if addressed else Intent.NONE, words=text.strip())


def spelled_out(text: str) -> str:
    """Return ``text`` with the spellings of chats written out, in the language that it is in: "how many ppl"."""
    language = question_language(text)
    return written_out(text, _RULES[language].words) if language in _RULES else text


def without_courtesies(text: str) -> str:
    """Return ``text`` without the polite words around it, in the language that it is in: "can you pls follow it"."""
    language = next(_languages(text))
    return _without_lead(_without_fillers(text, language), language)


def command_words() -> Mapping[str, str]:
    """Return the verbs of commands, folded, in the languages that have their own; each with its command."""
    return {
        folded(word): sense.removeprefix(_TYPED)
        for rules in _RULES.values()
        for sense, words in rules.words.items()
        if sense.startswith(_TYPED)
        for word in words
    }


def time_in_english(text: str) -> str:
    """Return the time of a catch-up in English words; unchanged if no rule knows it."""
    said = tidied(text)
    return next((found for one in _languages(text) if (found := _since(said, _RULES[one]))), text)


def _read(said: str, language: str, *, asks: bool = False) -> Meant | None:
    """Return what ``said`` wants by the rules of one language; None where they do not know it."""
    rules = _RULES[language]
    whole = respelled(said, rules.words)
    core = _without_fillers(whole, language)
    for one in dict.fromkeys((core, _without_lead(core, language))):
        if one and (found := _of_bot(one, rules, language)):
            return found
    aside = _aside(whole, rules, language, asks=asks) or _aside(core, rules, language, asks=asks)
    if aside:
        return aside
    if _is_chatter(core, rules):
        return Meant(intent=Intent.NONE, language=language)
    return _of_briefings(core, rules, language) or _of_clause(core, rules, language)


def _is_chatter(core: str, rules: Rules) -> bool:
    """Tell whether ``core`` is chatter, or a few words that are chatter piece by piece: "haha ok, that's wild"."""
    if _match(rules, "chatter", core):
        return True
    words = core.split()
    return len(words) <= MAX_ASIDE_WORDS and any(
        _match(rules, "chatter", " ".join(words[:at])) and _is_chatter(" ".join(words[at:]), rules)
        for at in range(1, len(words))
    )


def _of_briefings(core: str, rules: Rules, language: str) -> Meant | None:
    """Return the command that words about the bot's own briefings are, by the first verb of the rules that they hold."""
    if len(core.split()) > MAX_COMMAND_WORDS or not _match(rules, "briefings", core):
        return None
    plain = folded(core)
    senses = (
        rule.sense
        for rule in rules.patterns
        if rule.sense.startswith(_BRIEFINGS) and rule.match.search(plain)
    )
    verb = next(senses, "").removeprefix(_BRIEFINGS)
    if not verb:
        return None
    asks_how = bool(_match(rules, "how", core))
    return Meant(
        intent=Intent.COMMAND,
        verb="help" if asks_how else verb,
        words=verb if asks_how else "",
        language=language,
    )


def _of_clause(core: str, rules: Rules, language: str) -> Meant | None:
    """Return what one clause wants beside others in which people speak of themselves: "we are away, pause it till Monday"."""
    clauses = [one for one in _CLAUSE_END.split(core) if one.strip(EDGE)]
    if len(clauses) < 2:
        return None
    for number, clause in enumerate(clauses):
        others = [*clauses[:number], *clauses[number + 1 :]]
        if all(_match(rules, "between us", o) or _match(rules, "chatter", o) for o in others):
            bare = _without_fillers(clause, language)
            for one in dict.fromkeys((bare, _without_lead(bare, language))):
                if one and (found := _of_bot(one, rules, language)):
                    return found
    return None


def _of_bot(core: str, rules: Rules, language: str) -> Meant | None:
    """Return the help, the command, the news or the status that ``core`` wants."""
    plain = folded(core)
    for rule in rules.patterns:
        if rule.sense.startswith(_COMMAND) and (found := rule.match.search(plain)):
            _, verb, *rest = rule.sense.split(None, 2)
            words = _group(found, core)
            return Meant(
                intent=Intent.COMMAND, verb=verb, words=" ".join([*rest, words]).strip(), language=language
            )
    if _match(rules, "help", core):
        return Meant(intent=Intent.HELP, language=language)
    found = _match(rules, "summary", core)
    if found and _since(_group(found, core), rules) is None:
        return _news_alone(_group(found, core), rules, language) or Meant(
            intent=Intent.QUESTION, words=_group(found, core), language=language, asks=True
        )
    if found := _match(rules, "status", core):
        return Meant(intent=Intent.STATUS, words=_group(found, core), language=language, asks=True)
    away = _match(rules, "away", core)
    if away:
        since = _group(away, core)
        return Meant(
            intent=Intent.NEW, words=_days(since, rules) if since else "", language=language, asks=True
        )
    return _news(core, rules, language)


def _news(core: str, rules: Rules, language: str) -> Meant | None:
    every = (_new(core, found, rules, language) for found in _matches(rules, "new", core))
    return next((meant for meant in every if meant), None)


def _news_alone(words: str, rules: Rules, language: str) -> Meant | None:
    """Return the news of all stories that ``words`` are themselves: "the news of the last two days"."""
    found = _news(words, rules, language)
    return found if found and found.intent is Intent.NEW else None


def _new(core: str, found: re.Match[str], rules: Rules, language: str) -> Meant | None:
    """Return the subject of a question for news: all, since a time, or a story; None if the text says something else."""
    # German puts the time before the verb: "was hat sich seit gestern geändert".
    place = "inside" if found.groupdict().get("inside") else "rest"
    subject = core[found.start(place) : found.end(place)]
    rest = _without_fillers(subject.strip(EDGE), language)
    since = _since(rest, rules) if rest else ""
    if since is not None:
        return Meant(intent=Intent.NEW, words=since, language=language, asks=True)
    about = _match(rules, "about", subject.strip(" .!?") + " ")
    about = about or _match(rules, "about", f" {rest}")
    if about is None:
        return None
    story = (about["story"] or "").strip(EDGE)
    since = _since(story, rules)
    if since is not None:
        return Meant(intent=Intent.NEW, words=since, language=language, asks=True)
    return _news_alone(story, rules, language) or Meant(
        intent=Intent.STATUS, words=story, language=language, asks=True
    )


def _since(rest: str, rules: Rules) -> str | None:
    """Return the time that ``rest`` names, in the words of a catch-up; None where it names none."""
    plain = folded(rest).lower()
    known = _since_phrase(plain, rules)
    if known is not None:
        return known
    if _match(rules, "while", rest):
        return ""
    found = _match(rules, "since", rest)
    return _days(found["since"], rules) if found else None


def _since_phrase(plain: str, rules: Rules) -> str | None:
    """Return the time of a phrase that the rules know, or of two one after the other: "in the world today"."""
    words = plain.split()
    for at in range(len(words), len(words) - 5, -1):
        pair = (" ".join(words[: max(at, 0)]), " ".join(words[max(at, 0) :]))
        found = [_known_since(one, rules) for one in pair if one]
        if found and None not in found:
            return next((one for one in found if one), "")
    return None


def _known_since(phrase: str, rules: Rules) -> str | None:
    written = (phrase, phrase.removesuffix("'s"))  # "this morning's news"
    senses = (s for s, words in rules.words.items() if s.startswith(_SINCE) and words & {*written})
    return next((sense.removeprefix(_SINCE).strip() for sense in senses), None)


def _days(text: str, rules: Rules) -> str:
    """Return a time in the English words that a catch-up reads, where the rules know them."""
    words = []
    for word in folded(text).lower().split():
        sense = next((s for s, known in rules.words.items() if s.startswith("day: ") and word in known), "")
        words.append(sense.removeprefix("day: ") if sense else word)
    return " ".join(w for w in words if w)


def _aside(said: str, rules: Rules, language: str, *, asks: bool) -> Meant | None:
    """Return a greeting or thanks, or the question next to it."""
    for sense, intent in (("greeting", Intent.GREETING), ("thanks", Intent.THANKS)):
        found = _match(rules, sense, said)
        if not found:
            continue
        rest = _without_fillers(said[found.start("rest") : found.end("rest")].strip(EDGE), language)
        if rest and (more := _read(rest, language)) and more.intent is not Intent.NONE:
            return more
        if rest and (_match(rules, "asks", rest) or (asks and len(rest.split()) > 1)):
            return Meant(intent=Intent.QUESTION, words=rest, language=language, asks=True)
        before = said[: found.start()]
        if not rest and not before.strip(EDGE):
            return Meant(intent=intent, language=language)
        if len(rest.split()) + len(before.split()) <= MAX_ASIDE_WORDS and not _match(rules, "asks", said):
            return Meant(intent=intent, language=language)
    return None


def _asks(said: str) -> str:
    """Return the language in which ``said`` asks; "" if it is not a question in any language."""
    for language in _languages(said):
        rules = _RULES[language]
        if _match(rules, "asks", _without_fillers(respelled(said, _RULES[language].words), language)):
            return language
    return ""


def _among_people(said: str) -> bool:
    """Tell whether ``said``, not addressed to the bot, asks somebody else: "can you take the call"."""
    return any(
        _match(_RULES[language], "among us", respelled(said, _RULES[language].words))
        for language in _languages(said)
    )


def _languages(said: str) -> Iterator[str]:
    """Yield the languages with rules, the likeliest first."""
    yield from dict.fromkeys(
        language for language in (question_language(said), "en", *_RULES) if language in _RULES
    )


def _match(rules: Rules, sense: str, text: str) -> re.Match[str] | None:
    return next(_matches(rules, sense, text), None)


def _matches(rules: Rules, sense: str, text: str) -> Iterator[re.Match[str]]:
    plain = folded(text)
    for rule in rules.patterns:
        if rule.sense == sense and (found := rule.match.search(plain)):
            yield found


def _group(found: re.Match[str], text: str) -> str:
    """Return the part of ``text`` in a named group, as written."""
    for name, value in found.groupdict().items():
        if value and not name.startswith("x"):
            return text[found.start(name) : found.end(name)].strip(EDGE)
    return ""


def _without_fillers(text: str, language: str) -> str:
    """Return ``text`` without the polite words at its ends."""
    pattern = _fillers(language)
    before = None
    while before != text:
        before, text = text, text.strip(EDGE)
        plain = folded(text)
        for found in (pattern[0].match(plain), pattern[1].search(plain)):
            if found and found.end() - found.start() < len(text):
                text = text[found.end() :] if found.start() == 0 else text[: found.start()]
                break
    return text


@functools.cache
def _fillers(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = sorted(_RULES[language].words.get("filler", ()), key=len, reverse=True)
    either = "|".join(map(re.escape, words)) or "(?!)"
    return (
        re.compile(rf"(?:{either})\b[\s,.;:!?-]+", re.IGNORECASE),
        re.compile(rf"[\s,.;:!?-]+(?:{either})$", re.IGNORECASE),
    )


def _without_lead(text: str, language: str) -> str:
    found = _match(_RULES[language], "lead", text)
    return _without_fillers(text[found.end() :], language) if found else text

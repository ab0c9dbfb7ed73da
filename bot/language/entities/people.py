"""Find people named with a role in a sentence, and its speaker. Pure; the words come from the rules of a language.

A person is two or more capitalised words with a role printed right before or right behind them; without a role nobody
can tell a person from a place. Who speaks is who stands beside a verb of saying, and not who is spoken of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.language.entities.demonyms import demonyms_of
from bot.language.rules import Rules, languages_with, load_rules
from bot.language.sentences.split import MAX_SENTENCE_CHARS
from bot.language.speech import any_of
from bot.language.words import stop_words

MAX_ROLE_WORDS = 8  # words before a name that are read as its role
MAX_NAME_WORDS = 5
_CAPITAL = r"(?:[A-ZÀ-ÖØ-Þ]\.(?:[A-ZÀ-ÖØ-Þ]\.)*|(?:[Aa]l-|[Ee]l-)?[A-ZÀ-ÖØ-Þ](?:[\w’'-]*[^\W\d_])?)"
_IS_SPOKEN_OF = re.compile(
    rf"['’]?s?\s(?:[“„«\"]|(?:{load_rules('en', 'auxiliaries').alternatives('finite')})\b)"
)
_CLAUSE_START = re.compile(r"(?:^|[,;:—–]\s|[.”\"’»“]\s|^[“\"„«][^“”\"„«»]*)$")
_MARK = re.compile(r"[,;:—–.”\"’»“]\s")
MAX_WORDS_BEFORE_ROLE = 4  # of a role that are not known as such, behind a comma


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A name with the role printed beside it, at ``start`` to ``end`` of its sentence (the name alone)."""

    name: str
    role: str
    start: int
    end: int
    role_start: int  # where the role begins that stands before it, else ``start``


class PersonFinder:
    """The rules of one language on persons and speech."""

    def __init__(
        self,
        people: Rules,
        speech: Rules,
        *,
        saying: frozenset[str],
        stop: frozenset[str],
        demonyms: frozenset[str],
    ) -> None:
        self.rules, self.demonyms = people, demonyms
        words = people.words
        self.roles, self.endings = words["role"], tuple(words.get("role ending", ()))
        self.modifiers, self.particles = words["modifier"], words["particle"]
        self.aside = words["body"] | words["no name"]
        self.honorifics, self.beside = words.get("honorific", frozenset()), words["beside"]
        self.titles = any_of(self.honorifics) or "(?!)"
        self.press, self.commenting = words["press"], words.get("commenting", frozenset[str]())
        self.onlookers = words.get("onlooker", frozenset[str]())
        self.small = stop | saying | self.beside
        small = any_of(self.particles)
        self.run = re.compile(
            rf"(?<![\w’'.-]){_CAPITAL}(?:\s(?:(?:{small})\s){{0,3}}{_CAPITAL}){{0,9}}(?![\w-])"
        )
        verbs = any_of(saying)
        aux = any_of(speech.words["beside saying"])
        self.speaks_after = re.compile(
            rf"^(?:,\s[^,;:“”\"]{{3,90}},)?\s(?:(?:{aux})\s){{0,2}}(?:{verbs})\b(?!\s(?:{any_of(speech.words['passive'])})\b)"
        )
        article = any_of(words["article"])
        self.head = re.compile(rf"^(?:{article})\s", re.IGNORECASE)
        self.speaks_before = re.compile(
            rf"(?:[,”\"“»’]|^\w+)\s(?:(?:{aux})\s){{0,2}}(?:{verbs})\s(?:(?:{article})\s)?$"
        )
        linking = any_of(words["role link"])
        noun = rf"(?:(?:[\w’'.&]+-)?(?:{any_of(self.roles)})|[\w’'-]*(?:{any_of(self.endings) or '(?!)'}))"
        self.apposition = re.compile(
            rf"^,\s(?:(?:{article})\s)?(?P<role>(?:[\w’'.&-]+\s){{0,6}}?{noun}(?:\s(?:{linking})\s[^,;:()“”\"]{{2,70}}?)?)(?=[,;.]|\s(?:who|and\sa)\b)",
            re.IGNORECASE,
        )

    def is_role(self, word: str) -> bool:
        """Return whether ``word`` is a role noun."""
        plain = re.sub(r"['’]s?$", "", word).casefold()
        return plain in self.roles or (bool(self.endings) and plain.endswith(self.endings))

    def comments(self, role: str) -> bool:
        """Return whether a person with ``role`` only comments on the matter."""
        return not self.commenting.isdisjoint(role.casefold().split())

    def looks_on(self, role: str) -> bool:
        """Return whether a person with ``role`` is only an expert on such matters."""
        return not self.onlookers.isdisjoint(role.casefold().split())

    def persons(self, text: str) -> Iterator[Person]:
        """Yield the persons named with a role in ``text``, in order."""
        for run in self.run.finditer(text[:MAX_SENTENCE_CHARS]):
            words = list(re.finditer(r"\S+", run[0]))
            last = max((i for i, w in enumerate(words) if self.is_role(w[0])), default=-1)
            state_of = run.start() > 4 and text[: run.start()].endswith(" of ") and len(words) > 2
            first = last + 1 if last >= 0 or not state_of else 1
            name = words[first:]
            if not self._is_name([w[0] for w in name]):
                continue
            start, end = run.start() + name[0].start(), run.end()
            printed = re.sub(r"['’]s?$", "", text[start:end])
            if printed != text[start:end] or re.match(r"['’]s?\b", text[end:]):
                continue  # "Jan Moe's lawyer" is not Jan Moe
            role, role_start = self._role_before(text, start)
            if not role:
                found = self.apposition.match(text[end:])
                role = self.head.sub("", found["role"].strip()) if found else ""
                role_start = start
            if role and not self._refused(role):
                yield Person(name=printed, role=role, start=start, end=end, role_start=role_start)

    def speaks(self, text: str, *, start: int, end: int) -> bool:
        """Return whether the person named from ``start`` (with the role, if any) to ``end`` says ``text``."""
        before, after = text[:start], text[end:]
        if self.speaks_before.search(before):
            # In "Ida Moe said Lund “lied”" another one speaks of Lund.
            return not _IS_SPOKEN_OF.match(after)
        return bool(self.speaks_after.match(after)) and self._opens_clause(before)

    def _opens_clause(self, before: str) -> bool:
        """Return whether behind ``before`` a clause begins, small words of the role aside: ", local doctor"."""
        if _CLAUSE_START.search(before):
            return True
        words = _MARK.split(before)[-1].split()
        plain = [w.casefold() for w in words]
        return (
            len(words) <= MAX_WORDS_BEFORE_ROLE
            and _MARK.search(before) is not None
            and all(w.islower() and w.isalpha() for w in words)
            and not set(plain) & self.beside
        )

    def named(self, text: str, person: str) -> Iterator[tuple[int, int, int]]:
        """Yield start with title, start and end of every mention of ``person`` in ``text``, by full or last name."""
        last = person.rsplit(maxsplit=1)[-1]
        if last not in text:
            return
        pattern = rf"(?<![\w-])(?P<title>(?:(?i:{self.titles})\.?\s)?)(?:{re.escape(person)}|{re.escape(last)})(?![\w-]|['’]s?\b)"
        for found in re.finditer(pattern, text[:MAX_SENTENCE_CHARS]):
            word = text[: found.start()].rsplit(" ", 2)[-2:-1]
            one = text[found.start() : found.end()].removeprefix(found["title"])
            before = word[0].strip(".,").casefold() if word else ""
            other = bool(word) and one == last and word[0][:1].isupper() and not self.is_role(word[0])
            # "Ana Moe" is not Jan Moe, and "for Moe" speaks another.
            if before in self.beside or (other and before not in self.aside | self.honorifics):
                continue
            yield found.start(), found.end("title"), found.end()

    def _is_name(self, words: list[str]) -> bool:
        plain = [re.sub(r"['’]s?$", "", w).rstrip(".").casefold() for w in words]
        full = [w for w, p in zip(words, plain, strict=True) if len(p) > 1 and p not in self.particles]
        return (
            2 <= len(words) <= MAX_NAME_WORDS
            and words[0].casefold() not in self.particles
            and len(full) >= 1
            and len(words[-1].rstrip(".")) > 1
            and not set(plain) & self.aside
            and not any(self.is_role(w) for w in words)
            and not any(w.isupper() and len(w) > 3 and "." not in w for w in full)
        )

    def _role_before(self, text: str, start: int) -> tuple[str, int]:
        """Return the role that ends right before ``start``, and where it begins; empty where none does."""
        words = list(re.finditer(r"\S+", text[:start]))[-MAX_ROLE_WORDS:]
        if not words or not text[:start].endswith(" "):
            return "", start
        taken: list[re.Match[str]] = []
        for word in reversed(words):
            printed = word[0]
            bare = printed.strip("“”\"'(„«").rstrip(",;:.")
            plain = re.sub(r"['’]s?$", "", bare).casefold()
            noun = self.is_role(bare)
            if (
                bare != printed
                and not printed.endswith(("’", "'"))
                and not re.fullmatch(r"(?:[A-Z]\.)+", printed)
            ):
                break
            named = self.rules.has("role word", bare) and (
                plain not in self.rules.words["no name"] | self.particles
                or (bare.isupper() and len(bare) > 1)  # "WHO official", "US envoy"
                or bool(taken and self.rules.has("place", f"{bare} {taken[-1][0]}"))
            )
            demonym = printed[:1].isupper() and plain in self.demonyms
            if not (noun or named or demonym or plain in self.modifiers or (plain == "of" and taken)):
                break
            taken.append(word)
        while taken and taken[-1][0].casefold() in self.rules.words["no start"] and not self._names(taken):
            taken.pop()
        # A role ends with its noun; "Secretary of State" is the one that does not.
        if not taken or not (
            self.is_role(taken[0][0])
            or (len(taken) > 2 and taken[1][0] == "of" and self.is_role(taken[2][0]))
        ):
            return "", start
        begin = taken[-1].start()
        if len(taken) == 1 and self._is_cut(taken[0][0], text[:begin]):
            return "", start
        return text[begin : taken[0].end()], begin

    def _names(self, taken: list[re.Match[str]]) -> bool:
        """Return whether a role, last word first in ``taken``, begins as a name does: "First Minister", and not "the first minister"."""
        first = taken[-1][0]
        named = first.casefold() in self.rules.words.get("start of a name", ())
        return named and len(taken) > 1 and first[0].isupper() and taken[-2][0][0].isupper()

    def _is_cut(self, noun: str, before: str) -> bool:
        """Return whether ``noun`` is the end of a post whose other words are not known: "… zebra chief"; a name is such a word."""
        last = before.split()[-1:]
        word = last[0] if last else ""
        return (
            noun in self.rules.words.get("part of a role", ())
            and word.isalpha()
            and word.casefold() not in self.small
        )

    def _refused(self, role: str) -> bool:
        words = [re.sub(r"['’]s?$", "", w).casefold() for w in role.split()]
        return (
            len(words) > MAX_ROLE_WORDS + 2
            or bool(self.press & set(words))
            or ":" in role
            or self.rules.has("no role", role)
        )


_PEOPLE = {
    language: PersonFinder(
        load_rules(language, "people"),
        load_rules(language, "speech"),
        saying=load_rules(language, "saying").words["states"],
        stop=stop_words(language),
        demonyms=demonyms_of(language),
    )
    for language in languages_with("people")
}


def is_role(word: str) -> bool:
    """Return whether ``word`` is a person's role in one of the languages with rules."""
    return any(people.is_role(word) for people in _PEOPLE.values())


def people_of(language: str) -> PersonFinder | None:
    """Return the rules on persons of ``language`` (ISO 639-1), None if it has none."""
    return _PEOPLE.get(language)

"""Load the kinds of story: the files beside this module, and those of the operator's folder.

    name = "referendum"
    what = "voters answer a question"

    [[state]]                      one to six of them
    name = "decided"
    sentence = "The answer is known."
    phase = "decided"              expected, under way, decided, aftermath or over
    carried_by = ["declared"]      words or phrases of news that say so as well, or a list of the
                                   English rules, as "{hedges.rumour}"; may be left out
    label = false                  for one that tells a reader no more than the status does; may be left out
    never_back_to = ["campaign"]   states that a story in this one cannot go back to; may be left out

A new kind is one file: it needs no edit elsewhere. The kind "other" always exists and has no states.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import ConfigError, as_clause
from bot.language.cleaning.clean import is_clean
from bot.language.locale.en import counted
from bot.language.rules import named_words
from bot.model.story import OTHER_KIND
from bot.model.update import Phase

SHIPPED = Path(__file__).parent
MAX_STATES = 6
MAX_STATE_WORDS = 8  # of a state's sentence
MAX_PHRASES = 60  # by which a state is carried
MAX_KIND_PHRASE_WORDS = 5
MAX_FILES = 40  # of one folder
MAX_KIND_FILE_BYTES = 16_384  # of one file
MAX_SHOWN_MISTAKES = 20  # at once
MAX_KIND_NAME_CHARS = 24  # of the name of a kind or a state
MAX_KIND_PHRASE_CHARS = 40
MAX_MISTAKE_VALUE_CHARS = 40  # of what a file or a field calls itself, in a mistake
_NAME = re.compile(r"[^\W_]+(?:[ -][^\W_]+)*")
_WORD = r"(?![^\W_]{1,2}\*)[^\W_]+(?:[’'-][^\W_]+)*\*?"  # "investigat*" is each word that begins so
_PHRASE = re.compile(rf"{_WORD}(?: {_WORD})*")
_LIST = re.compile(r"\{[^{}]*\}")
_HINT = "See docs/kinds.md for a whole file"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindState:
    """One state of a kind; ``sentence`` (at most 8 words) is true of every story that is in it.

    ``carried_by`` are words or short phrases of news that by themselves say that a story is in it. ``label`` tells whether its
    name is shown beside a headline.
    """

    name: str
    sentence: str
    phase: Phase
    carried_by: tuple[str, ...] = ()
    label: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of story; ``impossible`` are the pairs (from, to) of states that cannot follow each other."""

    name: str
    what: str
    states: tuple[KindState, ...] = ()
    impossible: frozenset[tuple[str, str]] = frozenset()

    def state(self, name: str) -> KindState | None:
        """Return the state ``name``, None if the kind has no such state."""
        return next((state for state in self.states if state.name == name), None)


OTHER = Kind(name=OTHER_KIND, what="anything else")


def load_kinds(folder: Path | None = None) -> Mapping[str, Kind]:
    """Return the kinds by name, sorted, "other" last: the shipped ones, and those of the operator's ``folder``.

    A kind of the folder replaces a shipped one of the same name. Raises ``ConfigError`` whose ``problems``
    lists what is wrong, each with its file and field.
    """
    return shipped_kinds() if folder is None else _sorted({**shipped_kinds(), **_read_folder(folder)})


@functools.cache
def shipped_kinds() -> Mapping[str, Kind]:
    """Return the kinds that come with the program."""
    return _sorted(_read_folder(SHIPPED))


def _sorted(kinds: Mapping[str, Kind]) -> Mapping[str, Kind]:
    own = sorted(kinds.keys() - {OTHER_KIND})
    return MappingProxyType({name: kinds[name] for name in own} | {OTHER_KIND: OTHER})


def describe_kinds(kinds: Mapping[str, Kind]) -> str:
    """Return the kinds as a prompt lists them: one line each, with description and names of states.

    The sentence of a state is not there: it is what the cited sentences of a story have to say, and costs as much again.
    """
    return "\n".join(_line(kind) for kind in kinds.values())


def _line(kind: Kind) -> str:
    states = ", ".join(state.name for state in kind.states)
    return f"{kind.name} ({kind.what}): {states}" if states else f"{kind.name} ({kind.what})"


class _StateTable(BaseModel):
    """A state in a file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: str = Field(min_length=1, max_length=MAX_KIND_NAME_CHARS)
    sentence: str = Field(min_length=1, max_length=80)
    phase: str
    carried_by: list[Annotated[str, Field(min_length=3, max_length=MAX_KIND_PHRASE_CHARS)]] = Field(
        default_factory=list, max_length=MAX_PHRASES
    )
    label: bool = True
    never_back_to: list[Annotated[str, Field(max_length=MAX_KIND_NAME_CHARS)]] = Field(
        default_factory=list, max_length=MAX_STATES
    )


class _KindTable(BaseModel):
    """A kind in a file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: str = Field(min_length=1, max_length=MAX_KIND_NAME_CHARS)
    what: str = Field(min_length=1, max_length=80)
    state: list[_StateTable] = Field(min_length=1, max_length=MAX_STATES)


def _read_folder(folder: Path) -> dict[str, Kind]:
    """Return the kinds of ``folder`` by name; raises ``ConfigError`` with all that is wrong."""
    kinds: dict[str, Kind] = {}
    files: dict[str, str] = {}
    problems: list[str] = []
    for path in _files(folder):
        found = _read_file(path)
        if isinstance(found, list):
            problems += found
        elif found.name in kinds:
            problems.append(
                f"{_shown(path.name)}: name: {found.name!r} is also the name in {files[found.name]}"
            )
        else:
            kinds[found.name], files[found.name] = found, _shown(path.name)
    if problems:
        first = problems[:MAX_SHOWN_MISTAKES]
        raise ConfigError(
            f"The kinds of story in {str(folder)!r} have {counted(len(problems), 'mistake')}: {'; '.join(first)}",
            hint=_HINT,
            problems=tuple(first),
        )
    return kinds


def _files(folder: Path) -> list[Path]:
    """Return the files of ``folder``, sorted; raises ``ConfigError`` if it is no folder or has too many."""
    try:
        if not folder.is_dir():
            raise ConfigError(
                f"There is no folder {str(folder)!r} with kinds of story",
                hint="Create it, or leave stories.kinds_folder empty",
            )
        found = sorted(islice(folder.glob("*.toml"), MAX_FILES + 1))
    except OSError as error:
        raise ConfigError(
            f"The folder {str(folder)!r} with kinds of story cannot be read: {error.strerror}"
        ) from error
    if len(found) > MAX_FILES:
        raise ConfigError(
            f"The folder {str(folder)!r} holds more than {MAX_FILES} kinds of story",
            hint="Every kind is shown to the model in every call: keep those you need",
        )
    return found


def _read_file(path: Path) -> Kind | list[str]:
    """Return the kind in ``path``, or what is wrong with the file, each as "file: field: what"."""
    name = _shown(path.name)
    try:
        if not path.is_file():
            return [f"{name}: it is no file"]
        with path.open("rb") as file:
            data = file.read(MAX_KIND_FILE_BYTES + 1)
        if len(data) > MAX_KIND_FILE_BYTES:
            return [f"{name}: it is larger than {MAX_KIND_FILE_BYTES // 1024} KiB"]
        table = _KindTable.model_validate(tomllib.loads(data.decode("utf-8")))
    except OSError as error:
        return [f"{name}: it cannot be read: {error.strerror}"]
    except ValidationError as error:
        return [
            f"{name}: {_field(detail['loc'])}: {_what(detail['type'], detail['msg'])}"
            for detail in error.errors(include_url=False, include_input=False)
        ]
    except (ValueError, RecursionError) as error:
        return [f"{name}: it is not valid TOML: {_shown(str(error), most=120)}"]
    wrong = [f"{name}: {what}" for what in _mistakes(table)]
    return wrong or _kind(table)


def _kind(table: _KindTable) -> Kind:
    return Kind(
        name=table.name,
        what=table.what,
        states=tuple(
            KindState(
                name=state.name,
                sentence=state.sentence,
                phase=Phase(state.phase),
                carried_by=tuple(_phrases(state.carried_by)),
                label=state.label,
            )
            for state in table.state
        ),
        impossible=frozenset((state.name, back) for state in table.state for back in state.never_back_to),
    )


def _phrases(listed: Iterable[str]) -> Iterator[str]:
    for phrase in listed:
        yield from sorted(named_words(phrase, "en"))


def _mistakes(table: _KindTable) -> Iterator[str]:
    """Yield what is wrong with a table whose fields have the right types, as "field: what"."""
    yield from _wrong_name("name", table.name)
    yield from _wrong_text("what", table.what)
    if table.name == OTHER_KIND:
        yield f"name: {OTHER_KIND!r} is always there, and has no states"
    names = [state.name for state in table.state]
    for number, state in enumerate(table.state, 1):
        field = f"state {number}"
        yield from _wrong_name(f"{field}, name", state.name)
        yield from _wrong_text(f"{field}, sentence", state.sentence)
        if names.index(state.name) + 1 < number:
            yield f"{field}, name: {state.name!r} is also the name of state {names.index(state.name) + 1}"
        if (words := len(state.sentence.split())) > MAX_STATE_WORDS:
            yield f"{field}, sentence: it has {words} words, and may have {MAX_STATE_WORDS}"
        if state.phase not in set(Phase):
            yield f"{field}, phase: it must be one of {_listed(Phase)}"
        yield from _wrong_phrases(f"{field}, carried_by", state.carried_by)
        yield from _wrong_ways(f"{field}, never_back_to", state, names)


def _wrong_phrases(field: str, phrases: list[str]) -> Iterator[str]:
    for place, phrase in enumerate(phrases):
        shown = repr(_shown(phrase))
        if _LIST.fullmatch(phrase):
            if not _is_list(phrase):
                yield f"{field}: {shown}: the English rules have no such list"
        elif not _PHRASE.fullmatch(phrase) or not is_clean(phrase):
            yield f"{field}: {shown}: write words with single spaces between them; one of three letters or more may end with *"
        elif len(phrase.split()) > MAX_KIND_PHRASE_WORDS:
            yield f"{field}: {shown}: it may have {MAX_KIND_PHRASE_WORDS} words"
        elif phrase in phrases[:place]:
            yield f"{field}: {shown} is listed twice"


def _is_list(phrase: str) -> bool:
    try:
        return named_words(phrase, "en") != {phrase}
    except (ValueError, KeyError):
        return False


def _wrong_ways(field: str, state: _StateTable, names: list[str]) -> Iterator[str]:
    for back in state.never_back_to:
        if back not in names:
            yield f"{field}: {back!r} is no state of this kind; it has {_listed(names)}"
        elif back == state.name:
            yield f"{field}: {back!r} is the state itself"


def _wrong_name(field: str, name: str) -> Iterator[str]:
    if not _NAME.fullmatch(name) or name != name.lower() or not is_clean(name):
        yield f"{field}: write it in small letters and digits, with single spaces or hyphens between words"


def _wrong_text(field: str, text: str) -> Iterator[str]:
    if text != " ".join(text.split()) or not is_clean(text):
        yield f"{field}: write one line, with single spaces and no control or invisible characters"


def _field(place: Iterable[int | str]) -> str:
    """Return where a field is, as a person counts: ("state", 1, "phase") is "state 2, phase"."""
    shown = ""
    for step in place:
        shown += f" {step + 1}" if isinstance(step, int) else f"{', ' if shown else ''}{_shown(step)}"
    return shown


def _shown(text: str, *, most: int = MAX_MISTAKE_VALUE_CHARS) -> str:
    """Return a value of a file for an error message: cut, and escaped if it is not plain text."""
    if len(text) <= most and is_clean(text):
        return text
    return f"{text[:most]!a}{'…' if len(text) > most else ''}"


def _what(kind: str, message: str) -> str:
    known = {"missing": "it is missing", "extra_forbidden": "there is no such field"}
    return known.get(kind) or as_clause(message)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(str, names))

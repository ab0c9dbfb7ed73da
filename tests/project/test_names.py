"""Names of the program: each public class has one of its own, and a constant says what it counts."""

from __future__ import annotations

import ast
import functools
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.conftest import ROOT

VAGUE = frozenset(
    "NEAR MOST SOON SIP SHOWN READ LONGEST LEAST ENOUGH FEW MANY SLOW SHORT LATE EARLY LOOK LOOKED_AT PATIENCE ALIKE AHEAD BATCH"
    " SECOND OFTEN TURN FIRST HOUR BANNED WIDTH SUBJECT TITLE MARGIN MAX_READ ZONES NEXT RECENT LISTED CHANNEL BUSY LONG_AGO".split()
)
# Words of the design that another word has replaced. Not among them: source, reading, run and report, which the glossary keeps in
# another sense (independent source, reading of a story, run of an ingest, a reader's report).
REPLACED = frozenset(
    "bullet book books chunk cluster decide decided decider desk dossier expectation gate given item meaning novelty pen place query"
    " room settle settled standing told topic untold wanted wish".split()
)
# The same words where they mean what they mean to everybody, each with what that is.
OTHER_SENSES = {
    "a row of a list on Slack or Discord": {"_bullet", "_bullets", "bullet"},
    "a piece of a long list of parameters": {"chunks"},
    "the work of finding which articles belong together": {"cluster"},
    "an element of RSS, and of JSON Feed": {"_item", "_items"},
    "an entry of a list in the reply that a model is asked for": {"ReplyItem"},
    "of an address, or of a database": {"_query", "passage_queries"},
    "free places of a queue or a process": {"QueueRoom", "Room", "_has_own_room", "queue_room", "room", "room_for"},
    "a place in a queue": {
        "QueuePlace", "_give_place_back", "_wait_for_place", "_with_place", "give_place_back", "places", "queue_place"
    },
    "that something happened": {"_took_place"},
    "the field `settled` of a model's reply": {"SettledAnnouncement", "SettledReply"},
    "a sentence that is understood by itself": {"standing_alone"},
    "what a thread, a row or a word is about": {"LedgerTopic", "Topic", "_topic_terms", "topics_in"},
}  # fmt: skip
# The same for what functions call their values: words that stood for "sent", "stored", "reranked" and many other things.
REPLACED_VALUES = frozenset(
    "desk dossier fate gathered heard meaning mended novelty pen remembered told untold wish worded".split()
)
REPLACED_MODULES = frozenset("at_work given meaning opened past told".split())
# What a number counts, or is measured in; a plural counts a thing. Names of codes, flags and the like need none.
UNITS = frozenset(
    "bonus bytes characters chars columns count days degrees depth factor hops letters lines margin milliseconds minutes ms hours"
    " people probability rank rate ratio seconds share similarity size step terms tokens weight window words".split()
)
MEASURES = UNITS | frozenset("lead odds value year".split())  # things themselves, too
NO_QUANTITY = frozenset("code flag id number rgb version".split())
NAMES_OF_LINUX = frozenset({"PR_SET_DUMPABLE", "PR_SET_NO_NEW_PRIVS"})  # options of its prctl
# Words that name no thing: with nothing else beside its unit, a constant says neither what it bounds nor where.
NO_THING = frozenset(
    "any big default early far first known last late least like long max min most near next other short small some age time"
    " interval after ahead back before look looked old one same".split()
)
# What kind of time a duration is: the last word of its name.
DURATIONS = frozenset(
    "age day delay duration gap interval margin retention silence skew span time tolerance week window".split()
)
CALENDAR_UNITS = frozenset({"ONE_DAY", "ONE_WEEK"})
MODULES = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for path in sorted((ROOT / "bot").rglob("*.py"))
}


# What begins a line stands at the top of its module.
PUBLIC_CLASS = re.compile(r"^class ([^_\W]\w*)", re.MULTILINE)
CONSTANT = re.compile(r"^([A-Za-z_]\w*)(?:: [^=\n]+)? = ", re.MULTILINE)
DEFINED = re.compile(r"^ *(?:async def|def|class) (\w+)(?=[(:\[])", re.MULTILINE)


def test_no_two_public_classes_have_one_name():
    found = defaultdict(list)
    for path, text in MODULES.items():
        for name in PUBLIC_CLASS.findall(text):
            found[name].append(path)
    assert len(found) > 300
    assert {name: paths for name, paths in found.items() if len(paths) > 1} == {}


def test_no_constant_has_a_name_that_says_nothing_of_what_it_is():
    named = {f"{path}: {name}": name for path, text in MODULES.items() for name in CONSTANT.findall(text)}
    assert len(named) > 500
    assert [place for place, name in named.items() if name in VAGUE] == []
    limits = [place for place, name in named.items() if name.startswith(("MOST_", "LONGEST_"))]
    assert limits == []  # MAX_STATES, MAX_NAME_CHARS


@functools.cache
def words_in(name: str) -> frozenset[str]:
    """Return the words of an identifier, in the singular too."""
    found = [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]
    forms = ((word, word.removesuffix("s"), re.sub(r"ies$", "y", word)) for word in found)
    return frozenset(form for some in forms for form in some)


def _identifiers() -> Iterator[str]:
    """Yield the names of folders, modules, classes and functions."""
    for path, text in MODULES.items():
        if "/migrations/" in path:
            continue
        yield from path.removesuffix(".py").split("/")
        yield from DEFINED.findall(text)


def test_no_folder_module_class_or_function_is_called_by_a_word_that_another_replaced():
    found = {name for name in set(_identifiers()) if words_in(name) & REPLACED}
    meant_otherwise = {name for names in OTHER_SENSES.values() for name in names}
    assert found - meant_otherwise == set()
    assert meant_otherwise - found == set()


def _names_in(text: str) -> frozenset[str]:
    """Return the words of all names in a module, and of its texts: to parse each takes a second."""
    return frozenset().union(*map(words_in, set(re.findall(r"[A-Za-z_]\w*", text))))


def _values() -> Iterator[tuple[str, str]]:
    """Yield the module and the name of each variable, argument and field."""
    for path, text in MODULES.items():
        if "/migrations/" in path or not _names_in(text) & REPLACED_VALUES:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.arg):
                yield path, node.arg
            elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
                yield path, node.id if isinstance(node, ast.Name) else node.attr


@pytest.mark.slow
def test_no_value_is_called_by_a_word_that_another_replaced():
    found = {(path, name) for path, name in _values() if words_in(name) & REPLACED_VALUES}
    assert found == set()
    assert words_in("told_lines") & REPLACED_VALUES


# Stories are followed; feeds are added, read and removed.
_FEEDS_FOLLOWED = re.compile(
    r"\b(?:un)?follow(?:s|ed|ing)?\s(?:\w+\s){0,3}(?:feeds?|packs?)\b|\bfeeds?\s(?:\w+\s){0,2}follow(?:s|ed)?\b",
    re.IGNORECASE,
)
_PAGES_FOR_READERS = (
    "README.md",
    "docs/*.md",
    "bot/language/locale/**/*.toml",
    "config/*",
    "bot/web/templates/*",
)


def test_stories_are_followed_and_feeds_are_not():
    pages = {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for pattern in _PAGES_FOR_READERS
        for path in ROOT.glob(pattern)
        if path.is_file()
    }
    assert len(pages) > 30
    found = {name: _FEEDS_FOLLOWED.findall(text) for name, text in (MODULES | pages).items()}
    assert {name: words for name, words in found.items() if words} == {}
    names = {
        name
        for path, text in MODULES.items()
        if path.startswith(("bot/feeds/", "bot/flows/ingest/", "bot/cli/operate/"))
        for name in DEFINED.findall(text)
        if words_in(name) & {"follow", "followed"}
    }
    assert names == set()
    assert _FEEDS_FOLLOWED.search("If two channels follow the same private feed")


def test_no_module_is_called_by_a_participle_that_says_nothing_of_what_it_holds():
    assert [path for path in MODULES if path.rpartition("/")[2].removesuffix(".py") in REPLACED_MODULES] == []


@dataclass(frozen=True)
class Assigned:
    """A name that the top of a module gives a value."""

    path: str
    name: str
    value: ast.expr


@functools.cache
def _assigned() -> tuple[Assigned, ...]:
    """Return every name that stands in capitals at the top of a module, also of a row of names."""
    return tuple(
        Assigned(path, target.id, value)
        for path, text in MODULES.items()
        if "/migrations/" not in path
        for node in ast.parse(text).body
        for target, value in _targets(node)
        if isinstance(target, ast.Name) and re.search(r"[A-Z]{2}", target.id)
    )


def _targets(node: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(node, ast.AnnAssign) and node.value:
        yield node.target, node.value
    for target in node.targets if isinstance(node, ast.Assign) else ():
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from zip(target.elts, node.value.elts, strict=False)
        else:
            yield target, node.value


def _is_number(value: ast.expr, names: frozenset[str] = frozenset()) -> bool:
    """Tell whether ``value`` is a number, or is reckoned from numbers and those called ``names``."""
    if isinstance(value, ast.UnaryOp):
        return _is_number(value.operand, names)
    if isinstance(value, ast.BinOp):
        return _is_number(value.left, names) and _is_number(value.right, names)
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        called = value.func.id in {"float", "int", "len", "max", "min", "round", "sum"}
        return called and not _is_duration(value, names)
    if isinstance(value, ast.Name):
        return value.id in names
    return isinstance(value, ast.Constant) and type(value.value) in (int, float)


def _is_duration(value: ast.expr, names: frozenset[str] = frozenset()) -> bool:
    """Tell whether ``value`` is a time, or is reckoned from those called ``names``."""
    if isinstance(value, ast.BinOp):
        return _is_duration(value.left, names) or _is_duration(value.right, names)
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        if value.func.id in {"max", "min"}:
            return any(_is_duration(argument, names) for argument in value.args)
        return value.func.id == "timedelta"
    return isinstance(value, ast.Name) and value.id in names


def _named(kind: Callable[[ast.expr, frozenset[str]], bool]) -> list[Assigned]:
    """Return the constants of a kind, the derived ones too, which are found by the names of the others."""
    names: frozenset[str] = frozenset()
    while True:
        found = [one for one in _assigned() if kind(one.value, names)]
        if names == (names := frozenset(one.name for one in found)):
            return found


def _faults_of(name: str) -> set[str]:
    """Return what the name of a number lacks: the thing, the unit."""
    words = name.strip("_").lower().split("_")
    thing = any(word not in NO_THING | UNITS for word in words)
    unit = any(word in MEASURES | NO_QUANTITY or (word.endswith("s") and len(word) > 2) for word in words)
    return {fault for fault, there in (("thing", thing), ("unit", unit)) if not there}


def _faults_of_duration(name: str) -> set[str]:
    """Return what the name of a time lacks: the thing, the kind of time. Its unit stands in its value."""
    words = name.strip("_").lower().split("_")
    thing = name.strip("_") in CALENDAR_UNITS or any(
        word not in NO_THING | UNITS | DURATIONS for word in words
    )
    return {fault for fault, there in (("thing", thing), ("kind", words[-1] in DURATIONS)) if not there}


@pytest.mark.slow
def test_a_number_names_its_thing_and_its_unit():
    numbers = [one for one in _named(_is_number) if one.name not in NAMES_OF_LINUX]
    assert len(numbers) > 800
    found = {f"{one.path}: {one.name}": _faults_of(one.name) for one in numbers}
    assert {place: faults for place, faults in found.items() if faults} == {}


@pytest.mark.slow
def test_a_time_names_its_thing_and_what_kind_of_time_it_is():
    durations = _named(_is_duration)
    assert len(durations) > 60
    found = {f"{one.path}: {one.name}": _faults_of_duration(one.name) for one in durations}
    assert {place: faults for place, faults in found.items() if faults} == {}


@pytest.mark.slow
def test_a_public_constant_is_defined_once():
    found = defaultdict(list)
    for one in _assigned():
        if not one.name.startswith("_"):
            found[one.name].append(one.path)
    assert len(found) > 1_000
    assert {name: paths for name, paths in found.items() if len(paths) > 1} == {}


@pytest.mark.parametrize(
    ("name", "faults"),
    [
        ("MAX_CHARS", {"thing"}),
        ("MAX_DEPTH", {"thing"}),
        ("NEAR_WORDS", {"thing"}),
        ("DEFAULT_DEADLINE", {"unit"}),
        ("LIKE_KNOWN", {"thing", "unit"}),
        ("MAX_ASKED", {"unit"}),
        ("MAX_NAME_CHARS", set()),
        ("MAX_FEEDS", set()),
        ("REPLY_VERSION", set()),
    ],
)
def test_a_name_without_thing_or_unit_is_found(name, faults):
    assert _faults_of(name) == faults


@pytest.mark.parametrize(
    ("name", "faults"),
    [
        ("SAME_TIME", {"thing"}),
        ("LOOK_BACK", {"thing", "kind"}),
        ("OLD_AFTER", {"thing", "kind"}),
        ("CLAIM_LASTS", {"kind"}),
        ("ONE_DAY", set()),
        ("STORY_SILENCE", set()),
    ],
)
def test_a_time_without_thing_or_kind_is_found(name, faults):
    assert _faults_of_duration(name) == faults


@pytest.mark.parametrize(
    ("value", "number", "duration"),
    [
        ("-1.5", True, False),
        ("60 * 60", True, False),
        ("MAX_FEEDS + 1", True, False),
        ("len(NAMES)", True, False),
        ("timedelta(days=2)", False, True),
        ("2 * RETRY_DELAY", False, True),
        ("max(RETRY_DELAY, timedelta())", False, True),
        ("WORDS | {1}", False, False),
        ("True", False, False),
    ],
)
def test_a_derived_value_is_read_as_what_it_is_derived_from(value, number, duration):
    expression = ast.parse(value, mode="eval").body
    assert _is_number(expression, frozenset({"MAX_FEEDS"})) is number
    assert _is_duration(expression, frozenset({"RETRY_DELAY"})) is duration

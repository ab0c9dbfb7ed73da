"""The pages name modules, functions, tables and terms that exist."""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from bot.cli import app
from bot.store import tables
from tests.conftest import ROOT
from tests.support.calls import Place, calls, can_precede, defined, imports, knows

pytestmark = pytest.mark.slow

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
HISTORY = {"CHANGELOG.md", "DECISIONS.md"}  # they also tell of what was
LIFE = ROOT / "docs" / "life-of-a-briefing.md"
WALKS = ["article", "question"]  # the walks that others name rows of, in the order of the page
STEP = re.compile(r"^\| (\d+) \| `(bot/[^`]+\.py)` \| `([^`]+)` \| ([^|]+) \| (.+) \|$")
START = re.compile(r"(?:(\d+)(?: of the (\w+))?|the clock)")
LINK = re.compile(
    r"(?:, )?(?:then )?(?:as `([\w.]+)`, (?=set))?(set in )?`([\w.]+)`(?: in `(bot/[\w/]+\.py)`)?"
)
ROWS = re.compile(r"(?:\brows? |\()(\d+(?:(?:, | and | to )\d+)*)(?: of the (\w+))?")
ROW_BY_NAME = re.compile(
    r"\brow (\d+)(?: of the (\w+))? \(`([\w.]+)`\)"
)  # of the article where it says no other
IN_FILE = re.compile(r"`([\w.]+)`\s+in\s+`(bot/[\w/]+\.py)`")
PATH = re.compile(r"`((?:bot|tests|benchmarks|config|prompts|docs)/[\w./-]+?)/?`")
DOTTED = re.compile(r"`(bot(?:\.\w+)+)`")


def _named(dotted: str) -> object:
    """Return the module, class, function or method that ``dotted`` names; raises where there is none."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for name in parts[length:]:
            found = getattr(found, name)
        return found
    raise AttributeError(dotted)


@dataclass(frozen=True, slots=True)
class _Link:
    """A function between a caller and the one that is called; ``known_as`` is how the former knows what this one gave it."""

    place: Place
    known_as: str = ""
    sets: bool = False  # it gives the function to the former, and is not called by it


@dataclass(frozen=True, slots=True)
class _Step:
    """One row of a walk; ``walk`` has the rows before it that its numbers may mean."""

    number: int
    place: Place
    caller: str
    said: str
    walk: dict[int, _Step] = field(compare=False, repr=False)
    walks: list[dict[int, _Step]] = field(compare=False, repr=False)

    def __str__(self) -> str:
        return f"row {self.number}, {self.place}"

    def row(self, number: str, of: str | None) -> _Step:
        """Return the row that ``number`` means, ``of`` another walk where one is named."""
        return (self.walks[WALKS.index(of)] if of else self.walk)[int(number)]

    @property
    def named(self) -> list[_Step]:
        """The rows that its sentence names."""
        found = ROWS.findall(self.said)
        return [self.row(number, of) for numbers, of in found for number in re.findall(r"\d+", numbers)]

    @property
    def calling(self) -> _Step | None:
        """The row of its caller; None where nothing of ours calls it, or a function of no row."""
        found = START.match(self.caller)
        return self.row(found[1], found[2]) if found and found[1] else None

    @property
    def links(self) -> list[_Link]:
        """The functions between its caller and itself, in order."""
        found = START.match(self.caller)
        at, before = found.end() if found else 0, self.calling.place.path if self.calling else self.place.path
        links: list[_Link] = []
        while at < len(self.caller):
            one = LINK.match(self.caller, at)
            assert one, f"{self}: {self.caller[at:]!r} cannot be read"
            known_as, sets, name, path = one.groups()
            here = (Place(file, name) for file in (before, self.place.path))
            place = Place(path, name) if path else next((p for p in here if p.exists), Place(before, name))
            assert place.exists, f"{self}: there is no {place}"
            links.append(_Link(place, known_as or "", bool(sets)))
            at, before = one.end(), place.path
        return links


def _steps() -> list[_Step]:
    """Return the rows of all walks, in order."""
    steps: list[_Step] = []
    walks: list[dict[int, _Step]] = []
    for line in LIFE.read_text("utf-8").splitlines():
        if not (found := STEP.match(line)):
            continue
        number = int(found[1])
        if number == 1:
            walks.append({})
        elif number <= steps[-1].number:  # it goes on with the first rows of the walk before
            walks.append({key: step for key, step in walks[-1].items() if key < number})
        step = _Step(number, Place(found[2], found[3]), found[4], found[5], walks[-1], walks)
        walks[-1][number] = step
        steps.append(step)
    return steps


@pytest.mark.parametrize("page", [page for page in PAGES if page.name not in HISTORY], ids=lambda p: p.name)
def test_every_path_and_code_term_of_a_page_exists(page: Path):
    text = page.read_text("utf-8")
    missing = [name for name in PATH.findall(text) if not (ROOT / name).exists()]
    assert missing == []
    for dotted in DOTTED.findall(text):
        assert _named(dotted) is not None


def test_the_table_of_pages_names_every_page():
    table = (ROOT / "README.md").read_text("utf-8").partition("## Documentation")[2]
    named = set(re.findall(r"\]\(([\w./-]+\.md)\)", table))
    assert {page.relative_to(ROOT).as_posix() for page in PAGES} - named == {"README.md"}


def test_every_command_that_a_page_names_exists():
    verbs = {command.name for command in [*app.registered_commands, *app.registered_groups]}
    for page in PAGES:
        named = set(re.findall(r"(?:^|`)wirebrief ([a-z]+)", page.read_text("utf-8"), re.MULTILINE))
        assert named <= verbs, page.name


def test_what_a_page_places_in_a_file_is_there():
    for page in PAGES:
        if page.name not in HISTORY:
            for name, path in IN_FILE.findall(page.read_text("utf-8")):
                assert defined(path, name), f"{page.name}: {name} is not in {path}"


def test_every_function_that_the_life_of_a_briefing_passes_is_in_the_module_named_beside_it():
    steps = _steps()
    assert len(steps) > 60
    assert [str(step) for step in steps if not step.place.exists] == []


def test_the_steps_of_the_life_of_a_briefing_are_numbered_without_a_gap():
    for before, after in pairwise(step.number for step in _steps()):
        assert after in {before + 1, 1, 6}, f"{before} is followed by {after}"


@pytest.mark.parametrize("step", _steps(), ids=str)
def test_the_caller_of_a_step_calls_it_through_the_functions_named_between(step: _Step):
    before = step.calling.place if step.calling else None
    for link in step.links:
        if link.known_as:
            assert before
            assert knows(before.path, link.known_as), f"{before.path} has no {link.known_as}"
        elif before:
            assert not link.sets
            assert calls(before, link.place), f"{before} does not call {link.place}"
        before = link.place
    if before:
        assert calls(before, step.place), f"{before} does not call {step.place}"
    else:
        assert step.caller == "the clock"


def test_the_steps_that_one_function_calls_stand_in_the_order_of_its_calls():
    for first, second in combinations(_steps(), 2):
        caller = first.calling
        same = first.walk is second.walk and caller and caller is second.calling
        called = [(step.links[0].place if step.links else step.place) for step in (first, second)]
        by_name = any(link.known_as for step in (first, second) for link in step.links[:1])
        if same and caller and not by_name and called[0] != called[1]:
            assert can_precede(caller.place, called[0], called[1]), f"{second} runs before {first}"


def test_a_row_that_is_named_by_its_function_as_well_is_the_row_of_that_function():
    found = ROW_BY_NAME.findall(LIFE.read_text("utf-8"))
    assert len(found) >= 5
    walks = _steps()[0].walks
    for number, of, name in found:
        assert walks[WALKS.index(of or "article")][int(number)].place.name == name


def test_every_step_is_told_in_one_short_sentence():
    assert [step.number for step in _steps() if len(step.said) > 150 or not step.said.endswith(".")] == []


def test_every_row_and_name_in_the_sentence_of_a_step_is_there():
    for step in _steps():
        places = [step.place, *(link.place for link in step.links), *(one.place for one in step.named)]
        files = {place.path for place in places} | ({step.calling.place.path} if step.calling else set())
        for name in re.findall(r"`([A-Za-z_][\w.]*)`", IN_FILE.sub("", step.said)):
            # What is only imported there is found in another file, which no reader is told.
            known = any(defined(f, name) or (knows(f, name) and not imports(f, name)) for f in files)
            assert known or any(one.place.name == name for one in step.walks[1].values()), f"{step}: {name}"


def test_the_tables_that_the_life_of_a_briefing_names_exist():
    stored = re.findall(r"^Stored in (.+?)(?:\n\n|\Z)", LIFE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert len(stored) == 6
    known = {table.name for table in tables.metadata.sorted_tables}
    for paragraph in stored:
        for name in re.findall(r"`([a-z_]+)`", paragraph):
            assert name in known, name


def test_every_term_of_the_glossary_has_one_line_and_a_place_in_the_code():
    rows = re.findall(
        r"^\| ([^|-][^|]*) \| ([^|]+) \| ([^|]+) \|$",
        (ROOT / "docs" / "glossary.md").read_text("utf-8"),
        re.MULTILINE,
    )
    terms = [term for term, _, _ in rows if term != "Term"]
    assert len(terms) > 40
    assert len(set(terms)) == len(terms)
    for term, means, code in rows:
        if term != "Term":
            assert len(means) <= 150, term
            assert re.fullmatch(DOTTED, code), f"{term}: {code}"

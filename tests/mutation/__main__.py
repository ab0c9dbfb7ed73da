"""Make faults in a package one at a time and count how many its own tests notice: ``python -m tests.mutation guard``.

    targets.toml ──▶ modules, test files ──operators──▶ mutants ──a process each──▶ killed | survived | known survivor

A mutant is shown to the tests that reach its function; outside of functions, to all of the package. A survivor that changes nothing anybody could see is listed in survivors.toml with its reason, and does not count. The
exit code is 1 when less than the goal of the others is noticed, when a survivor is not listed, or when one that is listed
was noticed.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib
import importlib.machinery
import importlib.util
import os
import resource
import sys
import tempfile
import tomllib
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import entry_points
from operator import itemgetter
from pathlib import Path
from time import monotonic, sleep
from types import CodeType
from typing import Any

import pytest

from tests.mutation.operators import Mutant, mutants
from tests.mutation.selection import Reach, Recorder, read_reach

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SEED = 13
GOAL = 0.9
PATIENCE = 6  # times the computing time of the tests without a fault: more is a fault that was noticed
START_SECONDS = 20  # of computing, to import what the tests need
STUCK = 40  # times their time on the clock
LOADED = "MUTATION_LOADED"  # names the file of what the tests load
REACHED = "MUTATION_REACHED"  # names the file of which test reaches what
OURS = {"bot", "tests", "benchmarks", "__main__", "conftest"}
# Loaded by pytest itself, which wants to be the first to read them.
PLUGINS = (
    "pytest",
    "_pytest",
    "hypothesis",
    "_hypothesis",
    *sorted({point.module.partition(".")[0] for point in entry_points(group="pytest11")}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A package, and the tests that have to notice its faults."""

    name: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]
    options: tuple[str, ...]  # of pytest


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleMutant:
    """A mutant and the module it is of."""

    module: str
    mutant: Mutant


class Mutated(importlib.machinery.SourceFileLoader):
    """Loads a module with its mutant in the place of its code."""

    tree: ast.Module

    def get_code(self, fullname: str) -> CodeType:
        """Compile the mutant; no byte code is read or written."""
        return compile(self.tree, self.path, "exec")


class Finder:
    """Stands before the other finders for one module."""

    def __init__(self, module: str, tree: ast.Module) -> None:
        self.module, self.tree = module, tree

    def find_spec(self, name: str, _path: object = None, _target: object = None):
        """Return where the module is loaded from, if it is ours."""
        if name != self.module:
            return None
        loader = Mutated(name, str(_file(name)))
        loader.tree = self.tree
        return importlib.util.spec_from_file_location(name, _file(name), loader=loader)


def _file(module: str) -> Path:
    return ROOT / (module.replace(".", "/") + ".py")


def read_targets() -> dict[str, Target]:
    """Return the targets, by name."""
    read = tomllib.loads((HERE / "targets.toml").read_text("utf-8"))
    return {
        name: Target(
            name=name,
            modules=tuple(t["modules"]),
            tests=tuple(t["tests"]),
            options=tuple(t.get("options", ())),
        )
        for name, t in read.items()
    }


def reasons() -> dict[tuple[str, str, str], str]:
    """Return why each known survivor is one, by its module, its line of code and its change."""
    read = tomllib.loads((HERE / "survivors.toml").read_text("utf-8"))
    return {
        (group["module"], code, change): group["reason"]
        for group in read.get("survivors", ())
        for code, change in group["mutants"]
    }


def chosen(target: Target, count: int) -> list[ModuleMutant]:
    """Return ``count`` mutants of ``target``, or all: an edit moves those of its own lines, and few others."""
    found = [
        ModuleMutant(module=module, mutant=mutant)
        for module in target.modules
        for mutant in mutants(_file(module).read_text("utf-8"))
    ]
    return sorted(sample(found, count), key=lambda made: (made.module, made.mutant.line))


def sample(found: Sequence[ModuleMutant], count: int) -> list[ModuleMutant]:
    """Return ``count`` of ``found``: those whose module, line of code and change have the lowest hashes."""
    seen: Counter[tuple[str, str, str]] = Counter()
    drawn = []
    for made in found:
        key = _key(made)
        drawn.append((sha256(repr((SEED, *key, seen[key])).encode()).digest(), made))
        seen[key] += 1
    return [made for _, made in sorted(drawn, key=itemgetter(0))[:count]]


def _child(
    target: Target, made: ModuleMutant | None, tests: Sequence[str], options: Sequence[str], seconds: float
) -> None:
    """Run the tests in this process, a fork, and end it: 0 when all passed, 1 when one failed."""
    code = 1
    try:
        sink = os.open(os.devnull, os.O_WRONLY)
        if "MUTANTS_SHOW" not in os.environ:
            os.dup2(sink, 1)
            os.dup2(sink, 2)
        if seconds:
            resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
        if made:
            sys.meta_path.insert(0, Finder(made.module, made.mutant.tree))  # type: ignore[arg-type]
        arguments = [
            *"-x -q -p no:cacheprovider --no-header --tb=line".split(),
            *target.options,
            *options,
            *tests,
        ]
        code = _run(target, arguments) if made is None else int(pytest.main(arguments))
    except BaseException:  # noqa: BLE001 - whatever a fault does, it was noticed
        traceback.print_exc()
    finally:
        os._exit(code)


def _run(target: Target, arguments: list[str]) -> int:
    """Run the tests without a fault; write down what they load and which of them reaches what."""
    recorder = Recorder({str(_file(module)): module for module in target.modules})
    recorder.begin()
    code = int(pytest.main(arguments, plugins=[recorder]))
    recorder.write(Path(os.environ[REACHED]))
    Path(os.environ[LOADED]).write_text("\n".join(sys.modules), "utf-8")
    return code


# A fault, none for the program as it is; the tests it is shown to; and the computing seconds they may take, 0 for any.
Shown = tuple[ModuleMutant | None, Sequence[str], float]


def run_all(
    target: Target,
    found: Sequence[Shown],
    options: Sequence[str],
    *,
    jobs: int,
    clock: float,
):
    """Yield each fault with whether it was noticed, and the computing time it took."""
    waiting, running = list(found), {}
    while waiting or running:
        while waiting and len(running) < jobs:
            made, tests, seconds = waiting.pop(0)
            if not (pid := os.fork()):
                os.setsid()
                _child(target, made, tests, options, seconds)
            running[pid] = (made, monotonic())
        pid, status, used = os.wait3(os.WNOHANG)
        if pid in running:
            made, _ = running.pop(pid)
            yield made, status != 0, used.ru_utime + used.ru_stime
            continue
        for pid, (_, begun) in running.items():
            if clock and monotonic() - begun > clock:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(pid, 9)
        sleep(0.02)


def _load_libraries(modules: Sequence[str]) -> None:
    """Import what the tests import of others' modules: each fork has it then, and only our own is loaded anew."""
    for module in modules:
        if module.partition(".")[0] not in OURS and not module.startswith(PLUGINS):
            with contextlib.suppress(Exception):
                importlib.import_module(module)


def survivors(
    target: Target, found: Sequence[ModuleMutant], reach: Reach, **how: Any
) -> Iterator[ModuleMutant]:
    """Yield those of ``found`` that no test notices: of those that reach their function, else of all of ``target``."""
    shown = []
    for made in found:
        reached = reach.of(made.module, made.mutant)
        seconds = sum(reach.seconds[test] for test in reached or reach.seconds)
        shown.append((made, reached or _mirrored_first(target, made), PATIENCE * seconds + START_SECONDS))
    survived = 0
    for done, (made, noticed, _) in enumerate(run_all(target, shown, **how), 1):
        survived += not noticed
        print(
            f"\r{target.name}: {done} of {len(found)}, {survived} survived",
            end="",
            file=sys.stderr,
            flush=True,
        )
        if not noticed:
            yield made
    print(file=sys.stderr)


def _mirrored_first(target: Target, made: ModuleMutant) -> list[str]:
    mirrored = f"test_{made.module.rpartition('.')[2]}"
    return sorted(target.tests, key=lambda path: Path(path).stem != mirrored)


def score(target: Target, *, count: int, jobs: int, options: Sequence[str]) -> bool:
    """Print the score of ``target`` and every survivor; return whether its goal is reached."""
    known = reasons()
    begun = monotonic()
    with tempfile.TemporaryDirectory() as folder:
        os.environ[LOADED], os.environ[REACHED] = f"{folder}/loaded", f"{folder}/reached"
        ((_, failed, _),) = run_all(target, [(None, target.tests, 0)], options, jobs=1, clock=0)
        if failed:
            print(f"{target.name}: its tests fail without any fault (MUTANTS_SHOW=1 shows them)")
            return False
        _load_libraries(Path(folder, "loaded").read_text("utf-8").split())
        reach = read_reach(Path(folder, "reached"))
        # A fork that cannot run its tests would notice every fault.
        ((_, failed, _),) = run_all(target, [(None, [min(reach.seconds)], 0)], options, jobs=1, clock=0)
        if failed:
            print(f"{target.name}: a fork cannot run {min(reach.seconds)} (MUTANTS_SHOW=1 shows why)")
            return False
    clock = STUCK * (monotonic() - begun)
    found = chosen(target, count)
    how = {"options": options, "jobs": jobs, "clock": clock}
    survived = []
    for made in survivors(target, found, reach, **how):
        survived.append(made)
        _tell(made, known.get(_key(made), "NOT LISTED"))
    # A line may stand in a module twice, of which one lets its fault survive.
    alive = set(map(_key, survived))
    needless = [made for made in found if _key(made) in known and _key(made) not in alive]
    for made in needless:
        _tell(made, "LISTED, BUT NOTICED")
    unlisted = sum(_key(made) not in known for made in survived)
    listed, noticed = len(survived) - unlisted, len(found) - len(survived)
    share = noticed / max(1, len(found) - listed)
    print(
        f"{target.name}: {noticed} of {len(found)} mutants noticed; {listed} change nothing that shows, {unlisted} are not listed, "
        f"{len(needless)} are listed though noticed: {share:.1%}",
        flush=True,
    )
    return share >= GOAL and not unlisted and not needless


def _key(made: ModuleMutant) -> tuple[str, str, str]:
    return made.module, made.mutant.code, made.mutant.change


def _tell(made: ModuleMutant, reason: str) -> None:
    print(f"  {made.module}:{made.mutant.line}: {reason}")
    print(f"    {[made.mutant.code, made.mutant.change]!r}", flush=True)


def main() -> int:
    """Run the targets named on the command line, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__.splitlines()[0])
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--count", type=int, default=150, help="mutants of each target")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given, options = parser.parse_known_args()
    os.chdir(ROOT)
    targets = read_targets()
    ours = [targets[name] for name in given.targets or targets]
    return 0 if all([score(t, count=given.count, jobs=given.jobs, options=options) for t in ours]) else 1


if __name__ == "__main__":
    sys.exit(main())

"""Names of the program: each public class has one of its own, and a constant says what it counts."""

from __future__ import annotations

import re
from collections import defaultdict

from tests.conftest import ROOT

VAGUE = frozenset(
    "NEAR MOST SOON SIP SHOWN READ LONGEST LEAST ENOUGH FEW MANY SLOW SHORT LATE EARLY LOOK LOOKED_AT PATIENCE ALIKE AHEAD BATCH"
    " SECOND OFTEN TURN FIRST HOUR BANNED WIDTH SUBJECT TITLE MARGIN MAX_READ ZONES NEXT RECENT LISTED CHANNEL BUSY LONG_AGO".split()
)
MODULES = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for path in sorted((ROOT / "bot").rglob("*.py"))
}


# What begins a line stands at the top of its module.
PUBLIC_CLASS = re.compile(r"^class ([^_\W]\w*)", re.MULTILINE)
CONSTANT = re.compile(r"^([A-Za-z_]\w*)(?:: [^=\n]+)? = ", re.MULTILINE)


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

"""A translation is refused for what changed in it, and not for being in another language."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from hypothesis import assume, given
from hypothesis import strategies as st

from bot.evidence.translation.check import translation_fault
from bot.evidence.translation.numbers import months_in, numbers_in
from bot.model.update import LineKind

FOLDER = Path(__file__).parent
ROWS = tomllib.loads((FOLDER / "pairs.toml").read_text("utf-8"))["row"]
PLANTED = tomllib.loads((FOLDER / "planted.toml").read_text("utf-8"))["planted"]
FREE_ROWS = tomllib.loads((FOLDER / "free_pairs.toml").read_text("utf-8"))["row"]
FREE_PLANTED = tomllib.loads((FOLDER / "free_planted.toml").read_text("utf-8"))["planted"]
OTHERS = ("es", "fr", "de", "it", "pt", "tr")
MAX_REFUSED_SHARE = 0.03  # of true translations
MIN_CAUGHT_SHARE = 0.9  # of planted faults


def true_pairs(rows) -> Iterator[tuple[str, str, str, str, LineKind]]:
    """Yield original, translation, their languages and the kind of each pair with English on one side."""
    for row in rows:
        for other in OTHERS:
            for source, target in (("en", other), (other, "en")):
                yield row[source], row[target], source, target, LineKind(row["kind"])


def free_pairs() -> Iterator[tuple[str, str, str, str, LineKind]]:
    """Yield original, translation, their languages and the kind of each pair that was translated freely."""
    for row in FREE_ROWS:
        for target in row.keys() - {"kind", "source", row["source"]}:
            yield row[row["source"]], row[target], row["source"], target, LineKind(row["kind"])


TRUE_PAIRS = list(true_pairs(ROWS))


def fault(original, text, source, target, kind=LineKind.FACT, names=()):
    return translation_fault(original, text, source=source, target=target, kind=kind, names=names)


accepted = st.sampled_from(TRUE_PAIRS).filter(lambda pair: not fault(*pair))


def planted(one) -> tuple[str, str, str, str, LineKind]:
    row = next(row for row in ROWS if row["en"].startswith(one["of"]))
    line = row[one["target"]]
    assert one["old"] == "*" or one["old"] in line, one
    text = one["new"] if one["old"] == "*" else line.replace(one["old"], one["new"], 1)
    return row[one["source"]], text, one["source"], one["target"], LineKind(row["kind"])


def test_rule_15_true_translations_are_accepted():
    refused = [(why, *pair) for pair in TRUE_PAIRS if (why := fault(*pair))]
    assert len(TRUE_PAIRS) >= 60
    assert len(refused) <= MAX_REFUSED_SHARE * len(TRUE_PAIRS), refused


def free_planted(one) -> tuple[str, str, str, str, LineKind]:
    _, of, target, old, new = one
    (row,) = (row for row in FREE_ROWS if row[row["source"]].startswith(of))
    assert old in row[target], one
    text = row[target].replace(old, new, 1)
    return row[row["source"]], text, row["source"], target, LineKind(row["kind"])


def test_rule_15_free_translations_are_accepted():
    refused = [(why, *pair) for pair in free_pairs() if (why := fault(*pair))]
    assert len(refused) <= MAX_REFUSED_SHARE * len([*free_pairs()]), refused


def test_rule_15_faults_planted_into_free_translations_are_caught():
    missed = [one for one in FREE_PLANTED if not fault(*free_planted(one))]
    assert len(missed) <= (1 - MIN_CAUGHT_SHARE) * len(FREE_PLANTED), missed


def test_rule_15_planted_faults_are_caught():
    missed = [one for one in PLANTED if not fault(*planted(one))]
    assert len(PLANTED) >= 60
    assert len(missed) <= (1 - MIN_CAUGHT_SHARE) * len(PLANTED), missed


@given(accepted, st.integers(2, 10**7))
def test_rule_15_a_number_that_is_added_is_refused(pair, number):
    original, text, source, target, kind = pair
    assume(
        not any(Decimal(number) in one.values for one in numbers_in(original, language=source, strict=False))
    )
    assume(number not in months_in(original, language=source))
    assert fault(original, f"{text.rstrip('.')} {number}", source, target, kind) in {"number", "length"}


@given(accepted, st.data())
def test_rule_15_a_digit_that_is_changed_is_refused(pair, data):
    original, text, source, target, kind = pair
    places = [i for i, char in enumerate(text) if char.isdigit()]
    assume(places)
    at = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([d for d in "123456789" if d != text[at]]))
    # An hour of the other half of the day is the same time.
    assume(":" not in text + original)
    assert fault(original, f"{text[:at]}{digit}{text[at + 1 :]}", source, target, kind)


@given(accepted)
def test_rule_15_the_original_is_no_translation_of_itself(pair):
    original, _, source, target, kind = pair
    assume(kind is not LineKind.LABEL)
    assert fault(original, original, source, target, kind)


@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from(OTHERS))
def test_rule_15_any_two_texts_are_compared(original, text, target):
    assert isinstance(fault(original, text, "en", target), str)

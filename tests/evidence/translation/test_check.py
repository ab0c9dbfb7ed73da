"""A translation is refused for what changed in it, and not for being in another language."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.evidence.translation.check import SPARE_CHARS, translation_fault
from bot.evidence.translation.numbers import months_in, numbers_in
from bot.model.update import LineKind
from tests.support.running.rows import each_row

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
        for target in row.keys() - {"kind", "source", "refused", row["source"]}:
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_rule_15_free_translations_are_accepted():
    refused = {(pair[0], pair[3]): why for pair in free_pairs() if (why := fault(*pair))}
    known = {(row[row["source"]], target) for row in FREE_ROWS for target in row.get("refused", ())}
    assert refused.keys() == known, refused
    assert len(known) <= MAX_REFUSED_SHARE * len([*free_pairs()])


@pytest.mark.slow
def test_rule_15_faults_planted_into_free_translations_are_caught():
    missed = [one for one in FREE_PLANTED if not fault(*free_planted(one))]
    assert missed == [one for one in FREE_PLANTED if one[0].endswith(", missed")]
    assert len(missed) <= (1 - MIN_CAUGHT_SHARE) * len(FREE_PLANTED)


@pytest.mark.slow
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


@pytest.mark.slow
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


@each_row(
    ("original", "target", "text", "why"),
    [
        ("It opened.", "de", "", "empty"),
        ("It opened.", "de", "Es <b>öffnete</b>.", "markup"),
        ("It opened.", "de", "Es\nöffnete.", "markup"),
        ("a" * 20, "de", "b" * (20 + SPARE_CHARS), ""),
        ("a" * 20, "de", "b" * (21 + SPARE_CHARS), "length"),
        ("a" * 100, "de", "b" * 180, ""),
        ("a" * 100, "de", "b" * 181, "length"),
        ("a" * 100, "de", "b" * 50, ""),
        ("a" * 100, "de", "b" * 49, "length"),
        ("a" * 60, "de", "b" * 20, ""),
        ("a" * 60, "de", "b" * 19, "length"),
        ("a" * 190, "de", "b" * 250, ""),
        ("a" * 190, "de", "b" * 251, "length"),
        ("Nordkran Velmar Lie", "de", "Nordkran Velmar Lie", ""),
        ("Nordkran velmar lie sol", "de", "Nordkran velmar lie sol", "untranslated"),
        ("5 of the 5 came back.", "de", "Die 5 kamen zurück.", ""),
        ("5 came back.", "de", "6 kamen zurück.", "number"),
        ("It rose 5%.", "de", "Es stieg um 5 Punkte.", "unit"),
        ("It broke on Friday night.", "de", "Es brach in der Nacht zum Samstag.", ""),
        ("It broke on Friday night.", "de", "Es brach in der Nacht zum Freitag.", ""),
        ("It broke on Friday night.", "de", "Es brach in der Nacht zum Sonntag.", "day"),
        ("It broke on Friday night.", "de", "Es brach in der Nacht zum Donnerstag.", "day"),
        ("It broke on Friday night.", "fr", "Il s'est rompu dans la nuit de vendredi à samedi.", ""),
        ("It broke on Saturday night.", "fr", "Il s'est rompu dans la nuit de vendredi à samedi.", ""),
        ("It broke on Friday night.", "fr", "Il s'est rompu dans la nuit de vendredi à dimanche.", "day"),
        ("It broke on Friday night.", "fr", "Il s'est rompu dans la nuit de samedi.", "day"),
        ("It broke on Friday night.", "fr", "Il s'est rompu vendredi et samedi.", "day"),
        ("It broke on Sunday night.", "de", "Es brach in der Nacht zum Montag.", ""),
        ("He said “yes”.", "de", "Er sagte ja.", "quotation"),
        ("He did not come.", "de", "Er kam.", "negation"),
        ("He refused to come.", "de", "Er kam.", "negation"),
        ("He refused to come.", "de", "Er weigerte sich zu kommen.", ""),
        (
            "He dismissed it and had nothing to do with it.",
            "de",
            "Er wies es ab und hatte damit zu tun.",
            "negation",
        ),
        ("It broke, he said.", "de", "Es brach.", "claimant"),
        ("It broke, a boy said.", "de", "Ein Junge: Es ist gebrochen.", ""),
    ],
)
def test_rule_15_a_fault_has_its_reason(original, target, text, why):
    assert fault(original, text, "en", target) == why
    if " " in text and why != "markup":
        assert fault(text, original, target, "en") == why


def test_rule_15_a_name_that_is_lost_is_a_fault_where_it_is_known_or_another_came():
    for text, names, why in (
        ("Il a quitté la ville.", {"pune"}, "name"),
        ("Il a quitté la ville.", set(), ""),
        ("Il a quitté Delhi.", set(), "name"),
    ):
        assert fault("It left Pune.", text, "en", "fr", names=names) == why
    assert fault("It left Pune.", "Es verließ die Stadt.", "en", "de") == "name"


def test_rule_15_a_label_may_name_nobody_who_says_it():
    assert fault("she said", "sie", "en", "de", LineKind.FACT) == "claimant"
    assert not fault("she said", "sie", "en", "de", LineKind.LABEL)


def test_rule_15_a_word_without_end_is_read_in_one_pass():
    word, begun = "a" * 150, time.thread_time()
    said = f"{word} sank am Montag, sagte der Bürgermeister"
    assert not fault(f"{word} sank, the mayor said on Monday", said, "en", "de", LineKind.FACT)
    # A twentieth of a second; half a minute where each way to part the word is tried.
    assert time.thread_time() - begun < 2

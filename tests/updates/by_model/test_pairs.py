"""A model is asked about a new fact where known lines may hold all of it, and about none that has a number or day of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.evidence.labels import LabelledFact
from bot.evidence.proposed import FieldKind, ProposedField
from bot.language.similarity import similarity
from bot.language.words import content_terms
from bot.model.ledger import line_id
from bot.model.news import Citation
from bot.stories.fold import fold
from bot.updates.by_model.pairs import (
    MAX_COMPARED_LINES,
    MAX_PAIRS,
    MIN_FURTHER_SIMILARITY,
    KnownLine,
    lines_of,
    pair_lines,
    pairs_of,
    said_new,
)
from bot.updates.by_model.reply import UpdateReply
from tests.flows.ferry import ARTICLES
from tests.updates.made import STORY, fact, headline, status, update

NOW = datetime(2031, 9, 19, 12, tzinfo=UTC)
SHOOTING = "At least 59 people were killed and 527 hurt in a shooting at an open-air festival in Las Palomas, near the Bay Resort."


def label(text, *, days_before=0, **changes):
    return LabelledFact(text=text, reported_at=NOW - timedelta(days=days_before), **changes)


def known(*texts, days_before=1):
    return [KnownLine(id=f"f{i}", label=label(text, days_before=days_before)) for i, text in enumerate(texts)]


def paired(text, lines, *, named=""):
    """Return the known lines with which a fact is paired."""
    pairs = pairs_of({"facts[0]": (label(text), named)}, lines)
    return [line.label.text for pair in pairs for line in pair.known]


def test_a_fact_in_quite_other_words_is_asked_about():
    line = "Astrophysicists at the University of Brekk used data from the Sandra telescope to find the new population of planets."
    new = "With a technique called microlensing, scientists identified distant worlds in data from the Sandra telescope."
    assert paired(new, known("The mayor resigned.", line)) == [line]
    assert paired("The mayor's dog barked all night.", known(line)) == []


def test_what_readers_have_had_is_facts_also_replaced_ones_statuses_and_the_headline():
    first = update(
        "u1",
        headline=headline("Talks open"),
        status=status("Wage talks have opened"),
        facts=(fact("f1", "12 crews strike."),),
    )
    later = update(
        "u2",
        day=1,
        headline=headline("Talks go on"),
        status=status("Wage talks go on", day=1),
        facts=(fact("f2", "15 crews strike.", supersedes="f1"),),
    )
    ledger = fold(STORY, [first, later])
    assert {line.id: line.label.text for line in lines_of(ledger)} == {
        "f1": "12 crews strike.",
        "f2": "15 crews strike.",
        line_id("Wage talks have opened"): "Wage talks have opened",
        line_id("Wage talks go on"): "Wage talks go on",
        line_id("Talks go on"): "Talks go on",
    }
    assert all(line.label.reported_at for line in lines_of(ledger))


def test_a_fact_that_was_a_headline_is_asked_about():
    ledger = fold(STORY, [update("u1", headline=headline("59 dead, 527 hurt in Las Palomas shooting"))])
    (pair,) = pairs_of({"facts[0]": (label(SHOOTING), "")}, lines_of(ledger))
    assert pair.known[0].id == line_id("59 dead, 527 hurt in Las Palomas shooting")


def test_the_compared_lines_are_those_that_together_say_most_of_it():
    alike = "A shooting at an open-air festival near the Bay Resort in Las Palomas is investigated."
    nearly = "A shooting at an open-air festival near the Bay Resort in Las Palomas was filmed."
    counts = "59 people were killed and 527 were hurt, the police said."
    assert paired(SHOOTING, known(alike, nearly, counts)) == [alike, counts]


WALKOUT = "Crews of Orsund Line walked out in Brekk over pay, night shifts and the loss of their meals."


def test_what_shares_few_words_with_every_line_is_asked_about_by_nobody():
    line = "The crews have a new leader, Tove Lind of Brekk, since the spring."
    assert similarity(WALKOUT, line) > MIN_FURTHER_SIMILARITY
    assert paired(WALKOUT, known(line)) == []


def test_the_first_of_the_compared_lines_is_the_most_alike_whatever_another_holds():
    short = "Crews of Orsund Line walked out in Brekk."
    long = (
        "Pay, night shifts, the loss of meals and a line of other demands were on a long list that harbour pilots, tug "
        "captains, engineers, cooks, stewards and dockers of eleven ports handed to ministers, mayors, owners, insurers "
        "and bankers before winter storms began to shut quays, bridges, locks and markets along the northern coast."
    )
    assert paired(WALKOUT, known(long, short)) == [short, long]


def test_a_further_line_holds_at_least_two_words_more():
    first = "Crews of Orsund Line walked out in Brekk."
    two, one = "Night shifts were cut.", "Pay was cut."
    assert paired(WALKOUT, known(first, two, one)) == [first, two]
    assert paired(WALKOUT, known(first, one)) == [first]


def test_few_lines_are_compared_and_the_last_gives_way_to_one_with_a_number_that_they_lack():
    first, second, third = (
        "Crews of Orsund Line walked out.",
        "Night shifts at Brekk.",
        "Loss of meals over pay.",
    )
    count = "12 walked."
    assert paired(WALKOUT, known(first, second, third, "Meals and pay.")) == [first, second, third]
    kept = paired(f"{WALKOUT[:-1]} at 12.", known(first, second, third, count))
    assert (kept[0], kept[2], len(kept)) == (first, count, MAX_COMPARED_LINES)


def test_a_line_with_the_number_that_the_others_lack_is_among_the_compared():
    new = "The flight from Osby to Brekk left 40 minutes late because of heavy snow on the northern runway."
    lines = known(
        "The flight from Osby to Brekk was late.",
        "Heavy snow fell on the northern runway.",
        "A flight was delayed by 40 minutes.",
    )
    assert lines[2].label.text in paired(new, lines)
    assert paired(new, lines[:2]) == []


def test_nothing_is_asked_of_a_fact_with_a_number_or_a_day_of_its_own():
    lines = known("A missile flew over Tarsk on Monday 1 September.", days_before=17)
    assert paired(
        "A missile flew over Tarsk early on Monday 1 September, the army said on Tuesday 2 September.", lines
    )
    assert not paired("A missile flew over Tarsk on Wednesday 17 September.", lines)
    assert not paired("3 missiles flew over Tarsk on Monday 1 September.", lines)


def test_of_too_many_pairs_the_most_alike_are_asked_about_in_the_order_of_the_reply():
    lines = known("Crews of the ferry went on strike in Brekk for more pay.")
    new = {f"facts[{i}]": (label("Crews went on strike in Brekk today."), "") for i in range(MAX_PAIRS)}
    exact = {"facts[98]": (label(lines[0].label.text), ""), "facts[99]": (label("Crews went on strike."), "")}
    fields = [pair.field for pair in pairs_of(new | exact, lines)]
    assert len(fields) == MAX_PAIRS
    assert fields[-1] == "facts[98]"
    assert fields == sorted(fields, key=lambda name: int(name[6:-1]))


FIELD = ProposedField(
    path="facts[0]",
    kind=FieldKind.FACT,
    text="Orsund Line made the crews an offer of 3 percent.",
    who="Arne Holt",
    citations=(Citation(article_id=ARTICLES[0].id, sentences=(3,)),),
)
AT_HAND = {(a.id, a.revision): a for a in ARTICLES}


def new_of(*, text=FIELD.text, relation="new", named=""):
    reply = UpdateReply.model_validate(
        {"facts": [{"text": text, "relation": relation, "known": named, "cite": [3]}]}
    )
    (offered,) = fold(
        STORY, [update("u1", facts=(fact("f1", "Orsund Line had offered 3 percent.", claimant="Arne Holt"),))]
    ).facts
    return said_new(reply, [replace(FIELD, text=text)], known={"F1": offered}, articles=AT_HAND)


def test_a_fact_that_a_reply_says_is_known_is_asked_about_where_the_check_of_its_label_does_not_agree():
    (new, named) = new_of(
        relation="restates", named="F1", text="The company would give its staff a little more."
    )["facts[0]"]
    assert (new.claimant, named) == ("Arne Holt", "f1")
    offered = KnownLine(id="f1", label=label("Orsund Line had offered 3 percent."))
    lines = [*known("The mayor resigned."), offered]
    assert paired(new.text, lines, named="f1") == [offered.label.text]
    assert new_of(relation="restates", named="F1", text="Orsund Line had offered 3 percent.") == {}
    assert new_of(relation="supersedes", named="F1") == {}


def test_a_new_fact_is_read_by_the_day_of_its_article():
    (new, named) = new_of()["facts[0]"]
    assert (new.reported_at.date(), named) == (date(2025, 3, 3), "")


def test_a_line_of_long_ago_is_shown_with_its_age():
    old, lately = (
        known("A missile flew over Tarsk.", days_before=17),
        known("A missile flew over Tarsk.", days_before=2),
    )
    new = {"facts[0]": (label("A missile flew over Tarsk again."), "")}
    assert pair_lines(pairs_of(new, old)).splitlines() == [
        "facts[0]: A missile flew over Tarsk again.",
        "  known 17 days before: A missile flew over Tarsk.",
    ]
    assert pair_lines(pairs_of(new, lately)).splitlines()[1] == "  known: A missile flew over Tarsk."
    assert pair_lines(()) == "none"


TEXTS = st.lists(
    st.sampled_from("crews ferry Osby strike 12 40 Holt said pay more union never".split()),
    min_size=1,
    max_size=9,
).map(" ".join)


@given(text=TEXTS, lines=st.lists(TEXTS, max_size=6, unique=True))
def test_whatever_is_known_the_compared_lines_are_few_and_begin_with_one_most_alike(text, lines):
    found = paired(text, known(*lines))
    assert len(found) <= MAX_COMPARED_LINES
    assert len(set(found)) == len(found)
    assert set(found) <= set(lines)
    if found and text in lines:
        assert set(content_terms(text)) <= set(content_terms(found[0]))

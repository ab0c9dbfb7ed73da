"""The evidence check: what passes, what fails and why, statement beside sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evidence.check import MAX_CHECKED_STATEMENT_CHARS, check_statement
from bot.evidence.reasons import REASONS, advise, explain
from bot.language.numbers import find_numbers
from bot.language.sentences.quotations import plain, quotations
from bot.model.news import Citation
from bot.model.record import Verdict
from tests.evidence.checking import PUBLISHED, article, check
from tests.support.running.rows import each_row

CARRIED = [
    ("Two thousand people fled.", "Some 2,000 people fled the harbour on Monday."),
    ("The group lost $5bn in a year.", "The group lost $5 billion in a year, it said in its filing."),
    ("Prices rose 4%.", "Prices rose four per cent last month."),
    ("The bridge is 425 metres long.", "The bridge, 425m long, was closed."),
    ("The strait was closed on 7 July.", "The strait was closed on Monday."),
    ("The ferry left at 5:30 p.m.", "The ferry left at 5.30pm with 40 on board."),
    ("American officials met Kestrel Shipping on Monday.", "U.S. officials met Kestrel Shipping on Monday."),
    ("The United States backed the plan.", "The American government backed the plan."),
    ("Mara Lindqvist was fired by the board.", "The board fired Mara Lindqvist over the losses."),
    ("Lindqvist called the offer “a bad joke”.", 'Mara Lindqvist called the offer "a bad joke" in parliament.'),
    ("The deal could collapse, analysts said.", "Analysts said that the deal could collapse within days."),
    ("The port will not reopen this week.", "The port won't reopen this week."),
    ("Talks are expected to resume on Friday.", "Negotiators expect talks to resume on Friday."),
    ("Despite the storm, the ferry left on time.", "The ferry left on time for all the storm."),
    ("The Supreme Court stayed the order, the International Ferry Union said.", "The Supreme Court stayed the order, the IFU said."),
    ("Storm Ilsa: search for the missing ended, chief Ole Brandt said.", "The port opened two days after Storm Ilsa. Civil protection chief Ole Brandt said the search for the missing had ended."),
    ("The Brandt-led crews met.", "Crews led by Ole Brandt met."),
    ("The firm paid ₹42,500 crore.", "The firm paid Rs 42,500 crore for the yard."),
    ("The toll of Covid rose.", "The toll of COVID-19 rose by 3%."),
    ("The yard was sold in 2028.", "The yard was sold after the 2028 general election."),
    ("The custom began in the early 2000s.", "The custom began in early 2000 at the harbour."),
    ("It is unknown whether the port will reopen.", "It is not known whether the port will reopen."),
    ("The rule prohibits the crews from leaving the port.", "Under the rule the crews cannot leave the port."),
    ("Brandt beat Lund 6-3, 6-4 to reach the final.", "Brandt beat Lund 6-3, 6-4 and reached the final, his first since two in 2029."),
    ("Keep the admit card, ensuring their admit card is at hand.", "The union told crews to keep the admit card at hand, Lund said."),
]  # fmt: skip


@each_row(("statement", "sentence"), CARRIED)
def test_what_the_sentence_carries_in_other_words_passes(statement: str, sentence: str):
    verdict = check(statement, sentence)
    assert verdict.passed, (verdict.reason, verdict.words)


NOT_CARRIED = [
    ("counted", "Forty-nine people died.", "Of the 49 held, 27 people died."),
    ("number", "Some 3,000 people fled the harbour.", "Some 2,000 people fled the harbour."),
    ("counted", "The strikers won 26-24.", "The strikers won 24-26."),
    ("counted", "Fewer than 200 people fled.", "More than 200 people fled."),
    ("number", "Prices rose $4.", "Prices rose 4 percent."),
    ("number", "The fund lost 5 million euros.", "The fund lost $5 million."),
    ("number", "The S9 will be sold in May.", "The S8 will be sold in May."),
    ("date", "The strait was closed on 8 July.", "The strait was closed on Monday."),
    ("date", "The strait was closed on Tuesday.", "The strait was closed on Monday."),
    ("date", "The plant opened in 2027.", "The plant opened in 2028."),
    ("number", "The ferry left at 6:30 p.m.", "The ferry left at 5:30 p.m."),
    ("name", "The board fired Ole Brandt over the losses.", "The board fired Mara Lindqvist over the losses."),
    ("name", "The Swedish board fired Mara Lindqvist.", "The Norwegian board fired Mara Lindqvist."),
    ("quote", "Lindqvist called the offer “a sad joke”.", "Lindqvist called the offer “a bad joke”."),
    ("quote", "Lindqvist called the offer “bad”.", "Lindqvist called the bad offer “a joke”."),
    ("negation", "The port will not reopen this week.", "The port will reopen this week."),
    ("negation", "The port will reopen this week.", "The port will not reopen this week."),
    ("negation", "The crew reached the shore.", "The crew failed to reach the shore."),
    ("negation", "The union refused the offer of the yard.", "The union took the offer of the yard at once."),
    ("number", "The firm paid Rs 42,500 lakh.", "The firm paid Rs 42,500 crore for the yard."),
    ("number", "The Kestrel-3 was launched.", "The Kestrel-2 was launched in May."),
    ("number", "The custom began in the early 1990s.", "The custom began in early 2000 at the harbour."),
    ("counted", "Brandt beat Lund 6-4, 6-3.", "Brandt beat Lund 4-6, 3-6."),
    ("counted", "The yard has 12 cranes and 40 boats.", "The yard has 40 cranes and 12 boats."),
    ("hedge", "The deal will collapse within days.", "The deal may collapse within days."),
    ("hedge", "The minister stole the funds.", "The minister allegedly stole the funds."),
    ("hedge", "Talks will resume on Friday.", "Talks are expected to resume on Friday."),
    ("hedge", "The port may be closed for weeks.", "The port is closed for weeks."),
    ("speaker", "Mara Lindqvist accused Ole Brandt of fraud.", "Ole Brandt accused Mara Lindqvist of fraud."),
    ("swapped", "Ole Brandt was sued for fraud by Mara Lindqvist.", "Ole Brandt sued Mara Lindqvist for fraud."),
    ("swapped", "Mara Lindqvist beat Ole Brandt in May.", "Ole Brandt beat Mara Lindqvist in May."),
    ("speaker", "Sweden is to blame, Lindqvist said.", "Sweden is to blame, Brandt said after Lindqvist left."),
    ("claimant", "Twenty-seven hostages are dead.", "Twenty-seven hostages are dead, the military said."),
    ("uncovered", "The harbour was rebuilt after the storm.", "Engineers praised the tram timetable."),
]  # fmt: skip


@each_row(("reason", "statement", "sentence"), NOT_CARRIED)
def test_what_the_sentence_does_not_carry_fails_with_its_reason(reason: str, statement: str, sentence: str):
    verdict = check(statement, sentence)
    assert not verdict.passed
    assert verdict.reason == reason
    assert verdict.words
    assert all(word in explain(verdict) for word in verdict.words)


def test_a_passive_may_be_told_as_an_active():
    assert check("Ole Brandt accused Mara Lindqvist.", "Mara Lindqvist was accused by Ole Brandt.").passed


def test_a_name_may_stand_for_he_where_the_sentence_before_names_him():
    said = ("Ole Brandt flew to Oslo.", "He offered a ceasefire to the crews.")
    assert check("Brandt offered a ceasefire to the crews.", *said, cited=(2,)).passed


@pytest.mark.parametrize(
    "sentence",
    [
        "The firm sent robots in an unsuccessful effort to close the valve.",
        "Robots tried in vain to close the valve.",
    ],
)
def test_an_effort_without_success_is_a_failure(sentence: str):
    assert check("Robots failed to close the valve.", sentence).passed
    assert check("Robots closed the valve.", sentence).reason == "negation"


def test_a_denial_in_a_cited_sentence_about_something_else_changes_nothing():
    said = (
        "The ferry firm sells all its old boats this summer.",
        "The ministry of trade did not sell bonds in May.",
    )
    assert check("The ferry firm sells all its old boats.", *said).passed


def test_a_denial_left_out_is_found_among_several_sentences():
    said = ("The ferry firm met its crews on Monday.", "The ferry firm did not sell its old boats.")
    assert check("The ferry firm sold its old boats.", *said).reason == "negation"


def test_a_word_that_judges_needs_a_sentence_that_does():
    said = "The ministry of trade closed the yard of Norvik on Monday after a vote."
    verdict = check("The ministry of trade recklessly closed the yard of Norvik after a vote.", said)
    assert (verdict.reason, verdict.words) == ("slant", ("recklessly",))
    judged = "“A reckless step”, the union called it when the ministry of trade closed the yard of Norvik."
    assert check(
        "The ministry of trade recklessly closed the yard of Norvik after a vote.", said, judged, cited=(1,)
    ).passed


def test_a_name_glued_to_the_heading_before_it_is_read():
    said = "Strike UpdatesOle Brandt has revealed that he keeps the yard in Norvik."
    assert check("Ole Brandt disclosed that he keeps the yard in Norvik.", said).passed


def test_a_country_behind_a_court_may_come_from_the_rest_of_the_article():
    said = ("The Supreme Court stayed the order.", "Courts in Norway are slow.")
    assert check("The Supreme Court of Norway stayed the order.", *said, cited=(1,)).passed
    assert check("The Supreme Court of Sweden stayed the order.", *said, cited=(1,)).reason == "name"


def test_a_number_is_not_taken_from_the_sentence_before():
    said = ("The crews want 40 boats.", "Ole Brandt offered a ceasefire to the crews.")
    verdict = check("Ole Brandt offered the crews 40 times a ceasefire.", *said, cited=(2,))
    assert (verdict.passed, verdict.reason) == (False, "number")


def test_a_full_name_may_be_told_where_the_article_has_it():
    said = (
        "Ole Brandt flew to Oslo.",
        "The crews met.",
        "They left.",
        "They sang.",
        "Brandt offered a ceasefire.",
    )
    assert check("Ole Brandt offered a ceasefire.", *said, cited=(5,)).passed


def test_a_claimant_beside_the_statement_is_enough():
    sentence = "Twenty-seven hostages are dead, the military said."
    assert check("Twenty-seven hostages are dead.", sentence, claimant="the military").passed
    assert (
        check("Twenty-seven hostages are dead.", sentence, claimant="the unions").reason == "wrong_claimant"
    )


def test_a_headline_needs_no_claimant():
    assert check(
        "Twenty-seven hostages dead", "Twenty-seven hostages are dead, the military said.", field="headline"
    ).passed


def test_police_on_matters_of_routine_need_not_be_named():
    assert check(
        "The road was closed for two hours.", "The road was closed for two hours, police said."
    ).passed


def test_two_cited_sentences_may_carry_a_clause_each():
    said = ("The ferry sank off Norvik on Monday.", "Divers found the black box on Tuesday.")
    assert check(
        "The ferry sank off Norvik on Monday, and divers found the black box on Tuesday.", *said
    ).passed


def test_one_clause_put_together_from_two_sentences_is_fused():
    said = (
        "The ministry of fisheries opened a costly laboratory in Norvik harbour.",
        "A private shipping company polluted northern beaches with crude oil.",
    )
    verdict = check("The costly fisheries ministry polluted northern beaches.", *said)
    assert (verdict.passed, verdict.reason) == (False, "fused")


def test_a_wrong_citation_is_repaired_by_the_sentence_that_carries_it():
    said = ("Engineers praised the tram timetable.", "The ferry sank off Norvik with 40 people on board.")
    verdict = check("The ferry sank off Norvik with 40 people on board.", *said, cited=(1,))
    assert verdict.passed
    assert verdict.repaired
    assert verdict.citations == (Citation(article_id="a", sentences=(2,)),)


def test_a_repair_uses_only_sentences_that_were_given():
    said = ("Engineers praised the tram timetable.", "The ferry sank off Norvik with 40 people on board.")
    shown = {("a", 1): frozenset({1})}
    assert not check(
        "The ferry sank off Norvik with 40 people on board.", *said, cited=(1,), given=shown
    ).passed


@pytest.mark.parametrize(
    "citation",
    [Citation(article_id="b", sentences=(1,)), Citation(article_id="a", revision=2, sentences=(1,)), Citation(article_id="a", sentences=(7,)), Citation(article_id="a", sentences=())],
)  # fmt: skip
def test_what_cites_nothing_given_fails_or_is_repaired(citation: Citation):
    told = {("a", 1): article("The ferry sank off Norvik with 40 people on board.")}
    assert check_statement("Engineers praised trams.", [citation], articles=told).reason == "unknown_citation"
    assert check_statement("The ferry sank off Norvik.", [citation], articles=told).repaired


def test_yesterday_is_understood_by_the_day_the_briefing_is_made():
    sentence = "The strait was closed on Tuesday."
    assert check("The strait was closed yesterday.", sentence, made_at=PUBLISHED).passed
    later = datetime(2031, 7, 11, 6, 0, tzinfo=UTC)
    assert check("The strait was closed yesterday.", sentence, made_at=later).reason == "date"


def test_a_quotation_may_begin_with_a_small_letter_and_run_over_a_full_stop():
    said = ("“It is a ten,” said Mara Lindqvist.", "“It affects us all. Nobody can mend it.”")
    text = "Mara Lindqvist said “it affects us all. Nobody can mend it”."
    assert check(text, *said, cited=(1, 2)).reason != "quote"
    assert check("Mara Lindqvist said “it affects all of us”.", *said, cited=(1, 2)).reason == "quote"


def test_a_quote_field_must_be_verbatim_as_a_whole():
    sentence = "“We have run out of time — and of fuel,” said Brandt."
    assert check("We have run out of time - and of fuel", sentence, field="quote").passed
    assert check("We ran out of time", sentence, field="quote").reason == "quote"


def test_a_role_stands_as_printed_beside_the_name():
    sentence = "Mara Lindqvist, the harbour master of Norvik, resigned after Ole Brandt left."
    assert check("Mara Lindqvist: harbour master of Norvik", sentence, field="role").passed
    assert check("Mara Lindqvist: head of the harbour", sentence, field="role").reason == "role"
    assert check("Mara Lindqvist: mayor", sentence, field="role").reason == "role"


def test_a_figure_needs_its_number_what_it_counts_and_its_claimant():
    sentence = "Of the 49 hostages, 27 are dead, the military says."
    assert check("27 dead", sentence, field="figure", claimant="the military").passed
    assert check("49 dead", sentence, field="figure", claimant="the military").reason == "counted"
    assert check("27 wounded", sentence, field="figure", claimant="the military").reason == "uncovered"
    assert check("27 dead", sentence, field="figure").reason == "claimant"


@pytest.mark.parametrize("text", ["", "   ", "…", "——"])
def test_an_empty_statement_fails(text: str):
    assert check(text, "The ferry sank.").reason == "empty"


def test_a_statement_past_the_limit_is_not_read():
    assert check("a " * MAX_CHECKED_STATEMENT_CHARS, "The ferry sank.").reason == "too_long"


def test_every_reason_can_be_explained():
    for reason in REASONS:
        sentence = explain(Verdict(passed=False, reason=reason, words=("31",)))
        assert sentence[0].isupper() or sentence[0] == "“"
        assert sentence.endswith(".")


_WORDS = st.sampled_from(
    "the a Brandt Lindqvist Norvik ferry sank said not may 12 49 27 5% $3 Monday 7 July killed people “we go” \" ' , . and of who by was".split(
        " "
    )
)
_PROSE = st.lists(_WORDS, min_size=1, max_size=25).map(" ".join)


@given(
    statement=st.one_of(_PROSE, st.text(max_size=300)),
    first=_PROSE,
    second=st.one_of(_PROSE, st.text(max_size=300)),
)
def test_any_text_gives_a_verdict_and_no_number_or_quote_passes_that_is_not_there(
    statement: str, first: str, second: str
):
    told = article(first, second)
    verdict = check_statement(
        statement, [Citation(article_id="a", sentences=(1,))], articles={("a", 1): told}
    )
    assert verdict.reason in REASONS or verdict.passed
    assert explain(verdict)
    if not verdict.passed:
        return
    cited = " ".join(told.sentence(n).text for c in verdict.citations for n in c.sentences)
    held = {n.value for n in find_numbers(cited)}
    for number in find_numbers(statement):
        assert number.value in held or not number.text[:1].isdigit() or number.text in cited
    for quote in quotations(statement):
        assert quote in plain(cited)


@given(sentence=st.one_of(_PROSE, st.text(min_size=1, max_size=300)), other=_PROSE)
def test_a_sentence_cited_as_itself_passes(sentence: str, other: str):
    verdict = check_statement(
        sentence, [Citation(article_id="a", sentences=(1,))], articles={("a", 1): article(sentence, other)}
    )
    assert verdict.reason == "empty" or (verdict.passed and not verdict.repaired)


def test_the_outlet_and_the_day_over_an_article_may_be_told():
    told = replace(article("The strait was closed after the collision."), outlet="Norvik Post")
    citation = Citation(article_id="a", sentences=(1,))
    for text in ("The Norvik Post reports the strait was closed.", "The strait was closed on 9 July."):
        verdict = check_statement(text, [citation], articles={("a", 1): told})
        assert verdict.passed, (text, verdict)
    other = check_statement("The strait was closed on 8 July.", [citation], articles={("a", 1): told})
    assert other.reason == "date"


def test_a_role_is_not_negated_by_a_not_in_a_quotation():
    sentence = '"I will not resign," said Mara Lindqvist, the harbour master of Norvik.'
    assert check("Mara Lindqvist: harbour master of Norvik", sentence, field="role").passed


def test_sentences_that_follow_each_other_carry_a_statement_together():
    said = (
        "The ferry Alba ran aground off Skerra on Tuesday night.",
        "All 212 passengers aboard were brought to safety by the coast guard.",
        "Engineers praised the tram timetable.",
    )
    text = "All 212 passengers of the ferry Alba, aground off Skerra, were brought to safety."
    assert check(text, *said, cited=(1, 2)).passed


def test_a_denial_is_not_mended_by_the_sentence_beside_it():
    said = ("The ferry Alba ran aground off Skerra.", "The captain did not speak of the rudder.")
    assert not check("The ferry Alba did not run aground off Skerra.", *said, cited=(1,)).passed


NESTED = (
    "President Tomas Hale said on Tuesday that the Sund Front believes there is a good chance of a truce."
)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("The Sund Front believes there is a good chance of a truce.", "speaker"),
        ("Hale believes there is a good chance of a truce.", ""),
        ("Hale said the Sund Front believes there is a good chance of a truce.", ""),
    ],
)
def test_what_one_says_another_believes_is_told_with_who_says_it(statement: str, reason: str):
    verdict = check(statement, NESTED, title="")
    if reason:
        assert (verdict.passed, verdict.reason) == (False, reason)
    else:
        assert verdict.reason in {"", "speaker"}


def test_a_claimant_is_whoever_speaks_and_not_a_name_beside_the_verb():
    sentence = "Sweden is to blame, Ole Brandt said after Mara Lindqvist had left."
    assert check("Sweden is to blame.", sentence, claimant="Ole Brandt").passed
    assert check("Sweden is to blame.", sentence, claimant="Mara Lindqvist").reason == "wrong_claimant"


def test_what_a_lawyer_says_is_not_the_word_of_whom_he_defends():
    sentence = "Brandt's lawyer, Hugo Weiss, said the meetings were private."
    assert check("The meetings were private.", sentence, claimant="Hugo Weiss").passed
    assert check("The meetings were private.", sentence, claimant="Ole Brandt").reason == "wrong_claimant"


@pytest.mark.parametrize(
    ("told", "who"),
    [
        (
            ("Kestrel Shipping admitted the fault.", "It added: “We will write to 600 people.”"),
            "Kestrel Shipping",
        ),
        (
            ("Kestrel Shipping lost a ferry.", "The company said it will write to 600 people."),
            "Kestrel Shipping",
        ),
        (("Ole Brandt, president of the region announced it will write to 600 people.",), "Ole Brandt"),
        (
            ("In a speech British Prime Minister Theresa May said she will write to 600 people.",),
            "Theresa May",
        ),
    ],
)
def test_who_speaks_is_known_by_a_short_form_where_one_is_named(told: tuple[str, ...], who: str):
    text = "It will write to 600 people."
    assert check(text, *told, cited=(len(told),), claimant=who).passed
    assert check(text, *told, cited=(len(told),), claimant="Mara Lindqvist").reason == "wrong_claimant"


def test_a_refused_statement_keeps_what_it_cites():
    verdict = check("Some 3,000 people fled the harbour.", "Some 2,000 people fled the harbour.")
    assert [c.sentences for c in verdict.citations] == [(1,)]


def test_whoever_tells_the_article_may_be_its_claimant():
    told = replace(article("The port was shut for the winter."), outlet="Velmar Post")
    for who, passed in (("Velmar Post", True), ("Osby Times", False)):
        citation = Citation(article_id="a", sentences=(1,))
        verdict = check_statement("The port was closed.", [citation], articles={("a", 1): told}, claimant=who)
        assert verdict.passed is passed, who


def test_a_neighbour_completes_only_where_it_was_shown():
    told = ("The bridge was closed.", "Grain ships from many countries wait outside for pilots.")
    statement = "The bridge was closed, and grain ships from many countries wait outside for pilots."
    assert check(statement, *told, cited=(1,)).passed
    assert not check(statement, *told, cited=(1,), given={("a", 1): frozenset({1})}).passed


def test_every_reason_has_advice_of_its_own():
    general = advise(Verdict(passed=False, reason="unheard of"))
    plain_ones = [r for r in REASONS if advise(Verdict(passed=False, reason=r)) == general]
    assert plain_ones == ["second_look"]


def test_a_figure_is_looked_for_in_one_other_sentence_and_never_put_together_from_two():
    said = (
        "Engineers praised the tram timetable.",
        "The crane fell in March and 27 dockers came to see it.",
        "Divers rescued from the water were wounded by the wreck.",
    )
    assert check("27 dockers", *said, cited=(1,), field="figure").citations[0].sentences == (2,)
    assert not check("27 divers rescued, dockers wounded", *said, cited=(1,), field="figure").passed


def test_what_is_denied_where_it_is_cited_is_not_found_elsewhere():
    said = (
        "The council of Norvik did not approve the costly plan for the new port on Monday.",
        "The council of Norvik approved the costly plan for the new bridge on Monday.",
    )
    text = "The council of Norvik approved the costly plan for the new port on Monday."
    assert check(text, *said, cited=(1,)).reason == "negation"

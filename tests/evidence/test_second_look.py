"""A second look drops what it does not confirm and restores what was refused for its wording, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.evidence.reasons import REASONS, SOFT_REASONS
from bot.evidence.second_look import MAX_ASKED_RESULTS, Doubt, after_second_look, doubt_of, to_ask
from bot.model.news import Article, Citation, Sentence
from bot.model.record import Checked, Disposition, Verdict
from tests.support.running.rows import each_row

AT = datetime(2031, 3, 4, 12, tzinfo=UTC)
ARTICLES = {
    ("a", 1): Article(
        id="a",
        title="Crane",
        published_at=AT,
        fetched_at=AT,
        sentences=(Sentence(number=1, text="A crane fell."),),
    )
}
CITED = (Citation(article_id="a", sentences=(1,)),)


def checked(field: str, **verdict) -> Checked:
    judged = Verdict(**{"citations": CITED, **verdict})
    disposition = Disposition.KEPT if judged.passed else Disposition.DROPPED
    return Checked(field=field, text="The crane fell over.", verdict=judged, disposition=disposition)


THIN = checked("facts[0]", passed=True, flagged=True)
SURE = checked("facts[1]", passed=True)


def test_it_is_asked_about_thin_and_softly_refused_results_only():
    results = [THIN, SURE, checked("facts[2]", passed=False, reason="fused")]
    asked = to_ask(results, articles=ARTICLES)
    assert [(a.field, a.doubt) for a in asked] == [("facts[0]", Doubt.THIN), ("facts[2]", Doubt.SOFT)]
    assert asked[0].sentences == ("A crane fell.",)


def test_what_is_not_confirmed_is_dropped():
    asked = to_ask([THIN, SURE], articles=ARTICLES)
    first, second = after_second_look([THIN, SURE], asked=asked, carried=())
    assert (first.verdict.reason, first.disposition) == ("second_look", Disposition.DROPPED)
    assert second is SURE


def test_what_is_confirmed_stands_and_is_not_asked_again():
    asked = to_ask([THIN], articles=ARTICLES)
    [kept] = after_second_look([THIN], asked=asked, carried={"facts[0]"})
    assert kept.verdict.passed
    assert doubt_of(kept.verdict) is None


@each_row("reason", sorted(SOFT_REASONS))
def test_what_was_refused_for_its_wording_is_restored(reason: str):
    refused = checked("status", passed=False, reason=reason, words=("x",))
    asked = to_ask([refused], articles=ARTICLES)
    [restored] = after_second_look([refused], asked=asked, carried={"status"})
    assert restored.verdict.passed
    assert restored.disposition is Disposition.KEPT
    [still] = after_second_look([refused], asked=asked, carried=())
    assert still == refused


@each_row("reason", sorted(REASONS.keys() - SOFT_REASONS))
def test_a_hard_refusal_is_never_lifted_whatever_is_answered(reason: str):
    refused = checked("facts[0]", passed=False, reason=reason, words=("31",))
    assert to_ask([refused], articles=ARTICLES) == ()
    asked = to_ask([THIN], articles=ARTICLES)  # an answer about a field of the same name
    assert after_second_look([refused], asked=asked, carried={"facts[0]"}) == (refused,)


def test_one_call_asks_about_a_bounded_number_of_results():
    many = [checked(f"facts[{i}]", passed=True, flagged=True) for i in range(MAX_ASKED_RESULTS + 5)]
    assert len(to_ask(many, articles=ARTICLES)) == MAX_ASKED_RESULTS


def test_a_result_without_a_sentence_is_not_asked_about():
    assert to_ask([checked("facts[0]", passed=True, flagged=True, citations=())], articles=ARTICLES) == ()

"""Each field of a story update is held against its sentences, and a part that fails falls alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.evidence.proposed import FieldKind, ProposedField
from bot.evidence.reasons import REASONS, SOFT_REASONS, advise
from bot.evidence.update import MAX_CHECKED_FIELDS, check_fields
from bot.model.news import TITLE_NUMBER, Article, Citation, Sentence
from bot.model.record import Checked, Disposition, Verdict

PUBLISHED = datetime(2031, 7, 9, 12, 0, tzinfo=UTC)  # a Wednesday
TOLD = (
    "A crane fell on two barges in the port of Norvik on Tuesday, killing 12 dockers.",
    "Harbour master Mara Lindqvist ordered the port closed.",
    "The union of dockers will decide on a strike on Friday, its leader Ole Brandt said.",
)
CITED = {n: (Citation(article_id="a", sentences=(n,)),) for n in range(1, 4)}


def checked(
    *fields: ProposedField, told: tuple[str, ...] = TOLD, title: str = "Crane falls in Norvik"
) -> tuple[Checked, ...]:
    article = Article(
        id="a",
        title=title,
        outlet="Norvik Post",
        published_at=PUBLISHED,
        fetched_at=PUBLISHED,
        sentences=tuple(Sentence(number=i, text=text) for i, text in enumerate(told, 1)),
    )
    return check_fields(fields, articles={("a", 1): article})


def field(kind: FieldKind, text: str = "", *, cite: int = 1, **more: str) -> ProposedField:
    return ProposedField(path=f"{kind}[0]", kind=kind, text=text, citations=CITED[cite], **more)


@pytest.mark.parametrize(
    "proposed",
    [
        field(FieldKind.HEADLINE, "Crane kills 12 dockers in Norvik"),
        field(FieldKind.STATUS, "Mara Lindqvist ordered the port closed", cite=2),
        field(FieldKind.FACT, "A crane fell on two barges, killing 12 dockers."),
        field(FieldKind.FIGURE, "dockers killed", value="12"),
        field(FieldKind.ACTOR, "ordered the port closed", cite=2, who="Mara Lindqvist", role="Harbour master"),
        field(FieldKind.ANNOUNCEMENT, "The union of dockers decides on a strike", cite=3, who="Ole Brandt", when="on Friday"),
    ],
    ids=lambda f: f.kind,
)  # fmt: skip
def test_a_field_that_its_sentence_carries_passes(proposed: ProposedField):
    assert [
        (c.field, c.verdict.reason, c.verdict.words) for c in checked(proposed) if not c.verdict.passed
    ] == []


def test_a_part_of_an_actor_falls_alone():
    actor = field(FieldKind.ACTOR, "ordered the port closed", cite=2, who="Mara Lindqvist", role="mayor")
    assert [(c.field, c.disposition) for c in checked(actor)] == [
        ("actor[0].name", Disposition.KEPT),
        ("actor[0].role", Disposition.DROPPED),
        ("actor[0].position", Disposition.KEPT),
    ]


def test_a_day_that_is_not_printed_falls_and_leaves_what_was_announced():
    announced = field(
        FieldKind.ANNOUNCEMENT,
        "The union of dockers decides on a strike",
        cite=3,
        who="Ole Brandt",
        when="on Monday",
    )
    what, when = checked(announced)
    assert what.verdict.passed
    assert when.verdict.reason == "date"


@pytest.mark.parametrize(
    ("kind", "words", "limit"),
    [
        (FieldKind.HEADLINE, 13, "12 words"),
        (FieldKind.STATUS, 21, "20 words"),
        (FieldKind.FACT, 60, "200 characters"),
    ],
)
def test_a_line_that_is_too_long_is_told_its_limit(kind: FieldKind, words: int, limit: str):
    [only] = checked(field(kind, "crane " * words))
    assert only.verdict.reason == "length"
    assert limit in advise(only.verdict)


def test_a_status_that_names_nobody_and_no_place_is_sent_back_where_its_sentences_have_names():
    [only] = checked(field(FieldKind.STATUS, "The harbour master ordered the port closed", cite=2))
    assert only.verdict.reason == "nameless"
    assert advise(only.verdict).startswith("Name who or where")


def test_a_headline_and_a_fact_stand_beside_others_and_need_no_name():
    said = "The harbour master ordered the port closed"
    [headline, fact] = checked(
        field(FieldKind.HEADLINE, said, cite=2), field(FieldKind.FACT, said + ".", cite=2)
    )
    assert headline.verdict.passed
    assert fact.verdict.passed


def test_more_fields_than_any_honest_update_has_are_not_read():
    assert (
        len(checked(*[field(FieldKind.HEADLINE, "Crane kills 12")] * (MAX_CHECKED_FIELDS + 9)))
        == MAX_CHECKED_FIELDS
    )


def test_what_a_reader_can_look_up_is_never_lifted():
    assert REASONS.keys() > SOFT_REASONS
    assert not {"quote", "number", "name", "date", "negation", "opposite"} & SOFT_REASONS


def test_every_reason_says_what_to_do():
    for reason in REASONS:
        sentence = advise(Verdict(passed=False, reason=reason, words=("31",)))
        assert sentence.endswith(".")
        assert "{" not in sentence
        assert sentence.split()[0] in {
            "Ask",
            "Say",
            "Write",
            "Cite",
            "Copy",
            "Use",
            "Name",
            "Keep",
            "Deny",
            "Leave",
        }


def test_a_question_the_articles_answer_names_the_sentence_that_does():
    [only] = checked(field(FieldKind.QUESTION, "How many dockers were killed?"))
    assert (only.verdict.reason, only.verdict.words) == ("answered", (TOLD[0],))
    [other] = checked(field(FieldKind.QUESTION, "Who built the crane?"))
    assert other.verdict.passed


def test_the_title_may_name_the_day_of_what_it_announces():
    told = ("The council will vote on the toll, the mayor said.",)
    vote = field(FieldKind.ANNOUNCEMENT, "The council votes on the toll", who="the mayor", when="12 July")
    titled = {
        c.field: c.verdict for c in checked(vote, told=told, title="Council votes on the toll on 12 July")
    }
    assert titled["announcement[0].when"].citations[0].sentences == (TITLE_NUMBER,)
    for title in (
        "Council to vote on the toll",
        "Market opens on 12 July",
        "Council votes on the toll on 2 July",
    ):
        verdicts = {c.field: c.verdict for c in checked(vote, told=told, title=title)}
        assert verdicts["announcement[0].what"].passed
        assert not verdicts["announcement[0].when"].passed, title

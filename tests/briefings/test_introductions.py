"""People whom a bullet only names are introduced by the role that its article prints."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.briefings.introductions import MAX_INTRODUCED_CHARS, introduced, introductions_in
from bot.model.briefing import Statement, StoryBrief
from bot.model.news import Article, Citation, Sentence
from bot.model.story import Actor, Corroboration, StorySupport

AT = datetime(2031, 7, 9, tzinfo=UTC)
ARTICLE = Article(
    id="a",
    title="Ferries stop",
    published_at=AT,
    fetched_at=AT,
    language="en",
    sentences=tuple(
        Sentence(number=number, text=text)
        for number, text in enumerate(
            (
                "Harbour pilot Ida Moe closed the port of Norvik on Monday.",
                "Jan Berg, chairman of the Seafarers' Union, called the crews out.",
                "President Ana Lund regretted it, and the leader Tom Vik agreed.",
                "Norland transport minister Eva Holm said talks in the harbour would go on.",
            ),
            1,
        )
    ),
)
CITED = (Citation(article_id="a", sentences=(1,)),)


def story(
    *bullets: tuple[str, str], headline: str = "Ferries stop", actors: tuple[Actor, ...] = ()
) -> StoryBrief:
    return StoryBrief(
        story_id="s",
        headline=Statement(text=headline, citations=CITED),
        bullets=tuple(Statement(text=text, said_by=by, citations=CITED) for text, by in bullets),
        corroboration=Corroboration(support=StorySupport.SINGLE, originators=("Norvik Post",)),
        actors=actors,
    )


def actor(name: str, role: str) -> Actor:
    return Actor(name=name, role=role, position="acts", citation=CITED[0], as_of=AT)


def bullets_of(brief: StoryBrief) -> list[tuple[str, str]]:
    return [(b.text, b.said_by) for b in introduced(brief, {("a", 1): ARTICLE}).bullets]


def test_the_roles_that_an_article_prints_are_read_and_those_that_say_nothing_are_not():
    assert {name: (one.role, one.sentence) for name, one in introductions_in(ARTICLE).items()} == {
        "Ida Moe": ("harbour pilot", 1),
        "Jan Berg": ("chairman of the Seafarers' Union", 2),
        "Eva Holm": ("Norland transport minister", 4),
    }


def test_who_is_only_named_is_introduced_where_the_name_comes_first():
    brief = story(("Ida Moe closed the port.", ""), ("The port stays shut, Ida Moe said.", ""))
    assert bullets_of(brief) == [
        ("Ida Moe (harbour pilot) closed the port.", ""),
        ("The port stays shut, Ida Moe said.", ""),
    ]


def test_a_claimant_who_is_only_named_is_introduced():
    assert bullets_of(story(("All crews stopped.", "Jan Berg"))) == [
        ("All crews stopped.", "Jan Berg, chairman of the Seafarers' Union")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Harbour pilot Ida Moe closed the port.",
        "Ida Moe, the harbour pilot, closed the port.",
        "Ida Moe (Norvik) closed the port.",
        "Ida Moe of Norvik closed the port.",
        "“The pilot is Ida Moe now,” crews said.",
        "President Ana Lund regretted it.",  # every reader knows her
        "Tom Vik agreed.",  # "leader" says nothing
        "Moe closed the port.",
    ],
)
def test_a_line_stays_that_says_who_it_is_or_cannot(text: str):
    assert bullets_of(story((text, ""))) == [(text, "")]


def test_a_line_stays_where_another_introduces_the_person_or_it_would_be_too_long():
    plain = ("Ida Moe closed the port.", "")
    assert bullets_of(story(plain, headline="Harbour pilot Ida Moe closes port")) == [plain]
    assert bullets_of(story(plain, actors=(actor("Ida Moe", "harbour pilot"),))) == [plain]
    long = (f"Ida Moe closed {'the port and ' * 30}"[: MAX_INTRODUCED_CHARS - 4], "")
    assert bullets_of(story(long)) == [long]


def test_what_changed_is_introduced_as_its_bullet():
    brief = story(("Ida Moe closed the port.", ""))
    both = introduced(replace(brief, changed=brief.bullets), {("a", 1): ARTICLE})
    assert both.changed == both.bullets


def test_half_a_role_is_completed_from_the_article():
    [whole] = introduced(story(actors=(actor("Eva Holm", "Norland"),)), {("a", 1): ARTICLE}).actors
    assert (whole.role, whole.role_citation) == (
        "Norland transport minister",
        Citation(article_id="a", sentences=(4,)),
    )
    for role in ("", "Norland minister", "transport minister"):
        [same] = introduced(story(actors=(actor("Eva Holm", role),)), {("a", 1): ARTICLE}).actors
        assert same.role == role

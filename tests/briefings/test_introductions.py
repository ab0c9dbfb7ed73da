"""People whom a bullet only names are introduced by the role that its article prints."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.briefings.introductions import introduced, introductions_in
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
                "Kim Dahl, her lawyer, and Ole Vik, no longer a minister, met Jan Lund and the mayor.",
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


def roles_of(brief: StoryBrief) -> list[tuple[str, str, tuple[int, ...]]]:
    return [
        (one.name, one.role, one.citation.sentences) for one in introduced(brief, {("a", 1): ARTICLE}).roles
    ]


PILOT = ("Ida Moe", "harbour pilot", (1,))
CHAIRMAN = ("Jan Berg", "chairman of the Seafarers' Union", (2,))


def test_the_roles_that_an_article_prints_are_read_and_those_that_say_nothing_are_not():
    assert {name: (one.role, one.citation.sentences) for name, one in introductions_in(ARTICLE).items()} == {
        "Ida Moe": ("harbour pilot", (1,)),
        "Jan Berg": ("chairman of the Seafarers' Union", (2,)),
        "Eva Holm": ("Norland transport minister", (4,)),
    }


def test_of_articles_in_another_language_no_role_is_read():
    assert introductions_in(replace(ARTICLE, language="de")) == {}


def test_who_is_only_named_is_introduced_once_and_the_line_stays_as_it_was_read():
    brief = story(("Ida Moe closed the port.", ""), ("The port stays shut, Ida Moe said.", ""))
    assert roles_of(brief) == [PILOT]
    assert introduced(brief, {("a", 1): ARTICLE}).bullets == brief.bullets


def test_a_claimant_who_is_only_named_is_introduced():
    assert roles_of(story(("All crews stopped.", "Jan Berg"))) == [CHAIRMAN]


@pytest.mark.parametrize(
    "text",
    [
        "Harbour pilot Ida Moe closed the port.",
        "Ida Moe, the harbour pilot, closed the port.",
        "President Ana Lund regretted it.",  # every reader knows her
        "Tom Vik agreed.",  # "leader" says nothing
        "Kim Dahl and Ole Vik met Jan Lund.",
        "Moe closed the port.",
    ],
)
def test_who_is_introduced_or_cannot_be_has_no_role(text: str):
    assert roles_of(story((text, ""))) == []


def test_who_is_introduced_by_another_line_or_is_an_actor_has_no_role():
    plain = ("Ida Moe closed the port.", "")
    assert roles_of(story(plain, headline="Harbour pilot Ida Moe closes port")) == []
    assert roles_of(story(plain, actors=(actor("Ida Moe", "harbour pilot"),))) == []


def test_half_a_role_is_completed_from_the_article():
    [whole] = introduced(story(actors=(actor("Eva Holm", "Norland"),)), {("a", 1): ARTICLE}).actors
    assert (whole.role, whole.role_citation) == (
        "Norland transport minister",
        Citation(article_id="a", sentences=(4,)),
    )
    for role in ("", "Norland minister", "transport minister"):
        [same] = introduced(story(actors=(actor("Eva Holm", role),)), {("a", 1): ARTICLE}).actors
        assert same.role == role

"""An answer in words: statements with their sources, differing claims side by side, or why there is none."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.briefings.assemble import sources_of
from bot.chat.replies.answer import answer_message
from bot.language.sentences.split import split_sentences
from bot.model.briefing import Checks, Statement, Writer
from bot.model.conversation.answer import Answer, Nearest
from bot.model.news import Article, Citation
from bot.model.story import Claim, Disagreement, Status
from bot.model.talk import Verb

NOW = datetime(2025, 7, 9, 6, tzinfo=UTC)
ARTICLE = Article(
    id="art-a", title="Storm", outlet="Meridian", published_at=NOW, fetched_at=NOW,
    sentences=split_sentences("The agency said 19 died. Police spoke of 16."),
)  # fmt: skip


def at(number):
    return Citation(article_id="art-a", sentences=(number,))


STATUS = Status(
    kind="disaster", state="rescue", line="Boats reach the valley", as_of=NOW, since=NOW,
    said_by="the army", citation=at(1),
)  # fmt: skip


def answer(*statements, **more):
    citations = [at(1), at(2)] if statements else []
    values = {
        "id": "ans-a", "question": "How many died?", "as_of": NOW, "timezone": "Europe/Berlin",
        "statements": statements, "stories": (Nearest(story_id="sto-a", headline="Storm Ilsa", status=STATUS),),
        "sources": sources_of(citations, {("art-a", 1): ARTICLE}),
    }  # fmt: skip
    return answer_message(Answer(**(values | more)))


SAID = Statement(text="The agency said 19 died.", citations=(at(1),))


def part(message, title):
    return next(p for p in message.parts if p.title == title)


def test_each_line_names_its_outlet_and_day_and_leads_to_its_sentence():
    (line,) = part(answer(SAID), "Answer").lines
    assert (line.lead, line.text) == ("Meridian, 9 July 2025", "The agency said 19 died.")
    assert [(c.source, c.sentences) for c in line.cites] == [(1, (1,))]


def test_the_time_of_what_was_known_is_told_in_the_askers_zone():
    assert answer(SAID).dateline == "as of Wednesday 9 July 2025, 08:00 Europe/Berlin"


def test_differing_claims_stand_side_by_side():
    differ = Disagreement(
        issue="dead", claims=(Claim(by="agency", text="19", citation=at(1)), Claim(by="police", text="16", citation=at(2)))
    )  # fmt: skip
    lines = part(answer(SAID, disagreements=(differ,)), "Sources differ").lines
    assert [(line.lead, line.text) for line in lines] == [("agency", "19"), ("police", "16")]


def test_a_declined_question_says_since_when_we_looked_and_what_is_known_instead():
    message = answer(declined="no", since=datetime(2025, 6, 30, 23, tzinfo=UTC))
    assert message.notice == (
        "Not found; the archive begins on 1 July 2025; last known status of the nearest story: "
        "Boats reach the valley (according to the army)."
    )
    assert [p.title for p in message.parts] == ["Nearest stories"]


def test_without_any_news_nothing_is_claimed():
    assert answer(declined="no", stories=()).notice == "There is no news here yet."


def test_a_model_and_what_was_checked_of_it_are_named():
    message = answer(SAID, writer=Writer.MODEL, checks=Checks(statements=2, dropped=1))
    assert part(message, "Answer").lines[0].lead == ""
    assert (
        message.coverage == "written by a model · 2 statements checked against the cited sentences, 1 removed"
    )
    assert "model unavailable" in answer(SAID, degraded="model unavailable").coverage


def test_the_timeline_and_a_follow_up_are_offered():
    assert [(a.verb, a.subject) for a in answer(SAID).actions][:2] == [
        (Verb.STORY, "sto-a"),
        (Verb.ASK, "ans-a"),
    ]

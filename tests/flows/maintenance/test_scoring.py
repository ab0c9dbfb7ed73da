"""Briefings are scored by what people would have told; where the reference data is, also beside an independent scorer."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from bot.errors import InputError
from bot.flows.maintenance.gold import GoldEvent, read_briefings, read_events, read_gold
from bot.flows.maintenance.scoring import score
from bot.model.briefing import Briefing, Coverage, Source, Statement, StoryBrief
from bot.model.news import Citation, DateSource, Sentence, TextSource
from bot.model.story import Actor, Announcement, Corroboration, Figure, Status, StorySupport
from tests.support.running.rows import each_row

CITED = Citation(article_id="art_1", revision=1, sentences=(1,))
AT = datetime(2031, 3, 11, 7, 30, tzinfo=UTC)
DAY = {
    "date": "2031-03-10",
    "phase": "turned",
    "changed": True,
    "status": {"line": "Talks ended", "all": [["ended", "over"]], "never": ["agreement reached"]},
    "facts": [
        {"importance": 3, "text": "Talks ended.", "all": [["talks"], ["ended"]]},
        {"importance": 2, "text": "40 were freed.", "all": [["40", "forty"], ["freed", "released"]]},
    ],
    "actors": [{"name": "Anna Berg", "role": "foreign minister", "must": True}],
    "figures": [{"any": ["40", "forty"], "counts": "prisoners freed", "must": True}],
    "expectations": [{"what": "talks resume", "all": [["resume"]], "due": "2031-03-14"}],
    "junk": ["Photo: Getty"],
}


def event(**changes) -> GoldEvent:
    return GoldEvent.model_validate({"event": 7, "kind": "negotiation", "days": [DAY | changes]})


def briefing(**parts) -> Briefing:
    story = {
        "story_id": "sto_1",
        "corroboration": Corroboration(support=StorySupport.SINGLE, originators=("The News",)),
        "headline": Statement(text="Talks in Geneva", citations=(CITED,)),
        **parts,
    }
    source = Source(
        number=1,
        article_id="art_1",
        revision=1,
        outlet="The News",
        title="Talks",
        url="https://news.example/1",
        published_at=AT,
        date_source=DateSource.FEED,
        text_source=TextSource.FEED,
        sentences=(Sentence(number=1, text="Talks ended."),),
    )
    return Briefing(
        id="bri_1",
        title="Morning",
        made_at=AT,
        coverage=Coverage(until=AT),
        stories=(StoryBrief(**story),),
        sources=(source,),
    )


def rows(told: Briefing, gold: GoldEvent) -> dict[str, tuple[int, int]]:
    found = score([gold], {date(2031, 3, 11): told}, {"https://news.example/1": 7})
    return {name: (row.right, row.of) for name, row in found.rows.items()}


def status(line: str) -> Status:
    return Status(kind="negotiation", state="stalled", line=line, citation=CITED, as_of=AT, since=AT)


def test_what_is_told_right_is_counted_as_right():
    told = briefing(
        status=status("The talks ended"),
        previous_status=status("The talks go on"),
        bullets=(Statement(text="Forty prisoners were released.", citations=(CITED,)),),
        actors=(Actor(name="Berg", role="minister", position="is content", citation=CITED, as_of=AT),),
        figures=(Figure(value="40", counts="prisoners", claimant="", citation=CITED, as_of=AT),),
        next=(
            Announcement(what="Talks resume", when="Friday", due=date(2031, 3, 14), citation=CITED, as_of=AT),
        ),
    )
    found = rows(told, event())
    assert all(right == of for right, of in found.values()), found
    assert {
        "event is in the briefing", "facts of importance 3", "facts of importance 2", "status line alone says it",
        "change flagged: right", "change in gold: flagged", "actor printed: is one", "role printed: right",
        "key actor present", "figure printed: right", "key figure present", "announcement printed: is one",
        "announcement date right", "announcement in gold: present", "line free of junk", "bullet is a gold fact",
        "kind named: right",
    } <= found.keys()  # fmt: skip


@each_row(
    ("parts", "row"),
    [
        ({}, "facts of importance 3"),
        ({"status": status("An agreement was reached, ended")}, None),
        ({"status": status("Talks go on")}, "status line alone says it"),
        ({"status": status("agreement reached and talks ended")}, "status printed: right"),
        ({"bullets": (Statement(text="A dog barked.", citations=(CITED,)),)}, "bullet is a gold fact"),
        ({"bullets": (Statement(text="Photo: Getty Images", citations=(CITED,)),)}, "line free of junk"),
        ({"actors": (Actor(name="Getty", citation=CITED, as_of=AT),)}, "actor printed: is one"),
        ({"actors": (Actor(name="Anna Berg", role="pilot", citation=CITED, as_of=AT),)}, "role printed: right"),
        ({"figures": (Figure(value="40", counts="ships", citation=CITED, as_of=AT),)}, "figure printed: right"),
        ({"next": (Announcement(what="Talks resume", due=date(2031, 3, 15), citation=CITED, as_of=AT),)}, "announcement date right"),
        ({}, "change in gold: flagged"),
    ],
)  # fmt: skip
def test_what_is_wrong_or_missing_is_counted_as_that(parts, row):
    if row is None:
        assert rows(briefing(**parts), event())["status line alone says it"] == (1, 1)
    else:
        right, of = rows(briefing(**parts), event())[row]
        assert (right, of) == (0, 1) or (row == "line free of junk" and right < of)


def test_a_bullet_that_told_an_earlier_day_is_a_repeat():
    second = DAY | {"date": "2031-03-11", "facts": [{"importance": 3, "text": "Rain.", "all": [["rain"]]}]}
    gold = GoldEvent.model_validate({"event": 7, "kind": "negotiation", "days": [DAY, second]})
    told = briefing(bullets=(Statement(text="The talks ended.", citations=(CITED,)),))
    found = score([gold], {date(2031, 3, 12): told}, {"https://news.example/1": 7})
    assert (found.rows["bullet not sent before"].right, found.rows["bullet not sent before"].of) == (1, 2)
    assert "talks ended" in found.rows["bullet not sent before"].examples[0]
    # No briefing had told it: a reader is told of it late, and once.
    assert found.rows["bullet in no earlier briefing"].right == 2


def test_a_bullet_that_an_earlier_briefing_told_is_one_of_the_repeats_that_a_reader_sees():
    second = DAY | {"date": "2031-03-11", "facts": [{"importance": 3, "text": "Rain.", "all": [["rain"]]}]}
    gold = GoldEvent.model_validate({"event": 7, "kind": "negotiation", "days": [DAY, second]})
    told = briefing(bullets=(Statement(text="The talks ended.", citations=(CITED,)),))
    mornings = {date(2031, 3, 11): told, date(2031, 3, 12): told}
    row = score([gold], mornings, {"https://news.example/1": 7}).rows["bullet in no earlier briefing"]
    assert (row.right, row.of) == (1, 2)


def test_what_was_announced_on_an_earlier_morning_or_for_a_day_before_it_is_not_missing():
    def present(due, mornings):
        days = [DAY | {"date": f"2031-03-1{n}", "expectations": [{"what": "talks resume", "all": [["resume"]], "due": due}]} for n in (0, 1)]  # fmt: skip
        gold = GoldEvent.model_validate({"event": 7, "kind": "negotiation", "days": days})
        row = score([gold], mornings, {"https://news.example/1": 7}).rows.get("announcement in gold: present")
        return (row.right, row.of) if row else None

    told = briefing(
        next=(Announcement(what="Talks resume", due=date(2031, 3, 14), citation=CITED, as_of=AT),)
    )
    silent = briefing()
    first, second = date(2031, 3, 11), date(2031, 3, 12)
    assert present("2031-03-14", {first: told, second: silent}) == (2, 2)
    assert present("2031-03-14", {first: silent, second: told}) == (1, 2)
    assert present("2031-03-11", {first: told, second: silent}) == (1, 1)
    assert present("2031-03-10", {first: silent, second: silent}) is None


def test_files_that_are_none_are_named(tmp_path):
    with pytest.raises(InputError, match="no gold files"):
        read_gold(tmp_path)
    (tmp_path / "event-1.json").write_text('{"event": 1, "days": [{"date": "soon", "phase": "x"}]}', "utf-8")
    with pytest.raises(InputError, match=r"event-1\.json: days\.0\.date"):
        read_gold(tmp_path)
    with pytest.raises(InputError, match="no briefings"):
        read_briefings(tmp_path)
    (tmp_path / "2031-03-10.json").write_text("{", "utf-8")
    with pytest.raises(InputError, match=r"2031-03-10\.json"):
        read_briefings(tmp_path)
    with pytest.raises(InputError, match="cannot be read"):
        read_events(tmp_path / "none.jsonl")
    (tmp_path / "a.jsonl").write_text(
        json.dumps({"url": "https://a.example/", "event": 3}) + "\n[]\n", "utf-8"
    )
    with pytest.raises(InputError, match=r"a\.jsonl:2"):
        read_events(tmp_path / "a.jsonl")

"""An announcement is dated by the sentence that names the day, also where another one carries what is announced."""

from __future__ import annotations

from datetime import date

from bot.model.update import Phase
from bot.stories.fold import fold
from bot.updates.by_model.assemble import update_of
from bot.updates.by_model.check import check_proposed
from bot.updates.by_model.propose import proposed
from bot.updates.by_model.reply import read_update
from tests.flows.ferry import KINDS, article
from tests.updates.made import STORY, status, update
from tests.updates.readings import reading_of

TEXT = (
    "The ferry company reports earnings in mid-March. It lost passengers to the bridge. "
    "Analysts at Orsund Line have estimated that the tax law will boost big-company earnings per share by 13 percent next year."
)


SPEAKERS = ("Tove Lind", "Arne Holt", "Karin Moe", "Ola Berg", "Siri Dahl")


def updated(reading, **said):
    reply = read_update(said)
    fields = proposed(reply, reading.batch, kinds=KINDS)
    return update_of(reply, fields, check_proposed(fields, reading), reading)


def test_an_announcement_keeps_the_day_of_the_sentence_that_it_cites():
    said = ["Orsund Line reports earnings | in mid-March | 2025-03-15 | | | 1"]
    (one,) = updated(reading_of(article("post", TEXT)), announcements=said).announcements
    assert (one.due, one.due_end) == (date(2025, 3, 11), date(2025, 3, 20))


def test_who_comes_late_and_is_named_in_no_line_does_not_act():
    told = article("a", " ".join(f"{who} said the talks in Brekk were over." for who in SPEAKERS))
    actors = [f"{who} | | said the talks in Brekk were over | {n}" for n, who in enumerate(SPEAKERS, 1)]
    named = updated(reading_of(told), actors=actors)
    assert [actor.name for actor in named.actors] == list(SPEAKERS[:3])
    fact = f"2 | {SPEAKERS[4]} said the talks in Brekk were over. | {SPEAKERS[4]} | | | 5"
    named = updated(reading_of(told), actors=actors, facts=[fact])
    assert [actor.name for actor in named.actors] == [*SPEAKERS[:3], SPEAKERS[4]]


def test_a_status_that_is_refused_gives_way_to_a_short_key_fact_or_the_headline():
    post = article("post", "Ferry crews voted to strike on Friday, the union of Orsund Line said.")
    reading = reading_of(post)
    said = {
        "headline": "Ferry crews vote to strike on Friday | 1",
        "status": "Ninety crews will strike for weeks | | | 1",
        "facts": ["3 | Ferry crews voted to strike on Friday. | the union of Orsund Line | | | 1"],
    }
    found = updated(reading, **said).status
    assert (found.text, found.said_by) == (
        "Ferry crews voted to strike on Friday",
        "the union of Orsund Line",
    )
    assert updated(reading, **said | {"facts": []}).status.text == said["headline"].partition(" |")[0]
    # The status before it does not hold beside it: a model that was shown it wrote another. Without one it stays.
    later = reading_of(post, ledger=fold(STORY, [update("u1", status=status("Talks have opened"))]))
    assert updated(later, **said).status.text == found.text
    assert updated(later, **said | {"status": ""}).status is None


def test_the_phase_that_a_reply_names_counts_before_that_of_its_state():
    outbreak = "Health officials investigate an outbreak on the ferry of Orsund Line, which goes on."
    said = {"kind": "accident", "state": "investigated | 1", "status": "Officials investigate | | | 1"}
    reading = reading_of(article("post", outbreak))
    assert updated(reading, **said, phase="under way").phase is Phase.UNDER_WAY
    assert updated(reading, **said).phase in {Phase.AFTERMATH, None}


def test_a_state_of_what_follows_is_told_where_the_status_rests_on_its_sentence():
    text = "A ferry of Orsund Line ran aground in Brekk. Officials investigate why the ferry ran aground."
    said = {"kind": "accident", "state": "investigated | 2", "phase": "aftermath"}
    reading = reading_of(article("post", text))
    aground = said | {"status": "A ferry of Orsund Line ran aground in Brekk | | | 1"}
    assert updated(reading, **aground).state == ""
    asked = said | {"status": "Officials investigate why the ferry ran aground | | | 2"}
    assert updated(reading, **asked).state == "investigated"
    died = article("post", f"{text} Two sailors were killed as it ran aground.")
    assert updated(reading_of(died), **aground | {"state": "happened | 3"}).state == "happened"
    assert updated(reading, **said).state == "investigated"  # no new status

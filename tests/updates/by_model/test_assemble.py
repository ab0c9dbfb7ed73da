"""An announcement is dated by the sentence that names the day, also where another one carries what is announced."""

from __future__ import annotations

from datetime import date

from bot.model.scope import SHARED
from bot.stories.fold import fold
from bot.updates.by_model.assemble import update_of
from bot.updates.by_model.check import check_proposed
from bot.updates.by_model.known import KnownLines
from bot.updates.by_model.propose import proposed
from bot.updates.by_model.reading import Reading
from bot.updates.by_model.reply import read_update
from bot.updates.material import batches_of
from tests.flows.ferry import KINDS, MONDAY, article
from tests.updates.made import STORY

TEXT = (
    "The ferry company reports earnings in mid-March. It lost passengers to the bridge. "
    "Analysts at Orsund Line have estimated that the tax law will boost big-company earnings per share by 13 percent next year."
)


def test_an_announcement_keeps_the_day_of_the_sentence_that_it_cites():
    told = article("post", TEXT)
    (batch,) = batches_of([told])
    reading = Reading(
        story_id=STORY,
        scope=SHARED,
        batch=batch,
        known=KnownLines(text=""),
        ledger=fold(STORY, ()),
        kinds=KINDS,
        articles={(told.id, told.revision): told},
        made_at=MONDAY,
    )
    reply = read_update(
        {"announcements": ["Orsund Line reports earnings | in mid-March | 2025-03-15 | | | 1"]}
    )
    fields = proposed(reply, batch, kinds=KINDS)
    (one,) = update_of(reply, fields, check_proposed(fields, reading), reading).announcements
    assert (one.due, one.due_end) == (date(2025, 3, 11), date(2025, 3, 20))

"""Who may do what: every verb by everybody, whatever a button says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.flows.requests.access.rights import Right, needed, refusal
from bot.flows.requests.dispatch import HANDLERS
from bot.model.talk import Asker, Request, Verb
from tests.flows.talk import ADMIN, GUEST, MEMBER, NEWS, Said, recorded_world

pytestmark = pytest.mark.slow
OUTSIDER = replace(GUEST, id="U4", name="Olga")  # of another organisation, in a shared channel
GUEST_ADMIN = replace(ADMIN, guest=True)  # no platform has them; a mistake of an adapter changes nothing

RUN = {
    (Verb.SUBSCRIBE, ""),
    (Verb.PAUSE, ""),
    (Verb.RESUME, ""),
    (Verb.UNSUBSCRIBE, ""),
    (Verb.FEEDS, "add https://x.example/feed"),
    (Verb.FEEDS, "ADD https://x.example/feed"),
    (Verb.FEEDS, "remove X"),
    (Verb.FORGET, "channel"),
    (Verb.FORGET, "Workspace"),
    (Verb.NOW, "all"),
    (Verb.APPROVE, ""),
    (Verb.REJECT, ""),
    (Verb.TEST, ""),
    (Verb.EDIT, ""),
    (Verb.KEEP, ""),
    (Verb.PREVIEW, ""),
}
TAKE_PART = {(verb, "") for verb in (Verb.FOLLOW, Verb.MUTE, Verb.UNMUTE, Verb.USEFUL, Verb.WRONG)}
READ = {
    *((verb, "") for verb in Verb if verb not in {v for v, _ in RUN | TAKE_PART}),
    (Verb.FEEDS, ""),
    (Verb.FEEDS, "health"),
    (Verb.FORGET, ""),
    (Verb.NOW, ""),
}
PEOPLE = {"member": MEMBER, "admin": ADMIN, "guest": GUEST, "outsider": OUTSIDER, "guest admin": GUEST_ADMIN}
MAY = {
    Right.READ: set(PEOPLE),
    Right.TAKE_PART: {"member", "admin"},
    Right.RUN: {"admin"},
}
MATRIX = [
    (verb, words, right, who)
    for right, some in ((Right.RUN, RUN), (Right.TAKE_PART, TAKE_PART), (Right.READ, READ))
    for verb, words in sorted(some)
    for who in PEOPLE
]


def request(verb: Verb, words: str, asker: Asker, **what: object) -> Request:
    return Request(id="r", verb=verb, words=words, asker=asker, channel=NEWS, **what)


def test_every_verb_is_in_the_matrix_and_has_its_work():
    assert {verb for verb, *_ in MATRIX} == set(Verb)
    assert set(HANDLERS) == set(Verb) - {Verb.SAID}


@pytest.mark.parametrize(("verb", "words", "right", "who"), MATRIX)
def test_who_may_ask_for_what(verb, words, right, who):
    asked = request(verb, words, PEOPLE[who])
    assert needed(asked) is right
    assert bool(refusal(asked)) is (who not in MAY[right])


@pytest.mark.parametrize(("verb", "subject"), [(Verb.FORGET, "channel yes"), (Verb.FORGET, "workspace yes")])
def test_a_button_gives_no_right_that_its_words_would_not(verb, subject):
    assert refusal(request(verb, "", MEMBER, subject=subject))
    assert not refusal(request(verb, "", ADMIN, subject=subject))


@pytest.fixture(scope="module")
def everything():
    """Return what an adapter could send for each verb, as filled in as it can be."""
    return {"subject": "sub-aaaaaaaaaaaaaaaa", "values": {"channel": NEWS.name, "times": "daily 08:00 UTC"}}


async def test_at_the_desk_nobody_else_changes_anything(mornings, tmp_path, everything):
    async with recorded_world(mornings, tmp_path) as world:
        await world.subscribe()
        before = await state_of(world)
        for who in ("member", "guest", "outsider", "guest admin"):
            for verb, words in sorted(RUN):
                world.later(minutes=1)
                said = await world.ask(verb, words, asker=PEOPLE[who], said=Said(seen=()), **everything)
                assert "Only admins can do that" in said.text, (who, verb, words)
                assert said.private
                assert not said.forms
        for who in ("guest", "outsider"):
            for verb, _ in sorted(TAKE_PART):
                world.later(minutes=1)
                said = await world.ask(verb, "gaza truce", asker=PEOPLE[who], said=Said(seen=()))
                assert "Guests can read and ask here" in said.text
        assert await state_of(world) == before


async def state_of(world):
    store = world.app.store
    return (
        await store.subscriptions.all(),
        await store.feeds.all(),
        await store.readers.choices(NEWS.name),
        await store.readers.reports(limit=100),
        await store.deliveries.recent(100),
    )

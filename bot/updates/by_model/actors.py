"""The actors of an update: those of a reply that passed the check and take part in the story. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.language.cleaning.clean import one_line
from bot.language.entities.names import same_name
from bot.language.rules import load_rules
from bot.language.words import words
from bot.model.record import Checked
from bot.model.update import ActorNature, UpdateActor
from bot.updates.by_model.reading import Reading
from bot.updates.by_model.reply import ActorReply, UpdateReply

_CLAIMANTS = load_rules("en", "claimants")
_PEOPLE = load_rules("en", "people").words
_COMMENTING = _PEOPLE["commenting"] | _PEOPLE["onlooker"] | _PEOPLE["press"]
SURE_ACTORS = 3  # first ones of a reply, who act or speak also where no other line names them
MIN_NAMING_SENTENCES = 3  # sentences that name somebody


def actors_of(
    reply: UpdateReply, kept: Mapping[str, Checked], reading: Reading, *, other_lines: Sequence[str]
) -> tuple[UpdateActor, ...]:
    """Return the actors of ``reply`` as far as they are ``kept``; ``other_lines`` are those of the update."""
    return tuple(_who_act(_actors(reply, kept, reading), other_lines=other_lines, reading=reading))


def _actors(reply: UpdateReply, kept: Mapping[str, Checked], reading: Reading) -> Iterator[UpdateActor]:
    for i, item in enumerate(reply.actors):
        name, role, position = (kept.get(f"actors[{i}].{part}") for part in ("name", "role", "position"))
        if name is None or _is_bystander(item) or _is_unknown(name.text, role.text if role else ""):
            continue
        body, own_role = _body_of(name.text, role.text if role else "")
        yield UpdateActor(
            name=body,
            aliases=tuple(alias for alias in map(one_line, item.aliases) if _printed(alias, reading)),
            nature=ActorNature(item.nature) if item.nature else None,
            role=own_role if not _within(own_role, body) else "",
            position=position.text if position else "",
            citations=(position or role or name).verdict.citations,
        )


def _body_of(name: str, role: str) -> tuple[str, str]:
    """Return name and role; of a "Delta spokesman" whose role is that body, Delta Air Lines, the body itself."""
    first, *rest = name.split()
    nameless = rest and first[0].isupper() and _CLAIMANTS.has("nameless speaker", " ".join(rest))
    is_body = role.split()[:1] == [first] and all(word[0].isupper() for word in role.split())
    return (role, "") if nameless and is_body else (name, role)


def _is_unknown(name: str, role: str) -> bool:
    """Tell whether ``name`` is only that of a speaker, without whose: "a company spokesman"."""
    return not role and name.islower() and _CLAIMANTS.has("nameless speaker", name)


def _who_act(
    actors: Iterable[UpdateActor], *, other_lines: Sequence[str], reading: Reading
) -> Iterator[UpdateActor]:
    """Yield ``actors`` but for those who come late, are named in no line and were not known: every third of these only comments.

    Of those who are named often, and by their role do not only know the matter, one in ten does.
    """
    known = [one.name for one in reading.ledger.actors]
    for place, actor in enumerate(actors):
        last = actor.name.split()[-1]
        if (
            place < SURE_ACTORS
            or any(last in line for line in other_lines)
            or any(same_name(actor.name, name) for name in known)
            or (_takes_part(actor.role) and _times_named(last, reading) >= MIN_NAMING_SENTENCES)
        ):
            yield actor


def _takes_part(role: str) -> bool:
    """Tell whether ``role`` is one, and not that of who only knows the matter or had to do with it once."""
    held = words(role)
    return bool(held) and _COMMENTING.isdisjoint(held) and not _CLAIMANTS.has("adviser", role)


def _times_named(last: str, reading: Reading) -> int:
    return sum(last in one.text for one in reading.batch.sentences)


def _is_bystander(item: ActorReply) -> bool:
    """Tell whether somebody was only there, says nothing, or is only spoken of: by the role, or by what he or she is said to have done."""
    role, position = one_line(item.role), one_line(item.position)
    return (
        _CLAIMANTS.has("bystander", role)
        or _CLAIMANTS.has("silent", position)
        or _CLAIMANTS.has("spoken of", position)
        or (not role and _CLAIMANTS.has("onlooking", position))
    )


def _within(role: str, name: str) -> bool:
    """Tell whether ``role`` says no more than ``name`` does."""
    return set(role.casefold().split()) <= set(name.casefold().split())


def _printed(alias: str, reading: Reading) -> bool:
    return bool(alias) and any(alias in one.text for one in reading.batch.sentences)

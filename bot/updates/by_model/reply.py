"""The schema of a model's reply about a story: every field bounded; invalid entries are left out one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter, ValidationError

from bot.model.update import Fact
from bot.updates.by_model.short_form import long_form, short_schema

REPLY_VERSION = 1
MAX_REPLY_FIELD_CHARS = 600  # characters of one text that are read; the limits of an update are far below
MAX_REPLY_NAME_CHARS = 120  # of a name, a kind, a day
MAX_REPLY_FACTS = 12
MAX_ITEMS = 8  # of any other list
MAX_SENTENCES_PER_FIELD = 6  # sentences of one field
MAX_ELSEWHERE_SENTENCES = 200  # sentences about another event


def lenient(item: Any, most: int) -> BeforeValidator:
    """Keep the first ``most`` entries of a list that fit ``item``; an invalid entry is dropped by itself."""
    adapter = TypeAdapter(item)

    def kept(value: Any) -> Any:
        found = []
        for one in value[: most * 4] if isinstance(value, list) else ():
            try:
                found.append(adapter.validate_python(one, strict=True))
            except ValidationError:
                continue
        return found[:most]

    return BeforeValidator(kept)


def _text(most: int) -> BeforeValidator:
    """Read null as nothing said; a text beyond ``most`` characters is no text of ours."""
    return BeforeValidator(
        lambda value: "" if value is None or (isinstance(value, str) and len(value) > most) else value
    )


def _one_of(*values: Any, otherwise: Any) -> BeforeValidator:
    return BeforeValidator(lambda value: value if value in values else otherwise)


Text = Annotated[str, _text(MAX_REPLY_FIELD_CHARS)]
Name = Annotated[str, _text(MAX_REPLY_NAME_CHARS)]
Cite = Annotated[list[int], lenient(int, MAX_SENTENCES_PER_FIELD)]


class ReplyItem(BaseModel):
    """A part of a reply; unknown keys are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class CitedText(ReplyItem):
    """A text with the numbers of the sentences it cites."""

    text: Text = ""
    cite: Cite = []


class NamedState(ReplyItem):
    """The state that the reply names."""

    name: Name = ""
    cite: Cite = []


class StatusReply(ReplyItem):
    """The present status of the story."""

    text: Text = ""
    said_by: Name = ""
    day: Name = ""
    cite: Cite = []


class FactReply(ReplyItem):
    """One fact and its relation to a known one."""

    text: Text  # empty where it says a known one again
    importance: Annotated[Literal[1, 2, 3], _one_of(1, 2, 3, otherwise=1)] = 2
    day: Name = ""
    claimant: Name = ""
    relation: Annotated[
        Literal["new", "restates", "supersedes"], _one_of("new", "restates", "supersedes", otherwise="new")
    ] = "new"
    known: Name = ""
    cite: Cite = []


class ActorReply(ReplyItem):
    """One actor: name, role, and what they say or do."""

    name: Name
    aliases: Annotated[list[Name], lenient(str, MAX_ITEMS)] = []
    nature: Annotated[
        Literal["person", "body", "place"] | None, _one_of("person", "body", "place", otherwise=None)
    ] = None
    role: Text = ""
    position: Text = ""
    cite: Cite = []


class FigureReply(ReplyItem):
    """A number, what it counts, and who says so."""

    value: Name
    unit: Name = ""
    counts: Text = ""
    claimant: Name = ""
    day: Name = ""
    series: Name = ""
    cite: Cite = []


class AnnouncementReply(ReplyItem):
    """One announcement."""

    what: Text
    when: Name = ""
    due: Name = ""
    due_end: Name = ""
    by: Name = ""
    cite: Cite = []


class SettledReply(ReplyItem):
    """The outcome of a known announcement."""

    known: Name
    outcome: Literal["happened", "did not happen", "moved"]
    due: Name = ""
    cite: Cite = []


class SideReply(ReplyItem):
    """One side of a contradiction."""

    by: Name
    text: Text
    cite: Cite = []


class ContradictionReply(ReplyItem):
    """A question that is answered differently."""

    question: Text
    sides: Annotated[list[SideReply], lenient(SideReply, MAX_ITEMS)] = []


class UpdateReply(ReplyItem):
    """What a batch of new articles adds to a story."""

    headline: CitedText = CitedText()
    kind: Name = ""
    state: NamedState = NamedState()
    phase: Name = ""
    status: StatusReply = StatusReply()
    change: Name = ""
    facts: Annotated[list[FactReply], lenient(FactReply, MAX_REPLY_FACTS)] = []
    actors: Annotated[list[ActorReply], lenient(ActorReply, MAX_ITEMS)] = []
    figures: Annotated[list[FigureReply], lenient(FigureReply, MAX_ITEMS)] = []
    announcements: Annotated[list[AnnouncementReply], lenient(AnnouncementReply, MAX_ITEMS)] = []
    settled: Annotated[list[SettledReply], lenient(SettledReply, MAX_ITEMS)] = []
    contradictions: Annotated[list[ContradictionReply], lenient(ContradictionReply, MAX_ITEMS)] = []
    background: Annotated[list[CitedText], lenient(CitedText, 2)] = []
    questions: Annotated[list[Text], lenient(str, 2)] = []
    elsewhere: Annotated[list[int], lenient(int, MAX_ELSEWHERE_SENTENCES)] = []
    roundups: Annotated[list[Name], lenient(str, MAX_ITEMS)] = []


_SILENT = UpdateReply()


def read_update(data: Any) -> UpdateReply:
    """Return ``data`` as a reply, without invalid fields; raises ``ValueError`` if all are invalid.

    Entries are read in the short form, and in the long form: an object with a key for each part.
    """
    if not isinstance(data, dict):
        raise ValueError("the answer is no object")  # noqa: TRY004 - a fault of the model's, as the others
    data = long_form(data)
    found: dict[str, Any] = {}
    for name in UpdateReply.model_fields:
        if name not in data:
            continue
        try:
            found[name] = getattr(UpdateReply.model_validate({name: data[name]}), name)
        except ValidationError:
            continue
    if all(value == getattr(_SILENT, name) for name, value in found.items()):
        raise ValueError(f"the answer says nothing under the keys {', '.join(UpdateReply.model_fields)}")
    return UpdateReply.model_construct(**found)


def with_known_texts(reply: UpdateReply, known: Mapping[str, Fact]) -> UpdateReply:
    """Return ``reply`` with the text of the known fact (by short id) for each fact that only names it."""
    facts = [
        one.model_copy(update={"text": said.text, "claimant": one.claimant or said.claimant})
        if not one.text.strip() and one.relation == "restates" and (said := known.get(one.known))
        else one
        for one in reply.facts
    ]
    return reply.model_copy(update={"facts": facts})


def update_schema() -> dict[str, Any]:
    """Return the JSON Schema of a story update's reply."""
    return short_schema()

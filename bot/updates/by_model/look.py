"""The second look at one update: what the model is asked once more, and the effect of its answers. Pure.

checked ──thin or softly refused──▶ statements with their sentences ┐
facts said to be new ──like a known line──▶ pairs                   ├──one call──▶ verdicts, repeats
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from bot.evidence.proposed import FieldKind, ProposedField
from bot.evidence.second_look import AskedStatement, after_second_look, to_ask
from bot.language.cleaning.clean import one_line
from bot.language.rules import load_rules
from bot.language.sentences.self_contained import points_back
from bot.model.news import TITLE_NUMBER
from bot.model.record import Checked
from bot.updates.by_model.pairs import MAX_PAIRS, Pair, pair_text
from bot.updates.by_model.reading import Reading
from bot.updates.by_model.reply import Name, ReplyItem, UpdateReply, lenient
from bot.updates.days import Articles
from bot.updates.material import header_line

LOOK_VERSION = 3
MAX_VERDICTS = 40
_LESSER = ("actors", "background")  # fields that by themselves are worth no call
# Words that need an earlier sentence; "I" and "we" in a quotation mean its speaker.
_POINTING = load_rules("en", "short_forms").pattern("pointing")
MAX_PRECEDING_SENTENCE_CHARS = 300  # characters of the sentence before, which only shows who is meant


class CarriedReply(ReplyItem):
    """Whether the sentences of a statement support it."""

    field: Name
    carried: bool


class AgainReply(ReplyItem):
    """Whether a fact repeats a known one."""

    field: Name
    again: bool


class SecondLookReply(ReplyItem):
    """The reply of a second look."""

    verdicts: Annotated[list[CarriedReply], lenient(CarriedReply, MAX_VERDICTS)] = Field(default=[])
    repeats: Annotated[list[AgainReply], lenient(AgainReply, MAX_PAIRS)] = Field(default=[])


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """The questions of one second look; nothing is asked if both lists are empty."""

    asked: tuple[AskedStatement, ...] = ()
    pairs: tuple[Pair, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.asked or self.pairs)

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts that identify these doubts."""
        return (*(one.text for one in self.asked), *map(pair_text, self.pairs))


def doubts_of(checked: Sequence[Checked], *, pairs: Sequence[Pair], articles: Articles) -> Doubts:
    """Return the questions for a second look: of ``checked`` the last result of each field, and ``pairs`` of fields that may be kept."""
    last = tuple({one.field: one for one in checked}.values())
    asked = to_ask(last, articles=articles)
    fallen = {one.field for one in last if not one.verdict.passed} - {one.field for one in asked}
    return Doubts(asked=asked, pairs=tuple(pair for pair in pairs if pair.field not in fallen))


def worth_asking(doubts: Doubts, reply: UpdateReply, reading: Reading) -> Doubts:
    """Return ``doubts`` without known facts that are only repeated, and none if no answer would change anything.

    A state that is known already changes nothing by itself.
    """
    known, now = reading.known.facts, reading.ledger.now
    named = {
        f"facts[{i}]"
        for i, one in enumerate(reply.facts)
        if one.relation == "restates" and one.known in known and one.text == known[one.known].fact.text
    }
    asked = tuple(one for one in doubts.asked if one.field not in named)
    same = now is not None and bool(now.state) and reply.state.name == now.state
    if not doubts.pairs and same and all(one.field == "state" for one in asked):
        return Doubts()
    return replace(doubts, asked=asked)


def matters(doubts: Doubts) -> bool:
    """Return whether ``doubts`` are worth a call: actors and background alone are not.

    Nine in ten of these are confirmed anyway, and none is shown to a later call, so the rules' verdict is kept.
    """
    return bool(doubts.pairs) or not all(one.field.startswith(_LESSER) for one in doubts.asked)


def statement_lines(doubts: Doubts, *, fields: Sequence[ProposedField], before: Mapping[str, str]) -> str:
    """Return the statements as a reader would see them and the sentences they cite, as lines for the prompt.

    ``before`` is the sentence before the first cited one, by field. A sentence is written once, then only its number.
    """
    in_words = {path: text for field in fields for path, text in _in_words(field)}
    written: list[str] = []
    numbers: dict[str, int] = {}
    for one in doubts.asked:
        written.append(f"{one.field}: {in_words.get(one.field, one.text)}")
        earlier = f"  [{before.get(one.field, '')[:MAX_PRECEDING_SENTENCE_CHARS]}]"
        if one.field in before and earlier not in written:
            written.append(earlier)
        for text in map(one_line, one.sentences):
            shown = "" if text in numbers else f" {text}"
            written.append(f"  > {numbers.setdefault(text, len(numbers) + 1)}{shown}")
    return "\n".join(written) or "none"


def article_lines(doubts: Doubts, checked: Sequence[Checked], articles: Articles) -> str:
    """Return outlet, day and title of the articles whose sentences the statements cite, as lines for the prompt."""
    asked = {one.field for one in doubts.asked}
    cited = (c for one in checked if one.field in asked for c in one.verdict.citations)
    found = dict.fromkeys((c.article_id, c.revision) for c in cited)
    return "\n".join(header_line(articles[key]) for key in found if key in articles) or "none"


def _in_words(field: ProposedField) -> Iterator[tuple[str, str]]:
    """Yield each part of ``field`` under the name the check has for it, as a reader would understand it."""
    path, who = field.path, field.who
    if field.kind is FieldKind.ACTOR:
        yield f"{path}.name", f"{who} acts or speaks here"
        yield f"{path}.role", f"{who} is {field.role}"
        yield f"{path}.position", f"{who}: {field.text}"
    elif field.kind is FieldKind.ANNOUNCEMENT:
        yield (
            f"{path}.what",
            f"it is announced{f' by {who}' if who else ''}: {field.text} {field.when}".rstrip(),
        )
    elif field.kind is FieldKind.FIGURE:
        value = " ".join(filter(None, (field.value, field.unit)))
        yield path, f"{value}: {field.text}{f' (said by {who})' if who else ''}"
    elif field.kind is FieldKind.STATE:
        # By its name, too: the model that gave it has seen no more.
        yield path, f"the story is at “{field.value}”: {field.text}"
    elif field.kind is FieldKind.OUTCOME:
        yield path, f"{field.text}: this {field.value}"
    else:
        yield path, f"{field.text}{f' (said by {who})' if who else ''}"


def with_second_look(
    checked: Sequence[Checked], doubts: Doubts, reply: SecondLookReply
) -> tuple[Checked, ...]:
    """Return the last result of each field after the answers; without an answer it is unchanged."""
    last = tuple({one.field: one for one in checked}.values())
    said = {verdict.field for verdict in reply.verdicts}
    carried = {verdict.field for verdict in reply.verdicts if verdict.carried}
    asked = [one for one in doubts.asked if one.field in said]
    return after_second_look(last, asked=asked, carried=carried)


def repeated(doubts: Doubts, reply: SecondLookReply) -> Mapping[str, str]:
    """Return for each repeating field the id of the most similar known line."""
    again = {one.field for one in reply.repeats if one.again}
    return {pair.field: pair.known[0].id for pair in doubts.pairs if pair.field in again}


def _needs_another(sentence: str) -> bool:
    """Tell whether ``sentence`` speaks of somebody or something that an earlier one names."""
    return points_back(sentence) or bool(_POINTING.search(sentence))


def sentences_before(doubts: Doubts, checked: Sequence[Checked], articles: Articles) -> dict[str, str]:
    """Return the sentence before the first one that each doubtful field cites, if it is needed to understand "he"."""
    asked = {one.field for one in doubts.asked if one.sentences and _needs_another(one.sentences[0])}
    found = {}
    for one in checked:
        if one.field in asked and one.verdict.citations:
            first = one.verdict.citations[0]
            number = min((n for n in first.sentences if n != TITLE_NUMBER), default=0) - 1
            article = articles.get((first.article_id, first.revision))
            if article and number >= 1:
                found[one.field] = article.sentence(number).text
    return found

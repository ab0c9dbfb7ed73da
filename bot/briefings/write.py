"""Turn a model's wording of one story into a brief: every statement checked, the rest from the extracts. Pure.

    draft (extracts) + passages ──task──▶ prompt values          reply ──candidates──▶ evidence check ──▶ checked
                                                    draft + checked ──merge──▶ brief | None (back to the extracts)

The model words; code has already selected the story, decided its state and remembers what the channel was told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.briefings.extractive import MAX_HEADLINE_WORDS
from bot.briefings.passages import NumberedSentence, cited
from bot.briefings.reply import CorrectionReply, StoryReply
from bot.briefings.select import MAX_BULLET_CHARS, REPEATED_BULLET_SIMILARITY
from bot.evidence.check import check_statement, strangers
from bot.evidence.reasons import explain
from bot.language.cleaning.invisible import visible
from bot.language.names import find_names, same_name
from bot.language.sentences.clauses import word_count
from bot.language.similarity import is_copy, is_restated, similarity
from bot.model.briefing import Section, Statement, StoryBrief, Writer
from bot.model.news import Article, Citation
from bot.model.record import Checked, Disposition, Verdict
from bot.model.story import Actor, Status

MAX_STATUS_WORDS = 14
MIN_BULLETS = 2
MAX_OPEN_QUESTION_CHARS = 120  # characters of an open question
MAX_SENT_STATEMENTS_SHOWN = 6  # latest statements a channel was told that a model is shown

# What a question may begin with; any other first word has to stand in the sentences.
_ASKING = frozenset(
    "who whom whose what which when where why how is are was were will would does do did has have had can could should "
    "may might by in on at to for from under with after before until since if whether and or the a an any".split()
)
# What no sentence of a briefing holds: addresses, mentions, tags.
_MARKUP = re.compile(
    "[a-z][a-z0-9+.-]{1,20}://|www\\.|<[@#!/a-z]|[<>]{2}|@(?:everyone|here|channel)\\b|\\]\\(|```",
    re.IGNORECASE,
)

_FACTS = re.compile(r"[\d“”\"%$€£]")

Key = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedStatement:
    """One statement a model wrote; ``field`` names its place, such as ``bullets[2]`` or ``actors[0].role``."""

    field: str
    text: str
    citations: tuple[Citation, ...]
    claimant: str = ""

    @property
    def kind(self) -> str:
        """The kind of statement, as the evidence check names it."""
        if self.field.startswith("bullets"):
            return "bullet"
        return self.field.rpartition(".")[2].partition("[")[0]


def describe(draft: StoryBrief) -> str:
    """Return what the ledger knows of a story, as lines for the prompt."""
    written = [f"Headline so far: {draft.headline.text}"]
    if draft.status:
        written.append(f"State: {draft.status.state} ({draft.status.kind})")
        written.append(f"Status line of the ledger: {draft.status.line}")
    if draft.previous_status:
        written.append(f"State before: {draft.previous_status.state}")
    if not _words_status(draft):
        written.append("Readers know headline and status line: leave both texts empty.")
    return "\n".join(" ".join(line.split()) for line in written)


def told_lines(told: Sequence[str]) -> str:
    """Return the latest statements a channel was told, as lines for the prompt."""
    return (
        "\n".join(f"- {' '.join(text.split())}" for text in told[-MAX_SENT_STATEMENTS_SHOWN:]) or "- nothing"
    )


def candidates(
    reply: StoryReply, passages: Sequence[NumberedSentence], *, draft: StoryBrief
) -> Iterator[ProposedStatement]:
    """Yield the statements of ``reply`` that say anything and have a place in ``draft``."""
    if _words_status(draft):
        yield from _stated(reply.headline.text, "headline", reply.headline.cite, passages)
        said_by = _flat(reply.status.said_by)
        yield from _stated(reply.status.text, "status", reply.status.cite, passages, claimant=said_by)
    for i, bullet in enumerate(reply.bullets):
        yield from _stated(bullet.text, f"bullets[{i}]", bullet.cite, passages)
    for i, actor in enumerate(reply.actors):
        name = _flat(actor.name)
        yield from _stated(actor.name, f"actors[{i}].name", actor.cite, passages)
        # The evidence check wants a role beside its name.
        role = f"{name}: {_flat(actor.role)}" if actor.role.strip() else ""
        yield from _stated(role, f"actors[{i}].role", actor.cite, passages, claimant=name)
        yield from _stated(actor.position, f"actors[{i}].position", actor.cite, passages, claimant=name)


def corrections(
    repaired: Sequence[CorrectionReply],
    refused: Sequence[Checked],
    passages: Sequence[NumberedSentence],
    claimants: Mapping[str, str],
) -> Iterator[ProposedStatement]:
    """Yield the corrected statements of what was ``refused``; a correction of anything else is ignored."""
    asked = {checked.field for checked in refused}
    for item in repaired:
        if item.field in asked:
            asked.discard(item.field)
            yield from _stated(
                item.text, item.field, item.cite, passages, claimant=claimants.get(item.field, "")
            )


def check(
    found: Sequence[ProposedStatement],
    *,
    passages: Sequence[NumberedSentence],
    fits: Callable[[str], bool],
    round_number: int = 1,
) -> tuple[Checked, ...]:
    """Return every candidate with its verdict; ``fits`` tells whether a status line fits the ledger's state."""
    articles: dict[Key, Article] = {(p.article.id, p.article.revision): p.article for p in passages}
    given: dict[Key, frozenset[int]] = {
        key: frozenset(p.sentence for p in passages if (p.article.id, p.article.revision) == key)
        for key in articles
    }
    checked = []
    for candidate in found:
        verdict = (
            _wording(candidate, fits)
            or _smuggled(candidate, articles.values())
            or check_statement(
                candidate.text,
                candidate.citations,
                articles=articles,
                given=given,
                claimant=candidate.claimant,
                field=candidate.kind,
            )
        )
        fate = Disposition.KEPT if verdict.passed else Disposition.DROPPED
        checked.append(
            Checked(
                field=candidate.field, text=candidate.text, verdict=verdict, round=round_number, fate=fate
            )
        )
    return tuple(checked)


def worth_repair(checked: Sequence[Checked]) -> tuple[Checked, ...]:
    """Return the refused statements a model is asked to correct: those a brief needs."""
    return tuple(
        c
        for c in checked
        if not c.verdict.passed and c.field.partition("[")[0] in {"headline", "status", "bullets"}
    )


def looked_lines(flagged: Sequence[Checked], articles: Mapping[Key, Article]) -> str:
    """Return the flagged statements, each above the sentences it cites, as lines for the prompt."""
    written = []
    for item in flagged:
        written.append(f"{item.field}: {_flat(item.text)}")
        for citation in item.verdict.citations:
            article = articles[citation.article_id, citation.revision]
            written += [f"  > {_flat(article.sentence(n).text)}" for n in citation.sentences]
    return "\n".join(written)


def doubted(checked: Sequence[Checked], uncarried: Collection[str]) -> list[Checked]:
    """Return ``checked`` with what a second look found uncarried refused."""
    return [
        replace(c, verdict=replace(c.verdict, passed=False, reason="second_look"), fate=Disposition.DROPPED)
        if c.field in uncarried and c.verdict.passed and c.verdict.flagged
        else c
        for c in checked
    ]


def fault_lines(refused: Sequence[Checked], passages: Sequence[NumberedSentence]) -> str:
    """Return the refused statements with their faults, as lines for the prompt."""
    numbers = {(p.article.id, p.sentence): p.number for p in passages}
    written = []
    for item in refused:
        sentences = [numbers.get((c.article_id, n), n) for c in item.verdict.citations for n in c.sentences]
        written.append(f"{item.field}: {_flat(item.text)} {sentences}\n  Refused: {reason_of(item.verdict)}")
    return "\n".join(written)


def reason_of(verdict: Verdict) -> str:
    """Return why a statement was refused, as one sentence."""
    words = {
        "long": "It is too long.",
        "markup": "It holds an address, a mention or markup.",
        "state": "It says the story stands elsewhere than the given state.",
        "question": "It has to be a statement.",
        "second_look": "A second look found that the cited sentences do not say all of it.",
    }
    return words.get(verdict.reason) or explain(verdict)


def merge(
    draft: StoryBrief,
    checked: Sequence[Checked],
    *,
    told: Sequence[str],
    reply: StoryReply,
    passages: Sequence[NumberedSentence],
) -> StoryBrief | None:
    """Return ``draft`` worded by what passed of a model's statements; None where too little of them did.

    The state, figures, announcements and disagreements stay the ledger's. A status line must rest on an article
    no older than the ledger's, a bullet must be news to the channel.
    """
    kept = {c.field: c for c in checked if c.verdict.passed}
    dates = {(p.article.id, p.article.revision): p.article for p in passages}
    status = _status(draft, kept.get("status"), said_by=_flat(reply.status.said_by), dates=dates)
    known = [*told, *([status.line] if status else [])]
    printed = _printed(status, passages)
    bullets = [b for b in _bullets(kept, known) if not any(is_copy(b.text, text) for text in printed)]
    if not bullets or (draft.status and "status" not in kept and _words_status(draft)):
        return None
    for extract in draft.bullets:
        if len(bullets) >= min(MIN_BULLETS, len(draft.bullets)):
            break
        again = any(is_copy(extract.text, text) for text in printed)
        if not again and all(similarity(extract.text, b.text) < REPEATED_BULLET_SIMILARITY for b in bullets):
            bullets.append(extract)
    headline = kept.get("headline")
    return replace(
        draft,
        headline=_statement(headline) if headline and _words_status(draft) else draft.headline,
        status=status,
        bullets=tuple(bullets),
        changed=tuple(bullets) if draft.section is Section.CHANGED else draft.changed,
        actors=_actors(draft, kept, reply, known, dates=dates),
        unknown=tuple(_questions(reply.unknown, passages)),
        writer=Writer.MODEL,
    )


def _stated(
    text: str, field: str, cite: Sequence[int], passages: Sequence[NumberedSentence], *, claimant: str = ""
) -> Iterator[ProposedStatement]:
    if text.strip():
        yield ProposedStatement(
            field=field, text=_flat(text), citations=cited(cite, passages), claimant=claimant
        )


def _wording(candidate: ProposedStatement, fits: Callable[[str], bool]) -> Verdict | None:
    """Return why a candidate is refused for its wording alone, None where it is fine."""
    text, kind = candidate.text, candidate.kind
    reason = ""
    if _marked(text) or _marked(candidate.claimant):
        reason = "markup"
    elif (
        (kind == "headline" and word_count(text) > MAX_HEADLINE_WORDS)
        or (kind == "status" and word_count(text) > MAX_STATUS_WORDS)
        or len(text) > MAX_BULLET_CHARS
    ):
        reason = "long"
    elif text.endswith("?"):
        reason = "question"
    elif kind == "status" and not fits(text):
        reason = "state"
    return Verdict(passed=False, reason=reason, citations=candidate.citations) if reason else None


def _smuggled(candidate: ProposedStatement, articles: Iterable[Article]) -> Verdict | None:
    """Return why a candidate is refused for words that can come from nowhere but another story or the prompt."""
    # Of who says it, every word is the article's own.
    foreign = strangers(candidate.claimant, articles, most=0) or strangers(candidate.text, articles)
    if not foreign:
        return None
    return Verdict(passed=False, reason="foreign", words=foreign, citations=candidate.citations)


def _words_status(draft: StoryBrief) -> bool:
    """Tell whether a status line is asked for: a story whose state the channel knows keeps the known line."""
    return draft.status is not None and (draft.section is Section.NEW or draft.previous_status is not None)


def _status(
    draft: StoryBrief, checked: Checked | None, *, said_by: str, dates: Mapping[Key, Article]
) -> Status | None:
    if draft.status is None or checked is None or not _words_status(draft):
        return draft.status
    citations = checked.verdict.citations
    newest = max(_time(dates, citation) for citation in citations)
    if newest < draft.status.as_of or len(citations) != 1:
        return draft.status
    line = checked.text.rstrip(".")
    return replace(draft.status, line=line, said_by=said_by, citation=citations[0], as_of=newest)


def _printed(status: Status | None, passages: Sequence[NumberedSentence]) -> list[str]:
    """Return the passages that ``status`` is told from."""
    if status is None:
        return []
    at = (status.citation.article_id, status.citation.revision)
    return [
        p.text
        for p in passages
        if (p.article.id, p.article.revision) == at and p.sentence in status.citation.sentences
    ]


def _bullets(kept: Mapping[str, Checked], known: Sequence[str]) -> list[Statement]:
    bullets: list[Statement] = []
    for field in sorted(f for f in kept if f.startswith("bullets")):
        text = kept[field].text
        if not is_restated(text, known) and all(
            similarity(text, b.text) < REPEATED_BULLET_SIMILARITY for b in bullets
        ):
            bullets.append(_statement(kept[field]))
    return bullets


def _actors(
    draft: StoryBrief,
    kept: Mapping[str, Checked],
    reply: StoryReply,
    known: Sequence[str],
    *,
    dates: Mapping[Key, Article],
) -> tuple[Actor, ...]:
    """Return the actors as worded, with the ledger's where it knows them better; without any, the ledger's own."""
    found: list[Actor] = []
    for i in range(len(reply.actors)):
        name, position, role = (kept.get(f"actors[{i}].{part}") for part in ("name", "position", "role"))
        if not name or not position or is_restated(position.text, known):
            continue
        ledger = next((a for a in draft.actors if same_name(a.name, name.text)), None)
        citation = position.verdict.citations[0]
        actor = replace(
            ledger or Actor(name=name.text, citation=citation, as_of=_time(dates, citation)),
            position=position.text,
            citation=citation,
            as_of=_time(dates, citation),
        )
        if role:
            printed = role.text.removeprefix(f"{name.text}: ")
            actor = replace(actor, role=printed, role_citation=role.verdict.citations[0])
        found.append(actor)
    return tuple(found) or draft.actors


def _questions(unknown: Sequence[str], passages: Sequence[NumberedSentence]) -> Iterator[str]:
    """Yield open questions that hold no facts: short, no number, no quote, no name the sentences do not have."""
    said = " ".join(p.text for p in passages)
    articles = list({(p.article.id, p.article.revision): p.article for p in passages}.values())
    for text in map(_flat, unknown):
        if (
            not text.endswith("?")
            or len(text) > MAX_OPEN_QUESTION_CHARS
            or _marked(text)
            or _FACTS.search(text)
        ):
            continue
        if strangers(text, articles):
            continue
        if _begins_as_one(text, said) and all(name.text in said for name in find_names(text) if name.start):
            yield text


def _begins_as_one(question: str, said: str) -> bool:
    """Tell whether what ``question`` begins with is a word of asking, or stands in the sentences."""
    first, *rest = question.rstrip("?").split() or [""]
    if not first or (first.casefold().strip(",’'") not in _ASKING and first not in said):
        return False
    # At the beginning a capital says nothing: "Which Israeli" is a word of asking and a name.
    name = next((name for name in find_names(question) if name.start == 0), None)
    return name is None or not rest or " ".join(name.text.split()[1:]) in said


def _time(articles: Mapping[Key, Article], citation: Citation) -> datetime:
    return articles[citation.article_id, citation.revision].published_at


def _statement(checked: Checked) -> Statement:
    return Statement(text=checked.text, citations=checked.verdict.citations)


def _marked(text: str) -> bool:
    """Tell whether ``text`` holds markup, or characters that nobody sees and no script needs."""
    return bool(_MARKUP.search(text)) or visible(text) != text


def _flat(text: str) -> str:
    return " ".join(text.split())

"""Check the reply of a model to a question, statement by statement, and name its faults. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answers.reply import AnswerCorrection
from bot.evidence.check import check_statement
from bot.evidence.foreign import foreign_words
from bot.evidence.numbered import NumberedSentence, cited, shown_by_article
from bot.evidence.reasons import advise
from bot.language.cleaning.clean import one_line
from bot.language.cleaning.markup import has_markup
from bot.model.news import Article, Citation
from bot.model.record import Checked, Disposition, Verdict

MAX_ANSWER_STATEMENT_CHARS = 200  # characters of a statement


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedStatement:
    """One statement a model wrote; ``field`` names its place, such as ``statements[2]``."""

    field: str
    text: str
    citations: tuple[Citation, ...]


def check(
    found: Sequence[ProposedStatement], *, shown: Sequence[NumberedSentence], round_number: int = 1
) -> tuple[Checked, ...]:
    """Return every statement with its verdict against the sentences that were ``shown``."""
    articles = {(one.article.id, one.article.revision): one.article for one in shown}
    given = shown_by_article(shown)
    checked = []
    for one in found:
        verdict = _wording(one, list(articles.values())) or check_statement(
            one.text, one.citations, articles=articles, given=given
        )
        disposition = Disposition.KEPT if verdict.passed else Disposition.DROPPED
        checked.append(
            Checked(
                field=one.field, text=one.text, verdict=verdict, round=round_number, disposition=disposition
            )
        )
    return tuple(checked)


def corrections(
    repaired: Sequence[AnswerCorrection], refused: Sequence[Checked], shown: Sequence[NumberedSentence]
) -> Iterator[ProposedStatement]:
    """Yield the corrections of ``refused`` statements; corrections of others are ignored."""
    asked = {checked.field for checked in refused}
    for item in repaired:
        if item.field in asked and item.text.strip():
            asked.discard(item.field)
            yield ProposedStatement(
                field=item.field, text=one_line(item.text), citations=cited(item.cite, shown)
            )


def fault_lines(refused: Sequence[Checked], shown: Sequence[NumberedSentence]) -> str:
    """Return the refused statements, each with its sentences and what to do, as lines for the prompt."""
    numbers = {(one.article.id, one.sentence): one.number for one in shown}
    written = []
    for item in refused:
        sentences = [numbers.get((c.article_id, n), n) for c in item.verdict.citations for n in c.sentences]
        written.append(f"{item.field}: {one_line(item.text)} {sentences}\n  {advise(item.verdict)}")
    return "\n".join(written)


def _wording(one: ProposedStatement, articles: Sequence[Article]) -> Verdict | None:
    """Return why a statement is refused for its wording alone, None if it has to be checked."""
    reason = ""
    words: tuple[str, ...] = ()
    if has_markup(one.text):
        reason = "markup"
    elif len(one.text) > MAX_ANSWER_STATEMENT_CHARS:
        reason, words = "length", (f"{MAX_ANSWER_STATEMENT_CHARS} characters",)
    elif one.text.endswith("?"):
        reason = "asks"
    elif foreign := foreign_words(one.text, articles):
        # They can come from nowhere but another story or the prompt.
        reason, words = "foreign", foreign
    return Verdict(passed=False, reason=reason, words=words, citations=one.citations) if reason else None

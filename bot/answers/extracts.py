"""Answer with quoted sentences: those of the ranked passages that match the question. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.answers.asked import Asked, QuestionKind
from bot.answers.forms import NEW_NAME_WEIGHT, brings_name, fits, tells_of_before
from bot.answers.support import share
from bot.language.sentences.clauses import lead_free
from bot.language.sentences.self_contained import is_furniture, is_statement, points_back
from bot.language.similarity import similarity
from bot.language.stems import stems
from bot.model.briefing import Statement
from bot.model.conversation.answer import MAX_ANSWER_STATEMENTS, Passage
from bot.model.news import Article, Sentence

# Similarity from which a further quote has too little that is new: below what says the same.
REPEATED_QUOTE_SIMILARITY = 0.42
MIN_FURTHER_SENTENCE_SHARE = 0.55  # share of the best sentence's weight that a further one must have
MAX_EXTRACT_CHARS = 600  # characters of a sentence that is quoted
MAX_QUOTED_PASSAGES = 8  # best passages that are quoted from
PASSAGE_SHARE = 0.5  # share of a sentence's score that depends on its passage's
PAST_WEIGHT = 0.5  # what a number of an earlier year counts, where none was asked for
QUESTION_KIND_WEIGHT = 0.35  # bonus of a sentence with the kind of thing asked for


def extract(
    passages: Sequence[Passage],
    asked: Asked,
    *,
    weights: Mapping[str, float],
    most: int = MAX_ANSWER_STATEMENTS,
) -> tuple[Statement, ...]:
    """Return up to ``most`` sentences of ``passages``, best first, each with its citation."""
    best_passage = max((p.score for p in passages), default=0.0) or 1.0
    scored: list[tuple[float, int, Article, Sentence]] = []
    for place, passage in enumerate(passages[:MAX_QUOTED_PASSAGES]):
        title = {*stems(passage.article.title, language=passage.article.language or "en")}
        for number in passage.sentences:
            sentence = passage.article.sentence(number)
            if (
                not is_statement(sentence.text)
                or is_furniture(sentence.text)
                or len(sentence.text) > MAX_EXTRACT_CHARS
            ):
                continue
            held = {*stems(sentence.text, language=passage.article.language or "en")}
            score = (share(held, weights) + share(held | title, weights)) / 2 + (
                QUESTION_KIND_WEIGHT if fits(sentence.text, asked, passage.article) else 0.0
            )
            if asked.names_kind and brings_name(sentence.text, asked):
                score += NEW_NAME_WEIGHT
            score *= 1 - PASSAGE_SHARE + PASSAGE_SHARE * passage.score / best_passage
            if asked.kind is QuestionKind.FIGURE and tells_of_before(sentence.text, asked, passage.article):
                score *= PAST_WEIGHT
            if points_back(sentence.text):
                score *= 0.7
            scored.append((score, -place, passage.article, sentence))
    scored.sort(key=lambda item: (-item[0], -item[1], item[3].number))
    chosen: list[tuple[Article, Sentence]] = []
    for score, _, article, sentence in scored:
        if len(chosen) == most or (chosen and score < MIN_FURTHER_SENTENCE_SHARE * scored[0][0]):
            break
        if all(similarity(sentence.text, other.text) < REPEATED_QUOTE_SIMILARITY for _, other in chosen):
            chosen.append((article, sentence))
    return tuple(
        Statement(
            text=lead_free(sentence.text),
            citations=(article.cite(sentence.number),),
        )
        for article, sentence in chosen
    )

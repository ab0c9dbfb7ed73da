"""What the scripted model answers: a fixed way of wording the sentences it is shown. Pure; needs no key.

It condenses: the clean part of a sentence, the speaker of a claim put behind it. It is the demo's model and the
tests' honest one; it knows nothing but the request.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.briefings.select import MAX_BULLET_CHARS, MIN_BULLET_WORDS
from bot.language.sentences.clauses import attributed, balanced, is_clause, lead_free, parts, tidy, word_count
from bot.language.sentences.self_contained import addresses_reader, is_furniture, is_statement, points_back
from bot.language.similarity import is_restated, similarity
from bot.ports import ModelRequest

MAX_BULLETS = 3
MAX_ANSWER_STATEMENTS = 2
SAME_BULLET_SIMILARITY = 0.35  # similarity from which it takes two bullets for one

_SENTENCE = re.compile(r"^\[(\d{1,3})\] (.+)$", re.MULTILINE)
_PRONOUN = re.compile(r"(?:he|she|it|they)\b", re.IGNORECASE)
_TOLD = re.compile(r"^- (.+)$", re.MULTILINE)


def scripted_answer(request: ModelRequest) -> Mapping[str, Any]:
    """Return the answer to a request of the prompts ``briefing``, ``answer`` and ``repair``."""
    if request.schema_name == "repair":
        return {"statements": []}
    sentences = {int(number): text for number, text in _SENTENCE.findall(request.user)}
    if request.schema_name == "answer":
        return {"statements": _answering(request.user, sentences)}
    headline, line = (
        _after(request.user, "Headline so far"),
        _after(request.user, "Status line of the ledger"),
    )
    told = _TOLD.findall(request.user.partition("\nSentences:\n")[0])
    bullets: list[dict[str, Any]] = []
    for number, text in _worded(sentences, _places(request.user)):
        if len(bullets) == MAX_BULLETS or is_restated(text, [*told, line]):
            continue
        if all(similarity(text, other["text"]) < SAME_BULLET_SIMILARITY for other in bullets):
            bullets.append({"text": text, "cite": [number]})
    return {
        "headline": {"text": headline, "cite": _carrying(headline, sentences)},
        "status": {"text": line, "said_by": _speaker(line, sentences), "cite": _carrying(line, sentences)},
        "bullets": bullets,
        "actors": [],
        "unknown": [],
    }


def _answering(user: str, sentences: Mapping[int, str]) -> list[dict[str, Any]]:
    """Return wordings of the sentences that share most with the question, the most similar first."""
    question = user.partition("The question,")[2].partition("\nAsked before:")[0].split("\n")[-1]
    worded = sorted(_worded(sentences, {}), key=lambda item: (-similarity(item[1], question), item[0]))
    return [{"text": text, "cite": [number]} for number, text in worded[:MAX_ANSWER_STATEMENTS]]


def _places(user: str) -> dict[int, int]:
    """Return how deep in its article each numbered sentence stands: articles begin with a line of their own."""
    places: dict[int, int] = {}
    depth = 0
    for line in user.splitlines():
        found = _SENTENCE.match(line)
        depth = depth + 1 if found else 0
        if found:
            places[int(found[1])] = depth
    return places


def _after(text: str, label: str) -> str:
    found = re.search(rf"^{label}: (.+)$", text, re.MULTILINE)
    return found[1] if found else ""


def _worded(sentences: Mapping[int, str], places: Mapping[int, int]) -> Iterator[tuple[int, str]]:
    """Yield a wording of each sentence that stands alone, the leads of the newest articles first."""
    for number in sorted(sentences, key=lambda n: (places.get(n, 0), -n)):
        text = sentences[number]
        if is_furniture(text) or not is_statement(text):
            continue
        claim = attributed(lead_free(text))
        body = claim.claim if claim else lead_free(text)
        short = next((p for p in sorted(map(tidy, parts(body)), key=len) if _stands(p)), "")
        if not short or (claim and _PRONOUN.match(claim.speaker)):
            continue
        whole = short.rstrip(".")
        worded = f"{whole}, according to {_small(claim.speaker)}." if claim else f"{whole}."
        if len(worded) <= MAX_BULLET_CHARS:
            yield number, worded


def _stands(part: str) -> bool:
    return (
        word_count(part) >= MIN_BULLET_WORDS + 2
        and balanced(part)
        and is_clause(part)
        and not points_back(part)
        and not addresses_reader(part)
        and not part.startswith(("“", '"', "‘"))
    )


def _carrying(text: str, sentences: Mapping[int, str]) -> list[int]:
    if not text or not sentences:
        return []
    return [max(sentences, key=lambda n: (similarity(text, sentences[n]), -n))]


def _speaker(line: str, sentences: Mapping[int, str]) -> str:
    cite = _carrying(line, sentences)
    claim = attributed(lead_free(sentences[cite[0]])) if cite else None
    return claim.speaker if claim else ""


def _small(text: str) -> str:
    """Return ``text`` with a small first letter where its first word is an article or a common opening."""
    return re.sub(r"^(The|A|An|In|On|At|No|Some|More|Most|About|Nearly|All)\b", lambda m: m[0].lower(), text)

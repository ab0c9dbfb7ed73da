"""The replies of the scripted model: a fixed wording of the sentences it is shown. Pure; needs no key.

It shortens: the clean part of a sentence, followed by the speaker of a claim. It is the demo's model and the
tests' honest one; it knows nothing but the request.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.language.sentences.clauses import attributed, balanced, is_clause, lead_free, parts, tidy, word_count
from bot.language.sentences.self_contained import addresses_reader, is_furniture, is_statement, points_back
from bot.language.similarity import is_restated, similarity
from bot.model.update import MAX_HEADLINE_WORDS
from bot.ports import ModelRequest

MAX_SCRIPTED_FACTS = 6
MIN_CLAUSE_WORDS = 6
MAX_CLAUSE_CHARS = 150  # room for a speaker behind it
MAX_CLAUSE_WORDS = 14  # of a status, which is one clause here
MAX_SCRIPTED_STATEMENTS = 2
SAME_BULLET_SIMILARITY = 0.35  # similarity from which it takes two bullets for one

_SENTENCE = re.compile(r"^\[(\d{1,3})\] (.+)$", re.MULTILINE)
_PRONOUN = re.compile(r"(?:he|she|it|they)\b", re.IGNORECASE)
_KNOWN = re.compile(r"^(F\d{1,3}) [\d-]{10}: (.+)$", re.MULTILINE)


def scripted_answer(request: ModelRequest) -> Mapping[str, Any]:
    """Return the answer to a request of the prompts ``update``, ``answer`` and their repairs."""
    if request.schema_name in {"answer_repair", "update_repair"}:
        return {"statements": []}
    if request.schema_name == "translation":
        return {"lines": []}
    sentences = {int(number): text for number, text in _SENTENCE.findall(request.user)}
    if request.schema_name == "answer":
        return {"statements": _answering(request.user, sentences)}
    return _update(request.user, sentences)


def _update(user: str, sentences: Mapping[int, str]) -> dict[str, Any]:
    """Return a story update: short clauses of the sentences shown, those known already marked as restated."""
    known = dict(_KNOWN.findall(user.partition("\nNew articles:\n")[0]))
    articles = _articles(user)
    facts: list[dict[str, Any]] = []
    for number, text, speaker in _clauses(sentences, _positions(user)):
        if len(facts) == MAX_SCRIPTED_FACTS:
            break
        if any(similarity(text, other["text"]) >= SAME_BULLET_SIMILARITY for other in facts):
            continue
        again = next((short for short, said in known.items() if is_restated(text, [said])), "")
        facts.append(
            {
                "text": text,
                "importance": 3 if number in articles else 2,
                "day": "",
                "claimant": speaker,
                "relation": "restates" if again else "new",
                "known": again,
                "cite": [number],
            }
        )
    newest = max(articles, default=0)
    leads = [fact for fact in facts if fact["cite"][0] == newest] or facts
    short = next((f for f in [*leads, *facts] if word_count(f["text"]) <= MAX_CLAUSE_WORDS), None)
    brief = next((f for f in [*leads, *facts] if word_count(f["text"]) <= MAX_HEADLINE_WORDS), None)
    return {
        "headline": {
            "text": brief["text"].rstrip(".") if brief else "",
            "cite": brief["cite"] if brief else [],
        },
        "kind": "other",
        "state": {"name": "", "cite": []},
        "phase": "",
        "status": {
            "text": short["text"] if short else "",
            "said_by": short["claimant"] if short else "",
            "day": "",
            "cite": short["cite"] if short else [],
        },
        "change": "none",
        "facts": facts,
        "actors": [],
        "figures": [],
        "announcements": [],
        "settled": [],
        "contradictions": [],
        "background": [],
        "questions": [],
        "elsewhere": [],
        "roundups": [],
    }


def _articles(user: str) -> frozenset[int]:
    """Return the number of the first sentence of each article: articles begin with a line of their own."""
    return frozenset(number for number, depth in _positions(user).items() if depth == 1)


def _answering(user: str, sentences: Mapping[int, str]) -> list[dict[str, Any]]:
    """Return wordings of the sentences that share most with the question, the most similar first."""
    question = user.partition("The question,")[2].partition("\nAsked before:")[0].split("\n")[-1]
    ranked = sorted(_statements(sentences, {}), key=lambda item: (-similarity(item[1], question), item[0]))
    return [{"text": text, "cite": [number]} for number, text in ranked[:MAX_SCRIPTED_STATEMENTS]]


def _positions(user: str) -> dict[int, int]:
    """Return the position of each numbered sentence in its article; articles begin with a header line."""
    places: dict[int, int] = {}
    depth = 0
    for line in user.splitlines():
        found = _SENTENCE.match(line)
        depth = depth + 1 if found else 0
        if found:
            places[int(found[1])] = depth
    return places


def _statements(sentences: Mapping[int, str], places: Mapping[int, int]) -> Iterator[tuple[int, str]]:
    """Yield each sentence that can be understood alone, with the speaker of a claim after it."""
    for number, text, speaker in _clauses(sentences, places):
        yield number, f"{text.rstrip('.')}, according to {_small(speaker)}." if speaker else text


def _clauses(sentences: Mapping[int, str], places: Mapping[int, int]) -> Iterator[tuple[int, str, str]]:
    """Yield a short clause of each sentence that can be understood alone, with its speaker; leads of the newest articles first."""
    for number in sorted(sentences, key=lambda n: (places.get(n, 0), -n)):
        text = sentences[number]
        if is_furniture(text) or not is_statement(text):
            continue
        claim = attributed(lead_free(text))
        body = claim.claim if claim else lead_free(text)
        short = next((p for p in sorted(map(tidy, parts(body)), key=len) if _stands(p)), "")
        if not short or (claim and _PRONOUN.match(claim.speaker)) or len(short) > MAX_CLAUSE_CHARS:
            continue
        yield number, f"{short.rstrip('.')}.", claim.speaker if claim else ""


def _stands(part: str) -> bool:
    return (
        word_count(part) >= MIN_CLAUSE_WORDS + 2
        and balanced(part)
        and is_clause(part)
        and not points_back(part)
        and not addresses_reader(part)
        and not part.startswith(("“", '"', "‘"))
    )


def _small(text: str) -> str:
    """Return ``text`` with a small first letter where its first word is an article or a common opening."""
    return re.sub(r"^(The|A|An|In|On|At|No|Some|More|Most|About|Nearly|All)\b", lambda m: m[0].lower(), text)

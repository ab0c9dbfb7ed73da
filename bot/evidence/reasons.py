"""The reasons for which a statement is refused, which of them a second look may lift, and the advice for each."""

from __future__ import annotations

from bot.model.record import Verdict

REASONS: dict[str, str] = {
    "empty": "the statement is empty",
    "too_long": "the statement is too long to be checked",
    "length": "the statement is longer than {}",
    "unknown_citation": "it cites no sentence that was shown",
    "quote": "the cited sentences do not have the quotation {} word for word",
    "number": "none of the cited sentences has {}",
    "counted": "in the cited sentences {} counts something else",
    "date": "the cited sentences do not name the day {}",
    "name": "none of the cited sentences has {}",
    "speaker": "the cited sentences do not name {} as the speaker",
    "swapped": "names have changed places: in the cited sentences {} has another part in what happened",
    "negation": "one denies what the other asserts, the statement or the cited sentences: {}",
    "opposite": "{} is the opposite of what the cited sentences say",
    "hedge": "a word of doubt or intention is missing or was added: {}",
    "claimant": "the statement must name its source: {}",
    "wrong_claimant": "the cited sentences do not name {} as the source",
    "actor": "in the cited sentences {} does not say or do this",
    "another": "{} is named, but “he” or “she” in the cited sentences is another person",
    "cut": "the speaker goes on, and this was left out: {}",
    "role": "the cited articles do not give this person the role {}",
    "slant": "it passes a judgement that the cited sentences do not have: {}",
    "fused": "it mixes several sentences: no single cited sentence supports {}",
    "foreign": "none of the articles has {}",
    "short": "it is too short to say anything",
    "nameless": "it names no person, body or place, so it cannot be understood alone",
    "markup": "it contains an address, a mention or markup",
    "asks": "it is a question, not a statement",
    "question": "the question is too long, or has numbers, quotations or names that no article has",
    "uncovered": "the cited sentences do not mention {}",
    "not_announced": "the cited sentences do not announce it for a day to come",
    "old": "it was announced at least four weeks before the article: {}",
    "not_settled": "the cited sentences do not report that the announced event {}",
    "state": "the cited sentences deny, doubt or only plan what this state means: {}",
    "restates": "it is not the same as the known fact: {} differs",
    "supersedes": "it does not replace the known fact: {}",
    "agreed": "the sides do not contradict each other: {}",
    "answered": "an article answers the question: {}",
    "second_look": "the model, asked a second time, found that the cited sentences do not support it",
}
# Reasons about wording: a neighbouring sentence may support the statement.
WORDING_REASONS = frozenset({"claimant", "fused", "uncovered", "hedge", "slant"})
# A second look may lift these: wording, who says or does it, what is counted. Rules are often too strict there. A quotation,
# a number, a name or a day is never lifted, because a reader can compare it letter by letter; nor is a denial or an opposite.
SOFT_REASONS = WORDING_REASONS | {
    *("wrong_claimant", "actor", "speaker", "role", "counted"),
    *("state", "not_announced", "not_settled"),
}
_REMEDIES: dict[str, str] = {
    "empty": "Write the statement or leave the field out.",
    "too_long": "Write one short sentence.",
    "length": "Write at most {}.",
    "unknown_citation": "Cite the numbers of sentences that were shown.",
    "quote": "Copy the quoted words exactly, or leave out the quotation marks.",
    "number": "Use only numbers of the cited sentences: none of them has {}.",
    "counted": "Use the number {} only for what it counts in the cited sentences.",
    "date": "Use the day that the cited sentences name, or leave it out: they do not name {}.",
    "name": "Use only names of the cited sentences, or cite the sentence that has {}.",
    "speaker": "Name as the speaker only the one who says it in the cited sentence.",
    "swapped": "Say who does it and to whom it is done as the cited sentence does: {} has changed places.",
    "negation": "Deny only what the cited sentence denies, and assert only what it asserts: {}.",
    "opposite": "Use the word of the cited sentence: {} is its opposite.",
    "hedge": "Keep the words of doubt or intention of the cited sentence, and add none.",
    "claimant": "Name {} as the source.",
    "wrong_claimant": "Name as the source only the one who says it in the cited sentence, or cite the sentence in which {} says it; name no source for what the outlet itself reports.",
    "actor": "Write only what {} says or does in the cited sentence.",
    "another": "Leave out what {} does not say: “he” or “she” is the person named in the sentence before.",
    "cut": "Write also what the speaker adds, or leave the position out: {}.",
    "role": "Copy the role that is printed with the name, or leave it out: {} is not printed with it.",
    "slant": "Leave out {}: the cited sentences do not judge.",
    "fused": "Write one fact from one sentence, or cite for each clause the sentence that supports it.",
    "foreign": "Use the words of the articles.",
    "short": "Write a whole sentence.",
    "nameless": "Name who or where it is about, as the sentences do: the line is read alone.",
    "markup": "Write plain words, without addresses, mentions or markup.",
    "asks": "Write a statement.",
    "question": "Ask a short question without numbers, quotations and new names.",
    "uncovered": "Say only what the cited sentences say, in their words, or cite those that mention {}.",
    "not_announced": "Cite the sentence that names what will happen and the day, or leave it out.",
    "old": "Leave it out: it was announced weeks before the article ({}).",
    "not_settled": "Cite the sentence that reports the outcome, or leave it out.",
    "state": "Cite the sentence that says so, or keep the state that the story had.",
    "restates": "Write it as a new fact.",
    "supersedes": "Write it as a new fact or as a contradiction.",
    "agreed": "Leave the contradiction out.",
    "answered": "Leave the question out.",
    "second_look": "Say only what the cited sentences say.",
}


def explain(verdict: Verdict) -> str:
    """Return one sentence for a person: why a statement was refused, or corrected."""
    if verdict.passed:
        return "The cited sentences do not support it, but others do: these are cited now."
    sentence = REASONS.get(verdict.reason, "the cited sentences do not support {}").format(_listed(verdict))
    return sentence[0].upper() + sentence[1:] + "."


def advise(verdict: Verdict) -> str:
    """Return one sentence for the request to write a refused statement again: what to do, with the limits."""
    return _REMEDIES.get(verdict.reason, "Say only what the cited sentences say.").format(_listed(verdict))


def _listed(verdict: Verdict) -> str:
    if verdict.reason == "length":
        return verdict.words[0] if verdict.words else "the limit"
    return ", ".join(f"“{word}”" for word in verdict.words) or "a part of it"

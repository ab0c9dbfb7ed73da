"""The reasons of a refusal, which of them a second look may lift, and the advice for each."""

from __future__ import annotations

from bot.model.record import Verdict

REASONS: dict[str, str] = {
    "empty": "the statement is empty",
    "too_long": "the statement is too long to be checked",
    "length": "the statement is longer than {}",
    "unknown_citation": "it cites no sentence that was given",
    "quote": "{} is not in the cited sentences word for word",
    "number": "{} is in none of the cited sentences",
    "counted": "{} counts something else in the cited sentences",
    "date": "{} is no day the cited sentences name",
    "name": "{} is in none of the cited sentences",
    "speaker": "the cited sentences do not let {} say this",
    "swapped": "{} stands where the cited sentences have somebody else",
    "negation": "{} does not agree with what the cited sentences deny",
    "opposite": "{} is the opposite of what the cited sentences say",
    "hedge": "the cited sentences say it with {}, or without",
    "claimant": "it is the word of {}, who has to be named",
    "wrong_claimant": "in the cited sentences it is not {} who says this",
    "actor": "in the cited sentences it is not {} who says or does this",
    "another": "whom the sentence before names says it, not {}",
    "cut": "who says it goes on with {}",
    "role": "{} does not stand beside the name in the cited sentences",
    "slant": "the cited sentences do not judge so: {}",
    "fused": "no single cited sentence carries {}",
    "foreign": "none of the articles has {}",
    "short": "it is too short to say anything",
    "nameless": "read alone it names nobody and no place",
    "markup": "it holds an address, a mention or markup",
    "asks": "it is a question",
    "question": "it is no short question without facts and names of its own",
    "uncovered": "the cited sentences do not speak of {}",
    "not_announced": "the cited sentences do not announce it for a day",
    "old": "it was announced weeks before its article: {}",
    "not_settled": "the cited sentences do not report that it {}",
    "state": "no cited sentence says that the story has come to this: {}",
    "restates": "it is not the known fact again: {} differs",
    "supersedes": "it does not replace the known fact: {}",
    "agreed": "the sides do not differ: {}",
    "answered": "the articles answer it: {}",
    "second_look": "on a second look the cited sentences do not carry it",
}
# Faults of wording, where neighbouring sentences may help.
WORDING_REASONS = frozenset({"claimant", "fused", "uncovered", "hedge", "slant"})
# What a second look may lift: faults of wording, and of who says or does it or what is counted, where rules are often too
# strict. What a reader can look up letter by letter, a quotation, a number, a name or a day, is never lifted, nor is a
# denial or an opposite.
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
    "number": "Use only numbers of the cited sentences: {} stands in none.",
    "counted": "Use the number for what it counts in the cited sentences.",
    "date": "Use the day the cited sentences name, or leave it out: {} is none.",
    "name": "Use only names of the cited sentences, or cite the sentence that has {}.",
    "speaker": "Name as speaker only whoever says it in the cited sentence.",
    "swapped": "Keep who does it and to whom it is done as the cited sentence has them: {} stands elsewhere.",
    "negation": "Keep what is denied denied, and what is asserted asserted: {}.",
    "opposite": "Keep the direction of the cited sentence: {} turns it round.",
    "hedge": "Keep the words of doubt or plan of the cited sentence, and add none.",
    "claimant": "Name {} as the one who says it.",
    "wrong_claimant": "Name as claimant whoever says it in the cited sentence, or cite the sentence where {} does; leave out what the outlet itself reports.",
    "actor": "Tell only what the cited sentence lets {} say or do.",
    "another": "Leave out what {} does not say: “he” is who speaks in the sentence before.",
    "cut": "Tell what follows too, or leave it out: {}.",
    "role": "Copy the role that stands beside the name, or leave it out: {} does not.",
    "slant": "Leave out {}: it judges, and the cited sentences do not.",
    "fused": "Write one fact of one sentence, or cite for each clause the sentence that has it.",
    "foreign": "Use the words of the articles.",
    "short": "Write a whole sentence.",
    "nameless": "Name who or where it is about, as the sentences do: the line is read alone.",
    "markup": "Write plain words, without addresses, mentions or markup.",
    "asks": "Write a statement.",
    "question": "Ask briefly, without numbers, quotes and new names.",
    "uncovered": "Say only what the cited sentences say, in their words, or cite those that say {}.",
    "not_announced": "Cite the sentence that names what will happen and the day, or leave it out.",
    "old": "Leave it out: it was announced {}.",
    "not_settled": "Cite the sentence that reports the outcome, or leave it out.",
    "state": "Cite the sentence that says so, or leave the state as it was.",
    "restates": "Tell it as a new fact.",
    "supersedes": "Tell it as a new fact or as a contradiction.",
    "agreed": "Leave the contradiction out.",
    "answered": "Leave the question out.",
    "second_look": "Say only what the cited sentences say.",
}


def explain(verdict: Verdict) -> str:
    """Return one sentence for a person: why a statement was refused, or corrected."""
    if verdict.passed:
        return "It is supported by other sentences than those cited."
    sentence = REASONS.get(verdict.reason, "the cited sentences do not carry {}").format(_listed(verdict))
    return sentence[0].upper() + sentence[1:] + "."


def advise(verdict: Verdict) -> str:
    """Return one sentence for the request to write a refused statement again: what to do, with the limits."""
    return _REMEDIES.get(verdict.reason, "Say only what the cited sentences say.").format(_listed(verdict))


def _listed(verdict: Verdict) -> str:
    if verdict.reason == "length":
        return verdict.words[0] if verdict.words else "the limit"
    return ", ".join(f"“{word}”" for word in verdict.words) or "a part of it"

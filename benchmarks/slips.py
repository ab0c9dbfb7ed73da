"""A weaker model: recorded replies with slips in a tenth of their fields, and how many slips reach a channel.

Slips are a number of a neighbouring sentence, another speaker, a known fact as new, and a wrong label. Everything else
is as recorded. First the check by rules stands alone; then beside a second look that sees each slip it is asked about.
"""

from __future__ import annotations

import asyncio
import copy
import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.recording.replayed import REPLIES, invented_articles, real_articles, replay
from bot.errors import ModelError, ModelReason
from bot.kinds import shipped_kinds
from bot.llm.offline.recorded import RecordedModel
from bot.model.briefing import StoryBrief, Writer
from bot.ports import LanguageModel, ModelReply, ModelRequest

SHARE = 0.1  # of the fields that slip
SEEDS = (1,)
_SENTENCE = re.compile(r"^\[(\d+)\] (.+)$", re.MULTILINE)
_KNOWN = re.compile(r"^([FA]\d+) (?:\d{4}-\d\d-\d\d: |announced: )(.+)$", re.MULTILINE)
_NUMBER = re.compile(r"(?<![\w.,])\d[\d,.]*\d|(?<![\w.,])\d(?![\w])")
_FIELD = re.compile(r"^([a-z]+(?:\[\d+\])?(?:\.[a-z]+(?:\[\d+\])?)*): ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Slip:
    """One seeded slip: its sort, where it stands, and what a reader would see of it."""

    sort: str
    path: str
    seen: tuple[str, ...]


@dataclass(slots=True)
class _Kept:
    """The recorded replies by what a model was shown, each with what its short names stood for."""

    inner: LanguageModel
    replies: dict[str, tuple[dict[str, Any], dict[str, str]]] = field(default_factory=dict)

    async def complete(self, request: ModelRequest) -> ModelReply:
        reply = await self.inner.complete(request)
        if request.purpose == "update":
            self.replies[_material(request)] = (dict(reply.data), _known(request))
        return reply


class _Weaker:
    """Answers with kept replies, a share of their fields slipped; ``sharp`` is a second look that sees every slip."""

    def __init__(self, kept: _Kept, *, seed: int, sharp: bool) -> None:
        self._kept = kept
        self._chance = random.Random(seed)
        self._sharp = sharp
        self.slips: list[Slip] = []
        self.fields = 0
        self._slipped: dict[str, set[str]] = {}

    async def complete(self, request: ModelRequest) -> ModelReply:
        if request.purpose == "second look" and self._sharp:
            data: dict[str, Any] = self._look(request)
        elif request.purpose == "update" and _material(request) in self._kept.replies:
            data = self._update(request)
        else:
            raise ModelError("No reply is kept", reason=ModelReason.NO_RECORD)
        return ModelReply(data=data, text=json.dumps(data), model="weaker")

    def _look(self, request: ModelRequest) -> dict[str, Any]:
        wrong = self._slipped.get(request.subject, set())
        statements, _, pairs = request.user.partition("\nPairs:\n")
        asked = [m[1] for m in _FIELD.finditer(statements)]
        return {
            "verdicts": [{"field": f, "carried": not any(f.startswith(w) for w in wrong)} for f in asked],
            "repeats": [{"field": m[1], "again": m[1] in wrong} for m in _FIELD.finditer(pairs)],
        }

    def _update(self, request: ModelRequest) -> dict[str, Any]:
        reply, then = self._kept.replies[_material(request)]
        data = _renamed(copy.deepcopy(reply), then=then, now=_known(request))
        slipped: set[str] = set()
        for path, slip in self._ways(data, request):
            self.fields += 1
            if self._chance.random() < SHARE and (seen := slip()):
                sort, shown = seen
                self.slips.append(Slip(sort, path, shown))
                slipped.add(path)
        self._slipped[request.subject] = slipped
        return data

    def _ways(self, data: dict[str, Any], request: ModelRequest) -> Iterator[tuple[str, Any]]:
        sentences = {int(n): text for n, text in _SENTENCE.findall(_material(request))}
        who = sorted(
            {a["name"] for a in data.get("actors", ())}
            | {f.get("claimant", "") for f in data.get("facts", ())} - {""}
        )
        for path, item in [
            ("headline", data.get("headline", {})),
            ("status", data.get("status", {})),
            *((f"facts[{i}]", one) for i, one in enumerate(data.get("facts", ()))),
            *((f"background[{i}]", one) for i, one in enumerate(data.get("background", ()))),
        ]:
            if item.get("text"):
                yield path, lambda item=item: self._number(item, "text", sentences)
        for i, one in enumerate(data.get("figures", ())):
            yield f"figures[{i}]", lambda one=one: self._number(one, "value", sentences)
            yield f"figures[{i}]", lambda one=one: self._speaker(one, "claimant", who)
        for i, one in enumerate(data.get("facts", ())):
            yield f"facts[{i}]", lambda one=one: self._speaker(one, "claimant", who)
            if one.get("relation") in ("restates", "supersedes"):
                yield f"facts[{i}]", lambda one=one: _as_new(one)
        for i, one in enumerate(data.get("actors", ())):
            yield f"actors[{i}]", lambda one=one, i=i: self._swapped(one, data["actors"], i)
        for name in ("state", "phase"):
            if data.get(name):
                yield name, lambda name=name: self._label(data, name)

    def _number(
        self, item: dict[str, Any], key: str, sentences: dict[int, str]
    ) -> tuple[str, tuple[str, ...]] | None:
        text, cited = item[key], item.get("cite", [])
        ours = _NUMBER.findall(text)
        near = {n + step for n in cited for step in (-2, -1, 1, 2)} - set(cited)
        carried = {number for n in cited for number in _NUMBER.findall(sentences.get(n, ""))}
        other = [x for n in sorted(near) for x in _NUMBER.findall(sentences.get(n, "")) if x not in carried]
        if not ours or not other:
            return None
        item[key] = text.replace(self._chance.choice(ours), self._chance.choice(other), 1)
        return ("number", (item[key],)) if item[key] != text else None

    def _speaker(self, item: dict[str, Any], key: str, who: list[str]) -> tuple[str, tuple[str, ...]] | None:
        said = item.get(key, "")
        other = [name for name in who if name != said and said and said not in name and name not in said]
        if not other:
            return None
        item[key] = self._chance.choice(other)
        text = item.get("text") or item.get("value", "")
        if said in text:
            text = item["text"] = text.replace(said, item[key])
        return "speaker", (text, item[key])

    def _swapped(
        self, actor: dict[str, Any], actors: list[dict[str, Any]], place: int
    ) -> tuple[str, tuple[str, ...]] | None:
        other = [a for i, a in enumerate(actors) if i != place and a.get("position") != actor.get("position")]
        if not other or not actor.get("position"):
            return None
        taken = self._chance.choice(other)
        actor["position"], actor["cite"] = taken.get("position", ""), taken.get("cite", [])
        return ("speaker", (actor["name"], actor["position"])) if actor["position"] else None

    def _label(self, data: dict[str, Any], name: str) -> tuple[str, tuple[str, ...]] | None:
        if name == "phase":
            other = [p for p in ("expected", "under way", "decided", "over") if p != data["phase"]]
            data["phase"] = self._chance.choice(other)
            return "label", (f"phase {data['phase']}", data.get("status", {}).get("text", ""))
        kind = shipped_kinds().get(data.get("kind", ""))
        now = data["state"].get("name", "")
        other = [s.name for s in kind.states if s.name != now] if kind and now else []
        if not other:
            return None
        data["state"]["name"] = self._chance.choice(other)
        return "label", (f"state {data['state']['name']}", data.get("status", {}).get("text", ""))


def _as_new(fact: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    fact["relation"], fact["known"] = "new", ""
    return "known as new", (fact["text"],)


def _material(request: ModelRequest) -> str:
    body = request.user.partition("\nNew articles:\n")[2]
    return re.sub(r"\n[0-9a-f]{12}\n?.*$", "", body, flags=re.DOTALL)


def _known(request: ModelRequest) -> dict[str, str]:
    return dict(_KNOWN.findall(request.user.partition("\nNew articles:\n")[0]))


def _renamed(data: dict[str, Any], *, then: dict[str, str], now: dict[str, str]) -> dict[str, Any]:
    """Return ``data`` with the short names that known facts have ``now``; what is not known is new."""
    names = {text: short for short, text in now.items()}
    for fact in data.get("facts", ()):
        if fact.get("known"):
            fact["known"] = names.get(then.get(fact["known"], ""), "")
            if not fact["known"]:
                fact["relation"] = "new"
    settled = [
        one | {"known": names.get(then.get(one.get("known", ""), ""), "")} for one in data.get("settled", ())
    ]
    data["settled"] = [one for one in settled if one["known"]]
    return data


def _lines(brief: StoryBrief) -> Iterator[tuple[str, ...]]:
    """Yield each line that a channel is shown of a story, as the texts it consists of."""
    yield (brief.headline.text,)
    if brief.status:
        yield (brief.status.line, brief.status.said_by)
        yield (f"state {brief.status.state}", brief.status.line)
        yield (f"phase {brief.status.phase}", brief.status.line)
    for bullet in brief.bullets:
        yield (bullet.text, bullet.said_by)
    for figure in brief.figures:
        yield (figure.value, figure.claimant)
    for actor in brief.actors:
        yield (actor.name, actor.position)
    for one in brief.next:
        yield (one.what, one.announced_by)


def _shows(line: tuple[str, ...], slip: Slip) -> bool:
    """Tell whether ``line`` shows ``slip``: all that a reader would see of it."""
    plain = [text.rstrip(".") for text in line]
    return all(any(part.rstrip(".") == text for text in plain) for part in slip.seen)


async def _briefs(model: LanguageModel, articles: Sequence[dict[str, Any]]) -> list[StoryBrief]:
    return [
        story
        async for _, morning in replay(model, articles)
        for story in morning.briefing.stories
        if story.writer is Writer.MODEL
    ]


async def _measure(articles: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    kept = _Kept(RecordedModel(REPLIES))
    await _briefs(kept, articles)
    rows = []
    for sharp in (False, True):
        sorts: Counter[str] = Counter()
        posted: Counter[str] = Counter()
        fields = lines = faults = 0
        for seed in SEEDS:
            model = _Weaker(kept, seed=seed, sharp=sharp)
            shown = [line for brief in await _briefs(model, articles) for line in _lines(brief)]
            fields, lines = fields + model.fields, lines + len(shown)
            sorts.update(slip.sort for slip in model.slips)
            through = [s for s in model.slips if any(_shows(line, s) for line in shown)]
            posted.update(slip.sort for slip in through)
            faults += sum(any(_shows(line, slip) for slip in through) for line in shown)
        rows.append(
            {
                "check": "with a sharp second look" if sharp else "rules alone",
                "fields": f"{fields:,}",
                "slips": f"{sum(sorts.values()):,}",
                **{
                    sort: f"{posted[sort]} of {sorts[sort]}"
                    for sort in ("number", "speaker", "known as new", "label")
                },
                "lines posted": f"{lines:,}",
                "posted faults": f"{faults:,} ({faults / max(1, lines):.1%})",
            }
        )
    return rows


def run() -> list[dict[str, str]]:
    """Return the rows of the table."""
    return asyncio.run(_measure([*invented_articles(), *real_articles()]))

"""Recorded replies for the benchmarks, and a way to record what is missing by hand.

request ──▶ recorded reply
   └─ none ─▶ FOLDER/<key>.prompt.txt ──a person or another program──▶ FOLDER/<key>.reply.json ──next run──▶ recorded

FOLDER is where ``WIREBRIEF_UNANSWERED`` says; without it a missing reply is only counted.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from bot.blocking import run_blocking
from bot.errors import ModelError, ModelReason
from bot.llm.estimate import UsageEstimate
from bot.llm.offline.local_reply import local_reply
from bot.llm.offline.recorded import RecordedModel, RecordingModel
from bot.ports import LanguageModel, ModelReply, ModelRequest


def recorded_model(replies: Path, unanswered: str | None = None) -> LanguageModel:
    """Return a model that answers from ``replies``; what it lacks is asked in the folder ``unanswered``, by default the environment's."""
    folder = os.environ.get("WIREBRIEF_UNANSWERED", "") if unanswered is None else unanswered
    return AskedByHand(replies, Path(folder)) if folder else RecordedModel(replies)


class AskedByHand:
    """Answers with the replies in ``replies``; writes the prompts of others to ``folder``, and records what is answered there."""

    def __init__(self, replies: Path, folder: Path) -> None:
        self._recorded = RecordedModel(replies)
        self._recording = RecordingModel(_Written(folder), replies)

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Return the recorded reply, else one that was written since; raises ``ModelError`` where there is neither."""
        try:
            return await self._recorded.complete(request)
        except ModelError as error:
            if (
                error.reason not in (ModelReason.NO_RECORD, ModelReason.STALE_RECORD)
                or not request.record_key
            ):
                raise
            return await self._recording.complete(request)


class _Written:
    """Answers with what was written beside the prompts in ``folder``, which it creates."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._usage = UsageEstimate()

    async def complete(self, request: ModelRequest) -> ModelReply:
        data = await run_blocking(self._read, request)
        return local_reply(request, data, model="written", usage=self._usage)

    def _read(self, request: ModelRequest) -> dict[str, object]:
        reply = self._folder / f"{request.record_key}.reply.json"
        if reply.exists():
            return dict(json.loads(reply.read_text("utf-8")))
        self._folder.mkdir(parents=True, exist_ok=True)
        prompt = self._folder / f"{request.record_key}.prompt.txt"
        prompt.write_text(f"{request.system}\n\n{request.user}\n", "utf-8")
        raise ModelError(f"No reply is recorded as {request.record_key}", reason=ModelReason.NO_RECORD)

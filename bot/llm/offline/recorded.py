"""Recorded replies: a model that answers from a folder, and one that fills it.

request ──record_key──▶ FOLDER/<key>.json      missing: ``no_record`` · of another schema: ``stale_record``
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.blocking import run_blocking
from bot.errors import ModelError, ModelReason
from bot.language.cleaning.clean import cleaned
from bot.llm.estimate import UsageEstimate
from bot.llm.offline.local_reply import local_reply
from bot.model.record_key import RECORD_KEY
from bot.ports import LanguageModel, ModelReply, ModelRequest

MAX_RECORD_BYTES = 512 * 1024  # of one file


class RecordFile(BaseModel):
    """One recorded reply, as its file holds it."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    reply_schema: str = Field(alias="schema", description="Name and version of the reply's schema.")
    purpose: str = Field(description="What was asked for, such as update or repair.")
    subject: str = Field(default="", description="The story it is about.")
    reply: dict[str, Any]


class RecordedModel:
    """Answers with the replies kept in ``folder``; usage is estimated, and costs nothing."""

    def __init__(self, folder: Path, *, name: str = "recorded") -> None:
        self._folder = folder
        self._name = name
        self._usage = UsageEstimate()

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Return the recorded reply; raises ``ModelError`` if there is none, or if its version is stale."""
        record = await run_blocking(_read, self._folder, request)
        return local_reply(request, record.reply, model=self._name, usage=self._usage)


class RecordingModel:
    """Asks ``inner`` and stores its replies in ``folder``, which must exist; a later reply of a key replaces the earlier one."""

    def __init__(self, inner: LanguageModel, folder: Path) -> None:
        self._inner = inner
        self._folder = folder

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Return the reply of the inner model; a reply without key is not stored."""
        reply = await self._inner.complete(request)
        if request.record_key:
            await run_blocking(_write, self._folder, request, reply)
        return reply


def _read(folder: Path, request: ModelRequest) -> RecordFile:
    key = request.record_key
    match = RECORD_KEY.fullmatch(key)
    if match is None:
        raise ModelError("What was asked is never recorded", reason=ModelReason.NO_RECORD)
    path = folder / f"{key}.json"
    try:
        with path.open("rb") as file:
            data = file.read(MAX_RECORD_BYTES + 1)
    except OSError:
        if any(folder.glob(f"{match[1]}-v*.json")):
            raise _stale(key, "it was recorded for another version of the schema") from None
        raise ModelError(f"No reply is recorded as {key}", reason=ModelReason.NO_RECORD) from None
    if len(data) > MAX_RECORD_BYTES:
        raise _stale(key, "its file is too large")
    try:
        record = RecordFile.model_validate(cleaned(json.loads(data)))
    except (ValueError, RecursionError):
        raise _stale(key, "its file is no record") from None
    if record.reply_schema != _schema_of(request) or not _has_its_keys(record.reply, request.schema):
        raise _stale(key, "it does not fit the schema that is asked for now")
    return record


def _has_its_keys(reply: Mapping[str, Any], schema: Mapping[str, Any]) -> bool:
    """Return whether ``reply`` has keys of ``schema``, none renamed; what else does not fit is left to the caller.

    A model may omit fields or add a note; callers use the fields that fit.
    """
    known = schema.get("properties", {}).keys()
    return not known or (bool(known & reply.keys()) and (known <= reply.keys() or reply.keys() <= known))


def _write(folder: Path, request: ModelRequest, reply: ModelReply) -> None:
    record = {
        "schema": _schema_of(request),
        "purpose": request.purpose,
        "subject": request.subject,
        "reply": reply.data,
    }
    path = folder / f"{request.record_key}.json"
    half = path.with_suffix(".part")
    try:
        half.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", "utf-8")
        half.replace(path)
    except OSError as error:
        raise ModelError(
            f"The reply could not be kept in {str(folder)!r}: {error.strerror}", reason="record"
        ) from error


def _schema_of(request: ModelRequest) -> str:
    return f"{request.schema_name}/{request.record_key.rpartition('-v')[2]}"


def _stale(key: str, why: str) -> ModelError:
    return ModelError(
        f"The recorded reply {key} is stale: {why}", reason=ModelReason.STALE_RECORD, hint="Record it again"
    )

"""Spans for OpenTelemetry if it is configured, else nothing.

Attributes are the ids under which the log speaks of the same thing; lines written within a span carry its trace and its
own id. No text of anybody is an attribute.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.trace import Span as OtelSpan
    from opentelemetry.trace import Tracer, TracerProvider

PREFIX = "wirebrief."  # of attributes
Id = str | int | float | bool


class _Current:
    """The tracer of this process, None where there is none."""

    tracer: Tracer | None = None


class Span:
    """A span that is open."""

    def __init__(self, span: OtelSpan | None = None) -> None:
        self._span = span

    def set(self, **ids: Id) -> None:
        """Add what is known by now."""
        if self._span:
            self._span.set_attributes({f"{PREFIX}{name}": value for name, value in ids.items()})


_NONE = Span()


def use(provider: TracerProvider | None) -> None:
    """Let spans go to ``provider`` from now on; with None there are none."""
    _Current.tracer = provider.get_tracer("wirebrief") if provider else None


@contextmanager
def span(name: str, *, trace_of: str = "", **ids: Id) -> Iterator[Span]:
    """Open a span, as a child of the one that is open; those with the same ``trace_of`` are one trace, whichever process makes them.

    An error ends it as failed, with its kind alone: messages quote what they stumbled over.
    """
    tracer = _Current.tracer
    if tracer is None:
        yield _NONE
        return
    from opentelemetry.trace import Status, StatusCode  # noqa: PLC0415 - only where it is installed

    attributes = {f"{PREFIX}{key}": value for key, value in ids.items()}
    with tracer.start_as_current_span(
        name,
        context=_trace_of(trace_of) if trace_of else None,
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as opened:
        at = opened.get_span_context()
        with structlog.contextvars.bound_contextvars(trace=f"{at.trace_id:032x}", span=f"{at.span_id:016x}"):
            try:
                yield Span(opened)
            except BaseException as error:
                opened.set_status(Status(StatusCode.ERROR, type(error).__qualname__))
                raise


def _trace_of(subject: str) -> Context:
    """Return the trace that is about ``subject``: its steps are done in different tasks and processes."""
    from opentelemetry.trace import (  # noqa: PLC0415 - only where it is installed
        NonRecordingSpan,
        SpanContext,
        TraceFlags,
        set_span_in_context,
    )

    digest = hashlib.sha256(subject.encode()).digest()
    return set_span_in_context(
        NonRecordingSpan(
            SpanContext(
                trace_id=int.from_bytes(digest[:16], "big"),
                span_id=int.from_bytes(digest[16:24], "big"),
                is_remote=True,
                trace_flags=TraceFlags(TraceFlags.SAMPLED),
            )
        )
    )

"""Send spans to a collector, by OTLP over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

from bot import tracing
from bot.blocking import run_blocking
from bot.errors import ConfigError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider


@asynccontextmanager
async def open_traces(endpoint: str) -> AsyncIterator[None]:
    """Send spans to the collector at ``endpoint``, and flush them at the end; without an endpoint there are no spans.

    Raises ``ConfigError`` if its packages are not installed.
    """
    if not endpoint:
        yield
        return
    provider = await run_blocking(_provider, endpoint)
    tracing.use(provider)
    try:
        yield
    finally:
        tracing.use(None)
        await run_blocking(provider.shutdown)


def _provider(endpoint: str) -> TracerProvider:
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - the extra is for few
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError as error:
        raise ConfigError(
            "traces.endpoint is set, and OpenTelemetry is not installed",
            hint='Install it: pip install "wirebrief-….whl[otel]", or leave the key empty',
        ) from error
    named = Resource.create({"service.name": "wirebrief", "service.version": version("wirebrief")})
    provider = TracerProvider(resource=named)
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider

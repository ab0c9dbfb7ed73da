"""The base class of a configuration table."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class ConfigSection(BaseModel):
    """A table of the configuration; unknown keys are mistakes."""

    # Defaults are checked too: that reads the time zone's file once, before any loop runs.
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

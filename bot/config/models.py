"""Language models, and what they may cost."""

from __future__ import annotations

from pydantic import Field, SecretStr

from bot.config.section import ConfigSection
from bot.config.time_limits import DEFAULT_ANSWER_SECONDS


class Model(ConfigSection):
    """A language model behind an OpenAI-compatible endpoint; without a name the articles' own sentences are used."""

    name: str = Field(default="", description="Model's name at its endpoint; empty for none.")
    base_url: str = Field(
        default="https://api.openai.com/v1",
        pattern="^https?://",
        description="Address of the endpoint; see docs/models.md for the usual ones.",
    )
    api_key: SecretStr = Field(
        default=SecretStr(""), description="Key of the endpoint; keep it out of files."
    )
    api_version: str = Field(default="", description="Version of Azure's API; leave empty elsewhere.")
    temperature: float | None = Field(
        default=None,
        ge=0,
        le=2,
        description="Sampling temperature. This and the next three keys are sent only if set.",
    )
    top_p: float | None = Field(default=None, gt=0, le=1, description="Share of likely tokens drawn from.")
    seed: int | None = Field(default=None, description="Seed, for endpoints that support one.")
    reasoning_effort: str = Field(
        default="", description="Reasoning effort such as low, for models that have it."
    )
    reasoning_tokens: int = Field(
        default=0,
        ge=0,
        le=32_000,
        description="Tokens for reasoning, in addition to the reply; 0: learned from the first reply that reasoning cut off.",
    )
    deadline: float = Field(
        default=DEFAULT_ANSWER_SECONDS,
        gt=0,
        le=3600,
        description="Seconds for one answer; all other waits for the model are derived from it.",
    )
    concurrency: int = Field(default=6, ge=1, le=100, description="Calls at the same time.")
    input_price: float = Field(default=0.0, ge=0, description="Price of a million tokens sent.")
    cached_price: float = Field(
        default=0.0, ge=0, description="Price of a million tokens that the endpoint had in its cache."
    )
    output_price: float = Field(default=0.0, ge=0, description="Price of a million tokens of answers.")


class Budget(ConfigSection):
    """What models may cost, in the currency of the prices; 0 is no ceiling."""

    daily_cost: float = Field(default=0.0, ge=0, description="Ceiling for one day (UTC).")
    monthly_cost: float = Field(default=0.0, ge=0, description="Ceiling for one month.")
    daily_tokens: int = Field(default=0, ge=0, description="The same in tokens, for models without a price.")
    monthly_tokens: int = Field(default=0, ge=0, description="Tokens in one month.")
    workspace_daily_cost: float = Field(default=0.0, ge=0, description="Ceiling for one workspace and day.")
    workspace_monthly_cost: float = Field(default=0.0, ge=0, description="For one workspace and month.")
    workspace_daily_tokens: int = Field(default=0, ge=0, description="Tokens for one workspace and day.")
    workspace_monthly_tokens: int = Field(default=0, ge=0, description="For one workspace and month.")
    questions_share: float = Field(
        default=0.5, gt=0, le=1, description="Share of each ceiling that questions and links may use."
    )

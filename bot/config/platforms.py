"""The platforms that briefings go to."""

from __future__ import annotations

from pydantic import Field, SecretStr, field_validator

from bot.config.section import ConfigSection


class Slack(ConfigSection):
    """A Slack app; docs/slack.md says where each value comes from."""

    bot_token: SecretStr = Field(default=SecretStr(""), description="xoxb-… of one workspace.")
    app_token: SecretStr = Field(default=SecretStr(""), description="xapp-… for Socket Mode.")
    signing_secret: SecretStr = Field(default=SecretStr(""), description="For HTTP mode.")
    client_id: str = Field(default="", description="For many workspaces, by OAuth.")
    client_secret: SecretStr = Field(default=SecretStr(""), description="The same.")
    encryption_key: SecretStr = Field(
        default=SecretStr(""),
        description="Encrypts the tokens of many workspaces; wirebrief slack key makes one. Several, with commas "
        "between them, are all tried, and the first encrypts.",
    )
    http: str = Field(
        default="",
        pattern=r"^$|^[^\s:]+:\d+$",
        description="Address for HTTP mode and OAuth, such as 127.0.0.1:3000; empty for Socket Mode.",
    )
    public_url: str = Field(
        default="", pattern=r"^$|^https?://", description="Where Slack reaches that address, for OAuth."
    )
    admin_group: str = Field(
        default="", description="User group whose members are admins too, such as S0123ABCD."
    )

    @property
    def is_set(self) -> bool:
        """Whether Slack is configured."""
        return bool(self.bot_token.get_secret_value() or self.client_id)

    @property
    def encryption_keys(self) -> tuple[str, ...]:
        """The keys in ``encryption_key``, the one that encrypts first."""
        keys = (key.strip() for key in self.encryption_key.get_secret_value().split(","))
        return tuple(key for key in keys if key)

    api_url: str = Field(
        default="https://slack.com/api/", pattern="^https?://", description="Address of Slack's Web API."
    )


class Discord(ConfigSection):
    """A Discord application; docs/discord.md says where each value comes from."""

    token: SecretStr = Field(default=SecretStr(""), description="Token of the bot.")
    message_content: bool = Field(
        default=False, description="Read plain replies too; needs the privileged intent of that name."
    )
    admin_role: str = Field(default="", description="Role whose members are admins too, by id.")
    style: str = Field(
        default="components",
        pattern="^(components|embeds|text)$",
        description="How briefings look: components, embeds or text.",
    )


class Webhook(ConfigSection):
    """A receiver of briefings, as [webhooks.NAME]; its channel is webhook:NAME."""

    url: SecretStr = Field(description="Address that receives the posts; keep it out of files, it is a key.")
    style: str = Field(
        default="generic", pattern="^(generic|mattermost)$", description="generic JSON or mattermost."
    )
    lookup: str = Field(
        default="",
        pattern="^$|^https?://",
        description="Address that says with ?key=… whether a message was posted: 200 or 404.",
    )
    idempotent: bool = Field(
        default=False, description="Whether the receiver accepts each Idempotency-Key only once."
    )
    secret: SecretStr = Field(
        default=SecretStr(""), description="Signs each post in X-Wirebrief-Signature (SHA-256 HMAC)."
    )

    @field_validator("url")
    @classmethod
    def _an_address(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(("http://", "https://")):
            raise ValueError("use http://… or https://…")
        return value

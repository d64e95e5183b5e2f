"""Every setting, typed, from the environment and `.env`. What is wrong is said at once, all of it, without a stack trace."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

VERSION = "0.1.0"


def _nothing(value: object) -> object:
    """An empty variable is one that was not set."""
    return None if isinstance(value, str) and not value.strip() else value


SLACK = "https://slack.com/api/"
DISCORD = "https://discord.com/api/v10"
GATEWAY = "wss://gateway.discord.gg/"
Secret = Annotated[SecretStr | None, BeforeValidator(_nothing)]
Text = Annotated[str | None, BeforeValidator(_nothing)]


class Settings(BaseSettings):
    """Read once, in `bot.cli`; everything else is handed what it needs."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8420, ge=0, le=65535)
    """0: any free one."""
    public_url: Text = None
    web_password: Secret = None
    database_url: str = "sqlite:///var/loopcoach.db"
    encryption_key: Secret = None

    slack_api_url: Annotated[str, BeforeValidator(lambda given: _nothing(given) or SLACK)] = SLACK
    slack_bot_token: Secret = None
    slack_app_token: Secret = None
    slack_signing_secret: Secret = None
    slack_client_id: Text = None
    slack_client_secret: Secret = None

    discord_api_url: Annotated[str, BeforeValidator(lambda given: _nothing(given) or DISCORD)] = DISCORD
    discord_gateway_url: Annotated[str, BeforeValidator(lambda given: _nothing(given) or GATEWAY)] = GATEWAY
    discord_token: Secret = None
    discord_message_content: bool = True
    """Whether to ask for the Message Content intent; where it is not granted, everything works without."""

    openai_base_url: Text = None
    """None: OpenAI's own. Any server that speaks `chat.completions`: Ollama, vLLM, llama.cpp, LM Studio."""
    openai_api_key: Secret = None
    openai_model: Text = None
    """Which model; there is no default, for models come and go within months."""
    openai_debrief_model: Text = None
    """Another one to read a whole mock once more; None: the same."""
    openai_profile: Annotated[Literal["auto", "openai", "compat"], BeforeValidator(lambda given: _nothing(given) or "auto")] = "auto"
    openai_context: Annotated[int | None, BeforeValidator(_nothing)] = Field(default=None, ge=2048)
    """Tokens that the server takes at once, request and reply; None: 8,192 for servers of one's own, plenty for OpenAI."""
    openai_prices: Text = None
    """Dollars for a million tokens: in, in from the cache, out, as 0.10/0.01/0.50; 0/0/0 for a server of one's own."""
    model_person_tokens: int = Field(default=200_000, ge=0)
    """A day, as all of these; what is reached is a hard stop."""
    model_space_tokens: int = Field(default=4_000_000, ge=0)
    model_all_tokens: int = Field(default=40_000_000, ge=0)
    model_person_dollars: float = Field(default=1.0, ge=0)
    model_space_dollars: float = Field(default=10.0, ge=0)
    model_all_dollars: float = Field(default=50.0, ge=0)

    open_browser: bool = True
    log_level: str = "INFO"
    log_json: bool = False

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the page."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def slack_many(self) -> bool:
        """Whether any workspace may install the app by OAuth."""
        return bool(self.slack_client_id and self.slack_client_secret)

    @property
    def slack(self) -> bool:
        """Whether there is a Slack to speak to."""
        return bool(self.slack_bot_token) or self.slack_many

    @property
    def discord(self) -> bool:
        """Whether there is a Discord to speak to."""
        return bool(self.discord_token)

    @property
    def model(self) -> bool:
        """Whether there is a model to ask: it has a name, and a key or a server of one's own."""
        return bool(self.openai_model and (self.openai_api_key or self.openai_base_url))

    @property
    def data_folder(self) -> Path:
        """Where the default database and what belongs to it live."""
        return Path("var")


class BadSettings(Exception):
    """What is wrong with the settings, a sentence each."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def load() -> Settings:
    """The settings; BadSettings names every variable that cannot be used."""
    try:
        settings = Settings()
    except ValidationError as error:
        raise BadSettings([_sentence(item["loc"], item["msg"]) for item in error.errors()]) from None
    wrong = problems(settings)
    if wrong:
        raise BadSettings(wrong)
    return settings


def _sentence(where: tuple[int | str, ...], what: str) -> str:
    return f"{str(where[0]).upper() if where else 'A setting'}: {what[0].lower()}{what[1:]}."


def problems(settings: Settings) -> list[str]:
    """Settings that are well-formed and still cannot be meant."""
    found = []
    if not settings.loopback and settings.web_password is None:
        found.append(f"HOST={settings.host} lets others reach the practice page, so it needs a login: set WEB_PASSWORD, or leave HOST out.")
    bot, app = settings.slack_bot_token, settings.slack_app_token
    if bot and bot.get_secret_value().startswith("xapp-"):
        found.append("SLACK_BOT_TOKEN starts with xapp-. That is the app-level token; the two are swapped.")
    if app and app.get_secret_value().startswith("xoxb-"):
        found.append("SLACK_APP_TOKEN starts with xoxb-. That is the bot token; the two are swapped.")
    found += _slack_problems(settings)
    if settings.discord_token and settings.discord_token.get_secret_value().startswith("Bot "):
        found.append("DISCORD_TOKEN starts with the word Bot: leave that out, only the token itself.")
    found += _model_problems(settings)
    if not settings.database_url.startswith(("sqlite", "postgresql")):
        found.append("DATABASE_URL must start with sqlite:// or postgresql://.")
    return found


def _model_problems(settings: Settings) -> list[str]:
    found = []
    if settings.openai_model and not settings.model:
        found.append("OPENAI_MODEL names a model, but nobody to ask: set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own.")
    if settings.openai_base_url and not settings.openai_model:
        found.append("OPENAI_BASE_URL names a server, but no model: set OPENAI_MODEL to a name that it knows.")
    if settings.openai_base_url and not settings.openai_base_url.startswith(("http://", "https://")):
        found.append("OPENAI_BASE_URL must start with http:// or https://, and usually ends in /v1.")
    if settings.openai_prices:
        parts = settings.openai_prices.split("/")
        if len(parts) != 3 or not all(part.strip().replace(".", "", 1).isdigit() for part in parts):
            found.append("OPENAI_PRICES must be dollars for a million tokens: in, in from the cache, out, such as 0.10/0.01/0.50.")
    return found


def _slack_problems(settings: Settings) -> list[str]:
    found = []
    if bool(settings.slack_client_id) != bool(settings.slack_client_secret):
        found.append("SLACK_CLIENT_ID and SLACK_CLIENT_SECRET belong together: set both, or neither.")
    if settings.slack_many and settings.encryption_key is None:
        found.append("SLACK_CLIENT_ID lets many workspaces in, whose tokens are kept encrypted: set ENCRYPTION_KEY to a long random text.")
    ears = settings.slack_app_token or settings.slack_signing_secret
    if settings.slack and not ears:
        found.append("Slack could be spoken to, not heard: set SLACK_APP_TOKEN (no public address) or SLACK_SIGNING_SECRET (HTTP).")
    swapped = settings.slack_app_token and settings.slack_app_token.get_secret_value().startswith("xoxb-")
    if ears and not (settings.slack or swapped):
        found.append("SLACK_BOT_TOKEN is missing: copy it from the app's OAuth & Permissions page, it starts with xoxb-.")
    return found

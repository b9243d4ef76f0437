"""Every setting, read from the environment (prefix MIZBAN_) and checked before anything starts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from mizban.addresses import database_address, messenger_address, own_address, proxy_address

SHORTEST_SECRET = 32
TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
Updates = Literal["", "webhook", "polling"]
"""How a messenger's updates reach us; empty = by webhook where there is a public URL."""
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]


class WrongSetting(Exception):
    """A setting can't be used; the text is the one sentence the operator needs."""


class Settings(BaseSettings):
    """What an operator decides. Secrets are never shown by `repr` and never logged."""

    model_config = SettingsConfigDict(env_prefix="MIZBAN_", extra="ignore", env_ignore_empty=True, frozen=True)

    home: Path = Field(default=Path("var"), description="folder of the database, attached files and keys")
    database_url: str = Field(
        default="",
        repr=False,
        description="`postgresql+asyncpg://…` or `sqlite:///…`; empty = SQLite in the home folder",
    )
    database_listen_url: str = Field(
        default="",
        repr=False,
        description="the database's direct address where MIZBAN_DATABASE_URL leads to a pooler that shares connections",
    )
    secret_key: SecretStr = Field(
        default=SecretStr(""),
        description="at least 32 characters; empty = one is made and kept in the home folder",
    )
    host: str = Field(default="127.0.0.1", description="address the pages and webhooks listen on")
    port: int = Field(default=8080, ge=1, le=65535, description="port they listen on")
    public_url: str = Field(default="", description="`https://…` people and messengers reach us by")
    telegram_token: SecretStr = Field(default=SecretStr(""), description="token of the Telegram bot")
    telegram_api_url: str = Field(default="https://api.telegram.org", description="address of the Bot API or a relay")
    telegram_proxy: str = Field(default="", repr=False, description="`socks5://…` or `http://…` on the way to Telegram")
    telegram_updates: Updates = Field(
        default="", description="`webhook` or `polling`; empty = webhook where there is a public URL"
    )
    bale_token: SecretStr = Field(default=SecretStr(""), description="token of the Bale bot")
    bale_api_url: str = Field(default="https://tapi.bale.ai", description="address of Bale's Bot API")
    bale_updates: Updates = Field(default="", description="the same for Bale")
    log_level: LogLevel = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        return database_address(value) if value else value

    @field_validator("database_listen_url")
    @classmethod
    def _known_listener(cls, value: str) -> str:
        if value and not value.startswith("postgresql"):
            raise ValueError("has to begin with postgresql+asyncpg://")
        return database_address(value) if value else value

    @field_validator("secret_key")
    @classmethod
    def _long_secret(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and len(value.get_secret_value()) < SHORTEST_SECRET:
            raise ValueError(f"is shorter than {SHORTEST_SECRET} characters")
        return value

    @field_validator("public_url")
    @classmethod
    def _reachable(cls, value: str) -> str:
        return own_address(value) if value else value

    @field_validator("telegram_api_url", "bale_api_url")
    @classmethod
    def _address(cls, value: str) -> str:
        return messenger_address(value)

    @field_validator("telegram_proxy")
    @classmethod
    def _proxy(cls, value: str) -> str:
        return proxy_address(value) if value else value

    @field_validator("telegram_token", "bale_token")
    @classmethod
    def _token(cls, value: SecretStr) -> SecretStr:
        token = value.get_secret_value()
        if any(letter.isspace() or not letter.isprintable() for letter in token):
            raise ValueError("has a space or a line end in it")
        if token and not TOKEN.fullmatch(token):
            raise ValueError("does not look like a token (digits, a colon, letters)")
        return value

    @field_validator("telegram_updates", "bale_updates")
    @classmethod
    def _can_be_brought(cls, value: Updates, info: ValidationInfo) -> Updates:
        if value == "webhook" and not info.data.get("public_url"):
            raise ValueError("needs MIZBAN_PUBLIC_URL to be brought updates")
        return value

    @property
    def database(self) -> str:
        """The database's URL; SQLite in the home folder unless one is set."""
        return self.database_url or f"sqlite:///{self.home.resolve() / 'mizban.sqlite3'}"

    @property
    def is_sqlite(self) -> bool:
        return self.database.startswith("sqlite")

    def by_webhook(self, messenger: str) -> bool:
        """Whether this messenger (`telegram`, `bale`) brings its updates; otherwise we ask for them."""
        chosen = {"telegram": self.telegram_updates, "bale": self.bale_updates}[messenger]
        return chosen == "webhook" if chosen else bool(self.public_url)

    @property
    def has_bots(self) -> bool:
        return bool(self.telegram_token.get_secret_value() or self.bale_token.get_secret_value())


def load_settings() -> Settings:
    """The settings of this process. Raises `WrongSetting` with one sentence that names the setting, never its value."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = "MIZBAN_" + str(first["loc"][0]).upper() if first["loc"] else "A setting"
        reason = str(first["msg"]).removeprefix("Value error, ")
        raise WrongSetting(f"{name} {reason[0].lower()}{reason[1:]}.") from None

"""Every setting, read from the environment (prefix MIZBAN_) and checked before anything starts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError, ValidationInfo, create_model, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url

from desk.conversations.rules import USUAL, ChatLimits
from desk.other_chats.rules import USUAL_PATIENCE, Patience
from desk.periods import USUAL_PERIODS, USUAL_REST, Periods, Rest
from desk.staff.thresholds import DEFAULTS, Thresholds
from mizban.addresses import database_address, messenger_address, own_address, proxy_address
from mizban.messengers import MESSENGERS, Messenger, MessengerSettings

SHORTEST_SECRET = 32
LONGEST_NAME = 55
"""Letters of who runs the bots: the name stands in a short description, which holds 120."""
MINUTE = timedelta(minutes=1)
SECRETS = Path("/run/secrets")
"""Where Docker and systemd's containers put secrets: a file for each setting, such as `mizban_secret_key`."""
Updates = Literal["", "webhook", "polling"]
"""How a messenger's updates arrive; empty = by webhook where there is a public URL, else by polling."""
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]


class WrongSetting(Exception):
    """A setting is not valid; the text is the sentence for the operator."""


def _token_of(messenger: Messenger) -> Callable[[SecretStr], SecretStr]:
    """The validator of this messenger's token."""

    def check(value: SecretStr) -> SecretStr:
        token = value.get_secret_value()
        if any(letter.isspace() or not letter.isprintable() for letter in token):
            raise ValueError("has a space or a line end in it")
        if token and not re.fullmatch(messenger.bot_key, token):
            raise ValueError(f"does not look like a token ({messenger.bot_key_in_words})")
        return value

    return check


def _proxy(value: str) -> str:
    return proxy_address(value) if value else value


def _can_be_brought(value: Updates, info: ValidationInfo) -> Updates:
    if value == "webhook" and not info.data.get("public_url"):
        raise ValueError("needs MIZBAN_PUBLIC_URL to be brought updates")
    return value


ApiAddress = Annotated[str, AfterValidator(messenger_address)]
Proxy = Annotated[str, AfterValidator(_proxy)]
UpdatesHere = Annotated[Updates, AfterValidator(_can_be_brought)]


class Settings(BaseSettings):
    """All settings; secrets are never shown by `repr` and never logged.

    Each messenger has the fields NAME_token, NAME_api_url, NAME_updates, and NAME_proxy if it may use a proxy.
    """

    messengers: ClassVar[tuple[Messenger, ...]] = ()

    model_config = SettingsConfigDict(env_prefix="MIZBAN_", extra="ignore", env_ignore_empty=True, frozen=True)

    def __init__(self, **values: Any) -> None:
        """Values given by name take precedence over the environment."""
        super().__init__(**values)

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
    database_password: SecretStr = Field(
        default=SecretStr(""), description="password of the PostgreSQL addresses that name a user and no password"
    )
    secret_key: SecretStr = Field(
        default=SecretStr(""),
        description="at least 32 characters; empty = one is made and kept in the home folder",
    )
    old_secret_keys: SecretStr = Field(
        default=SecretStr(""),
        description="secrets of before, the newest first, with spaces between: what they encrypted stays readable; "
        "`mizban keys` says which may go",
    )
    backup_recipient: str = Field(
        default="",
        description="public key of age (`age1…`) that back-ups are encrypted to; the private one is kept elsewhere",
    )
    host: str = Field(default="127.0.0.1", description="address the pages and webhooks listen on")
    port: int = Field(default=8080, ge=1, le=65535, description="port they listen on")
    public_url: str = Field(default="", description="`https://…` people and messengers reach us by")
    tls_certificate: Path | None = Field(
        default=None, description="PEM file of a certificate: pages and webhooks then speak https themselves"
    )
    tls_key: Path | None = Field(default=None, validate_default=True, description="PEM file of its key")
    run_by: str = Field(
        default="",
        max_length=LONGEST_NAME,
        description="who runs the bots, as people know them; their own pages say it in the messengers",
    )
    emergency_number: str = Field(
        default="",
        description="number that somebody in danger is told to call, digits only; empty = none is told",
    )
    most_appointments: int = Field(
        default=USUAL.live_appointments, ge=1, description="turns that one chat may have at once"
    )
    most_new_people: int = Field(
        default=USUAL.new_people, ge=1, description="people that one chat may add to its list in 24 hours"
    )
    most_holds: int = Field(
        default=USUAL.holds, ge=1, description="places that are held for one chat in 24 hours while it answers"
    )
    most_cancellations: int = Field(
        default=USUAL.cancellations, ge=1, description="turns cancelled in seven days, after which a chat books none"
    )
    most_corrected_names: int = Field(
        default=USUAL.corrected_names,
        ge=1,
        description="names corrected on turns in seven days, after which a chat asks the desk",
    )
    rest_least_minutes: int = Field(
        default=USUAL_REST.least // MINUTE,
        ge=0,
        description="minutes that pass at least until a place that a person gave back is offered again",
    )
    rest_most_minutes: int = Field(
        default=USUAL_REST.most // MINUTE,
        ge=0,
        le=24 * 60,
        validate_default=True,
        description="minutes that pass at most; the time between is random, 0 = it is free at once",
    )
    other_chat_minutes: int = Field(
        default=USUAL_PATIENCE.usual // MINUTE,
        ge=1,
        le=24 * 60,
        description="minutes that a messenger may not take a message until the person's other chat is told",
    )
    alarm_people: int = Field(
        default=DEFAULTS.people, ge=1, description="different people seen by one account in an hour: an alarm from here"
    )
    alarm_people_out_of_hours: int = Field(
        default=DEFAULTS.people_out_of_hours, ge=1, description="the same outside the working hours"
    )
    alarm_people_of_other_days: int = Field(
        default=DEFAULTS.people_of_other_days, ge=1, description="the same on lists of days that are not around today"
    )
    alarm_looked_up: int = Field(
        default=DEFAULTS.looked_up, ge=1, description="codes and numbers looked for by one account in an hour"
    )
    work_begins: int = Field(
        default=DEFAULTS.opens, ge=0, le=23, description="hour in Tehran from which reading is within working hours"
    )
    work_ends: int = Field(default=DEFAULTS.closes, ge=1, le=24, description="hour until which it is")
    keep_appointments_days: int = Field(
        default=USUAL_PERIODS.appointments.days,
        ge=7,
        description="days after a turn for which its name and what was noted about the visit are kept",
    )
    keep_unfinished_days: int = Field(
        default=USUAL_PERIODS.unfinished.days,
        ge=1,
        description="days after a chat's last message for which answers of something begun are kept",
    )
    keep_cases_days: int = Field(
        default=USUAL_PERIODS.cases.days,
        ge=60,
        description="days after a case was closed for which what was written in it is kept",
    )
    keep_signs_days: int = Field(
        default=USUAL_PERIODS.signs.days,
        ge=1,
        description="days after a sign that turns are collected in a chat was last seen for which it is kept",
    )
    keep_rosters_days: int = Field(
        default=USUAL_PERIODS.rosters.days,
        ge=7,
        description="days after a day off of somebody of the staff for which it is kept that they were off, and why",
    )
    keep_history_days: int = Field(
        default=USUAL_PERIODS.history.days, ge=60, description="days for which the history is kept"
    )
    log_level: LogLevel = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")

    @field_validator("rest_most_minutes")
    @classmethod
    def _not_before_the_least(cls, value: int, info: ValidationInfo) -> int:
        least = info.data.get("rest_least_minutes", 0)
        if value < least:
            raise ValueError(f"is less than MIZBAN_REST_LEAST_MINUTES ({least})")
        return value

    @field_validator("emergency_number")
    @classmethod
    def _can_be_called(cls, value: str) -> str:
        if value and not re.fullmatch(r"\+?[0-9]{3,15}", value):
            raise ValueError("is not a telephone number of 3 to 15 digits without spaces, such as 0123456789")
        return value

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

    @field_validator("old_secret_keys")
    @classmethod
    def _long_secrets(cls, value: SecretStr) -> SecretStr:
        if any(len(each) < SHORTEST_SECRET for each in value.get_secret_value().split()):
            raise ValueError(f"has a secret in it that is shorter than {SHORTEST_SECRET} characters")
        return value

    @field_validator("backup_recipient")
    @classmethod
    def _public_key(cls, value: str) -> str:
        if value:
            from mizban.age import recipient

            recipient(value)
        return value

    @field_validator("public_url")
    @classmethod
    def _reachable(cls, value: str) -> str:
        return own_address(value) if value else value

    @field_validator("tls_key")
    @classmethod
    def _of_a_certificate(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        if (value is None) != (info.data.get("tls_certificate") is None):
            raise ValueError("and MIZBAN_TLS_CERTIFICATE are set together or not at all")
        for file in (info.data.get("tls_certificate"), value):
            if file is not None and not file.is_file():
                raise ValueError("or MIZBAN_TLS_CERTIFICATE names a file that is not there")
        return value

    @property
    def database(self) -> str:
        """The database's URL; SQLite in the home folder unless one is set."""
        if not self.database_url:
            return f"sqlite:///{self.home.resolve() / 'mizban.sqlite3'}"
        return self._with_password(self.database_url)

    @property
    def listen_url(self) -> str:
        """The URL at which changes are heard; empty = that of the database."""
        return self._with_password(self.database_listen_url) if self.database_listen_url else ""

    def _with_password(self, address: str) -> str:
        password, url = self.database_password.get_secret_value(), make_url(address)
        if not password or url.get_backend_name() == "sqlite" or url.password is not None:
            return address
        return url.set(password=password).render_as_string(hide_password=False)

    @property
    def alarm_thresholds(self) -> Thresholds:
        """From which numbers the reviewers are told how much an account reads."""
        return Thresholds(
            people=self.alarm_people,
            people_out_of_hours=self.alarm_people_out_of_hours,
            people_of_other_days=self.alarm_people_of_other_days,
            looked_up=self.alarm_looked_up,
            opens=self.work_begins,
            closes=self.work_ends,
        )

    @property
    def periods(self) -> Periods:
        """How long what is said of people is kept."""
        return Periods(
            appointments=timedelta(days=self.keep_appointments_days),
            unfinished=timedelta(days=self.keep_unfinished_days),
            cases=timedelta(days=self.keep_cases_days),
            signs=timedelta(days=self.keep_signs_days),
            rosters=timedelta(days=self.keep_rosters_days),
            history=timedelta(days=self.keep_history_days),
        )

    @property
    def patience(self) -> Patience:
        """How long a message waits until the other chat of the person is told."""
        return Patience.of(self.other_chat_minutes * MINUTE)

    @property
    def old_secrets(self) -> tuple[bytes, ...]:
        """The secrets of before, the newest first."""
        return tuple(each.encode() for each in self.old_secret_keys.get_secret_value().split())

    @property
    def chat_limits(self) -> ChatLimits:
        """How much one chat may do."""
        return ChatLimits(
            live_appointments=self.most_appointments,
            new_people=self.most_new_people,
            holds=self.most_holds,
            cancellations=self.most_cancellations,
            corrected_names=self.most_corrected_names,
            rest=Rest(least=self.rest_least_minutes * MINUTE, most=self.rest_most_minutes * MINUTE),
        )

    @property
    def is_sqlite(self) -> bool:
        return self.database.startswith("sqlite")

    def account(self, messenger: Messenger) -> MessengerSettings:
        """The settings of one messenger; the token is empty where it has no bot."""
        token: SecretStr = getattr(self, f"{messenger.name}_token")
        return MessengerSettings(
            token=token.get_secret_value(),
            api_url=getattr(self, f"{messenger.name}_api_url"),
            proxy=getattr(self, f"{messenger.name}_proxy") if messenger.has_proxy else "",
        )

    def by_webhook(self, messenger: str) -> bool:
        """Whether this messenger delivers updates by webhook; otherwise they are polled."""
        chosen: Updates = getattr(self, f"{messenger}_updates")
        return chosen == "webhook" if chosen else bool(self.public_url)

    @property
    def has_bots(self) -> bool:
        return any(self.account(messenger).token for messenger in self.messengers)


def settings_with(messengers: tuple[Messenger, ...]) -> type[Settings]:
    """The settings class for these messengers."""
    fields: dict[str, Any] = {}
    for messenger in messengers:
        name, label = messenger.name, messenger.label.id
        fields[f"{name}_token"] = (
            Annotated[SecretStr, AfterValidator(_token_of(messenger))],
            Field(default=SecretStr(""), description=f"token of the {label} bot"),
        )
        fields[f"{name}_api_url"] = (ApiAddress, Field(default=messenger.server, description="address of its API"))
        if messenger.has_proxy:
            fields[f"{name}_proxy"] = (Proxy, Field(default="", repr=False, description=f"proxy on the way to {label}"))
        fields[f"{name}_updates"] = (
            UpdatesHere,
            Field(default="", description="`webhook` or `polling`; empty = webhook where there is a public URL"),
        )
    made: type[Settings] = create_model("Settings", __base__=Settings, **fields)
    made.messengers = messengers
    return made


InstalledSettings = settings_with(MESSENGERS)


def load_settings(*, secrets: Path = SECRETS) -> Settings:
    """The settings of this process, from the environment or else from files in the folder of secrets.

    Raises:
        WrongSetting: with a sentence that names the setting, never its value.
    """
    try:
        return InstalledSettings(_secrets_dir=secrets if secrets.is_dir() else None)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = "MIZBAN_" + str(first["loc"][0]).upper() if first["loc"] else "A setting"
        reason = str(first["msg"]).removeprefix("Value error, ")
        raise WrongSetting(f"{name} {reason[0].lower()}{reason[1:]}.") from None

"""What goes over the wire: reading the parameters of a Bot API call in every encoding, and the refusals sent back."""

import json
from dataclasses import dataclass
from typing import Any, TypeAlias

from aiohttp import web

Json: TypeAlias = dict[str, Any]


class Rejected(Exception):
    """The messenger refuses a call: HTTP status, the real description, and whether the bot broke a rule by asking."""

    def __init__(
        self, status: int, description: str, *, retry_after: int | None = None, violation: bool = True
    ) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.retry_after = retry_after
        self.violation = violation

    def body(self) -> Json:
        """Return the JSON answer as both messengers shape it."""
        body: Json = {"ok": False, "error_code": self.status, "description": self.description}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def bad_request(reason: str) -> Rejected:
    """Return the 400 that both messengers prefix with «Bad Request»."""
    return Rejected(400, f"Bad Request: {reason}")


@dataclass(frozen=True, slots=True)
class Upload:
    """One uploaded file part."""

    name: str
    content: bytes
    content_type: str


class Params:
    """The parameters of one call, whichever encoding they came in; `as_json` tells whether the body was JSON."""

    def __init__(self, values: Json, *, uploads: dict[str, Upload] | None = None, as_json: bool = False) -> None:
        self.values = values
        self.uploads = uploads or {}
        self.as_json = as_json

    def text(self, name: str, default: str = "") -> str:
        """Return a parameter as text; absent and null give `default`."""
        value = self.values.get(name)
        return default if value is None else value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int | None = None) -> int | None:
        """Return a whole number, or raise the 400 the servers send."""
        value = self.values.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad_request(f"invalid {name} specified") from None

    def number(self, name: str) -> float:
        """Return a required decimal number, or raise the 400 the servers send."""
        try:
            return float(self.values[name])
        except (KeyError, TypeError, ValueError):
            raise bad_request(f"{name} is empty") from None

    def flag(self, name: str) -> bool:
        """Return a yes/no parameter."""
        value = self.values.get(name)
        return value if isinstance(value, bool) else str(value).lower() in {"true", "1", "yes"}

    def decoded(self, name: str) -> Any:
        """Return a JSON parameter, native or as a JSON string; None when absent, ValueError when it is not JSON."""
        value = self.values.get(name)
        if isinstance(value, str):
            return json.loads(value) if value else None
        return value

    def shown(self) -> Json:
        """Return the parameters for the log: uploads only as name and size."""
        if not self.uploads:
            return self.values
        files = {key: f"<file {part.name}, {len(part.content)} bytes>" for key, part in self.uploads.items()}
        return {**self.values, **files}


async def read_params(request: web.Request) -> Params:
    """Read query, urlencoded, JSON and multipart parameters; the body wins over the query."""
    values: Json = dict(request.query)
    if not request.can_read_body:
        return Params(values)
    if request.content_type == "application/json":
        raw = await request.read()
        try:
            body = json.loads(raw) if raw.strip() else {}
        except ValueError:
            raise bad_request("can't parse request body JSON object") from None
        if not isinstance(body, dict):
            raise bad_request("can't parse request body JSON object")
        return Params({**values, **body}, as_json=True)
    uploads: dict[str, Upload] = {}
    for key, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            content = value.file.read()
            value.file.close()
            uploads[key] = Upload(name=value.filename or key, content=content, content_type=value.content_type)
        else:
            values[key] = value if isinstance(value, str) else bytes(value).decode()
    return Params(values, uploads=uploads)

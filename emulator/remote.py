"""The same people and records over HTTP, for tests and benchmarks that run the emulator as its own process."""

import base64
from typing import Any

import aiohttp

from emulator.people import NoSuchButton
from emulator.screens import Screen, ShownButton, ShownMessage
from emulator.settling import PATIENCE, NotSettled
from emulator.wire import Json


def _rows(rows: list[list[Json]]) -> tuple[tuple[ShownButton, ...], ...]:
    return tuple(tuple(ShownButton(**button) for button in row) for row in rows)


def _shown(body: Json) -> ShownMessage:
    return ShownMessage(**{**body, "entities": tuple(body["entities"]), "rows": _rows(body["rows"])})


def read_screen(body: Json) -> Screen:
    """Return the screen a control answer describes."""
    return Screen(
        messages=tuple(_shown(message) for message in body["messages"]),
        current=_shown(body["current"]) if body["current"] else None,
        news=tuple(_shown(message) for message in body["news"]),
        keyboard_rows=_rows(body["keyboard_rows"]),
        alerts=tuple(body["alerts"]),
        typing=body["typing"],
    )


class RemotePerson:
    """A person of a distant emulator; methods as in `EmulatedPerson`. Raises NoSuchButton, NotSettled, ValueError."""

    def __init__(self, remote: "RemoteEmulator", about: Json) -> None:
        self._remote = remote
        self.about = about
        self.id = int(about["id"])
        self.phone = str(about["phone"])
        self.dialect = str(about["dialect"])

    async def _act(self, act: str, **given: Any) -> Any:
        given = {key: value for key, value in given.items() if value is not None}
        return (await self._remote.request("POST", f"people/{self.about['key']}/{act}", given))["result"]

    async def say(self, text: str, *, reply_to: int | None = None) -> int:
        """Send a text."""
        return int(await self._act("say", text=text, reply_to=reply_to))

    async def start(self, payload: str = "") -> int:
        """Press start."""
        return int(await self._act("start", payload=payload))

    async def press(
        self, label: str | None = None, *, data: str | None = None, message_id: int | None = None, times: int = 1
    ) -> list[str]:
        """Press a button by label or data."""
        return list(await self._act("press", label=label, data=data, message_id=message_id, times=times))

    async def double_tap(self, label: str | None = None, *, data: str | None = None) -> list[str]:
        """Press a button twice at once."""
        return await self.press(label, data=data, times=2)

    async def share_contact(self, phone: str | None = None, *, user_id: int | None = None, own: bool = True) -> int:
        """Share a phone number."""
        return int(await self._act("contact", phone=phone, user_id=user_id, own=own))

    async def send_location(self, latitude: float, longitude: float) -> int:
        """Send a point on the map."""
        return int(await self._act("location", latitude=latitude, longitude=longitude))

    async def send_photo(self, content: bytes | None = None, *, caption: str = "") -> int:
        """Send a picture."""
        raw = base64.b64encode(content).decode() if content else None
        return int(await self._act("photo", content=raw, caption=caption))

    async def send_document(self, content: bytes = b"%PDF-1.4\n", *, name: str = "letter.pdf") -> int:
        """Send a file."""
        return int(await self._act("document", content=base64.b64encode(content).decode(), name=name))

    async def send_voice(self, content: bytes | None = None, *, duration: int = 3) -> int:
        """Send a voice note."""
        raw = base64.b64encode(content).decode() if content else None
        return int(await self._act("voice", content=raw, duration=duration))

    async def edit(self, message_id: int, text: str) -> None:
        """Edit an own message."""
        await self._act("edit", message_id=message_id, text=text)

    async def block(self) -> None:
        """Block the bot."""
        await self._act("block")

    async def unblock(self) -> None:
        """Let the bot write again."""
        await self._act("unblock")

    async def settled(
        self, timeout: float = PATIENCE, *, expect: int | None = None, quiet: float = 0.02, spinners: bool = True
    ) -> Screen:
        """Wait as `Person.settled` does."""
        options = {"timeout": timeout, "expect": expect, "quiet": quiet, "spinners": spinners}
        return read_screen(await self._act("settled", **options))

    async def screen(self) -> Screen:
        """Return the chat as it is seen now."""
        return read_screen(await self._remote.request("GET", f"people/{self.about['key']}/chat"))

    async def ask(self, text: str, *, timeout: float = PATIENCE) -> Screen:
        """Say something and wait."""
        await self.say(text)
        return await self.settled(timeout)

    async def tap(self, label: str | None = None, *, data: str | None = None, timeout: float = PATIENCE) -> Screen:
        """Press a button and wait."""
        await self.press(label, data=data)
        return await self.settled(timeout)


class RemoteEmulator:
    """A client of the control API; use as `async with RemoteEmulator(url) as remote:`."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "RemoteEmulator":
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=300))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def request(self, verb: str, path: str, body: Json | None = None) -> Any:
        """Send one control request and return its JSON."""
        if self._session is None:
            raise RuntimeError("use `async with`")
        async with self._session.request(verb, f"{self.url}/_emulator/{path}", json=body) as response:
            answer = await response.json()
            if response.status < 400:
                return answer
            failure = {409: NoSuchButton, 408: NotSettled}.get(response.status, ValueError)
            raise failure(answer.get("error", response.reason))

    async def person(self, bot: str | None = None, **about: str) -> RemotePerson:
        """Make a new person."""
        return RemotePerson(self, await self.request("POST", "people", {"bot": bot, **about}))

    async def calls(self, *, since: int = 0) -> list[Json]:
        """Return the calls after a sequence number."""
        return list(await self.request("GET", f"calls?since={since}"))

    async def violations(self) -> list[Json]:
        """The rules of the messengers that the bots broke, as JSON."""
        return list(await self.request("GET", "violations"))

    async def forget(self) -> None:
        """Forget calls and violations."""
        await self.request("DELETE", "calls")

    async def add_fault(self, kind: str, **options: Any) -> Json:
        """Put a fault into force (options as in `Faults.add`, and `seed`)."""
        return dict(await self.request("POST", "faults", {"kind": kind, **options}))

    async def clear_faults(self) -> None:
        """Take all faults out of force."""
        await self.request("DELETE", "faults")

    async def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        await self.request("POST", "time", {"advance": seconds})

"""The control API under `/_emulator/`: people, what their phones do and show, faults, calls, violations, the clock."""

import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeAlias

from aiohttp import web

from emulator.people import EmulatedPerson, NoSuchButton
from emulator.screens import Screen, ShownButton, ShownMessage
from emulator.settling import PATIENCE, NotSettled
from emulator.wire import Json

if TYPE_CHECKING:
    from emulator.core import Emulator

Act: TypeAlias = Callable[[EmulatedPerson, Json], Awaitable[Any]]
_LONGEST_WAIT = 25.0
_MAX_AGE_OF_ANSWER = 6.0


def _bytes(given: Json) -> bytes | None:
    raw = given.get("content")
    return base64.b64decode(raw) if isinstance(raw, str) and raw else None


async def _press(person: EmulatedPerson, given: Json) -> Any:
    number = given.get("message_id")
    return await person.press(given.get("label"), data=given.get("data"), times=int(given.get("times", 1)),
                              message_id=int(number) if number is not None else None)  # fmt: skip


async def _settled(person: EmulatedPerson, given: Json) -> Any:
    options = {key: given[key] for key in ("expect", "quiet", "spinners") if key in given}
    return screen_json(await person.settled(float(given.get("timeout", PATIENCE)), **options))


async def _photo(person: EmulatedPerson, given: Json) -> Any:
    return await person.send_photo(
        _bytes(given), caption=given.get("caption", ""), mime=given.get("mime", "image/jpeg")
    )


async def _document(person: EmulatedPerson, given: Json) -> Any:
    return await person.send_document(_bytes(given) or b"%PDF-1.4\n", name=given.get("name", "letter.pdf"),
                                      mime=given.get("mime", "application/pdf"))  # fmt: skip


async def _voice(person: EmulatedPerson, given: Json) -> Any:
    return await person.send_voice(
        _bytes(given), duration=int(given.get("duration", 3)), mime=given.get("mime", "audio/ogg")
    )


ACTS: dict[str, Act] = {
    "say": lambda person, given: person.say(str(given["text"]), reply_to=given.get("reply_to")),
    "start": lambda person, given: person.start(str(given.get("payload", ""))),
    "press": _press,
    "contact": lambda person, given: person.share_contact(
        given.get("phone"), user_id=given.get("user_id"), own=bool(given.get("own", True))
    ),
    "location": lambda person, given: person.send_location(float(given["latitude"]), float(given["longitude"])),
    "photo": _photo,
    "document": _document,
    "voice": _voice,
    "sticker": lambda person, _: person.send_sticker(),
    "edit": lambda person, given: person.edit(int(given["message_id"]), str(given["text"])),
    "block": lambda person, _: person.block(),
    "unblock": lambda person, _: person.unblock(),
    "settled": _settled,
}


def button_json(button: ShownButton) -> Json:
    """Return a button, only with what it has."""
    return {key: value for key, value in asdict(button).items() if value}


def shown_json(shown: ShownMessage) -> Json:
    """Return a message for the page and for remote tests."""
    body = {name: getattr(shown, name) for name in (
        "message_id", "mine", "kind", "text", "media", "date", "edited", "deleted", "touched", "reply_to")}  # fmt: skip
    return {**body, "entities": list(shown.entities), "rows": [[button_json(b) for b in row] for row in shown.rows]}


def screen_json(screen: Screen) -> Json:
    """The texts, buttons and keyboards of a screen, for the page and for remote tests."""
    return {
        "messages": [shown_json(shown) for shown in screen.messages],
        "current": shown_json(screen.current) if screen.current else None,
        "news": [shown_json(shown) for shown in screen.news],
        "keyboard_rows": [[button_json(button) for button in row] for row in screen.keyboard_rows],
        "alerts": list(screen.alerts),
        "typing": screen.typing,
    }


def person_json(person: EmulatedPerson) -> Json:
    """Return a person; ids as text too, for JavaScript."""
    profile = person.chat.profile
    return {"key": f"{person.chat.bot}:{person.id}", "bot": person.chat.bot, "dialect": person.dialect,
            "blocked": person.chat.blocked, "started": person.chat.started, **asdict(profile)}  # fmt: skip


class Control:
    """The routes over one emulator."""

    def __init__(self, emulator: "Emulator") -> None:
        self._emulator = emulator

    def routes(self) -> list[web.RouteDef]:
        """The routes under `/_emulator/`."""
        return [
            web.get("/_emulator/health", self.health),
            web.get("/_emulator/bots", self.bots),
            web.get("/_emulator/people", self.people),
            web.post("/_emulator/people", self.new_person),
            web.get("/_emulator/people/{key}/chat", self.chat),
            web.post("/_emulator/people/{key}/{act}", self.act),
            web.get("/_emulator/calls", self.calls),
            web.get("/_emulator/violations", self.violations),
            web.delete("/_emulator/calls", self.forget),
            web.get("/_emulator/faults", self.faults),
            web.post("/_emulator/faults", self.add_fault),
            web.delete("/_emulator/faults", self.clear_faults),
            web.delete("/_emulator/faults/{id}", self.remove_fault),
            web.post("/_emulator/updates", self.raw_update),
            web.post("/_emulator/time", self.advance),
        ]

    async def health(self, _: web.Request) -> web.Response:
        """Say that the emulator is up."""
        return _json({"ok": True, "calls": self._emulator.world.journal.count})

    async def bots(self, _: web.Request) -> web.Response:
        """List the bots with their commands and how many updates wait."""
        return _json([
            {"username": bot.username, "dialect": bot.dialect.name, "first_name": bot.account.first_name, "id": bot.id,
             "pending": len(bot.queue.pending), "webhook": bot.webhook.state.url,
             "commands": next(iter(bot.about.commands.values()), [])}
            for bot in self._emulator.world.bots.values()
        ])  # fmt: skip

    async def people(self, _: web.Request) -> web.Response:
        """List the people."""
        return _json([person_json(person) for person in self._emulator.people])

    async def new_person(self, request: web.Request) -> web.Response:
        """Make a person: {bot?, first_name?, last_name?, username?, language_code?, phone?}."""
        given = await _body(request)
        about = {
            key: str(given[key])
            for key in ("first_name", "last_name", "username", "language_code", "phone")
            if key in given
        }
        try:
            return _json(person_json(self._emulator.person(given.get("bot"), **about)))
        except KeyError:
            return _problem(404, "no such bot")

    def _person(self, request: web.Request) -> EmulatedPerson:
        name, _, number = request.match_info["key"].rpartition(":")
        try:
            return self._emulator.person_of(self._emulator.bot(name or None), int(number))
        except (KeyError, ValueError):
            raise web.HTTPNotFound(
                text=json.dumps({"error": "no such person"}), content_type="application/json"
            ) from None

    async def chat(self, request: web.Request) -> web.Response:
        """Show the chat; with `since` (a version) wait up to 25 s for a change first."""
        person = self._person(request)
        since = int(request.query.get("since", -1))
        if since >= 0:
            await person.chat.signal.wait(since, _LONGEST_WAIT)
        chat, now = person.chat, self._emulator.clock.now()
        answers = [
            {"id": q.id, "text": q.text, "alert": q.alert} for q in chat.queries.values()
            if q.answered and now - q.at < _MAX_AGE_OF_ANSWER
        ]  # fmt: skip
        waiting = [chat.queries[number] for number in chat.waiting_queries]
        spinning = [{"id": q.id, "message_id": q.message_id, "data": q.data} for q in waiting]
        body = screen_json(person.screen)
        return _json({**body, "version": chat.signal.version, "person": person_json(person), "answers": answers,
                      "spinning": spinning, "unconfirmed": len(chat.unconfirmed)})  # fmt: skip

    async def act(self, request: web.Request) -> web.Response:
        """Let the phone do something: say, press, contact, location, photo, voice, settled, … (see ACTS)."""
        act = ACTS.get(request.match_info["act"])
        if act is None:
            return _problem(404, f"no such act; there are {sorted(ACTS)}")
        person = self._person(request)
        try:
            return _json({"result": await act(person, await _body(request))})
        except NoSuchButton as refusal:
            return _problem(409, str(refusal))
        except NotSettled as refusal:
            return _problem(408, str(refusal))
        except (KeyError, ValueError, TypeError) as refusal:
            return _problem(400, f"{type(refusal).__name__}: {refusal}")

    async def calls(self, request: web.Request) -> web.Response:
        """List the calls after `since` (a sequence number)."""
        since = int(request.query.get("since", 0))
        return _json([call.as_json() for call in self._emulator.calls if call.seq > since])

    async def violations(self, _: web.Request) -> web.Response:
        """List the violations."""
        return _json([violation.as_json() for violation in self._emulator.violations])

    async def forget(self, _: web.Request) -> web.Response:
        """Forget calls and violations."""
        self._emulator.world.journal.clear()
        return _json({"ok": True})

    async def faults(self, _: web.Request) -> web.Response:
        """List the faults in force."""
        return _json([fault.as_json() for fault in self._emulator.faults.all()])

    async def add_fault(self, request: web.Request) -> web.Response:
        """Put a fault into force: {kind, bot?, method?, times?, probability?, retry_after?, seconds?, …, seed?}."""
        given = await _body(request)
        if "seed" in given:
            self._emulator.faults.seed(int(given.pop("seed")))
        try:
            return _json(self._emulator.faults.add(given.pop("kind"), **given).as_json())
        except (KeyError, TypeError, ValueError) as refusal:
            return _problem(400, f"{type(refusal).__name__}: {refusal}")

    async def clear_faults(self, _: web.Request) -> web.Response:
        """Take all faults out of force."""
        self._emulator.faults.clear()
        return _json({"ok": True})

    async def remove_fault(self, request: web.Request) -> web.Response:
        """Take one fault out of force."""
        self._emulator.faults.remove(int(request.match_info["id"]))
        return _json({"ok": True})

    async def raw_update(self, request: web.Request) -> web.Response:
        """Give a bot any JSON as an update: {bot?, update}."""
        given = await _body(request)
        return _json(
            {"update_id": self._emulator.world.send_raw(self._emulator.bot(given.get("bot")), given["update"])}
        )

    async def advance(self, request: web.Request) -> web.Response:
        """Let time pass: {advance: seconds}."""
        self._emulator.clock.advance(float((await _body(request)).get("advance", 0)))
        return _json({"now": self._emulator.clock.now()})


async def _body(request: web.Request) -> Json:
    raw = await request.read()
    try:
        body = json.loads(raw) if raw.strip() else {}
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text=json.dumps({"error": "a JSON object, please"}), content_type="application/json")
    return body


def _json(body: Any) -> web.Response:
    return web.Response(body=json.dumps(body, ensure_ascii=False).encode(), content_type="application/json")


def _problem(status: int, words: str) -> web.Response:
    return web.Response(body=json.dumps({"error": words}, ensure_ascii=False).encode(), status=status,
                        content_type="application/json")  # fmt: skip

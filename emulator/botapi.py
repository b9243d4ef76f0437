"""The Bot API over HTTP: tokens, methods, faults, the answer, and the record of the call."""

import asyncio
import inspect
import json
from typing import Any

from aiohttp import web

from emulator.accounts import TOKEN, Bot
from emulator.chats import EmulatedChat
from emulator.faults import Fault
from emulator.journal import Call
from emulator.methods import editing, identity, receiving, sending  # noqa: F401 - importing fills the table
from emulator.methods.registry import METHODS, Request
from emulator.wire import Json, Params, Rejected, read_params
from emulator.world import World

_HTML_502 = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>"
)
_PLAIN_FAULTS = {
    "blocked": (403, "Forbidden: bot was blocked by the user"),
    "bad_request": (400, "Bad Request: fault injected"),
    "not_found": (404, "Not Found"),
    "unsupported": (501, "Not Implemented"),
    "server_error": (500, "Internal Server Error"),
    "conflict": (409, "Conflict: terminated by other getUpdates request; "
                      "make sure that only one bot instance is running"),
}  # fmt: skip


def _answer(body: Json, *, status: int = 200) -> web.Response:
    return web.Response(
        body=json.dumps(body, ensure_ascii=False).encode(), status=status, content_type="application/json"
    )


class BotApi:
    """The `/bot<token>/<method>` and `/file/bot<token>/<path>` routes over one world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self) -> list[web.RouteDef]:
        """The routes of the Bot API and of files."""
        return [
            web.route("*", "/bot{token}/{method}", self.handle),
            web.get("/file/bot{token}/{path:.+}", self.file),
        ]

    def _bot(self, request: web.Request) -> Bot:
        token = request.match_info["token"]
        bot = self.world.bots.get(token)
        if bot is not None:
            return bot
        dialects = {known.dialect.name: known.dialect for known in self.world.bots.values()}
        if not TOKEN.match(token):
            raise Rejected(404, "Not Found")
        if set(dialects) == {"bale"}:
            raise Rejected(dialects["bale"].bad_token_status, "Forbidden")
        raise Rejected(401, "Unauthorized")

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        try:
            bot = self._bot(request)
        except Rejected as refusal:
            return _answer(refusal.body(), status=refusal.status)
        world, name = self.world, request.match_info["method"]
        call = world.journal.begin(
            at=world.clock.now(), bot=bot.username, dialect=bot.dialect.name, method=name, params={}
        )
        chat: EmulatedChat | None = None
        try:
            params = await read_params(request)
            call.params = params.shown()
            chat = self._chat_of(bot, params)
            if chat is not None:
                call.chat_id = chat.id
                chat.in_flight += 1
                chat.signal.changed()
            fault = world.faults.pick(names=bot.names, method=name, chat_id=call.chat_id)
            return await self._carry_out(request, bot, call, params, fault)
        except Rejected as refusal:
            self._refused(call, refusal)
            return _answer(refusal.body(), status=refusal.status)
        finally:
            call.ended = world.clock.now()
            if chat is not None:
                chat.in_flight -= 1
                chat.signal.changed()
            world.called.changed()

    async def _carry_out(self, request: web.Request, bot: Bot, call: Call, params: Params,
                         fault: Fault | None) -> web.StreamResponse:  # fmt: skip
        if fault is not None:
            call.fault = fault.kind
            early = await self._strike(request, fault)
            if early is not None:
                call.status = early.status
                return early
        result = await self.run(bot, call, params)
        call.ok, call.status = True, 200
        if fault is not None and fault.kind == "lost_answer":
            _cut_off(request)
        if fault is not None and fault.kind == "ok_without_result":
            return _answer({"ok": True})
        return _answer({"ok": True, "result": result})

    async def run(self, bot: Bot, call: Call, params: Params) -> Any:
        """Carry out a method. Raises Rejected, 404 for an unknown method and 501 for what Bale has not built."""
        name = call.method.lower()
        if name in bot.dialect.unimplemented:
            raise Rejected(501, "Not Implemented")
        function = METHODS.get(name)
        if function is None or name in bot.dialect.missing:
            raise Rejected(404, "Not Found")
        if bot.pacing is not None:
            bot.pacing.check(method=name, chat_id=call.chat_id, now=self.world.clock.now())
        result = function(Request(self.world, bot, params, call))
        return await result if inspect.isawaitable(result) else result

    async def reply_by_webhook(self, bot: Bot, body: Json) -> None:
        """Carry out a method that came in the answer to a webhook; its result goes nowhere, as with the real ones."""
        values = {key: value for key, value in body.items() if key != "method"}
        params = Params(values, as_json=True)
        call = self.world.journal.begin(at=self.world.clock.now(), bot=bot.username, dialect=bot.dialect.name,
                                        method=body["method"], params=values)  # fmt: skip
        chat = self._chat_of(bot, params)
        call.chat_id = chat.id if chat else None
        try:
            await self.run(bot, call, params)
            call.ok, call.status = True, 200
        except Rejected as refusal:
            self._refused(call, refusal)
        call.ended = self.world.clock.now()

    def _refused(self, call: Call, refusal: Rejected) -> None:
        call.status, call.error = refusal.status, refusal.description
        if refusal.violation and not call.fault:
            self.world.journal.broke(call, refusal.description, rejected=True)

    def _chat_of(self, bot: Bot, params: Params) -> EmulatedChat | None:
        raw = params.values.get("chat_id")
        if raw is not None:
            text = str(raw)
            return bot.chats.get(int(text)) if text.lstrip("-").isdigit() else None
        query = params.values.get("callback_query_id")
        return bot.query_chats.get(str(query)) if query is not None else None

    async def _strike(self, request: web.Request, fault: Fault) -> web.Response | None:
        """Return the answer of a fault that comes before the method, None when the method goes on."""
        if fault.kind == "hang":
            await asyncio.sleep(fault.seconds)
            return None
        if fault.kind == "reset":
            _cut_off(request)
        if fault.kind == "bad_gateway":
            return web.Response(text=_HTML_502, status=502, content_type="text/html")
        if fault.kind == "too_many_requests":
            words = fault.description or f"Too Many Requests: retry after {fault.retry_after}"
            refusal = Rejected(429, words, retry_after=fault.retry_after, violation=False)
            return _answer(refusal.body(), status=429)
        if fault.kind in _PLAIN_FAULTS:
            status, words = _PLAIN_FAULTS[fault.kind]
            return _answer(Rejected(status, fault.description or words).body(), status=status)
        return None

    async def file(self, request: web.Request) -> web.Response:
        """Serve a file by the path getFile gave out."""
        try:
            bot = self._bot(request)
        except Rejected as refusal:
            return _answer(refusal.body(), status=refusal.status)
        fault = self.world.faults.pick(names=bot.names, method="file", chat_id=None)
        if fault is not None and (early := await self._strike(request, fault)) is not None:
            return early
        stored = self.world.files.by_path(request.match_info["path"], now=self.world.clock.now())
        if stored is None:
            return _answer(Rejected(404, "Not Found").body(), status=404)
        return web.Response(body=stored.content, content_type="application/octet-stream")


def _cut_off(request: web.Request) -> None:
    """Close the connection without an answer, as a server that died after reading the body."""
    if request.transport is not None:
        request.transport.abort()
    raise asyncio.CancelledError

"""`python -m benchmarks.echoes aiogram|ptb API_URL TOKEN PORT`: bare echo bots that answer before the 200."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from aiohttp import web


async def aiogram_echo(api_url: str, token: str) -> web.Application:
    """aiogram as its documentation shows it, with `handle_in_background=False`."""
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.types import CallbackQuery, Message
    from aiogram.webhook.aiohttp_server import SimpleRequestHandler

    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(api_url)))
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> None:
        await message.answer(message.text or "-")

    @dispatcher.callback_query()
    async def pressed(query: CallbackQuery) -> None:
        await query.answer()

    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, handle_in_background=False).register(app, "/hook")
    return app


async def ptb_echo(api_url: str, token: str) -> web.Application:
    """python-telegram-bot's Application behind the same small web server, each update to its end."""
    from telegram import Update
    from telegram.ext import Application, ContextTypes, MessageHandler, filters

    application = (
        Application.builder()
        .token(token)
        .base_url(f"{api_url}/bot")
        .base_file_url(f"{api_url}/file/bot")
        .updater(None)
        .build()
    )

    async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.effective_chat is not None and update.effective_message is not None:
            await context.bot.send_message(update.effective_chat.id, update.effective_message.text or "-")

    application.add_handler(MessageHandler(filters.ALL, echo))
    await application.initialize()

    async def hook(request: web.Request) -> web.Response:
        update: Update | None = Update.de_json(_repaired(await request.json()), application.bot)
        await application.process_update(update)
        return web.Response()

    app = web.Application()
    app.router.add_post("/hook", hook)
    return app


def _repaired(update: dict[str, Any]) -> dict[str, Any]:
    """The least that Bale's updates need before the library reads them."""
    message = update.get("message")
    if isinstance(message, dict):
        message.setdefault("date", 0)
        for party in ("from", "chat"):
            message.get(party, {}).setdefault("first_name", "")
        message.get("from", {}).setdefault("is_bot", False)
        message.get("chat", {}).setdefault("type", "private")
    return update


async def serve(kind: str, api_url: str, token: str, port: int) -> None:
    app = await (aiogram_echo if kind == "aiogram" else ptb_echo)(api_url, token)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))

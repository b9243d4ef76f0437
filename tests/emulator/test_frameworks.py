"""aiogram on the Telegram dialect and python-telegram-bot on the Bale dialect, both as they come."""

import asyncio
from typing import Any

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import BufferedInputFile, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup
from aiogram.types import Message as AiogramMessage
from telegram import InlineKeyboardButton as PtbButton
from telegram import InlineKeyboardMarkup as PtbMarkup
from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from emulator import NO_GAPS, BotAccount, Emulator
from emulator.samples import png

BALE_TOKEN = "222222:BBB_bale-token"


async def test_aiogram_on_telegram(emulator: Emulator) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(emulator.url))
    bot, dispatcher = Bot(emulator.bot("telegram").account.token, session=session), Dispatcher()
    keys = InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text="بله", callback_data="yes", style="success")]]
    )

    @dispatcher.message(F.text == "/start")
    async def start(message: AiogramMessage) -> None:
        await message.answer("<b>سلام</b> & درود".replace("&", "&amp;"), parse_mode="HTML", reply_markup=keys)

    @dispatcher.message(F.photo)
    async def photo(message: AiogramMessage) -> None:
        await message.reply_photo(BufferedInputFile(png(60, 40), "map.png"), caption="نقشه")

    @dispatcher.callback_query()
    async def press(query: CallbackQuery) -> None:
        await query.answer("باشد")
        assert isinstance(query.message, AiogramMessage)
        await query.message.edit_text("انجام شد")

    polling = asyncio.get_running_loop().create_task(
        dispatcher.start_polling(bot, handle_signals=False, polling_timeout=5)
    )
    try:
        person = emulator.person("telegram")
        screen = await person.ask("/start", timeout=60)
        assert screen.text == "سلام & درود"
        assert screen.current
        assert screen.current.marked("bold") == ["سلام"]
        assert screen.rows[0][0].style == "success"
        await person.press("بله")
        assert (await person.settled(expect=2)).text == "انجام شد"  # a few passing words, and then the screen
        await person.send_photo()
        shown = (await person.settled()).current
        assert shown
        assert (shown.kind, shown.text, shown.reply_to is not None) == ("photo", "نقشه", True)
        assert not emulator.violations
    finally:
        await dispatcher.stop_polling()
        await polling
        await bot.session.close()


async def test_python_telegram_bot_on_bale() -> None:
    bots = [BotAccount("bale", BALE_TOKEN, gaps=NO_GAPS)]  # PTB as it comes cannot read the gaps; the bot's adapter can
    async with Emulator(bots=bots) as emulator:
        builder = Application.builder().token(BALE_TOKEN).base_url(f"{emulator.url}/bot")
        application = builder.base_file_url(f"{emulator.url}/file/bot").build()

        async def start(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
            assert update.message
            keys = PtbMarkup([[PtbButton("بله", callback_data="yes")]])
            await update.message.reply_text("*سلام* دوست", reply_markup=keys)

        async def voice(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
            assert update.message
            assert update.message.voice
            content = await (await update.message.voice.get_file()).download_as_bytearray()
            await update.message.reply_document(bytes(content), filename="voice.oga")

        async def press(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
            assert update.callback_query
            await update.callback_query.answer()
            await update.callback_query.edit_message_text("انجام شد")

        application.add_handler(MessageHandler(filters.TEXT, start))
        application.add_handler(MessageHandler(filters.VOICE, voice))
        application.add_handler(CallbackQueryHandler(press))
        await _drive_ptb(application, emulator)


async def _drive_ptb(application: Any, emulator: Emulator) -> None:
    async with application:
        await application.start()
        await application.updater.start_polling(timeout=2)
        person = emulator.person("bale")
        screen = await person.ask("/start", timeout=60)
        assert screen.text == "سلام دوست"
        assert (await person.tap("بله")).text == "انجام شد"
        await person.send_voice(b"OggS-abc")
        shown = (await person.settled()).current
        assert shown
        assert shown.media["document"]["file_size"] == 8
        assert not emulator.violations
        await application.updater.stop()
        await application.stop()

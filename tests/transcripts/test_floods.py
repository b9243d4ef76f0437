"""What a person reads whose messages came too fast to be read, in both languages."""

from __future__ import annotations

import pytest

from bot.dialogue.heard import Address
from bot.sending.outgoing import OfTheChat
from desk.language.text import Locale
from desk.outbox import actions as outbox
from desk.reading.folding import strip_bidi
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.makers import NOW
from tests.transcripts.stage import Bot, Clock, language_of


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        (Locale.FA, "لطفاً آهسته‌تر بنویسید. آنچه بعد از ساعت ۹:۳۰ فرستادید خوانده نشد. مهم‌ترین را دوباره بفرستید."),
        (
            Locale.FA_AF,
            "لطفاً آهسته‌تر بنویسید. آنچه بعد از ساعت ۹:۳۰ روان کردید خوانده نشد. مهم‌ترین را دوباره روان کنید.",
        ),
    ],
)
async def test_whoever_writes_too_fast_is_told_from_when_on_nothing_was_read(
    storage: Storage, locale: Locale, said: str
) -> None:
    language = language_of("fa")
    bot = Bot(storage=storage, language=language, clock=Clock())
    address = Address("telegram", "111", "7001")
    exchanges = bot.exchanges()
    await exchanges.say_slowly(address)

    def composed(session: WriteSession) -> str:
        [message] = outbox.claim(session, channel="telegram", bot="111", limit=9, now=NOW)
        assert message.notice == OfTheChat.SLOWLY
        told = bot.composer()(session, message)  # type: ignore[arg-type]  # a writing session reads as well
        assert told is not None
        return language.plain(told.says[0].text, locale)

    assert strip_bidi(await storage.write(composed)) == said

"""Everything the bot can say arrives, on both messengers, over real HTTP, and breaks none of their rules."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace

import pytest

from bot.channels.bot_api import BotApiChannel
from bot.channels.introduction import LONGEST_DESCRIPTION, LONGEST_SHORT_DESCRIPTION
from bot.channels.port import SendingFailed
from bot.dialogue.heard import Heard, HeardKind
from bot.dialogue.says import Answer, Button, ButtonStyle, CodePicture, PictureLine, Pin, Says
from bot.sending.self_description import introduction
from desk.codes import CodeKind, TrackingCode
from desk.language.language import Language
from desk.language.text import Locale, lines, paragraphs
from desk.reading.codes import read_code
from desk.reading.folding import strip_bidi
from desk.values import GeoPoint
from emulator import BALE, BotAccount, Emulator
from mizban.settings import LONGEST_NAME
from tests.channels.talking import TOKENS, MakeChannel, always, answer_to, button, fa, met, polling

KARAJ = GeoPoint(35.84, 50.94)
CODE = TrackingCode.make(CodeKind.APPOINTMENT)


def png(side: int = 8) -> bytes:
    """A white square."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    rows = b"".join(b"\0" + b"\xff" * side * 3 for _ in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


PICTURE = CodePicture("482173051", (PictureLine(fa("کد")),))
MENU = Says(fa("چه کاری دارید؟"), rows=((button("نوبت بگیرید", "book"),), (button("پیگیری", "follow"),)))
TICKET = Says(
    paragraphs(fa("نوبت شما گرفته شد (رایگان)."), lines(fa("کد:"), CODE)),
    rows=((Button(fa("درست"), "ok", ButtonStyle.CONFIRM), Button(fa("کپی"), copies="1")), (button("لغو", "no"),)),
    stays=True,
    protects=True,
)


async def test_a_screen_and_its_buttons(channel: BotApiChannel, kind: str, emulator: Emulator) -> None:
    async def reply(heard: Heard) -> Answer:
        return answer_to(heard, TICKET if heard.choice else MENU)

    async with polling(channel, reply) as listener:
        person = await met(emulator, kind)
        assert person.screen.text == "چه کاری دارید؟"
        assert list(person.screen.buttons) == ["نوبت بگیرید", "پیگیری"]
        await person.tap("پیگیری")
    assert [heard.choice for heard in listener.of(HeardKind.CHOICE)] == ["follow"]
    assert not emulator.violations


async def test_a_press_edits_its_screen_and_results_are_new(
    channel: BotApiChannel, kind: str, emulator: Emulator
) -> None:
    async def reply(heard: Heard) -> Answer:
        if heard.kind is HeardKind.CHOICE:
            return answer_to(heard, TICKET, replace(MENU, text=fa("کار دیگری؟")), MENU, toast=fa("خوب"))
        return answer_to(heard, MENU)

    async with polling(channel, reply):
        person = await met(emulator, kind)
        first = person.screen.current.message_id if person.screen.current else 0
        screen = await person.tap("نوبت بگیرید")
    by_id = {shown.message_id: shown.text for shown in screen.messages if not shown.mine}
    assert by_id[first] == "کار دیگری؟"
    assert [text.partition("\n")[0] for text in by_id.values()] == [
        "کار دیگری؟",
        "نوبت شما گرفته شد (رایگان).",
        "چه کاری دارید؟",
    ]
    assert screen.alerts == ("خوب",)
    assert not emulator.violations


async def test_the_same_screen_again_is_no_failure(channel: BotApiChannel, kind: str, emulator: Emulator) -> None:
    async with polling(channel, always(MENU)):
        person = await met(emulator, kind)
        await person.press("نوبت بگیرید")
        screen = await person.settled(expect=0)
        assert len([shown for shown in screen.messages if not shown.mine]) == 1


@pytest.mark.parametrize(
    "ticket", [TICKET, Says(fa("کد شما"), picture=PICTURE, rows=MENU.rows)], ids=["text", "picture"]
)
async def test_a_code_and_its_extras(channel: BotApiChannel, kind: str, emulator: Emulator, ticket: Says) -> None:
    async with polling(channel, always(ticket)):
        person = await met(emulator, kind)
    shown = person.screen.current
    assert shown is not None
    assert shown.kind == ("photo" if ticket.picture else "text")
    if ticket is TICKET:
        labels = {button.label: (button.style, button.copy) for row in shown.rows for button in row}
        expected = {"درست": ("success", ""), "کپی": ("", "1"), "لغو": ("", "")}
        plain = {"درست": ("", ""), "لغو": ("", "")}
        assert labels == (expected if kind == "telegram" else plain)
        last_line = shown.text.rpartition("\n")[2].strip("\u2066\u2069")
        assert read_code(last_line) == CODE
        assert shown.marked("code") == ([last_line] if kind == "telegram" else [])
    assert not emulator.violations


async def test_bale_learns_to_copy_when_it_is_told_to(make_channel: MakeChannel) -> None:
    async with Emulator(bots=[BotAccount(replace(BALE, copy_text=True), TOKENS["bale"], username="b_bot")]) as able:
        channel = make_channel("bale", url=able.url, abilities={"copy_buttons": True})
        async with polling(channel, always(TICKET)):
            person = await met(able, "bale")
            assert "کپی" in list(person.screen.buttons)
        assert not able.violations


async def test_a_picture_with_a_text_too_long_for_its_caption(
    channel: BotApiChannel, kind: str, emulator: Emulator
) -> None:
    says = Says(fa("سلام دنیا. " * 120), picture=PICTURE, rows=MENU.rows)
    async with polling(channel, always(says)):
        person = await met(emulator, kind)
    photo, text = person.screen.news
    assert (photo.kind, photo.rows, text.kind) == ("photo", (), "text")
    assert len(text.rows) == 2
    assert not emulator.violations


async def test_a_very_long_text_keeps_its_buttons_at_the_end(
    channel: BotApiChannel, kind: str, emulator: Emulator
) -> None:
    long = Says(paragraphs(*(fa("سلام *دنیا* <b>. " * 80) for _ in range(6))), rows=MENU.rows)

    async def reply(heard: Heard) -> Answer:
        return answer_to(heard, long if heard.kind is HeardKind.CHOICE else MENU)

    async with polling(channel, reply):
        person = await met(emulator, kind)
        screen = await person.tap("پیگیری")
    assert len(screen.news) >= 2
    assert [bool(shown.rows) for shown in screen.news] == [False] * (len(screen.news) - 1) + [True]
    assert not [broken for broken in emulator.violations if broken.rejected]


async def test_asking_for_the_place_and_taking_the_keyboard_away(
    channel: BotApiChannel, kind: str, emulator: Emulator
) -> None:
    asking = Says(fa("کجا هستید؟"), asks_location=fa("مکان من"), rows=((button("البرز", "x"),),))
    thanks = Says(fa("نزدیک شما:"), rows=MENU.rows, clears_keyboard=True, pin=Pin(KARAJ, fa("دفتر"), fa("کرج")))

    async def reply(heard: Heard) -> Answer:
        return answer_to(heard, asking if heard.start is not None else thanks)

    async with polling(channel, reply) as listener:
        person = await met(emulator, kind)
        assert [[button.label for button in row] for row in person.screen.keyboard_rows] == [["مکان من"], ["البرز"]]
        await person.send_location(KARAJ.latitude, KARAJ.longitude)
        screen = await person.settled()
    assert listener.of(HeardKind.LOCATION)[0].point == KARAJ
    assert not screen.keyboard_rows
    assert [shown.kind for shown in screen.news] == ["venue" if kind == "telegram" else "location", "text"]
    assert list(screen.buttons) == ["نوبت بگیرید", "پیگیری"]
    assert not emulator.violations


async def test_a_typed_answer_on_the_reply_keyboard(channel: BotApiChannel, kind: str, emulator: Emulator) -> None:
    asking = Says(fa("کجا هستید؟"), asks_location=fa("مکان من"), rows=((button("البرز", "x"),),))
    async with polling(channel, always(asking)) as listener:
        person = await met(emulator, kind)
        await person.tap("البرز")
    assert [heard.text for heard in listener.of(HeardKind.TEXT)][-1] == "البرز"


async def test_a_photo_of_a_paper_is_taken_away(channel: BotApiChannel, kind: str, emulator: Emulator) -> None:
    async def reply(heard: Heard) -> Answer:
        gone = (heard.message_id,) if heard.kind is HeardKind.PICTURE and heard.message_id else ()
        return answer_to(heard, MENU, deletes=gone)

    async with polling(channel, reply):
        person = await met(emulator, kind)
        await person.send_photo(png(), caption="گذرنامه")
        screen = await person.settled()
    assert not [shown for shown in screen.messages if shown.kind == "photo"]
    assert not [call for call in emulator.calls if call.method.lower() == "getfile"]


async def test_an_edit_of_what_is_gone_becomes_a_new_message(
    channel: BotApiChannel, kind: str, emulator: Emulator
) -> None:
    async def reply(heard: Heard) -> Answer:
        return answer_to(heard, MENU, edits="999" if heard.kind is HeardKind.TEXT else None)

    async with polling(channel, reply):
        person = await met(emulator, kind)
        assert person.screen.text == "چه کاری دارید؟"


async def test_an_edit_of_a_picture_becomes_a_new_message(
    channel: BotApiChannel, kind: str, emulator: Emulator
) -> None:
    async def reply(heard: Heard) -> Answer:
        return answer_to(
            heard, MENU if heard.kind is HeardKind.CHOICE else Says(fa("عکس"), picture=PICTURE, rows=MENU.rows)
        )

    async with polling(channel, reply):
        person = await met(emulator, kind)
        screen = await person.tap("پیگیری")
        assert [shown.kind for shown in screen.messages if not shown.mine] == ["photo", "text"]


async def test_sending_returns_the_id_of_the_message(channel: BotApiChannel, kind: str, emulator: Emulator) -> None:
    async with polling(channel, always(MENU)):
        person = await met(emulator, kind)
        message_id = await channel.send(str(person.id), TICKET, locale=Locale.FA_AF)
        assert person.screen.current is not None
        assert message_id == str(person.screen.current.message_id)
        with pytest.raises(SendingFailed) as failed:
            await channel.send("999999", TICKET, locale=Locale.FA)
        assert failed.value.is_final


async def test_a_voice_note_is_streamed(channel: BotApiChannel, kind: str, emulator: Emulator) -> None:
    sound = b"OggS" + bytes(range(256)) * 700
    async with polling(channel, always(MENU)) as listener:
        person = await met(emulator, kind)
        await person.send_voice(sound, duration=4)
        await person.settled()
        voice = listener.of(HeardKind.VOICE)[0].voice
        assert voice is not None
        chunks = [chunk async for chunk in channel.voice(voice.file_id)]
        assert b"".join(chunks) == sound
        assert len(chunks) > 1
        with pytest.raises(SendingFailed):
            [chunk async for chunk in channel.voice("no-such-file")]


async def test_the_start_learns_the_name_and_introduces_the_bot(
    kind: str, emulator: Emulator, make_channel: MakeChannel
) -> None:
    channel = make_channel(kind, introduction=introduction("ادارهٔ کل البرز"))
    assert channel.username == ""
    await channel.start()
    assert channel.username == ("t_bot" if kind == "telegram" else "b_bot")
    about = emulator.bot(kind).about
    assert not emulator.violations  # nothing is asked of a messenger that it does not have
    assert {scope.partition("|")[2] for scope in about.commands} == {"", "ps", "uz"}
    assert about.menu_buttons == {"": {"type": "commands"}}
    if kind == "bale":
        assert not about.texts  # it has no descriptions, and the start went on
        return
    said = {name: about.texts[name] for name in ("description|", "short_description|")}
    assert all("رایگان" in text and "ادارهٔ کل البرز" in text for text in said.values())
    assert "فیس" in about.texts["description|ps"] == about.texts["description|uz"]


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("run_by", ["", "م" * LONGEST_NAME])
def test_the_descriptions_fit_the_messenger_and_say_who_runs_the_bot(
    locale: Locale, run_by: str, language: Language
) -> None:
    introduced = introduction(run_by)
    whole, short = (
        " ".join(strip_bidi(language.plain(part, locale)) for part in parts)
        for parts in (introduced.description, introduced.short_description)
    )
    assert len(whole) <= LONGEST_DESCRIPTION
    assert len(short) <= LONGEST_SHORT_DESCRIPTION
    assert all((run_by or "نشده است") in text for text in (whole, short))

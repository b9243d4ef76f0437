"""A person with a phone: everything they can do in the chat with a bot, and what they see there."""

import asyncio
from collections.abc import Callable

from emulator.accounts import Bot
from emulator.chats import EmulatedChat, Message, Query
from emulator.cutting import cut
from emulator.files import media_json
from emulator.markup.bale import plain
from emulator.samples import PIXEL_PNG, SILENT_VOICE
from emulator.screens import Screen, ShownButton, ShownMessage, bare, keyboard_rows, screen_of, shown
from emulator.settling import PATIENCE, NotSettled, settle
from emulator.shapes import chat_json, user_json
from emulator.wire import Json, Upload
from emulator.world import World


class NoSuchButton(AssertionError):
    """The person looks for a button that is not on the screen; the message lists the ones that are."""


class EmulatedPerson:
    """One person in one bot's chat. Acts return at once; `settled()` waits for the bot."""

    def __init__(
        self, world: World, bot: Bot, chat: EmulatedChat, *, busy: list[Callable[[], bool]] | None = None
    ) -> None:
        self._world = world
        self._bot = bot
        self._busy = busy if busy is not None else []
        self.chat = chat
        self.clipboard = ""

    @property
    def id(self) -> int:
        """The user id, which is the chat id too."""
        return self.chat.id

    @property
    def phone(self) -> str:
        """The number this person shares (98912…)."""
        return self.chat.profile.phone

    @property
    def dialect(self) -> str:
        """The messenger: "telegram" or "bale"."""
        return self._bot.dialect.name

    # ------------------------------------------------------------------------------------------------ acting

    def _add(self, kind: str, *, text: str = "", media: Json | None = None, reply_to: int | None = None) -> Message:
        chat, bot = self.chat, self._bot
        words, entities = plain(text)
        message = Message(
            message_id=bot.next_message_id(chat),
            date=int(self._world.clock.now()),
            mine=True,
            kind=kind,
            text=words,
            entities=entities,
            media=media or {},
            reply_to=reply_to,
        )
        chat.messages[message.message_id] = message
        chat.started = True
        chat.act()
        self._world.send_update(bot, "message", self._world.message_body(bot, chat, message), chat=chat)
        return message

    async def say(self, text: str, *, reply_to: int | None = None) -> int:
        """Send a text; return its message id, of a text that is cut into several messages the last one's."""
        *before, last = cut(text)
        for piece in before:
            self._add("text", text=piece, reply_to=reply_to)
        return self._add("text", text=last, reply_to=reply_to).message_id

    async def start(self, payload: str = "") -> int:
        """Press start, or open a deep link with `payload`."""
        return await self.say(f"/start {payload}".strip())

    async def share_contact(self, phone: str | None = None, *, user_id: int | None = None, own: bool = True) -> int:
        """Share the own number, or with `own=False` a card of somebody else (`user_id` None = not on the messenger)."""
        contact: Json = {"phone_number": phone or self.phone, "first_name": self.chat.profile.first_name}
        owner = self.id if own and user_id is None else user_id
        if owner is not None:
            contact["user_id"] = owner
        self.chat.keyboard_pressed()
        return self._add("contact", media={"contact": contact}).message_id

    async def send_location(self, latitude: float, longitude: float) -> int:
        """Send a point on the map."""
        self.chat.keyboard_pressed()
        point = {"latitude": latitude, "longitude": longitude}
        return self._add("location", media={"location": point}).message_id

    def _send_file(self, kind: str, upload: Upload, *, caption: str = "", duration: int = 0) -> int:
        stored = self._world.files.add(kind, upload)
        return self._add(kind, text=caption, media=media_json(stored, duration=duration)).message_id

    async def send_photo(self, content: bytes | None = None, *, caption: str = "", name: str = "photo.jpg",
                         mime: str = "image/jpeg") -> int:  # fmt: skip
        """Send a picture (bytes; a small sample without)."""
        return self._send_file("photo", Upload(name, content or PIXEL_PNG, mime), caption=caption)

    async def send_document(self, content: bytes = b"%PDF-1.4\n", *, name: str = "letter.pdf",
                            mime: str = "application/pdf", caption: str = "") -> int:  # fmt: skip
        """Send a file."""
        return self._send_file("document", Upload(name, content, mime), caption=caption)

    async def send_voice(self, content: bytes | None = None, *, duration: int = 3, mime: str = "audio/ogg") -> int:
        """Send a voice note (`duration` in seconds)."""
        return self._send_file("voice", Upload("voice.oga", content or SILENT_VOICE, mime), duration=duration)

    async def send_sticker(self) -> int:
        """Send a sticker; returns the message id."""
        return self._send_file("sticker", Upload("sticker.webp", b"RIFF\x1a\x00\x00\x00WEBPVP8L", "image/webp"))

    async def send_album(self, count: int, *, caption: str = "") -> list[int]:
        """Send several pictures at once; their message ids. Only Telegram names the album they belong to."""
        album = {"media_group_id": str(self.chat.id * 17 + len(self.chat.messages))}
        ids: list[int] = []
        for place in range(count):
            stored = self._world.files.add("photo", Upload(f"photo{place}.jpg", PIXEL_PNG, "image/jpeg"))
            media = media_json(stored, duration=0) | (album if self._bot.dialect.names_albums else {})
            ids.append(self._add("photo", text="" if place else caption, media=media).message_id)
        return ids

    async def note(self, field: str, content: Json | None = None) -> int:
        """Let the messenger note something in the chat that nobody said, such as `pinned_message`; no answer is due."""
        owed, touches = self.chat.owed, self.chat.touches_at_act
        message_id = self._add("service", media={field: content or {}}).message_id
        self.chat.owed, self.chat.touches_at_act = owed, touches
        return message_id

    async def edit(self, message_id: int, text: str) -> None:
        """Edit an own message; the bot gets `edited_message`."""
        message = self.chat.messages[message_id]
        if not message.mine:
            raise ValueError("a person edits only what they wrote")
        message.text, message.entities = plain(text)
        message.edited_at = int(self._world.clock.now())
        self.chat.act()
        body = self._world.message_body(self._bot, self.chat, message)
        self._world.send_update(self._bot, "edited_message", body, chat=self.chat)

    # ------------------------------------------------------------------------------------------------ pressing

    async def press(self, label: str | None = None, *, data: str | None = None, message_id: int | None = None,
                    times: int = 1) -> list[str]:  # fmt: skip
        """Press a button by its label (exact, else the only one that contains it) or by its data.

        Looks in `message_id`, else in the newest message that has it, then in the reply keyboard. `data` together with
        `message_id` is sent even when the button is gone by now (a late tap on an old screen). Returns the ids of the
        callback queries. Raises NoSuchButton.
        """
        if data is not None and message_id is not None:
            return [self._query(self.chat.messages[message_id], data).id for _ in range(times)]
        found = self._find(label, data, message_id)
        if isinstance(found, ShownButton):
            for _ in range(times):
                await self._press_reply(found)
            return []
        message, button = found
        if button.copy:
            self.clipboard = button.copy
        if not button.data:
            return []
        return [self._query(message, button.data).id for _ in range(times)]

    async def double_tap(self, label: str | None = None, *, data: str | None = None) -> list[str]:
        """Press a button twice at once."""
        return await self.press(label, data=data, times=2)

    async def _press_reply(self, button: ShownButton) -> None:
        if button.asks == "contact":
            await self.share_contact()
        elif button.asks == "location":
            await self.send_location(35.8400, 50.9391)
        else:
            self.chat.keyboard_pressed()
            await self.say(button.label)

    def _find(
        self, label: str | None, data: str | None, message_id: int | None
    ) -> tuple[Message, ShownButton] | ShownButton:
        messages = [m for m in self.chat.visible() if not m.mine and message_id in {None, m.message_id}]
        messages.sort(key=lambda m: m.touched, reverse=True)
        inline = [(m, button) for m in messages for row in shown(m).rows for button in row]
        reply = [button for row in keyboard_rows(self.chat) for button in row]
        if data is not None:
            for message, button in inline:
                if button.data == data:
                    return message, button
        elif label is not None:
            wanted = bare(label)
            for test in (lambda text: text == wanted, lambda text: wanted in text):
                for message, button in inline:
                    if test(bare(button.label)):
                        return message, button
                for button in reply:
                    if test(bare(button.label)):
                        return button
        there = [button.label for _, button in inline] + [button.label for button in reply]
        raise NoSuchButton(f"no button {label or data!r}; there are {there}")

    def _query(self, message: Message, data: str) -> Query:
        chat, bot = self.chat, self._bot
        query = bot.open_query(chat, message, data, at=self._world.clock.now())
        chat.act()
        inner = {
            "id": query.id,
            "from": user_json(chat.profile),
            "message": self._world.message_body(bot, chat, message),
            "chat_instance": str(chat.id * 31 + bot.id),
            "data": data,
        }
        self._world.send_update(bot, "callback_query", inner, chat=chat)
        return query

    # ------------------------------------------------------------------------------------------------ blocking

    async def block(self) -> None:
        """Block the bot; Telegram tells the bot so at once."""
        self._member("member", "kicked")
        self.chat.blocked = True

    async def unblock(self) -> None:
        """Let the bot write again."""
        self.chat.blocked = False
        self._member("kicked", "member")

    def _member(self, old: str, new: str) -> None:
        bot, chat = self._bot, self.chat
        chat.signal.changed()
        if not bot.dialect.has_member_updates:
            return
        until = {"until_date": 0}
        inner = {
            "chat": chat_json(chat.profile),
            "from": user_json(chat.profile),
            "date": int(self._world.clock.now()),
            "old_chat_member": {"user": bot.user, "status": old, **(until if old == "kicked" else {})},
            "new_chat_member": {"user": bot.user, "status": new, **(until if new == "kicked" else {})},
        }
        self._world.send_update(bot, "my_chat_member", inner, chat=chat)

    # ------------------------------------------------------------------------------------------------ seeing

    @property
    def screen(self) -> Screen:
        """The chat as it is seen now."""
        return screen_of(self.chat, now=self._world.clock.now())

    async def settled(self, timeout: float = PATIENCE, *, expect: int | None = None, quiet: float = 0.02,
                      spinners: bool = True) -> Screen:  # fmt: skip
        """Wait until the bot has dealt with everything this person did, and return the screen.

        Exact: every update of this person confirmed (offset passed it, or webhook 2xx), no call to this chat under way,
        every pressed button answered (`spinners`), and at least `expect` things said since the last act (default: one
        after an act, for silence is a fault; pass 0 where silence is right). Then no call for `quiet` seconds, which
        covers a bot that confirms before it has sent its second message. Raises NotSettled after `timeout` seconds.
        """
        await settle(self.chat, timeout=timeout, expect=expect, quiet=quiet, spinners=spinners, busy=self._busy)
        return self.screen

    async def next_message(self, timeout: float = PATIENCE) -> ShownMessage:
        """Wait for the next thing the bot sends or edits from now on. Raises NotSettled."""
        before = self.chat.touches
        clock = asyncio.get_running_loop().time
        ends = clock() + timeout
        while self.chat.touches == before:
            if not await self.chat.signal.wait(self.chat.signal.version, max(0.0, ends - clock())):
                raise NotSettled(f"the bot said nothing for {timeout:g} s")
        newest = max(self.chat.messages.values(), key=lambda message: message.touched)
        return shown(newest)

    async def ask(self, text: str, *, timeout: float = PATIENCE) -> Screen:
        """Say something and wait: `say` and `settled` in one."""
        await self.say(text)
        return await self.settled(timeout)

    async def tap(self, label: str | None = None, *, data: str | None = None, timeout: float = PATIENCE) -> Screen:
        """Press a button and wait: `press` and `settled` in one."""
        await self.press(label, data=data)
        return await self.settled(timeout)

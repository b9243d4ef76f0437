"""Turns an answer into calls: acknowledge the press, delete messages, edit the screen or send, in order."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from bot.channels.calling import Caller, Params
from bot.channels.port import SendingFailed, WebhookResponse
from bot.channels.render import CLEARED, Rendered, Renderer
from bot.channels.ticket_card import drawn
from bot.dialogue.says import Answer, Button, EarlierMessage, Says
from bot.dialogue.screens import TO_THE_MENU
from bot.sending.pacing import EDIT_SHARE
from desk.language.text import Locale

CLEARING_SIGN = "…"
"""The text of the message that removes a reply keyboard and is then deleted; messengers refuse an empty one."""
ACKNOWLEDGE = "answerCallbackQuery"
TAKE_BUTTONS = "editMessageReplyMarkup"
EDIT_CAPTION, EDIT_TEXT = ("editMessageCaption", "caption"), ("editMessageText", "text")
"""How the words of a message with a picture, and of one without, are edited, and what they are called there."""
REMEMBERED = 1000
"""How many acknowledged presses are remembered."""
MOST_SCREENS = 5000
"""Of how many chats the message is remembered in which the present screen stands; after a start it is of none."""
STILL_THERE = "not modified"
"""Part of the reason where an edit changes nothing, which counts as success."""
LONGEST_SPIN = 0.5
"""Seconds that a pressed button waits for the response to its webhook; then it is acknowledged by a call."""


_Left = dict[str, tuple[Button, ...]]
"""Messages of earlier screens, and the buttons that remain under each."""


class Speaker:
    """Sends to the chats of one bot; both messengers name the methods alike."""

    def __init__(self, caller: Caller, *, renderer: Renderer, text_params: Params, caption_params: Params) -> None:
        """`text_params` and `caption_params` go with every text and caption, such as `parse_mode`."""
        self._caller = caller
        self._renderer = renderer
        self._text_params = text_params
        self._caption_params = caption_params
        self._acknowledged: dict[str, None] = {}
        """Acknowledged presses: an update that comes again is not acknowledged twice."""
        self._screens: dict[str, tuple[str, tuple[Button, ...]]] = {}
        """The message of each chat that holds its present screen, and the buttons that remain under it later."""

    async def answer(self, answer: Answer, response: WebhookResponse | None = None) -> None:
        """Do all that one exchange leads to. Raises SendingFailed when a message was not taken.

        Acknowledging and deleting run in parallel with sending; their failures are ignored. With `response` the
        acknowledgement goes into it, which spares a call, unless sending takes so long that somebody would wait for it,
        or it is the whole answer: nobody would notice that the messenger did not take it from the response.
        Last, the buttons of the screen that was left are taken away.
        """
        if answer.query_id is None and not answer.deletes:
            left = await self._say_all(answer)
        elif response is not None and answer.says and not answer.deletes:
            left = await self._answer_press(answer, response)
        else:
            tidied, said = await asyncio.gather(self._tidy(answer), self._say_all(answer), return_exceptions=True)
            if isinstance(tidied, BaseException):
                raise tidied
            if isinstance(said, BaseException):
                raise said
            left = said
        for message_id, remains in left.items():
            await self._take_buttons(answer, message_id, remains, response)

    async def send(self, chat: str, says: Says, *, locale: Locale) -> str:
        """Send one message; returns the id of its last part."""
        message_id = await self._send(chat, self._renderer.render(says, locale=locale))
        if says.remains is not None:
            self._stands(chat, message_id, says)
        return message_id

    async def _answer_press(self, answer: Answer, response: WebhookResponse) -> _Left:
        calls: list[asyncio.Future[tuple[None]]] = []
        spinning = asyncio.get_running_loop().call_later(
            LONGEST_SPIN, lambda: calls.append(asyncio.gather(self._tidy(answer)))
        )
        try:
            return await self._say_all(answer)
        finally:
            spinning.cancel()
            if calls:
                await calls[0]
            elif answer.query_id not in self._acknowledged:
                # Not remembered: if the response is lost, the update comes again and is acknowledged then.
                self._caller.count()
                response.call = {"method": ACKNOWLEDGE, **self._acknowledgement(answer)}

    def _acknowledgement(self, answer: Answer) -> Params:
        params: Params = {"callback_query_id": answer.query_id}
        if answer.toast is not None:
            params["text"] = self._renderer.toast(answer.toast, locale=answer.locale)
        return params

    async def _tidy(self, answer: Answer) -> None:
        if (
            answer.query_id is not None
            and answer.query_id not in self._acknowledged
            and await self._caller.persist(ACKNOWLEDGE, self._acknowledgement(answer), chat=answer.address.chat)
        ):
            self._acknowledged[answer.query_id] = None
            while len(self._acknowledged) > REMEMBERED:
                del self._acknowledged[next(iter(self._acknowledged))]
        for message_id in answer.deletes:
            await self._delete(answer.address.chat, message_id)

    async def _say_all(self, answer: Answer) -> _Left:
        """Say it, and return the messages that were left with their buttons."""
        edits, chat = answer.edits, answer.address.chat
        left: _Left = {answer.leaves: TO_THE_MENU} if answer.leaves is not None else {}
        for says in answer.says:
            rendered = self._renderer.render(says, locale=answer.locale)
            if says.alters is not None:
                with suppress(SendingFailed):  # what else is said does not wait for it
                    await self._send(chat, rendered)
                continue
            message_id = ""
            if edits is not None and not says.stays:
                if rendered.replaces:
                    message_id = await self._edit(chat, edits, rendered)
                edits = None
            message_id = message_id or await self._send(chat, rendered)
            if not says.stays:
                before = self._stands(chat, message_id, says)
                left |= before
                left.pop(message_id, None)
        return left

    def _stands(self, chat: str, message_id: str, says: Says) -> _Left:
        """Remember in which message the present screen stands; returns the one that it took the place of."""
        before = self._screens.pop(chat, None)
        if says.remains is not None and says.rows and says.asks_location is None and message_id:
            self._screens[chat] = (message_id, says.remains)
            if len(self._screens) > MOST_SCREENS:
                del self._screens[next(iter(self._screens))]
        return {before[0]: before[1]} if before is not None and before[0] != message_id else {}

    async def _take_buttons(
        self, answer: Answer, message_id: str, remains: tuple[Button, ...], response: WebhookResponse | None
    ) -> None:
        """Leave only these buttons under a message; where the response can say it, that spares a call."""
        chat = answer.address.chat
        keyboard = self._renderer.left_with(remains, locale=answer.locale)
        params: Params = {"chat_id": _id(chat), "message_id": _id(message_id), "reply_markup": keyboard}
        if response is not None and response.call is None:
            self._caller.count()
            response.call = {"method": TAKE_BUTTONS, **params}
            return
        await self._caller.if_free(TAKE_BUTTONS, params, chat=chat)

    async def _edit(self, chat: str, message_id: str, rendered: Rendered) -> str:
        """Replace the text of an earlier message and return the id of the one with the buttons; "" = it cannot be
        edited (gone, a picture, too old)."""
        is_whole = len(rendered.texts) == 1
        params: Params = {"chat_id": _id(chat), "message_id": _id(message_id), "text": rendered.texts[0]}
        params |= self._text_params
        if is_whole and rendered.keyboard:
            params["reply_markup"] = rendered.keyboard
        try:
            await self._caller.call("editMessageText", params, chat=chat, share=EDIT_SHARE)
        except SendingFailed as failed:
            if STILL_THERE not in failed.reason:
                if failed.is_final and not failed.blocked:
                    return ""
                raise
        # The answer to an edit is a stub on Bale; it is not used.
        return message_id if is_whole else await self._send_texts(chat, rendered, start=1) or message_id

    async def _alter(self, chat: str, earlier: EarlierMessage, rendered: Rendered) -> str:
        """Replace words and buttons of an earlier message. One that is gone or too old is left as it is.

        A ticket whose words were too long for a caption has them in a message of their own, so the other way is tried.
        """
        if not rendered.texts:
            return ""
        ways = (EDIT_CAPTION, EDIT_TEXT) if earlier.has_picture else (EDIT_TEXT, EDIT_CAPTION)
        for method, words in ways:
            params: Params = {"chat_id": _id(chat), "message_id": _id(earlier.message_id), words: rendered.texts[0]}
            params |= self._caption_params if words == "caption" else self._text_params
            if rendered.keyboard:
                params["reply_markup"] = rendered.keyboard
            try:
                await self._caller.call(method, params, chat=chat, share=EDIT_SHARE)
            except SendingFailed as failed:
                if STILL_THERE not in failed.reason:
                    if not failed.is_final:
                        raise
                    if failed.blocked:
                        return ""
                    continue
            return earlier.message_id
        return ""

    async def _send(self, chat: str, rendered: Rendered) -> str:
        if rendered.alters is not None:
            return await self._alter(chat, rendered.alters, rendered)
        if rendered.clears_first:
            await self._clear_keyboard(chat)
        message_id = ""
        if rendered.picture is not None:
            photo = await asyncio.to_thread(drawn, rendered.picture)
            message_id = await self._send_file("sendPhoto", {"photo": photo}, chat, rendered)
        if rendered.document is not None:
            message_id = await self._send_file("sendDocument", {"document": rendered.document}, chat, rendered)
        if rendered.place is not None:
            message_id = await self._send_place(chat, rendered)
        if rendered.texts and not rendered.is_caption:
            message_id = await self._send_texts(chat, rendered)
        return message_id

    async def _send_texts(self, chat: str, rendered: Rendered, *, start: int = 0) -> str:
        message_id = ""
        last = len(rendered.texts) - 1
        for place in range(start, last + 1):
            params = {"chat_id": _id(chat), "text": rendered.texts[place], **self._text_params}
            message_id = await self._send_one("sendMessage", params, chat, rendered, is_last=place == last)
        return message_id

    async def _send_file(self, method: str, file: Params, chat: str, rendered: Rendered) -> str:
        params: Params = {"chat_id": _id(chat), **file}
        if rendered.is_caption:
            params |= {"caption": rendered.texts[0], **self._caption_params}
        is_last = rendered.is_caption or not (rendered.texts or rendered.place)
        return await self._send_one(method, params, chat, rendered, is_last=is_last)

    async def _send_place(self, chat: str, rendered: Rendered) -> str:
        place = rendered.place
        if place is None:
            return ""
        params: Params = {"chat_id": _id(chat), "latitude": place.point.latitude, "longitude": place.point.longitude}
        is_last = not rendered.texts
        if not place.title:
            return await self._send_one("sendLocation", params, chat, rendered, is_last=is_last)
        params |= {"title": place.title, "address": place.address}
        return await self._send_one("sendVenue", params, chat, rendered, is_last=is_last)

    async def _send_one(self, method: str, params: Params, chat: str, rendered: Rendered, *, is_last: bool) -> str:
        if is_last and rendered.keyboard:
            params["reply_markup"] = rendered.keyboard
        if rendered.protects:
            params["protect_content"] = True
        return _message_id(await self._caller.call(method, params, chat=chat, share=1.0))

    async def _clear_keyboard(self, chat: str) -> None:
        """A message has either buttons or removes a keyboard, so a temporary message removes it."""
        params: Params = {"chat_id": _id(chat), "text": CLEARING_SIGN, "reply_markup": CLEARED}
        message_id = _message_id(await self._caller.call("sendMessage", params, chat=chat, share=1.0))
        if message_id:
            await self._delete(chat, message_id)

    async def _delete(self, chat: str, message_id: str) -> None:
        await self._caller.persist("deleteMessage", {"chat_id": _id(chat), "message_id": _id(message_id)}, chat=chat)


def _id(number: str) -> int | str:
    """An id as the messengers write it; one that is not a number is sent unchanged and refused there."""
    return int(number) if number.removeprefix("-").isascii() and number.removeprefix("-").isdigit() else number


def _message_id(result: Any) -> str:
    """The id of a sent message; "" where the messenger left it out, which is no failure."""
    message_id = result.get("message_id") if isinstance(result, dict) else None
    return str(message_id) if message_id else ""

"""Tries the abilities of a messenger one by one, to replace conservative defaults by facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.channels.bot_api import Wire
from bot.channels.port import SendingFailed
from mizban.settings import Settings
from mizban.troubles import Trouble

LOOK = "taken; look at the phone whether it shows"


@dataclass(frozen=True, slots=True)
class Finding:
    """The result for one ability: `answer` is yes, no or look."""

    ability: str
    answer: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """A call that shows an ability; `check` judges its result, None = success is enough."""

    ability: str
    method: str
    params: dict[str, Any]
    check: Callable[[Any], tuple[str, str]] | None = None


async def probe_messenger(settings: Settings, name: str, *, chat: str) -> list[Finding]:
    """All findings; the trials are independent. Raises `Trouble` when there is no token."""
    wire = _wire(settings, name)
    findings: list[Finding] = []
    try:
        findings.append(await _try(wire, Trial("know itself", "getMe", {}, _who)))
        message_id = await _first_message(wire, chat, findings)
        for trial in _trials(_id(chat), message_id):
            findings.append(await _try(wire, trial))
    finally:
        await wire.close()
    return findings


async def _first_message(wire: Wire, chat: str, findings: list[Finding]) -> int:
    text = {"chat_id": _id(chat), "text": "Mizban probe: the messages that follow can be deleted."}
    try:
        sent = await wire("sendMessage", text)
    except SendingFailed as failed:
        findings.append(Finding("send a message", "no", failed.reason))
        return 0
    message_id = int(sent.get("message_id") or 0) if isinstance(sent, dict) else 0
    findings.append(Finding("send a message", "yes", "" if message_id else "its answer names no message"))
    return message_id


def _trials(chat: int | str, message_id: int) -> list[Trial]:
    to = {"chat_id": chat}
    mine = {**to, "message_id": message_id}

    def keyboard(**button: Any) -> dict[str, Any]:
        return {"inline_keyboard": [[{"text": "probe", **button}]]}

    return [
        Trial("edit a message", "editMessageText", {**mine, "text": "Mizban probe: edited."}, _edited),
        Trial(
            "edit one with buttons",
            "editMessageText",
            {**mine, "text": "Mizban probe: edited with a button.", "reply_markup": keyboard(callback_data="probe")},
        ),
        Trial("HTML", "sendMessage", {**to, "text": "<b>bold</b> by HTML", "parse_mode": "HTML"}, _look),
        Trial("Markdown", "sendMessage", {**to, "text": "*bold* by Markdown"}, _look),
        Trial(
            "copy button",
            "sendMessage",
            {**to, "text": "copy_text", "reply_markup": keyboard(copy_text={"text": "482173051"})},
            _look,
        ),
        Trial(
            "coloured button",
            "sendMessage",
            {**to, "text": "style", "reply_markup": keyboard(callback_data="probe", style="success")},
            _look,
        ),
        Trial(
            "ask for the place",
            "sendMessage",
            {
                **to,
                "text": "request_location",
                "reply_markup": {"keyboard": [[{"text": "probe", "request_location": True}]], "resize_keyboard": True},
            },
            _look,
        ),
        Trial("take a keyboard away", "sendMessage", {**to, "text": "…", "reply_markup": {"remove_keyboard": True}}),
        Trial("place on the map", "sendLocation", {**to, "latitude": 35.8327, "longitude": 50.9915}),
        Trial(
            "venue",
            "sendVenue",
            {**to, "latitude": 35.8327, "longitude": 50.9915, "title": "probe", "address": "probe"},
        ),
        Trial("protected content", "sendMessage", {**to, "text": "protect_content", "protect_content": True}, _look),
        Trial("list of commands", "setMyCommands", {"commands": [{"command": "menu", "description": "Main page"}]}),
        Trial("webhook state", "getWebhookInfo", {}, _webhook),
        Trial("delete a message", "deleteMessage", mine),
    ]


async def _try(wire: Wire, trial: Trial) -> Finding:
    try:
        result = await wire(trial.method, trial.params)
    except SendingFailed as failed:
        return Finding(trial.ability, "no", failed.reason)
    answer, remark = trial.check(result) if trial.check else ("yes", "")
    return Finding(trial.ability, answer, remark)


def _who(result: Any) -> tuple[str, str]:
    username = result.get("username") if isinstance(result, dict) else None
    return ("yes", f"@{username}") if username else ("no", "its answer names nobody")


def _edited(result: Any) -> tuple[str, str]:
    is_whole = isinstance(result, dict) and bool(result.get("message_id"))
    return "yes", "" if is_whole else "its answer is a stub"


def _webhook(result: Any) -> tuple[str, str]:
    is_set = isinstance(result, dict) and bool(result.get("url"))
    return "yes", "a webhook is set" if is_set else "no webhook is set"


def _look(result: Any) -> tuple[str, str]:
    return "look", LOOK


def _wire(settings: Settings, name: str) -> Wire:
    messenger = next(each for each in settings.messengers if each.name == name)
    account = settings.account(messenger)
    if not account.token:
        raise Trouble(f"MIZBAN_{name.upper()}_TOKEN is not set.")
    if messenger.wire is None:
        raise Trouble(f"There is nothing to probe on {messenger.label.id}: it does not speak the Bot API.")
    return messenger.wire(account)


def _id(chat: str) -> int | str:
    return int(chat) if chat.removeprefix("-").isdecimal() else chat

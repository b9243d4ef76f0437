"""Who the bot is and what it says about itself: getMe, commands, name and descriptions."""

import re
from typing import Any

from emulator.methods.registry import Request, method
from emulator.wire import Json, bad_request

_COMMAND = re.compile(r"^[a-z0-9_]{1,32}$")
_TEXTS = {
    "MyName": ("name", 64),
    "MyDescription": ("description", 512),
    "MyShortDescription": ("short_description", 120),
}


@method("getMe")
def get_me(request: Request) -> Json:
    """Return the bot; Bale leaves out what it does not have."""
    if request.bot.dialect.name == "bale":
        return request.bot.user
    extras = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False,
              "can_connect_to_business": False, "has_main_web_app": False}  # fmt: skip
    return {**request.bot.user, **extras}


@method("leaveChat")
def leave_chat(request: Request) -> bool:
    """Leave a group; both messengers refuse it for the chat of a person."""
    if not request.params.text("chat_id").startswith("-"):
        raise bad_request("chat member status can't be changed in private chats")
    return True


def _scope(request: Request) -> str:
    return f"{request.params.text('scope', '{}')}|{request.params.text('language_code')}"


@method("setMyCommands")
def set_my_commands(request: Request) -> bool:
    """Keep the command list of a scope and language."""
    try:
        commands = request.params.decoded("commands")
    except ValueError:
        raise bad_request("can't parse commands JSON object") from None
    if not isinstance(commands, list) or len(commands) > 100:
        raise bad_request("expected an Array of BotCommand")
    for command in commands:
        if not isinstance(command, dict) or not _COMMAND.match(str(command.get("command", "")).removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    request.bot.about.commands[_scope(request)] = commands
    return True


@method("getMyCommands")
def get_my_commands(request: Request) -> list[Json]:
    """Return the command list of a scope and language."""
    return request.bot.about.commands.get(_scope(request), [])


@method("deleteMyCommands")
def delete_my_commands(request: Request) -> bool:
    """Forget the command list of a scope and language."""
    request.bot.about.commands.pop(_scope(request), None)
    return True


@method("setChatMenuButton")
def set_chat_menu_button(request: Request) -> bool:
    """Keep the menu button of all chats or of one; the page always shows the commands."""
    try:
        button = request.params.decoded("menu_button") if request.params.text("menu_button") else {"type": "default"}
    except ValueError:
        raise bad_request("can't parse menu button JSON object") from None
    kind = button.get("type") if isinstance(button, dict) else None
    if kind not in ("commands", "default", "web_app"):
        raise bad_request("MenuButton has unsupported type")
    if kind == "web_app" and not (button.get("text") and isinstance(button.get("web_app"), dict)):
        raise bad_request("can't parse menu button: a web app needs a text and an address")
    request.bot.about.menu_buttons[request.params.text("chat_id")] = button
    return True


@method("getChatMenuButton")
def get_chat_menu_button(request: Request) -> Json:
    """Return the menu button of a chat, or that of all chats."""
    buttons = request.bot.about.menu_buttons
    return buttons.get(request.params.text("chat_id")) or buttons.get("") or {"type": "commands"}


def _register_texts() -> None:
    for suffix, (name, limit) in _TEXTS.items():

        def put(request: Request, *, key: str = name, most: int = limit) -> bool:
            value = request.params.text(key)
            if len(value) > most:
                raise bad_request(f"bot {key.replace('_', ' ')} is too long")
            request.bot.about.texts[f"{key}|{request.params.text('language_code')}"] = value
            return True

        def get(request: Request, *, key: str = name) -> dict[str, Any]:
            return {key: request.bot.about.texts.get(f"{key}|{request.params.text('language_code')}", "")}

        method(f"set{suffix}")(put)
        method(f"get{suffix}")(get)


_register_texts()

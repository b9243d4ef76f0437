"""Keyboards: what each messenger accepts as `reply_markup`, and the shape it keeps."""

from typing import Any

from emulator.dialects import Dialect
from emulator.wire import Json, Params, bad_request

_ACTIONS = (
    "callback_data", "url", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "callback_game", "pay", "copy_text",
)  # fmt: skip
_LOOKS = ("style", "icon_custom_emoji_id")
_STYLES = {"primary", "success", "danger"}
_MAX_INLINE = 100
_MAX_REPLY = 300


def read_markup(dialect: Dialect, params: Params) -> Json | None:
    """Return the validated `reply_markup`, None when there is none. Raises Rejected 400 in the server's words."""
    try:
        markup = params.decoded("reply_markup")
    except ValueError:
        raise bad_request("can't parse reply keyboard markup JSON object") from None
    if markup is None or markup == "":
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _inline(dialect, markup)
    if "keyboard" in markup:
        return _reply(markup)
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return dict(markup)
    return None


def _rows(rows: Any, name: str) -> list[list[Any]]:
    if not isinstance(rows, list):
        raise bad_request(f'field "{name}" of the reply markup must be of type Array')
    for row in rows:
        if not isinstance(row, list):
            raise bad_request(f'field "{name}" must be an Array of Arrays')
    return rows


def _inline(dialect: Dialect, markup: Json) -> Json:
    rows = _rows(markup["inline_keyboard"], "inline_keyboard")
    if sum(len(row) for row in rows) > _MAX_INLINE:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": [kept for row in rows if (kept := [_inline_button(dialect, b) for b in row])]}


def _inline_button(dialect: Dialect, button: Any) -> Json:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: KeyboardButton must be an Object")
    label = button.get("text")
    if not isinstance(label, str) or not label.strip():
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be a non-empty String')
    allowed = [name for name in _ACTIONS if name != "copy_text" or dialect.copy_text]
    chosen = [name for name in allowed if button.get(name) is not None]
    if not chosen:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(chosen) > 1:
        raise bad_request("can't parse inline keyboard button: exactly one of the optional fields must be used")
    _check_action(chosen[0], button[chosen[0]])
    return {"text": label, chosen[0]: button[chosen[0]], **_looks(dialect, button)}


def _looks(dialect: Dialect, button: Json) -> Json:
    looks = {name: button[name] for name in _LOOKS if button.get(name) is not None}
    if not dialect.button_styles:
        if looks and dialect.reject_unknown_button_fields:
            raise bad_request("unknown field in the keyboard button")
        return {}
    if looks.get("style", "primary") not in _STYLES:
        raise bad_request("invalid button style specified")
    return looks


def _check_action(name: str, value: Any) -> None:
    if name == "callback_data" and not (isinstance(value, str) and 1 <= len(value.encode()) <= 64):
        raise bad_request("BUTTON_DATA_INVALID")
    if name == "url" and not str(value).startswith(("http://", "https://", "tg://", "t.me/", "ble.ir/")):
        raise bad_request(f"inline keyboard button URL '{value}' is invalid: unsupported URL protocol")
    if name == "web_app" and not (isinstance(value, dict) and str(value.get("url", "")).startswith("https://")):
        raise bad_request("inline keyboard button Web App URL is invalid: only HTTPS links are allowed")
    if name == "copy_text" and not (isinstance(value, dict) and 1 <= len(str(value.get("text") or "")) <= 256):
        raise bad_request("can't parse inline keyboard button: copied text must be 1-256 characters long")


def _reply(markup: Json) -> Json:
    rows = _rows(markup["keyboard"], "keyboard")
    if sum(len(row) for row in rows) > _MAX_REPLY:
        raise bad_request("reply markup is too long")
    if not any(rows):
        raise bad_request("reply keyboard must have at least one button")
    if len(str(markup.get("input_field_placeholder") or "")) > 64:
        raise bad_request("input field placeholder is too long")
    return {**markup, "keyboard": [[_reply_button(button) for button in row] for row in rows if row]}


def _reply_button(button: Any) -> Json:
    shaped = {"text": button} if isinstance(button, str) else button
    if not isinstance(shaped, dict) or not isinstance(shaped.get("text"), str) or not shaped["text"].strip():
        raise bad_request('can\'t parse keyboard button: Field "text" must be a non-empty String')
    return dict(shaped)

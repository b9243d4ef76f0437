"""The parts of aiogram that we use, loaded so that each of its types is built when it is first used."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from pydantic import BaseModel


def _load() -> None:
    """Import aiogram without building its types (docs/decisions/0039).

    aiogram builds all its three hundred types while it is imported, each together with those it refers to. That took
    half of the time from start to ready, and of all of them a bot uses one, `Update`, with what is in it.
    """
    if "aiogram.types" in sys.modules:  # loaded whole by somebody else
        return
    at_once = BaseModel.__dict__["model_rebuild"]
    names: dict[str, Any] = {}

    def put_off(cls: Any, /, **how: Any) -> bool | None:
        if not cls.__module__.startswith("aiogram."):
            found: bool | None = at_once.__get__(None, cls)(**how)
            return found
        names.update(how.get("_types_namespace") or {})
        return None

    # By setattr, since to the type checker a method cannot be assigned.
    setattr(BaseModel, "model_rebuild", classmethod(put_off))  # noqa: B010
    try:
        import_module("aiogram.types")
    finally:
        setattr(BaseModel, "model_rebuild", at_once)  # noqa: B010

    def when_used(cls: Any, /, **how: Any) -> bool | None:
        # pydantic calls this when a type is first used. The names of other types are known to aiogram.types only.
        found: bool | None = at_once.__get__(None, cls)(**{"_types_namespace": names, **how})
        return found

    for module, base in (("aiogram.types.base", "TelegramObject"), ("aiogram.methods.base", "TelegramMethod")):
        setattr(getattr(import_module(module), base), "model_rebuild", classmethod(when_used))  # noqa: B010


_load()

# Below the call, since any import of aiogram builds its types.
from aiogram import Bot  # noqa: E402
from aiogram.client.session.aiohttp import AiohttpSession  # noqa: E402
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer  # noqa: E402
from aiogram.types import Update  # noqa: E402

# While the bot starts, not with the first person's first word.
Update.model_rebuild()

__all__ = [
    "PRODUCTION",
    "AiohttpSession",
    "Bot",
    "TelegramAPIServer",
    "Update",
]

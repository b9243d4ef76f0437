"""aiogram's types are built when they are used, and read an update as they do when aiogram builds all at once."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.channels.test_reading import SAMPLES

PUT_OFF = "from bot.channels.aiogram_parts import Update"
AT_ONCE = "from aiogram.types import Update"
READ = """
import json, sys
for raw in json.load(sys.stdin):
    print(Update.model_validate(raw).model_dump_json(exclude_unset=True))
"""


def run(code: str, told: str = "") -> str:
    """What a fresh interpreter prints, in which nobody has imported aiogram before."""
    done = subprocess.run([sys.executable, "-c", code], input=told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_update_is_read_as_by_aiogram_loaded_whole() -> None:
    told = json.dumps(list(SAMPLES.values()))
    read = run(PUT_OFF + READ, told)
    assert len(read.splitlines()) == len(SAMPLES)
    assert read == run(AT_ONCE + READ, told)


def test_only_what_an_update_needs_is_built_at_the_start() -> None:
    built = run(
        PUT_OFF
        + """
from aiogram.types import InlineQueryResultArticle, InputMediaPhoto
for kind in (Update, InputMediaPhoto, InlineQueryResultArticle):
    print(kind.__pydantic_complete__)
"""
    )
    assert built.split() == ["True", "False", "False"]


def test_every_other_type_is_built_when_it_is_used() -> None:
    assert run(
        PUT_OFF
        + """
from pydantic import BaseModel
import aiogram.methods, aiogram.types
from aiogram.types import InputMediaPhoto
photo = InputMediaPhoto(media="x", caption="y")
for room in (aiogram.types, aiogram.methods):
    for name in room.__all__:
        kind = getattr(room, name)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            kind.model_rebuild()
            assert kind.__pydantic_complete__, name
print(photo.caption)
"""
    ).split() == ["y"]


RESTORED = """
from importlib import import_module
from pydantic import BaseModel
before = BaseModel.__dict__["model_rebuild"]
if {fails}:
    import importlib
    def import_module(name):
        raise ImportError(name)
    importlib.import_module = import_module
try:
    import bot.channels.aiogram_parts
except ImportError as error:
    assert {fails}, error
print(BaseModel.__dict__["model_rebuild"] is before)
"""


@pytest.mark.parametrize("fails", [False, True], ids=["loaded", "not found"])
def test_the_types_of_others_are_built_by_pydantic_itself_again(fails: bool) -> None:
    assert run(RESTORED.format(fails=fails)).split() == ["True"]


def test_a_type_first_used_by_many_threads_at_once_is_whole_for_each() -> None:
    """pydantic says that building a type late is not safe between threads; what a bot uses has to be."""
    assert run(
        PUT_OFF
        + """
import sys, threading
from aiogram.types import InlineKeyboardMarkup, InputMediaPhoto, ReplyKeyboardMarkup
sys.setswitchinterval(1e-6)
failed = []
def use(kind, told, gate):
    gate.wait()
    try:
        kind(**told)
    except Exception as error:
        failed.append((kind.__name__, error))
for kind, told in (
    (InputMediaPhoto, {"media": "x"}),
    (InlineKeyboardMarkup, {"inline_keyboard": [[{"text": "x", "callback_data": "1"}]]}),
    (ReplyKeyboardMarkup, {"keyboard": [[{"text": "x"}]]}),
):
    assert not kind.__pydantic_complete__
    gate = threading.Barrier(12)
    threads = [threading.Thread(target=use, args=(kind, told, gate)) for _ in range(12)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
print(failed)
"""
    ).split() == ["[]"]

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


def test_what_a_bot_reads_is_whole_for_many_threads_at_once() -> None:
    """pydantic builds a type late in one thread only; `Update` is built before anybody reads with it."""
    assert run(
        PUT_OFF
        + """
import json, sys, threading
raw = json.load(sys.stdin)
sys.setswitchinterval(1e-6)
gate, read, failed = threading.Barrier(12), [], []
def use():
    gate.wait()
    try:
        read.extend(Update.model_validate(each).model_dump_json() for each in raw)
    except Exception as error:
        failed.append(error)
threads = [threading.Thread(target=use) for _ in range(12)]
for each in threads:
    each.start()
for each in threads:
    each.join()
print(failed, len(read) == 12 * len(raw), len(set(read)) == len(raw))
""",
        json.dumps(list(SAMPLES.values())),
    ).split() == ["[]", "True", "True"]

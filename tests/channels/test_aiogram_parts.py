"""aiogram's types are built when they are used, and read an update as they do when aiogram builds all at once."""

from __future__ import annotations

import json
import subprocess
import sys

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

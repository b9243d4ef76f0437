"""The actions on standing requests and offers, re-exported."""

from __future__ import annotations

from desk.waiting.answering import accept, decline, note_seen_over
from desk.waiting.asking import ask
from desk.waiting.changing import change, end, go_on, pause, resume
from desk.waiting.classes import give_class, save_class

__all__ = [
    "accept",
    "ask",
    "change",
    "decline",
    "end",
    "give_class",
    "go_on",
    "note_seen_over",
    "pause",
    "resume",
    "save_class",
]

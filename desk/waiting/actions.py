"""The actions on standing requests and offers, re-exported."""

from __future__ import annotations

from desk.waiting.answering import accept, decline
from desk.waiting.asking import ask
from desk.waiting.changing import change, end, give_class, go_on, pause, resume

__all__ = ["accept", "ask", "change", "decline", "end", "give_class", "go_on", "pause", "resume"]

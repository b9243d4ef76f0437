"""Writes fixed sentences and icons into the templates when they are read, so that no page says them anew."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from jinja2 import Environment
from jinja2.ext import Extension

_LITERAL = r"""(?:"([^"\\{}]+)"|'([^'\\{}]+)')"""
SENTENCE = re.compile(rf"(?<![\w.])t\(\s*{_LITERAL}\s*,\s*{_LITERAL}\s*\)")
ICON = re.compile(rf"(?<![\w.])icon\(\s*{_LITERAL}\s*\)")


class FoldedWords(Extension):
    """Replaces calls with literal arguments by what they return; each language has an environment of its own."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return ICON.sub(self._as_constant("icon"), SENTENCE.sub(self._as_constant("t"), source))

    def _as_constant(self, function: str) -> Callable[[re.Match[str]], str]:
        environment: Environment = self.environment

        def constant(call: re.Match[str]) -> str:
            literals = [group for group in call.groups() if group is not None]
            return f"({json.dumps(str(environment.globals[function](*literals)))}|safe)"  # type: ignore[operator]  # our own functions

        return constant

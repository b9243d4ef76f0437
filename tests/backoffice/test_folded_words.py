"""Sentences that are put into the templates when these are read stay as they are written."""

from __future__ import annotations

import pytest
from jinja2 import DictLoader, Environment

from backoffice.layout.folded import FoldedWords

SAID = ("«📱 گوشی دیگر»", "⚙️ تنظیمات", "روز‌ها، \u2066۸:۳۰\u2069", 'a "quoted" one, a \\ and\na new line')


@pytest.mark.parametrize("said", SAID)
def test_a_folded_sentence_is_written_as_it_is_said(said: str) -> None:
    environment = Environment(
        loader=DictLoader({"page": "{{ t('today', 'Another phone') }}"}), extensions=[FoldedWords], autoescape=True
    )
    environment.globals["t"] = lambda context, message: said
    assert environment.get_template("page").render().encode() == said.encode()

"""The abilities of the messengers; imported without a messenger's library, which is slow to load."""

from __future__ import annotations

from typing import Final

from bot.channels.port import Capabilities

TELEGRAM: Final = Capabilities(
    markup="html",
    styles=True,
    copy_buttons=True,
    venues=True,
    protects_content=True,
    secret_header=True,
    descriptions=True,
    answers_in_response=True,
)
BALE: Final = Capabilities(markup="markdown")
"""Conservative: what was not proved on the live server is off until a setting or `mizban probe` says otherwise."""

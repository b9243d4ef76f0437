"""Adds the answer to a new question to chats that were written before the question, so that each goes on as its author
meant.

pytest tests/transcripts --accept --answering with_whom=c0

puts a line that presses the option `c0` wherever a chat comes to the step «with_whom» on its way forward and goes on
with something else. Where a chat goes back through the question, nothing is pressed: that is for its author to write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.dialogue.phrases import BACK
from desk.conversations.queries import find
from desk.language.text import Locale
from desk.reading.folding import strip_bidi
from desk.storage.base import ReadSession
from tests.transcripts.bare import BareStage


def read_answers(given: Iterable[str]) -> dict[str, str]:
    """The key of an option by the name of its step, out of `step=key`. Raises ValueError for anything else."""
    answers: dict[str, str] = {}
    for each in given:
        step, sign, key = each.partition("=")
        if not (step and sign and key):
            raise ValueError(f"--answering wants the name of a step and the key of one of its options: {each!r}")
        answers[step] = key
    return answers


@dataclass(frozen=True, slots=True)
class Answering:
    """Says which button to press after a line of a chat, before the next one."""

    stage: BareStage
    answers: Mapping[str, str]

    async def __call__(self, act: str, coming: str | None) -> str | None:
        """`act` was just done, `coming` is what the person does next, as they stand in the transcript."""
        key = self.answers.get(await self.stage.bot.storage.read(self._step))
        screens = [message for message in self.stage.messages.values() if message.is_screen]
        if key is None or not screens or _label(act) in self._back:
            return None
        options = {label: data.rpartition(".")[2] for label, data in screens[-1].buttons.items()}
        is_answered = coming is not None and not options.get(_label(coming), "~").startswith("~")
        return None if is_answered else next((f"[{label}]" for label, of in options.items() if of == key), None)

    @property
    def _back(self) -> set[str]:
        return {strip_bidi(self.stage.bot.language.plain(BACK, locale)) for locale in Locale}

    def _step(self, session: ReadSession) -> str:
        at = self.stage.address
        found = find(session, channel=at.channel, bot=at.bot, chat=at.chat)
        return str((found.state if found else {}).get("step", ""))


def _label(act: str) -> str:
    return act.strip("[]").removeprefix("old: ")

"""Refusals: the expected "no" of an action, as a type with data and never as a sentence for people."""

import re
from dataclasses import dataclass
from inspect import cleandoc
from typing import Any, Self

_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class Refusal(Exception):
    """The desk refuses what was asked.

    Subclasses are frozen dataclasses whose fields give the details. The first line of a subclass's docstring is the
    explanation that operators read in logs. The words for applicants and staff are in `bot` and `backoffice`.
    """

    def __new__(cls, *args: object, **kwargs: object) -> Self:
        # A frozen dataclass refuses every assignment, also of the traceback that contextlib sets on an exception. The
        # type checker still sees a frozen class.
        for guard in ("__setattr__", "__delattr__"):
            if guard in cls.__dict__:
                delattr(cls, guard)
        return super().__new__(cls)

    @property
    def code(self) -> str:
        """The name of this kind of refusal for logs and metrics: ``SlotIsFull`` is ``slot_is_full``."""
        return _CAPITAL.sub("_", type(self).__name__).lower()

    @property
    def explanation(self) -> str:
        """One English line for operators: the first line of the class's docstring."""
        # A dataclass without a docstring gets its signature as one; then the name explains more.
        doc = cleandoc(type(self).__doc__ or "")
        if not doc or doc.startswith(f"{type(self).__name__}("):
            return self.code.replace("_", " ")
        return doc.splitlines()[0]

    def data(self) -> dict[str, Any]:
        """The fields of the refusal by name."""
        return {name: getattr(self, name) for name in getattr(type(self), "__dataclass_fields__", ())}

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in self.data().items())
        return f"{self.explanation} ({told})" if told else self.explanation


@dataclass(frozen=True)
class TooLong(Refusal):
    """A text is longer than what can be stored; it is never cut."""

    letters: int
    most: int


def whole(text: str, *, most: int) -> str:
    """The text unchanged; raises TooLong where it has more than `most` letters."""
    if len(text) > most:
        raise TooLong(letters=len(text), most=most)
    return text

"""Fields for choosing: one of a list, several, yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backoffice.forms.fields import BaseField, Reason
from desk.language.text import Param, Text, series, words

_ = words("forms")

Option = tuple[str, Param]
"""The key that is sent, and what people read."""


class Pick(BaseField):
    """One of several options; the value is the option's key."""

    kind = "pick"

    def __init__(self, title: Text, *, options: Sequence[Option] = (), empty: Text | None = None, **rest: Any) -> None:
        super().__init__(title, **rest)
        self.options = options
        self.empty = empty

    def said(self, data: Any) -> Param | None:
        """The label of the option; of one that is not offered any more, its key."""
        return dict(self.options).get(str(data), str(data)) if data else self.empty

    def read(self, typed: str) -> str:
        """The key, if it is offered."""
        if typed not in {key for key, _label in self.options}:
            raise Reason(_("Please choose one of the list."))
        return typed


class Several(BaseField):
    """Any number of options; the value is a list of keys."""

    kind = "several"

    def __init__(self, title: Text, *, options: Sequence[Option] = (), **rest: Any) -> None:
        super().__init__(title, **rest)
        self.options = options

    @property
    def chosen(self) -> frozenset[str]:
        """The keys that are ticked."""
        return frozenset(self.data or ())

    @property
    def stands_for(self) -> str:
        """The ticked keys, sorted."""
        return ",".join(sorted(self.chosen))

    def said(self, data: Any) -> Param | None:
        """The labels of the ticked options."""
        ticked = frozenset(data or ())
        return series(*(label for key, label in self.options if key in ticked)) if ticked else None

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Keep the keys that are offered."""
        keys = {key for key, _label in self.options}
        self.data = [str(value) for value in valuelist if str(value) in keys]
        if self.required and not self.data:
            raise Reason(_("Please choose at least one."))


class Tick(BaseField):
    """Yes or no."""

    kind = "tick"

    def __init__(self, title: Text, **rest: Any) -> None:
        super().__init__(title, required=False, **rest)

    @property
    def stands_for(self) -> str:
        """One character for yes."""
        return "1" if self.data else ""

    def said(self, data: Any) -> Param | None:
        """Yes or no."""
        return _("Yes") if data else _("No")

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """A box that is not ticked sends nothing."""
        self.data = bool(valuelist)

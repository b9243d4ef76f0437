"""The kinds of fields our forms are made of; digits of any script are read, reasons are texts and not sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import Field, Form

from desk.language.text import Localised, Param, Reference, Text, words
from desk.reading.folding import clean

_ = words("forms")


class Reason(ValueError):
    """Why a field needs another look; WTForms collects the argument of any ValueError."""

    def __init__(self, text: Text) -> None:
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What somebody else has put into a field since the form was opened; None = they emptied it."""

    now: Param | None


class BaseField(Field):
    """A field with a title, a hint and a place in the form; empty input is None.

    `kind` names the template's way of drawing it.
    """

    kind = "line"

    def __init__(
        self,
        title: Text,
        *,
        required: bool = True,
        depends: bool = False,
        hint: Text | None = None,
        longest: int = 200,
        is_ltr: bool = False,
        autocomplete: str = "off",
        **bound: Any,
    ) -> None:
        super().__init__("", **bound)
        self.title = title
        self.hint = hint
        self.required = required
        self.depends = depends
        """Another choice of the form decides whether it is needed, so it is not called optional."""
        self.longest = longest
        self.is_ltr = is_ltr
        self.autocomplete = autocomplete
        self.has_focus = False
        """The page opens with the keyboard in it: the first field that needs another look."""

        self.meanwhile: Meanwhile | None = None

    @property
    def reasons(self) -> Sequence[Text]:
        """Why the field needs another look."""
        collected: Sequence[Any] = self.errors  # WTForms keeps what was raised; only texts are raised here
        return collected

    @property
    def typed(self) -> str:
        """What to show in the field: what was typed, else the value it began with."""
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.write(self.data)

    @property
    def stands_for(self) -> str:
        """The value as one text, to tell whether it is still the same."""
        return "" if self.data is None else self.write(self.data)

    def said(self, data: Any) -> Param | None:
        """A value of this field in words; None where there is none."""
        if data is None or data == "":
            return None
        # Between Persian words the sign before a number would stand behind it.
        return Reference(self.write(data)) if self.is_ltr else self.write(data)

    def write(self, data: Any) -> str:
        """The value as it is typed."""
        return str(data)

    def read(self, typed: str) -> Any:
        """The value of what was typed; raises Reason."""
        return typed

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read what the browser sent."""
        self.data = None
        typed = clean(str(valuelist[0])).strip() if valuelist else ""
        if not typed:
            if self.required:
                raise Reason(_("Please fill this in."))
            return
        if len(typed) > self.longest:
            raise Reason(_("That is too long: {n} letters at most.", n=self.longest))
        self.data = self.read(typed)

    def add_error(self, text: Text) -> None:
        """Put a reason at the field that only the desk could know."""
        self.errors = [*self.errors, text]  # type: ignore[list-item]  # reasons are texts, never sentences


class TextLine(BaseField):
    """One line of text."""


class Paragraph(BaseField):
    """Several lines of text."""

    kind = "paragraph"

    def __init__(self, title: Text, *, longest: int = 4000, rows: int = 4, **rest: Any) -> None:
        super().__init__(title, longest=longest, **rest)
        self.rows = rows


class Secret(BaseField):
    """A password: taken exactly as typed and never shown again."""

    kind = "secret"

    @property
    def typed(self) -> str:
        """Nothing: a password does not travel back."""
        return ""

    @property
    def stands_for(self) -> str:
        """Nothing: a password leaves no trace in a page."""
        return ""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Take the password as it is."""
        self.data = str(valuelist[0]) if valuelist else ""
        if not self.data:
            raise Reason(_("Please fill this in."))
        if len(self.data) > self.longest:
            raise Reason(_("That is too long: {n} letters at most.", n=self.longest))


def field_named(form: Form, name: str) -> BaseField:
    """The field of this name; all of ours are entries."""
    field = form[name]
    if not isinstance(field, BaseField):
        raise TypeError(f"{name} is not one of our fields")
    return field


class TwoLanguages:
    """The names of a pair of fields for one staff-written text: `title_fa` and `title_fa_AF`."""

    @staticmethod
    def read(form: Form, name: str) -> Localised:
        """The text of both fields."""
        return Localised({"fa": form[f"{name}_fa"].data or "", "fa_AF": form[f"{name}_fa_AF"].data or ""})

    @staticmethod
    def values(name: str, text: Localised | None) -> dict[str, str | None]:
        """The values both fields begin with; Dari is empty where it does not differ."""
        mapping = text.to_mapping() if text else {}
        return {f"{name}_fa": mapping.get("fa"), f"{name}_fa_AF": mapping.get("fa_AF")}

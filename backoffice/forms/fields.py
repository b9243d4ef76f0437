"""The base fields of our forms: they read digits of any script, and their errors are texts without a language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import Field, Form

from desk.language.text import Localised, Param, Reference, Text, words
from desk.reading.folding import clean

_ = words("forms")


class Reason(ValueError):
    """The error of a field; WTForms stores the argument of any ValueError."""

    def __init__(self, text: Text) -> None:
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """The value that somebody else saved in a field since the form was opened; None = they emptied it."""

    now: Param | None


class BaseField(Field):
    """A field with a title, a hint and a place in the form; empty input is None.

    `kind` selects the template's way of drawing it.
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
        """True = another choice in the form decides whether it is required, so it is not marked as optional."""
        self.longest = longest
        self.is_ltr = is_ltr
        self.autocomplete = autocomplete
        self.has_focus = False
        """True = the page opens with the focus here: the first field with an error."""

        self.meanwhile: Meanwhile | None = None
        self.is_fixed = False
        """True = the value is shown, and there is nothing to write in."""

    @property
    def reasons(self) -> Sequence[Text]:
        """The errors of the field."""
        collected: Sequence[Any] = self.errors  # WTForms stores what was raised; only texts are raised here
        return collected

    @property
    def typed(self) -> str:
        """The content of the field: what was typed, else its initial value."""
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.write(self.data)

    @property
    def stands_for(self) -> str:
        """The value as one text, to compare versions."""
        return "" if self.data is None else self.write(self.data)

    def said(self, data: Any) -> Param | None:
        """A value of this field as a text; None where there is none."""
        if data is None or data == "":
            return None
        # Between Persian words the sign would appear on the wrong side of a number.
        return Reference(self.write(data)) if self.is_ltr else self.write(data)

    def write(self, data: Any) -> str:
        """The value as people would type it."""
        return str(data)

    def read(self, typed: str) -> Any:
        """Convert what was typed; raises Reason."""
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

    def fix(self, value: Any, *, why: Text) -> None:
        """Show `value` instead of a field to write in, with the reason as its hint; a form need not send it."""
        self.is_fixed, self.hint = True, why
        if not self.raw_data:
            self.data, self.process_errors = value, []

    @property
    def shown(self) -> Param | None:
        """The present value as a text; None where there is none."""
        return self.said(self.data)

    def add_error(self, text: Text) -> None:
        """Add an error that only the desk could find."""
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
    """A password: taken exactly as typed, and never shown again."""

    kind = "secret"

    @property
    def typed(self) -> str:
        """Nothing: a password is not sent back."""
        return ""

    @property
    def stands_for(self) -> str:
        """Nothing: a password is not part of a version."""
        return ""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Take the password as it is."""
        self.data = str(valuelist[0]) if valuelist else ""
        if not self.data:
            raise Reason(_("Please fill this in."))
        if len(self.data) > self.longest:
            raise Reason(_("That is too long: {n} letters at most.", n=self.longest))


def field_named(form: Form, name: str) -> BaseField:
    """The field of this name; all of our fields are BaseFields."""
    field = form[name]
    if not isinstance(field, BaseField):
        raise TypeError(f"{name} is not one of our fields")
    return field


class TwoLanguages:
    """A pair of fields for one text of staff in two languages, such as `title_fa` and `title_fa_AF`."""

    @staticmethod
    def read(form: Form, name: str) -> Localised:
        """The text of both fields."""
        return Localised({"fa": form[f"{name}_fa"].data or "", "fa_AF": form[f"{name}_fa_AF"].data or ""})

    @staticmethod
    def values(name: str, text: Localised | None) -> dict[str, str | None]:
        """The initial values of both fields; Dari is empty where it does not differ."""
        mapping = text.to_mapping() if text else {}
        return {f"{name}_fa": mapping.get("fa"), f"{name}_fa_AF": mapping.get("fa_AF")}

"""Versions of forms, so that of two people who edit one thing the second does not undo the first.

A page builds its form from the present values, and the form writes a short hash of each value into the page. When it is
sent, the same form is built from the values of that moment, inside the transaction that saves. Where a hash differs,
somebody else saved something meanwhile: nothing is written, and the page shows these fields with both values. Sent
again, the form carries the new hashes, so it saves knowingly.

A button that deletes or confirms something carries the version of what the page showed, in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, ClassVar, NoReturn, Self

from wtforms import Form

from backoffice.forms.fields import BaseField, Meanwhile
from desk.language.text import Param, Text, words
from desk.storage.base import WriteSession
from desk.storage.locks import hold

_ = words("forms")

FIELD = "_version"
SIGN = 8
"""The letters of each hash; a version is no secret, so only chance collisions count."""
NOTHING = "0" * SIGN
"""The version of a form about something that does not exist yet."""
MEANWHILE = _("Somebody changed this meanwhile. Look at what stands there now, then press again.")
"""The error of a button whose version is outdated."""


class ChangedMeanwhile(Exception):
    """The values have changed since the form was opened; the form lists them in `changes`."""


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A field that somebody else has changed since the form was opened."""

    title: Text
    yours: Param | None
    now: Param | None


class EditForm(Form):
    """A form over something that exists; `declare` adds values that are not its own fields."""

    proposed: ClassVar[frozenset[str]] = frozenset()
    """Fields whose initial value is a proposal of the day, not a present value."""

    def __init__(self, *given: Any, **rest: Any) -> None:
        self.changes: tuple[ChangedField, ...] = ()
        self._declared: dict[str, _Value] = {}
        self._opened: str | None = None
        super().__init__(*given, **rest)

    def process(self, formdata: Any = None, *given: Any, **rest: Any) -> None:
        """Fill the form; a sent one keeps the version it was opened with."""
        super().process(formdata, *given, **rest)
        if formdata:
            self._opened = str(formdata.get(FIELD) or "") or None

    def declare(self, name: str, title: Text, *, value: str, shown: Param | None) -> Self:
        """Treat `value` as a field: compared as it is, shown as `shown`."""
        self._declared[name] = _Value(name, title, value, shown=shown)
        return self

    @property
    def version(self) -> str:
        """The version for the page: that of the opened form, else of the present values."""
        return self._opened if self._opened is not None else "".join(value.sign for value in self._values())

    @property
    def seal(self) -> str:
        """One hash of all present values, proposed ones too."""
        values = "\n".join(f"{field.short_name}={field.stands_for}" for field in self._entries())
        return sha256(values.encode()).hexdigest()[:SIGN]

    def beside(self, *shown: EditForm) -> Self:
        """Begin an empty form whose fields say which thing it is about; `shown` are those that the page lists."""
        self._opened = "".join((NOTHING, *(each.seal for each in shown)))
        return self

    def require_listed(self, session: WriteSession, *, subject: str, present: Callable[[], EditForm | None]) -> None:
        """As `require_unchanged`, for a form begun by `beside`: what stands there now must be what the page listed.

        `present` is the form of the thing that the input names, None where there is none yet.

        Raises:
            ChangedMeanwhile: somebody saved it meanwhile; the form is ready to be shown again.
        """
        if self._opened is None:
            return
        hold(session, subject=subject)
        now = present()
        if now is None or now.seal in self._signs():
            return
        self._opened += now.seal
        self._refuse(now._values())

    def require_unchanged(self, session: WriteSession, *, subject: str, present: Callable[[], EditForm]) -> None:
        """Compare the opened version with the present values; call it first in the transaction that saves.

        `subject`, such as `office:7`, is held until the transaction ends; `present` is read after that and makes the
        form of the present values. A form that carries no version, as an old page sends it, saves without being asked.

        Raises:
            ChangedMeanwhile: somebody saved something else; the form is ready to be shown again.
        """
        if self._opened is not None:
            hold(session, subject=subject)
            self.compare(present())

    def compare(self, now: EditForm) -> None:
        """Compare the opened version with the present values, for a caller that has locked the subject.

        Raises:
            ChangedMeanwhile: as above.
        """
        if self._opened is None or self._opened == now.version:
            return
        before = self._signs()
        self._opened = now.version
        self._refuse(value for value in now._values() if value.sign not in before)

    def _signs(self) -> frozenset[str]:
        opened = self._opened or ""
        return frozenset(opened[at : at + SIGN] for at in range(0, len(opened), SIGN))

    def _refuse(self, changed: Iterator[_Value]) -> NoReturn:
        """Report the changes above the form and at each field, and raise."""
        mine = {value.name: value for value in self._values()}
        told = [(mine[value.name], value) for value in changed if value.name in mine]
        # Where both wrote the same, there is nothing to choose.
        told = [(yours, value) for yours, value in told if yours.entry is None or yours.value != value.value] or told
        self.changes = tuple(self._change(yours, value) for yours, value in told)
        for (yours, _value), change in zip(told, self.changes, strict=True):
            if yours.entry is not None:
                yours.entry.meanwhile = Meanwhile(change.now)
        raise ChangedMeanwhile

    def _change(self, mine: _Value, now: _Value) -> ChangedField:
        if mine.entry is None or now.entry is None:
            return ChangedField(mine.title, mine.shown, now.shown)
        # The sent form knows the options of its fields.
        return ChangedField(mine.title, mine.entry.said(mine.entry.data), mine.entry.said(now.entry.data))

    def _values(self) -> Iterator[_Value]:
        for field in self._entries():
            if field.short_name not in self.proposed:
                yield _Value(field.short_name, field.title, field.stands_for, entry=field)
        yield from self._declared.values()

    def _entries(self) -> Iterator[BaseField]:
        return (field for field in self if isinstance(field, BaseField))


@dataclass(frozen=True, slots=True)
class _Value:
    """One value of a form."""

    name: str
    title: Text
    value: str
    entry: BaseField | None = None
    shown: Param | None = None

    @property
    def sign(self) -> str:
        return sha256(f"{self.name}\n{self.value}".encode()).hexdigest()[:SIGN]

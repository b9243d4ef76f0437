"""The one door from a conversation to the desk: everything a flow may look up or ask to be done, on one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.dialogue.heard import Voice
    from desk.appointments.actions import Booked, Moved
    from desk.appointments.rows import LastTurn, TurnRow
    from desk.capacity.opening_hours import OpenDay
    from desk.capacity.rows import Elsewhere, FreeDay, FreeSlot
    from desk.cases.actions import Filed
    from desk.cases.rows import CaseRow, CaseThread
    from desk.cases.rules import Contact
    from desk.catalogue.rows import FeeRow, ServiceCard, ServiceRow
    from desk.codes import TrackingCode
    from desk.erasure import Held
    from desk.language.text import Locale
    from desk.offices.rows import OfficeRow, ProvinceRow
    from desk.people.rows import KnownPersonRow
    from desk.people.rules import DocumentKind, IdentityDigest
    from desk.values import GeoPoint, LocalDay, Money


class MeDoor(Protocol):
    """The person's own conversation with us."""

    @property
    def conversation_id(self) -> int: ...
    @property
    def locale(self) -> Locale | None: ...
    @property
    def consented(self) -> bool: ...
    def choose_language(self, locale: Locale) -> None: ...
    def consent(self) -> None: ...
    def held(self) -> Held: ...
    def erase(self) -> bool:
        """Leave nothing of this person but counts; the conversation itself is gone afterwards.

        True = the bounds it has met stay for a day, without a name (docs/decisions/0031).
        """


class CatalogueDoor(Protocol):
    def services(self, *, bookable_only: bool = False) -> Sequence[ServiceRow]: ...
    def search(self, words: str) -> Sequence[ServiceRow]: ...
    def card(
        self, service_id: int, *, province_code: str | None = None, on: LocalDay | None = None
    ) -> ServiceCard | None:
        """What is announced about a service, with the fee of the day `on`; None = of today."""

    def card_by_code(self, code: str) -> ServiceCard | None: ...
    def fee_on(self, service_id: int, *, day: LocalDay, province_code: str | None = None) -> FeeRow | None:
        """The confirmed fee of that day; None = none was announced."""


class OfficesDoor(Protocol):
    def provinces(self, *, service_id: int | None = None) -> Sequence[ProvinceRow]:
        """Provinces that have an office (for the service)."""

    def office(self, office_id: int) -> OfficeRow | None: ...
    def by_code(self, code: str) -> OfficeRow | None: ...
    def search(self, words: str, *, service_id: int | None = None, limit: int) -> Sequence[OfficeRow]: ...
    def nearest(self, point: GeoPoint, *, service_id: int | None = None) -> Sequence[tuple[OfficeRow, float]]: ...
    def in_province(self, code: str, *, service_id: int | None = None) -> Sequence[OfficeRow]: ...
    def open_days(self, office_id: int, *, service_id: int | None, first: LocalDay, days: int = 7) -> Sequence[OpenDay]:
        """So many days with their hours, of any queue or of those that serve the service; empty = nothing is known."""


class PlacesDoor(Protocol):
    """Free places, from now on."""

    def first_free(self, *, service_id: int, office_ids: Sequence[int], limit: int = 3) -> Sequence[FreeSlot]: ...
    def days(
        self, *, service_id: int, office_id: int, from_day: date | None = None, limit: int = 6
    ) -> Sequence[FreeDay]: ...
    def times(self, *, service_id: int, office_id: int, day: date) -> Sequence[FreeSlot]: ...
    def elsewhere(
        self, *, service_id: int, except_office: int, near: GeoPoint | None = None, limit: int = 3
    ) -> Sequence[Elsewhere]: ...
    def slot(self, slot_id: int, *, service_id: int) -> FreeSlot | None:
        """A slot by id if it could be booked for this service (also when it is held by this conversation)."""

    def hold(self, slot_id: int, *, service_id: int) -> None:
        """Keep the place while the person answers.

        Raises `SlotTaken`, `SlotPassed`, `TooFarAhead`, `NotBookable`, `ServiceNotOffered`, `KeptLongEnough`.
        """

    def release(self) -> None: ...


class PeopleDoor(Protocol):
    def known(self) -> Sequence[KnownPersonRow]: ...
    def digest(self, number: str, kind: DocumentKind) -> IdentityDigest: ...
    def digest_without_paper(self, name: str) -> IdentityDigest: ...
    def remember(
        self, *, name: str, nickname: str | None, kind: DocumentKind, identity: IdentityDigest
    ) -> KnownPersonRow: ...
    def rename(self, known_id: int, nickname: str) -> None: ...
    def forget(self, known_id: int) -> None: ...


class TurnsDoor(Protocol):
    def mine(self, *, live_only: bool = True) -> Sequence[TurnRow]: ...
    def turn(self, appointment_id: int) -> TurnRow | None:
        """A turn of this conversation; None for anybody else's."""

    def last(self) -> LastTurn | None: ...
    def book(
        self, *, key: str, slot_id: int, service_id: int, person: KnownPersonRow | Callable[[], KnownPersonRow]
    ) -> Booked:
        """For somebody this chat knows, or somebody whom `person` makes known to it: a refusal undoes that as well.

        Raises `SlotTaken`, `AlreadyHasTurn`, `SlotPassed`, `NotBookable`, `ServiceNotOffered`.
        """

    def cancel(self, appointment_id: int) -> None:
        """Raises `NotYours`, `NotCancellable`."""

    def move(self, *, key: str, appointment_id: int, slot_id: int) -> Moved: ...

    def agree(self, appointment_id: int) -> None:
        """The person says that what the office changed is all right. Raises `NotYours`."""

    def reason_of_change(self, change_id: int) -> str:
        """Why the office changed something, in its words to the people."""


class CasesDoor(Protocol):
    def mine(self) -> Sequence[CaseRow]: ...
    def look_up(self, code: TrackingCode) -> CaseRow | None:
        """The case of a code that somebody wrote. The chat's own are always found.

        None is also said of every other code while codes rest for this chat; one that is nobody's is counted here.
        """

    def rests_until(self) -> datetime | None:
        """Until when no code but those of the chat's own cases is looked up: too many were nobody's. None = not now."""

    def by_code(self, code: TrackingCode) -> CaseRow | None:
        """The case of a code that this chat was given or has found by `look_up`; never of one that was just written."""

    def case(self, case_id: int) -> CaseRow | None:
        """A case of this conversation; None for anybody else's."""

    def thread(self, case_id: int) -> CaseThread | None:
        """What was said, as the person may read it: no notes and no names of staff."""

    def complain(
        self,
        *,
        key: str,
        category: str,
        office_id: int | None,
        service_id: int | None,
        happened_on: LocalDay | None,
        paid: Money | None,
        facts: Mapping[str, str],
        text: str | None,
        voice: Voice | None,
        contact: Contact,
        name: str | None,
    ) -> Filed:
        """`facts` = answers by the codes of `desk.cases.facts`. Raises `NoCaseForThis`."""

    def ask(
        self, *, key: str, office_id: int | None, province_code: str | None, text: str | None, voice: Voice | None
    ) -> Filed:
        """Raises `NothingSaid`."""

    def say_more(self, *, key: str, case_id: int, by_code: bool, text: str | None, voice: Voice | None) -> None:
        """`by_code`: whoever has the code may add to the case. Raises `NothingSaid`, `CaseIsClosed`, `NotYourCase`."""

    def confirm_solved(self, case_id: int, *, by_code: bool) -> None:
        """`by_code`: of a case filed under nobody, whoever has the code decides. Raises `NotYourCase`."""

    def object_to(self, *, key: str, case_id: int, by_code: bool, text: str | None, voice: Voice | None) -> None:
        """The answer or the closing is not accepted; `by_code` as above. Raises `NotYourCase`, `ReopenTooLate`."""


class Door(Protocol):
    @property
    def now(self) -> datetime: ...
    @property
    def today(self) -> LocalDay:
        """The day in Tehran."""

    @property
    def me(self) -> MeDoor: ...
    @property
    def catalogue(self) -> CatalogueDoor: ...
    @property
    def offices(self) -> OfficesDoor: ...
    @property
    def places(self) -> PlacesDoor: ...
    @property
    def people(self) -> PeopleDoor: ...
    @property
    def turns(self) -> TurnsDoor: ...
    @property
    def cases(self) -> CasesDoor: ...

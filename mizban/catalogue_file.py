"""Exports the catalogue as a JSON file and imports it: services with fees, papers and steps."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from desk.acting import SYSTEM
from desk.catalogue.actions import save_papers, save_service, save_steps
from desk.catalogue.fees import confirm_fee, end_fee, set_fee
from desk.catalogue.queries import card, fee_history, services
from desk.catalogue.rows import FeeRow, PaperInput, ServiceCard, ServiceFields, StepInput
from desk.catalogue.rules import Audience, PaperProvince, RecordState, ServiceChannel, kinds_read, kinds_written
from desk.consequences.actions import Carried, IntendedChange, StaffDecision, carry_out
from desk.consequences.hit import Reach, sign_of
from desk.consequences.refusals import PeopleAreHit
from desk.consequences.rules import ChangeKind, Remedy
from desk.language.text import Localised
from desk.offices.queries import provinces
from desk.people.rules import DocumentKind
from desk.storage.base import WriteSession
from desk.values import Money
from mizban.troubles import Trouble

FORMAT = "mizban-catalogue/1"
Json = dict[str, Any]

TEXTS = ("title", "short_title", "description", "agency", "duration", "taken_at_counter", "objection", "source")
DATES = ("source_date", "confirmed_on", "review_due")
VOCABULARIES: Mapping[str, type[StrEnum]] = {"channel": ServiceChannel, "who_must_come": Audience, "state": RecordState}
PLAIN = ("code", "keywords", "is_bookable", "is_irreversible", "is_published", "position", "official_form")
OPENING = ("days_ahead", "opens_at", "asks_days_before")
"""Left out where nothing is said, as in files of before."""
ALSO = ("is_per_household",)
"""Left out where it is not so, as in files of before."""
TRAVEL = ("paper_province", "needs_slip", "slip_from", "travel_kinds")
"""Likewise."""
LISTS = ("fees", "papers", "steps")
FEE = ("province", "rial", "per_person", "valid_from", "valid_to", "source", "source_date", "confirmed_on")
PAPER = ("title", "note", "document_kind", "is_optional")
STEP = ("title", "agency", "is_inquiry")


@dataclass(frozen=True, slots=True)
class Imported:
    """The number of services that were new, changed, or already the same."""

    new: int = 0
    changed: int = 0
    same: int = 0
    hit: int = 0
    """The number of appointments for services that the file takes out of use."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of appointments for services that are taken out of use, and the reason that people read."""

    remedy: Remedy
    why: str


def export_catalogue(session: Session, *, today: date) -> Json:
    """Every service, published or not, in order; None = not announced. It holds no database ids."""
    rows = services(session, published_only=False)
    return {"format": FORMAT, "services": [_service(session, row.id, today=today) for row in rows]}


def import_catalogue(
    session: WriteSession, data: Any, *, decision: Decision | None = None, now: datetime, today: date
) -> Imported:
    """Create the services of the file or change them to match it, all or none; services it does not name stay.

    Raises:
        Trouble: the file is not valid (the text names the place); or it takes a service with appointments out of
            use, and there is no `decision` about them.
        CopyDemanded, FeeOverlaps, ShortTitleTooLong: as in the back office.
    """
    if not isinstance(data, dict) or data.get("format") != FORMAT or not isinstance(data.get("services"), list):
        raise Trouble(f"This is not a catalogue file: it has to be an object with format {FORMAT} and services.")
    ids = {row.code: row.id for row in services(session, published_only=False)}
    known_provinces = {row.code for row in provinces(session)}
    new = changed = same = hit = 0
    for place, given in enumerate(data["services"], start=1):
        try:
            _check(given, known_provinces)
            fields = _fields(given)
            papers, steps = [_paper(each) for each in given["papers"]], [_step(each) for each in given["steps"]]
        except (KeyError, TypeError, ValueError, AttributeError) as wrong:
            raise Trouble(
                f"Service {place} of the file is not as `mizban catalogue export` writes it: {wrong}."
            ) from None
        service_id = ids.get(fields.code)
        before = _service(session, service_id, today=today) if service_id is not None else None
        if before == {**given, "fees": _in_order(given["fees"])}:
            same += 1
            continue
        if service_id is None:
            service_id = save_service(session, service_id=None, fields=fields, actor=SYSTEM, now=now)
        else:
            hit += _change(session, fields, service_id=service_id, decision=decision, now=now)
        if before is None or before["papers"] != given["papers"]:
            save_papers(session, service_id=service_id, papers=papers, actor=SYSTEM, now=now)
        if before is None or before["steps"] != given["steps"]:
            save_steps(session, service_id=service_id, steps=steps, actor=SYSTEM, now=now)
        for fee in _in_order(given["fees"]):
            _bring_fee(session, fee, service_id=service_id, now=now)
        new, changed = new + (before is None), changed + (before is not None)
    return Imported(new=new, changed=changed, same=same, hit=hit)


def _change(
    session: WriteSession, fields: ServiceFields, *, service_id: int, decision: Decision | None, now: datetime
) -> int:
    """Change a service to match the file; returns how many appointments that affects."""

    def act(session: WriteSession) -> int:
        return save_service(session, service_id=service_id, fields=fields, actor=SYSTEM, now=now)

    intended = IntendedChange(
        kind=ChangeKind.SERVICE, subject=f"service:{service_id}", reach=Reach(service_id=service_id), act=act
    )

    def through(answer: StaffDecision | None) -> Carried[int]:
        with session.begin_nested():
            return carry_out(session, intended=intended, answer=answer, actor=SYSTEM, now=now)

    try:
        through(None)
    except PeopleAreHit as seen:
        if decision is None:
            raise Trouble(
                f"{len(seen.hit)} people have a turn for {fields.code}, which the file takes out of use. Nothing was "
                "changed. Say what becomes of their turns: --people keep, or --people cancel --why WORDS."
            ) from None
        key = secrets.token_urlsafe(24)
        through(StaffDecision(key=key, expected=sign_of(seen.hit), remedy=decision.remedy, reason=decision.why))
        return len(seen.hit)
    return 0


def _service(session: Session, service_id: int, *, today: date) -> Json:
    found = card(session, service_id=service_id, today=today)
    out: Json = {name: getattr(found, name) for name in PLAIN}
    out |= {name: value for name in OPENING if (value := getattr(found, name)) is not None}
    out |= {name: value for name in ALSO if (value := getattr(found, name))}
    out |= _travel(found)
    out |= {name: _words(getattr(found, name)) for name in TEXTS}
    out |= {name: _day(getattr(found, name)) for name in DATES}
    out |= {name: None if (value := getattr(found, name)) is None else str(value) for name in VOCABULARIES}
    out["official_form"] = dict(found.official_form)
    out["fees"] = _in_order(_fee(row) for row in fee_history(session, service_id=service_id))
    out["papers"] = [
        {
            "title": _words(paper.title),
            "note": _words(paper.note),
            "document_kind": None if paper.document_kind is None else str(paper.document_kind),
            "is_optional": paper.is_optional,
        }
        for paper in found.papers
    ]
    out["steps"] = [
        {"title": _words(step.title), "agency": _words(step.agency), "is_inquiry": step.is_inquiry}
        for step in found.steps
    ]
    return out


def _travel(found: ServiceCard) -> Json:
    """What is said of papers of another province; what is not said is left out."""
    said = {
        "paper_province": None if found.paper_province is None else str(found.paper_province),
        "needs_slip": found.needs_slip,
        "slip_from": _words(found.slip_from),
        "travel_kinds": list(kinds_read(found.travel_kinds)) or None,
    }
    return {name: value for name, value in said.items() if value is not None}


def _travel_in(given: Json) -> Json:
    """The same as the fields of a service. Raises ValueError."""
    province, kinds = given.get("paper_province"), given.get("travel_kinds") or []
    return {
        "paper_province": None if province is None else PaperProvince(province),
        "needs_slip": None if given.get("needs_slip") is None else bool(given["needs_slip"]),
        "slip_from": _text(given.get("slip_from")),
        "travel_kinds": kinds_written(DocumentKind(each).value for each in kinds),
    }


def _in_order(fees: Iterable[Json]) -> list[Json]:
    """The fees of the country first, each place's by first day: the order in which they can be entered."""
    return sorted(fees, key=lambda fee: (fee["province"] or "", fee["valid_from"]))


def _fee(row: FeeRow) -> Json:
    return {
        "province": row.province_code,
        "rial": row.amount.rial,
        "per_person": row.per_person,
        "valid_from": _day(row.valid_from),
        "valid_to": _day(row.valid_to),
        "source": _words(row.source),
        "source_date": _day(row.source_date),
        "confirmed_on": _day(row.confirmed_on),
    }


def _check(given: Json, known_provinces: set[str]) -> None:
    said = {name: value for name, value in given.items() if name not in (*OPENING, *ALSO, *TRAVEL)}
    _same_names(said, (*PLAIN, *TEXTS, *DATES, *VOCABULARIES, *LISTS))
    for names, each in ((FEE, "fees"), (PAPER, "papers"), (STEP, "steps")):
        for item in given[each]:
            _same_names(item, names)
    for fee in given["fees"]:
        if fee["province"] is not None and fee["province"] not in known_provinces:
            raise ValueError(f"there is no province {fee['province']}")
        if type(fee["rial"]) is not int:
            raise ValueError("the amount of a fee is a whole number of rial")
        for name in ("valid_from", "valid_to", "source_date", "confirmed_on"):
            _date(fee[name])
        _needed(fee["source"])


def _same_names(item: Json, names: tuple[str, ...]) -> None:
    if set(item) != set(names):
        odd = sorted(set(item) ^ set(names))
        raise ValueError(f"missing or unknown: {', '.join(odd)}")


def _fields(given: Json) -> ServiceFields:
    values: Json = {name: given[name] for name in PLAIN}
    values |= {name: given.get(name) for name in OPENING}
    values |= {name: bool(given.get(name)) for name in ALSO}
    values |= _travel_in(given)
    values |= {name: _text(given[name]) for name in TEXTS}
    values |= {name: _date(given[name]) for name in DATES}
    values |= {name: None if given[name] is None else kind(given[name]) for name, kind in VOCABULARIES.items()}
    if not values["title"] or not values["short_title"]:
        raise ValueError("a service has a title and a short title")
    return ServiceFields(**values)


def _paper(given: Json) -> PaperInput:
    kind = None if given["document_kind"] is None else DocumentKind(given["document_kind"])
    return PaperInput(_needed(given["title"]), _text(given["note"]), kind, bool(given["is_optional"]))


def _step(given: Json) -> StepInput:
    return StepInput(_needed(given["title"]), _text(given["agency"]), bool(given["is_inquiry"]))


def _bring_fee(session: WriteSession, given: Json, *, service_id: int, now: datetime) -> None:
    """Enter the fee, or confirm or end the same one that exists; entered values are never changed."""
    for row in fee_history(session, service_id=service_id):
        there = _fee(row)
        if all(there[name] == given[name] for name in FEE if name not in ("valid_to", "confirmed_on")):
            if given["confirmed_on"] not in (None, there["confirmed_on"]):
                confirmed = date.fromisoformat(given["confirmed_on"])
                confirm_fee(session, fee_id=row.id, confirmed_on=confirmed, actor=SYSTEM, now=now)
            if given["valid_to"] not in (None, there["valid_to"]):
                last_day = date.fromisoformat(given["valid_to"])
                end_fee(session, fee_id=row.id, last_day=last_day, actor=SYSTEM, now=now)
            return
    set_fee(
        session,
        service_id=service_id,
        province_code=given["province"],
        amount=Money(given["rial"]),
        per_person=given["per_person"],
        valid_from=date.fromisoformat(given["valid_from"]),
        valid_to=_date(given["valid_to"]),
        source=_needed(given["source"]),
        source_date=_date(given["source_date"]),
        confirmed_on=_date(given["confirmed_on"]),
        actor=SYSTEM,
        now=now,
    )


def _words(text: Localised | None) -> dict[str, str] | None:
    return dict(text.to_mapping()) if text else None


def _text(given: dict[str, str] | None) -> Localised | None:
    return Localised(given) if given else None


def _needed(given: dict[str, str]) -> Localised:
    text = _text(given)
    if text is None:
        raise ValueError("a text is missing")
    return text


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _date(given: str | None) -> date | None:
    return None if given is None else date.fromisoformat(given)

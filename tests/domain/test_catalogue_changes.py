"""What changes in the catalogue and what may not: papers keep their ids, fees in force keep their history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk.catalogue.actions import save_papers, save_steps
from desk.catalogue.fees import confirm_fee, end_fee, set_fee
from desk.catalogue.models import Service, ServiceFee, ServicePaper, ServiceStep
from desk.catalogue.queries import card
from desk.catalogue.refusals import FeeInForce, FeeNotLonger, FeeOverlaps
from desk.catalogue.rows import PaperInput, StepInput
from desk.language.text import Localised
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.values import Money
from desk.verify import verify
from tests.makers import NOW, TODAY, acting, make_service
from tests.makers_fees import make_fee

STAFF: dict[str, Any] = {"actor": acting(1), "now": NOW}


def _in(days: int) -> date:
    return TODAY + timedelta(days=days)


def _text(words: str) -> Localised:
    return Localised({"fa": words})


def _fee(
    session: WriteSession,
    service: Service,
    *,
    first: date,
    last: date | None = None,
    confirmed_on: date | None,
    rial: int = 100,
) -> int:
    return set_fee(
        session,
        service_id=service.id,
        province_code=None,
        amount=Money(rial),
        valid_from=first,
        valid_to=last,
        source=_text("بخشنامه"),
        source_date=None,
        confirmed_on=confirmed_on,
        **STAFF,
    )


def _shown(session: WriteSession, service: Service, *, on: date) -> int | None:
    fee = card(session, service_id=service.id, today=on).fee
    return fee.amount.rial if fee else None


def _papers(session: WriteSession, service: Service) -> list[tuple[int, str]]:
    rows = session.scalars(
        select(ServicePaper).where(ServicePaper.service_id == service.id).order_by(ServicePaper.position)
    )
    return [(row.id, row.title.to_mapping()["fa"]) for row in rows]


def test_papers_keep_their_ids_whatever_happens_around_them(session: WriteSession) -> None:
    service = make_service(session)
    entered = [PaperInput(title=_text(each)) for each in ("کارت", "گذرنامه", "رسید")]
    save_papers(session, service_id=service.id, papers=entered, **STAFF)
    (first, _), (second, _), (third, _) = _papers(session, service)
    changed = [
        replace(entered[2], id=third),
        PaperInput(title=_text("برگه")),
        replace(entered[0], id=first, title=_text("اصل کارت")),
    ]
    save_papers(session, service_id=service.id, papers=changed, **STAFF)
    found = _papers(session, service)
    assert [title for _, title in found] == ["رسید", "برگه", "اصل کارت"]
    assert (found[0][0], found[2][0]) == (third, first)
    with pytest.raises(LookupError):
        save_papers(session, service_id=service.id, papers=[replace(entered[1], id=second + 99)], **STAFF)


def test_papers_without_an_id_are_known_by_their_title(session: WriteSession) -> None:
    """A file brings the same papers again, in another order."""
    service = make_service(session)
    entered = [PaperInput(title=_text(each)) for each in ("کارت", "گذرنامه")]
    save_papers(session, service_id=service.id, papers=entered, **STAFF)
    before = _papers(session, service)
    save_papers(session, service_id=service.id, papers=entered[::-1], **STAFF)
    assert _papers(session, service) == before[::-1]


def test_steps_keep_their_ids_too(session: WriteSession) -> None:
    service = make_service(session)
    entered = [StepInput(title=_text(each)) for each in ("درخواست", "استعلام", "پاسخ")]
    save_steps(session, service_id=service.id, steps=entered, **STAFF)
    ids = list(session.scalars(select(ServiceStep.id).order_by(ServiceStep.position)))
    save_steps(session, service_id=service.id, steps=[replace(entered[2], id=ids[2])], **STAFF)
    assert [(row.id, row.position) for row in session.scalars(select(ServiceStep))] == [(ids[2], 1)]


def test_a_fee_cuts_the_one_before_it_only_once_it_is_confirmed(session: WriteSession) -> None:
    service = make_service(session)
    old = make_fee(session, service=service, rial=70)
    new = _fee(session, service, first=_in(5), confirmed_on=None)
    assert old.valid_to is None
    assert _shown(session, service, on=_in(9)) == 70
    assert verify(session) == []
    confirm_fee(session, fee_id=new, confirmed_on=TODAY, **STAFF)
    assert old.valid_to == _in(4)
    assert [_shown(session, service, on=_in(n)) for n in (4, 5)] == [70, 100]
    assert verify(session) == []


def test_an_older_fee_is_not_confirmed_over_a_later_one(session: WriteSession) -> None:
    service = make_service(session)
    draft = make_fee(session, service=service, valid_from=TODAY, confirmed_on=None)
    later = make_fee(session, service=service, valid_from=_in(9))
    with pytest.raises(FeeOverlaps) as refusal:
        confirm_fee(session, fee_id=draft.id, confirmed_on=TODAY, **STAFF)
    assert refusal.value.fee_id == later.id
    assert draft.confirmed_on is None


def test_a_fee_is_never_made_longer(session: WriteSession) -> None:
    service = make_service(session)
    old = make_fee(session, service=service, valid_to=_in(4))
    make_fee(session, service=service, valid_from=_in(5))
    with pytest.raises(FeeNotLonger):
        end_fee(session, fee_id=old.id, last_day=_in(5), **STAFF)
    end_fee(session, fee_id=old.id, last_day=_in(3), **STAFF)
    assert old.valid_to == _in(3)
    assert verify(session) == []


def test_a_fee_in_force_stays_in_the_history_and_what_nobody_read_may_go(session: WriteSession) -> None:
    service = make_service(session)
    in_force = make_fee(session, service=service, valid_from=TODAY, valid_to=_in(1))
    with pytest.raises(FeeInForce):
        end_fee(session, fee_id=in_force.id, last_day=_in(-1), **STAFF)
    to_come = make_fee(session, service=service, valid_from=_in(2), valid_to=_in(5))
    draft = make_fee(session, service=service, valid_from=_in(6), confirmed_on=None)
    end_fee(session, fee_id=to_come.id, last_day=_in(1), **STAFF)
    end_fee(session, fee_id=draft.id, last_day=_in(-9), **STAFF)
    assert list(session.scalars(select(ServiceFee.id))) == [in_force.id]


def test_a_future_fee_that_is_withdrawn_brings_the_one_before_back(session: WriteSession) -> None:
    service = make_service(session)
    old = make_fee(session, service=service, rial=70, valid_to=_in(30))
    new = _fee(session, service, first=_in(5), confirmed_on=TODAY)
    assert [_shown(session, service, on=_in(n)) for n in (4, 5)] == [70, 100]
    end_fee(session, fee_id=new, last_day=_in(4), **STAFF)
    assert [_shown(session, service, on=_in(n)) for n in (5, 30, 31)] == [70, 70, None]
    assert (old.valid_to, old.cut_by) == (_in(30), None)
    assert verify(session) == []


def test_the_fee_that_comes_back_ends_where_the_next_one_begins(session: WriteSession) -> None:
    service = make_service(session)
    old = make_fee(session, service=service, rial=70)
    first = _fee(session, service, first=_in(5), confirmed_on=TODAY)
    second = _fee(session, service, first=_in(9), confirmed_on=TODAY)
    end_fee(session, fee_id=first, last_day=_in(4), **STAFF)
    assert old.valid_to == _in(8)
    end_fee(session, fee_id=second, last_day=_in(8), **STAFF)
    assert [_shown(session, service, on=_in(n)) for n in (9, 99)] == [70, 70]
    assert verify(session) == []


def test_a_fee_that_was_ended_twice_comes_back_for_its_own_time(session: WriteSession) -> None:
    service = make_service(session)
    old = make_fee(session, service=service, rial=70)
    later = _fee(session, service, first=_in(9), confirmed_on=TODAY)
    between = _fee(session, service, first=_in(5), last=_in(8), confirmed_on=TODAY)
    end_fee(session, fee_id=between, last_day=_in(4), **STAFF)
    assert [_shown(session, service, on=_in(n)) for n in (5, 8, 9)] == [70, 70, 100]
    end_fee(session, fee_id=later, last_day=_in(8), **STAFF)
    assert [_shown(session, service, on=_in(n)) for n in (9, 99)] == [70, 70]
    assert (old.valid_to, old.cut_by) == (None, None)
    assert verify(session) == []


def test_a_fee_that_nobody_confirmed_keeps_no_other_from_coming_back(session: WriteSession) -> None:
    service = make_service(session)
    old = make_fee(session, service=service, rial=70)
    new = _fee(session, service, first=_in(5), confirmed_on=TODAY)
    _fee(session, service, first=_in(9), confirmed_on=None, rial=900)
    end_fee(session, fee_id=new, last_day=_in(4), **STAFF)
    assert [_shown(session, service, on=_in(n)) for n in (5, 8, 9, 99)] == [70] * 4
    assert old.valid_to is None
    assert verify(session) == []


@pytest.mark.parametrize(
    "story",
    [
        test_papers_keep_their_ids_whatever_happens_around_them,
        test_papers_without_an_id_are_known_by_their_title,
        test_steps_keep_their_ids_too,
        test_a_fee_cuts_the_one_before_it_only_once_it_is_confirmed,
        test_an_older_fee_is_not_confirmed_over_a_later_one,
        test_a_fee_is_never_made_longer,
        test_a_future_fee_that_is_withdrawn_brings_the_one_before_back,
        test_the_fee_that_comes_back_ends_where_the_next_one_begins,
        test_a_fee_in_force_stays_in_the_history_and_what_nobody_read_may_go,
    ],
)
async def test_it_is_so_on_both_databases(storage: Storage, story: Callable[[WriteSession], None]) -> None:
    await storage.write(story)

"""The catalogue: a fee is shown only while somebody stands by it, and no paper is ever asked for as a copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.acting import SYSTEM
from desk.catalogue.actions import save_papers, save_service, save_steps
from desk.catalogue.fees import confirm_fee, set_fee
from desk.catalogue.queries import card, card_by_code, fee_history, overdue, search, services
from desk.catalogue.refusals import (
    CopyDemanded,
    FeeOverlaps,
    IrreversibleNotBookable,
    ServiceCodeTaken,
    ShortTitleTooLong,
)
from desk.catalogue.rows import PaperInput, ServiceFields, StepInput
from desk.catalogue.rules import RecordState, ServiceChannel, demands_a_copy
from desk.language.text import Localised
from desk.schema import metadata
from desk.storage.base import WriteSession
from desk.values import Money
from desk.verify import verify
from tests.keys import KEYS
from tests.makers import NOW, TODAY, acting, make_service
from tests.makers_areas import make_province
from tests.makers_fees import make_fee
from tests.sqlite_file import open_sqlite

SOURCE = Localised({"fa": "اطلاعیهٔ ۹"})


def _fee(session: WriteSession, *, service_id: int, **over: Any) -> int:
    usual: dict[str, Any] = {
        "province_code": None,
        "amount": Money(300_000),
        "valid_from": TODAY,
        "valid_to": None,
        "source": SOURCE,
        "source_date": None,
        "confirmed_on": TODAY,
    }
    return set_fee(session, service_id=service_id, **(usual | over), actor=acting(1), now=NOW)


def _shown(session: WriteSession, service_id: int, *, on: date = TODAY, province_code: str | None = None) -> int | None:
    fee = card(session, service_id=service_id, province_code=province_code, today=on).fee
    return fee.amount.rial if fee else None


def test_an_empty_card_announces_nothing(session: WriteSession) -> None:
    found = card(session, service_id=make_service(session).id, today=TODAY)
    assert (found.fee, found.papers, found.steps, found.duration, found.objection) == (None, (), (), None, None)


@pytest.mark.requirement("000-07", "M")
def test_a_fee_that_nobody_confirmed_is_not_shown_until_somebody_does(session: WriteSession) -> None:
    service = make_service(session)
    fee_id = _fee(session, service_id=service.id, confirmed_on=None)
    assert _shown(session, service.id) is None
    confirm_fee(session, fee_id=fee_id, confirmed_on=TODAY, actor=acting(1), now=NOW)
    fee = card(session, service_id=service.id, today=TODAY).fee
    assert fee is not None
    assert (fee.amount, fee.source, fee.source_date, fee.confirmed_on) == (Money(300_000), SOURCE, None, TODAY)


@pytest.mark.requirement("000-07", "M")
def test_a_fee_holds_from_its_first_to_its_last_day_and_not_a_day_more(session: WriteSession) -> None:
    service = make_service(session)
    make_fee(session, service=service, valid_from=TODAY, valid_to=TODAY + timedelta(days=2))
    days = [TODAY + timedelta(days=n) for n in (-1, 0, 2, 3)]
    assert [_shown(session, service.id, on=day) for day in days] == [None, 270_000, 270_000, None]


def test_a_province_has_its_own_fee_before_the_country(session: WriteSession) -> None:
    service = make_service(session)
    make_fee(session, service=service, rial=100)
    make_fee(session, service=service, rial=200, province_code="IR-30")
    make_province(session, code="IR-23")
    assert _shown(session, service.id, province_code="IR-30") == 200
    assert _shown(session, service.id, province_code="IR-23") == 100
    assert _shown(session, service.id) == 100


def test_a_new_fee_ends_the_one_before_it_the_day_before(session: WriteSession) -> None:
    service = make_service(session)
    old = make_fee(session, service=service, rial=100)
    _fee(session, service_id=service.id, valid_from=TODAY + timedelta(days=5))
    assert old.valid_to == TODAY + timedelta(days=4)
    assert _shown(session, service.id, on=TODAY + timedelta(days=4)) == 100
    assert _shown(session, service.id, on=TODAY + timedelta(days=5)) == 300_000
    assert [row.amount.rial for row in fee_history(session, service_id=service.id)] == [300_000, 100]


def test_a_fee_never_runs_into_a_later_one(session: WriteSession) -> None:
    service = make_service(session)
    later = make_fee(session, service=service, valid_from=TODAY + timedelta(days=9))
    with pytest.raises(FeeOverlaps) as refusal:
        _fee(session, service_id=service.id)
    assert refusal.value.fee_id == later.id
    _fee(session, service_id=service.id, valid_to=TODAY + timedelta(days=8))
    assert verify(session) == []


@pytest.fixture(scope="module")
def shelf() -> Iterator[WriteSession]:
    """A session on tables in memory, for many short stories that are each rolled back."""
    engine = open_sqlite("sqlite://")
    metadata().create_all(engine)
    with WriteSession(engine, info={"keys": KEYS}) as session:
        make_province(session)
        yield session
    engine.dispose()


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 20), st.none() | st.integers(0, 9), st.sampled_from([None, "IR-30"])), max_size=7)
)
def test_whatever_fees_are_entered_one_holds_on_any_day(
    shelf: WriteSession, fees: list[tuple[int, int | None, str | None]]
) -> None:
    with shelf.begin_nested() as story:
        service = make_service(shelf)
        for first, length, province_code in fees:
            start = TODAY + timedelta(days=first)
            end = None if length is None else start + timedelta(days=length)
            with suppress(FeeOverlaps):
                _fee(shelf, service_id=service.id, province_code=province_code, valid_from=start, valid_to=end)
        assert "one_fee_a_day" not in {broken.rule for broken in verify(shelf)}
        story.rollback()


DEMANDS = [
    "اصل و کپی گذرنامه",
    "کاپی تذکره",
    "فتوکپی کارت آمایش",
    "رونوشت عقدنامه",
    "اسکن مدارک",
    "تصویر گذرنامه",
    "عکس از کارت آمایش",
    "عکس پاسپورت",
    "یک کُپی از هر مدرک",
    "كپی برابر اصل",
    "original and copy of the card",
    "کپی لازم است. چیز دیگری لازم نیست",
    "کپی برای پرونده بیاورید",
    "کپی را به فرستنده بدهید",
    "عکس‌های مدارک",
    "عکس آمایش",
    "از کارت خود عکس بگیرید",
]
NO_DEMANDS = [
    "اصل گذرنامه",
    "عکس ۳×۴",
    "دو قطعه عکس",
    "کپی لازم نیست",
    "کپی نیاورید، فقط اصل کارت",
    "بدون کپی",
    "کاپی لازم نیست",
    "گرفتن کپی ممنوع است",
    "no copy",
    "رسید بانک",
    "اسکناس لازم نیست، اسکناس پانصدی نیاورید",
    "اسکناس بیاورید",
    "هیچ دفتری حق ندارد کپی بگیرد",
    "کپی نفرستید",
    "با عکس کودک بیایید",
]


@pytest.mark.parametrize("text", DEMANDS)
def test_a_demand_for_a_copy_is_seen(text: str) -> None:
    assert demands_a_copy(text)


@pytest.mark.parametrize("text", NO_DEMANDS)
def test_a_photograph_and_a_copy_that_is_not_needed_are_no_demand(text: str) -> None:
    assert not demands_a_copy(text)


def test_papers_that_demand_a_copy_are_refused_and_the_old_ones_stay(session: WriteSession) -> None:
    service = make_service(session)
    good = [PaperInput(title=Localised({"fa": "اصل کارت آمایش"})), PaperInput(title=Localised({"fa": "رسید بانک"}))]
    save_papers(session, service_id=service.id, papers=good, actor=acting(1), now=NOW)
    bad = PaperInput(title=Localised({"fa": "اصل کارت"}), note=Localised({"fa_AF": "با کاپی"}))
    with pytest.raises(CopyDemanded):
        save_papers(session, service_id=service.id, papers=[bad], actor=acting(1), now=NOW)
    papers = card(session, service_id=service.id, today=TODAY).papers
    assert [paper.title for paper in papers] == [paper.title for paper in good]


@pytest.mark.requirement("004-04", "M")
def test_steps_keep_their_order_and_their_agency(session: WriteSession) -> None:
    service = make_service(session)
    steps = [
        StepInput(title=Localised({"fa": "درخواست"})),
        StepInput(title=Localised({"fa": "استعلام"}), agency=Localised({"fa": "پلیس"}), is_inquiry=True),
    ]
    save_steps(session, service_id=service.id, steps=steps, actor=acting(1), now=NOW)
    save_steps(session, service_id=service.id, steps=steps, actor=acting(1), now=NOW)
    found = card(session, service_id=service.id, today=TODAY).steps
    assert [(step.position, step.title, step.agency, step.is_inquiry) for step in found] == [
        (n, step.title, step.agency, step.is_inquiry) for n, step in enumerate(steps, start=1)
    ]


def _fields(**over: Any) -> ServiceFields:
    usual: dict[str, Any] = {
        "code": "x",
        "title": Localised({"fa": "کارت کار"}),
        "short_title": Localised({"fa": "کارت کار"}),
    }
    return ServiceFields(**(usual | over))


@pytest.mark.requirement("001-10", "M")
def test_a_service_is_made_and_changed(session: WriteSession) -> None:
    service_id = save_service(session, fields=_fields(keywords="كارگر"), actor=acting(1), now=NOW)
    before = card(session, service_id=service_id, today=TODAY)
    assert (before.channel, before.agency) == (None, None)
    unit = Localised({"fa": "ادارهٔ کل"})
    where: dict[str, Any] = {"channel": ServiceChannel.DIRECTORATE, "agency": unit}
    changed = _fields(title=Localised({"fa": "کارت کار تازه"}), is_bookable=True, **where)
    assert save_service(session, service_id=service_id, fields=changed, actor=acting(1), now=NOW) == service_id
    found = card_by_code(session, code="x", today=TODAY)
    assert found is not None
    assert (found.title.to_mapping(), found.is_bookable) == ({"fa": "کارت کار تازه"}, True)
    assert (found.channel, found.agency) == (ServiceChannel.DIRECTORATE, unit)
    with pytest.raises(LookupError):
        card(session, service_id=service_id + 1, today=TODAY)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        (_fields(code="taken"), ServiceCodeTaken),
        (_fields(short_title=Localised({"fa_AF": "ن" * 21})), ShortTitleTooLong),
        (_fields(is_irreversible=True, is_bookable=True), IrreversibleNotBookable),
        (_fields(description=Localised({"fa": "کپی گذرنامه را بیاورید"})), CopyDemanded),
    ],
)
def test_what_a_service_may_not_be(session: WriteSession, fields: ServiceFields, refusal: type[Exception]) -> None:
    make_service(session, code="taken")
    with pytest.raises(refusal):
        save_service(session, fields=fields, actor=acting(1), now=NOW)


def test_search_puts_the_title_before_a_keyword_and_passes_over_small_words(session: WriteSession) -> None:
    keyword = make_service(session, title="تمدید ویزا", keywords="گذرنامه پاسپورت")
    title = make_service(session, title="گذرنامهٔ خانوادگی", keywords="پاسپورت")
    make_service(session, title="کارت کار")
    make_service(session, title="گذرنامه", is_published=False)
    assert [row.id for row in search(session, words="می‌خواهم گذرنامه را بگیرم")] == [title.id, keyword.id]
    assert [row.id for row in search(session, words="پاسپورت‌")] == [keyword.id, title.id]
    assert search(session, words="از که برای") == []


@pytest.mark.requirement("001-13", "M")
def test_lists_keep_their_order_and_hide_what_is_not_published(session: WriteSession) -> None:
    first, second = make_service(session), make_service(session, is_bookable=False)
    make_service(session, is_published=False)
    assert [row.id for row in services(session)] == [first.id, second.id]
    assert [row.id for row in services(session, bookable_only=True)] == [first.id]
    assert len(services(session, published_only=False)) == 3


@pytest.mark.requirement("001-12", "M")
def test_the_yearly_review_names_what_is_overdue(session: WriteSession) -> None:
    due, fresh, draft = make_service(session), make_service(session), make_service(session, state=RecordState.DRAFT)
    due.review_due, fresh.review_due, draft.review_due = TODAY, TODAY + timedelta(days=1), TODAY
    session.flush()
    assert [row.service.id for row in overdue(session, today=TODAY)] == [due.id]


COPY = Localised({"fa": "اصل و کپی کارت"})


@pytest.mark.parametrize(
    "field", ["title", "short_title", "description", "agency", "duration", "taken_at_counter", "objection", "source"]
)
def test_no_text_of_a_service_demands_a_copy(session: WriteSession, field: str) -> None:
    with pytest.raises(CopyDemanded):
        save_service(session, fields=_fields(**{field: COPY}), actor=SYSTEM, now=NOW)


def test_no_step_source_or_form_of_a_service_demands_a_copy(session: WriteSession) -> None:
    service_id = save_service(session, fields=_fields(), actor=SYSTEM, now=NOW)
    for step in (StepInput(title=COPY), StepInput(title=Localised({"fa": "بررسی"}), agency=COPY)):
        with pytest.raises(CopyDemanded):
            save_steps(session, service_id=service_id, steps=[step], actor=SYSTEM, now=NOW)
    form = {"required_documents": [{"fa": "کارت"}, {"fa_AF": "کاپی تذکره"}]}
    with pytest.raises(CopyDemanded):
        save_service(session, service_id=service_id, fields=_fields(official_form=form), actor=SYSTEM, now=NOW)
    rule = Localised({"fa": "بخشنامهٔ حذف کپی مدارک"})
    save_service(session, service_id=service_id, fields=_fields(source=rule), actor=SYSTEM, now=NOW)

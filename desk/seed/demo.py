"""A fictional desk for demonstrations: six offices in three provinces, their hours, and staff of every role."""

from __future__ import annotations

from dataclasses import dataclass

from desk.language.text import Localised
from desk.offices.rules import OfficeKind
from desk.staff.permissions import Role
from desk.values import GeoPoint

SATURDAY_TO_WEDNESDAY = range(5)
THURSDAY = 5
MORNING = (8 * 60, 14 * 60)
SHORT_THURSDAY = (8 * 60, 12 * 60)

IDENTITY_QUEUE = ("identity-verification",)
RESIDENCE_QUEUE = ("amayesh-renewal", "travel-slip", "unique-code", "residence-paper-by-invitation", "study-support")
WORK_QUEUE = ("work-card", "work-contract", "insurance", "bank-account")
ONE_VISIT_SERVES_ALL = ("amayesh-renewal",)
"""Services for which a household comes once, so that a place for all of it can be tried."""
PASSPORT_QUEUE = ("visa-residence-renewal", "family-passport")


@dataclass(frozen=True, slots=True)
class DemoQueue:
    """A queue for these services, with its counters and the minutes per person."""

    name: Localised
    services: tuple[str, ...]
    counters: int
    minutes_per_person: int
    walk_in_share: int = 0
    """Of a hundred places of a day, those for people without an appointment."""


@dataclass(frozen=True, slots=True)
class DemoOffice:
    """An invented office; without a telephone number, so that no real person is called."""

    code: str
    kind: OfficeKind
    province_code: str
    city: str
    name: str
    address: str
    point: GeoPoint
    queues: tuple[DemoQueue, ...]
    opens_on_thursday: bool = False


def _identity(counters: int, *, walk_in_share: int = 0) -> DemoQueue:
    return DemoQueue(
        Localised({"fa": "احراز هویت"}),
        IDENTITY_QUEUE,
        counters=counters,
        minutes_per_person=15,
        walk_in_share=walk_in_share,
    )


RESIDENCE = DemoQueue(
    Localised({"fa": "مدارک اقامت", "fa_AF": "اسناد اقامت"}), RESIDENCE_QUEUE, counters=3, minutes_per_person=20
)
WORK = DemoQueue(Localised({"fa": "کار و بیمه"}), WORK_QUEUE, counters=2, minutes_per_person=20)
PASSPORT = DemoQueue(
    Localised({"fa": "گذرنامه و روادید", "fa_AF": "پاسپورت و ویزه"}), PASSPORT_QUEUE, counters=2, minutes_per_person=30
)

OFFICES: tuple[DemoOffice, ...] = (
    DemoOffice(
        code="72-1102",
        kind=OfficeKind.PISHKHAN,
        province_code="IR-30",
        city="کرج",
        name="دفتر پیشخوان یاس",
        address="خیابان یاس، کوچهٔ سوم، پلاک ۱۲، همکف",
        point=GeoPoint(35.8327, 50.9915),
        queues=(_identity(3, walk_in_share=20),),
        opens_on_thursday=True,
    ),
    DemoOffice(
        code="72-1118",
        kind=OfficeKind.KEFALAT,
        province_code="IR-30",
        city="کرج",
        name="دفتر کفالت سرو",
        address="بلوار سرو، نبش کوچهٔ هفتم، پلاک ۴۰",
        point=GeoPoint(35.8105, 50.9622),
        queues=(RESIDENCE, WORK),
    ),
    DemoOffice(
        code="72-2041",
        kind=OfficeKind.PISHKHAN,
        province_code="IR-23",
        city="تهران",
        name="دفتر پیشخوان نارون",
        address="خیابان نارون، کوچهٔ بهار، پلاک ۵، همکف",
        point=GeoPoint(35.6642, 51.4325),
        queues=(_identity(3),),
        opens_on_thursday=True,
    ),
    DemoOffice(
        code="72-2077",
        kind=OfficeKind.KEFALAT,
        province_code="IR-23",
        city="شهر ری",
        name="دفتر کفالت چنار",
        address="خیابان چنار، پلاک ۸۱",
        point=GeoPoint(35.5942, 51.4338),
        queues=(RESIDENCE, PASSPORT),
    ),
    DemoOffice(
        code="72-3309",
        kind=OfficeKind.PISHKHAN,
        province_code="IR-09",
        city="مشهد",
        name="دفتر پیشخوان زعفران",
        address="بلوار زعفران، زعفران ۱۴، پلاک ۲۲",
        point=GeoPoint(36.3210, 59.5475),
        queues=(_identity(2),),
    ),
    DemoOffice(
        code="72-3315",
        kind=OfficeKind.KEFALAT,
        province_code="IR-09",
        city="مشهد",
        name="دفتر کفالت صنوبر",
        address="خیابان صنوبر، صنوبر ۹، پلاک ۳",
        point=GeoPoint(36.2745, 59.6320),
        queues=(RESIDENCE, WORK),
        opens_on_thursday=True,
    ),
)


@dataclass(frozen=True, slots=True)
class DemoMember:
    """An invented member of staff; `province_code` or `office_code` is the place of the role, neither = the nation."""

    username: str
    name: str
    role: Role
    province_code: str | None = None
    office_code: str | None = None


MEMBERS: tuple[DemoMember, ...] = (
    DemoMember("admin", "سارا نیک‌بین", Role.ADMINISTRATOR),
    DemoMember("alborz", "محمد یاوری", Role.PROVINCE_OFFICER, province_code="IR-30"),
    DemoMember("tehran", "الهام روشن", Role.PROVINCE_OFFICER, province_code="IR-23"),
    DemoMember("khorasan", "رضا پویا", Role.PROVINCE_OFFICER, province_code="IR-09"),
    DemoMember("manager1102", "نرگس یکتا", Role.OFFICE_MANAGER, office_code="72-1102"),
    DemoMember("desk1102", "حسن آرام", Role.DESK_OFFICER, office_code="72-1102"),
    DemoMember("clerk1102", "مینا سپهر", Role.CLERK, office_code="72-1102"),
    DemoMember("marshal1102", "کاوه دلیر", Role.MARSHAL, office_code="72-1102"),
    DemoMember("manager2041", "آرش مهرجو", Role.OFFICE_MANAGER, office_code="72-2041"),
    DemoMember("clerk2041", "شیرین بهنام", Role.CLERK, office_code="72-2041"),
)

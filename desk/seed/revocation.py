"""The official service identity form «revocation of documents», in full and for information only (seed 004).

Nobody books it, files it or follows it here (product point 8). What the form leaves blank is None: not announced.
The papers it lists are those of the agencies, not papers to bring, so they stand in the form and not in the checklist.
"""

from __future__ import annotations

from typing import Any

from desk.catalogue.rows import ServiceFields, StepInput
from desk.catalogue.rules import Channel, RecordState
from desk.language.text import Localised

CODE = "revocation"


def _unticked(*names: str) -> dict[str, bool]:
    return dict.fromkeys(names, False)


WAYS = ("electronic", "website", "email", "call_centre", "mobile_app", "post", "sms", "non_electronic")

FORM: dict[str, Any] = {
    "title": {"fa": "ابطال مدارک و لغو پناهندگی اتباع خارجی متخلف"},
    "service_id": None,
    "parent_agency": {"fa": "وزارت کشور", "fa_AF": "وزارت داخله (وزارت کشور)"},
    "type": {"g2c": True, "g2b": False, "g2g": True},
    "nature": {"sovereign": True, "delegated": False},
    "level": {"national": False, "regional": False, "provincial": True, "city": False, "rural": False},
    "life_event": _unticked(
        "birth",
        "education",
        "health",
        "tax",
        "business",
        "social_security",
        "property_registration",
        "urban_facilities",
        "insurance",
        "marriage",
        "retirement",
        "papers_and_certificates",
        "death",
        "other",
    ),
    "initiation": {
        "request_of_recipient": True,
        "fixed_time": False,
        "event": False,
        "finding_of_agency": True,
        "other": False,
    },
    "required_documents": [
        {"fa": "استشهاد محلی و مدارکی که خروج غیرقانونی را نشان دهد"},
        {"fa": "رأی دادگاه یا گزارش نهادهای مربوط"},
        {"fa": "کارت آمایش یا برگهٔ تردد ۹۰ روزه"},
    ],
    "laws": [{"title": {"fa": "دستورالعمل‌های وزارت کشور"}, "changes_every_year": True}],
    "statistics": {"recipients": 20, "period": "year"},
    "average_duration": {"fa": "یک ماه"},
    "frequency": {"once_and_for_all": True, "times": None, "period": None},
    "visits_in_person": None,
    "fees": [{"amount": None, "account": None, "electronic_payment": None} for _ in range(3)],
    "web_address": None,
    "system_name": None,
    "ways_of_information": _unticked(*WAYS),
    "reasons_for_visiting": _unticked("check_person", "check_paper", "lack_of_network", "other"),
    "ways_of_request_or_delivery": {
        "post": True,
        **_unticked(
            "website", "email", "mobile_app", "call_centre", "sms", "counter_offices", "similar_offices", "other"
        ),
    },
    "links_to_own_systems": None,
    "links_to_other_agencies": [
        {"agency": {"fa": "اداره اطلاعات"}, "inquiry": True, "by_agency": None, "by_client": None},
        {"agency": {"fa": "پلیس"}, "inquiry": True, "by_agency": None, "by_client": None},
    ],
}
"""Every remaining field of the form. Ticks are booleans; a field left blank is None."""

AGENCY = Localised(
    {
        "fa": "استانداری، اداره کل امور اتباع و مهاجرین خارجی",
        "fa_AF": "استانداری (ولایت)، اداره کل امور اتباع و مهاجرین خارجی",
    }
)

REVOCATION = ServiceFields(
    code=CODE,
    position=900,
    title=Localised({"fa": "ابطال مدارک و لغو پناهندگی", "fa_AF": "ابطال (باطل کردن) اسناد و لغو پناهندگی"}),
    short_title=Localised({"fa": "ابطال مدارک", "fa_AF": "ابطال اسناد"}),
    description=Localised(
        {
            "fa": (
                "این صفحه فقط برای راهنمایی است. این‌جا درخواستی ثبت نمی‌شود.\n"
                "اداره کل پرونده را با گزارش خانواده یا نهادها، یا با رأی دادگاه آغاز می‌کند.\n"
                "کارگروه استان دربارهٔ آن نظر می‌دهد و کارگروه دائمی کشور آن را تأیید می‌کند."
            ),
            "fa_AF": (
                "این صفحه تنها برای رهنمایی است. این‌جا درخواستی ثبت نمی‌شود.\n"
                "اداره کل دوسیه را با گزارش خانواده یا نهادها، یا با حکم محکمه آغاز می‌کند.\n"
                "کارگروه استان (ولایت) نظر می‌دهد و کارگروه دایمی کشور آن را تأیید می‌کند."
            ),
        }
    ),
    keywords="ابطال باطل فسخ مدارک اسناد کارت لغو پناهندگی اخراج",
    channel=Channel.DIRECTORATE,
    agency=AGENCY,
    duration=Localised({"fa": "میانگین یک ماه", "fa_AF": "به‌طور اوسط یک ماه"}),
    is_bookable=False,
    is_irreversible=True,
    official_form=FORM,
    state=RecordState.DRAFT,
    source=Localised({"fa": "شناسنامهٔ خدمت «ابطال مدارک و لغو پناهندگی اتباع خارجی متخلف»"}),
)

STEPS: tuple[StepInput, ...] = (
    StepInput(
        title=Localised({"fa": "دریافت درخواست: رأی دادگاه، تصمیم کمیسیون، گزارش نهاد یا عضو خانوار"}),
        agency=AGENCY,
    ),
    StepInput(title=Localised({"fa": "بررسی کارشناس", "fa_AF": "بررسی کارمند مسلکی"}), agency=AGENCY),
    StepInput(
        title=Localised({"fa": "استعلام از نهادهای امنیتی و انتظامی"}),
        agency=Localised({"fa": "نهادهای امنیتی و انتظامی"}),
        is_inquiry=True,
    ),
    StepInput(title=Localised({"fa": "تصمیم کارگروه استان"}), agency=Localised({"fa": "کارگروه استانی اتباع خارجی"})),
    StepInput(title=Localised({"fa": "تأیید کارگروه دائمی کشور"}), agency=Localised({"fa": "کارگروه دائمی کشوری"})),
    StepInput(title=Localised({"fa": "ابطال کارت و ثبت در سامانهٔ نجوا"}), agency=AGENCY),
    StepInput(title=Localised({"fa": "اخراج فرد از کشور"}), agency=None),
)
"""The form names no agency for the last step."""

"""The official service identity form «revocation of documents», for information only.

Nobody can book, file or follow it here: its effect cannot be undone. What the form leaves blank is None: not announced.
The papers that it lists are those of agencies, not papers to bring, so they are part of the form and not of the
checklist.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from desk.catalogue.rows import ServiceFields, StepInput
from desk.catalogue.rules import RecordState, ServiceChannel
from desk.language.text import Localised

CODE = "revocation"


def _unticked(*names: str) -> dict[str, bool]:
    return dict.fromkeys(names, False)


WAYS = (
    "website", "email", "mobile_app", "call_centre", "post", "sms", "counter_offices", "similar_offices", "other"
)  # fmt: skip
REASONS = ("check_person", "check_paper", "lack_of_network", "other")

ASKED = {"inquiry": True, "by_agency": None, "by_client": None}
"""The form says that there is an inquiry; its boxes for who asks are empty."""

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
        {
            "fa": "استشهاد محلی و مدارکی که خروج غیرقانونی را نشان دهد",
            "fa_AF": "استشهاد محلی و اسنادی که خروج غیرقانونی را نشان دهد",
        },
        {
            "fa": "حکم قضایی، یا گزارش دستگاه‌های مرتبط (اطلاعات، انتظامی)",
            "fa_AF": "حکم محکمه، یا گزارش دستگاه‌های مرتبط (اطلاعات، انتظامی)",
        },
        {"fa": "کارت آمایش یا برگهٔ تردد ۹۰ روزه"},
    ],
    "laws": [{"title": {"fa": "دستورالعمل‌هایی که وزارت کشور می‌فرستد"}, "changes_every_year": True}],
    "statistics": {"recipients": 20, "period": "year"},
    "average_duration": {"fa": "یک ماه"},
    "frequency": {"once_and_for_all": True, "times": None, "period": None},
    "visits_in_person": None,
    "fees": [{"amount": None, "account": None, "electronic_payment": None} for _ in range(3)],
    "web_address": None,
    "system_name": None,
    "ways_of_information": _unticked("electronic", "website", "email", "call_centre", "other", "non_electronic"),
    "medium": _unticked("mobile_app", "post", "sms"),
    "reasons_for_visiting_request": _unticked(*REASONS),
    "reasons_for_visiting_delivery": _unticked(*REASONS),
    "visit_level": _unticked("national", "provincial", "county"),
    "ways_of_request": {**_unticked(*WAYS), "post": True},
    "outsourcing_contract_request": None,
    "ways_of_delivery": _unticked(*WAYS),
    "outsourcing_contract_delivery": None,
    "links_to_own_systems": None,
    "links_to_other_agencies": [
        {"agency": {"fa": agency}, **dict.fromkeys(("system_name", "exchanged", "amount", "online", "batch")), **ASKED}
        for agency in ("اداره اطلاعات", "انتظامی")
    ],
}
"""Every remaining field of the form. Ticks are booleans; a field left blank is None."""

AGENCY = Localised(
    {
        "fa": "استانداری، ادارهٔ کل امور اتباع و مهاجرین خارجی",
        "fa_AF": "استانداری (ولایت)، ادارهٔ کل (ریاست) امور اتباع و مهاجرین خارجی",
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
                "این صفحه فقط برای خواندن است. این‌جا درخواستی نمی‌گیریم.\n"
                "کار با درخواست یکی از اعضای خانوار، گزارش مبادی مربوط، حکم قضایی "
                "یا مصوبهٔ دبیرخانهٔ کمیسیون ساماندهی آغاز می‌شود.\n"
                "دلیل آن خروج غیرقانونی سرپرست یا یکی از اعضای خانوار است، طرد از کشور با حکم قضایی، "
                "یا همان مصوبه برای ابطال مدرک و لغو پناهندگی.\n"
                "کارشناس بررسی می‌کند. کارگروه اتباع بیگانه استان تصویب می‌کند "
                "و کارگروه دائمی اتباع بیگانه کشور تأیید می‌کند.\n"
                "سپس نوع جرم در نرم‌افزار نجوا ثبت و فرم ابطال کارت پر می‌شود."
            ),
            "fa_AF": (
                "این صفحه تنها برای خواندن است. این‌جا درخواستی نمی‌گیریم.\n"
                "کار با درخواست یکی از اعضای خانوار، گزارش مراجع مربوط، حکم محکمه "
                "یا مصوبهٔ دبیرخانهٔ کمیسیون ساماندهی آغاز می‌شود.\n"
                "دلیل آن خروج غیرقانونی سرپرست یا یکی از اعضای خانوار است، اخراج از کشور با حکم محکمه، "
                "یا همان مصوبه برای باطل کردن سند و لغو پناهندگی.\n"
                "کارمند مسلکی بررسی می‌کند. کارگروه اتباع بیگانه استان (ولایت) تصویب می‌کند "
                "و کارگروه دائمی اتباع بیگانه کشور تأیید می‌کند.\n"
                "سپس نوع جرم در نرم‌افزار نجوا ثبت و فورم ابطال کارت خانه‌پری می‌شود."
            ),
        }
    ),
    keywords="ابطال باطل فسخ مدارک اسناد کارت لغو پناهندگی اخراج",
    channel=ServiceChannel.DIRECTORATE,
    agency=AGENCY,
    duration=Localised({"fa": "حدود یک ماه"}),
    is_bookable=False,
    is_irreversible=True,
    official_form=FORM,
    state=RecordState.DRAFT,
    source=Localised(
        {
            "fa": "فرم رسمی خدمت «ابطال مدارک و لغو پناهندگی»",
            "fa_AF": "فورم رسمی خدمت «ابطال اسناد و لغو پناهندگی»",
        }
    ),
)

STEPS: tuple[StepInput, ...] = (
    StepInput(
        title=Localised(
            {
                "fa": (
                    "دریافت درخواست: حکم قضایی، مصوبهٔ کمیسیون ساماندهی، گزارش دستگاه‌های مرتبط یا یکی از اعضای خانوار"
                ),
                "fa_AF": (
                    "دریافت درخواست: حکم محکمه، مصوبهٔ کمیسیون ساماندهی، گزارش دستگاه‌های مرتبط یا یکی از اعضای خانوار"
                ),
            }
        ),
        agency=AGENCY,
    ),
    StepInput(title=Localised({"fa": "بررسی کارشناس", "fa_AF": "بررسی کارمند مسلکی"}), agency=AGENCY),
    StepInput(
        title=Localised({"fa": "استعلام از مراکز امنیتی و انتظامی"}),
        agency=Localised({"fa": "اداره اطلاعات، انتظامی"}),
        is_inquiry=True,
    ),
    StepInput(
        title=Localised({"fa": "طرح در کارگروه استان و گرفتن مصوبه"}),
        agency=Localised({"fa": "کارگروه اتباع بیگانه استان"}),
    ),
    StepInput(
        title=Localised({"fa": "گرفتن تأیید کارگروه دائمی کشور"}),
        agency=Localised({"fa": "کارگروه دائمی اتباع بیگانه کشور"}),
    ),
    StepInput(title=Localised({"fa": "ابطال کارت و ثبت در نرم‌افزار نجوا"}), agency=AGENCY),
    StepInput(title=Localised({"fa": "اخراج (طرد) تبعه از کشور"}), agency=None),
)
"""The form names no agency for the last step."""

FORMER = {
    "description": "bae6b681506d64f4f2e1c61e2d4a64466041bcf022b278a5d9cb243572a2f530",
    "official_form": "a38fbcad2c131c9947e6358c7623c366007631913af145524afff4ae7e191f3d",
    "steps": "749140b102f073af6dedb4723d1747a1f8423d089ed9b0947cf7d2315ba09502",
}
"""Hashes of the texts that earlier seeds wrote: where they still match, staff have not changed the record."""


def mark_of(value: Any) -> str:
    """The hash of a plain value, for `FORMER`."""
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

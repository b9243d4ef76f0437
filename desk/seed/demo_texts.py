"""The names, papers and texts of the invented people of the demonstration."""

from __future__ import annotations

from dataclasses import dataclass

from desk.cases.rules import CaseState
from desk.catalogue.rows import PaperInput
from desk.language.text import Localised
from desk.people.rules import DocumentKind

NAMES = (
    "گل‌آقا رحیمی", "زهرا حسینی", "نادر یعقوبی", "معصومه احمدی", "عبدالله نظری", "فاطمه رضایی",
    "محمدعلی جعفری", "شکریه امیری",
    "قربان‌علی صفری", "مرضیه موسوی", "حبیب‌الله کریمی", "لیلا محمدی", "ذبیح‌الله تاجیک", "سکینه علی‌زاده", "غلام‌سخی نوری",
    "پروین هاشمی", "نورآغا سلطانی", "راضیه بختیاری", "سیدجواد میرزایی", "هاجر عظیمی",
)  # fmt: skip
"""Common names; no particular person."""

_INVENTED = "این مورد نمونه است و برای نمایش ساخته شده؛ مدرک واقعی را از دفتر بپرسید."
_INVENTED_DARI = "این مورد نمونه است و برای نمایش ساخته شده؛ سند واقعی را از دفتر بپرسید."


def _paper(fa: str, fa_af: str = "", *, kind: DocumentKind | None = None) -> PaperInput:
    return PaperInput(
        title=Localised({"fa": f"{fa} (نمونه)", "fa_AF": f"{fa_af or fa} (نمونه)"}),
        note=Localised({"fa": _INVENTED, "fa_AF": _INVENTED_DARI}),
        document_kind=kind,
    )


_CARD = _paper("اصل کارت آمایش", kind=DocumentKind.AMAYESH)
_PASSPORT = _paper("اصل گذرنامه", "اصل پاسپورت", kind=DocumentKind.PASSPORT)
_SLIP = _paper("اصل برگهٔ سرشماری", kind=DocumentKind.HEADCOUNT_SLIP)
_ADDRESS = _paper("نشانی محل زندگی", "آدرس محل زندگی")

PAPERS: dict[str, list[PaperInput]] = {
    "identity-verification": [_CARD, _PASSPORT, _SLIP],
    "amayesh-renewal": [_CARD, _ADDRESS],
    "travel-slip": [_CARD, _SLIP, _ADDRESS],
    "work-card": [_CARD, _PASSPORT, _paper("نام و نشانی کارفرما", "نام و آدرس کارفرما")],
    "visa-residence-renewal": [_PASSPORT, _ADDRESS],
}
"""By the code of a service; each paper says that it is an example."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCase:
    """An invented case and what became of it; without a category a question. Its chat does not exist."""

    category: str | None = None
    office_code: str | None = "72-1102"
    handled_by: str = "alborz"
    text: str
    state: CaseState = CaseState.RECEIVED
    hours_ago: int
    locale: str = "fa"
    name: str | None = None
    service: str | None = None
    paid_rial: int | None = None
    is_taken: bool = False
    note: str | None = None
    reply: str | None = None


CASES: tuple[DemoCase, ...] = (
    DemoCase(
        category="OVERCHARGE",
        text="برای احراز هویت ۱۵۰ هزار تومان از من گرفتند.",
        hours_ago=5,
        service="identity-verification",
        paid_rial=1_500_000,
    ),
    DemoCase(
        category="OVERCHARGE",
        text="گفتند باید پول خدمات دیگر را هم بدهم.",
        hours_ago=30,
        service="identity-verification",
        paid_rial=600_000,
        state=CaseState.IN_REVIEW,
        is_taken=True,
        note="از دفتر خواستیم رسیدهای آن روز را بفرستد.",
    ),
    DemoCase(category="NO_RECEIPT", text="رسید ندادند و گفتند سیستم قطع است.", hours_ago=100),
    DemoCase(
        category="BROKER",
        text="جلوی در یک نفر نوبت می‌فروخت، پنجصد هزار تومان.",
        hours_ago=20,
        locale="fa_AF",
        state=CaseState.IN_REVIEW,
        is_taken=True,
    ),
    DemoCase(
        category="COPY_DEMAND",
        text="کپی کارت خواستند و بدون آن راه ندادند.",
        hours_ago=60,
        state=CaseState.ANSWERED,
        is_taken=True,
        reply="به دفتر گفتیم که کپی لازم نیست. اگر باز هم خواستند، همین‌جا بنویسید.",
    ),
    DemoCase(
        category="DISRESPECT",
        text="کارمند با صدای بلند با مادرم حرف زد.",
        hours_ago=12,
        handled_by="tehran",
        office_code="72-2041",
    ),
    DemoCase(
        category="NO_ORDER",
        text="صف خیلی شلوغ بود و کسی نبود که نوبت را بخواند.",
        hours_ago=50,
        handled_by="tehran",
        office_code="72-2077",
        state=CaseState.ANSWERED,
        is_taken=True,
        reply="از فردا یک همکار کنار در می‌ایستد و نوبت‌ها را می‌خواند.",
    ),
    DemoCase(
        category="NO_DATE",
        text="گفتند پسان بیا، اما نگفتند کدام روز.",
        hours_ago=200,
        locale="fa_AF",
        handled_by="khorasan",
        office_code="72-3309",
        state=CaseState.CLOSED,
        is_taken=True,
        reply="دفتر برای شما روز تازه گذاشت. با همان کد بپرسید.",
    ),
    DemoCase(
        category="WRONG_DATA",
        text="نام پدرم اشتباه ثبت شده است.",
        hours_ago=26,
        handled_by="khorasan",
        office_code="72-3315",
    ),
    DemoCase(category="NO_INFO", text="روی دیوار قیمت نبود.", hours_ago=70, handled_by="admin", office_code=None),
    DemoCase(category="SUGGESTION", text="کاش بعدازظهرها هم باز باشد.", hours_ago=90),
    DemoCase(handled_by="desk1102", text="برای کودک هم باید خودش بیاید؟", hours_ago=3, name="زهرا حسینی"),
    DemoCase(
        handled_by="desk1102",
        text="کارت من گم شده است. اول کجا بروم؟",
        hours_ago=28,
        name="نادر یعقوبی",
        is_taken=True,
        reply="اول به دفتر کفالت بروید و گم‌شدن کارت را بگویید. نوبت رایگان است.",
        state=CaseState.ANSWERED,
    ),
    DemoCase(handled_by="desk1102", text="پنجشنبه هم باز هستید؟", hours_ago=9, locale="fa_AF"),
    DemoCase(
        handled_by="desk1102",
        text="نوبت من برای فرداست اما راه بسته است. چه کنم؟",
        hours_ago=150,
        name="معصومه احمدی",
        is_taken=True,
        reply="از همین‌جا «تغییر وقت» را بزنید؛ نوبت شما نمی‌سوزد.",
        state=CaseState.CLOSED,
    ),
)
"""Fifteen cases, in every state, at all offices of the demonstration."""

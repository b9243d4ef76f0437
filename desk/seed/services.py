"""The starter catalogue: services by their public names; unconfirmed facts stay «not announced».

Fees, papers and durations that were seen on dated pages are left out on purpose. A Dari wording stands only where it
differs; terms on signs stay as they are.
"""

from __future__ import annotations

from desk.catalogue.rows import ServiceFields
from desk.catalogue.rules import RecordState, ServiceChannel
from desk.language.text import Localised
from desk.seed.revocation import REVOCATION

IDENTITY_VERIFICATION = "identity-verification"

ANNOUNCEMENT = Localised({"fa": "اطلاعیهٔ شمارهٔ ۴ کانون", "fa_AF": "اعلامیهٔ شمارهٔ ۴ کانون"})
"""The source of the fee of identity verification; the announcement carries no date."""

DEMO_ANNOUNCEMENT = Localised(
    {"fa": "اطلاعیهٔ شمارهٔ ۴ کانون (تاریخ نمونه)", "fa_AF": "اعلامیهٔ شمارهٔ ۴ کانون (تاریخ نمونه)"}
)
"""The same with an invented date, for the demonstration."""

IDENTITY_FEE_RIAL = 270_000


def _text(fa: str, fa_af: str = "") -> Localised:
    return Localised({"fa": fa, "fa_AF": fa_af})


def _name(
    code: str,
    position: int,
    title: Localised,
    short_title: Localised,
    keywords: str,
    *,
    channel: ServiceChannel,
    is_bookable: bool = False,
    is_irreversible: bool = False,
) -> ServiceFields:
    """A service of which only the name and the channel are known."""
    return ServiceFields(
        code=code,
        position=position,
        title=title,
        short_title=short_title,
        keywords=keywords,
        channel=channel,
        is_bookable=is_bookable,
        is_irreversible=is_irreversible,
        state=RecordState.DRAFT,
    )


IDENTITY = ServiceFields(
    code=IDENTITY_VERIFICATION,
    position=10,
    title=_text("احراز هویت", "احراز هویت (تثبیت هویت)"),
    short_title=_text("احراز هویت"),
    description=_text(
        "مشخصات شما در دفتر پیشخوان ثبت می‌شود تا هویت شما شناخته شود.",
        "معلومات شما در دفتر پیشخوان ثبت می‌شود تا هویت شما تثبیت شود.",
    ),
    keywords="احراز هویت تثبیت هویت شناسایی ثبت مشخصات معلومات اثر انگشت نشان انگشت انگشت‌نگاری عکس پیشخوان سرشماری",
    channel=ServiceChannel.PISHKHAN,
    taken_at_counter=_text("مشخصات، اثر انگشت و عکس شما ثبت می‌شود.", "معلومات، نشان انگشت و عکس شما ثبت می‌شود."),
    is_bookable=True,
    state=RecordState.DRAFT,
    source=ANNOUNCEMENT,
)

KEFALAT = ServiceChannel.KEFALAT
DIRECTORATE = ServiceChannel.DIRECTORATE

SERVICES: tuple[ServiceFields, ...] = (
    IDENTITY,
    _name(
        "amayesh-renewal",
        20,
        _text("تمدید، صدور یا تعویض کارت آمایش", "تمدید، صدور یا تبدیل کارت آمایش"),
        _text("کارت آمایش"),
        "کارت آمایش تمدید صدور تعویض تبدیل گم‌شده المثنی مثنی مهاجر پناهنده amayesh",
        channel=KEFALAT,
        is_bookable=True,
    ),
    _name(
        "visa-residence-renewal",
        30,
        _text("تمدید روادید و پروانهٔ اقامت", "تمدید ویزه (روادید) و اجازهٔ اقامت"),
        _text("روادید و اقامت", "ویزه و اقامت"),
        "روادید ویزا ویزه تمدید پروانه اجازه اقامت گذرنامه پاسپورت visa",
        channel=KEFALAT,
        is_bookable=True,
    ),
    _name(
        "residence-paper-by-invitation",
        40,
        _text("گرفتن مدرک اقامت با پیامک دعوت", "گرفتن سند اقامت با مسج (پیامک) دعوت"),
        _text("مدرک با پیامک", "سند با مسج (پیامک)"),
        "پیامک مسج دعوت مدرک سند اقامت کارت هوشمند دریافت گرفتن",
        channel=KEFALAT,
        is_bookable=True,
    ),
    _name(
        "work-card",
        50,
        _text("صدور و تمدید کارت کار"),
        _text("کارت کار"),
        "کارت کار کارگر اشتغال اجازه پروانه جواز تمدید صدور",
        channel=KEFALAT,
        is_bookable=True,
    ),
    _name(
        "travel-slip",
        60,
        _text("برگهٔ تردد بین استان‌ها", "برگهٔ تردد (اجازهٔ سفر) بین ولایت‌ها"),
        _text("برگهٔ تردد"),
        "برگه تردد مجوز اجازه سفر مسافرت بین استان ولایت جواز راه",
        channel=KEFALAT,
        is_bookable=True,
    ),
    _name(
        "unique-code",
        70,
        _text("کد یکتا (کد اختصاصی)"),
        _text("کد یکتا"),
        "کد یکتا اختصاصی شناسه کدیکتا نمبر شماره اتباع کد ملی",
        channel=KEFALAT,
        is_bookable=True,
    ),
    _name(
        "family-passport",
        80,
        _text(
            "تمدید و تفکیک گذرنامهٔ خانوادگی، گذرنامهٔ الکترونیکی",
            "تمدید و جدا کردن پاسپورت (گذرنامه) خانوادگی، پاسپورت الکترونیکی",
        ),
        _text("گذرنامهٔ خانوادگی", "پاسپورت خانوادگی"),
        "گذرنامه پاسپورت خانوادگی خانواری فامیلی فامیل الکترونیکی تمدید تفکیک جدا passport",
        channel=KEFALAT,
        is_bookable=True,
    ),
    _name(
        "work-contract",
        90,
        _text("قرارداد کار"),
        _text("قرارداد کار"),
        "قرارداد کار کارگر کارفرما صاحب‌کار",
        channel=KEFALAT,
        is_bookable=True,
    ),
    _name(
        "bank-account",
        100,
        _text("معرفی برای باز کردن حساب بانکی"),
        _text("حساب بانکی"),
        "بانک حساب افتتاح باز کردن کارت بانکی",
        channel=KEFALAT,
        is_bookable=True,
    ),
    _name(
        "insurance",
        110,
        _text("بیمه"),
        _text("بیمه"),
        "بیمه درمان شفاخانه بیمارستان",
        channel=KEFALAT,
        is_bookable=True,
    ),
    _name(
        "study-support",
        120,
        _text("برگهٔ حمایت تحصیلی و گواهی تحصیلی", "برگهٔ حمایت تحصیلی و تصدیق تحصیلی"),
        _text("حمایت تحصیلی"),
        "حمایت تحصیلی گواهی تصدیق درس مدرسه مکتب دانش‌آموز شاگرد ثبت‌نام دانشگاه پوهنتون",
        channel=KEFALAT,
        is_bookable=True,
    ),
    _name(
        "birth-registration",
        130,
        _text("ثبت ولادت فرزند", "ثبت تولد طفل (ولادت)"),
        _text("ثبت ولادت", "ثبت تولد"),
        "ولادت تولد نوزاد طفل فرزند کودک گواهی تصدیق ثبت",
        channel=DIRECTORATE,
    ),
    _name(
        "marriage-household",
        140,
        _text("ثبت ازدواج و تفکیک خانوار", "ثبت ازدواج و ثبت خانوادهٔ نو (تفکیک خانوار)"),
        _text("ازدواج و خانوار", "ازدواج و خانواده"),
        "ازدواج عقدنامه نکاح نکاح‌خط عروسی تفکیک خانوار خانواده فامیل جدا",
        channel=DIRECTORATE,
    ),
    _name(
        "marriage-permit",
        150,
        _text("پروانهٔ زناشویی", "پروانهٔ زناشویی (اجازهٔ ازدواج)"),
        _text("پروانهٔ زناشویی"),
        "پروانه زناشویی ازدواج زن ایرانی مرد خارجی اجازه جواز",
        channel=DIRECTORATE,
    ),
    _name(
        "refugee-card",
        160,
        _text("کارت شناسایی پناهندگان"),
        _text("کارت پناهندگی"),
        "کارت شناسایی پناهنده پناهندگی دفترچه استانداری والی",
        channel=ServiceChannel.OTHER,
    ),
    _name(
        "driving-licence",
        170,
        _text("گواهینامهٔ رانندگی", "لایسنس (گواهینامهٔ) رانندگی"),
        _text("گواهینامهٔ رانندگی", "لایسنس رانندگی"),
        "گواهینامه رانندگی لایسنس جواز موتر ماشین راننده",
        channel=ServiceChannel.OTHER,
    ),
    _name(
        "status-change",
        180,
        _text("تبدیل وضعیت از آمایش به گذرنامه", "تبدیل آمایش به پاسپورت (گذرنامه)"),
        _text("آمایش به گذرنامه", "آمایش به پاسپورت"),
        "تبدیل وضعیت آمایش به گذرنامه پاسپورت تغییر",
        channel=DIRECTORATE,
        is_irreversible=True,
    ),
    _name(
        "exit-slip",
        190,
        _text("برگهٔ خروج عادی", "برگهٔ خروج عادی (رفتن از ایران)"),
        _text("برگهٔ خروج"),
        "برگه خروج عادی خروجی رفتن برگشت بازگشت افغانستان وطن",
        channel=DIRECTORATE,
        is_irreversible=True,
    ),
    REVOCATION,
)

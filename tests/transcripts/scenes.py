"""What a scene of the crawl is, and the lines that several scenes begin with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from desk.catalogue.rules import SHORT_TITLE_LETTERS
from desk.language.text import Localised
from desk.storage.base import WriteSession
from tests.transcripts.world import World, line, office_of_code, service_of_code

LONG_NAME: Final = "سیدمحمدابراهیم‌رضایی‌زاده‌هروی"
NO_NAME: Final = "صبح"
"""What is asked about where a name is asked for."""
WORD: Final = "کبوتر سفید"


@dataclass(frozen=True, slots=True)
class Scene:
    """`given` = lines of a transcript; with «>» what the person does before the crawl begins."""

    given: tuple[str, ...]
    firsts: tuple[str, ...] = ("/start",)
    through: tuple[str, ...] = ()


LONG_OFFICE: Final = "دفتر پیشخوان خدمات دولت و مردم ۷۲-۱۱۰۲"
LONG_CITY: Final = "شهر جدید مهستان هشتگرد"
LONG_TITLE: Final = "احراز هویت و ثبت‌نام دارندگان برگهٔ سرشماری و کارت آمایش"
SHORT_TITLE: Final = "احراز هویت سرشماری‌ها"


@line("everything has the longest names")
async def long_names(world: World) -> None:
    def lengthen(session: WriteSession) -> None:
        service = service_of_code(session, "renewal")
        assert len(SHORT_TITLE) > SHORT_TITLE_LETTERS - 2
        service.short_title = Localised(
            {"fa": SHORT_TITLE[:SHORT_TITLE_LETTERS], "fa_AF": SHORT_TITLE[:SHORT_TITLE_LETTERS]}
        )
        service.title = Localised({"fa": LONG_TITLE})
        office = office_of_code(session, "72-1102")
        office.name, office.city = Localised({"fa": LONG_OFFICE}), Localised({"fa": LONG_CITY})

    await world.write(lengthen)


HOME = ("menu.door", "settings.section", "phone.entry")
AT_THE_OFFICE = f"{LONG_NAME} has a turn for «identity» on day 7 at 9:30 in 72-1102"
COMPLAINED = "this chat complained of «NO_RECEIPT» in 72-1102"
OLD_CHAT = (
    f"an old chat has a turn for «identity» with the code 523686587, for the number 48217305, and the word «{WORD}»"
)
TO_THE_WORD = ("> [⚙️ تنظیمات]", "> [📱 گوشی دیگر]", "> [📱 نوبت‌ها را بیاورید]", "> 523686587", "> 48217305")
ANNOUNCED = "the desk announces the fee of «renewal»"
WAITS = ("> /start s_renewal", "> [🔔 خبرم کنید]")
OFFERED = "a turn for «identity» at 72-1102 on day 5 at 10:05 becomes free and is offered"
NOT_ANSWERED = ("the offers are looked after", "30 hours pass", "the offers are looked after")
LILA_WAITS = ("لیلا is known to this chat by the number 12345678", "لیلا waits for «identity» at 72-1102")
HERE = ("the usual desk", "everything has the longest names", "a person who has been here before")
TAKEN = (
    *HERE,
    f"{LONG_NAME} is known to this chat by the number 12345678",
    "everything is taken",
    f"{LONG_NAME} waits for «identity» at 72-1102 since 3 days",
    "> /start",
)
FREED = "somebody gives back a place on day 7 at 9:30 in 72-1102"
ASKED = "those who wait are asked"

"""What people write first, at the main page, and what each of these words leads to, in both languages."""

from __future__ import annotations

from typing import Final

import pytest

from desk.storage.engine import Storage
from tests.transcripts.bare import BareStage
from tests.transcripts.stage import Bot, Clock, language_of
from tests.transcripts.world import World

pytestmark = pytest.mark.sqlite

BOOK, SERVICES = "برای کدام کار نوبت می‌خواهید؟", "برای کدام کار؟"
COMPLAIN, NO_APPOINTMENT = "از چه شکایت دارید؟", " نوبتی ندارید."
FOLLOW, OFFICES, MENU = "رقم‌های کد را بنویسید.", "کدام دفتر به شما نزدیک است؟", "چه ک"
YES, NO = "یکی از این‌ها را", "هر وقت کار"
FIRST: Final = {
    "سلام": "سلام. خوش آمدید.",
    "salam": "سلام. خوش آمدید.",
    "تشکر": "این‌جا هستم.",
    "نوبت می‌خواهم": BOOK,
    "میخوام نوبت بگیرم": BOOK,
    "مه نوبت میخایم": BOOK,
    "NOBAT": BOOK,
    "salam nobat mikham": BOOK,
    "شکایت دارم": COMPLAIN,
    "از من پول گرفتند": "👤 جواب را",
    "قیمت": SERVICES,
    "کارت آمایش": "تمدید کارت آمایش",
    "karte amayesh": "تمدید کارت آمایش",
    "لغو": NO_APPOINTMENT,
    "نمی‌توانم بیایم": NO_APPOINTMENT,
    "482917305": "هیچ نوبتی این کد را ندارد",
    "🗓": BOOK,
    "💰": SERVICES,
    "📄": SERVICES,
    "📣": COMPLAIN,
    "🔎": FOLLOW,
    "⏳": FOLLOW,
    "💬": "💬 سؤال را به کجا",
    "⚙️": "⚙️ چه چیز",
    "👤": "⚙️ چه چیز",
    "📍": OFFICES,
    "🎫": NO_APPOINTMENT,
    "🕘": NO_APPOINTMENT,
    "✅": NO_APPOINTMENT,
    "🏠": MENU,
    "ولایت البرز": OFFICES,
    "دفتر کرج کجاست": OFFICES,
    "بله": YES,
    "بلی": YES,
    "اوکی": YES,
    "bale": YES,
    "بله ممنون": YES,
    "نه": NO,
    "نی": NO,
    "نخیر": NO,
    "na": NO,
    "نی تشکر": NO,
}
"""By first word: a part of the screen that it leads to. Somebody without an appointment is told so."""

TIMES_AND_PLACES: Final = {
    "ساعت ده": "برای ساعت ۱۰:۰۰ نوبت",
    "ده بجه": "برای ساعت ۱۰:۰۰ نوبت",
    "صبح": "برای صبح نوبت",
    "بعد از ظهر": "برای بعد از ",
    "بعد از چاشت": "برای بعد از ",
    "فردا": "برای یکشنبه ۱ ",
    "صبا": "برای یکشنبه ۱ ",
    "فردا صبح": "برای صبح یکشنبه ۱ ",
    "پس فردا": "برای دوشنبه ۲ ",
    "پس‌فردا": "برای دوشنبه ۲ ",
    "پس صبا": "برای دوشنبه ۲ ",
    "سبا پیشین": "برای بعد از ",
    "نماز دیگر": "برای عصر",
    "ساعت ده در کرج": "برای ساعت ۱۰:۰۰ در کرج نوبت",
    "کرج، ساعت ۱۰": "برای ساعت ۱۰:۰۰ در کرج نوبت",
    "کرج صبا ده بجه": "برای ساعت ۱۰:۰۰ یکشنبه ۱ ",
    "هفتهٔ بعد": "برای شنبه ۷ ",
    "هفته دگه": "برای شنبه ۷ ",
    "۱۵": "نوشتید ۱۵. ",
    "پانزدهم": "برای یکشنبه ۱۵ ",
    "اول ماه": "برای یکشنبه ۱ ",
    "10 azar": "برای سه‌شنبه ۱۰ ",
    "دهم قوس": "برای سه‌شنبه ۱۰ ",
    "کرج": "در کرج چه ک",
    "شهر کرج": "در کرج چه ک",
    "karaj": "در کرج چه ک",
    "قم": "در قم چه ک",
    "ghom": "در قم چه ک",
    "استان البرز": "در البرز چه ک",
}
"""By what somebody writes at the main page who wants to come then or there: a part of the question about it."""
SERVICES_WITH_A_WISH: Final = {
    "هزینهٔ احراز هویت چقدر است؟": "💰 ",
    "فیس احراز هویت چند اس؟": "💰 ",
    "احراز هویت چنده": "💰 ",
    "مدارک احراز هویت": "را دارید؟",
    "اسناد احراز هویت": "را دارید؟",
    "برای احراز هویت نوبت می‌خواهم": "🗓 احراز هویت\nکدام دفتر",
    "بری احراز هویت نوبت میخایم": "🗓 احراز هویت\nکدام دفتر",
}
"""A part of the fee, the papers and the booking of the service that is named."""


@pytest.fixture(params=["", " in Dari"], ids=["fa", "fa_AF"])
async def stage(request: pytest.FixtureRequest, storage: Storage) -> BareStage:
    bot = Bot(storage, language_of("fa"), Clock())
    stage = BareStage(bot)
    world = World(bot, stage, "fa")
    await world.does("the usual desk")
    await world.does(f"a person who has been here before{request.param}")
    await stage.say("/start")
    return stage


async def test_first_words_lead_where_they_want(stage: BareStage) -> None:
    led = {}
    for word, wanted in FIRST.items():
        await stage.say("🏠")
        text = (await stage.say(word))[-1].text
        if wanted not in text or "نفهمیدم" in text:
            led[word] = text
    assert led == {}


async def test_a_time_or_a_place_is_asked_about_with_two_buttons(stage: BareStage) -> None:
    wrong = {}
    for word, wanted in TIMES_AND_PLACES.items():
        await stage.say("🏠")
        seen = (await stage.say(word))[-1]
        if wanted not in seen.text or "نفهمیدم" in seen.text or len(seen.rows) < 3:
            wrong[word] = seen
    assert wrong == {}


@pytest.mark.parametrize(
    "wish", ["فردا ساعت ۱۰ در کرج نوبت می‌خواهم", "صبا ۱۰ بجه ده کرج نوبت میخایم", "کرج، فردا ساعت ۱۰"]
)
async def test_a_place_beside_an_hour_in_figures_is_not_asked_for_again(stage: BareStage, wish: str) -> None:
    first = (await stage.say(wish))[-1]
    asked = first if BOOK in first.text else (await stage.say("بله"))[-1]
    assert BOOK in asked.text
    offices = " ".join(each.text for each in await stage.say("احراز هویت"))
    assert "دفتر 72-1102" in offices
    assert "تهران" not in offices


@pytest.mark.parametrize("wish", ["پس فردا نوبت می‌خواهم", "پس صبا نوبت میخایم", "نوبت را برای پس‌فردا می‌خواهم"])
async def test_the_day_after_tomorrow_is_no_wish_to_move(stage: BareStage, wish: str) -> None:
    assert BOOK in (await stage.say(wish))[-1].text


async def test_a_service_named_with_its_wish_needs_no_list(stage: BareStage) -> None:
    wrong = {}
    for phrase, wanted in SERVICES_WITH_A_WISH.items():
        await stage.say("🏠")
        seen = (await stage.say(phrase))[-1]
        if wanted not in seen.text or "احراز هویت" not in seen.text:
            wrong[phrase] = seen
    assert wrong == {}


@pytest.mark.parametrize("phrase", ["کارت آمایش ندارم", "آمایش ندارم", "کارت آمایش ندارد"])
async def test_who_says_at_the_paper_that_there_is_none_is_not_led_to_fees(stage: BareStage, phrase: str) -> None:
    for said in ("🗓", "احراز هویت", "البرز", "72-1102", "بله", "لیلا"):
        await stage.say(said)
    seen = (await stage.say(phrase))[-1]
    assert seen.text.startswith("👤 لیلا هیچ")
    assert not any("💰" in label for row in seen.rows for label in row)


@pytest.mark.parametrize("city", ["کرج", "karaj", "KARAJ", "tehran", "تهران"])
async def test_a_city_is_found_in_either_script(stage: BareStage, city: str) -> None:
    await stage.say("🗓")
    await stage.say("کارت آمایش")
    shown = " ".join(each.text for each in await stage.say(city))
    assert "دفتر 72-1102" in shown or "دفتر 21-2201" in shown


@pytest.mark.parametrize("service", ["کارت آمایش", "آمایش", "amayesh", "kart amayesh"])
@pytest.mark.parametrize("page", ["🗓", "💰"])
async def test_a_service_is_found_by_its_words_wherever_it_is_asked_for(
    stage: BareStage, page: str, service: str
) -> None:
    await stage.say(page)
    text = (await stage.say(service))[-1].text
    assert (OFFICES if page == "🗓" else "تمدید کارت آمایش") in text


@pytest.mark.parametrize("page", ["🗓", "📣", "🔎"])
async def test_a_wish_in_the_middle_of_a_question_is_offered(stage: BareStage, page: str) -> None:
    await stage.say(page)
    assert "به آن‌جا برویم؟" in (await stage.say("قیمت"))[-1].text


@pytest.mark.parametrize("page", [("🗓",), ("🗓", "کارت آمایش"), ("💰",), ("📣",), ("🔎",), ("💬",), ("⚙️",), ("📍",)])
@pytest.mark.parametrize(("yes", "no"), [("بله", "نه"), ("بلی", "نی")])
async def test_yes_and_no_are_understood_on_every_page(
    stage: BareStage, page: tuple[str, ...], yes: str, no: str
) -> None:
    for word in (yes, no):
        await stage.say("🏠")
        for each in page:
            await stage.say(each)
        shown = [(await stage.say(word))[-1] for _ in range(4)]
        assert all("نفهمیدم" not in seen.text for seen in shown)
        assert all(seen.rows for seen in shown)


@pytest.mark.parametrize("yes", ["بله", "بلی"])
async def test_yes_is_never_a_step_towards_erasing(stage: BareStage, yes: str) -> None:
    page = (await stage.say("اطلاعاتم را پاک کن"))[-1]
    for _ in range(4):
        seen = (await stage.say(yes))[-1]
        assert seen.text.endswith(page.text)
        assert YES in seen.text
        assert seen.rows == page.rows


async def test_yes_takes_no_other_answer_where_the_one_it_meant_is_gone(stage: BareStage) -> None:
    for said in ("🗓", "احراز هویت", "البرز", "72-1102", "نه"):
        await stage.say(said)
    offered = (await stage.say("بله"))[-1].text
    world = World(stage.bot, stage, "fa")
    for time in ("9:30", "10:00", "11:00"):
        await world.does(f"somebody else takes the last place on day 7 at {time} in 72-1102")
    after = (await stage.say("بله"))[-1].text
    assert "را می‌خواهید" in offered
    assert "آن روز" in after
    assert "کدام روز" in after

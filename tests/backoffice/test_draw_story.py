"""A draw from beginning to end as people do it: the directorate and a second office-holder over pages, others in chats.

Nothing is written into the database by hand; the jobs are those of the timetable.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.dialogue.heard import Address
from desk.draws.running import run_draws
from desk.draws.seeds import bytes_of_word, commitment
from desk.reading.folding import ascii_digits, strip_bidi
from desk.storage.base import WriteSession
from desk.verify import verify
from desk.waiting.watching import watch_offers
from tests.backoffice.conftest import Browser, Site
from tests.backoffice.forms import form_at
from tests.makers import TODAY, at
from tests.transcripts.bare import BareStage
from tests.transcripts.stage import Bot, Clock, language_of

WORD = "هفده درنای آبی بر بام"
FIGURE = "2345678"
RULES = {"publish_at": "18:00", "days_ahead": "2", "confirm_hours": "12", "priority_share": "0"}
PLACE = "?service={service}&province=IR-30"


@dataclass
class Story:
    """The site, the second office-holder and the directorate, and a bot over the same database."""

    site: Site
    bot: Bot
    first: Browser
    second: Browser

    async def prepares(self, place: str, plan: dict[str, str]) -> str:
        """The directorate prepares a draw; returns the address of its steps."""
        sent = form_at((await self.first.get(f"/draws/new{place}")).text, "/draws/new").values | plan
        answer = await self.first.post("/draws/new", sent)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    async def sends(self, who: Browser, page: str, address: str, **typed: str) -> int:
        """Fill in the form of a page as a browser does; returns what was answered."""
        sent = form_at((await who.get(page)).text, address).values | typed
        return (await who.post(address, sent)).status_code

    async def moves(self, to: timedelta) -> None:
        """Let time pass until so long after midnight of today, for pages and chats; both sign in once more."""
        self.site.clock.at = self.bot.clock.moment = at(TODAY, hour=0) + to
        self.first, self.second = await self.site.signed_in("admin"), await self.site.signed_in("province")

    async def jobs(self) -> None:
        """What the timetable does until nothing is due."""
        while await self.site.storage.write(lambda session: run_draws(session, now=self.bot.clock.now())):
            pass
        await self.site.storage.write(lambda session: watch_offers(session, now=self.bot.clock.now(), limit=500))


async def asks(chat: BareStage, *, name: str, number: str) -> str:
    """A new person asks to be told; returns the number of the request that the chat shows."""
    await chat.say("/start")
    for label in ("فارسی (ایران)", "✅ متوجه شدم", "🗓 نوبت", "البرز", "🔔 خالی شد، خبرم کنید"):
        await chat.press(label)
    await chat.say(name)
    await chat.press("کارت آمایش")
    await chat.say(number)
    seen = await chat.press("✅ بله، بنویسید")
    said = "\n".join(line for each in seen for line in each.lines())
    assert "قرعه‌کشی" in said
    found = re.search(r"[0-9]{16}", re.sub(r"(?<=[0-9])[ -](?=[0-9])", "", ascii_digits(strip_bidi(said))))
    assert found, said
    return found[0]


@pytest.fixture
async def story(site: Site) -> Story:
    bot = Bot(site.storage, language_of("fa"), Clock(site.clock.now()))
    return Story(site, bot, await site.signed_in("admin"), await site.signed_in("province"))


@pytest.mark.sqlite
async def test_from_switching_on_to_the_public_page(story: Story) -> None:
    site, bot = story.site, story.bot
    place = PLACE.format(service=site.world.service)
    setting = f"/draws/setting{place}"

    # the rules, while places are open; a draw cannot be switched on before one is announced
    rules = {**RULES, "reason": "نوبت‌ها کمیاب است"}
    assert await story.sends(story.first, setting, "/draws/setting", **rules) == 303
    refused = await story.sends(story.first, setting, "/draws/setting", **rules, how="drawn")
    assert refused == 422

    # prepared by the first, committed to by the second, announced, switched on
    plan = {
        "first_day": "1405/09/03",
        "last_day": "1405/09/04",
        "closes_day": "1405/09/01",
        "closes_time": "12:00",
        "figure_name": "شاخص پایانی بورس در ۱ آذر",
        "figure_digits": "7",
    }
    steps = await story.prepares(place, plan)
    public = steps.removesuffix("/steps")
    assert "/word" not in (await story.first.get(steps)).text, "who prepared it is not asked for the word too"
    word_hash = commitment(bytes_of_word(WORD))
    assert (await story.first.post(f"{steps}/word", {"word_hash": word_hash})).status_code == 422
    assert (await story.first.post(f"{steps}/announce")).status_code == 422
    short = await story.second.post(f"{steps}/word", {"word_hash": ""})
    assert (short.status_code, "کلمه‌ای از ۱۲ تا ۲۰۰ حرف بنویسید" in strip_bidi(short.text)) == (422, True)
    assert await story.sends(story.second, steps, f"{steps}/word", word_hash=word_hash) == 303
    assert (await story.second.post(f"{steps}/announce")).status_code == 404
    assert await story.sends(story.first, steps, f"{steps}/announce") == 303
    assert await story.sends(story.first, setting, "/draws/setting", **rules, how="drawn") == 303

    # two people ask in the chat
    chats = {}
    for each, name in enumerate(("لیلا احمدی", "نورالله حسینی")):
        chat = BareStage(bot, Address("bare", f"bot{each}", f"9900{each}"), updates=1000 * each)
        chats[await asks(chat, name=name, number=f"1234567{each}")] = chat

    # the list closes: hash and counts on the public page
    await story.moves(timedelta(days=1, hours=12))
    await story.jobs()
    stranger = site.browser()
    closed = strip_bidi((await stranger.get(public)).text)
    assert "فهرست بسته شد" in closed
    assert WORD not in closed

    # the figure, by two people who do not see each other's; a slip of one is said and nothing runs
    assert await story.sends(story.first, steps, f"{steps}/figure", figure="2345679") == 303
    assert "2345679" not in (await story.second.get(steps)).text
    assert await story.sends(story.second, steps, f"{steps}/figure", figure=FIGURE) == 303
    shown = (await story.second.get(steps)).text
    assert "دو عدد یکی نیست" in shown
    assert "2345679" in shown
    await story.moves(timedelta(days=1, hours=18))
    await story.jobs()
    assert "قرعه کشیده شد" not in (await stranger.get(public)).text
    assert await story.sends(story.first, steps, f"{steps}/figure", figure="۲۳۴۵۶۷۸") == 303
    assert await story.sends(story.second, steps, f"{steps}/reveal", word="هفده درنای آبی بر آب") == 422
    assert await story.sends(story.second, steps, f"{steps}/reveal", word=WORD) == 303

    # drawn: the public page, and the chats, of which one confirms with one tap
    await story.jobs()
    shown = (await stranger.get(public)).text
    assert "قرعه کشیده شد" in shown
    for part in (WORD, FIGURE, word_hash):
        assert part in shown
    for number, chat in chats.items():
        found = (await stranger.get(f"{public}?number={number}")).text
        assert "قرعه به نام این درخواست افتاد" in found, "there are more places than requests"
        said = "\n".join(line for each in await chat.post() for line in each.lines())
        assert "✅" in said
    winner = next(iter(chats.values()))
    await site.storage.write(_all_arrived, story)
    booked = await winner.press("✅ بله، می‌خواهم")
    assert any("نوبت" in line for each in booked for line in each.lines())
    assert await site.storage.read(verify) == []


def _all_arrived(session: WriteSession, story: Story) -> None:
    watch_offers(session, now=story.bot.clock.now(), limit=500)


@pytest.mark.parametrize("page", ["/draws/new", "/draws/setting"])
async def test_a_choice_of_half_a_place_says_what_is_missing_and_keeps_the_rest(site: Site, page: str) -> None:
    admin = await site.signed_in("admin")
    asked = (await admin.get(f"{page}?service=&province=IR-30")).text
    assert 'id="service-reasons"' in asked
    assert 'id="province-reasons"' not in asked
    assert 'value="IR-30" selected' in asked
    assert "-reasons" not in (await admin.get(page)).text


async def test_switching_back_calls_the_draw_off_and_those_who_asked_are_told(story: Story) -> None:
    place = PLACE.format(service=story.site.world.service)
    setting = f"/draws/setting{place}"
    rules = {**RULES, "reason": "نوبت‌ها کمیاب است"}
    plan = {
        "first_day": "1405/09/10",
        "last_day": "1405/09/10",
        "closes_day": "1405/09/02",
        "closes_time": "12:00",
        "figure_name": "شاخص",
        "figure_digits": "4",
    }
    assert await story.sends(story.first, setting, "/draws/setting", **rules) == 303
    steps = await story.prepares(place, plan)
    await story.sends(story.second, steps, f"{steps}/word", word_hash="b" * 64)
    await story.sends(story.first, steps, f"{steps}/announce")
    assert await story.sends(story.first, setting, "/draws/setting", **rules, how="drawn") == 303
    chat = BareStage(story.bot, Address("bare", "mizban", "99009"))
    await asks(chat, name="لیلا احمدی", number="12345678")

    assert await story.sends(story.first, setting, "/draws/setting", **rules, how="open") == 303
    await story.jobs()
    said = "\n".join(line for each in await chat.post() for line in each.lines())
    assert "قرعه‌کشی انجام نشد" in said
    assert "جای شما در فهرست می‌ماند" in said
    history = strip_bidi((await story.first.get(setting)).text)
    assert "با قرعه" in history
    assert "روز تا نزدیک‌ترین جای آزاد" in history


@pytest.mark.sqlite
async def test_the_directorate_of_the_country_calls_off_one_draw(story: Story) -> None:
    place = PLACE.format(service=story.site.world.service)
    plan = {
        "first_day": "1405/09/23",
        "last_day": "1405/09/23",
        "closes_day": "1405/09/14",
        "closes_time": "12:00",
        "figure_name": "شاخص پایانی بورس در ۱۶ آذر",
        "figure_digits": "7",
    }
    steps = await story.prepares(place, plan)
    off = f"{steps}/call-off"
    assert off not in (await story.first.get(steps)).text, "nothing is announced yet"
    await story.sends(story.second, steps, f"{steps}/word", word_hash=commitment(bytes_of_word(WORD)))
    assert await story.sends(story.first, steps, f"{steps}/announce") == 303
    assert off not in (await story.second.get(steps)).text

    assert await story.sends(story.first, steps, off) == 303

    page = strip_bidi((await story.first.get(steps)).text)
    assert "انجام نشد" in page
    assert off not in page
    assert (await story.first.post(off)).status_code == 422
    assert await story.site.storage.read(verify) == []

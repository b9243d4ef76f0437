"""What the tests do in the browser: a phone of the phone page, and a member of staff at the back office."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import ConsoleMessage, Error, Locator, Page, TimeoutError

from desk.language.language import Language
from desk.language.text import Locale, Param, Words
from desk.reading.folding import strip_bidi
from tests.browser.patience import expect
from tests.browser.product import Product


@dataclass
class Phone:
    """One of the two phones, held by a person who reads `locale`."""

    page: Page
    look: str
    locale: Locale
    language: Language

    @property
    def screen(self) -> Locator:
        return self.page.locator(f".phone.{self.look}")

    @property
    def said(self) -> Locator:
        """Everything the bot has said."""
        return self.screen.locator(".theirs .words")

    def words(self, context: str, message: str, **params: Param) -> str:
        """What a sentence of ours is in the language of this person."""
        return strip_bidi(self.language.plain(Words(context)(message, **params), self.locale))

    def plain(self, text: Param) -> str:
        return strip_bidi(self.language.plain(text, self.locale))

    async def press(self, label: str) -> None:
        """Press the newest button with this label, under the text or under the writing line."""
        key = self.screen.locator(".key", has_text=label).last
        try:
            await key.click()
        except TimeoutError as missing:
            raise AssertionError(f"no button «{label}»; the phone shows: {await self.screen.inner_text()}") from missing

    async def choose(self, context: str, message: str) -> None:
        await self.press(self.words(context, message))

    async def say(self, text: str) -> None:
        await self.screen.locator("textarea").fill(text)
        await self.screen.locator("textarea").press("Enter")

    async def hears(self, text: str) -> Locator:
        """Wait until the bot has said this; the newest message that holds it."""
        found = self.said.filter(has_text=text).last
        await expect(found).to_be_visible()
        return found

    async def code(self, message: Locator) -> str:
        """The tracking code in this message, in Latin digits; Bale cannot mark it, so it is found by its length."""
        shown = re.search("[۰-۹]{9}", strip_bidi(await message.inner_text()))
        assert shown is not None, await message.inner_text()
        return shown[0].translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))

    async def begin(self) -> None:
        """From nothing to the main page: language and privacy."""
        await self.screen.locator(".start").click()
        name = "Dari (Afghanistan)" if self.locale is Locale.FA_AF else "Persian (Iran)"
        await self.press(strip_bidi(self.language.plain(Words("welcome")(name), Locale.FA)))
        await self.choose("welcome", "✅ I understand")
        await self.hears(self.words("menu", "What would you like to do?"))


@dataclass
class Member:
    """Somebody of the staff at the back office."""

    page: Page
    product: Product
    language: Language
    locale: Locale = Locale.FA

    def words(self, context: str, message: str, **params: Param) -> str:
        return strip_bidi(self.language.plain(Words(context)(message, **params), self.locale))

    async def sign_in(self, username: str) -> None:
        """Sign in as a newcomer does: where a code is asked for, it is read from the page of the phones.

        A code is taken once: who signed in before in this run goes on with that session.
        """
        if username in self.product.sessions:
            await self.page.context.add_cookies(self.product.sessions[username])
            await self.page.goto(f"{self.product.desk}/start")
            await expect(self.page.locator("h1")).to_be_visible()
            return
        await self.page.goto(f"{self.product.desk}/sign-in")
        await self.page.locator("input[name=username]").fill(username)
        await self.page.locator("input[name=password]").fill(self.product.password)
        await no_axe_complaints(self.page)
        await self.page.locator("button[type=submit]").click()
        await expect(self.page.locator("input[name=username]")).to_have_count(0)
        if await self.page.locator("input[name=code]").count():
            await no_axe_complaints(self.page)
            await self.say_code(username)
            await self.page.wait_for_url(lambda address: "/sign-in" not in address)
            cookies = await self.page.context.cookies(self.product.desk)
            kept = [{"name": each["name"], "value": each["value"], "url": self.product.desk} for each in cookies]
            self.product.sessions[username] = [each for each in kept if each["name"] == "mizban"]
        await self.page.wait_for_url(lambda address: "/sign-in" not in address)
        await expect(self.page.locator("h1")).to_be_visible()

    async def say_code(self, username: str) -> None:
        """Write the code that the page of the phones shows; one that was said before is waited out."""
        while (code := await self._code_of(username)) in self.product.codes_said:
            await asyncio.sleep(0.5)
        self.product.codes_said.add(code)
        await self.page.locator("input[name=code]").fill(code)
        await self.page.locator("button[type=submit]").first.click()

    async def _code_of(self, username: str) -> str:
        answer = await self.page.request.get(f"{self.product.phones}_emulator/codes")
        codes: dict[str, str] = {each["name"]: each["code"] for each in await answer.json()}
        return codes[username]

    async def open(self, path: str) -> None:
        await self.page.goto(f"{self.product.desk}{path}")


@dataclass
class Complaints:
    """What the consoles of all pages say; must stay empty. An answer that is `meant` to be a refusal may be noted."""

    said: list[str] = field(default_factory=list)
    meant: set[int] = field(default_factory=set)
    """Statuses of HTTP that the test brings about."""

    def listen(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.said.append(f"{page.url}: {error}"))

    def _console(self, message: ConsoleMessage) -> None:
        is_meant = any(re.search(rf"\b{status}\b", message.text) for status in self.meant)
        if message.type in {"error", "warning"} and not is_meant:
            self.said.append(f"{message.location.get('url')}: {message.text}")


async def at_width(page: Page, width: int, *, height: int = 900) -> None:
    """Make the window this wide, and wait until the page has it."""
    await page.set_viewport_size({"width": width, "height": height})
    await page.wait_for_function("width => window.innerWidth === width", arg=width)


async def no_axe_complaints(page: Page) -> None:
    """No rule of accessibility is broken on the page as it stands, or on the one that comes while it is judged."""
    try:
        results: Any = await Axe().run(page)
    except Error:
        # A press had begun to open another page: the first went away while it was read.
        await page.wait_for_load_state("networkidle")
        results = await Axe().run(page)
    broken = results.response["violations"]
    found = [(rule["id"], [node["html"][:160] for node in rule["nodes"]]) for rule in broken]
    assert found == [], f"{page.url}: {found}"

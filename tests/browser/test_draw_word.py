"""The word of a draw is hashed in the browser as the desk does it, and only where the desk would take the word."""

from __future__ import annotations

import unicodedata

import pytest
from playwright.async_api import BrowserContext

from desk.draws.revealing import LONGEST_WORD
from desk.draws.seeds import LEAST_WORD, bytes_of_word, commitment
from tests.browser.product import Product
from tests.system.source_rules import ROOT

pytestmark = pytest.mark.browser

SCRIPT = (ROOT / "backoffice/static/draw_word.js").read_text(encoding="utf-8")
FORM = f"""<form><div data-word hidden><input id="own" data-word-of="word_hash"
  data-least="{LEAST_WORD}" data-most="{LONGEST_WORD}"></div><input name="word_hash"></form>"""
COMPOSED = "é" * LEAST_WORD
WORDS = {
    "plain": "seventeen blue herons",
    "spaces": " \u00a0\u2003هفده حواصیل آبی\u0085 ",
    "decomposed": unicodedata.normalize("NFD", COMPOSED),
    "beyond the plane": "🦩" * LEAST_WORD,
    "a mark that is no space": "\ufeffهفده حواصیل آبی",
    "the longest": "ا" * LONGEST_WORD,
}
TOO_SHORT = {
    "one letter less": "ا" * (LEAST_WORD - 1),
    "long only as it is typed": unicodedata.normalize("NFD", "é" * (LEAST_WORD - 1)),
    "one letter more": "ا" * (LONGEST_WORD + 1),
    "spaces": " " * 40,
}


async def hashed(window: BrowserContext, product: Product, words: list[str]) -> list[str]:
    """What stands in the field of the hash after each of these was typed."""
    page = await window.new_page()
    await page.goto(f"{product.desk}/sign-in")
    await page.evaluate("html => { document.body.innerHTML = html; }", FORM)
    await page.evaluate(SCRIPT)
    found: list[str] = await page.evaluate(
        """async words => {
            const own = document.getElementById("own"), into = document.forms[0].elements.word_hash, found = [];
            for (const word of words) {
                own.value = word;
                own.dispatchEvent(new Event("input"));
                await new Promise(done => setTimeout(done, 100));
                found.push(into.value);
            }
            return found;
        }""",
        words,
    )
    return found


async def test_the_browser_makes_the_hash_that_the_desk_makes(product: Product, window: BrowserContext) -> None:
    found = await hashed(window, product, list(WORDS.values()))
    assert dict(zip(WORDS, found, strict=True)) == {
        name: commitment(bytes_of_word(word)) for name, word in WORDS.items()
    }


async def test_a_word_that_the_desk_would_not_take_gets_no_hash(product: Product, window: BrowserContext) -> None:
    found = await hashed(window, product, list(TOO_SHORT.values()))
    assert dict(zip(TOO_SHORT, found, strict=True)) == dict.fromkeys(TOO_SHORT, "")

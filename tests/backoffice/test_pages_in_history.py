"""What the history calls the page on which people were seen: by words, whatever the address."""

from __future__ import annotations

import re

import pytest

from backoffice.history.pages import page_named
from backoffice.routes import TABLE
from desk.events import actions as events
from desk.language.text import Locale
from desk.reading.folding import strip_bidi
from desk.storage.base import WriteSession
from tests.backoffice.conftest import LANGUAGE, Site
from tests.makers import NOW, acting


@pytest.mark.parametrize("path", sorted({route.path for route in TABLE}))
def test_each_page_has_words(path: str) -> None:
    said = strip_bidi(LANGUAGE.plain(page_named(path), Locale.FA))
    assert not re.search("[{}/]|int", said), said
    if path.startswith(("/today/", "/inbox/{case:int}/")) and "GET" in {r.method for r in TABLE if r.path == path}:
        assert ": " in said, "a page about one person is told from the list"


async def test_a_page_is_called_by_its_name_in_the_history(site: Site) -> None:
    def read(session: WriteSession) -> None:
        events.note(
            session,
            kind="page.read",
            subject="page:/inbox/{case:int}/fee",
            actor=acting(site.world.clerk),
            data={"page": "/inbox/{case:int}/fee"},
            others=[f"case:{site.world.complaint}"],
            now=NOW,
        )

    await site.storage.write(read)
    page = strip_bidi((await (await site.signed_in("admin")).get("/history?kind=page.read")).text)
    assert "کارتابل: هزینهٔ کنار پرونده" in page
    assert "{case:int}" not in page

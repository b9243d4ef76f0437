"""A voice note of a case: brought from its messenger, whole or in the parts that browsers ask for."""

from __future__ import annotations

import pytest

from backoffice.web import ranges
from tests.backoffice.conftest import Site


@pytest.mark.sqlite
async def test_a_voice_note_is_brought_from_its_messenger(site: Site) -> None:
    browser = await site.signed_in("province")

    sound = await browser.get(f"/inbox/{site.world.complaint}/voice/{site.world.voice_entry}")
    missing = await browser.get(f"/inbox/{site.world.complaint}/voice/{site.world.voice_entry - 1}")

    assert sound.content == b"OggSvoice"
    assert sound.headers["content-type"].startswith("audio/ogg")
    assert site.clock.heard == [("telegram", "mizban", "voice-1")]
    assert missing.status_code == 404


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("asked", "status", "content", "said"),
    [
        ("bytes=0-1", 206, b"Og", "bytes 0-1/9"),
        ("bytes=4-", 206, b"voice", "bytes 4-8/9"),
        ("bytes=4-400", 206, b"voice", "bytes 4-8/9"),
        ("bytes=-3", 206, b"ice", "bytes 6-8/9"),
        ("bytes=9-", 416, b"", "bytes */9"),
        ("bytes=-0", 416, b"", "bytes */9"),
        ("bytes=0-1,4-5", 200, b"OggSvoice", None),
        ("letters=0-1", 200, b"OggSvoice", None),
    ],
)
async def test_a_part_of_a_voice_note_is_answered_as_safari_asks_for_it(
    site: Site, asked: str, status: int, content: bytes, said: str | None
) -> None:
    browser = await site.signed_in("province")
    address = f"/inbox/{site.world.complaint}/voice/{site.world.voice_entry}"

    sound = await browser.get(address, headers={"range": asked})

    assert (sound.status_code, sound.content) == (status, content)
    assert sound.headers.get("content-range") == said
    assert sound.headers["accept-ranges"] == "bytes"
    assert sound.headers["content-type"].startswith("audio/ogg") or status == 416


@pytest.mark.sqlite
async def test_a_sound_too_long_to_hold_comes_whole_and_is_never_held(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranges, "LARGEST", 6)
    browser = await site.signed_in("province")

    sound = await browser.get(
        f"/inbox/{site.world.complaint}/voice/{site.world.voice_entry}", headers={"range": "bytes=0-1"}
    )

    assert (sound.status_code, sound.content) == (200, b"OggSvoice")

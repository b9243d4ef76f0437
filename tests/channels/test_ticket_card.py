"""The picture of a ticket is read by the counter's reader, says its words whole, in order and within its edges."""

from __future__ import annotations

import io
import threading
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from bot.channels import ticket_card
from bot.channels.bot_api import BotApiChannel
from bot.channels.code_picture import qr
from bot.channels.ticket_card import BOLD, EDGE, FONTS, LARGE_SIZE, WIDTH, CardLine, TicketCard, drawn, missing, rows_of
from bot.dialogue.says import CodePicture, PictureLine, Says
from desk.language.text import Locale
from emulator import Emulator
from tests.channels.talking import always, fa, met, polling
from tests.transcripts.qr_reader import read_codes

CODE = "482173051"
OFFICE = "دفتر \u206672-1102\u2069"
NAMES = (
    OFFICE,
    "دفتر پیشخوان خدمات دولت و بخش عمومی غیردولتی شمارهٔ \u206672-1102\u2069 میدان امام حسین، شعبهٔ مرکزی، پلاک ۱۲ " * 2,
    "ض" * 300,
    "W" * 300,
    "Building No. 12 (north gate), 14 Azadi Street, " * 5,
    "\u2067" + "خیابان هفده شهریور کوچهٔ شهید رضایی " * 6 + "\u2069",
    "دفتر 😀 کرج ⛔",
)
MOST_BYTES = 15_000


def card(*lines: str, is_large: bool = False) -> TicketCard:
    return TicketCard(CODE, tuple(CardLine(line, is_large) for line in lines))


def pixels(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("L")


def font(name: str = BOLD, size: int = LARGE_SIZE) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / name), size, layout_engine=ImageFont.Layout.RAQM)


@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_no_name_runs_out_of_the_picture_or_over_the_code(name: str, is_large: bool) -> None:
    picture = drawn(card(name, is_large=is_large))

    assert read_codes(picture) == [CODE]
    image = pixels(picture)
    assert image.width == WIDTH
    ink = image.point([255 - grey for grey in range(256)]).getbbox()
    assert ink is not None
    assert ink[0] >= EDGE - 2
    assert ink[2] <= WIDTH - EDGE + 2
    assert ink[3] < image.height


def test_a_ticket_with_the_longest_of_all_opens_on_a_slow_line() -> None:
    words = NAMES[1]
    lines = (CardLine("کد", True), CardLine("نوبت"), CardLine(words), CardLine("چهارشنبه ۱۲ سنبله (شهریور) ۱۴۰۶", True))
    picture = drawn(TicketCard(CODE, (*lines, CardLine("ساعت ۹:۳۰", True), CardLine(words), CardLine(words))))

    assert len(picture) < MOST_BYTES
    assert read_codes(picture) == [CODE]


def test_of_one_person_nothing_is_kept_for_the_next() -> None:
    def kept() -> int:
        return ticket_card._kept.cache_info().currsize

    ticket_card._kept.cache_clear()
    of_one = TicketCard(CODE, (CardLine("کد: ۴۸۲", is_of_one=True), CardLine(OFFICE)))

    assert drawn(of_one) == drawn(TicketCard(CODE, tuple(line._replace(is_of_one=False) for line in of_one.lines)))
    assert kept() == 2

    ticket_card._kept.cache_clear()
    drawn(of_one)
    assert kept() == 1


def test_another_word_is_another_picture() -> None:
    first = drawn(card("ساعت ۹:۳۰"))

    assert drawn(card("ساعت ۹:۳۰")) == first
    assert drawn(card("ساعت ۱۰:۳۰")) != first


@pytest.mark.parametrize(("text", "is_in_order"), [(OFFICE, True), ("دفتر 72-1102", False)])
def test_a_number_of_groups_is_drawn_from_left_to_right(text: str, is_in_order: bool) -> None:
    face = font()
    expected = Image.new("1", (WIDTH, sum(face.getmetrics())), 1)
    ImageDraw.Draw(expected).text((WIDTH / 2, 0), "72-1102", 0, face, anchor="ma", direction="ltr", language="fa")

    image = pixels(drawn(card(text, is_large=True)))
    above = pixels(drawn(card("", is_large=True))).height - ticket_card.BELOW - ticket_card.GAP
    line, number = _ink(image.crop((0, above, WIDTH, image.height))), _ink(expected.convert("L"))
    at_the_left = _ink(line.crop((0, 0, number.width, line.height)))

    assert (at_the_left.tobytes() == number.tobytes()) is is_in_order


def test_what_the_font_cannot_draw_leaves_no_box() -> None:
    assert drawn(card("دفتر 😀 کرج ⛔")) == drawn(card("دفتر کرج"))


def test_words_begin_at_the_right_and_stand_in_the_middle() -> None:
    above = pixels(drawn(card("", is_large=True))).height - ticket_card.BELOW - ticket_card.GAP
    image = pixels(drawn(card("ا WWWWWW", is_large=True)))
    line = image.crop((0, above, WIDTH, image.height))
    inked = [x for x in range(WIDTH) if 0 in line.crop((x, 0, x + 1, line.height)).tobytes()]

    assert abs(inked[0] - (WIDTH - 1 - inked[-1])) <= 10
    # The first word is one thin letter, at the right of the widest white between two letters.
    width, place = max((right - left, place) for place, (left, right) in enumerate(pairwise(inked)))
    assert width > 5
    assert len(inked) - 1 - place < 20 < place


@pytest.mark.parametrize(("is_large", "name", "size"), [(True, BOLD, LARGE_SIZE), (False, ticket_card.REGULAR, 40)])
def test_what_matters_most_is_large(is_large: bool, name: str, size: int) -> None:
    face = font(name, size)
    expected = Image.new("1", (WIDTH, sum(face.getmetrics())), 1)
    ImageDraw.Draw(expected).text((WIDTH / 2, 0), "۷ آذر", 0, face, anchor="ma", direction="rtl", language="fa")
    above = pixels(drawn(card("", is_large=is_large))).height - ticket_card.BELOW - ticket_card.GAP
    image = pixels(drawn(card("۷ آذر", is_large=is_large)))

    assert _ink(image.crop((0, above, WIDTH, image.height))).tobytes() == _ink(expected.convert("L")).tobytes()


def _ink(image: Image.Image) -> Image.Image:
    """What is drawn, without the white around it."""
    return image.crop(image.point([255 - grey for grey in range(256)]).getbbox())


def test_what_fits_is_said_whole_and_in_order() -> None:
    words = NAMES[1].split()[:14]

    rows = rows_of(words, font(size=40))

    assert len(rows) > 1
    assert " ".join(rows).split() == words


def test_what_does_not_fit_is_cut_between_words() -> None:
    words = NAMES[1].split()

    rows = rows_of(words, font())

    assert len(rows) == ticket_card.MOST_ROWS
    said = " ".join(rows)
    assert said.endswith("…")
    assert [word.strip("،…") for word in said.split()] == [word.strip("،") for word in words[: len(said.split())]]


def test_a_mark_of_direction_holds_over_the_end_of_a_row() -> None:
    rows = rows_of(("\u2066" + "Azadi Street, " * 12 + "\u2069").split(), font())

    assert len(rows) > 1
    assert all(row.startswith("\u2066") and row.endswith("\u2069") for row in rows)


def test_without_the_font_the_ticket_has_its_code_alone(tmp_path: Path) -> None:
    assert "Vazirmatn" in missing(fonts=tmp_path)
    assert drawn(card(OFFICE), fonts=tmp_path) == qr(CODE)
    assert missing() == ""


@pytest.mark.parametrize("library", ["raqm", "fribidi"])
def test_without_the_library_the_ticket_has_its_code_alone(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("PIL.features.check", lambda name: name != library)

    assert "libfribidi0" in missing()
    assert drawn(card(OFFICE)) == qr(CODE)


def test_a_broken_font_costs_the_words_and_not_the_ticket(tmp_path: Path) -> None:
    for name in (ticket_card.REGULAR, ticket_card.BOLD):
        (tmp_path / name).write_bytes(b"no font")

    assert drawn(card(OFFICE), fonts=tmp_path) == qr(CODE)


async def test_it_is_drawn_beside_the_loop(
    channel: BotApiChannel, kind: str, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing: list[threading.Thread] = []

    def watched(card: TicketCard) -> bytes:
        drawing.append(threading.current_thread())
        return drawn(card)

    monkeypatch.setattr("bot.channels.speaking.drawn", watched)
    async with polling(channel, always(Says(fa("سلام"), stays=True))):
        person = await met(emulator, kind)
    picture = CodePicture(CODE, (PictureLine(fa("دفتر 72-1102")),))

    await channel.send(str(person.id), Says(fa("نوبت"), stays=True, picture=picture), locale=Locale.FA)

    assert drawing
    assert threading.current_thread() not in drawing
    [sent] = [each.media["photo"][-1]["file_id"] for each in person.screen.messages if each.kind == "photo"]
    stored = emulator.world.files.get(sent)
    assert stored is not None
    assert stored.content == drawn(card(OFFICE))

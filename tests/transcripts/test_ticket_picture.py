"""What the picture of a ticket says in words in both languages, for somebody who is shown nothing else."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bot.dialogue.says import CodePicture
from desk.language.text import Locale, Localised
from desk.offices.models import Office
from desk.people.rules import initials
from desk.reading.folding import strip_bidi
from desk.storage.engine import Storage
from tests.transcripts import case_world
from tests.transcripts.bare import BareStage
from tests.transcripts.stage import Bot, Clock, language_of
from tests.transcripts.world import World

pytestmark = pytest.mark.sqlite

LINES = case_world
KNOWN = {"fa": "a person who has been here before", "fa_AF": "a person who has been here before in Dari"}
SAYS = {
    "fa": ("نوبت ل.", "احراز هویت", "شنبه ۷ آذر", "ساعت ۹:۳۰", "دفتر 72-1102", "کرج، خیابان آزادی، پلاک ۱"),
    "fa_AF": ("نوبت ل.", "احراز هویت", "شنبه ۷ قوس (آذر)", "ساعت ۹:۳۰", "دفتر 72-1102", "کرج، خیابان آزادی، پلاک ۱"),
}


@pytest.mark.parametrize("is_named_otherwise", [False, True], ids=["by its number", "by a name"])
@pytest.mark.parametrize("locale", [Locale.FA, Locale.FA_AF])
async def test_it_says_everything_and_of_the_name_the_initials(
    storage: Storage, locale: Locale, is_named_otherwise: bool
) -> None:
    bot = Bot(storage, language_of("fa"), Clock())
    stage = BareStage(bot)
    world = World(bot, stage, "fa")
    await world.does("the usual desk")
    await world.does(KNOWN[locale.value])
    if is_named_otherwise:
        await world.write(lambda session: session.execute(update(Office).values(name=Localised({"fa": "دفتر یاس"}))))
    await world.does("لیلا is known to this chat by the number 12345678")
    await world.does("لیلا has a turn for «identity» on day 7 at 9:30 in 72-1102")
    await stage.post()
    [picture] = [says.picture for says in stage.said if says.picture is not None]

    code, *others = lines(picture, locale)

    expected = list(SAYS[locale.value])
    if is_named_otherwise:
        expected[4] = {"fa": "دفتر یاس، شمارهٔ ۷۲-۱۱۰۲", "fa_AF": "دفتر یاس، نمبر ۷۲-۱۱۰۲"}[locale.value]
    assert others == expected
    digits = "".join(str("۰۱۲۳۴۵۶۷۸۹".index(each)) for each in code if each in "۰۱۲۳۴۵۶۷۸۹")
    assert code.startswith("کد: ")
    assert digits == picture.code


def lines(picture: CodePicture, locale: Locale) -> list[str]:
    return [strip_bidi(language_of("fa").plain(line.text, locale)) for line in picture.lines]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("لیلا محمدی", "ل. م."),
        ("  لیلا", "ل."),
        ("علی «احمد» (حسنی)", "ع. ا. ح."),
        ("Leila Mohammadi", "L. M."),
        ("", ""),
        ("۱۲", ""),
    ],
)
def test_of_a_name_the_first_letters_are_left(name: str, said: str) -> None:
    assert initials(name) == said

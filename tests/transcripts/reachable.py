"""The scenes from which the crawl begins, and the prepared answers of steps at which something is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.dialogue import phrases
from desk.language.text import Locale
from desk.reading.folding import strip_bidi
from tests.transcripts.scenes import (
    ANNOUNCED,
    AT_THE_OFFICE,
    COMPLAINED,
    HERE,
    HOME,
    LILA_WAITS,
    LONG_NAME,
    NO_NAME,
    NOT_ANSWERED,
    OFFERED,
    OLD_CHAT,
    TO_THE_WORD,
    WAITS,
    WORD,
    Scene,
)
from tests.transcripts.scenes_of_absences import ABSENT
from tests.transcripts.scenes_of_papers import SCENES_OF_PAPERS
from tests.transcripts.scenes_of_the_line import SCENES_OF_THE_LINE
from tests.transcripts.scenes_of_visits import SCENES_OF_VISITS
from tests.transcripts.scenes_of_waiting import SCENES_OF_WAITING
from tests.transcripts.stage import language_of

NAVIGATION: Final = tuple(
    strip_bidi(language_of("fa").plain(label, Locale.FA)) for label in (phrases.BACK, phrases.MENU)
)
RUBBISH: Final = ("؟؟؟", "(voice)", "(photo)")
"""What is tried once at every step."""

ANSWERS: Final[Mapping[str, Sequence[str]]] = {
    "menu.door": (
        "سلام",
        "نوبت",
        "لغو",
        "وقتم را عوض کنید",
        "دفترها کجاست",
        "کرج",
        "شکایت دارم",
        "893080597",
        "123456782",
        "دفتر کجاست",
        "ساعت ده",
        "۱۵",
        "بعد از ظهر",
        "برای احراز هویت نوبت می‌خواهم",
    ),
    "after.amount": ("50 هزار", "270000"),
    "after.written": ("50 هزار", "270000"),
    "book.paper_kind": ("کارت آمایش ندارم",),
    "book.number": ("ندارم", "12", "12345678", "55555555"),
    "book.service": ("ابطال مدارک",),
    "book.called": ("لیلا", LONG_NAME, NO_NAME),
    "book.renamed": ("لیلا", NO_NAME),
    "name.called": ("لیلا", NO_NAME),
    "household.paper_kind": ("کارت آمایش ندارم",),
    "household.number": ("ندارم", "12", "12345678", "55555555"),
    "household.called": ("لیلا", LONG_NAME, NO_NAME),
    "household.renamed": ("لیلا", NO_NAME),
    "wait.paper_kind": ("کارت آمایش ندارم",),
    "wait.number": ("ندارم", "12", "12345678"),
    "wait.called": ("لیلا", NO_NAME),
    "wait.renamed": ("لیلا", NO_NAME),
    "wait.confirm": ("شنبه‌ها صبح",),
    "wait.weekdays": ("شنبه‌ها صبح", "جمعه"),
    "wait.parts": ("ظهر",),
    "wait.last": ("فردا", "۲۰ دی", "۱ آذر ۱۴۰۷"),
    "wait.first": ("۲۰ دی", "۱ آذر ۱۴۰۷"),
    "wait.places": ("تهران", "72-1103", "هرات"),
    "wait.whole_province": ("تهران",),
    "settings.nickname": ("گل",),
    "complain.amount": ("۵۴ هزار تومان", "۲۷۰"),
    "complain.day": ("دیروز",),
    "complain.story": ("من را نپذیرفتند.",),
    "complain.details": ("من را نپذیرفتند.", "شمارهٔ من ۱۲۳۴۵۶۷۸ است."),
    "name": ("لیلا",),
    "name_first": ("لیلا",),
    "name_for_ticket": ("لیلا",),
    "fact_1": ("دیروز", "لیلا"),
    "fact_2": ("دیروز", "لیلا"),
    "ask.question": ("کدام مدرک را بیاورم؟",),
    "follow.which": ("893080597", "123456782", "523686587"),
    "check.which": ("523686587", "269142550"),
    "follow.more": ("هنوز منتظرم.",),
    "transfer.which": ("523686587",),
    "transfer.number": ("48217305",),
    "transfer.word": (WORD, "گل"),
    "own_word.word": (WORD,),
    "own_word.again": (WORD, "گل"),
    "counter_code.code": ("48217305",),
    "other_chat_code.code": ("48217305",),
    "here": ("(location)",),
}


SCENES: Final = (
    Scene(("the usual desk",)),
    Scene(
        (
            *HERE,
            "72-1102 has 30 free times more from 8:00 on day 9, every 10 minutes",
            "لیلا is known to this chat by the number 12345678",
            f"{LONG_NAME} is known to this chat by the number 987654321",
            "لیلا was served for «identity» at 72-1102 last month",
            f"{LONG_NAME} has a turn for «identity» on day 7 at 9:30 in 72-1102",
            "لیلا has a turn for «renewal» on day 7 at 10:00 in 72-1102",
            "this chat complained of «NO_RECEIPT» in 72-1102",
            "the desk replies «رسید را بیاورید.»",
            "another chat complained of «DISRESPECT» in 72-1102 as Parwin, under the code 893080597",
        ),
        ("/start", "/start s_identity", "/start b_revocation", "/start o_72-1102", "/start c_BROKER", "/start x"),
        (
            *HOME,
            "book.service",
            "book.again",
            "book.province",
            "book.office",
            "book.offer",
            "book.day",
            "settings.people",
            "turns.turn",
            "turns.show",
            "move.office",
            "move.province",
            "move.day",
            "follow.which",
            "follow.read",
        ),
    ),
    Scene(
        (
            *HERE,
            "many offices in Karaj, and many days at the last of them",
            "an office in seven provinces",
            "7 more services, to be read only",
        ),
        ("/start",),
        ("menu.door", "complain.group", "complain.in_money", "complain.place", "complain.province", "complain.office"),
    ),
    Scene((*HERE, "everything is taken")),
    Scene(
        (
            *HERE,
            "72-1102 has 9 free times more from 14:05 on day 7, every 10 minutes",
            "لیلا is known to this chat by the number 12345678",
            f"{LONG_NAME} is known to this chat by the number 987654321",
            "for «identity» a paper is served only in its own province",
            f"for «identity» a travel slip is needed, given at «{LONG_NAME}»",
        ),
        ("/start b_identity",),
        (*HOME, "book.offer", "book.day", "book.province", "book.office", "household.people_of_it"),
    ),
    Scene(
        (
            *HERE,
            "72-1102 has 9 free times more from 14:05 on day 7, every 10 minutes",
            "لیلا is known to this chat by the number 12345678",
            f"{LONG_NAME} is known to this chat by the number 987654321",
        ),
        ("/start b_identity",),
        (
            *HOME,
            "household.people_of_it",
            "household.called",
            "household.paper_kind",
            "household.number",
            "book.offer",
            "book.day",
            "book.province",
            "book.office",
            "book.service",
        ),
    ),
    Scene(
        (
            *HERE,
            "a stranger has a turn for «identity» on day 7 at 9:30 in 72-1102, with the code 523686587",
            "> /start",
        ),
        ("523686587",),
    ),
    *SCENES_OF_VISITS,
    *SCENES_OF_WAITING,
    *SCENES_OF_PAPERS,
    *SCENES_OF_THE_LINE,
    *(
        Scene((*HERE, f"{LONG_NAME} is known to this chat by the number 12345678", *told), ())
        for told in (
            (AT_THE_OFFICE, "7 days pass", "the clerk looks her up, and the system gives the code 98765432"),
            (AT_THE_OFFICE, "the office cancels the turn because «برق نیست.»"),
            *ABSENT,
            *(
                (AT_THE_OFFICE, f"the office {does} the turns of day 7, which it closes because «روز تعطیل است.»")
                for does in ("moves", "keeps", "cancels")
            ),
            (
                AT_THE_OFFICE,
                "the office moves the turns of day 7, which it closes because «روز تعطیل است.»",
                "7 days pass",
                "9 hours pass",
                "what nobody answered is let go",
            ),
            (AT_THE_OFFICE, "on the day, the clerk puts the name «گل‌آغا رحیمی» of the paper 12345678 on the turn"),
            (AT_THE_OFFICE, "the office 72-1102 moves to «میدان نو، پلاک ۵»"),
            (AT_THE_OFFICE, "with each turn pashto is wished for", "the office cannot arrange what was wished for"),
            (AT_THE_OFFICE, "another chat books «identity» for the number 12345678"),
            (
                AT_THE_OFFICE,
                "another chat books «identity» for the number 12345678",
                "on the day, the clerk reads the number 12345678 from the original at the turn of the other chat",
            ),
            (
                AT_THE_OFFICE,
                "this chat complained of «NO_RECEIPT» in 72-1102",
                "another chat brings everything over from here",
                "a day passes, and the complaints follow",
            ),
            (
                COMPLAINED,
                "the desk replies «رسید را بیاورید.»",
                "the desk hands it on",
                "the desk takes it up",
                "the desk closes it as answered",
                "the desk opens it again",
            ),
            ("this chat and the other one, in Bale, are connected", "the other chat cuts the connection"),
        )
    ),
    Scene(
        (
            *HERE,
            OLD_CHAT,
            "the clerk gives the code of the counter 48217305",
        ),
        ("/start",),
        HOME,
    ),
    Scene((*HERE, OLD_CHAT, "> /start", *TO_THE_WORD), (WORD,)),
    Scene(
        (
            *HERE,
            "لیلا is known to this chat by the number 12345678",
            "لیلا was served for «identity» at 72-1102 last month",
            "another chat has a turn for «identity» for the number 55555555",
            "> /start b_identity",
            "> [👤 برای کس دیگر]",
            "> [👤 برای کس دیگر]",
            "> گل",
            "> [کارت آمایش]",
        ),
        ("12345678", "55555555"),
    ),
    Scene(
        (
            *HERE,
            "لیلا is known to this chat by the number 12345678",
            "لیلا was served for «identity» at 72-1102 last month",
        ),
        ("/start b_identity",),
    ),
    Scene(
        HERE,
        ("/start c_BROKER", "/start c_COPY_DEMAND"),
        (
            "complain.reached",
            "complain.place",
            "complain.province",
            "complain.office",
            "complain.service",
            "complain.day",
            "complain.amount",
            "complain.fact_1",
            "complain.fact_2",
            "complain.details",
        ),
    ),
    Scene(
        (
            *HERE,
            "لیلا is known to this chat by the number 12345678",
            "لیلا has a turn for «identity» on day 7 at 9:30 in 72-1102",
            "another chat brings everything over from here",
        ),
        ("[من نبودم]",),
    ),
    Scene(
        (
            *HERE[:1],
            HERE[2],
            "گل is known to this chat by the number 987654321",
            "گل has a turn for «identity» on day 7 at 9:30 in 72-1102",
            "another chat brings everything over from here",
            *(
                "> /start",
                "> [🗓 نوبت]",
                "> [احراز هویت]",
                "> [البرز]",
                "> [دفتر 72-1102]",
                "> [✅ همین خوب است]",
                "> گل",
            ),
            *("> [کارت آمایش]", "> 987654321", "> [✅ بله، بگیرید]"),
        ),
        ("[من نبودم]",),
    ),
    Scene(
        (*HERE, "the other chat, in Bale, shows the code 48217305"),
        ("/start",),
        (*HOME, "other_chat.other", "other_chat_code.code"),
    ),
    Scene((*HERE, "this chat and the other one, in Bale, are connected"), ("/start",), HOME),
    Scene(
        (
            *HERE,
            "> /start",
            "> [⚙️ تنظیمات]",
            "> [📱 گوشی دیگر]",
            "> [🔗 گفتگوی دیگرم]",
            "> [این‌جا کد نشان بدهید]",
            "the other chat, in Bale, types the code that stands here and agrees",
            "25 hours pass",
        ),
        (),
    ),
    Scene(
        (
            *HERE,
            OLD_CHAT,
            "the old chat complained, under the code 600000001",
            "> /start",
            *TO_THE_WORD,
            f"> {WORD}",
            "> [✅ بله، بیاورید]",
            "a day passes, and the complaints follow",
        ),
        (),
    ),
    Scene(
        (
            *HERE,
            OLD_CHAT,
            "> /start",
            *TO_THE_WORD,
            f"> {WORD}",
            "> [✅ بله، بیاورید]",
            "the old chat says that it was somebody else",
        ),
        (),
    ),
    *(
        Scene((*HERE, *told), ())
        for told in (
            (*LILA_WAITS, OFFERED, *NOT_ANSWERED),
            (*LILA_WAITS, OFFERED, *NOT_ANSWERED, *NOT_ANSWERED, *NOT_ANSWERED),
            (*LILA_WAITS, OFFERED, "the office closes the time that is offered"),
            (
                *("another chat waits for «identity» at 72-1102", *LILA_WAITS),
                *(OFFERED.replace("day 5 at 10:05", "day 0 at 11:35"), "the other chat accepts first"),
            ),
            (
                *(*LILA_WAITS[:1], f"{LILA_WAITS[1]} until day 4", "2 days pass"),
                *("those whose last day is near are asked", "4 days pass", "those whose last day is near are asked"),
            ),
        )
    ),
    *(
        Scene((*HERE, *WAITS, *told), ("/start",), HOME)
        for told in (
            (ANNOUNCED, "those who wait are told", "60 minutes pass", "those who wait are told"),
            (
                *(ANNOUNCED, "those who wait are told", "60 minutes pass", "those who wait are told later"),
                *("the desk takes the fee of «renewal» back", "1 minutes pass"),
            ),
            (),
        )
    ),
)

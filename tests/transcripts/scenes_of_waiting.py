"""The scenes in which somebody waits, is offered a time, and answers or does not."""

from __future__ import annotations

from typing import Final

from tests.transcripts.scenes import ASKED, AT_THE_OFFICE, FREED, HERE, HOME, LONG_NAME, TAKEN, Scene

IS_DRAWN = "one place for «identity» at 72-1102 on day 14 at 9:30 is drawn"
CLOSED = "the list of the draw is closed"
OF_ANOTHER = "another chat has asked for «identity» in the draw with the number 12345678"

SCENES_OF_WAITING: Final = (
    *(
        Scene((*TAKEN, IS_DRAWN, *told), firsts, HOME)
        for told, firsts in (
            (
                (
                    "1 other chat asks for «identity» in the draw",
                    *(CLOSED, "the draw is held, and this chat is number 2", "who was drawn gives the place back"),
                ),
                ("/start", "[✅ بله، می‌خواهم]"),
            ),
            ((CLOSED, "nobody types the figure in time"), ("/start",)),
            (
                (CLOSED, "the office takes the drawn place away", "the draw is held, and this chat is number 1"),
                ("/start",),
            ),
        )
    ),
    Scene(
        (
            *HERE,
            f"{LONG_NAME} is known to this chat by the number 12345678",
            "everything is taken",
            *(IS_DRAWN, OF_ANOTHER),
            f"{LONG_NAME} waits for «identity» at 72-1102",
            *("> /start", CLOSED),
        ),
        ("/start",),
        HOME,
    ),
    Scene(
        (
            *HERE,
            f"{LONG_NAME} is known to this chat by the number 12345678",
            "لیلا is known to this chat by the number 987654321",
            f"{LONG_NAME} waits for «identity» at 72-1102 since 3 days",
            "لیلا waits for «renewal» at 72-1102",
            "4 other chats wait for «identity» at 72-1102 since 5 days",
            "everything is taken",
        ),
        ("/start", "/start b_identity"),
        (*HOME, "book.office", "book.day", "wait.whom", "wait.called", "wait.paper_kind", "wait.number"),
    ),
    *(
        Scene((*TAKEN, *told), firsts, HOME)
        for told, firsts in (
            ((FREED, ASKED), ("/start", "[✅ بله، می‌خواهم]", "[نه، منتظر می‌مانم]")),
            ((FREED, ASKED, "the time to answer is over", ASKED), ("/start", "[✅ بله، می‌خواهم]")),
            ((FREED, ASKED, "the office closes the time that is on offer"), ("[✅ بله، می‌خواهم]",)),
            (
                (
                    *(FREED, ASKED, "the time to answer is over"),
                    *(f"{FREED[:-15]}10:00 in 72-1102", ASKED, "the time to answer is over"),
                    *(f"{FREED[:-15]}11:00 in 72-1102", ASKED, "the time to answer is over"),
                    ASKED,
                ),
                ("/start", "[✅ منتظر می‌مانم]", "[دیگر نمی‌خواهم]"),
            ),
            (("28 days pass, and the offers are looked at",), ("[✅ منتظر می‌مانم]", "[نه، کافی است]")),
            (
                (
                    "28 days pass, and the offers are looked at",
                    "7 days pass, and the offers are looked at",
                ),
                ("/start", "[🔔 خالی شد، خبرم کنید]", "[نه، کافی است]"),
            ),
        )
    ),
    Scene((*TAKEN, "72-1102 gives a priority class of 7 days"), ("/start",)),
    Scene(
        (
            *HERE,
            "72-1102 has 1 free time more from 11:30 on day 0, every 10 minutes",
            *TAKEN[len(HERE) :],
            "2 other chats wait for «identity» at 72-1102 since 5 days",
            "somebody gives back a place on day 0 at 11:30 in 72-1102",
            ASKED,
            "somebody else who was asked says yes",
            ASKED,
        ),
        ("[✅ بله، می‌خواهم]",),
    ),
    Scene(
        (
            *HERE,
            f"{LONG_NAME} is known to this chat by the number 12345678",
            f"{LONG_NAME} waits for «identity» at 72-1102 since 3 days",
            AT_THE_OFFICE,
        ),
        ("/start",),
        (*HOME, "turns.turn", "move.day"),
    ),
)

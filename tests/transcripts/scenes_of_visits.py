"""The scenes in which a visit was recorded, also by mistake, or in which somebody is asked in the evening about it."""

from __future__ import annotations

from typing import Final

from tests.transcripts.scenes import AT_THE_OFFICE, HERE, HOME, LONG_NAME, Scene

SCENES_OF_VISITS: Final = (
    *(
        Scene(
            (
                *(*HERE, f"{LONG_NAME} is known to this chat by the number 12345678", AT_THE_OFFICE),
                *("7 days pass", f"the clerk records that she {what}", "10 hours pass", *undone),
            ),
            (),
        )
        for what in ("was served", "did not come", "comes back on day 8 at 9:00")
        for undone in ((), ("the clerk takes the outcome back",))
    ),
    *(
        Scene(
            (
                *(*HERE, f"{LONG_NAME} is known to this chat by the number 12345678", AT_THE_OFFICE),
                *("7 days pass", f"the clerk records that she {what}", "the evening comes", *later),
            ),
            firsts,
            HOME,
        )
        for what, later, firsts in (
            ("was served", (), ("[یک چیز خوب نبود]", "[✅ همه چیز خوب بود]", "[نمی‌خواهم بگویم]")),
            ("comes back on day 8 at 9:00", (), ("[یک چیز خوب نبود]",)),
            ("was served", ("8 days pass",), ("[✅ همه چیز خوب بود]",)),
        )
    ),
)

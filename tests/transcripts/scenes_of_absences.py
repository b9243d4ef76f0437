"""The scenes of an absence that a second person decides, and of a visit that the office did not give."""

from __future__ import annotations

from typing import Final

from tests.transcripts.scenes import AT_THE_OFFICE

ABSENT: Final = (
    *(
        (
            *(AT_THE_OFFICE, "7 days pass", "the clerk records that she did not come", "10 hours pass"),
            *("> [✋ من آن‌جا بودم]", f"a second person decides that {what}"),
        )
        for what in ("she was there", "it stands because she came on another day")
    ),
    (
        *(AT_THE_OFFICE, "7 days pass", "the day is over, and nobody records what became of it"),
        "the office says that it did not serve her because «سامانه قطع بود.»",
    ),
)
"""What happens to somebody with an appointment."""

"""Every kind of parameter a text can have, for property tests."""

import string
from datetime import UTC, date, datetime
from random import Random

from hypothesis import strategies as st

from desk.codes import CodeKind, PublicId, TrackingCode
from desk.language.text import (
    FullDay,
    InToman,
    InWords,
    Latin,
    Link,
    Localised,
    Near,
    Ordinal,
    Param,
    Reference,
    ShortDay,
    SolarMonth,
    SpokenCode,
    inline,
    lines,
    paragraphs,
    series,
    words,
)
from desk.values import ClockTime, Duration, LocalDay, LocalMoment, Money, Phone

_ = words("test params")

typed = st.text(max_size=30)  # whatever a phone can send
persian = st.text("ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی\u200c ", min_size=1, max_size=20).filter(str.strip)
days = st.builds(LocalDay, st.dates(date(1990, 1, 1), date(2090, 1, 1)))
moments = st.builds(
    LocalMoment,
    st.integers(0, 3 * 10**9).map(lambda second: datetime.fromtimestamp(second, UTC)),
    st.sampled_from(["Asia/Tehran", "Asia/Kabul"]),
)
codes = st.builds(
    lambda kind, seed: TrackingCode.make(kind, source=Random(seed)),  # noqa: S311 - repeatable chance, no secret
    st.sampled_from(CodeKind),
    st.integers(0, 10**6),
)
values: st.SearchStrategy[Param] = st.one_of(
    typed,
    st.integers(-(10**9), 10**9),
    st.builds(Money, st.integers(0, 10**13)),
    days,
    moments,
    st.builds(ClockTime, st.integers(0, 23), st.integers(0, 59)),
    st.builds(Duration, st.integers(0, 10**5)),
    codes,
    st.builds(lambda seed: PublicId.make(source=Random(seed)), st.integers(0, 10**6)),  # noqa: S311 - no secret
    st.sampled_from([Phone("+989121234567"), Phone("+93701234567"), Phone("+982188776655")]),
    st.builds(Localised, st.dictionaries(st.sampled_from(["fa", "fa_AF"]), persian)),
    st.builds(Latin, st.text(string.ascii_letters, max_size=9)),
    st.builds(Reference, st.from_regex(r"[0-9]{2}-[0-9]{4}", fullmatch=True)),
    st.builds(Near, days | moments),
    st.builds(FullDay, days),
    st.builds(ShortDay, days),
    st.builds(SolarMonth, st.integers(1350, 1450), st.integers(1, 12)),
    st.builds(SpokenCode, codes),
    st.builds(InToman, st.integers(0, 10**12)),
    st.builds(InWords, st.integers(0, 100)),
    st.builds(Ordinal, st.integers(1, 100)),
)
params: st.SearchStrategy[Param] = st.recursive(
    values,
    lambda inner: st.one_of(
        st.builds(lambda value: _("A **{value}** here.", value=value), inner),
        st.lists(inner, max_size=3).flatmap(
            lambda parts: st.sampled_from([f(*parts) for f in (lines, paragraphs, inline, series)])
        ),
        st.builds(Link, st.just("https://example.org/a"), inner),
    ),
    max_leaves=6,
)

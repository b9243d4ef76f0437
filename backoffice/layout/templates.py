"""Renders templates as pages, with texts and values as HTML in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from backoffice.forms.days import shown_date
from backoffice.layout.badge import Badge
from backoffice.layout.folded import FoldedWords
from backoffice.layout.html import PageEnvironment
from backoffice.web.assets import Assets
from desk.calendar import TEHRAN
from desk.language.language import Language
from desk.language.shown import Reference
from desk.language.spans import Span, SpanStyle
from desk.language.text import FullDay, Latin, Locale, Param, ShortDay, Text
from desk.reading.folding import persian_digits
from desk.values import ClockTime, Duration, LocalDay, LocalMoment

TEMPLATES = Path(__file__).parent.parent / "templates"
NOTHING = Markup("")
KEPT = 4096
"""The number of formatted values that are cached in each language."""


def html(spans: tuple[Span, ...]) -> Markup:
    """Convert the spans of a text to HTML: bold, codes left to right, links."""
    return _dressed(spans[0]) if len(spans) == 1 else NOTHING.join(_dressed(span) for span in spans)


def _dressed(span: Span) -> Markup:
    text = escape(span.text)
    match span.style:
        case SpanStyle.BOLD:
            return Markup("<strong>{}</strong>").format(text)
        case SpanStyle.CODE:
            return Markup('<bdi class="code" dir="ltr">{}</bdi>').format(text)
        case SpanStyle.LINK:
            return Markup('<a href="{}" rel="noopener">{}</a>').format(span.href, text)
        case _:
            return text


class Writer:
    """Formats texts in one language; bound to one environment, so templates need no context for it."""

    def __init__(self, language: Language, locale: Locale) -> None:
        self.language = language
        self.locale = locale
        self._fixed: dict[tuple[str, str], Markup] = {}
        self._known = lru_cache(maxsize=KEPT)(self._said)
        # The same times stand on every list of a day.
        self.time = lru_cache(maxsize=KEPT)(self._time)

    def t(self, context: str, message: str, /, **params: Param) -> Markup:
        """The sentence `message` of `context`; both literal, so that the extractor finds them."""
        if params:
            return self.say(Text(context, message, tuple(sorted(params.items(), key=_name))))
        key = (context, message)
        if key not in self._fixed:
            self._fixed[key] = self.say(Text(context, message))
        return self._fixed[key]

    def say(self, shown: Param | None) -> Markup:
        """Any value or text as HTML; nothing for None."""
        if shown is None:
            return NOTHING
        # What people wrote is not cached; titles, states, days and times recur on every row.
        return escape(shown) if isinstance(shown, str) else self._known(shown)

    def _said(self, shown: Param) -> Markup:
        return html(self.language.spans(shown, self.locale))

    def plain(self, shown: Param | None) -> str:
        """Any value or text without markup, for attributes and titles."""
        return "" if shown is None else self.language.plain(shown, self.locale)

    def day(self, day: date) -> Markup:
        """The weekday, day and month."""
        return self.say(LocalDay(day))

    def full_day(self, day: date) -> Markup:
        """The weekday, day, month and year."""
        return self.say(FullDay(LocalDay(day)))

    def clock(self, minutes: int) -> Markup:
        """`minutes` after midnight as a time; 24:00 is the end of the day."""
        return self.say(ClockTime.from_minutes(minutes)) if minutes < 24 * 60 else Markup("۲۴:۰۰")

    def _time(self, instant: datetime, zone: str = TEHRAN) -> Markup:
        """The time of day of an instant at an office."""
        return self.say(LocalMoment(instant, zone).clock)

    def moment(self, instant: datetime, zone: str = TEHRAN) -> Markup:
        """The day and time of an instant at an office."""
        return self.say(LocalMoment(instant, zone))


def _name(item: tuple[str, Param]) -> str:
    return item[0]


def _seconds(instant: datetime) -> int:
    """Seconds since 1970, for scripts."""
    return int(instant.timestamp())


class Templates:
    """One template environment for each language."""

    def __init__(self, language: Language, assets: Assets, *, messengers: Mapping[str, Param] | None = None) -> None:
        """`messengers` = the label of each, by the name that rows hold."""
        self._messengers = dict(messengers or {})
        self.language = language
        self.assets = assets
        self._icons: dict[str, Markup] = {}
        self._environments = {locale: self._environment(language, locale) for locale in Locale}

    def _environment(self, language: Language, locale: Locale) -> Environment:
        environment = PageEnvironment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            auto_reload=False,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            cache_size=-1,
            extensions=[FoldedWords],
        )
        writer = Writer(language, locale)
        environment.globals |= {
            "t": writer.t,
            "say": writer.say,
            "plain": writer.plain,
            "local_day": LocalDay,
            "local_moment": lambda at: LocalMoment(at, TEHRAN),
            "short_day": lambda day: ShortDay(LocalDay(day)),
            "show_day": writer.day,
            "show_full_day": writer.full_day,
            "show_clock": writer.clock,
            "show_time": writer.time,
            "show_moment": writer.moment,
            "clock_of": ClockTime.from_minutes,
            "minutes_of": Duration,
            "full_day_of": lambda day: FullDay(LocalDay(day)),
            "digits": persian_digits,
            "reference": Reference,
            "field_date": shown_date,
            "asset": self.assets.address,
            "icon": self.icon,
            "messenger": self._messenger,
            "badge": self._badges(writer),
            "locale": locale,
        }
        # For values on every row of a long list: Jinja calls a filter directly.
        environment.filters |= {name: environment.globals[name] for name in ("say", "digits", "badge", "show_time")}
        environment.filters["seconds"] = _seconds
        return environment

    def _messenger(self, name: str) -> Param:
        return self._messengers.get(name) or Latin(name)

    def icon(self, name: str) -> Markup:
        """An icon that screen readers skip; the words beside it say the same."""
        if name not in self._icons:
            drawing = Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>')
            self._icons[name] = drawing.format(self.assets.address("vendor/icons.svg"), name)
        return self._icons[name]

    def _badges(self, writer: Writer) -> Callable[[Badge], Markup]:
        """Renders badges; there are few different ones, so each is cached."""

        @cache
        def badge(state: Badge) -> Markup:
            sign = Markup('<span class="sign sign-{}">{}<span>{}</span></span>')
            return sign.format(state.tone, self.icon(state.icon), writer.say(state.label))

        return badge

    def environment(self, locale: Locale) -> Environment:
        """What the templates of one language are written in."""
        return self._environments[locale]

    def page(self, template: str, values: Mapping[str, Any], *, locale: Locale) -> str:
        """The HTML of a template."""
        return self._environments[locale].get_template(template).render(values)

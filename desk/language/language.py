"""Rendering: a text without a language becomes spans in the language of its reader."""

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Self

from desk.codes import PublicId, TrackingCode
from desk.language import format as formats
from desk.language.catalogues import Catalogues
from desk.language.shown import Locale, Localised
from desk.language.spans import Span, SpanStyle, merged, plain
from desk.language.template import TemplatePiece, parse
from desk.language.text import Joined, Joint, Link, Param, Text, words
from desk.reading.folding import persian_digits, strip_bidi
from desk.values import LocalDay

_ = words("series")

# Characters other than Persian letters, spaces, ZWNJ and punctuation may be displayed in the wrong order.
_MAY_REVERSE = re.compile(r"[^\u0621-\u065f\u0670-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u200c\s،؛؟.!:]")
_ONE_NUMBER = re.compile(r"[۰-۹٬]+")
# Groups of digits with a dash or plus between would be displayed in the wrong order: 72-1102, +98 21 …
_NUMBER_GROUPS = re.compile(r"\+?[0-9۰-۹٠-٩]+(?:[-\u2010-\u2015/ ][0-9۰-۹٠-٩]+)+|\+[0-9۰-۹٠-٩]+")
_BETWEEN = {Joint.LINE: "\n", Joint.PARAGRAPH: "\n\n", Joint.DOT: " · "}
_CACHED_VALUES = 8192


class Language:
    """Renders texts. Holds no state but caches; safe to share between threads."""

    def __init__(self, catalogues: Catalogues) -> None:
        """Use these translations."""
        self._catalogues = catalogues
        self._pieces: Callable[[Locale, str, str], tuple[TemplatePiece, ...]] = lru_cache(maxsize=None)(self._parsed)
        self._fixed: Callable[[Locale, Text], str] = lru_cache(_CACHED_VALUES)(self._without_params)
        self._said: Callable[[object, Locale, LocalDay | None], str] = lru_cache(_CACHED_VALUES, typed=True)(
            self._value  # typed: True is no 1
        )

    @classmethod
    def load(cls, directory: Path | None = None) -> Self:
        """Read the catalogues of the repository, or of ``directory``, and return the language."""
        return cls(Catalogues(directory))

    @property
    def missing(self) -> frozenset[tuple[str, str]]:
        """The (context, id) pairs rendered so far that have no Persian translation."""
        return self._catalogues.missing

    def spans(self, shown: Param, locale: Locale, *, today: LocalDay | None = None) -> tuple[Span, ...]:
        """Return ``shown`` in a language; relative days and omitted years depend on the reader's day ``today``."""
        sheet: list[Span] = []
        self._write(sheet, shown, locale, today, bold=False)
        return merged(sheet)

    def plain(self, shown: Param, locale: Locale, *, today: LocalDay | None = None) -> str:
        """Return ``shown`` in a language without styles, for buttons, pages and files; isolates are kept."""
        if isinstance(shown, Text) and not shown.params:  # most labels of buttons
            return self._fixed(locale, shown)
        return plain(self.spans(shown, locale, today=today))

    def _without_params(self, locale: Locale, shown: Text) -> str:
        return plain(self.spans(shown, locale))

    def _parsed(self, locale: Locale, context: str, message_id: str) -> tuple[TemplatePiece, ...]:
        return parse(self._catalogues.message(locale, context, message_id))

    def _write(self, sheet: list[Span], shown: Param, locale: Locale, today: LocalDay | None, *, bold: bool) -> None:
        style = SpanStyle.BOLD if bold else SpanStyle.PLAIN
        match shown:
            case Text(context, message_id, params):
                self._write_text(sheet, (context, message_id), dict(params), locale, today, bold=bold)
            case str():
                sheet.append(Span(guarded(shown), style))
            case Localised():
                sheet.append(Span(_kept_in_order(shown.for_locale(locale)), style))
            case Joined():
                self._write_joined(sheet, shown, locale, today, bold=bold)
            case TrackingCode():
                # The isolates stand outside of the code span, so that only the digits are copied.
                sheet.append(Span(formats.LRI, style))
                sheet.append(Span(persian_digits(shown.digits), SpanStyle.CODE))
                sheet.append(Span(formats.PDI, style))
            case PublicId():
                # In groups, so that it can be read out; who reads it back leaves the spaces out.
                sheet.append(Span(formats.LRI, style))
                sheet.append(Span(persian_digits(shown.grouped), SpanStyle.CODE))
                sheet.append(Span(formats.PDI, style))
            case Link():
                label = self.plain(shown.label, locale, today=today) if shown.label else shown.url
                sheet.append(Span(label, SpanStyle.LINK, shown.url))
            case _:
                sheet.append(Span(self._said(shown, locale, today), style))

    def _write_text(
        self,
        sheet: list[Span],
        key: tuple[str, str],
        params: dict[str, Param],
        locale: Locale,
        today: LocalDay | None,
        *,
        bold: bool,
    ) -> None:
        for text, is_name, piece_bold in self._pieces(locale, *key):
            if not is_name:
                sheet.append(Span(text, SpanStyle.BOLD if bold or piece_bold else SpanStyle.PLAIN))
            elif text in params:
                self._write(sheet, params[text], locale, today, bold=bold or piece_bold)
            else:
                # A mistake in the translation, which `messages check` reports; the brace is shown rather than nothing.
                sheet.append(Span(f"{{{text}}}"))

    def _write_joined(
        self, sheet: list[Span], shown: Joined, locale: Locale, today: LocalDay | None, *, bold: bool
    ) -> None:
        last = len(shown.parts) - 1
        for place, part in enumerate(shown.parts):
            if place and shown.joint is Joint.SERIES:
                self._write(sheet, _(" and ") if place == last else _(", "), locale, today, bold=bold)
            elif place:
                sheet.append(Span(_BETWEEN[shown.joint], SpanStyle.BOLD if bold else SpanStyle.PLAIN))
            self._write(sheet, part, locale, today, bold=bold)

    def _value(self, value: object, locale: Locale, today: LocalDay | None) -> str:
        said = formats.say(value, today)
        return said.text if isinstance(said, formats.Ready) else self.plain(said, locale, today=today)


def guarded(text: str) -> str:
    """Return a person's own text, isolated so that it cannot reorder the text around it."""
    text = strip_bidi(text)
    if _ONE_NUMBER.fullmatch(text) or not _MAY_REVERSE.search(text):
        return text
    return f"{formats.FSI}{text}{formats.PDI}"


def _kept_in_order(text: str) -> str:
    """Return a text of the staff with its groups of digits isolated."""
    return _NUMBER_GROUPS.sub(lambda found: f"{formats.LRI}{found[0]}{formats.PDI}", text)

"""What people wrote is escaped in every place of a template, and what is HTML already is not made anew."""

from __future__ import annotations

from enum import StrEnum

import pytest
from jinja2 import DictLoader, StrictUndefined, UndefinedError
from markupsafe import Markup

from backoffice.layout.html import PageEnvironment, shown
from backoffice.layout.templates import TEMPLATES, Templates
from backoffice.web.assets import Assets
from desk.language.language import Language
from desk.language.text import Locale

WRITTEN = "<script>alert('&')</script>"
AS_HTML = "&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;"

PLACES = {
    "page": "{{ written }}",
    "attribute": '<a title="{{ written }}">',
    "loop": "{% for each in [written] %}{{ each }}{% endfor %}",
    "set": "{% set kept %}{{ written }}{% endset %}{{ kept }}",
    "macro": "{% macro piece(it) %}{{ it }}{% endmacro %}{{ piece(written) }}",
    "caller": "{% macro piece() %}{{ caller() }}{% endmacro %}{% call piece() %}{{ written }}{% endcall %}",
    "import": '{% from "parts" import piece %}{{ piece(written) }}',
    "extended": '{% extends "base" %}{% block main %}{{ written }}{% endblock %}',
    "included": '{% include "page" %}',
    "joined": '{{ "of " ~ written }}',
    "filter": "{{ [written]|join(', ') }}",
    "choice": "{{ written or none }}",
}
MORE = {
    "parts": "{% macro piece(it) %}{{ it }}{% endmacro %}",
    "base": "<main>{% block main %}{% endblock %}</main>",
}


class Kind(StrEnum):
    ODD = WRITTEN


class Odd:
    def __str__(self) -> str:
        return WRITTEN


def environment() -> PageEnvironment:
    return PageEnvironment(loader=DictLoader({**PLACES, **MORE}), autoescape=True, undefined=StrictUndefined)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("written", [WRITTEN, Kind.ODD, Odd()], ids=["text", "vocabulary", "object"])
def test_what_people_wrote_is_escaped_once_wherever_it_stands(place: str, written: object) -> None:
    page = environment().get_template(place).render(written=written)

    assert AS_HTML in page
    assert "<script" not in page
    assert "&amp;lt;" not in page


@pytest.mark.parametrize("place", PLACES)
def test_what_is_html_stays_as_it_is(place: str) -> None:
    assert "<b>&amp;</b>" in environment().get_template(place).render(written=Markup("<b>&amp;</b>"))


def test_html_is_handed_on_and_numbers_are_only_written() -> None:
    said = Markup("<b>9</b>")

    assert shown(said) is said
    assert shown(12) == "12"
    assert shown(True) == "True"
    assert shown(None) == "None"


def test_a_name_that_is_missing_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        environment().from_string("{{ nobody }}").render()


def test_no_template_of_ours_makes_html_anew() -> None:
    """Two hundred appointments hold four thousand values; Jinja's own `escape` made a new `Markup` of each."""
    pages = Templates(Language.load(), Assets()).environment(Locale.FA)
    names = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
    assert names

    written = {name: pages.compile(pages.loader.get_source(pages, name)[0], name, name, raw=True) for name in names}  # type: ignore[union-attr]  # they have a loader

    assert [name for name, source in written.items() if " escape(" in source.partition("name = ")[2]] == []
    assert sum("environment.shown(" in source for source in written.values()) > len(names) // 2
    # Imports compare the globals of two templates; Jinja's chain of maps is walked in Python for that.
    assert {type(pages.get_template(name).globals) for name in names} == {dict}

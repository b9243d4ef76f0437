"""The message command: finding messages, keeping catalogues in line, and naming every fault."""

import re
from pathlib import Path

import pytest

from desk.language.catalogues import Catalogues, po_path
from desk.language.shown import Locale
from scripts.messages.commands import Messages, main
from scripts.messages.extraction import Found, messages_in_python, messages_in_template
from scripts.messages.po_files import by_key, read_catalogue, translated, write_catalogue

MODULE = '''
from desk.language.text import Text, words

_ = words("book")
ask: object = words("ask")
KEPT = Text("kept", "As it stands.")


def step(back: str) -> object:
    """Not _("a message")."""
    other = back(_("Not the call around, but the one inside"))
    return (
        _(
            "A long question "
            "in two lines?",
            day=words("inner")("Day"),
        ),
        ask("**{n}** turns", n=1),
        Text(back, back),
    )
'''
PAGE = """{% extends "base.html" %}
{% block body %}<h1>{{ t("today", "Arrived") }}</h1>
<p title="{{ t('today', '{n} turns', n=3)|upper }}">{{ turn.t("not", "this") }}</p>{% endblock %}
"""
MAPPING = """[extractors]
words = scripts.messages.extraction:extract_python
pages = scripts.messages.extraction:extract_template
[words: desk/**.py]
[pages: backoffice/**.html]
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small source tree with complete catalogues."""
    for name, content in (
        ("desk/book.py", MODULE),
        ("backoffice/pages/_today.html", PAGE),
        ("backoffice/static/vendor/x.html", '{{ t("vendor", "never") }}'),
        ("locales/babel.cfg", MAPPING),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert main(["update"], root=tmp_path) == 0
    for key in by_key(read_catalogue(tmp_path / "locales/messages.pot")):
        translate(tmp_path, key, f"ترجمهٔ {key[1]}")
    return tmp_path


def translate(tree: Path, key: tuple[str, str], text: str, *, fuzzy: bool = False, locale: Locale = Locale.FA) -> None:
    path = po_path(tree / "locales", locale)
    messages = by_key(read_catalogue(path)) | {key: translated(key, text, fuzzy=fuzzy)}
    write_catalogue(path, messages.values(), locale=locale.value)


def test_messages_of_a_module() -> None:
    assert {(found.context, found.id) for found in messages_in_python(MODULE)} == {
        ("book", "Not the call around, but the one inside"),
        ("book", "A long question in two lines?"),
        ("inner", "Day"),
        ("ask", "**{n}** turns"),
        ("kept", "As it stands."),
    }


def test_messages_of_a_page() -> None:
    assert messages_in_template(PAGE) == [Found(2, "today", "Arrived"), Found(3, "today", "{n} turns")]


def test_a_computed_message_is_a_mistake() -> None:
    assert messages_in_python('_ = words("a")\n_(f"{1}")') == [Found(2, "a", None)]
    assert messages_in_template('{{ t("a", title) }}{{ t(name, "b") }}') == [Found(1, "a", None), Found(1, "", None)]


def test_a_name_bound_to_something_else_makes_no_messages() -> None:
    assert messages_in_python('ask = words("a")\nask = print\nask("b")') == []


@pytest.mark.parametrize("binding", ["", "from bot.words import _", "_ = flow.text"])
def test_messages_of_a_context_nobody_can_see_are_a_mistake(binding: str) -> None:
    assert messages_in_python(f'{binding}\n_("b")') == [Found(2, "", None)]


def test_a_complete_tree_has_no_faults(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"], root=tree) == 0
    assert capsys.readouterr().out == ""


def test_updating_twice_changes_nothing(tree: Path) -> None:
    files = sorted((tree / "locales").rglob("*.po*"))
    main(["update"], root=tree)
    before = [file.read_bytes() for file in files]
    main(["update"], root=tree)
    assert [file.read_bytes() for file in files] == before
    assert len(files) == 3


KEY = ("today", "{n} turns")


@pytest.mark.parametrize(
    ("text", "fuzzy", "fault"),
    [
        ("", False, "fa: no translation of [today] '{n} turns'"),
        ("{n} نوبت", True, "fa: fuzzy translation"),
        ("{m} نوبت", False, "fa: placeholders m instead of n"),
        ("نوبت", False, "fa: placeholders none instead of n"),
        ("**{n}** نوبت", False, "fa: ** differ"),
        ("{n} كارت", False, "fa: Arabic yeh or kaf"),
    ],
)
def test_each_fault_is_named(
    tree: Path, capsys: pytest.CaptureFixture[str], text: str, fuzzy: bool, fault: str
) -> None:
    translate(tree, KEY, text, fuzzy=fuzzy)
    assert main(["check"], root=tree) == 1
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 1
    assert told[0].startswith(fault)


def test_dari_may_be_silent_but_not_wrong(tree: Path) -> None:
    translate(tree, KEY, "{m} نوبت", locale=Locale.FA_AF)
    assert [fault.split(" in ")[0] for fault in Messages(tree).faults()] == ["fa_AF: placeholders m instead of n"]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('_("New here")', "messages.pot: lacks [book] 'New here'"),
        ('_("**Open")', "source: ** opened and not closed in [book] '**Open'"),
        ("_(step)", "source: desk/book.py:22: the context and the id of a message are literal strings"),
    ],
)
def test_faults_of_the_source(tree: Path, line: str, fault: str) -> None:
    module = tree / "desk/book.py"
    module.write_text(f"{MODULE}\n{line}\n", encoding="utf-8")
    assert any(told.startswith(fault) for told in Messages(tree).faults())


def test_a_message_that_went_leaves_the_template_out_of_date(tree: Path) -> None:
    (tree / "backoffice/pages/_today.html").unlink()
    assert any("in no source any more: [today] 'Arrived'" in fault for fault in Messages(tree).faults())


def test_a_translation_waits_for_its_message_to_return(tree: Path) -> None:
    page = tree / "backoffice/pages/_today.html"
    page.unlink()
    main(["update"], root=tree)
    assert KEY not in by_key(read_catalogue(po_path(tree / "locales", Locale.FA)))
    page.write_text(PAGE, encoding="utf-8")
    main(["update"], root=tree)
    assert main(["check"], root=tree) == 0


def test_compiled_and_plain_catalogues_say_the_same(tree: Path) -> None:
    plain = Catalogues(tree / "locales").message(Locale.FA_AF, *KEY)
    assert main(["compile"], root=tree) == 0
    po = po_path(tree / "locales", Locale.FA)
    assert po.with_suffix(".mo").is_file()
    po.unlink()
    assert Catalogues(tree / "locales").message(Locale.FA_AF, *KEY) == plain == "ترجمهٔ {n} turns"


def test_dari_falls_back_to_persian_and_persian_to_the_id(tree: Path) -> None:
    translate(tree, KEY, "دری {n}", locale=Locale.FA_AF)
    catalogues = Catalogues(tree / "locales")
    assert catalogues.message(Locale.FA_AF, *KEY) == "دری {n}"
    assert catalogues.message(Locale.FA, *KEY) == "ترجمهٔ {n} turns"
    assert catalogues.message(Locale.FA_AF, "today", "Arrived") == "ترجمهٔ Arrived"
    assert catalogues.missing == frozenset()
    assert catalogues.message(Locale.FA, "other", "Arrived") == "Arrived"
    assert catalogues.missing == {("other", "Arrived")}


def test_an_unknown_command_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["translate"]) == 2
    assert "extract|update|compile|check" in capsys.readouterr().err


@pytest.mark.requirement("000-04", "A")
@pytest.mark.parametrize("locale", Locale)
def test_nobody_is_ordered_about(locale: Locale) -> None:
    """«شما» and its plural, and an infinitive on a button: no text ends with the order one gives a machine."""
    ordered = re.compile(r"(?:^|\s)ن?(?:بده|کن|بزن|بفرست|بگو|ببین|بنویس|بخوان|بیا|برو|بردار)[.!؟]?$")
    locales = Path(__file__).parents[2] / "locales"
    messages = [message for message in read_catalogue(po_path(locales, locale)) if message.id]
    said = [text for m in messages for text in ([m.string] if isinstance(m.string, str) else m.string or ())]

    assert said
    assert [text for text in said if ordered.search(text)] == []

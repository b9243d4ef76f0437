"""The closed lists of the chat's words: no sentence breaks them, and each breach is seen."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from desk.language.catalogues import po_path
from desk.language.shown import Locale
from scripts.messages.commands import main
from scripts.messages.house_words import (
    PRINTED,
    faults_of_staff,
    faults_of_wording,
    house_words,
    is_chat,
    is_staff,
    sentences,
)
from scripts.messages.po_files import Key, by_key, read_catalogue, translated, write_catalogue

LOCALES = Path(__file__).parents[2] / "locales"
LABELS: dict[Key, str] = {("menu", "🔎 Follow up"): "🔎 پیگیری کنید", ("common", "Back"): "بازگشت"}


def shown(locale: Locale, *, of: Callable[[Iterable[str]], bool] = is_chat) -> dict[Key, str]:
    """Every sentence of the chat, or of what `of` says, as it is read in this language."""
    persian, own = (by_key(read_catalogue(po_path(LOCALES, each))) for each in (Locale.FA, locale))
    template = by_key(read_catalogue(LOCALES / "messages.pot"))
    return {
        key: str((own[key] if key in own else persian[key]).string)
        for key, message in template.items()
        if of([place for place, _line in message.locations])
    }


@pytest.mark.parametrize("locale", Locale)
def test_no_sentence_of_the_chat_breaks_the_lists(locale: Locale) -> None:
    said = shown(locale)
    assert len(said) > 500
    assert list(faults_of_wording(locale, said)) == []


@pytest.mark.parametrize(
    ("locale", "text", "fault"),
    [
        (Locale.FA, "این صفحه فقط برای آگاهی است.", "«آگاهی» frightens"),
        (Locale.FA_AF, "دوسیهٔ شما بسته است.", "«دوسیه» frightens"),
        (Locale.FA_AF, "مأمور با کمیشن‌کار", "«مأمور» frightens"),
        (Locale.FA, "بی‌دلیل رد کردند", "«رد کردند» frightens"),
        (Locale.FA, "پاسخ همین‌جا می‌آید.", "«پاسخ» is said جواب"),
        (Locale.FA, "همین حالا کسی آن را گرفت.", "«حالا» is said الان"),
        (Locale.FA_AF, "الان وقت نیست.", "«الان» is said حالا"),
        (Locale.FA, "⏳ مهلت جواب: سه‌شنبه", "«مهلت» is said جواب ما تا … (a deadline says whose it is)"),
        (Locale.FA, "نوبت برای کدام خدمت؟", "«خدمت» is said کار"),
        (Locale.FA, "از میز بپرسید.", "«از میز» is said از میز خدمت"),
        (Locale.FA_AF, "💰 مصرف: ۲۷ هزار", "«مصرف» is said فیس"),
        (Locale.FA, "با «پیگیری کنید» دوباره بازش کنید.", "no button is called «پیگیری کنید»"),
        (Locale.FA, "یک. دو. سه. چهار.", "more than 3 sentences"),
        (Locale.FA, "یک دو سه چهار پنج شش هفت هشت نه ده یازده دوازده سیزده", "more than 12 words without a pause"),
    ],
)
def test_each_breach_is_seen(locale: Locale, text: str, fault: str) -> None:
    faults = list(faults_of_wording(locale, {**LABELS, ("planted", "Planted"): text}))
    assert any(each.startswith(f"{locale}: {fault}") and each.endswith("in [planted] 'Planted'") for each in faults)


@pytest.mark.parametrize("locale", Locale)
def test_no_sentence_of_the_back_office_breaks_its_lists(locale: Locale) -> None:
    """In Dari too: before, «اسناد» stood in one heading and «مدارک» in the next, since most sentences had no entry."""
    said = shown(locale, of=is_staff)
    assert len(said) > 1400
    labels = {text for each in Locale for of in (is_chat, is_staff) for text in shown(each, of=of).values()}
    assert list(faults_of_staff(locale, said, labels=labels)) == []


@pytest.mark.parametrize(
    ("locale", "text", "fault"),
    [
        (Locale.FA, "صندوق", "«صندوق» is said کارتابل (a till stands in an office that takes fees)"),
        (Locale.FA, "سپردن پرونده", "«سپرد» is said ارجاع"),
        (Locale.FA, "برداشتن این هزینه", "«برداشت» is said حذف (to take out) or به عهده گرفتن (a case)"),
        (Locale.FA, "نرخ امروز", "«نرخ» is said هزینه"),
        (Locale.FA, "رمز تازه", "«تازه» is said جدید"),
        (Locale.FA, "این نوبت‌ها را لغو کن", "«کن» is said (a noun on a button, and «شما» in a sentence)"),
        (Locale.FA, "نوبت کسی به هم می‌خورد", "«به هم می» is said تغییر کردن"),
        (Locale.FA, "«بازگشت به فهرست» را بزنید.", "nothing is called «بازگشت به فهرست»"),
        (Locale.FA_AF, "اصل مدارک", "«مدارک» is said سند، اسناد"),
        (Locale.FA_AF, "شمارهٔ سند", "«شماره» is said نمبر"),
        (Locale.FA_AF, "استان", "«استان» is said ولایت"),
    ],
)
def test_each_breach_of_the_back_office_is_seen(locale: Locale, text: str, fault: str) -> None:
    faults = list(faults_of_staff(locale, {("planted", "Planted"): text}, labels=LABELS.values()))
    assert f"{locale}: {fault}, in [planted] 'Planted'" in faults


def test_the_form_that_the_state_printed_keeps_its_words() -> None:
    assert not list(faults_of_staff(Locale.FA_AF, {(PRINTED, "Papers"): "مدارک"}, labels=()))


@pytest.mark.parametrize("text", ["شهرستان", "نشانه‌ها", "ورود به میز کار", "میز خدمت", "آن‌ها", "میزبان", "نگهبان"])
def test_other_words_of_the_back_office_are_left_alone(text: str) -> None:
    for locale in Locale:
        assert not list(faults_of_staff(locale, {("planted", "Planted"): text}, labels=()))


@pytest.mark.parametrize(
    "text",
    [
        "از میز خدمت بپرسید.",
        "این‌ها نزدیک شماست.",
        "هم‌زمان",
        "با «🔎 پیگیری کنید» دوباره بازش کنید.",
        "روز را بنویسید؛ مثلاً «۵ آذر».",
        "«{nickname}» را پاک کنیم؟",
        "بدون «/» بنویسید.",
        "کد: ۱۲۳\nدفتر یاس\nکرج\nخیابان یاس",
    ],
)
def test_what_is_right_is_left_alone(text: str) -> None:
    assert list(faults_of_wording(Locale.FA, {**LABELS, ("planted", "Planted"): text})) == []


def test_every_exception_is_needed_and_has_its_reason() -> None:
    words = house_words()
    needed = {
        key
        for locale in Locale
        for key, text in shown(locale).items()
        if key in words.all_the_same and list(words.faults(locale, text))
    }
    assert needed == words.all_the_same.keys()
    assert all(words.all_the_same.values())
    needed_by_staff = {
        key
        for locale in Locale
        for key, text in shown(locale, of=is_staff).items()
        if key in words.staff_all_the_same and list(words.faults_of_staff(locale, text))
    }
    assert needed_by_staff == words.staff_all_the_same.keys()
    assert all(words.staff_all_the_same.values())


def test_the_check_names_a_breach(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "locales").mkdir()
    (tmp_path / "locales/babel.cfg").write_text(
        "[extractors]\nwords = scripts.messages.extraction:extract_python\n[words: bot/**.py]\n", encoding="utf-8"
    )
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot/ask.py").write_text(
        'from desk.language.text import words\n\n_ = words("ask")\nSENT = _("Sent.")\n', encoding="utf-8"
    )
    assert main(["update"], root=tmp_path) == 0
    for text, code in (("پرسش شما رسید.", 1), ("سؤال شما رسید.", 0)):
        message = translated(("ask", "Sent."), text)
        write_catalogue(po_path(tmp_path / "locales", Locale.FA), [message], locale="fa")
        assert main(["check"], root=tmp_path) == code
    assert capsys.readouterr().out.splitlines()[0] == "fa: «پرسش» is said سؤال, in [ask] 'Sent.'"


def test_a_fact_is_no_sentence() -> None:
    assert sentences("🕘 شنبه ۷ آذر\n💰 هزینه. رسید بگیرید.") == ["💰 هزینه", "رسید بگیرید"]

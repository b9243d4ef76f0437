"""Names are told from sentences about them, in both languages; a sentence is asked about, and never refused."""

from __future__ import annotations

import pytest

from desk.language.lexicons import lexicons
from desk.people.rules import read_name
from desk.reading.names import NameWords, SaidName

WORDS = NameWords.of(lexicons())

NAMES = """گل‌آغا رحیمی|محمد|سید محمد علی حسینی|در محمد|میرزا حسین|بی‌بی گل|عبدالله|شاه ولی خان نورزی|ملا عبدالسلام ضعیف
نوریه|نوبهار|کرامت الله|خدا داد|جان محمد|Gol Agha Rahimi|Sohrab|حاجی نظر محمد|میلاد احمدی|خانم زهرا|آقا رضا|مه‌جبین
مه گل|رحمت شاه|عزیز احمد|نامدار|اسماعیل|استاد رحیم|هستی رضایی|عطا محمد|نیازمحمد|بنفشه|باران|باقر|بابا جان|خیر محمد
محمد سلام|یادگار|Manizha|Mena|نوروز علی|دری|وقار احمد|نادر|ندا کریمی|کمال الدین|سوسن""".replace("\n", "|")
"""Some of them begin like words of a request, or hold a small word."""

SENTENCES = """من می‌خواهم برای پسرم نوبت بگیرم|ندارم|نوبت می‌خواهم|چرا نام من را می‌پرسید؟|سلام|اسم من را عوض کنید
برای مادرم|بله|نه|کمک|مریم باید بیاید|وقت ندارم|هستم|شما کی هستید؟|نمی‌دانم|مه بری بچیم نوبت میخایم|اسناد ندارم
چی بنویسم|مره نوبت بتین|nobat mikham|my mother|چقدر پول می‌شود|علی؟|لغو
نام خودم را بنویسم یا نام پدرم|کارت ندارم|خیر|همان قبلی است""".replace("\n", "|")

SAID = {
    "نام من گل‌آغا است": "گل‌آغا",
    "اسمم حسین رضایی هست": "حسین رضایی",
    "نامم لیلا": "لیلا",
    "سلام اسمم زهرا کریمی است": "زهرا کریمی",
    "من احمد ظاهر هستم": "احمد ظاهر",
    "نام مه گل آغا اس": "گل آغا",
    "مه گل آغا استم": "گل آغا",
    "my name is Ali Rezai": "Ali Rezai",
}


def said(typed: str) -> SaidName:
    return WORDS.read(typed, name=read_name(typed) or "")


@pytest.mark.parametrize("name", NAMES.split("|"))
def test_a_name_is_taken_as_it_is(name: str) -> None:
    assert said(name) == SaidName(name, is_sure=True)


@pytest.mark.parametrize("typed", SENTENCES.split("|"))
def test_a_sentence_is_asked_about(typed: str) -> None:
    assert said(typed) == SaidName(read_name(typed) or "", is_sure=False)


@pytest.mark.parametrize("typed", SAID)
def test_the_name_in_a_sentence_is_read_and_asked_about(typed: str) -> None:
    assert said(typed) == SaidName(SAID[typed], is_sure=False)

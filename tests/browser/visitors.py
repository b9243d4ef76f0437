"""Invented people who come to the office one morning, and what they press: for the pictures of the README."""

from __future__ import annotations

from typing import Final

AT_THE_PHONE: Final = ("نوید صادقی", "60419931")
"""Name and number of the person whose ticket is in the picture."""
VISITORS: Final = (
    ("گل‌آغا رحیمی", "amayesh", "60417352"),
    ("زهرا حسینی", "passport", "P01728453"),
    ("نورمحمد احمدزی", "travel_slip", "7741920"),
    ("معصومه رضایی", "amayesh", "60418990"),
    ("عبدالحمید نوری", "smart_id", "1002347719"),
    ("شکریه یوسفی", "headcount_slip", "33018264"),
    ("محمدظاهر کریمی", "amayesh", "60411275"),
    ("فاطمه نظری", "passport", "P02911764"),
)
"""Name, kind of paper and number."""
IDENTITY_CHECK: Final = "احراز هویت"
TEHRAN: Final = "تهران"
FIRST: Final = "۱"
"""The first button, typed."""

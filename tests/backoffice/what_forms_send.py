"""What the form of each address would send to do its work, so that nothing but the permission can stand in the way."""

from __future__ import annotations

from backoffice.web.routing import Route

Sent = dict[str, str | list[str]]


def sent(route: Route, at: dict[str, int], *, province: str) -> Sent:
    """What the form would send to do its work, so that nothing but the permission can stand in the way."""
    week: Sent = {"d0r0-opens": "15:00", "d0r0-closes": "16:00", "d0r0-counters": "1", "d0r0-minutes": "10"}
    week |= {"valid_from": "1405/12/01"}
    name: Sent = {"name_fa": "نام", "name_fa_AF": ""}
    queue: Sent = {"services": str(at["service"]), "is_active": "1", **name}
    day: Sent = {"day": "1405/10/06", "kind": "closed", "reason": "تعمیر"}
    service: Sent = {"code": "new-one", "title_fa": "خدمت", "short_title_fa": "خدمت"}
    office: Sent = {"code": "72-9901", "kind": "pishkhan", "province": province, "city_fa": "شهر", **name}
    account: Sent = {"name": "نام", "r0-role": "clerk", "r0-place": f"office:{at['office']}"}
    setting: Sent = {"how": "open", "publish_at": "18:00", "days_ahead": "7", "confirm_hours": "24"}
    setting |= {"priority_share": "20", "reason": "کمیاب است"}
    draw: Sent = {"first_day": "1405/10/01", "last_day": "1405/10/01", "closes_day": "1405/09/24"}
    draw |= {"closes_time": "12:00", "figure_name": "شاخص پایانی بورس آن روز", "figure_digits": "7"}
    forms: dict[str, Sent] = {
        "POST /account/language": {"language": "fa"},
        "POST /today/desk": {"office": str(at["office"])},
        "POST /today/walk-in": {"office": str(at["office"])},
        "POST /today/{appointment:int}/slip": {"do": "roll"},
        "POST /today/papers": {
            **{"office": str(at["office"]), "one": "P01234567", "other": "87654321"},
            **{"reason": "renewed", "seen": "1"},
        },
        "POST /today/search": {"office": str(at["office"]), "q": "P01234567"},
        "POST /today/open": {"office": str(at["office"]), "day": "1405/11/01", "reason": "مراجع پشت باجه است"},
        "POST /today/{appointment:int}": {"do": "arrive"},
        "POST /board/find": {"office": str(at["office"]), "counter": "1", "q": "P01234567"},
        "POST /board/next": {"office": str(at["office"]), "counter": "1"},
        "POST /board/{appointment:int}": {"do": "arrive"},
        "POST /board/{appointment:int}/paper": {"number": "1234567890"},
        "POST /board/{appointment:int}/priority": {"priority": str(at["priority"]), "reason": "seen"},
        "POST /outcomes/{unrecorded:int}": {"do": "absent"},
        "POST /outcomes/{unrecorded:int}/unserved": {"reason": "سامانه قطع بود"},
        "POST /outcomes/objections/{absence:int}": {"do": "uphold", "why": "not_seen"},
        "POST /capacity/{office:int}/order": {"do": "crowd"},
        "POST /waiting/counter": {"number": "P01234567"},
        "POST /waiting/requests/{waiting:int}": {"priority": str(at["priority"]), "reason": "seen"},
        "POST /waiting/classes/new": {"days": "7", **name},
        "POST /waiting/classes/{priority:int}": {"days": "7", **name},
        "POST /draws/setting": {"service": str(at["service"]), "province": province, **setting},
        "POST /draws/new": {"service": str(at["service"]), "province": province, **draw},
        "POST /draws/{draw:int}/steps/word": {"word_hash": "b" * 64},
        "POST /draws/{draw:int}/steps/figure": {"figure": "1234"},
        "POST /draws/{draw:int}/steps/reveal": {"word": "seventeen blue herons"},
        "POST /today/{appointment:int}/phone": {"number": "P01234567"},
        "POST /today/{appointment:int}/paper": {"number": "1234567890"},
        "POST /today/{appointment:int}/wishes": {"woman_clerk": "arranged"},
        "POST /today/{appointment:int}/record": {
            **{"closing": "no_receipt", "why": "device", "information": "yes"},
            **{"fingerprint": "not_asked", "photo": "not_asked", "do": "served"},
        },
        "POST /today/receipts/export": {"purpose": "review"},
        "POST /today/report": {"office": str(at["office"]), "sign": "list"},
        "POST /offices/{office:int}/assistance": {"pashto": "none"},
        "POST /offices/{office:int}/line": {
            **{"late_after": "15", "walk_in_counts_after": "60", "most_calls": "3"},
            **{"priority_every": "3", "come_now_at": "3"},
        },
        "POST /today/{appointment:int}/name": {"number": "1234567890", "name": "گل‌آغا"},
        "POST /changes/{change:int}/decide": {"remedy": "keep"},
        "POST /changes/told/{told:int}": {"way": "phone"},
        "POST /inbox/{case:int}/reply": {"text": "پاسخ", "key": "k"},
        "POST /inbox/{case:int}/draft": {"kind": "reply", "text": "نیمهٔ پاسخ"},
        "POST /inbox/{case:int}/note": {"text": "یادداشت"},
        "POST /inbox/{case:int}/state": {"to": "in_review"},
        "POST /inbox/{case:int}/close": {"reason": "answered", "text": "پاسخ"},
        "POST /inbox/{case:int}/assign": {"take": "1"},
        "POST /inbox/{case:int}/allow": {"kind": "live_appointments", "most": "9", "reason": "household"},
        "POST /capacity/holidays": {"day": "1405/10/05", **name},
        "POST /capacity/{office:int}/queues/new": queue,
        "POST /capacity/{office:int}/queues/{queue:int}/edit": {
            "services": str(at["service"]),
            "is_active": "1",
            **name,
        },
        "POST /capacity/{office:int}/queues/{queue:int}/week": week,
        "POST /capacity/{office:int}/queues/{queue:int}/worksheet": {**week, "do": "state"},
        "POST /after-visits/asking": {"province": province, "is_on": "on", "ask_at": "19:00"},
        "POST /capacity/marshals": {"area": f"/{province}/", "conditions": "دیپلم"},
        "POST /capacity/{office:int}/leave": {"first": "1405/10/20", "last": "1405/10/21", "reason": "عروسی"},
        "POST /capacity/{office:int}/leave/{leave:int}": {"do": "decline", "word": "آن روز شلوغ است"},
        "POST /capacity/worksheets/approval": {"area": f"/{province}/", "is_needed": "yes"},
        "POST /capacity/worksheets/{worksheet:int}": {"state": "returned", "reason": "سه باجه دیده نشد"},
        "POST /capacity/{office:int}/queues/{queue:int}/quotas": {f"most_{at['service']}": "9"},
        "POST /capacity/{office:int}/queues/{queue:int}/shares": {
            "desk": "25",
            "walk_in": "0",
            "desk_hours": "24",
            "walk_in_hours": "0",
        },
        "POST /capacity/{office:int}/queues/{queue:int}/days": day,
        "POST /capacity/{office:int}/queues/{queue:int}/days/clear": {"day": "1405/10/06"},
        "POST /catalogue/new": service,
        "POST /catalogue/{service:int}/edit": service,
        "POST /catalogue/{service:int}/confirm": {"review_due": "1406/01/10"},
        "POST /catalogue/{service:int}/fees": {"amount": "1000", "valid_from": "1405/12/01", "source_fa": "بخشنامه"},
        "POST /catalogue/{service:int}/fees/{fee:int}/end": {"last_day": "1405/12/01"},
        "POST /catalogue/{service:int}/papers/{paper:int}": {"title_fa": "اصل کارت"},
        "POST /catalogue/{service:int}/papers/{paper:int}/move": {"how": "down"},
        "POST /catalogue/{service:int}/required": {"fingerprint": "yes", "source_fa": "بخشنامه"},
        "POST /catalogue/{service:int}/steps/{step:int}": {"title_fa": "گام"},
        "POST /catalogue/{service:int}/steps/{step:int}/move": {"how": "up"},
        "POST /offices/new": {**office, "is_active": "1"},
        "POST /offices/{office:int}": {**office, "code": "72-1101" if province == "IR-30" else "72-2201"},
        "POST /offices/{office:int}/services/{service:int}": {
            "state": "warned",
            "basis": "announcement",
            "reason": "کسی مسئول نظم نیست",
        },
        "POST /signs/{chat:int}/looked": {"judgement": "family"},
        "POST /signs/{chat:int}/limit": {"kind": "holds", "most": "5", "reason": "signs"},
        "POST /signs/{chat:int}/usual": {"kind": "holds"},
        "POST /history/export": {"purpose": "review"},
        "POST /capacity/close": {
            "office": str(at["office"]),
            "place": f"office:{at['office']}",
            "kind": "close",
            "when": "tomorrow",
            "reason": "power",
            "closing_sure": "1",
        },
        "POST /offices/{office:int}/line/stop": {"reason": "network", "do": "stop"},
        "POST /capacity/offices/painted": {"cell": f"2026-11-24.{at['office']}", "kind": "close"},
        "POST /capacity/offices/export": {"purpose": "review"},
        "POST /staff/new": {**account, "username": "newcomer"},
        "POST /staff/{member:int}": account,
    }
    return forms.get(route.name, {})

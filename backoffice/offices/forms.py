"""The forms of an office and of how it stands with one of its services."""

from __future__ import annotations

from backoffice.forms.choices import Pick, Tick
from backoffice.forms.fields import Paragraph, TextLine
from backoffice.forms.numbers import Day, Decimal
from backoffice.forms.versions import EditForm
from backoffice.offices.wording import BASES, OFFICE_KINDS
from desk.capacity.status_rules import LONGEST_RULE, LONGEST_WHY, LegalBasis
from desk.language.text import words
from desk.offices.rules import OfficeKind

_ = words("offices")


class OfficeForm(EditForm):
    """An office; of what is empty, the chat names the address and the telephone as not announced."""

    code = TextLine(_("Code on the sign"), longest=16, is_ltr=True, hint=_("It also stands on receipts."))
    kind = Pick(_("Kind of office"), options=[(each.value, OFFICE_KINDS[each]) for each in OfficeKind])
    province = Pick(_("Province"), empty=_("Please choose"))
    city_fa = TextLine(_("City in Persian"), longest=80)
    city_fa_AF = TextLine(_("City in Dari"), required=False, longest=80)
    name_fa = TextLine(_("Name in Persian"), longest=120)
    name_fa_AF = TextLine(_("Name in Dari"), required=False, longest=120)
    address_fa = TextLine(_("Address in Persian"), required=False, longest=300)
    address_fa_AF = TextLine(_("Address in Dari"), required=False, longest=300)
    latitude = Decimal(_("Latitude"), required=False, least=24, most=40.5, hint=_("Such as 35.8327"))
    longitude = Decimal(_("Longitude"), required=False, least=43.5, most=64, hint=_("Such as 50.9915"))
    phone = TextLine(_("Telephone"), required=False, longest=24, is_ltr=True)
    is_active = Tick(_("The office is in use"))


class StatusForm(EditForm):
    """What holds for a service of an office from now on. `declare` adds the present state as its version."""

    proposed = frozenset({"state", "basis", "rule", "reason", "until_day"})

    state = Pick(_("From now on"), empty=_("Please choose"))
    basis = Pick(
        _("By which rule"),
        options=[(each.value, BASES[each]) for each in LegalBasis],
        empty=_("Please choose"),
    )
    rule = TextLine(_("Article, or number and date of the letter"), required=False, longest=LONGEST_RULE)
    reason = Paragraph(
        _("Why"), longest=LONGEST_WHY, rows=3, hint=_("The office reads this. Please name no applicant in it.")
    )
    until_day = Day(
        _("Look at it again by"), required=False, hint=_("Nothing happens by itself on this day: somebody decides.")
    )

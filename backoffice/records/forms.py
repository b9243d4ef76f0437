"""The forms of records: a visit, the required fields of a service, and what staff report."""

from __future__ import annotations

from wtforms import Form

from backoffice.forms.choices import Pick, Several, Tick
from backoffice.forms.fields import Paragraph, TextLine
from backoffice.forms.numbers import TimeOfDay, Toman
from backoffice.forms.versions import EditForm
from backoffice.records.wording import CLOSINGS, PURPOSES, REPORTED, SYSTEMS, TAKINGS, WHYS
from desk.language.labels import INQUIRY_RESULTS
from desk.language.text import words
from desk.records.rules import (
    LONGEST_FIELDS,
    LONGEST_OFFICE_CODE,
    LONGEST_REFERENCE,
    LONGEST_TRACKING,
    LONGEST_WORDS,
    ClosedWith,
)

_ = words("records")

YES, NO = "yes", "no"
_TAKINGS = [(each.value, label) for each, label in TAKINGS.items()]
_NOTHING = _("Nothing")


class RecordForm(Form):
    """The record with which a visit is closed; what is as announced stands there already."""

    closing = Pick(_("The visit is closed"), options=[(each.value, label) for each, label in CLOSINGS.items()])
    amount = Toman(_("Amount on the receipt, in toman"), required=False, depends=True)
    reference = TextLine(
        _("Reference number of the receipt"), required=False, depends=True, longest=LONGEST_REFERENCE, is_ltr=True
    )
    office_code = TextLine(
        _("Office code on the receipt"), required=False, depends=True, longest=LONGEST_OFFICE_CODE, is_ltr=True
    )
    time = TimeOfDay(_("Time on the receipt"), required=False, depends=True)
    is_orange = Tick(_("It is of the orange card reader"))
    names_service = Tick(_("The title of the service is on it"))
    information = Pick(_("Information taken in full"), options=_TAKINGS)
    fingerprint = Pick(_("Fingerprint taken"), options=_TAKINGS)
    photo = Pick(_("Photo taken"), options=_TAKINGS)
    papers = Several(_("Originals seen and returned"), required=False)
    why = Pick(
        _("Why, if something is not as announced"),
        required=False,
        depends=True,
        empty=_NOTHING,
        options=[(each.value, label) for each, label in WHYS.items()],
    )
    words = TextLine(
        _("In a few words"),
        required=False,
        longest=LONGEST_WORDS,
        hint=_("Without names and numbers of papers. The directorate reads it."),
    )
    system = Pick(
        _("Looked up in"),
        required=False,
        depends=True,
        empty=_("Nothing was looked up"),
        options=[(each.value, label) for each, label in SYSTEMS.items()],
    )
    purpose = Pick(
        _("What for"),
        required=False,
        depends=True,
        empty=_("Please choose"),
        options=[(each.value, label) for each, label in PURPOSES.items()],
    )
    result = Pick(
        _("Result"),
        required=False,
        depends=True,
        empty=_("Please choose"),
        options=[(each, label) for each, label in INQUIRY_RESULTS.items()],
    )
    code = TextLine(
        _("Tracking code of the inquiry"),
        required=False,
        longest=LONGEST_TRACKING,
        is_ltr=True,
        hint=_("The person gets it in the chat."),
    )

    latest: int | None = None
    """The minute of the day after which no receipt can be yet; None = the day is over."""

    @property
    def asks_receipt(self) -> bool:
        """Whether a receipt is named."""
        return bool(self.closing.data == ClosedWith.RECEIPT)

    def is_complete(self) -> bool:
        """Whether every part that was begun is whole: the receipt, and the inquiry."""
        self.validate()
        if self.asks_receipt and self.amount.data is None and not self.amount.errors:
            self.amount.add_error(_("Please write the amount that is on the receipt."))
        if self.asks_receipt and self.latest is not None and (self.time.data or 0) > self.latest:
            self.time.add_error(_("This hour is still ahead. Please write what stands on the receipt."))
        return self.is_inquiry_whole() and not self.errors

    def is_inquiry_whole(self, *, is_asked: bool = False) -> bool:
        """Whether an inquiry that was begun, or `is_asked`, says where, what for and with what result."""
        if self.system.data:
            for entry in (self.purpose, self.result):
                if not entry.data and not entry.errors:
                    entry.add_error(_("Please choose one of the list."))
        elif is_asked or self.code.data or self.purpose.data or self.result.data:
            self.system.add_error(_("Please say where it was looked up."))
        return not any(entry.errors for entry in (self.system, self.purpose, self.result, self.code))


class RequiredForm(EditForm):
    """What has to be recorded of a person for a service; what is empty is not announced."""

    fields_fa = Paragraph(
        _("Required fields in Persian"), required=False, rows=6, longest=LONGEST_FIELDS, hint=_("One on each line.")
    )
    fields_fa_AF = Paragraph(_("Required fields in Dari"), required=False, rows=6, longest=LONGEST_FIELDS)
    fingerprint = Pick(
        _("A fingerprint"),
        required=False,
        empty=_("Not announced"),
        options=[(YES, _("Is taken")), (NO, _("Is not taken"))],
    )
    photo = Pick(
        _("A photo"),
        required=False,
        empty=_("Not announced"),
        options=[(YES, _("Is taken")), (NO, _("Is not taken"))],
    )
    source_fa = TextLine(_("Source in Persian"))
    source_fa_AF = TextLine(_("Source in Dari"), required=False)


class ReportForm(Form):
    """What somebody of the staff saw at the door."""

    sign = Pick(
        _("What did you see?"),
        empty=_("Please choose"),
        options=[(each.value, label) for each, label in REPORTED.items()],
    )
    words = TextLine(
        _("In a few words"),
        required=False,
        longest=LONGEST_WORDS,
        hint=_("Where he stands, what he says. No names of applicants."),
    )

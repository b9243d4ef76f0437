"""The forms of a service: its card, a fee, papers and steps."""

from __future__ import annotations

from wtforms import Form

from backoffice.catalogue.wording import AUDIENCES, CHANNELS, PAPER_PROVINCES
from backoffice.forms.choices import Pick, Several, Tick
from backoffice.forms.days import OF_LAW
from backoffice.forms.fields import Paragraph, TextLine
from backoffice.forms.numbers import Day, Number, TimeOfDay, Toman
from backoffice.forms.versions import EditForm
from desk.catalogue.rules import (
    ASKS_EARLIEST,
    ASKS_LATEST,
    MOST_DAYS_AHEAD,
    SHORT_TITLE_LETTERS,
    Audience,
    PaperProvince,
    ServiceChannel,
)
from desk.language.labels import DOCUMENT_KINDS
from desk.language.text import words
from desk.people.rules import DocumentKind
from desk.reading.days import Prefer

_ = words("catalogue")

NOT_ANNOUNCED = _("Not announced")
YES, NO = "yes", "no"


class ServiceForm(EditForm):
    """The card of a service; of what is empty, the chat names the duration as not announced and leaves out the rest."""

    code = TextLine(_("Code"), longest=40, is_ltr=True, hint=_("Small Latin letters; it stands in links and stays."))
    title_fa = TextLine(_("Title in Persian"))
    title_fa_AF = TextLine(_("Title in Dari"), required=False)
    short_title_fa = TextLine(_("Short title in Persian"), longest=SHORT_TITLE_LETTERS)
    short_title_fa_AF = TextLine(_("Short title in Dari"), required=False, longest=SHORT_TITLE_LETTERS)
    description_fa = Paragraph(_("Explanation in Persian"), required=False, rows=3, longest=2000)
    description_fa_AF = Paragraph(_("Explanation in Dari"), required=False, rows=3, longest=2000)
    keywords = TextLine(_("Everyday words for the search"), required=False, longest=400)
    channel = Pick(
        _("Where it is given"),
        required=False,
        empty=NOT_ANNOUNCED,
        options=[(each.value, CHANNELS[each]) for each in ServiceChannel],
    )
    agency_fa = TextLine(_("Body in charge, in Persian"), required=False)
    agency_fa_AF = TextLine(_("Body in charge, in Dari"), required=False)
    who_must_come = Pick(
        _("Who must come"),
        required=False,
        empty=NOT_ANNOUNCED,
        options=[(each.value, AUDIENCES[each]) for each in Audience],
    )
    duration_fa = TextLine(_("How long it takes, in Persian"), required=False)
    duration_fa_AF = TextLine(_("How long it takes, in Dari"), required=False)
    taken_at_counter_fa = TextLine(_("Recorded at the counter, in Persian"), required=False)
    taken_at_counter_fa_AF = TextLine(_("Recorded at the counter, in Dari"), required=False)
    objection_fa = TextLine(_("Where to object, in Persian"), required=False)
    objection_fa_AF = TextLine(_("Where to object, in Dari"), required=False)
    paper_province = Pick(
        _("A paper of another province"),
        required=False,
        empty=NOT_ANNOUNCED,
        options=[(each.value, PAPER_PROVINCES[each]) for each in PaperProvince],
        hint=_("Where the source says that it is served only in its own, people are asked before they book."),
    )
    needs_slip = Pick(
        _("A travel slip from another province"),
        required=False,
        empty=NOT_ANNOUNCED,
        options=[(YES, _("Is needed")), (NO, _("Is not needed"))],
    )
    slip_from_fa = TextLine(_("Where the slip is given, in Persian"), required=False)
    slip_from_fa_AF = TextLine(_("Where the slip is given, in Dari"), required=False)
    travel_kinds = Several(
        _("These two hold for holders of"),
        required=False,
        options=[(each.value, DOCUMENT_KINDS[each]) for each in DocumentKind if each is not DocumentKind.NONE],
        hint=_("None ticked = every kind of paper."),
    )
    source_fa = TextLine(_("Source of all this, in Persian"), required=False)
    source_fa_AF = TextLine(_("Source of all this, in Dari"), required=False)
    source_date = Day(_("Date of the source"), required=False, prefer=Prefer.PAST, bounds=OF_LAW)
    is_bookable = Tick(_("Turns can be booked for it"))
    days_ahead = Number(
        _("How many days ahead are open"),
        required=False,
        least=1,
        most=MOST_DAYS_AHEAD,
        hint=_("Empty = all days that there are, up to 60."),
    )
    opens_at = TimeOfDay(
        _("At which hour a new day opens"), required=False, hint=_("By the clock of the office. Empty = at midnight.")
    )
    asks_days_before = Number(
        _("How many days before people are asked whether they come"),
        required=False,
        least=ASKS_LATEST,
        most=ASKS_EARLIEST,
        hint=_("Empty = only the reminder of the evening before asks. Without an answer the turn stays."),
    )
    is_per_household = Tick(
        _("One visit serves a whole household"),
        hint=_("Then people who book together take one place of a time. What is booked already stays as it is."),
    )
    is_published = Tick(_("Applicants see it"))


class FeeForm(Form):
    """A new approved fee."""

    amount = Toman(_("Amount in toman"))
    province = Pick(_("Where it holds"), required=False, empty=_("The whole country"))
    valid_from = Day(_("Valid from"))
    valid_to = Day(_("Valid to"), required=False)
    source_fa = TextLine(_("Source in Persian"), hint=_("Which circular, letter or announcement says so."))
    source_fa_AF = TextLine(_("Source in Dari"), required=False)
    source_date = Day(_("Date of the source"), required=False, prefer=Prefer.PAST, bounds=OF_LAW)
    is_confirmed = Tick(_("Confirmed today: show it to applicants"))


class EndFeeForm(EditForm):
    """The last day of a fee, and the version that its buttons carry."""

    proposed = frozenset({"last_day"})

    last_day = Day(_("Last day"))


class PaperForm(EditForm):
    """One paper to bring, in the original."""

    title_fa = TextLine(_("Paper, in Persian"))
    title_fa_AF = TextLine(_("Paper, in Dari"), required=False)
    note_fa = TextLine(_("Remark, in Persian"), required=False)
    note_fa_AF = TextLine(_("Remark, in Dari"), required=False)
    document_kind = Pick(
        _("For holders of"),
        required=False,
        empty=_("Everybody"),
        options=[(each.value, DOCUMENT_KINDS[each]) for each in DocumentKind],
    )
    is_optional = Tick(_("Only if they have it"))


class StepForm(EditForm):
    """One step of a service."""

    title_fa = TextLine(_("Step, in Persian"))
    title_fa_AF = TextLine(_("Step, in Dari"), required=False)
    agency_fa = TextLine(_("Who does it, in Persian"), required=False)
    agency_fa_AF = TextLine(_("Who does it, in Dari"), required=False)
    is_inquiry = Tick(_("An inquiry at another body"))


class ConfirmForm(EditForm):
    """The confirmation that somebody in charge has reviewed the whole record."""

    proposed = frozenset({"review_due"})

    review_due = Day(_("Next review by"))

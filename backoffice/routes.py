"""The route table: every page with the permission it needs, in one place for review."""

from __future__ import annotations

from backoffice.absences import objections, unrecorded
from backoffice.access import Anyone
from backoffice.afterwards import asking as after_asking
from backoffice.afterwards import page as after_visits
from backoffice.appointments import at_desk, comparing, correcting, day_list, desk_ticket, new_phone, recording, wishes
from backoffice.appointments import search as day_search
from backoffice.board import asking as board_asking
from backoffice.board import finding as board_finding
from backoffice.board import page as board
from backoffice.board import paper as board_paper
from backoffice.board import pressing as board_pressing
from backoffice.board import priority as board_priority
from backoffice.brought_in import hours_pages as bringing_in_hours
from backoffice.brought_in import pages as bringing_in
from backoffice.brought_in import staff_pages as bringing_in_staff
from backoffice.brought_in.archive import LARGEST_FILE
from backoffice.capacity import (
    course,
    days,
    holidays,
    horizon,
    many_offices,
    queue_history,
    queues,
    quotas,
    shares,
    week,
    weekly_hours,
)
from backoffice.cases import allowing, case, case_name, inbox
from backoffice.catalogue import fees, papers_and_steps, services
from backoffice.closings import closed, closing, stopping
from backoffice.consequences import changes
from backoffice.draws import holding, unreached
from backoffice.draws import overview as draws
from backoffice.draws import preparing as draw_preparing
from backoffice.draws import settings as draw_settings
from backoffice.history import page as history
from backoffice.line import rule as line_rule
from backoffice.linked_papers import page as linked_papers
from backoffice.marshals import office as marshals_of_office
from backoffice.marshals import told as crowds
from backoffice.offices import assistance as office_assistance
from backoffice.offices import pages as offices
from backoffice.offices import search as office_search
from backoffice.offices import services as office_services
from backoffice.outbox import undelivered
from backoffice.overview import page as overview
from backoffice.public import check
from backoffice.public import draw as public_draw
from backoffice.records import form as record_form
from backoffice.records import receipts, reports, required
from backoffice.rosters import leave, unkept
from backoffice.rosters import week as roster_week
from backoffice.signs import page as signs
from backoffice.staff import accounts, asking_again, factor, own_account, own_sessions, passkeys
from backoffice.waiting import classes, counter, freed
from backoffice.walk_ins import registering as walk_ins
from backoffice.walk_ins import slip
from backoffice.web import live_page
from backoffice.web.routing import (
    Route,
    get_page,
    get_public,
    get_stream,
    post_file,
    post_form,
    post_search,
    with_ways_back,
)
from backoffice.worksheets import deciding, of_office, stating, waiting_list
from desk.staff.permissions import Permission as P
from desk.staff.rules import Awaits

SETTING_UP = (Awaits.FACTOR,)
"""What sets a second factor up opens for those too whose role asks for one."""

TABLE: tuple[Route, ...] = (
    get_page("/start", Anyone.SIGNED_IN, own_account.start),
    # own account
    get_page("/account", Anyone.SIGNED_IN, own_account.show),
    post_form("/account/language", Anyone.SIGNED_IN, own_account.choose_language),
    get_page("/account/password", Anyone.SIGNED_IN, own_account.password, opens_while=(Awaits.PASSWORD,)),
    post_form("/account/password", Anyone.SIGNED_IN, own_account.change_password, opens_while=(Awaits.PASSWORD,)),
    get_page("/account/sessions", Anyone.SIGNED_IN, own_sessions.page),
    post_form("/account/sessions/end", Anyone.SIGNED_IN, own_sessions.end),
    # the second factor
    get_page("/account/factor", Anyone.SIGNED_IN, factor.page, opens_while=SETTING_UP),
    post_form("/account/factor/new", Anyone.SIGNED_IN, factor.begin, opens_while=SETTING_UP, asks_password=True),
    post_form("/account/factor/confirm", Anyone.SIGNED_IN, factor.confirm, opens_while=SETTING_UP, asks_password=True),
    post_form("/account/factor/codes", Anyone.SIGNED_IN, factor.renew_codes, asks_password=True),
    post_form("/account/factor/remove", Anyone.SIGNED_IN, factor.remove, asks_password=True),
    get_page("/account/passkeys", Anyone.SIGNED_IN, passkeys.page, opens_while=SETTING_UP),
    post_form("/account/passkeys/new", Anyone.SIGNED_IN, passkeys.begin, opens_while=SETTING_UP, asks_password=True),
    post_form("/account/passkeys/add", Anyone.SIGNED_IN, passkeys.add, opens_while=SETTING_UP, asks_password=True),
    post_form("/account/passkeys/remove", Anyone.SIGNED_IN, passkeys.remove, asks_password=True),
    get_page("/sign-in/code", Anyone.SIGNED_IN, factor.ask, opens_while=(Awaits.CODE,)),
    post_form("/sign-in/code", Anyone.SIGNED_IN, factor.say, opens_while=(Awaits.CODE,), keeps="written"),
    get_page(asking_again.AGAIN, Anyone.SIGNED_IN, asking_again.page, asks_password=True),
    post_form(asking_again.AGAIN, Anyone.SIGNED_IN, asking_again.go_on, asks_password=True),
    post_form("/sign-out", Anyone.SIGNED_IN, own_account.sign_out, opens_while=tuple(Awaits)),
    get_stream("/live", Anyone.SIGNED_IN, live_page.follow),
    # the day's list
    get_page("/today", P.APPOINTMENTS_READ, day_list.page),
    post_search("/today/search", P.APPOINTMENTS_READ, day_search.search),
    get_page("/today/door", P.APPOINTMENTS_READ, day_list.door),
    post_form("/today/open", P.APPOINTMENTS_NAMES, day_list.open_day),
    get_page("/today/desk", P.APPOINTMENTS_BOOK, at_desk.page),
    post_form("/today/desk", P.APPOINTMENTS_BOOK, at_desk.save),
    get_page("/today/walk-in", P.APPOINTMENTS_WALK_IN, walk_ins.page),
    post_form("/today/walk-in", P.APPOINTMENTS_WALK_IN, walk_ins.save),
    get_page("/today/{appointment:int}/slip", P.APPOINTMENTS_WALK_IN, slip.page),
    post_form("/today/{appointment:int}/slip", P.APPOINTMENTS_WALK_IN, slip.save),
    get_page("/today/papers", P.APPOINTMENTS_BOOK, linked_papers.page),
    post_form("/today/papers", P.APPOINTMENTS_BOOK, linked_papers.save),
    get_page("/today/{appointment:int}/ticket", P.APPOINTMENTS_BOOK, desk_ticket.ticket),
    get_page("/today/{appointment:int}/desk", P.APPOINTMENTS_BOOK, desk_ticket.change),
    post_form("/today/{appointment:int}/desk", P.APPOINTMENTS_BOOK, desk_ticket.save),
    get_page("/today/{appointment:int}", P.APPOINTMENTS_READ, recording.row),
    get_page("/today/{appointment:int}/back", P.APPOINTMENTS_RECORD, recording.back),
    post_form("/today/{appointment:int}", P.APPOINTMENTS_RECORD, recording.record),
    get_page("/today/{appointment:int}/phone", P.APPOINTMENTS_RECORD, new_phone.page),
    post_form("/today/{appointment:int}/phone", P.APPOINTMENTS_RECORD, new_phone.give),
    get_page("/today/{appointment:int}/paper", P.APPOINTMENTS_RECORD, comparing.page),
    post_form("/today/{appointment:int}/paper", P.APPOINTMENTS_RECORD, comparing.compare),
    get_page("/today/{appointment:int}/name", P.APPOINTMENTS_RECORD, correcting.page),
    post_form("/today/{appointment:int}/name", P.APPOINTMENTS_RECORD, correcting.save),
    get_page("/today/{appointment:int}/record", P.APPOINTMENTS_RECORD, record_form.page),
    post_form("/today/{appointment:int}/record", P.APPOINTMENTS_RECORD, record_form.save),
    get_page("/today/receipts", P.CAPACITY_WRITE, receipts.page),
    post_search("/today/receipts/export", P.CAPACITY_WRITE, receipts.export, asks_password=True),
    get_page("/today/report", P.APPOINTMENTS_RECORD, reports.page),
    post_form("/today/report", P.APPOINTMENTS_RECORD, reports.save),
    get_page("/today/{appointment:int}/wishes", P.APPOINTMENTS_RECORD, wishes.page),
    post_form("/today/{appointment:int}/wishes", P.APPOINTMENTS_RECORD, wishes.save),
    # the board of the day
    get_page("/board", P.APPOINTMENTS_RECORD, board.page),
    post_search("/board/find", P.APPOINTMENTS_RECORD, board_finding.find),
    post_form("/board/next", P.APPOINTMENTS_RECORD, board_pressing.call_next),
    post_form("/board/{appointment:int}", P.APPOINTMENTS_RECORD, board_pressing.press),
    get_page("/board/{appointment:int}/back", P.APPOINTMENTS_RECORD, board_asking.back),
    get_page("/board/{appointment:int}/counter", P.APPOINTMENTS_RECORD, board_asking.counter),
    get_page("/board/{appointment:int}/priority", P.APPOINTMENTS_RECORD, board_priority.page),
    post_form("/board/{appointment:int}/priority", P.APPOINTMENTS_RECORD, board_priority.give),
    post_form("/board/{appointment:int}/paper", P.APPOINTMENTS_RECORD, board_paper.compare),
    # past appointments without an outcome, and objections to absences
    get_page("/outcomes", P.CAPACITY_WRITE, unrecorded.page),
    get_page("/outcomes/offices/{office:int}", P.CAPACITY_WRITE, unrecorded.of_office),
    post_form("/outcomes/{unrecorded:int}", P.CAPACITY_WRITE, unrecorded.record),
    get_page("/outcomes/{unrecorded:int}/unserved", P.CAPACITY_WRITE, unrecorded.unserved),
    post_form("/outcomes/{unrecorded:int}/unserved", P.CAPACITY_WRITE, unrecorded.record_not_served),
    get_page("/outcomes/objections", P.CAPACITY_WRITE, objections.page),
    get_page("/outcomes/objections/{absence:int}", P.CAPACITY_WRITE, objections.show),
    post_form("/outcomes/objections/{absence:int}", P.CAPACITY_WRITE, objections.save),
    # the waiting list
    get_page("/waiting", P.APPOINTMENTS_READ, freed.page),
    get_page("/waiting/counter", P.APPOINTMENTS_RECORD, counter.page),
    post_search("/waiting/counter", P.APPOINTMENTS_RECORD, counter.find),
    get_page("/waiting/requests/{waiting:int}", P.APPOINTMENTS_RECORD, counter.show),
    post_form("/waiting/requests/{waiting:int}", P.APPOINTMENTS_RECORD, counter.give),
    get_page("/waiting/classes", P.CATALOGUE_READ, classes.page),
    get_page("/waiting/classes/new", P.CATALOGUE_WRITE, classes.new),
    post_form("/waiting/classes/new", P.CATALOGUE_WRITE, classes.create),
    get_page("/waiting/classes/{priority:int}", P.CATALOGUE_WRITE, classes.edit),
    post_form("/waiting/classes/{priority:int}", P.CATALOGUE_WRITE, classes.save),
    # draws
    get_page("/draws", P.CAPACITY_READ, draws.page),
    get_page("/draws/setting", P.CAPACITY_WRITE, draw_settings.page),
    post_form("/draws/setting", P.CAPACITY_WRITE, draw_settings.save),
    get_page("/draws/new", P.CAPACITY_WRITE, draw_preparing.new),
    post_form("/draws/new", P.CAPACITY_WRITE, draw_preparing.create),
    get_page("/draws/unreached", P.APPOINTMENTS_READ, unreached.page),
    get_page("/draws/{draw:int}/steps", P.CAPACITY_WRITE, holding.page),
    post_form("/draws/{draw:int}/steps/word", P.CAPACITY_WRITE, holding.commit),
    post_form("/draws/{draw:int}/steps/announce", P.CAPACITY_WRITE, holding.announce),
    post_form("/draws/{draw:int}/steps/call-off", P.CAPACITY_WRITE, holding.call_off),
    post_form("/draws/{draw:int}/steps/figure", P.CAPACITY_WRITE, holding.type_figure),
    post_form("/draws/{draw:int}/steps/reveal", P.CAPACITY_WRITE, holding.reveal),
    # for everybody
    get_public("/check", check.page),
    get_public("/draws/{draw:int}", public_draw.page),
    get_public("/draws/{draw:int}/file", public_draw.file),
    # changes that hit people
    get_page("/changes", P.APPOINTMENTS_READ, changes.page),
    get_page("/changes/{change:int}", P.APPOINTMENTS_READ, changes.show),
    post_form("/changes/{change:int}/decide", P.CAPACITY_WRITE, changes.decide),
    post_form("/changes/told/{told:int}", P.APPOINTMENTS_RECORD, changes.mark),
    # the inbox and its cases
    get_page("/inbox", P.CASES_READ, inbox.page),
    get_page("/inbox/{case:int}", P.CASES_READ, case.page),
    get_page("/inbox/{case:int}/name", P.CASES_READ, case_name.page, asks_password=True),
    get_page("/inbox/{case:int}/next", P.CASES_READ, case.following),
    get_page("/inbox/{case:int}/fee", P.CASES_READ, case.fee),
    get_page("/inbox/{case:int}/delivery/{entry:int}", P.CASES_READ, case.delivery),
    get_stream("/inbox/{case:int}/voice/{entry:int}", P.CASES_READ, case.voice),
    post_form("/inbox/{case:int}/reply", P.CASES_ANSWER, case.reply, keeps="text"),
    post_form("/inbox/{case:int}/draft", P.CASES_ANSWER, case.draft, keeps="text"),
    post_form("/inbox/{case:int}/note", P.CASES_ANSWER, case.note, keeps="draft"),
    post_form("/inbox/{case:int}/state", P.CASES_ANSWER, case.change_state, keeps="draft"),
    post_form("/inbox/{case:int}/close", P.CASES_ANSWER, case.close, keeps="draft"),
    post_form("/inbox/{case:int}/reopen", P.CASES_ANSWER, case.reopen),
    get_page("/inbox/{case:int}/allow", P.CASES_ANSWER, allowing.page),
    post_form("/inbox/{case:int}/allow", P.CASES_ANSWER, allowing.save),
    get_page("/inbox/{case:int}/assign", P.CASES_ASSIGN, case.assign_page),
    post_form("/inbox/{case:int}/assign", P.CASES_ASSIGN, case.assign, keeps="draft"),
    # hours and capacity
    get_page("/capacity", P.CAPACITY_READ, queues.page),
    get_page("/capacity/offices", P.CAPACITY_READ, many_offices.page),
    post_search("/capacity/offices/painted", P.CAPACITY_WRITE, closing.painted),
    get_page("/capacity/close", P.CAPACITY_WRITE, closing.page),
    post_form("/capacity/close", P.CAPACITY_WRITE, closing.close),
    get_page("/capacity/closed/{closing:int}", P.CAPACITY_READ, closed.page),
    post_form("/capacity/closed/{closing:int}/undo", P.CAPACITY_WRITE, closed.undo),
    get_page("/capacity/offices/course", P.CAPACITY_READ, course.page),
    post_search("/capacity/offices/export", P.CAPACITY_READ, many_offices.export, asks_password=True),
    get_page("/capacity/queues", P.CAPACITY_READ, queues.queues),
    get_page("/capacity/bring-in", P.CAPACITY_WRITE, bringing_in_hours.page),
    post_file("/capacity/bring-in", P.CAPACITY_WRITE, bringing_in_hours.send, largest=LARGEST_FILE),
    post_search("/capacity/bring-in/sheet", P.CAPACITY_WRITE, bringing_in_hours.take_sheet),
    get_page("/capacity/holidays", P.CAPACITY_READ, holidays.page),
    post_form("/capacity/holidays", P.CAPACITY_WRITE, holidays.save),
    post_form("/capacity/holidays/{holiday:int}/delete", P.CAPACITY_WRITE, holidays.delete),
    get_page("/capacity/{office:int}/services/{service:int}/horizon", P.CAPACITY_WRITE, horizon.page),
    post_form("/capacity/{office:int}/services/{service:int}/horizon", P.CAPACITY_WRITE, horizon.save),
    get_page("/capacity/{office:int}/queues/new", P.CAPACITY_WRITE, queues.new_queue),
    post_form("/capacity/{office:int}/queues/new", P.CAPACITY_WRITE, queues.save_new_queue),
    get_page("/capacity/{office:int}/queues/{queue:int}", P.CAPACITY_READ, weekly_hours.page),
    get_page("/capacity/{office:int}/queues/{queue:int}/edit", P.CAPACITY_WRITE, weekly_hours.edit_queue),
    post_form("/capacity/{office:int}/queues/{queue:int}/edit", P.CAPACITY_WRITE, weekly_hours.change_queue),
    get_page("/capacity/{office:int}/queues/{queue:int}/history", P.CAPACITY_READ, queue_history.page),
    get_page("/capacity/{office:int}/queues/{queue:int}/week", P.CAPACITY_WRITE, week.page),
    post_form("/capacity/{office:int}/queues/{queue:int}/week", P.CAPACITY_WRITE, week.change),
    get_page("/capacity/{office:int}/queues/{queue:int}/quotas", P.CAPACITY_WRITE, quotas.page),
    post_form("/capacity/{office:int}/queues/{queue:int}/quotas", P.CAPACITY_WRITE, quotas.change),
    get_page("/capacity/{office:int}/queues/{queue:int}/shares", P.CAPACITY_WRITE, shares.page),
    post_form("/capacity/{office:int}/queues/{queue:int}/shares", P.CAPACITY_WRITE, shares.change),
    get_page("/capacity/{office:int}/queues/{queue:int}/rules", P.CAPACITY_WRITE, weekly_hours.to_the_week),
    get_page("/capacity/{office:int}/queues/{queue:int}/rules/{rule:int}", P.CAPACITY_WRITE, weekly_hours.to_the_week),
    get_page("/capacity/{office:int}/queues/{queue:int}/days", P.CAPACITY_READ, days.page),
    post_form("/capacity/{office:int}/queues/{queue:int}/days", P.CAPACITY_WRITE, days.change),
    post_form("/capacity/{office:int}/queues/{queue:int}/days/clear", P.CAPACITY_WRITE, days.clear),
    # who is on duty
    get_page("/capacity/marshals", P.CAPACITY_WRITE, unkept.page),
    post_form("/capacity/marshals", P.OFFICES_WRITE, unkept.save_conditions),
    get_page("/capacity/{office:int}/duty", P.CAPACITY_WRITE, roster_week.page),
    post_form("/capacity/{office:int}/duty", P.CAPACITY_WRITE, roster_week.save),
    get_page("/capacity/{office:int}/leave", P.APPOINTMENTS_RECORD, leave.page),
    post_form("/capacity/{office:int}/leave", P.APPOINTMENTS_RECORD, leave.ask),
    post_form("/capacity/{office:int}/leave/{leave:int}", P.CAPACITY_WRITE, leave.decide),
    # who keeps order, and crowds
    get_page("/capacity/crowds", P.CAPACITY_WRITE, crowds.page),
    get_page("/capacity/crowds/now", P.CAPACITY_WRITE, crowds.now),
    post_form("/capacity/crowds/{alarm:int}", P.CAPACITY_WRITE, crowds.see),
    get_page("/capacity/{office:int}/order", P.APPOINTMENTS_RECORD, marshals_of_office.page),
    post_form("/capacity/{office:int}/order", P.APPOINTMENTS_RECORD, marshals_of_office.press),
    post_form("/capacity/{office:int}/order/shifts", P.CAPACITY_WRITE, marshals_of_office.enter),
    # worksheets
    get_page("/capacity/worksheets", P.CAPACITY_WRITE, waiting_list.page),
    post_form("/capacity/worksheets/approval", P.CAPACITY_WRITE, waiting_list.set_needed),
    get_page("/capacity/worksheets/{worksheet:int}", P.CAPACITY_READ, deciding.page),
    post_form("/capacity/worksheets/{worksheet:int}", P.CAPACITY_WRITE, deciding.save),
    post_form("/capacity/worksheets/{worksheet:int}/withdraw", P.CAPACITY_WRITE, deciding.take_back),
    get_page("/capacity/{office:int}/worksheet", P.CAPACITY_READ, of_office.page),
    get_page("/capacity/{office:int}/queues/{queue:int}/worksheet", P.CAPACITY_WRITE, stating.page),
    post_form("/capacity/{office:int}/queues/{queue:int}/worksheet", P.CAPACITY_WRITE, stating.state),
    # what people answer after visits
    get_page("/after-visits", P.CAPACITY_WRITE, after_visits.page),
    post_search("/after-visits/export", P.CAPACITY_WRITE, after_visits.export, asks_password=True),
    get_page("/after-visits/asking", P.CAPACITY_WRITE, after_asking.page),
    post_form("/after-visits/asking", P.CAPACITY_WRITE, after_asking.save),
    # the catalogue
    get_page("/catalogue", P.CATALOGUE_READ, services.page),
    get_page("/catalogue/new", P.CATALOGUE_WRITE, services.new),
    post_form("/catalogue/new", P.CATALOGUE_WRITE, services.create),
    get_page("/catalogue/{service:int}", P.CATALOGUE_READ, services.show),
    get_page("/catalogue/{service:int}/edit", P.CATALOGUE_WRITE, services.edit),
    post_form("/catalogue/{service:int}/edit", P.CATALOGUE_WRITE, services.save),
    post_form("/catalogue/{service:int}/confirm", P.CATALOGUE_WRITE, services.confirm),
    get_page("/catalogue/{service:int}/fees", P.CATALOGUE_READ, fees.page),
    post_form("/catalogue/{service:int}/fees", P.CATALOGUE_WRITE, fees.add),
    post_form("/catalogue/{service:int}/fees/{fee:int}/confirm", P.CATALOGUE_WRITE, fees.confirm),
    post_form("/catalogue/{service:int}/fees/{fee:int}/end", P.CATALOGUE_WRITE, fees.end),
    get_page("/catalogue/{service:int}/papers", P.CATALOGUE_READ, papers_and_steps.papers),
    post_form("/catalogue/{service:int}/papers/{paper:int}", P.CATALOGUE_WRITE, papers_and_steps.save_paper),
    post_form("/catalogue/{service:int}/papers/{paper:int}/move", P.CATALOGUE_WRITE, papers_and_steps.move_paper),
    get_page("/catalogue/{service:int}/steps", P.CATALOGUE_READ, papers_and_steps.steps),
    post_form("/catalogue/{service:int}/steps/{step:int}", P.CATALOGUE_WRITE, papers_and_steps.save_step),
    post_form("/catalogue/{service:int}/steps/{step:int}/move", P.CATALOGUE_WRITE, papers_and_steps.move_step),
    get_page("/catalogue/{service:int}/required", P.CATALOGUE_READ, required.page),
    post_form("/catalogue/{service:int}/required", P.CATALOGUE_WRITE, required.save),
    # offices
    get_page("/offices", P.OFFICES_READ, offices.page),
    get_page("/offices/choose", P.OFFICES_READ, office_search.page),
    get_page("/offices/bring-in", P.OFFICES_WRITE, bringing_in.page),
    post_file("/offices/bring-in", P.OFFICES_WRITE, bringing_in.send, largest=LARGEST_FILE),
    post_search("/offices/bring-in/sheet", P.OFFICES_WRITE, bringing_in.take_sheet),
    get_page("/offices/new", P.OFFICES_WRITE, offices.new),
    post_form("/offices/new", P.OFFICES_WRITE, offices.create),
    get_page("/offices/{office:int}", P.OFFICES_READ, offices.show),
    post_form("/offices/{office:int}", P.OFFICES_WRITE, offices.save),
    get_page("/offices/{office:int}/services", P.OFFICES_READ, office_services.page),
    get_page("/offices/{office:int}/services/{service:int}", P.OFFICES_READ, office_services.show),
    post_form("/offices/{office:int}/services/{service:int}", P.OFFICES_WRITE, office_services.save),
    get_page("/offices/{office:int}/assistance", P.OFFICES_READ, office_assistance.page),
    post_form("/offices/{office:int}/assistance", P.CAPACITY_WRITE, office_assistance.save),
    get_page("/offices/{office:int}/line", P.OFFICES_READ, line_rule.page),
    post_form("/offices/{office:int}/line", P.CAPACITY_WRITE, line_rule.save),
    get_page("/offices/{office:int}/line/stop", P.CAPACITY_WRITE, stopping.page),
    post_form("/offices/{office:int}/line/stop", P.CAPACITY_WRITE, stopping.stop),
    # staff
    get_page("/staff", P.STAFF_READ, accounts.page),
    get_page("/staff/bring-in", P.STAFF_WRITE, bringing_in_staff.page),
    post_file("/staff/bring-in", P.STAFF_WRITE, bringing_in_staff.send, largest=LARGEST_FILE),
    post_file("/staff/bring-in/all", P.STAFF_WRITE, bringing_in_staff.save, largest=LARGEST_FILE, asks_password=True),
    post_search("/staff/bring-in/sheet", P.STAFF_WRITE, bringing_in_staff.take_sheet, asks_password=True),
    get_page("/staff/new", P.STAFF_WRITE, accounts.new),
    post_form("/staff/new", P.STAFF_WRITE, accounts.create, asks_password=True),
    get_page("/staff/{member:int}", P.STAFF_WRITE, accounts.show),
    post_form("/staff/{member:int}", P.STAFF_WRITE, accounts.save, asks_password=True),
    post_form("/staff/{member:int}/password", P.STAFF_WRITE, accounts.reset_password, asks_password=True),
    post_form("/staff/{member:int}/deactivate", P.STAFF_WRITE, accounts.deactivate, asks_password=True),
    post_form("/staff/{member:int}/reopen", P.STAFF_WRITE, accounts.reopen, asks_password=True),
    # signs that appointments are collected in a chat
    get_page("/signs", P.SIGNS_REVIEW, signs.page),
    get_page("/signs/reports", P.SIGNS_REVIEW, reports.listed),
    post_form("/signs/reports/{report:int}", P.SIGNS_REVIEW, reports.note_looked),
    get_page("/signs/{chat:int}", P.SIGNS_REVIEW, signs.show),
    post_form("/signs/{chat:int}/looked", P.SIGNS_REVIEW, signs.note_looked),
    post_form("/signs/{chat:int}/limit", P.SIGNS_REVIEW, signs.set_limit),
    post_form("/signs/{chat:int}/usual", P.SIGNS_REVIEW, signs.as_usual),
    # what waits in the whole organisation
    get_page("/overview", P.MESSAGES_READ, overview.page),
    # the history
    get_page("/history", P.HISTORY_READ, history.page),
    post_search("/history/export", P.HISTORY_READ, history.export, asks_password=True),
    # messages that did not arrive
    get_page("/undelivered", P.MESSAGES_READ, undelivered.page),
    get_page("/undelivered/{message:int}", P.MESSAGES_READ, undelivered.subject),
)

ROUTES: tuple[Route, ...] = with_ways_back(TABLE)
"""The table, with a page for the address of every form that has none: it leads back to the form's page."""

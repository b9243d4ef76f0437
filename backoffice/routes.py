"""The route table: every page, with the permission it needs; reading it through is the review of who may what."""

from __future__ import annotations

from backoffice import overview
from backoffice.access import Anyone
from backoffice.appointments import day_list
from backoffice.appointments import search as day_search
from backoffice.capacity import days, holidays, queues, weekly_hours
from backoffice.cases import case, inbox
from backoffice.catalogue import fees, papers_and_steps, services
from backoffice.consequences import changes
from backoffice.offices import pages as offices
from backoffice.offices import search as office_search
from backoffice.outbox import undelivered
from backoffice.staff import accounts, own_account
from backoffice.web import live_page
from backoffice.web.entry import Route, do, fetch, look, seek, with_ways_back
from desk.staff.permissions import Permission as P

TABLE: tuple[Route, ...] = (
    look("/start", Anyone.SIGNED_IN, own_account.start),
    # own account
    look("/account", Anyone.SIGNED_IN, own_account.show),
    do("/account/language", Anyone.SIGNED_IN, own_account.choose_language),
    look("/account/password", Anyone.SIGNED_IN, own_account.password, may_keep_password=True),
    do("/account/password", Anyone.SIGNED_IN, own_account.change_password, may_keep_password=True),
    do("/sign-out", Anyone.SIGNED_IN, own_account.sign_out, may_keep_password=True),
    fetch("/live", Anyone.SIGNED_IN, live_page.follow),
    # the day's list
    look("/today", P.APPOINTMENTS_READ, day_list.page),
    seek("/today/search", P.APPOINTMENTS_READ, day_search.search),
    look("/today/{turn:int}", P.APPOINTMENTS_READ, day_list.row),
    look("/today/{turn:int}/back", P.APPOINTMENTS_RECORD, day_list.back),
    do("/today/{turn:int}", P.APPOINTMENTS_RECORD, day_list.record),
    # changes that hit people
    look("/changes", P.APPOINTMENTS_READ, changes.page),
    look("/changes/{change:int}", P.APPOINTMENTS_READ, changes.show),
    do("/changes/{change:int}/decide", P.CAPACITY_WRITE, changes.decide),
    do("/changes/told/{told:int}", P.APPOINTMENTS_RECORD, changes.mark),
    # the inbox and its cases
    look("/inbox", P.CASES_READ, inbox.page),
    look("/inbox/{case:int}", P.CASES_READ, case.page),
    look("/inbox/{case:int}/next", P.CASES_READ, case.following),
    look("/inbox/{case:int}/fee", P.CASES_READ, case.fee),
    look("/inbox/{case:int}/delivery/{entry:int}", P.CASES_READ, case.delivery),
    fetch("/inbox/{case:int}/voice/{entry:int}", P.CASES_READ, case.voice),
    do("/inbox/{case:int}/reply", P.CASES_ANSWER, case.reply, keeps="text"),
    do("/inbox/{case:int}/draft", P.CASES_ANSWER, case.draft, keeps="text"),
    do("/inbox/{case:int}/note", P.CASES_ANSWER, case.note, keeps="draft"),
    do("/inbox/{case:int}/state", P.CASES_ANSWER, case.change_state, keeps="draft"),
    do("/inbox/{case:int}/close", P.CASES_ANSWER, case.close, keeps="draft"),
    do("/inbox/{case:int}/reopen", P.CASES_ANSWER, case.reopen),
    look("/inbox/{case:int}/assign", P.CASES_ASSIGN, case.assign_page),
    do("/inbox/{case:int}/assign", P.CASES_ASSIGN, case.assign, keeps="draft"),
    # hours and capacity
    look("/capacity", P.CAPACITY_READ, queues.page),
    look("/capacity/queues", P.CAPACITY_READ, queues.queues),
    look("/capacity/holidays", P.CAPACITY_READ, holidays.page),
    do("/capacity/holidays", P.CAPACITY_WRITE, holidays.save),
    do("/capacity/holidays/{holiday:int}/delete", P.CAPACITY_WRITE, holidays.delete),
    look("/capacity/{office:int}/queues/new", P.CAPACITY_WRITE, queues.new_queue),
    do("/capacity/{office:int}/queues/new", P.CAPACITY_WRITE, queues.save_new_queue),
    look("/capacity/{office:int}/queues/{queue:int}", P.CAPACITY_READ, weekly_hours.page),
    look("/capacity/{office:int}/queues/{queue:int}/edit", P.CAPACITY_WRITE, weekly_hours.edit_queue),
    do("/capacity/{office:int}/queues/{queue:int}/edit", P.CAPACITY_WRITE, weekly_hours.change_queue),
    do("/capacity/{office:int}/queues/{queue:int}/rules", P.CAPACITY_WRITE, weekly_hours.add_rules),
    look("/capacity/{office:int}/queues/{queue:int}/rules/{rule:int}", P.CAPACITY_WRITE, weekly_hours.edit_rule),
    do("/capacity/{office:int}/queues/{queue:int}/rules/{rule:int}", P.CAPACITY_WRITE, weekly_hours.change_rule),
    do("/capacity/{office:int}/queues/{queue:int}/rules/{rule:int}/delete", P.CAPACITY_WRITE, weekly_hours.delete_rule),
    look("/capacity/{office:int}/queues/{queue:int}/days", P.CAPACITY_READ, days.page),
    do("/capacity/{office:int}/queues/{queue:int}/days", P.CAPACITY_WRITE, days.change),
    do("/capacity/{office:int}/queues/{queue:int}/days/clear", P.CAPACITY_WRITE, days.clear),
    # the catalogue
    look("/catalogue", P.CATALOGUE_READ, services.page),
    look("/catalogue/new", P.CATALOGUE_WRITE, services.new),
    do("/catalogue/new", P.CATALOGUE_WRITE, services.create),
    look("/catalogue/{service:int}", P.CATALOGUE_READ, services.show),
    look("/catalogue/{service:int}/edit", P.CATALOGUE_WRITE, services.edit),
    do("/catalogue/{service:int}/edit", P.CATALOGUE_WRITE, services.save),
    do("/catalogue/{service:int}/confirm", P.CATALOGUE_WRITE, services.confirm),
    look("/catalogue/{service:int}/fees", P.CATALOGUE_READ, fees.page),
    do("/catalogue/{service:int}/fees", P.CATALOGUE_WRITE, fees.add),
    do("/catalogue/{service:int}/fees/{fee:int}/confirm", P.CATALOGUE_WRITE, fees.confirm),
    do("/catalogue/{service:int}/fees/{fee:int}/end", P.CATALOGUE_WRITE, fees.end),
    look("/catalogue/{service:int}/papers", P.CATALOGUE_READ, papers_and_steps.papers),
    do("/catalogue/{service:int}/papers/{paper:int}", P.CATALOGUE_WRITE, papers_and_steps.save_paper),
    do("/catalogue/{service:int}/papers/{paper:int}/move", P.CATALOGUE_WRITE, papers_and_steps.move_paper),
    look("/catalogue/{service:int}/steps", P.CATALOGUE_READ, papers_and_steps.steps),
    do("/catalogue/{service:int}/steps/{step:int}", P.CATALOGUE_WRITE, papers_and_steps.save_step),
    do("/catalogue/{service:int}/steps/{step:int}/move", P.CATALOGUE_WRITE, papers_and_steps.move_step),
    # offices
    look("/offices", P.OFFICES_READ, offices.page),
    look("/offices/choose", P.OFFICES_READ, office_search.page),
    look("/offices/new", P.OFFICES_WRITE, offices.new),
    do("/offices/new", P.OFFICES_WRITE, offices.create),
    look("/offices/{office:int}", P.OFFICES_READ, offices.show),
    do("/offices/{office:int}", P.OFFICES_WRITE, offices.save),
    # staff
    look("/staff", P.STAFF_READ, accounts.page),
    look("/staff/new", P.STAFF_WRITE, accounts.new),
    do("/staff/new", P.STAFF_WRITE, accounts.create),
    look("/staff/{member:int}", P.STAFF_WRITE, accounts.show),
    do("/staff/{member:int}", P.STAFF_WRITE, accounts.save),
    do("/staff/{member:int}/password", P.STAFF_WRITE, accounts.reset_password),
    do("/staff/{member:int}/deactivate", P.STAFF_WRITE, accounts.deactivate),
    do("/staff/{member:int}/reopen", P.STAFF_WRITE, accounts.reopen),
    # what waits in the whole house
    look("/overview", P.MESSAGES_READ, overview.page),
    # messages that did not arrive
    look("/undelivered", P.MESSAGES_READ, undelivered.page),
    look("/undelivered/{message:int}", P.MESSAGES_READ, undelivered.subject),
)

ROUTES: tuple[Route, ...] = with_ways_back(TABLE)
"""The table, and for the address of every form that is no page of its own the way back to its page."""

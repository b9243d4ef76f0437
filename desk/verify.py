"""Every promise that the database itself can be asked about: one rule, one query, and a row for each break."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from desk.appointments.rules import CANCELLED, HOLDS_A_PLACE, LIVE

SHOWN = 20
"""How many breaks of one rule are listed."""


@dataclass(frozen=True, slots=True)
class Broken:
    """One break: the rule's name, and the rows it shows in, as `column=value`; ids only, nothing personal."""

    rule: str
    detail: str


RULES: dict[str, str] = {
    # Nothing overbooked, no place lost.
    "slot_count": """
        SELECT s.id AS slot, s.capacity - s.remaining AS taken, coalesce(a.n, 0) AS turns, coalesce(h.n, 0) AS holds
        FROM slots s
        LEFT JOIN (SELECT slot_id, count(*) AS n FROM appointments WHERE state IN :holding GROUP BY slot_id) a
            ON a.slot_id = s.id
        LEFT JOIN (SELECT slot_id, count(*) AS n FROM holds GROUP BY slot_id) h ON h.slot_id = s.id
        WHERE s.capacity - s.remaining <> coalesce(a.n, 0) + coalesce(h.n, 0)
    """,
    "slot_range": """
        SELECT id AS slot, capacity, remaining, planned FROM slots
        WHERE remaining < 0 OR remaining > capacity OR (capacity <> planned AND remaining <> 0) OR capacity < planned
    """,
    "slot_open_flag": """
        SELECT id AS slot, remaining, status FROM slots
        WHERE (is_open AND NOT (remaining > 0 AND status = 'live'))
           OR (NOT is_open AND remaining > 0 AND status = 'live')
    """,
    "turn_at_its_slot": """
        SELECT a.id AS turn, s.id AS slot FROM appointments a
        JOIN slots s ON s.id = a.slot_id JOIN queues q ON q.id = s.queue_id
        WHERE a.starts_at <> s.starts_at OR a.day <> s.day OR a.office_id <> q.office_id
    """,
    # One live turn per person and service.
    "one_live_turn": """
        SELECT person_id AS person, service_id AS service, count(*) AS turns FROM appointments
        WHERE is_live AND person_id IS NOT NULL GROUP BY person_id, service_id HAVING count(*) > 1
    """,
    "live_state": "SELECT id AS turn, state FROM appointments WHERE is_live AND state NOT IN :live",
    "unique_keys": """
        SELECT 'idem_key' AS what, count(*) AS n FROM appointments GROUP BY idem_key HAVING count(*) > 1
        UNION ALL SELECT 'code', count(*) FROM appointments GROUP BY code HAVING count(*) > 1
        UNION ALL SELECT 'outbox key', count(*) FROM outbox_messages GROUP BY idem_key HAVING count(*) > 1
        UNION ALL SELECT 'case key', count(*) FROM cases GROUP BY idem_key HAVING count(*) > 1
        UNION ALL SELECT 'update', count(*) FROM heard_updates
            GROUP BY channel, bot, update_id HAVING count(*) > 1
    """,
    # Each turn at a time that closed stands on a sheet, where somebody has decided about it or has to.
    "closed_time_is_known": """
        SELECT a.id AS turn, a.slot_id AS slot FROM appointments a
        JOIN slots s ON s.id = a.slot_id
        WHERE a.is_live AND a.state = 'booked' AND s.status = 'closed'
          AND NOT EXISTS (SELECT 1 FROM changed_turns c WHERE c.appointment_id = a.id AND c.slot_id = a.slot_id)
    """,
    # The history of a turn tells its present.
    "history_begins": """
        SELECT a.id AS turn FROM appointments a
        LEFT JOIN appointment_events e
            ON e.id = (SELECT min(f.id) FROM appointment_events f WHERE f.appointment_id = a.id)
        WHERE e.id IS NULL OR e.kind <> 'booked'
    """,
    "history_replays": """
        SELECT a.id AS turn, a.state, e.state AS told FROM appointments a
        JOIN appointment_events e
            ON e.id = (SELECT max(l.id) FROM appointment_events l WHERE l.appointment_id = a.id)
        WHERE e.state <> a.state OR e.slot_id <> a.slot_id
    """,
    "history_counts_moves": """
        SELECT a.id AS turn, a.moves FROM appointments a
        WHERE a.moves <> (SELECT count(*) FROM appointment_events e WHERE e.appointment_id = a.id AND e.kind = 'moved')
    """,
    "cancelled_once": """
        SELECT appointment_id AS turn, count(*) AS times FROM appointment_events
        WHERE kind = 'cancelled' GROUP BY appointment_id HAVING count(*) > 1
    """,
    # What was promised is on its way; old rows of the outbox are forgotten, so only newer turns are asked for.
    "ticket_exists": """
        SELECT a.id AS turn, a.moves FROM appointments a
        WHERE a.is_live AND a.conversation_id IS NOT NULL
          AND a.changed_at >= coalesce((SELECT min(m.created_at) FROM outbox_messages m), a.changed_at)
          AND NOT EXISTS (SELECT 1 FROM outbox_messages m
            WHERE m.idem_key = 'ticket:' || CAST(a.id AS TEXT) || ':' || CAST(a.moves AS TEXT))
    """,
    "reminder_is_true": """
        SELECT a.id AS turn, m.id AS message FROM outbox_messages m
        JOIN appointments a ON m.about = 'appointment:' || CAST(a.id AS TEXT)
        WHERE m.is_open AND m.notice IN ('reminder', 'ticket')
          AND (a.state IN :cancelled
            OR m.idem_key NOT LIKE '%:' || CAST(a.id AS TEXT) || ':' || CAST(a.moves AS TEXT) || '%')
    """,
    "reminder_of_live_turn": """
        SELECT a.id AS turn, m.id AS message FROM outbox_messages m
        JOIN appointments a ON m.about = 'appointment:' || CAST(a.id AS TEXT)
        WHERE m.is_open AND m.notice = 'reminder' AND NOT a.is_live
    """,
    "outbox_state": """
        SELECT id AS message, state FROM outbox_messages
        WHERE (is_open AND state NOT IN ('open', 'claimed')) OR (NOT is_open AND state IN ('open', 'claimed'))
           OR (state = 'claimed' AND lease_until IS NULL) OR (state = 'sent' AND sent_at IS NULL)
           OR (state = 'dead' AND reason IS NULL)
    """,
    # An update that was set aside says why.
    "parked_has_reason": "SELECT id AS update_row FROM heard_updates WHERE outcome = 'parked' AND reason IS NULL",
    # Visits.
    "visit_fits_turn": """
        SELECT a.id AS turn, a.state, v.outcome FROM visits v JOIN appointments a ON a.id = v.appointment_id
        WHERE (v.outcome IS NOT NULL AND a.state <> v.outcome)
           OR (v.outcome IS NULL AND a.state IN ('served', 'come_back', 'absent'))
           OR (a.state = 'arrived' AND v.arrived_at IS NULL)
    """,
    "come_back_has_date": """
        SELECT appointment_id AS turn FROM visits WHERE outcome = 'come_back' AND come_back_on IS NULL
    """,
    # Cases: the office complained of never handles it, nobody's contact is kept where none was wanted.
    "complaint_not_at_its_office": """
        SELECT id AS case_row FROM cases WHERE kind = 'complaint' AND handler_office_id IS NOT NULL
    """,
    "contact_is_kept_to": """
        SELECT id AS case_row, contact FROM cases
        WHERE (contact <> 'name' AND name IS NOT NULL) OR (contact = 'nobody' AND conversation_id IS NOT NULL)
    """,
    "case_has_deadline": """
        SELECT id AS case_row, category FROM cases
        WHERE due_at IS NULL AND severity > 0 AND state NOT IN ('closed', 'answered')
    """,
    "case_clocks": """
        SELECT id AS case_row, state FROM cases
        WHERE (state = 'closed' AND closed_at IS NULL) OR (state <> 'closed' AND closed_at IS NOT NULL)
           OR closed_at <> state_at
    """,
    "words_of_erased_cases": """
        SELECT DISTINCT w.case_id AS case_row FROM case_words w JOIN cases c ON c.id = w.case_id
        WHERE NOT EXISTS (SELECT 1 FROM case_entries e WHERE e.case_id = c.id AND e.text IS NOT NULL)
        UNION ALL SELECT id FROM cases WHERE name IS NULL AND name_words IS NOT NULL
    """,
    "reply_is_delivered": """
        SELECT e.id AS entry FROM case_entries e JOIN cases c ON c.id = e.case_id
        WHERE e.kind = 'reply' AND c.conversation_id IS NOT NULL
          AND e.at >= coalesce((SELECT min(m.created_at) FROM outbox_messages m), e.at)
          AND NOT EXISTS (SELECT 1 FROM outbox_messages m WHERE m.about = 'entry:' || CAST(e.id AS TEXT))
    """,
    # The catalogue.
    "one_fee_a_day": """
        SELECT f.id AS fee, g.id AS other FROM service_fees f
        JOIN service_fees g ON g.service_id = f.service_id AND g.id > f.id
            AND coalesce(g.province_code, '') = coalesce(f.province_code, '')
        WHERE f.confirmed_on IS NOT NULL AND g.confirmed_on IS NOT NULL
          AND (f.valid_to IS NULL OR f.valid_to >= g.valid_from) AND (g.valid_to IS NULL OR g.valid_to >= f.valid_from)
    """,
    "irreversible_is_information": """
        SELECT id AS service FROM services WHERE is_irreversible AND is_bookable
    """,
}

_SETS = {"holding": HOLDS_A_PLACE, "live": LIVE, "cancelled": CANCELLED}


def verify(session: Session) -> list[Broken]:
    """Ask every rule; an empty list = all is well. At most twenty breaks of each rule are listed."""
    session.flush()
    broken: list[Broken] = []
    for rule, statement in RULES.items():
        sets = {
            name: sorted(state.value for state in states) for name, states in _SETS.items() if f":{name}" in statement
        }
        query = text(statement).bindparams(*(bindparam(name, expanding=True) for name in sets))
        for row in session.execute(query, sets).mappings().fetchmany(SHOWN):
            broken.append(Broken(rule=rule, detail=" ".join(f"{name}={value}" for name, value in row.items())))
    return broken

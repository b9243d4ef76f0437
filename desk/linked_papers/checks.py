"""The invariants of linked papers: one person has one of everything, and of two appointments one chat is asked."""

from __future__ import annotations

from desk.parts import Checks, finds

CHECKS: Checks = {
    "linked_appointment_of_its_person": finds("""
        SELECT a.id AS appointment, a.link_id AS link, p.link_id AS link_of_person FROM appointments a
        JOIN persons p ON p.id = a.person_id
        WHERE a.is_live AND a.link_id IS NOT NULL AND (p.link_id IS NULL OR p.link_id <> a.link_id)
    """),
    "linked_request_of_its_person": finds("""
        SELECT r.request_id AS request, r.link_id AS link, p.link_id AS link_of_person FROM standing_request_people r
        JOIN persons p ON p.id = r.person_id
        WHERE r.link_id IS NOT NULL AND (p.link_id IS NULL OR p.link_id <> r.link_id)
    """),
    # An unrecorded one of yesterday may not have lapsed yet, and the job that ends questions follows that of lapsing.
    "two_of_one_person_are_asked_about": finds("""
        SELECT a.id AS appointment, b.id AS other FROM appointments a
        JOIN persons p ON p.id = a.person_id AND p.link_id IS NOT NULL
        JOIN persons q ON q.link_id = p.link_id
        JOIN appointments b ON b.person_id = q.id AND b.service_id = a.service_id AND b.id > a.id AND b.is_live
        WHERE a.is_live AND a.conversation_id = b.conversation_id
          AND NOT EXISTS (SELECT 1 FROM appointment_choices c WHERE c.state = 'open'
            AND c.earlier_id IN (a.id, b.id) AND c.later_id IN (a.id, b.id))
    """),
    "open_choice_of_one_link": finds("""
        SELECT c.id AS choice, c.link_id AS link FROM appointment_choices c
        JOIN appointments a ON a.id IN (c.earlier_id, c.later_id)
        LEFT JOIN persons p ON p.id = a.person_id
        WHERE c.state = 'open' AND a.is_live AND (p.link_id IS NULL OR p.link_id <> c.link_id)
    """),
    "no_choice_open_about_a_cancelled_one": finds("""
        SELECT c.id AS choice, a.id AS appointment FROM appointment_choices c
        JOIN appointments a ON a.id IN (c.earlier_id, c.later_id)
        WHERE c.state = 'open' AND a.state IN ('cancelled_by_person', 'cancelled_by_office')
    """),
}

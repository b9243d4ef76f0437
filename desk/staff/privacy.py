"""What accounts hold of members of staff; it stays while the account does, since the history refers to it."""

from __future__ import annotations

from desk.parts import Kept, Privacy

_ACCOUNT = Kept("of a member of the staff, whose account is closed and not deleted: the log leads to it")
_ROLE = Kept("the role of a member of the staff")
_SESSION = Kept("deleted by itself when the session has ended")
_PASSKEY = Kept("of a member of the staff, by their own choice; deleted with the key")
_FACTOR = Kept("encrypted or a keyed hash, of a member of the staff; deleted with the second factor")
_DEVICE = Kept("the hash of a random cookie of a browser of the staff, deleted half a year after its last use")

PRIVACY = Privacy(
    columns={
        "staff_members.username": _ACCOUNT,
        "staff_members.name": _ACCOUNT,
        "staff_members.search_words": _ACCOUNT,
        "staff_members.sorts_as": _ACCOUNT,
        "staff_members.password_hash": _ACCOUNT,
        "role_assignments.staff_id": _ROLE,
        "staff_sessions.token_hash": _SESSION,
        "staff_sessions.staff_id": _SESSION,
        "staff_sessions.csrf_token": _SESSION,
        "staff_sessions.device_hash": _SESSION,
        "staff_sessions.browser": _SESSION,
        "staff_sessions.machine": _SESSION,
        "staff_sessions.proof_hash": _SESSION,
        "staff_devices.token_hash": _DEVICE,
        "staff_devices.staff_id": _DEVICE,
        "staff_totp.staff_id": _FACTOR,
        "staff_totp.secret": _FACTOR,
        "staff_totp.new_secret": _FACTOR,
        "staff_passkeys.id": _FACTOR,
        "staff_passkeys.staff_id": _FACTOR,
        "staff_passkeys.public_key": _PASSKEY,
        "staff_passkeys.label": _PASSKEY,
        "staff_recovery_codes.staff_id": _FACTOR,
        "staff_recovery_codes.mark": _FACTOR,
        "form_keys.key_hash": Kept("sealed, and deleted after a day"),
        "form_keys.led_to": Kept("an address of the back office, deleted after a day"),
    }
)

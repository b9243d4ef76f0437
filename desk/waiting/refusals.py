"""The refusals about standing requests."""

from __future__ import annotations

from dataclasses import dataclass

from desk.refusals import Refusal
from desk.waiting.rules import RequestState, WishFault


@dataclass(frozen=True)
class AlreadyWaiting(Refusal):
    """This chat has a live request for this person and service."""

    request_id: int


@dataclass(frozen=True)
class TooManyRequests(Refusal):
    """This chat has as many live requests as one chat may have."""

    most: int


@dataclass(frozen=True)
class WishUnusable(Refusal):
    """The wish cannot be kept as it is."""

    why: WishFault


@dataclass(frozen=True)
class NotYourRequest(Refusal):
    """The request was not made in this chat, or there is no such request."""

    request_id: int


@dataclass(frozen=True)
class NotLive(Refusal):
    """The request is over."""

    request_id: int
    state: RequestState

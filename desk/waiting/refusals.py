"""The refusals about standing requests and offers."""

from __future__ import annotations

from dataclasses import dataclass

from desk.refusals import Refusal
from desk.waiting.rules import OfferState, RequestState, WishFault


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


@dataclass(frozen=True)
class NotYourOffer(Refusal):
    """The offer was not made to this chat, or there is no such offer."""

    offer_id: int


@dataclass(frozen=True)
class OfferOver(Refusal):
    """The offer can be neither accepted nor declined any more; `state` says why."""

    offer_id: int
    state: OfferState


@dataclass(frozen=True)
class NobodyToBookFor(Refusal):
    """Somebody for whom the request waits is not in the list of the chat any more, so there is no name to book."""

    request_id: int

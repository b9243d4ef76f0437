"""The refusals about transfers."""

from __future__ import annotations

from dataclasses import dataclass

from desk.refusals import Refusal


@dataclass(frozen=True)
class DoesNotFit(Refusal):
    """What was said does not show whose the appointments are; it is not told which part of it."""


@dataclass(frozen=True)
class TooManyTogether(Refusal):
    """Both chats together have more appointments than one chat may have."""

    most: int


@dataclass(frozen=True)
class TooLateToStop(Refusal):
    """The transfer is not this chat's, was stopped before, or its time to object is over."""


@dataclass(frozen=True)
class NoChatThere(Refusal):
    """The appointment belongs to no chat, so nothing can go over from one."""


@dataclass(frozen=True)
class NoSuchCode(Refusal):
    """No code of the counter with these digits is open now."""


@dataclass(frozen=True)
class HasTheSame(Refusal):
    """This chat has an appointment for the same person and service already, and no chat may have two."""

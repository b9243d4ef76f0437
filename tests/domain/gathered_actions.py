"""Every function of the desk that is handed who acts, found in the code."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import desk


def gathered() -> Iterator[Callable[..., Any]]:
    """Every public function of the desk that is handed who acts."""
    for found in pkgutil.walk_packages(desk.__path__, "desk."):
        if ".migrations" in found.name:
            continue
        module = import_module(found.name)
        for name, each in vars(module).items():
            own = inspect.isfunction(each) and each.__module__ == found.name and not name.startswith("_")
            if own and "actor" in inspect.signature(each).parameters:
                yield each

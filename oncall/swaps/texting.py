"""Shifts by SMS: `A91` says yes to request 91, `N91` no, `TAKE` takes the phone over. Reads and acts; sends nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from oncall import rota
from oncall.app import App
from oncall.errors import Conflict, NotFound
from oncall.policy.folding import plain
from oncall.swaps import answering, takeover
from oncall.verbs import western

_ANSWER = re.compile(r"([an])\s*#?(\d{1,9})")
_TAKE = frozenset(
    plain(words)
    for words in ("take", "take over", "take phone", "take the phone", "telefonu al", "telefonu aliyorum",
                  "preiau telefonul", "iau telefonul", "تلفن با من", "تلفن را برمی‌دارم")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """What a text wants with a shift: `yes` or `no` to a request, or to `take` the phone over."""

    verb: str
    request: int = 0


def read(text: str) -> Wish | None:
    """Return what a text wants with a shift; None for every other text."""
    words = " ".join(plain(western(text)).split())
    found = _ANSWER.fullmatch(words)
    if found:
        return Wish("yes" if found[1] == "a" else "no", int(found[2]))
    return Wish("take") if words in _TAKE else None


def act(session: Session, app: App, person: str, wish: Wish) -> tuple[str, dict[str, Any]] | None:
    """Do what `person` texted; return the text that answers it and its facts, None when texts went out already."""
    try:
        with session.begin_nested():
            return _act(session, app, person, wish)
    except (Conflict, NotFound):
        # The page says in full what stands against it.
        path = f"/rota/requests/{wish.request}" if wish.request else "/"
        return "swap-not-done", {"path": path}


def _act(session: Session, app: App, person: str, wish: Wish) -> tuple[str, dict[str, Any]] | None:
    now = app.clock()
    if wish.verb == "take":
        shift = takeover.take_over(
            session, app, _phone_of(session, app, person), by=person, now=now
        )
        return "took-over", {"end": shift.end.isoformat(), "path": "/"}
    if wish.verb == "no":
        answering.decline(session, app, wish.request, person=person, now=now)
        return "swap-no-answer", {}
    choices = answering.choices_of(session, wish.request, person)
    if len(choices) > 1:
        raise Conflict("choose one on the page", "no-choice")
    state = answering.accept(
        session, app, wish.request, person=person, now=now, choice=choices[0] if choices else 0
    )
    return None if state == "done" else ("swap-agreed", {"path": f"/rota/requests/{wish.request}"})


def _phone_of(session: Session, app: App, person: str) -> str:
    """Return the one phone `person` could take; raises `Conflict` when there are several or none."""
    roster = rota.roster_at(session, app.shelf.current)
    able = [
        name
        for name in app.shelf.current.rotations
        if person in roster.crew(name) and roster.holder_at(name, app.clock()) is not None
    ]
    if len(able) != 1:
        raise Conflict("choose the phone on the page", "no-choice")
    return able[0]

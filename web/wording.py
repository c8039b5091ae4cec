"""Sentences about tickets, pages and people in the reader's language. Looks nothing up."""

from __future__ import annotations

import sys
from collections.abc import Callable

from flask import Flask
from markupsafe import Markup

from oncall import passwords
from oncall.board import Someone
from oncall.passwords import Weakness
from oncall.story import Fate, Happening, StepLine, StepState, Try
from oncall.tickets import Outcome, Result, Verb
from web import core, filters, ready_words, swap_words
from web.language import gettext as _
from web.language import later as _later

VIA = {
    "key": _later("by key press"),
    "sms": _later("by SMS"),
    "link": _later("on the alert page"),
    "web": _later("on the ticket page"),
}
CHANNELS = {"sms": _later("SMS"), "call": _later("call"), "email": _later("mail")}
FATES = {
    Fate.PLANNED: _later("planned"),
    Fate.SENDING: _later("leaving now"),
    Fate.SENT: _later("sent"),
    Fate.DELIVERED: _later("delivered"),
    Fate.FAILED: _later("did not arrive"),
    Fate.REFUSED: _later("was refused"),
    Fate.CANCELLED: _later("called off"),
    Fate.RINGING: _later("ringing"),
    Fate.TALKING: _later("picked up"),
    Fate.NO_ANSWER: _later("no answer"),
    Fate.BUSY: _later("busy"),
    Fate.NO_KEY: _later("ended without a key"),
    Fate.ANSWERED: _later("answered"),
}
STEPS = {
    StepState.DONE: _later("done"),
    StepState.RUNNING: _later("asked, waiting for an answer"),
    StepState.SKIPPED: _later("skipped, nobody to reach"),
    StepState.NEXT: _later("next"),
    StepState.LATER: _later("later"),
    StepState.CALLED_OFF: _later("not needed any more"),
}
CALL_ENDS = {
    "no-answer": _later("missed call"),
    "declined": _later("call declined"),
    "hung up": _later("call ended"),
    "cancelled": _later("call stopped, no longer needed"),
    "finished": _later("call ended"),
}
STATES = {
    "open": _later("open"),
    "acknowledged": _later("taken"),
    "resolved": _later("solved"),
}
ROLES = {"staff": _later("staff"), "lead": _later("lead"), "admin": _later("admin")}
THEMES = {"auto": _later("Automatic"), "light": _later("Light"), "dark": _later("Dark")}


def configure(flask_app: Flask) -> None:
    """Give the templates this module as `words`."""
    flask_app.jinja_env.trim_blocks = flask_app.jinja_env.lstrip_blocks = True
    flask_app.jinja_env.globals["words"] = sys.modules[__name__]
    flask_app.jinja_env.globals["shifts"] = swap_words
    flask_app.jinja_env.globals["ready"] = ready_words


def outcome(verb: Verb, came_to: Outcome) -> str:
    """Return what to tell a person about the verb they just used."""
    ref = f"#{came_to.ticket_id}"
    name = _name(came_to.owner)
    if came_to.result is Result.ALREADY_YOURS:
        return _("You have %(ref)s already.", ref=ref)
    if came_to.result is Result.TAKEN_BY_OTHER:
        return _("%(name)s has %(ref)s already. Nothing for you to do.", name=name, ref=ref)
    if came_to.result is Result.ALREADY_RESOLVED:
        return _("%(ref)s is solved already. Nothing for you to do.", ref=ref)
    if verb is Verb.TAKE:
        return _("%(ref)s is yours now. Nobody else is rung.", ref=ref)
    if verb is Verb.PASS_ON:
        return _("You passed %(ref)s on. Somebody else is asked.", ref=ref)
    return _("%(ref)s is solved. Thank you.", ref=ref)


def took(count: int) -> str:
    """Return what to tell a person who took everything that waited."""
    if not count:
        return _("Nothing waits for you any more.")
    return _("%(count)s tickets are yours now. Nobody else is rung.", count=filters.digits(count))


def tone(came_to: Outcome) -> str:
    """Return how an outcome looks: `good` when it was done, else `plain`."""
    return "good" if came_to.result is Result.DONE else "plain"


def weakness(why: Weakness) -> str:
    """Return why a password was refused, and what helps."""
    return {
        Weakness.SHORT: _("Please use at least %(count)s letters.", count=passwords.SHORTEST),
        Weakness.LONG: _("Please use at most %(count)s letters.", count=passwords.LONGEST_BYTES),
        Weakness.COMMON: _(
            "Too many people use this password. Three or four words of your own are better."
        ),
        Weakness.NAME: _(
            "This is mostly your own or the company's name. Please add words that nobody can guess."
        ),
    }[why]


def try_line(attempt: Try) -> Markup:
    """Return one attempt in a few words: 03:13 call: no answer."""
    return Markup("{} {}: {}").format(
        filters.clock(attempt.at), CHANNELS.get(attempt.channel, attempt.channel), fate(attempt)
    )


def fate(attempt: Try) -> str:
    """Return what became of an attempt, with the key when a key was pressed."""
    if attempt.fate is Fate.ANSWERED and attempt.answered.isdigit():
        return _("answered with %(key)s", key=attempt.answered)
    if attempt.why and attempt.fate in (Fate.REFUSED, Fate.FAILED):
        return f"{FATES[attempt.fate]} ({attempt.why})"
    return str(FATES[attempt.fate])


def happening(line: Happening) -> str:
    """Return one line of the timeline as a sentence."""
    write = _HAPPENINGS.get(line.kind)
    return write(line) if write else line.kind


def names(people: tuple[Someone, ...]) -> str:
    """Return the name of one person, or the first names of several with commas."""
    if len(people) == 1:
        return people[0].name
    comma = _(", ")
    return comma.join(someone.name.split()[0] for someone in people)


def numbers(ticket_ids: tuple[int, ...], most: int = 12) -> str:
    """Return the numbers of tickets, the oldest first, and how many more there are."""
    shown = " ".join(f"#{number}" for number in ticket_ids[:most])
    more = len(ticket_ids) - most
    # Isolated: in a line that runs from right to left the numbers would swap places.
    return f"\u2066{shown} +{more}\u2069" if more > 0 else f"\u2066{shown}\u2069"


def person_name(short: str) -> str:
    """Return the full name of a person; somebody who left the policy file is called by the short one."""
    return _name(short)


def last_try(step: StepLine) -> Try:
    """Return the attempt of a step that tells most: the answer, else the newest that has left, else the first."""
    answered = [attempt for attempt in step.tries if attempt.fate is Fate.ANSWERED]
    left = [attempt for attempt in step.tries if attempt.fate not in (Fate.PLANNED, Fate.CANCELLED)]
    return (answered or left or [step.tries[0]])[-1]


def picture(line: Happening) -> str:
    """Return the name of the icon that stands before a line of the timeline."""
    if line.kind in _PICTURES:
        return _PICTURES[line.kind]
    return _CHANNEL_PICTURES.get(line.attempt.channel, "bell") if line.attempt else "bell"


def _name(short: str | None) -> str:
    person = core.app().shelf.current.people.get(short or "")
    return person.name if person else short or _("Somebody")


def _actor(line: Happening) -> str:
    return line.actor.name if line.actor else _("Somebody")


def _via(line: Happening) -> str:
    return str(VIA.get(line.fact.get("via", ""), ""))


def _to(line: Happening) -> str:
    return line.attempt.person.name if line.attempt else _actor(line)


def _channel(line: Happening) -> str:
    return line.attempt.channel if line.attempt else line.fact.get("channel", "")


def _accepted(line: Happening) -> str:
    if _channel(line) == "call":
        return _("Calling %(name)s", name=_to(line))
    if _channel(line) == "email":
        return _("Mail sent to %(name)s", name=_to(line))
    return _("SMS sent to %(name)s", name=_to(line))


def _refused(line: Happening) -> str:
    why = line.attempt.why if line.attempt else ""
    if _channel(line) == "call":
        return _("The call to %(name)s was refused: %(why)s", name=_to(line), why=why)
    if _channel(line) == "email":
        return _("The mail to %(name)s was refused: %(why)s", name=_to(line), why=why)
    return _("The SMS to %(name)s was refused: %(why)s", name=_to(line), why=why)


def _failed(line: Happening) -> str:
    if line.fact.get("status") == "canceled":
        return _("The call to %(name)s was stopped", name=_to(line))
    if line.fact.get("status") == "busy":
        return _("%(name)s declined the call or was on the phone", name=_to(line))
    if _channel(line) == "call":
        return _("%(name)s did not answer the call", name=_to(line))
    if _channel(line) == "email":
        return _("The mail to %(name)s did not arrive", name=_to(line))
    return _("The SMS to %(name)s did not arrive", name=_to(line))


_CHANNEL_PICTURES = {"sms": "message", "call": "phone", "email": "mail"}
_PICTURES = {
    "opened": "ticket",
    "step": "people",
    "skipped": "skip",
    "no_key": "phone",
    "key": "key",
    "reply": "message",
    "acknowledged": "check",
    "resolved": "check",
    "passed": "forward",
    "nobody": "warning",
    "waiting_for_office": "clock",
}
_HAPPENINGS: dict[str, Callable[[Happening], str]] = {
    "opened": lambda line: _("Ticket came in from %(source)s", source=line.fact.get("source", "")),
    "step": lambda line: _(
        "Step %(number)s: asking %(people)s",
        number=filters.digits(int(line.fact.get("step", 0)) + 1),
        people=names(line.people),
    ),
    "skipped": lambda line: _("Skipped, nobody to reach: %(what)s", what=line.fact.get("to", "")),
    "page_accepted": _accepted,
    "page_refused": _refused,
    "page_in_doubt": lambda line: _(
        "Nobody knows whether it reached %(name)s; the provider is asked", name=_to(line)
    ),
    "unreachable": lambda line: _(
        "%(name)s cannot be reached on any channel: the next step begins", name=_actor(line)
    ),
    "page_delivered": lambda line: _("SMS to %(name)s delivered", name=_to(line)),
    "page_failed": _failed,
    "call_answered": lambda line: _("%(name)s picked up the call", name=_to(line)),
    "no_key": lambda line: _("The call to %(name)s ended without a key", name=_to(line)),
    "key": lambda line: _("%(name)s pressed %(key)s", name=_to(line), key=line.fact.get("key", "")),
    "reply": lambda line: _(
        "%(name)s replied “%(text)s”", name=_actor(line), text=line.fact.get("text", "")
    ),
    "acknowledged": lambda line: _("%(name)s took it %(via)s", name=_actor(line), via=_via(line)),
    "passed": lambda line: _("%(name)s passed it on %(via)s", name=_actor(line), via=_via(line)),
    "resolved": lambda line: _("%(name)s solved it %(via)s", name=_actor(line), via=_via(line)),
    "nobody": lambda line: _("Nobody took it: telling %(people)s", people=names(line.people)),
    "waiting_for_office": lambda line: _("Not urgent: it waits until the office opens"),
}

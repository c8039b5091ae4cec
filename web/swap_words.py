"""Sentences about shifts that change hands, in the reader's language. Looks nothing up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel import Locale
from babel.dates import get_day_names
from markupsafe import Markup, escape

from oncall.board import Someone
from oncall.errors import Conflict
from oncall.roster import Span
from oncall.rota_board import Deed, Holiday, Part, Week
from oncall.swaps.answering import Overtaken
from oncall.swaps.asking import Refused
from oncall.swaps.reading import RequestView
from oncall.swaps.rules import Concern
from rotations.wall import start_of
from web import core, day_words, filters, language, reader
from web.language import gettext as _
from web.language import later as _later
from web.language import marked

STATES = {
    "open": _later("waiting for an answer"),
    "waiting": _later("agreed, waiting"),
    "done": _later("done"),
    "declined": _later("everybody said no"),
    "expired": _later("nobody answered in time"),
    "withdrawn": _later("withdrawn"),
    "refused": _later("not approved"),
    "cancelled": _later("ended, the rota changed"),
    "undone": _later("undone"),
}
SAID = {
    "asked": _later("no answer yet"),
    "no": _later("cannot"),
    "part": _later("offers a part"),
    "yes": _later("yes"),
}
CONCERNS = {
    "unknown": _later("%(name)s is not in the policy file."),
    "past": _later("These hours have passed."),
    "no-time": _later("These hours end before they begin."),
    "not-yours": _later("%(name)s does not hold these hours."),
    "moved-meanwhile": _later(
        "The rota changed meanwhile: %(name)s does not hold these hours any more."
    ),
    "not-on-rota": _later("%(name)s is not on this rota."),
    "not-here": _later("%(name)s does not work here then."),
    "no-phone": _later("%(name)s has no phone number and could not be woken."),
    "no-effect": _later("%(name)s holds these hours already, so nothing would change."),
    "nobody-holds": _later("Nobody holds the phone then, so there is nothing to take."),
    "away": _later("%(name)s is on leave %(start)s to %(end)s."),
    "elsewhere": _later("%(name)s holds another phone then: %(other)s."),
    "no-backup": _later("Nobody stands behind as backup then."),
    "back-to-back": _later("Directly beside a week of %(name)s: two in a row."),
    "short-rest": _later("Little rest for %(name)s: another turn %(start)s."),
    "own-holiday": _later("A public holiday for %(name)s: %(other)s."),
    "over-year": _later("%(name)s would be over the weeks of a year: %(other)s."),
}
CONFLICTS = {
    "closed": _later("This question is closed already. Nothing was changed."),
    "not-your-hours": _later("Only the holder or a lead may ask for these hours."),
    "why-for-another": _later("Write why you ask in somebody else's name; they will read it."),
    "only-asker": _later("Only whoever asked, or a lead, may do that."),
    "no-hours": _later("Choose the hours you want to give away."),
    "mixed-choice": _later("One choice is the hours of one colleague."),
    "whole-trade": _later("A trade is for the whole of it: take one of the choices, or say no."),
    "outside": _later("These hours are not among those that were asked for."),
    "no-offer": _later("There is no such offer any more."),
    "only-lead": _later("Only a lead may do that."),
    "own-decision": _later("Nobody decides about their own hours. Another lead or an admin can."),
    "why-refused": _later("Write why; both will read it."),
    "no-undo": _later("There is nothing to undo here."),
    "only-two": _later("Only the two of you, or a lead, can do that."),
    "undo-late": _later(
        "The time to undo has passed. Ask for these hours back with a new request."
    ),
    "left": _later("You are not in the policy file any more."),
    "not-asked": _later("You were not asked. Tell whoever asked that you could."),
    "no-choice": _later("Choose which of your hours you give in return."),
    "gone": _later("These hours have passed, or their rotation is gone. Nothing was changed."),
    "nobody-holds": _later("Nobody holds this phone right now."),
    "time-ahead": _later("Choose a time that lies ahead."),
    "nothing-back": _later("Whoever's turn it is holds the phone already."),
    "too-small": _later("A part has at least %(fact)s hours. Offer more, or say no."),
    "rota-changed": _later(
        "The rota was changed meanwhile. Look at the new proposal and publish again."
    ),
}
DEEDS = {
    "published": _later("published the turn for %(person)s"),
    "cover": _later("took the hours: %(person)s"),
    "trade": _later("traded: %(person)s holds"),
    "takeover": _later("took the phone over: %(person)s"),
    "handed_back": _later("handed the phone back to %(person)s"),
    "undone": _later("undid a change: %(person)s"),
}


def concern(found: Concern) -> Markup:
    """Return one thing that speaks against it as a sentence."""
    person = core.app().shelf.current.people.get(found.person)
    return marked(
        str(CONCERNS[found.code]),
        name=person.name if person else found.person,
        start=filters.stamp(found.start) if found.start else "",
        end=filters.stamp(found.end) if found.end else "",
        other=found.other,
    )


def conflict(error: Conflict) -> Markup:
    """Return why something could not be done, and what could be done instead."""
    if isinstance(error, Overtaken):
        return overtaken(error)
    if isinstance(error, Refused):
        return refused(error)
    found = CONFLICTS.get(error.code)
    return marked(str(found), fact=error.fact) if found else escape(str(error))


def overtaken(error: Overtaken) -> Markup:
    """Tell whoever came too late how it ended, kindly."""
    taker = core.app().shelf.current.people.get(error.taker or "")
    if error.state == "done" and taker:
        return marked(
            "%(name)s was quicker and has it. Thank you all the same: nothing for you to do.",
            name=taker.name,
        )
    return marked(
        "Too late: %(state)s. Nothing was changed.", state=str(STATES.get(error.state, error.state))
    )


def refused(error: Refused) -> Markup:
    """Return every reason, and the nearest hours for which it could be done."""
    reasons = tuple(dict.fromkeys(concern(one) for one in error.concerns))
    words = Markup(" ").join(reasons or (marked("Nobody could take these hours."),))
    if error.instead is None:
        return words
    nearest = marked(
        "The next hours you hold: %(start)s to %(end)s.",
        start=filters.stamp(error.instead.start),
        end=filters.stamp(error.instead.end),
    )
    return Markup(" ").join((words, nearest))


def hours(span: Span) -> Markup:
    """Return a stretch of time: Wed 9 Dec 18:00 to Thu 10 Dec 09:00."""
    return marked("%(start)s to %(end)s", start=filters.stamp(span[0]), end=filters.stamp(span[1]))


def length(span: Span) -> str:
    """Return how long a stretch of time is: 15 hours."""
    whole = (span[1] - span[0]) // timedelta(hours=1)
    return _("%(count)s h", count=filters.digits(whole))


def gain(amount: int) -> str:
    """Return what hours that change hands bring or cost in comp days: +1.00 day."""
    days = day_words.days(abs(amount))
    if amount > 0:
        return _("Earns %(days)s off.", days=days)
    if amount < 0:
        return _("Gives up %(days)s off.", days=days)
    return _("Changes no days off.")


def title(view: RequestView) -> str:
    """Return a request in one line: who asks for what."""
    if view.kind == "trade":
        return _("%(name)s offers a trade", name=view.asker.name)
    return _("%(name)s asks for cover", name=view.asker.name)


def standing(view: RequestView) -> str:
    """Return how a request stands, as one sentence."""
    if view.state == "waiting" and view.waits_for == "lead":
        return _("%(name)s said yes. A lead decides; silence is yes.", name=_name(view.taker))
    if view.state == "waiting":
        return _(
            "%(name)s said yes, but it starts soon: %(asker)s has to confirm.",
            name=_name(view.taker),
            asker=view.asker.name,
        )
    if view.state == "done":
        return _("Done: %(name)s said yes.", name=_name(view.taker))
    if view.state == "open":
        return _(
            "%(asker)s holds the phone until someone says yes. Asked %(asked)s, %(no)s said no, %(silent)s silent.",
            asker=view.asker.name,
            asked=filters.digits(len(view.said)),
            no=filters.digits(view.refusals),
            silent=filters.digits(view.silent),
        )
    return _("%(state)s. Everybody keeps their hours.", state=str(STATES[view.state]).capitalize())


def names(people: tuple[Someone, ...]) -> str:
    """Return the names of several people with commas."""
    return _(", ").join(someone.name for someone in people)


def instant(at: datetime) -> str:
    """Return an instant as it stands in an address."""
    return at.isoformat(timespec="seconds")


def begins(part: Part, now: datetime) -> str:
    """Return the instant that names what is still to come of a part in an address."""
    return max(part.start, now).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the month grid."""

    label: Markup
    is_today: bool
    holders: tuple[Someone, ...]
    holidays: tuple[Holiday, ...]


def weekday_names() -> tuple[str, ...]:
    """Return the short names of the days in the order a week has where the reader's language is spoken."""
    first = first_week_day(_locale())
    days = get_day_names("abbreviated", locale=_locale())
    return tuple(days[(first + number) % 7] for number in range(7))


def month(weeks: Sequence[Week], start: datetime, end: datetime) -> list[list[Cell]]:
    """Return the days of [start, end) as rows of seven, each with who holds the phone during most of it."""
    zone = reader.current().zone
    first = start.astimezone(zone).date()
    first -= timedelta(days=(first.weekday() - first_week_day(_locale())) % 7)
    last = end.astimezone(zone).date()
    rows = []
    while first < last:
        rows.append([_cell(weeks, first + timedelta(days=number)) for number in range(7)])
        first += timedelta(days=7)
    return rows


def _cell(weeks: Sequence[Week], day: date) -> Cell:
    zone = reader.current().zone
    begins_at, ends_at = start_of(day, zone), start_of(day + timedelta(days=1), zone)
    holders = {
        part.person: None
        for week in weeks
        for part in week.parts
        if part.start < ends_at and begins_at < part.end
    }
    holidays = {holiday: None for week in weeks for holiday in week.holidays if holiday.day == day}
    return Cell(
        filters.plain_day(day),
        begins_at <= core.now() < ends_at,
        tuple(holders),
        tuple(holidays),
    )


def _locale() -> Locale:
    return Locale.parse(language.current())


def first_week_day(locale: Locale) -> int:
    """Return the first day of a week (0 = Monday): Babel knows none for Persian without a country."""
    return 5 if locale.language == "fa" else 0


def deed(line: Deed) -> str:
    """Return one line of a turn's history as a sentence."""
    who = line.actor.name if line.actor else _("The program")
    what = _(str(DEEDS.get(line.kind, line.kind)), person=_name(line.person))
    words = f"{who} {what}"
    return _("%(words)s (taken back)", words=words) if line.taken_back else words


def _name(person: Someone | None) -> str:
    return person.name if person else _("nobody")

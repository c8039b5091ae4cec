"""Sentences about readiness, contacts, leave and handoff in the reader's language. Looks nothing up."""

from __future__ import annotations

from markupsafe import Markup

from oncall.errors import Conflict
from oncall.leave.entering import Overlap
from oncall.readiness import Light, Why
from web import filters, swap_words
from web.language import later as _later
from web.language import marked

LIGHTS = {
    Light.GREEN: _later("ready"),
    Light.AMBER: _later("almost ready"),
    Light.RED: _later("not ready"),
}
TONES = {Light.GREEN: "fine", Light.AMBER: "warn", Light.RED: "urgent"}
REASONS = {
    Why.NO_PHONE: _later("There is no phone number, so nothing can wake."),
    Why.OPTED_OUT: _later("This number refuses our texts: text START to our number."),
    Why.TEST_SILENT: _later("The test before this turn had no answer."),
    Why.AWAY: _later("On leave at some time of this turn."),
    Why.TEST_WAITS: _later("The test before this turn waits for an answer."),
    Why.NOT_VERIFIED: _later("The number is not proved yet: have a code sent."),
    Why.NEVER_TESTED: _later("This phone was never tested."),
    Why.TEST_OLD: _later("The last test was answered more than 30 days ago."),
    Why.ONE_CHANNEL: _later("Only one way to be woken: a call beside the text is safer."),
    Why.NO_CARD: _later("Our contact card is not on the phone yet: silent mode may keep us out."),
    Why.NO_BACKUP: _later("Nobody stands behind as backup in this turn."),
}
CALENDARS = {
    "mine": _later("My turns"),
    "rota": _later("The whole rota"),
    "days": _later("My days off"),
}
KINDS = {
    "leave": _later("leave"),
    "long": _later("long absence"),
    "comp_day": _later("day off"),
}
FEELS = {
    1: _later("hard"),
    2: _later("rough"),
    3: _later("all right"),
    4: _later("good"),
    5: _later("very good"),
}
FAULTS = {
    "address": _later("This is no https address."),
    "private": _later("This address leads into a private network, and we do not go there."),
    "unreachable": _later("The server does not answer."),
    "refused": _later("The server does not give us the calendar: the address may have changed."),
    "too-large": _later("The calendar is larger than 1 MB."),
    "too-slow": _later("The server is too slow."),
    "redirects": _later("The address leads from one to the next and never arrives."),
    "not-a-calendar": _later("What lies there is no calendar."),
    "too-much": _later("This calendar holds more than a person's absences."),
}
CONFLICTS = {
    "phone-wrong": _later("Write the number with + and the country code, such as +12025550101."),
    "phone-unserved": _later(
        "Neither texts nor calls reach numbers of that country. Give another number."
    ),
    "phone-impossible": _later("This number cannot ring: check its digits."),
    "phone-taken": _later("Somebody else has this number already."),
    "mail-wrong": _later("Write a mail address, such as name@example.com."),
    "mail-taken": _later("Somebody else has this mail address already."),
    "ladder-wrong": _later(
        "That is not a way to be reached. Write it like this: sms now, call 1m, call 3m."
    ),
    "ladder-long": _later("At most %(fact)s tries, please."),
    "ladder-silent": _later("This would never ring or buzz: add sms or call."),
    "no-number": _later("There is no number to reach you at. Write your phone number first."),
    "codes-wait": _later("Many codes were sent. Please wait %(fact)s min."),
    "code-old": _later("This code is too old. Have a new one sent."),
    "code-used-up": _later("Five wrong tries. Have a new code sent."),
    "code-wrong": _later("That is not the code we sent. Tries left: %(fact)s."),
    "tests-wait": _later("Many tests were sent just now. Please wait %(fact)s min."),
    "leave-not-yours": _later("Only a lead may do that for somebody else."),
    "leave-why": _later("Write why; the person will read it."),
    "leave-backwards": _later("It ends before it begins. Nothing was stored."),
    "leave-long": _later("Leave lasts two years at most. Nothing was stored."),
    "leave-over": _later("That time is over already. Nothing was changed."),
    "leave-far": _later("That is more than two years ahead. Nothing was stored."),
    "leave-weekly": _later("One time lasts into the next. Enter it as one long leave instead."),
    "leave-gone": _later("This leave was taken back already."),
    "leave-comp-day": _later("A day off is given back on the page of days off."),
    "leave-from-calendar": _later("This comes from the person's own calendar: change it there."),
    "calendar-address": _later(
        "Write the calendar's https address, as Google, Outlook or your HR tool shows it."
    ),
    "note-not-yours": _later("Only whoever hands the phone over writes this note."),
    "note-time": _later("It is too early or too late for this note."),
    "note-read": _later("The note was read already. Tell them yourself."),
    "note-not-for-you": _later("Only whoever has the phone next marks the note as read."),
}


def conflict(error: Conflict) -> Markup:
    """Return why something could not be done, and what could be done instead."""
    if isinstance(error, Overlap):
        return marked(
            "There is other leave then: %(start)s to %(end)s. Take that back first.",
            start=filters.stamp(error.other.start),
            end=filters.stamp(error.other.end),
        )
    found = CONFLICTS.get(error.code)
    if found is None:
        return swap_words.conflict(error)
    return marked(str(found), fact=filters.digits(error.fact))

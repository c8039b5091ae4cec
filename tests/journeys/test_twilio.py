"""The night once more, through the real Twilio client and over HTTP both ways."""

from __future__ import annotations

import pytest

from tests.night import Night


def heard_by(night: Night, person: str) -> tuple[int, int]:
    """How many texts and calls a person got."""
    phone = night.phone(person)
    return len(phone.texts), len(phone.calls)


def test_unanswered_it_climbs_to_the_admin_whose_key_stops_it(night: Night) -> None:
    ticket = night.ticket(customer_phone="+12025550111")
    assert heard_by(night, "ana") == (1, 0)

    night.forward(minutes=1)
    night.phone("ana").ring_out()
    night.forward(minutes=2)
    night.phone("ana").decline()
    night.forward(minutes=5)
    night.phone("maria").voicemail()
    night.forward(minutes=2)
    night.phone("maria").ring_out()
    night.forward(minutes=2)
    assert (heard_by(night, "ana"), heard_by(night, "bora")) == ((2, 2), (1, 0))
    night.forward(minutes=1)
    for person in ("ana", "bora", "maria"):
        night.phone(person).ring_out()
    night.forward(minutes=3)
    said = night.phone("omar").answer().press("1")
    night.forward(minutes=60)

    assert said.startswith("It is yours")
    assert night.world.state(ticket) == ("acknowledged", "omar")
    assert not any(night.phone(person).ringing for person in ("ana", "bora", "maria", "omar"))
    assert heard_by(night, "omar")[1] == 1
    assert night.twilio.complaints == []


def test_every_person_is_rung_in_their_own_language(night: Night) -> None:
    night.ticket()

    night.forward(minutes=13)

    assert night.phone("bora").texts[0].body.startswith("ACIL")
    assert night.phone("bora").answer().call.languages == {"tr-TR"}


@pytest.mark.parametrize(
    "subject", ["برق قطع است و مهمان‌ها بیرون مانده‌اند", "🔥 fire in the lobby"]
)
def test_what_broke_is_in_the_text_whatever_letters_it_takes(night: Night, subject: str) -> None:
    night.ticket(subject=subject)

    assert subject in night.phone("ana").texts[0].body


def test_nothing_is_said_twice_when_every_report_gets_lost(night: Night) -> None:
    night.twilio.lose()
    ticket = night.ticket()

    night.forward(minutes=2)
    night.phone("ana").answer().press("1")
    night.forward(minutes=30)

    assert night.world.state(ticket) == ("acknowledged", "ana")
    assert [len(night.phone(person).calls) for person in ("ana", "maria")] == [1, 0]


def test_the_network_is_away_for_ten_minutes_and_nothing_is_lost(night: Night) -> None:
    for person in ("ana", "bora", "maria", "omar"):
        night.twilio.refuse(night.world.number(person), 503)
    ticket = night.ticket()
    night.forward(minutes=10)
    assert heard_by(night, "ana") == (0, 0)

    for person in ("ana", "bora", "maria", "omar"):
        night.twilio.relieve(night.world.number(person))
    night.forward(minutes=2)

    assert night.phone("maria").texts
    night.phone("maria").answer().press("1")
    assert night.world.state(ticket) == ("acknowledged", "maria")

"""What people change about how they are reached wins over the file, everywhere and at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from notifiers.base import Channel
from oncall import contacts, messages, number_checks
from oncall.cli import main
from oncall.contacts import Wish
from oncall.errors import Conflict
from oncall.tables import AuditEntry, NumberCheck, Page
from tests.world import EXAMPLE, World, a_world

NEW = "+12025550177"


def edit(world: World, person: str, **wish: str) -> None:
    with world.app.sessions.begin() as session:
        contacts.edit(session, world.app, person, Wish(**wish), world.clock())
    contacts.refresh(world.app)


def test_an_alert_rings_the_number_that_was_written_on_the_page(world: World) -> None:
    edit(world, "ana", phone=NEW)

    world.ticket()

    assert world.number("ana") == NEW
    assert "URGENT" in world.texts("ana")[0]
    assert world.phones.screen("+12025550101").texts == ()


def test_a_ticket_that_was_open_before_rings_the_new_number_too(world: World) -> None:
    world.ticket()
    edit(world, "ana", phone=NEW)

    world.forward(minutes=2)

    assert world.calls("ana")


def test_the_ladder_of_the_page_is_the_one_that_is_walked(world: World) -> None:
    edit(world, "ana", urgent="call now, sms 2m")

    world.ticket()

    assert world.ringing("ana")
    assert world.texts("ana") == []


def test_a_text_from_the_new_number_is_an_answer_of_its_owner(world: World) -> None:
    edit(world, "ana", phone=NEW)
    ticket = world.ticket()

    world.reply_from(NEW, "1")

    assert world.state(ticket) == ("acknowledged", "ana")


def test_the_change_outlives_a_restart(database_url: str) -> None:
    with a_world(database_url) as world:
        edit(world, "ana", phone=NEW, email="ana@example.org")

    with a_world(database_url) as world:
        assert world.number("ana") == NEW
        assert messages.address_of(world.app.shelf.current, "ana", Channel.EMAIL) == (
            "ana@example.org"
        )


def test_another_process_follows_with_its_next_round(world: World, database_url: str) -> None:
    with a_world(database_url) as other:
        edit(other, "ana", phone=NEW)

    world.engine.run_once()

    assert world.number("ana") == NEW


def test_what_says_the_same_as_the_file_follows_the_file(world: World) -> None:
    edit(world, "ana", phone=NEW)
    edit(world, "ana", phone="+12025550101")

    assert world.app.shelf.edits.people == {}
    assert world.app.shelf.current is world.app.shelf.written


def test_an_empty_field_gives_the_file_its_word_back(world: World) -> None:
    edit(world, "ana", phone=NEW, urgent="call now")
    edit(world, "ana")

    assert world.number("ana") == "+12025550101"
    assert str(world.app.shelf.current.people["ana"].notify.urgent[0]) == "sms now"


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"phone": "0721000101"}, "phone-wrong"),
        ({"phone": "+98 912 123 4567"}, "phone-unserved"),
        ({"phone": "+1202"}, "phone-wrong"),
        ({"phone": "+12025550102"}, "phone-taken"),
        ({"phone": "+449012345678"}, "phone-impossible"),
        ({"email": "nobody"}, "mail-wrong"),
        ({"email": "BORA@example.com"}, "mail-taken"),
        ({"urgent": "pigeon now"}, "ladder-wrong"),
        ({"urgent": "email now"}, "ladder-silent"),
        ({"urgent": ", ".join(["sms now"] * 9)}, "ladder-long"),
    ],
)
def test_what_could_wake_nobody_is_refused_in_words(
    world: World, wish: dict[str, str], code: str
) -> None:
    with pytest.raises(Conflict) as refused:
        edit(world, "ana", **wish)

    assert refused.value.code == code
    assert world.number("ana") == "+12025550101"


def test_the_log_names_what_changed_and_no_number(world: World) -> None:
    edit(world, "ana", phone=NEW)

    with world.app.sessions() as session:
        line = session.query(AuditEntry).filter_by(action="contact.changed").one()
        assert (line.actor, line.data["what"]) == ("ana", ["phone"])


def send_code(world: World, by: Channel = Channel.SMS) -> str:
    with world.app.sessions.begin() as session:
        number_checks.send_code(session, world.app, "ana", by, world.clock())
    world.engine.run_until_quiet()
    if by is Channel.SMS:
        return world.texts("ana")[-1].split()[0]
    call = world.ringing("ana")
    assert call is not None
    world.phones.answer(call.id)
    heard = world.calls("ana")[-1].heard[0]
    return heard.partition("Your code is ")[2].partition(". ")[0].replace(", ", "")


def confirm(world: World, code: str) -> str:
    with world.app.sessions.begin() as session:
        why = number_checks.confirm(session, world.app, "ana", code, world.clock())
        return why.code if why else ""


def is_verified(world: World) -> bool:
    with world.app.sessions() as session:
        return "ana" in number_checks.verified(session, world.app.shelf.current, ["ana"])


@pytest.mark.parametrize("by", [Channel.SMS, Channel.CALL])
def test_the_code_that_came_proves_the_number(world: World, by: Channel) -> None:
    code = send_code(world, by)

    assert (len(code), confirm(world, code), is_verified(world)) == (6, "", True)


def test_a_code_in_persian_digits_with_spaces_counts(world: World) -> None:
    code = send_code(world).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))

    assert confirm(world, f"{code[:3]} {code[3:]}") == ""


def test_a_new_number_has_to_be_proved_anew(world: World) -> None:
    confirm(world, send_code(world))
    edit(world, "ana", phone=NEW)

    assert not is_verified(world)


def test_after_five_wrong_tries_the_right_code_is_worth_nothing(world: World) -> None:
    code = send_code(world)
    wrong = "000000" if code != "000000" else "111111"

    assert [confirm(world, wrong) for _ in range(5)] == ["code-wrong"] * 5
    assert confirm(world, code) == "code-used-up"


def test_a_code_lives_for_ten_minutes(world: World) -> None:
    code = send_code(world)
    world.forward(minutes=10)

    assert confirm(world, code) == "code-old"


def test_a_second_code_ends_the_first(world: World) -> None:
    first = send_code(world)
    world.forward(minutes=1)
    second = send_code(world)

    assert second == first or confirm(world, first) == "code-wrong"
    assert confirm(world, second) == ""


def test_codes_cannot_be_sent_without_end(world: World) -> None:
    for _ in range(3):
        send_code(world)

    with pytest.raises(Conflict) as refused:
        send_code(world)
    assert refused.value.code == "codes-wait"


def test_no_code_is_stored_as_it_is(world: World) -> None:
    code = send_code(world)

    with world.app.sessions() as session:
        page = session.query(Page).filter_by(kind="code").one()
        check = session.query(NumberCheck).one()
        assert code not in f"{page.text} {page.fact} {check.digest}"
        assert page.text.startswith("...")


def test_check_names_what_the_file_no_longer_decides(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    with a_world(f"sqlite:///{tmp_path / 'config.db'}") as world:
        edit(world, "ana", phone=NEW, urgent="call now")

    done = CliRunner().invoke(main, ["check", "--config", str(config)])

    assert "note: ana changed phone, notify.urgent on their own page; that wins." in done.output
    assert done.exit_code == 0

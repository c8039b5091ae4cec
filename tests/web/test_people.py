"""The admin's page: links shown once, accounts closed at once, nobody invented."""

from __future__ import annotations

import re

from tests.site import Site


def invite(omar: Site, who: str) -> str:
    return omar.send("/people/invite", "/people", who=who).text


def test_an_invitation_shows_a_link_that_signs_in(omar: Site) -> None:
    found = re.search(r"(/welcome/[\w-]+)", invite(omar, "bora@example.com"))

    assert found
    bora = omar.another_browser()
    bora.send(found[1], skip="yes")
    assert "Bora Yıldız" in bora.read("/me")


def test_the_link_is_gone_when_the_page_is_opened_again(omar: Site) -> None:
    invite(omar, "bora")

    assert "/welcome/" not in omar.read("/people")


def test_somebody_the_policy_does_not_know_gets_the_lines_to_add(omar: Site) -> None:
    html = invite(omar, "Dara Karimi")

    assert "/welcome/" not in html
    assert "  dara:\n    name: Dara Karimi\n" in html


def test_closing_an_account_puts_its_person_out_at_once(ana: Site, omar: Site) -> None:
    omar.send("/people/ana/close", "/people")

    assert ana.get("/").status_code == 302
    assert "Let in again" in omar.read("/people")


def test_an_account_can_be_opened_again(ana: Site, omar: Site) -> None:
    omar.send("/people/ana/close", "/people")
    omar.send("/people/ana/reopen", "/people")

    assert ana.sign_in("ana").get("/").status_code == 200


def test_an_admin_cannot_close_the_own_account(omar: Site) -> None:
    assert omar.send("/people/omar/close", "/people").status_code == 403
    assert omar.send("/people/nobody/close", "/people").status_code == 404

"""People at work: by keyboard, without JavaScript, and with a page that keeps itself fresh."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.served import PHONE, Server, sign_in
from tests.site import link_in
from tests.world import World


def test_somebody_signs_in_sets_a_password_and_comes_back_with_it(
    page: Page, server: Server
) -> None:
    page.goto(server.invite("ana"))
    page.get_by_label("New password").fill("correct ladder moonlight")
    page.get_by_role("button", name="Set the password and sign in").click()
    expect(page.get_by_role("status")).to_contain_text("You are signed in.")
    page.goto("/me")
    page.get_by_role("button", name="Sign out here").click()

    page.get_by_label("Short name or mail address").fill("ana")
    page.get_by_label("Password").fill("correct ladder moonlight")
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{server.url}/")


def test_a_ticket_is_taken_with_the_keyboard_alone(
    page: Page, server: Server, world: World
) -> None:
    world.ticket()
    sign_in(page, server, "ana")
    page.goto("/tickets/1")

    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "take":
            break
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("#1 is yours now.")
    assert world.state(1) == ("acknowledged", "ana")


def test_the_first_tab_offers_to_skip_to_the_content(page: Page, server: Server) -> None:
    page.goto("/nope")
    page.keyboard.press("Tab")

    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()


def test_the_bar_at_the_foot_never_hides_what_has_the_focus(
    page: Page, server: Server, world: World
) -> None:
    for _ in range(6):
        world.ticket()
    sign_in(page, server, "omar")
    page.goto("/tickets")
    bar = page.locator(".tabs").bounding_box()
    assert bar is not None

    for link in page.locator(".row a").all():
        link.focus()
        box = link.bounding_box()
        assert box is not None
        assert box["y"] < bar["y"], "some of the focused row can be seen"


def test_an_alert_is_taken_without_javascript(
    chromium: Browser, server: Server, world: World
) -> None:
    world.ticket()
    context = chromium.new_context(base_url=server.url, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(link_in(world.texts("ana")[-1]))
    page.get_by_role("button", name="Take it").click()

    expect(page.get_by_role("status")).to_contain_text("#1 is yours now.")
    assert world.state(1) == ("acknowledged", "ana")
    context.close()


def test_the_demo_plays_without_javascript(chromium: Browser, server: Server, world: World) -> None:
    context = chromium.new_context(base_url=server.url, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto("/simulator")
    page.get_by_label("What does not work?").fill("Door broken")
    page.get_by_role("button", name="Send the ticket").click()
    world.engine.run_until_quiet()
    page.get_by_role("button", name="+1 min").click()
    world.engine.run_until_quiet()
    page.get_by_role("link", name="Refresh").click()
    page.get_by_role("button", name="Answer").click()
    page.get_by_role("button", name="1 take").click()

    assert world.state(1) == ("acknowledged", "ana")
    context.close()


def test_a_phone_rings_by_itself_and_what_is_typed_elsewhere_stays(
    page: Page, server: Server, world: World
) -> None:
    page.goto("/simulator")
    reply = page.get_by_label("Reply by SMS as Bora Yıldız")
    reply.fill("half a sent")
    world.ticket()
    world.forward(minutes=1)

    expect(page.get_by_role("button", name="Answer")).to_be_visible()
    reply.press_sequentially("ence")

    expect(reply).to_have_value("half a sentence")
    expect(reply).to_be_focused()


def test_answering_and_pressing_a_key_needs_no_reload(
    page: Page, server: Server, world: World
) -> None:
    page.goto("/simulator")
    page.evaluate("window.stillHere = true")
    world.ticket()
    world.forward(minutes=1)

    page.get_by_role("button", name="Answer").click()
    page.get_by_role("button", name="1 take").click()
    expect(page.locator("#play")).to_contain_text("Ana Popescu took it")

    assert page.evaluate("window.stillHere")
    assert world.state(1) == ("acknowledged", "ana")


def test_the_ticket_page_follows_the_ladder_by_itself(
    page: Page, server: Server, world: World
) -> None:
    world.ticket()
    sign_in(page, server, "omar")
    page.goto("/tickets/1")
    expect(page.locator("#ticket")).to_contain_text("Next: Maria Ionescu")

    world.forward(minutes=7)

    expect(page.locator("#ticket")).to_contain_text("Step 2: asking Maria Ionescu", timeout=8000)


def test_no_page_breaks_its_own_content_policy(page: Page, server: Server, world: World) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    world.ticket()
    sign_in(page, server, "omar")
    for path in ("/", "/tickets", "/tickets/1", "/people", "/me", "/simulator"):
        page.goto(path)
        page.wait_for_timeout(100)

    assert complaints == []

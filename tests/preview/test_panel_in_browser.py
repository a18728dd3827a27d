"""The panel of the live preview in a real browser."""

from typing import Any

from tests.browser.axe import contrasts, violations
from tests.browser.waiting import awaited
from tests.integration.conftest import MakeSite
from tests.integration.site import fence
from tests.preview.serving import serve
from tests.preview.terminal import serve_in_terminal

PROMPT = "A fox in snow <img src=x onerror=window.hurt=1>"
WORDS = "Some words about foxes. " * 60
THEME = """<!doctype html><title>Foxes</title><style>button, p { all: unset; color: red }</style>
{% for path in config.extra_css %}<link rel="stylesheet" href="{{ path | url }}">{% endfor %}
<body><main>{{ page.content }}</main></body>"""
PREVIEW = "gemini-images-preview"
INSIDE = f"document.querySelector('{PREVIEW}').shadowRoot.activeElement"
HERE = "document.querySelector('img[data-gemini-images]')"


def test_a_picture_is_described_drawn_and_retaken_under_a_hostile_theme(
    browser: Any, site: MakeSite
) -> None:
    here = site("Nothing yet.", config={"theme": {"name": None, "custom_dir": "theme"}})
    (here.root / "theme").mkdir()
    (here.root / "theme" / "main.html").write_text(THEME)
    here.write()
    source = here.root / "docs" / "index.md"
    before = len(here.ledger)
    with serve(here) as served:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page_errors: list[str] = []
        page.on("pageerror", lambda error: page_errors.append(str(error)))
        page.goto(served.url)

        # The author writes a directive: the page shows its placeholder, and the prompt as text.
        text = f"# Foxes\n\n{WORDS}\n{fence(PROMPT)}\n{WORDS}\n\n{WORDS}\n"
        source.write_text(text)
        page.wait_for_selector("img[data-gemini-images][src*=placeholder]")
        assert violations(page, within=[PREVIEW, "img"]) == []
        chip = page.get_by_role("button", name="A picture: Not drawn")
        page.evaluate("scrollTo(0, 150)")
        chip.press("Enter")
        panel = page.get_by_role("dialog", name="Picture")
        assert PROMPT in panel.inner_text()
        assert violations(page, within=[PREVIEW]) == []
        page.evaluate("window.mark = 'not reloaded'")
        scrolled = page.evaluate("scrollY")
        assert scrolled > 0

        # A click draws the picture, and the page shows it without a reload.
        panel.get_by_role("button", name="Draw (about $0.046, at most $0.058)").click()
        page.wait_for_function(f"{HERE}.src.endsWith('.webp') && {HERE}.naturalWidth > 0")
        assert page.evaluate("[window.mark, scrollY]") == ["not reloaded", scrolled]
        assert page.evaluate(f"[{HERE}.getAttribute('width'), {HERE}.height > 0]")[1]
        assert len(here.ledger) == before + 1

        # A click draws another take, and Escape closes the panel.
        panel.get_by_role("button", name="Another take").click()
        take = panel.get_by_role("button", name="Take 2", disabled=False)
        take.wait_for()
        assert violations(page, within=[PREVIEW]) == []
        for kind in ("", "dark"):
            page.evaluate(
                f"kind => {{ document.querySelector('{PREVIEW}').className = kind }}", kind
            )
            for selector in (".prompt", ".facts", ".state", ".close"):
                assert min(contrasts(page, selector, host=PREVIEW)) >= 4.5, (kind, selector)
        page.keyboard.press("Tab")
        page.get_by_role("button", name="Close").press("Escape")
        assert page.get_by_role("dialog", name="Picture").count() == 0
        assert page.evaluate("document.activeElement.localName") == "gemini-images-preview"

        # A pick loads the page again; the panel has the focus, and Escape closes it from anywhere.
        chip = page.get_by_role("button", name="A picture: In stock")
        chip.press("Enter")
        take.press("Enter")
        panel.get_by_role("button", name="Pick take 2").press("Enter")
        page.wait_for_function("window.mark !== 'not reloaded'")
        panel.wait_for()
        page.wait_for_function(f"{INSIDE}?.localName === 'section'")
        assert "take: 2" in source.read_text()
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("Escape")
        assert page.get_by_role("dialog", name="Picture").count() == 0
        assert page.evaluate(f"{INSIDE}.className.includes('chip')")
        assert (page_errors, page.evaluate("window.hurt")) == ([], None)
        page.close()
    assert len(here.ledger) == before + 2


def test_on_a_phone_the_last_picture_is_visible_above_the_sheet(
    browser: Any, site: MakeSite
) -> None:
    config = {"theme": {"name": None, "custom_dir": "theme"}}
    here = site(f"# Foxes\n\n{WORDS}\n{fence('A fox')}", config=config)
    (here.root / "theme").mkdir()
    (here.root / "theme" / "main.html").write_text(THEME)
    here.write()
    with serve(here) as served:
        page = browser.new_page(viewport={"width": 390, "height": 640}, reduced_motion="reduce")
        page.goto(served.url)
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        page.get_by_role("button", name="A picture: Not drawn").click()
        before = "document.documentElement.scrollHeight - document.body.offsetHeight"
        panel = f"document.querySelector('{PREVIEW}').shadowRoot.querySelector('.panel')"
        edges = f"[{HERE}, {panel}].map(each => each.getBoundingClientRect())"
        assert page.evaluate(f"(([image, sheet]) => image.bottom <= sheet.top)({edges})")
        assert page.evaluate(before) > 100
        page.keyboard.press("Escape")
        assert page.evaluate(before) < 100
        page.close()


def test_a_page_of_another_origin_cannot_spend(browser: Any, site: MakeSite) -> None:
    here = site(fence("A fox"))
    here.write()
    before = len(here.ledger)
    with serve(here) as served:
        handle = served.handles()[0]
        other_page = browser.new_page()
        other_page.goto("data:text/html,<p>A page of another origin")
        spend = """async ([url, body, token]) => {
          const send = options => fetch(url, { method: 'POST', body, ...options })
            .then(answer => answer.status, error => 'refused');
          return [
            await send({}), await send({ mode: 'no-cors' }),
            await send({ headers: { 'X-Gemini-Images-Token': token } }),
          ];
        }"""
        body = f'{{"handle": "{handle}", "usd": 9}}'
        url = f"{served.url}/__gemini-images/draw"
        assert set(awaited(other_page, spend, [url, body, served.token])) <= {"refused", 0, 403}
        other_page.close()
    assert len(here.ledger) == before


def test_the_panel_says_when_the_limits_of_the_session_are_reached(
    browser: Any, site: MakeSite
) -> None:
    here = site(fence("A fox") + fence("A heron", alt="Another picture"), budget=0.06)
    here.write()
    with serve(here) as served:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(served.url)
        panel = page.get_by_role("dialog", name="Picture")
        page.get_by_role("button", name="A picture: Not drawn").press("Enter")
        panel.get_by_role("button", name="Draw (about $0.046, at most $0.058)").click()
        panel.get_by_text("In stock").wait_for()
        page.get_by_role("button", name="Another picture: Not drawn").press("Enter")
        assert panel.get_by_role("button", name="Draw (about $0.046, at most $0.058)").is_disabled()
        assert "more than budget: 0.06; gemini-images draw asks" in panel.inner_text()
        assert violations(page, within=[PREVIEW]) == []
        page.close()


def test_the_panel_says_that_the_terminal_waits_for_an_answer(browser: Any, site: MakeSite) -> None:
    here = site(fence("A fox"), max_new=0)
    here.write()
    with serve_in_terminal(here) as (served, terminal):
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(served.url)
        panel = page.get_by_role("dialog", name="Picture")
        page.get_by_role("button", name="A picture: Not drawn").press("Enter")
        assert "a press asks you in the terminal" in panel.inner_text()
        panel.get_by_role("button", name="Draw").click()
        terminal.until_asked()
        panel.get_by_text("waiting for your answer in the terminal").wait_for()
        page.get_by_role("button", name="A picture: Asking in the terminal").wait_for()
        assert panel.get_by_role("button", name="Draw").is_disabled()
        terminal.type("y\n")
        page.wait_for_function(f"{HERE}.src.endsWith('.webp') && {HERE}.naturalWidth > 0")
        page.close()


def test_an_alt_is_asked_for_edited_and_accepted(browser: Any, site: MakeSite) -> None:
    fences = "\n".join(
        f"## Part {n}\n\n```gemini-image\nprompt: A boat {n}\n```\n" for n in range(2)
    )
    here = site(fences, config={"theme": {"name": None, "custom_dir": "theme"}})
    (here.root / "theme").mkdir()
    (here.root / "theme" / "main.html").write_text(THEME)
    assert here.build().error is None
    source = here.root / "docs" / "index.md"
    with serve(here) as served:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(served.url)
        page.get_by_role("button", name="Picture: In stock").first.press("Enter")
        panel = page.get_by_role("dialog", name="Picture")
        before = len(here.ledger)
        panel.get_by_role("button", name="Alt …").click()
        panel.get_by_role("button", name="Ask for an alt (about $0.001, at most").click()
        field = panel.get_by_label("Proposed alt for index.md:3")
        field.wait_for()
        assert len(here.ledger) == before + 1
        assert "index.md:3 · Part 0" in panel.inner_text()
        assert "Alt: missing" in panel.inner_text()
        assert field.input_value().startswith("A scene in ")
        assert violations(page, within=[PREVIEW]) == []
        for kind in ("", "dark"):
            page.evaluate(
                f"kind => {{ document.querySelector('{PREVIEW}').className = kind }}", kind
            )
            assert min(contrasts(page, ".alt textarea", host=PREVIEW)) >= 4.5, kind
        field.fill("A boat of mine\n& more")
        panel.get_by_role("button", name="Accept").press("Enter")
        page.wait_for_function(f"{HERE}.alt === 'A boat of mine & more'")
        panel.wait_for()
        assert source.read_text() == fences.replace(
            "boat 0\n", "boat 0\nalt: A boat of mine & more\n"
        )

        # A skipped proposal is gone, and asking again for the same picture costs nothing.
        panel.get_by_role("button", name="Alt …").click()
        panel.get_by_role("button", name="Skip").press("Enter")
        assert field.count() == 0
        assert len(here.ledger) == before + 1
        page.close()

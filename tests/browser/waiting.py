"""Waiting for something inside of a page, never without end, as `evaluate` of a promise would.

In goes an open page, or what opens one; out comes what a script gives, or an error that says what
was waited for, and how long.
"""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Error

# Each picture is brought into view, where a lazy one is loaded, and waited for. Without a frame
# nothing is brought into view.
SCROLL_THROUGH = """async ([seconds, together]) => {
  const late = (words, at) => new Promise((_, fail) => setTimeout(
    () => fail(new Error(words)), Math.max(0, at - performance.now())));
  const frame = () => Promise.race([new Promise(requestAnimationFrame), late(
    `no frame is drawn at ${scrollY} px of a page that is ${document.visibilityState}`,
    performance.now() + seconds * 1000)]);
  for (let y = 0; y < document.body.scrollHeight; y += 800) {
    window.scrollTo(0, y);
    await frame();
  }
  const end = performance.now() + together * 1000;
  for (const image of document.images) {
    if (image.offsetParent === null || image.complete) continue;
    image.scrollIntoView();
    await Promise.race([
      image.decode().catch(() => null), late(`${image.src} is not loaded in time`, end),
    ]);
  }
  window.scrollTo(0, 0);
  await frame();
}"""


def awaited(page: Any, script: str, arg: object = None, *, seconds: float = 60) -> Any:
    """Give what an async function gives, called in a page with an argument."""
    late = f"""new Promise((_, fail) => setTimeout(
      () => fail(new Error('no answer of the script after {seconds:g} s')), {seconds * 1000}))"""
    return page.evaluate(f"argument => Promise.race([({script})(argument), {late}])", arg)


def scrolled_through(
    open_page: Callable[[], Any], *, seconds: float = 5, together: float = 30
) -> Any:
    """Open a page, bring each of its pictures into view, and give it when all are loaded.

    A frame may take `seconds`, and all pictures those of `together`. On a busy machine Chromium
    sometimes draws no frame of one page, without end, but draws the next page: so a page that
    fails is opened anew, once.
    """
    page = open_page()
    try:
        awaited(page, SCROLL_THROUGH, [seconds, together])
    except Error as error:
        print(f"{page.url} is opened anew: {error.message}")
        page.close()
        page = open_page()
        awaited(page, SCROLL_THROUGH, [seconds, together])
    return page

"""A label is not part of a caption: it stands on a line of its own."""

from importlib.resources import files
from typing import Any

from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.rendering.figure import FigureRenderer
from mkdocs_gemini_images.rendering.rendered_image import RenderedImage

BELOW = """label => {
    const caption = document.createRange();
    caption.selectNode(label.previousSibling);
    return caption.getBoundingClientRect().bottom <= label.getBoundingClientRect().top;
}"""


def test_a_label_stands_below_the_caption(browser: Any) -> None:
    shown = RenderedImage("fox.webp", 480, 270, label="AI-generated")
    figure = FigureRenderer().render(Directive(caption="A fox"), shown, "fox.webp", caption=True)
    style = (files("mkdocs_gemini_images") / "static" / "gemini-images.css").read_text()
    page = browser.new_page()
    page.set_content(f"<style>{style}</style>{figure}")
    assert page.eval_on_selector(".gemini-image__label", BELOW)

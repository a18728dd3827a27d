"""A question has the page's words and language, and never the prompt; its price is a fraction."""

import json
from dataclasses import replace

from mkdocs_gemini_images.config.limits import SpendingLimits
from mkdocs_gemini_images.sources.alts.price import quote_question
from mkdocs_gemini_images.sources.alts.question import AltQuestion, write_question
from mkdocs_gemini_images.sources.alts.section import Section

ASKED = AltQuestion("ab" * 32, Section("Harbour", "Ships.", "Boats."), "The light", "de")
MODEL = "gemini-3.1-flash-lite"


def test_the_request_has_the_picture_and_the_rules_and_the_page() -> None:
    body = json.loads(write_question(ASKED, b"webp"))
    picture, words = body["contents"][0]["parts"]
    assert picture["inlineData"]["mimeType"] == "image/webp"
    assert "at most 140 characters, in German" in words["text"]
    assert json.loads(words["text"].rpartition("\n\n")[2]) == {
        "heading": "Harbour", "text before the picture": "Ships.",
        "text after the picture": "Boats.", "caption": "The light",
    }  # fmt: skip
    assert body["generationConfig"]["maxOutputTokens"] == 1024


def test_another_picture_page_language_model_or_server_is_another_question() -> None:
    others = [
        replace(ASKED, picture="cd" * 32), replace(ASKED, caption=""),
        replace(ASKED, language="fr"),
        replace(ASKED, section=Section("Harbour", "Ships.")),
    ]  # fmt: skip
    keys = {each.key(MODEL, emulated=False) for each in (ASKED, *others)}
    keys |= {ASKED.key("another", emulated=False), ASKED.key(MODEL, emulated=True)}
    assert len(keys) == 7


def test_a_question_costs_a_fraction_of_a_cent() -> None:
    quoted = quote_question(ASKED, MODEL, SpendingLimits())
    assert quoted is not None
    assert 0.0003 < quoted.usd < 0.001
    assert quoted.usd < quoted.usd_at_most < 0.004
    free = quote_question(ASKED, MODEL, SpendingLimits(free=True))
    assert free is not None
    assert free.usd_at_most == 0


def test_an_unknown_model_has_the_owners_price_or_none() -> None:
    assert quote_question(ASKED, "another", SpendingLimits()) is None
    own = SpendingLimits(prices={"another": {"text_in": 1.0, "text_out": 10.0}})
    quoted = quote_question(ASKED, "another", own)
    assert quoted is not None
    assert quoted.usd > 0.001

"""Requests for images are logged with status and price, and never with a key."""

import json
from pathlib import Path

import pytest

from mkdocs_gemini_images.emulator.app import create_app
from mkdocs_gemini_images.emulator.request_log import RequestLog
from tests.unit.emulator.api_calls import NB, OLD, fetch, generate, inline, parts, png, prompt


def test_each_request_for_an_image_is_logged_with_its_price(tmp_path: Path) -> None:
    file = tmp_path / "bill.jsonl"
    ledger = RequestLog(file)
    app = create_app(request_log=ledger, keys={"canary"}, scenario=("ok*2", "overloaded", "ok"))
    key = {"x-goog-api-key": "canary"}
    for _ in range(4):
        generate(app, prompt(), headers=key)
    generate(app, {"no": 1}, headers=key)
    generate(app, prompt())
    fetch(app, "/v1beta/models", headers=key)
    assert [entry.status for entry in ledger.entries] == [200, 200, 503, 200, 400, 403]
    assert [entry.auth for entry in ledger.entries] == ["x-goog-api-key"] * 5 + ["none"]
    assert (len(ledger), len(ledger.billed), ledger.pictures) == (6, 3, 3)
    assert ledger.entries[0].body == prompt()
    assert 3 * 0.0336 < ledger.price < 3 * 0.05
    lines = file.read_text("utf-8").splitlines()
    assert [json.loads(line)["status"] for line in lines] == [200] * 3
    assert "canary" not in repr(ledger.entries) + file.read_text("utf-8")


def test_the_logged_price_is_that_of_the_tokens() -> None:
    ledger = RequestLog()
    usage = generate(create_app(request_log=ledger), prompt(), model=OLD).json()["usageMetadata"]
    image = usage["candidatesTokensDetails"][0]["tokenCount"]
    words = usage["candidatesTokenCount"] - image
    usd = (image * 30 + words * 2.5 + usage["promptTokenCount"] * 0.3) / 1e6
    assert ledger.price == pytest.approx(usd)


def test_an_edit_is_billed_with_the_pictures_that_it_sends_again() -> None:
    ledger = RequestLog()
    app = create_app(request_log=ledger)
    first = prompt()
    first["contents"][0]["parts"].append(inline(png(), "image/png"))
    turn = {"role": "model", "parts": parts(generate(app, first, model=NB))}
    user = {"role": "user", "parts": [{"text": "Now at night"}]}
    generate(app, {"contents": [*first["contents"], turn, user]}, model=NB)
    pictures = [entry.items["input_picture"] for entry in ledger.entries]
    assert [str(usd) for usd in pictures] == ["0.00168", "0.00336"]
    assert ledger.entries[1].items["text_in"] > ledger.entries[0].items["text_in"]


def test_each_search_is_billed() -> None:
    ledger = RequestLog()
    search: dict[str, object] = {
        "googleSearch": {"searchTypes": {"webSearch": {}, "imageSearch": {}}}
    }
    generate(create_app(request_log=ledger), {**prompt(), "tools": [search]}, model=NB)
    assert str(ledger.entries[0].items["search"]) == "0.028"
    assert ledger.usd == sum(ledger.entries[0].items.values())

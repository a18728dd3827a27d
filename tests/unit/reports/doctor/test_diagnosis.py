"""What the examination of a set-up finds, and how bad that is."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.config.limits import SpendingLimits
from mkdocs_gemini_images.config.server import EMULATOR, Secret, Server
from mkdocs_gemini_images.config.settings import ImageDefaults, Settings
from mkdocs_gemini_images.models import catalogue
from mkdocs_gemini_images.reports.doctor.diagnosis import (
    Finding,
    ServedModels,
    examine,
    listed_models,
)
from mkdocs_gemini_images.store.folder import FolderStore
from tests.unit.pictures import png, record, step

TODAY = date(2026, 11, 22)
NONE = ServedModels()
CANARY = "a-key-that-no-finding-may-show"


def examined(
    tmp_path: Path, served: ServedModels, *drawn_by: str, today: date = TODAY, **more: Any
) -> list[Finding]:
    """Examine a set-up whose stock has one picture of each model in `drawn_by`."""
    settings = Settings(
        root=tmp_path, stock=tmp_path / "stock", cache=tmp_path / "cache", docs="docs",
        server=Server(key=Secret(CANARY)),
    )  # fmt: skip
    settings = settings._replace(**more)
    stock = FolderStore(settings.owned)
    for number, model in enumerate(drawn_by):
        drawn = step(f"A fox {number}", model=model)
        stock.put(record(drawn, png(), price=0.5), png())
    return list(examine(settings, stock, served, today))


def texts(findings: list[Finding], state: str) -> str:
    return "\n".join(each.text for each in findings if each.state == state)


ENDING = next(model for model in catalogue.MODELS.values() if model.ends)


def test_the_end_of_a_model_is_a_note_before_its_date_and_bad_after(tmp_path: Path) -> None:
    assert ENDING.ends
    name = next(name for name, model in catalogue.MODELS.items() if model is ENDING)
    more: dict[str, Any] = {"defaults": ImageDefaults(model=name)}
    end = date.fromisoformat(ENDING.ends)
    before = examined(tmp_path, NONE, today=end.replace(year=end.year - 1), **more)
    announced = f"announced that it stops serving {name} on {ENDING.ends}"
    assert announced in texts(before, "note")
    assert "that day has come" not in texts(before, "note")
    assert texts(before, "bad") == ""
    words = f"{announced}, and that day has come; choose another model"
    assert words in texts(examined(tmp_path, NONE, today=end, **more), "bad")
    assert words in texts(examined(tmp_path, ServedModels([name]), today=end, **more), "note"), (
        "the server still lists it"
    )
    assert words in texts(examined(tmp_path, NONE, today=end, server=EMULATOR, **more), "note")


def test_pictures_of_a_model_that_is_no_longer_served_are_noted(tmp_path: Path) -> None:
    assert ENDING.ends
    name = next(name for name, model in catalogue.MODELS.items() if model is ENDING)
    findings = examined(tmp_path, NONE, name, name, today=date(2099, 1, 1))
    assert f"2 pictures are by {name}, a model that Google no longer serves; they stay" in texts(
        findings, "note"
    )
    assert "2 pictures in" in texts(findings, "ok")
    assert "which cost $1.00" in texts(findings, "ok")


@pytest.mark.parametrize(
    ("served", "more", "state", "words"),
    [
        (NONE, {"frozen": True}, "note", "frozen, as in CI"),
        (
            NONE,
            {"limits": SpendingLimits(max_new=3, budget=0.5)},
            "ok",
            "at most 3 pictures for at most $0.50",
        ),
        (
            NONE,
            {"defaults": ImageDefaults(model="mine")},
            "note",
            "'mine' is not in the plugin's table",
        ),
        (
            ServedModels(["mine"]),
            {"defaults": ImageDefaults(model="mine")},
            "note",
            "'mine' is not in the plugin's table",
        ),
        (
            ServedModels(["yours"]),
            {"defaults": ImageDefaults(model="mine")},
            "bad",
            "no model 'mine': known are",
        ),
        (ServedModels(failure="it is down"), {}, "bad", "does not list its models: it is down"),
        (NONE, {"server": Server()}, "note", "no API key for generativelanguage.googleapis.com"),
        (
            NONE,
            {"server": Server(url="https://gw.example")},
            "note",
            "no API key for gw.example: set api_key: !ENV NAME",
        ),
        (
            NONE,
            {"server": EMULATOR, "limits": SpendingLimits(free=True)},
            "note",
            "the emulator draws",
        ),
    ],
)
def test_each_finding_has_its_state(
    tmp_path: Path, served: ServedModels, more: dict[str, Any], state: str, words: str
) -> None:
    findings = examined(tmp_path, served, **more)
    assert words in texts(findings, state)
    assert not any(CANARY in each.text for each in findings)


def test_the_emulator_has_no_limits(tmp_path: Path) -> None:
    findings = examined(tmp_path, NONE, server=EMULATOR, limits=SpendingLimits(free=True))
    assert "at most" not in texts(findings, "ok")


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({"models": [{"name": "models/a"}, {"name": "b"}]}, ["a", "b"]),
        ({"data": [{"id": "c"}]}, ["c"]),
        ({}, []),
        ({"models": None}, []),
        ({"models": "abc"}, []),
        ({"models": [1, None, {}]}, []),
    ],
)
def test_model_names_are_read_from_both_kinds_of_list(
    body: dict[str, object], names: list[str]
) -> None:
    assert listed_models(body) == names

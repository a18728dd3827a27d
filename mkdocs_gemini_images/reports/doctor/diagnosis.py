"""Examine a site's set-up: what is in order, what is not, and what to do about it.

In: settings, a stock, and the server's list of models. Out: findings, one line each. Reads the
stock, and writes nothing. A model that the API is to stop serving is a finding here and never a
warning of a build.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from mkdocs_gemini_images import __version__
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import DiagnosticError, counted, did_you_mean
from mkdocs_gemini_images.core.files import atomic_files
from mkdocs_gemini_images.models import catalogue, dimensions
from mkdocs_gemini_images.models.pricing.quote import Sending, quote
from mkdocs_gemini_images.reports.doctor.portability import changed_line_ends, long_paths
from mkdocs_gemini_images.store import git
from mkdocs_gemini_images.store.store import Store


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact about the set-up; `bad` makes the command fail."""

    state: Literal["ok", "note", "bad"]
    text: str


@dataclass(frozen=True, slots=True)
class ServedModels:
    """The models that the server lists; none when it was not asked or did not list them."""

    names: Sequence[str] = ()
    failure: str = ""
    """Why the server did not list them, or empty."""
    only_no_list: bool = False
    """Whether the server has no list of models, which says nothing about drawing."""


def examine(
    settings: Settings, stock: Store, served: ServedModels, today: date
) -> Iterator[Finding]:
    """Yield the findings about versions, server, model, stock, folders and limits."""
    yield Finding("ok", f"mkdocs-gemini-images {__version__}, {', '.join(_hosts()) or 'no host'}")
    yield from _server(settings, served)
    yield from _model(settings, served, today)
    yield from _stock(settings, stock)
    yield from _old_models(stock, today)
    yield from _limits(settings)


def _hosts() -> Iterator[str]:
    for name in ("mkdocs", "properdocs", "zensical", "mkdocs-material", "Pillow", "httpx"):
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            continue


def _server(settings: Settings, served: ServedModels) -> Iterator[Finding]:
    server = settings.server
    if server.emulated:
        yield Finding("note", "the emulator draws: take base_url: emulator out for real pictures")
        return
    if server.key_problem:
        yield Finding("bad", server.key_problem)
    elif not server.key:
        yield Finding("note", f"no API key for {server.host}: set {server.key_places}")
    elif served.failure:
        yield Finding(
            "note" if served.only_no_list else "bad",
            f"{server.host} does not list its models: {served.failure}",
        )
    else:
        yield Finding(
            "ok", f"{server.host} takes the key and serves {counted(len(served.names), 'model')}"
        )


def _model(settings: Settings, served: ServedModels, today: date) -> Iterator[Finding]:
    name = settings.defaults.model
    known = catalogue.MODELS.get(name)
    if served.names and name not in served.names:
        fix = did_you_mean(name, served.names)
        yield Finding("bad", f"the server has no model '{name}': {fix}")
    elif known is None:
        yield Finding(
            "note",
            f"the model '{name}' is not in the plugin's table: its price and limits are not known",
        )
    elif known.ends:
        text = f"Google announced that it stops serving {name} on {known.ends}"
        if known.ends > today.isoformat():
            yield Finding("note", text)
        else:
            served_still = settings.server.emulated or name in served.names
            passed = f"{text}, and that day has come; choose another model"
            yield Finding("note" if served_still else "bad", passed)
    else:
        prices = settings.limits.prices_of(name, dimensions.canonical_size(settings.defaults.size))
        usd = quote(Sending(name), prices).usd if prices else 0.0
        cost = f", ${usd:.3f} a picture" if usd else ""
        yield Finding("ok", f"model {name}, size {settings.defaults.size}{cost}")


def _stock(settings: Settings, stock: Store) -> Iterator[Finding]:
    if unreachable := _error(stock.find, "0" * 64):
        yield Finding("bad", str(unreachable))
        return
    records = list(stock.records())
    damaged = [error for each in records if (error := _error(stock.read, each))]
    spent = sum(record.price or 0.0 for record in records)
    where = settings.bucket or settings.owned
    yield Finding("ok", f"{counted(len(records), 'picture')} in {where}, which cost ${spent:.2f}")
    yield from (Finding("bad", str(error)) for error in damaged)
    yield from (Finding("bad", str(lost)) for lost in stock.lost().values())
    yield from (Finding("bad", str(wrong)) for wrong in stock.faults())
    if settings.cache_refusal is not None:
        yield Finding("bad", str(settings.cache_refusal))
    if not settings.bucket:
        yield from _ignored(settings.stock)
        if (damaging := changed_line_ends(settings.stock)) is not None:
            yield Finding("bad", str(damaging))
    folders = {"the stock": settings.owned, "the cache": settings.cache}
    for name, folder in folders.items():
        place = next((each for each in (folder, *folder.parents) if each.exists()), None)
        if place is None or not _is_writable(place):
            yield Finding("bad", f"{name} in {folder} cannot be written to: nothing can be drawn")
    yield from (Finding("note", str(each)) for each in long_paths(settings))
    if (unsynced := stock.unsynced()) is not None:
        yield Finding("bad", str(unsynced))


def _is_writable(folder: Path) -> bool:
    """Return whether a file can be written into a folder; Windows tells only by writing one."""
    if os.name != "nt":
        return os.access(folder, os.W_OK)
    try:
        atomic_files.check_writable(folder / "gemini-images")
    except OSError:
        return False
    return True


def _ignored(stock: Path) -> Iterator[Finding]:
    """Yield a finding for each rule by which Git would leave out files of the stock."""
    by_rule: dict[str, list[str]] = {}
    samples = {f"{'0' * 64}{suffix}": f"*{suffix}" for suffix in (".json", ".png", ".jpg", ".webp")}
    samples[f"files/{'0' * 64}.json"] = "files/*.json"
    for name, rule in git.ignored(stock, samples).items():
        by_rule.setdefault(rule, []).append(f"{stock.name}/{samples[name]}")
    for rule, names in by_rule.items():
        text = f"Git ignores {', '.join(names)} by the rule {rule}: a clone lacks them, but a"
        fix = f"add !{stock.name}/** below that rule, and commit the files"
        yield Finding("bad", f"{text} picture needs its sidecar; {fix}")


def _error(call: Callable[..., object], *arguments: object) -> DiagnosticError | None:
    """Return the error that a call with `arguments` raises, or None."""
    try:
        call(*arguments)
    except DiagnosticError as error:
        return error
    return None


def _old_models(stock: Store, today: date) -> Iterator[Finding]:
    """Yield a note for each model that drew pictures and that the API serves no longer."""
    counts: dict[str, int] = {}
    for record in stock.records():
        known = catalogue.MODELS.get(record.model)
        if known is not None and known.ends and known.ends <= today.isoformat():
            counts[record.model] = counts.get(record.model, 0) + 1
    for name, count in counts.items():
        are = "picture is" if count == 1 else "pictures are"
        yield Finding(
            "note", f"{count} {are} by {name}, a model that Google no longer serves; they stay"
        )


def _limits(settings: Settings) -> Iterator[Finding]:
    limits = settings.limits
    if settings.frozen:
        yield Finding("note", "builds on this machine are frozen, as in CI: they draw nothing")
    if not limits.free:
        most = counted(limits.max_new, "picture")
        yield Finding("ok", f"a build draws at most {most} for at most ${limits.budget:.2f}")


def listed_models(body: Mapping[str, object]) -> list[str]:
    """Return the names in the API's list of models (API reference, "Auth, URLs").

    Google's API has `models` with `name`, a gateway like OpenAI's has `data` with `id`. What has
    neither form is left out.
    """
    listed = body.get("models") or body.get("data")
    names = []
    for each in listed if isinstance(listed, list) else []:
        name = each.get("name") or each.get("id") if isinstance(each, dict) else None
        if isinstance(name, str):
            names.append(name.removeprefix("models/"))
    return names

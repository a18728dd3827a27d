"""List what was paid, or may have been, and is not in stock, and say how to take it.

In: the journal of a site, and the temporary folders of this machine. Out: findings, one line each.
Reads only.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import counted
from mkdocs_gemini_images.generation.journal import (
    half_answers,
    laid_aside,
    names,
    temporary_answers,
)
from mkdocs_gemini_images.generation.journal.intent import command_to_adopt
from mkdocs_gemini_images.generation.journal.laid_aside import UnknownOutcome
from mkdocs_gemini_images.generation.journal.location import journal_folder
from mkdocs_gemini_images.generation.journal.unreadable_answers import unreadable_answers
from mkdocs_gemini_images.reports.doctor.diagnosis import Finding
from mkdocs_gemini_images.store.lookup import is_stocked
from mkdocs_gemini_images.store.store import Store


def lying_aside(settings: Settings, stock: Store, shown: Mapping[str, str]) -> Iterator[Finding]:
    """Yield a finding for each answer that lies aside, and for requests of unknown outcome.

    `shown` are those by which a command line addresses the pictures that pages show, by key.
    """
    journal = journal_folder(settings)
    foreign = dict[str, int]()
    unreadable = {each.path: each for each in unreadable_answers(journal, settings.root)}
    for answer in laid_aside.answers(journal):
        kept = unreadable.get(answer)
        if other := _other_stock(answer, journal, stock, shown):
            foreign[other] = foreign.get(other, 0) + 1
        elif kept is None:
            yield _of_answer(answer, journal, shown)
        elif not is_stocked(stock, kept.intent.key):
            yield Finding("note", str(kept))
    if foreign:
        text = (
            f"{counted(sum(foreign.values()), 'paid answer')} of other sites in temporary folders"
        )
        yield Finding(
            "note", f"{text}: gemini-images doctor there says more ({', '.join(foreign)})"
        )
    settled, by_key = list[UnknownOutcome](), dict[str, list[UnknownOutcome]]()
    for outcome in laid_aside.unknown_outcomes(journal):
        if is_stocked(stock, outcome.key):
            settled.append(outcome)
        else:
            by_key.setdefault(outcome.key, []).append(outcome)
    for key, outcomes in by_key.items():
        who = f"for {shown.get(key) or key[:12] + '…'}" if key else _damaged(outcomes, journal)
        text = f"{counted(len(outcomes), 'request')} {who} brought no picture"
        yield Finding(
            "note", f"{text}{_last(outcomes)}; {_cost(outcomes)}{_arrived(journal, outcomes)}"
        )
    if settled:
        text = f"{counted(len(settled), 'request')} for pictures that are in stock brought none"
        yield Finding(
            "note", f"{text}{_last(settled)}; {_cost(settled)} ({journal / names.UNKNOWN})"
        )


def _other_stock(answer: Path, journal: Path, stock: Store, shown: Mapping[str, str]) -> str:
    """Return the stock of another site to which an answer in a temporary folder belongs, or empty.

    A picture that this site shows is its own, wherever its answer was to go.
    """
    is_temporary = temporary_answers.is_temporary(answer)
    if not is_temporary or laid_aside.key_of(answer, journal) in shown:
        return ""
    if (journal / f"{answer.stem}.intent").exists():
        return ""
    try:
        home = (answer.parent / temporary_answers.STOCK).readlink()
    except OSError:  # a system without links
        return ""
    return "" if home in [each.absolute() for each in stock.folders] else str(home)


def _of_answer(answer: Path, journal: Path, shown: Mapping[str, str]) -> Finding:
    """Return what is found about one answer; one that may be another site's is a note."""
    key = laid_aside.key_of(answer, journal)
    name = shown.get(key, "")
    adopt = command_to_adopt(name, answer)
    of = f" of {name or key[:12] + '…'}" if key else ""
    if temporary_answers.is_temporary(answer):
        ours = bool(name) or (journal / f"{answer.stem}.intent").exists()
        fix = f"make room, and the next build of its site stores it; or run {adopt}"
        text = f"the paid answer{of} is in {answer}, because the disk was full: {fix}"
        return Finding("bad" if ours else "note", text)
    if answer.parent == journal:
        text = f"the paid answer{of} waits in {answer}: the next build stores it, or {adopt}"
        return Finding("note", text)
    text = f"another answer{of} is in {answer}: {adopt} stores it as another take"
    if names.is_aside(answer.parent, names.REFUSED):
        text = f"the answer{of} in {answer} is the model's refusal"
    elif names.is_aside(answer.parent, names.UNREADABLE):
        text = f"the paid answer{of} in {answer} could not be read: try {adopt}"
    elif names.is_aside(answer.parent, names.UNKNOWN):
        text = f"the answer{of} in {answer} has no picture: the request failed"
    return Finding("note", text)


def _damaged(outcomes: list[UnknownOutcome], journal: Path) -> str:
    """Return where the files of requests lie whose intents tell no key, as part of a message."""
    files = [f"{each.name}.intent" for each in outcomes]
    return f"with a damaged file in {journal / names.UNKNOWN} ({', '.join(files)})"


def _last(outcomes: list[UnknownOutcome]) -> str:
    time = max(each.time for each in outcomes)
    return f", the last one on {time[:10]}" if time else ""


def _arrived(journal: Path, outcomes: list[UnknownOutcome]) -> str:
    """Return where what arrived of their answers lies, as the end of a message."""
    halves = (half_answers.place_of(journal, each.name) for each in outcomes)
    return "".join(f"; a part of an answer is in {each}" for each in halves if each)


def _cost(outcomes: list[UnknownOutcome]) -> str:
    return f"about ${sum(each.price for each in outcomes):.2f} may have been billed"

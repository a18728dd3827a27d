"""Find what was paid, or may have been, and is not in stock.

In: the journal's folder. Out: requests of unknown outcome, and raw answers in the journal's folders
and in temporary folders.
"""

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mkdocs_gemini_images.core.diagnostics import counted
from mkdocs_gemini_images.core.files import atomic_files, held_files, regular_files
from mkdocs_gemini_images.core.untrusted_json import read_json
from mkdocs_gemini_images.generation.journal import half_answers, names, temporary_answers
from mkdocs_gemini_images.generation.journal.intent import (
    MAX_INTENT_BYTES,
    Intent,
    command_to_adopt,
    read_intent,
)
from mkdocs_gemini_images.store.record import DIGEST


@dataclass(frozen=True, slots=True)
class UnknownOutcome:
    """A request that may have been billed, and whose answer did not arrive or is lost."""

    name: str
    """The name of its entry in the journal."""
    key: str
    """The key of the request; empty where its intent is damaged."""
    price: float = 0.0
    """USD it was expected to cost."""
    time: str = ""
    earlier: bool = True
    """Whether an earlier build sent it."""


@dataclass(frozen=True, slots=True)
class WaitingAnswer:
    """A whole answer of an earlier build whose picture could not be stored."""

    path: Path
    intent: Intent
    why: str

    def __str__(self) -> str:
        """Say where the answer is, and what to do about it."""
        adopt = command_to_adopt(self.intent.id, self.path)
        fix = f"make room, and the next build stores it; or {adopt}"
        paid = f"its paid answer (about ${self.intent.price or 0.0:.2f})"
        return f"{paid} waits in {self.path} ({self.why}); {fix}"


def put_told_aside(journal: Path, entries: Iterable[str]) -> None:
    """Put the intents of requests of unknown outcome aside: their author was told of them.

    One whose file cannot be moved is told once more.
    """
    told = journal / names.UNKNOWN
    for name in entries:
        with suppress(OSError):
            regular_files.check_folder(journal, told)
            atomic_files.make_folder(told)
            half_answers.keep(journal, name, told)
            held_files.replace(journal / f"{name}.intent", told / f"{name}.intent")
            temporary_answers.forget_note(journal, name)


def unknown_outcomes(journal: Path, keys: Collection[str] | None = None) -> list[UnknownOutcome]:
    """Return the requests of unknown outcome, told or not, of some keys or of all."""
    left = [
        each
        for each in _outcomes(journal, keys)
        if not (journal / f"{each.name}.answer").exists()
        and not temporary_answers.answer_of(journal, each.name)
    ]
    told = names.folders(journal, names.UNKNOWN)
    return left + _sorted(each for folder in told for each in _outcomes(folder, keys))


def sent_before(journal: Path, keys: Collection[str]) -> dict[str, str]:
    """Return by key what earlier requests may have cost, and where their answers are."""
    if not temporary_answers.has_any(journal):
        return {}
    said: dict[str, list[str]] = {}
    by_key: dict[str, list[UnknownOutcome]] = {}
    for outcome in unknown_outcomes(journal, keys):
        by_key.setdefault(outcome.key, []).append(outcome)
    for key, found in by_key.items():
        last = f", the last one on {found[-1].time[:10]}" if found[-1].time else ""
        requests = counted(len(found), "earlier request")
        cost = f"about ${sum(each.price for each in found):.2f} may have been billed"
        said[key] = [f"{requests} brought no picture{last}; {cost} (noted in {journal})"]
        halves = (half_answers.place_of(journal, each.name) for each in found)
        said[key] += [f"a part of an answer is in {each}" for each in halves if each]
    for path in temporary_answers.all_answers():
        if (key := key_of(path, journal)) in keys:
            lies = f"an answer to it is in {path}; gemini-images adopt stores it"
            said.setdefault(key, []).append(lies)
    return {key: "; ".join(texts) for key, texts in said.items()}


def answers(journal: Path) -> list[Path]:
    """Return the raw answers of this user that are not in stock.

    They lie in the journal, and in temporary folders, where another site's may be.
    """
    nested = (
        f"{names.EARLIER[names.UNREADABLE]}/{names.EARLIER[names.ASIDE]}"  # of answers read late
    )
    patterns = ("*.answer", "*/*.answer", f"{nested}/*.answer")
    here = [path for pattern in patterns for path in journal.glob(pattern)]
    noted = (
        temporary_answers.answer_of(journal, path.stem)
        for path in journal.glob(f"*{temporary_answers.NOTE}")
    )
    temporary = {*temporary_answers.all_answers(), *filter(None, noted)}
    return [*sorted(path for path in here if temporary_answers.is_ours(path)), *sorted(temporary)]


def key_of(answer: Path, journal: Path) -> str:
    """Return the key that an answer's name, its intent or its refusal tells, or empty."""
    if key := names.key_in(answer.name):
        return key
    said = names.is_aside(answer.parent, names.REFUSED)
    for path in (answer.with_suffix(".json"),) if said else _intents(answer, journal):
        with suppress(OSError, ValueError, AttributeError):
            key = read_json(regular_files.read(path, MAX_INTENT_BYTES)).get("key")
            if DIGEST.fullmatch(str(key)) and names.may_be_of(answer.name, str(key)):
                return str(key)
    return ""


def intent_of(answer: Path, journal: Path, project: Path) -> Intent | None:
    """Return the intent of an answer, or None."""
    for path in _intents(answer, journal):
        if (found := _read_intent(path, project)) is not None:
            return found
    return None


def _intents(answer: Path, journal: Path) -> list[Path]:
    """Return where the intent of an answer may lie: beside it, in the journal, or told."""
    told = names.folders(journal, names.UNKNOWN)
    return [each / f"{answer.stem}.intent" for each in (answer.parent, journal, *told)]


def forget(journal: Path, answer: Path) -> None:
    """Remove an answer whose picture is in stock, and what the journal has of its request.

    A file that lies elsewhere is the author's own, and stays. Raises `OSError`.
    """
    if temporary_answers.is_temporary(answer):
        temporary_answers.remove(journal, answer)
    elif answer.resolve().is_relative_to(journal.resolve()):
        for ending in (".answer", ".json", ".intent"):
            held_files.remove(answer.with_suffix(ending))
    else:
        return
    if names.is_entry(answer.stem):
        for folder in (journal, *names.folders(journal, names.UNKNOWN)):
            for ending in (".intent", half_answers.ARRIVING, half_answers.KEPT):
                held_files.remove(folder / f"{answer.stem}{ending}")
        temporary_answers.forget_note(journal, answer.stem)


def _outcomes(folder: Path, keys: Collection[str] | None) -> list[UnknownOutcome]:
    """Return the intents in a folder as outcomes, the oldest first."""
    found = []
    begun = None if keys is None else {names.beginning(key) for key in keys}
    for path in folder.glob("*.intent"):
        wanted = begun is None or names.beginning(path.name) in begun
        if wanted and names.is_entry(path.stem) and temporary_answers.is_ours(path):
            intent = _read_intent(path, folder)
            price, time = (intent.price or 0.0, intent.time) if intent else (0.0, "")
            key = intent.key if intent else names.key_in(path.name)
            if keys is None or key in keys:
                found.append(UnknownOutcome(path.stem, key, price, time))
    return _sorted(found)


def _sorted(found: Iterable[UnknownOutcome]) -> list[UnknownOutcome]:
    return sorted(found, key=lambda each: (each.time, each.name))


def _read_intent(path: Path, project: Path) -> Intent | None:
    """Return the intent in a file, or None for a file that is none of ours."""
    try:
        intent, _ = read_intent(regular_files.read(path, MAX_INTENT_BYTES), path.stem, project)
    except (OSError, ValueError):
        return None
    return intent

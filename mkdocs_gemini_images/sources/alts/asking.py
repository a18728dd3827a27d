"""Ask a text model for alts: send the questions, and keep every answer before it is read.

In: questions with their small pictures. Out: the words of each, or why there are none. Effects: an
intent is durable before its question is sent, and an answer before it is parsed; the next run takes
in what a run that was killed has left. The server, key, pace and repetitions are those of drawing.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mkdocs_gemini_images.config.cache_folder import make_cache
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core import event_loop
from mkdocs_gemini_images.core.diagnostics import quoted
from mkdocs_gemini_images.core.files import regular_files
from mkdocs_gemini_images.gemini.client import Client
from mkdocs_gemini_images.gemini.endings import ENDINGS
from mkdocs_gemini_images.gemini.exchange import Exchange
from mkdocs_gemini_images.gemini.failure import Failure, RequestFailed
from mkdocs_gemini_images.gemini.rate_limiter import RateLimiter
from mkdocs_gemini_images.generation.journal.entry import JournalEntry
from mkdocs_gemini_images.generation.journal.intent import Intent
from mkdocs_gemini_images.generation.journal.journal import Journal, RefusedFile
from mkdocs_gemini_images.generation.one_buyer import one_buyer
from mkdocs_gemini_images.generation.retry_policy import RequestRetries, RetryPolicy
from mkdocs_gemini_images.generation.sending import open_client
from mkdocs_gemini_images.sources.alts.alt_proposal import read_words
from mkdocs_gemini_images.sources.alts.kept_answers import KeptAnswers, alts_folder, alts_journals
from mkdocs_gemini_images.sources.alts.question import AltQuestion, write_question
from mkdocs_gemini_images.store.record import utc_now

MAX_ANSWER_BYTES = 256 * 2**10


@dataclass(frozen=True, slots=True)
class PreparedQuestion:
    """One question, with all that its request needs."""

    key: str
    question: AltQuestion
    small: bytes
    """The picture as a small WebP."""
    price: float | None
    """USD that it is expected to cost."""


@dataclass(slots=True)
class Answers:
    """What came of questions."""

    words: dict[str, str] = field(default_factory=dict)
    """By key, hostile until they are made a proposal."""
    failures: dict[str, str] = field(default_factory=dict)
    """By key, why there is no answer."""
    unknown: int = 0
    """Questions of an earlier run that may have been billed, and whose answers are lost."""


def ask_for_alts(
    questions: Sequence[PreparedQuestion],
    settings: Settings,
    on_answer: Callable[[int], None] = lambda done: None,
) -> Answers:
    """Send questions, and return their answers.

    `on_answer` is called with the number of those that are done. Raises `OSError` where the cache
    cannot be written: nothing is asked that cannot be kept. Raises `KeyboardInterrupt`; what has
    arrived by then is kept.
    """
    make_cache(settings.cache)
    folder = alts_folder(settings)
    with one_buyer(settings.cache, folder):
        asking = _Asking(settings, KeptAnswers(folder))
        asking.take_in()
        asking.send(questions, on_answer)
    return asking.answers


class _Asking:
    """Asks the questions of one run; it holds the lock of the cache."""

    def __init__(self, settings: Settings, kept: KeptAnswers) -> None:
        self._settings = settings
        self._journals = [Journal(each, settings.root) for each in alts_journals(settings)]
        self._journal = self._journals[0]
        self._kept = kept
        self._retries = RetryPolicy(settings.retries, settings.limits.budget, settings.retries)
        self._ended: Failure | None = None
        self._trouble: OSError | None = None
        self.answers = Answers()

    def take_in(self) -> None:
        """Keep the answers that an earlier run has left in the journal. Raises `OSError`."""
        for left in (each for journal in self._journals for each in journal.left()):
            if isinstance(left, RefusedFile):
                continue
            entry, pending = left
            if pending.answer is None:
                self.answers.unknown += 1
                entry.forget()
            elif pending.proven:
                self._read(entry, pending.intent)

    def send(self, questions: Sequence[PreparedQuestion], on_answer: Callable[[int], None]) -> None:
        """Send all questions, as concurrently as the limits allow. Raises `OSError`."""
        settings, done = self._settings, 0
        limiter = RateLimiter(settings.concurrency, settings.requests_per_minute)

        async def one(client: Client, asked: PreparedQuestion) -> None:
            nonlocal done
            try:
                await self._ask_until_answered(client, limiter, asked)
            except OSError as error:  # nothing more is asked that cannot be kept
                self._trouble = self._trouble or error
                self._ended = Failure(str(error))
            done += 1
            on_answer(done)

        async def work() -> None:
            async with open_client(settings) as client:
                await asyncio.gather(*(one(client, each) for each in questions))

        def stop() -> None:
            self._ended = Failure("it was interrupted before it was asked for")

        if waiting := [each for each in questions if not self._is_known(each.key)]:
            questions = waiting
            event_loop.run(work, on_interrupt=stop)
        if self._trouble is not None:
            raise self._trouble

    def _is_known(self, key: str) -> bool:
        """Note what is kept of an earlier answer, and return whether anything is."""
        if (words := self._kept.words(key)) is not None:
            self.answers.words[key] = words
        elif refusals := [said for each in self._journals if (said := each.refusal(key))]:
            self.answers.failures[key] = refusals[0]
        return key in self.answers.words or key in self.answers.failures

    async def _ask_until_answered(
        self, client: Client, limiter: RateLimiter, asked: PreparedQuestion
    ) -> None:
        retries = RequestRetries(self._retries)
        while True:
            try:
                async with limiter.place():
                    if self._ended is not None:
                        raise RequestFailed(self._ended)
                    await self._exchange(client, asked)
            except RequestFailed as error:
                failure = error.failure
            else:
                limiter.speed_up()
                return
            retry = retries.after(failure, asked.price)
            if (
                failure.ends_build
                or failure.ends_model
                or (failure.unreachable and not retry.again)
            ):
                self._ended = self._ended or failure
            if retry.slow_down is not None:
                limiter.slow_down(retry.slow_down)
            if not retry.again:
                self.answers.failures[asked.key] = self._said(failure)
                return
            await asyncio.sleep(retry.wait)

    def _said(self, failure: Failure) -> str:
        """Return what a failure says, where the model is not the one that draws."""
        if not (failure.ends_model and failure.what.startswith(ENDINGS["model"].says)):
            return failure.what
        fix = "name another alt_model, such as gemini-3.1-flash-lite"
        return f"{ENDINGS['model'].says} as {quoted(self._settings.alt_model)}: {fix}"

    async def _exchange(self, client: Client, asked: PreparedQuestion) -> None:
        """Send one question, and keep its answer. Raises `RequestFailed` and `OSError`."""
        settings, model = self._settings, self._settings.alt_model
        request = asked.question.request(model, emulated=settings.server.emulated)
        sent = (asked.question.picture,)
        intent = Intent(asked.key, request, "", "", asked.price, utc_now(), sent)
        entry = self._journal.begin(intent)
        pieces: list[bytes] = []
        exchange = Exchange(
            "POST",
            settings.server.endpoint(model),
            "the answer",
            MAX_ANSWER_BYTES,
            write_question(asked.question, asked.small),
            {"content-type": "application/json"},
            may_bill=True,
        )
        try:
            await client.send(exchange, pieces.append)
        except RequestFailed as error:
            self._close(entry, asked.key, error.failure)
            raise
        entry.sink(pieces)
        entry.arrived()
        self._read(entry, intent)
        if asked.key in self.answers.failures:
            raise RequestFailed(Failure(self.answers.failures[asked.key], billed="yes"))

    def _read(self, entry: JournalEntry, intent: Intent) -> None:
        """Keep the words of an answer that is in the journal. Raises `OSError`."""
        raw = regular_files.read(entry.answer, MAX_ANSWER_BYTES)
        try:
            words = read_words(raw)
        except RequestFailed as error:
            self.answers.failures[intent.key] = error.failure.what
            self._close(entry, intent.key, error.failure)
            return
        self._kept.keep(intent.key, words, str(intent.request.get("model", "")))
        self.answers.words[intent.key] = words
        entry.forget()

    def _close(self, entry: JournalEntry, key: str, failure: Failure) -> None:
        """End an entry without words; what it may have cost is a fraction of a cent."""
        if failure.remembered:
            entry.close(key, failure)
        else:
            entry.forget()


def answers_kept(keys: Iterable[str], settings: Settings) -> Mapping[str, str]:
    """Return the words that are kept of earlier answers, by key; nothing is sent."""
    kept = KeptAnswers(alts_folder(settings))
    found = {key: kept.words(key) for key in keys}
    return {key: words for key, words in found.items() if words is not None}

"""Propose alts for places: from answers that are kept, and from the model where there is none.

In: the places to look at, and whether the author agrees to a price. Out: a proposal for each place,
or why there is none. Effects: those of `asking.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import counted
from mkdocs_gemini_images.generation.draw_command import NOT_AGREED
from mkdocs_gemini_images.imaging.thumbnails import thumbnails
from mkdocs_gemini_images.models.pricing.amounts import cents
from mkdocs_gemini_images.models.pricing.quote import Quote, total
from mkdocs_gemini_images.sources.alts.alt_places import AltPlace
from mkdocs_gemini_images.sources.alts.alt_proposal import AltProposal, proposal_of
from mkdocs_gemini_images.sources.alts.asking import (
    Answers,
    PreparedQuestion,
    answers_kept,
    ask_for_alts,
)
from mkdocs_gemini_images.sources.alts.price import quote_question
from mkdocs_gemini_images.store.store import Store

SMALL_SIDE = 512
"""Pixels of the longer side of the picture that is sent."""


@dataclass(frozen=True, slots=True)
class AltPlan:
    """The questions that are to be asked, and what they cost."""

    model: str
    questions: int
    quote: Quote
    is_price_known: bool
    limits_refusal: str = ""
    """Why the site's limits do not allow it, or empty."""

    @property
    def price(self) -> str:
        """What asking costs, for messages."""
        if not self.is_price_known:
            return "at a price that is not known"
        expected, most = (f"${usd:.4f}" for usd in (self.quote.usd, self.quote.usd_at_most))
        return "free" if not self.quote.at_most else f"about {expected}, at most {most}"

    @property
    def sentence(self) -> str:
        """What is about to be asked, for messages."""
        return f"{self.model} about {counted(self.questions, 'alt')}, {self.price}"


@dataclass(slots=True)
class ProposedAlts:
    """What is proposed for each place, in their order."""

    found: list[tuple[AltPlace, AltProposal]] = field(default_factory=list)
    asked: int = 0
    """How many questions were sent."""
    unknown: int = 0
    """How many questions of an earlier run may have been billed without an answer."""


class Proposer:
    """Proposes alts for one site. `refusal` says why no model may be asked, or is empty."""

    def __init__(self, settings: Settings, store: Store, refusal: str = "") -> None:
        self._settings = settings
        self._store = store
        self._refusal = refusal

    def propose(
        self,
        places: Sequence[AltPlace],
        agree: Callable[[AltPlan], bool],
        on_answer: Callable[[int], None] = lambda done: None,
    ) -> ProposedAlts:
        """Return the proposals for places. Raises `OSError` and `KeyboardInterrupt`."""
        by_key = {self._key(place): place for place in reversed(places)}
        answers = Answers(words=dict(answers_kept(by_key, self._settings)))
        lacking = [place for key, place in by_key.items() if key not in answers.words]
        result = ProposedAlts()
        if lacking and self._refusal:
            answers.failures = {self._key(place): self._refusal for place in lacking}
        elif lacking:
            plan = self._plan(lacking)
            if agree(plan):
                sent = self._ask(list(reversed(lacking)), on_answer)
                result.asked, result.unknown = len(sent.words), sent.unknown
                answers = Answers(answers.words | sent.words, sent.failures)
            else:
                answers.failures = {self._key(place): NOT_AGREED for place in lacking}
        result.found = [(place, self._proposal(place, answers)) for place in places]
        return result

    def _plan(self, places: Sequence[AltPlace]) -> AltPlan:
        settings, limits = self._settings, self._settings.limits
        quotes = [quote_question(place.question, settings.alt_model, limits) for place in places]
        asked = total(quotes)
        refusal = ""
        if None in quotes:
            refusal = f"no price is known for {settings.alt_model}"
        elif not limits.free and asked.usd_at_most + limits.spent > limits.budget:
            most = cents(asked.usd_at_most)
            refusal = f"at most ${most} is more than budget: {limits.budget:.2f}"
        elif not limits.free and limits.counted and len(places) + limits.sent > limits.max_new:
            refusal = f"{len(places)} requests are more than max_new: {limits.max_new}"
        return AltPlan(settings.alt_model, len(places), asked, None not in quotes, refusal)

    def _ask(self, places: Sequence[AltPlace], on_answer: Callable[[int], None]) -> Answers:
        small = thumbnails({place.record.key: place.record for place in places}.values(),
                           self._store, max_side=SMALL_SIDE)  # fmt: skip
        prepared, failures = list[PreparedQuestion](), dict[str, str]()
        for place in places:
            key = self._key(place)
            if (wrong := small.failures.get(place.record.key)) is not None:
                failures[key] = str(wrong)
                continue
            limits, model = self._settings.limits, self._settings.alt_model
            quoted = quote_question(place.question, model, limits)
            price = None if quoted is None else quoted.usd
            data = small.files[place.record.key]
            prepared.append(PreparedQuestion(key, place.question, data, price))
        answers = ask_for_alts(prepared, self._settings, on_answer)
        answers.failures |= failures
        return answers

    def _proposal(self, place: AltPlace, answers: Answers) -> AltProposal:
        key = self._key(place)
        if (words := answers.words.get(key)) is None:
            return AltProposal(problem=answers.failures.get(key, "it was not asked for"))
        return proposal_of(words, place.use.directive, place.use.language)

    def _key(self, place: AltPlace) -> str:
        settings = self._settings
        return place.question.key(settings.alt_model, emulated=settings.server.emulated)

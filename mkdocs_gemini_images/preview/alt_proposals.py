"""Proposes alts in the live preview, and writes the one that the author accepts.

In: an image of a snapshot, where it is shown, and the price on the button that was pressed. Out:
for each place its alt and the proposal, as JSON values; and one edited page. What is asked is held
in the session's account, as a picture that is drawn.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from mkdocs_gemini_images.build.site_image import SiteImage, Use
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.generation.tracker import Amount
from mkdocs_gemini_images.preview.panel import PanelState
from mkdocs_gemini_images.preview.press_queue import PreviewRefusal
from mkdocs_gemini_images.preview.price_text import dollars_text
from mkdocs_gemini_images.preview.snapshot import PreviewSnapshot
from mkdocs_gemini_images.sources.alts.alt_places import AltPlace, places_of_uses
from mkdocs_gemini_images.sources.alts.alt_proposal import AltProposal, mistake_of
from mkdocs_gemini_images.sources.alts.alt_proposer import AltPlan, Proposer
from mkdocs_gemini_images.sources.editing.alt_option import with_alt
from mkdocs_gemini_images.sources.editing.page_edits import PageEdits

_ROUNDING = 1e-9


class AltProposals:
    """The alts of one image, as a reader of the panel sees them.

    `source` returns the file of a page; `braces` says whether the site's Markdown reads attribute
    lists.
    """

    def __init__(
        self,
        snapshot: PreviewSnapshot,
        image: SiteImage,
        uses: Sequence[Use],
        source: Callable[[str], Path | None],
        *,
        braces: bool,
    ) -> None:
        self._snapshot = snapshot
        self._edits = PageEdits(source)
        self._braces = braces
        found = [] if image.record is None else places_of_uses(
            uses, image.record, self._edits, braces=braces
        )  # fmt: skip
        self._places = list(found)
        self._why_not = "" if self._places else "no picture is drawn yet"

    def propose(self, price: float | None) -> PanelState:
        """Return what is proposed for each place; a model is asked for at most `price` USD.

        Without a price, only what is kept is proposed, and the cost of asking is told.
        """
        snapshot, offered, held = self._snapshot, list[AltPlan](), Amount()
        settings = snapshot.settings._replace(limits=snapshot.tracker.applied_to(snapshot.limits))
        proposer = Proposer(settings, snapshot.store, snapshot.asking_refusal)

        def agree(plan: AltPlan) -> bool:
            nonlocal held
            offered.append(plan)
            if price is None or plan.limits_refusal or not plan.is_price_known:
                return False
            if plan.quote.usd > price + _ROUNDING:
                cost = f"about {dollars_text(plan.quote.usd)}"
                raise PreviewRefusal(f"it would cost {cost} now; press again if you agree")
            held = Amount() if snapshot.free else Amount(plan.questions, plan.quote.usd_at_most)
            snapshot.tracker.hold(held)
            return True

        found = proposer.propose(self._places, agree)
        if held.requests:
            share = found.asked / held.requests
            snapshot.tracker.settle(held, Amount(found.asked, offered[0].quote.usd * share))
        waiting = price is None and bool(offered)
        refusal = offered[0].limits_refusal if offered else ""
        return {
            "places": [_place(place, proposal, waiting) for place, proposal in found.found],
            "cost": _cost(offered[0]) if waiting and not refusal else None,
            "why_not": refusal or snapshot.asking_refusal or self._why_not,
        }

    def write(self, page: str, line: int, alt: str) -> str:
        """Write an alt into the directive on a line of a page, and return the page.

        Raises `PreviewRefusal` with what the author writes by hand, and `OSError`.
        """
        place = next(
            (each for each in self._places if (each.page, each.line) == (page, line)), None
        )
        if place is None:
            raise PreviewRefusal("the page has changed; reload it")
        if mistake := mistake_of(alt):
            raise PreviewRefusal(f"that cannot be written: {mistake}")
        try:
            text = self._edits.text(page, "")
            new = with_alt(text, place.use.directive, alt, braces=self._braces, line=line)
            self._edits.put(page, new)
            self._edits.write()
        except DiagnosticError as error:
            raise PreviewRefusal(str(error)) from error
        return page


def _cost(plan: AltPlan) -> PanelState:
    return {
        "usd": plan.quote.usd,
        "at_most": plan.quote.usd_at_most,
        "known": plan.is_price_known,
        "requests": plan.questions,
    }


def _place(place: AltPlace, proposal: AltProposal, waiting: bool) -> PanelState:
    is_open = waiting and bool(proposal.problem)
    return {
        "page": place.page,
        "line": place.line or 0,
        "heading": place.question.section.heading,
        "is": place.use.directive.alt,
        "proposed": None if proposal.problem else proposal.alt,
        "problem": "" if is_open else proposal.problem,
    }

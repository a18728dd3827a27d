"""Survey the images of all builds of one store: what a build would do, a row for each image."""

from mkdocs_gemini_images.build.whole_site.site_group import SiteGroup
from mkdocs_gemini_images.reports.survey import Survey, merge_rows, sort_rows
from mkdocs_gemini_images.reports.survey_rows import build_rows, orphan_row
from mkdocs_gemini_images.requests.planning import refusal_by_limits, requests_by_key
from mkdocs_gemini_images.store import reachability


def survey_of(group: SiteGroup) -> Survey:
    """Return what builds would do, as the store is now."""
    plans = [(status.build.settings, status.plan()) for status, _ in group.statuses]
    refusals = [status.refusal_reason for status, _ in group.statuses]
    for settings, _ in plans:
        # The languages of one site are built by one command, which has one set of limits.
        together = requests_by_key(planned for other, planned in plans if other == settings)
        refusals.append(refusal_by_limits(together.values(), settings.limits))
    needs = requests_by_key(planned for _, planned in plans)
    records = list(group.store.records())
    takes = reachability.takes_by_family(records)
    found = [
        row for status, locate in group.statuses for row in build_rows(status, locate, needs, takes)
    ]
    found += [orphan_row(record) for record in group.orphans()]
    spent = sum(record.price or 0.0 for record in records)
    quoted = sum(record.quoted.get("expected", record.price or 0.0) for record in records)
    refusal = next((why for why in refusals if why), "")
    emulated = group.settings.server.emulated
    return Survey(sort_rows(merge_rows(found)), refusal, spent, emulated, quoted)

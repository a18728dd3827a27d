"""Write a plan for a person to approve, and read the one that was approved.

In: a dry run of the site's build, or a file, which may be a stranger's. Out: the file, or an
`ApprovedPlan`.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs_gemini_images.cli.conventions import click_errors, say

if TYPE_CHECKING:
    from mkdocs_gemini_images.build.whole_site.site_group import SiteGroup
    from mkdocs_gemini_images.requests.approved_plan import ApprovedPlan


def write_plan(group: "SiteGroup", file: Path) -> None:
    """Write what builds would draw into a file. Raises `click.ClickException`."""
    from mkdocs_gemini_images.core.files import atomic_files
    from mkdocs_gemini_images.requests.approved_plan import ApprovedPlan, approvable, plan_text
    from mkdocs_gemini_images.requests.planning import requests_by_key
    from mkdocs_gemini_images.store.git import revision
    from mkdocs_gemini_images.store.record import utc_now

    settings = group.settings
    needs = requests_by_key(status.plan() for status, _ in group.statuses)
    server = settings.server.base_url
    plan = ApprovedPlan(
        approvable(needs.values(), server),
        server,
        settings.limits.max_new,
        settings.limits.budget,
        revision(settings.root),
    )
    with click_errors():
        atomic_files.write(file, plan_text(plan, utc_now()).encode())


def read_plan_file(file: Path) -> "ApprovedPlan":
    """Return the plan in a file. Raises `click.ClickException`."""
    from mkdocs_gemini_images.core.files import regular_files
    from mkdocs_gemini_images.requests.approved_plan import MAX_PLAN_BYTES, read_plan

    with click_errors():
        return read_plan(regular_files.read(file, MAX_PLAN_BYTES, follow=True), file.name)


def say_revision(plan: "ApprovedPlan", root: Path) -> None:
    """Say that a plan was made of another commit; its requests are what counts."""
    from mkdocs_gemini_images.store.git import revision

    now = revision(root)
    if plan.revision and now and now != plan.revision:
        say(f"the plan was made of commit {plan.revision[:12]}, and this is {now[:12]}", err=True)


def say_differences(otherwise: tuple[str, ...]) -> None:
    """Say what keeps an approved plan from being drawn."""
    for each in otherwise:
        say(f"not as approved: {each}", err=True)
    say("nothing is drawn: gemini-images plan --out writes a new plan to approve", err=True)

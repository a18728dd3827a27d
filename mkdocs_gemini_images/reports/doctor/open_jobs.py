"""List the batch jobs that are under way, for a person who looks a site's set-up over.

In: the journal of a site. Out: findings, one line each. Reads only; no server is asked.
"""

from collections.abc import Iterator

from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import counted
from mkdocs_gemini_images.generation.batch.awaited import read_awaited
from mkdocs_gemini_images.generation.batch.batch_job import since
from mkdocs_gemini_images.generation.batch.jobs_folder import JobsFolder, OpenJob
from mkdocs_gemini_images.generation.journal.location import journal_folder
from mkdocs_gemini_images.reports.doctor.diagnosis import Finding


def open_jobs(settings: Settings) -> Iterator[Finding]:
    """Yield a finding for each batch job, for what waits for one, and for damaged records."""
    awaited = read_awaited(JobsFolder(journal_folder(settings), settings.root))
    for each in awaited.jobs:
        yield _of_job(each, settings)
    if awaited.later:
        count = counted(len(awaited.later), "request")
        wait = "waits" if len(awaited.later) == 1 else "wait"
        fix = "gemini-images draw orders them when those have come"
        yield Finding("note", f"{count} in batch {wait} for pictures of the jobs above: {fix}")
    for refused in awaited.refused:
        said = f"{refused.name} in the journal is no record of a batch job ({refused.found})"
        yield Finding("bad", f"{said}; look whether its job is paid for, then delete its folder")


def _of_job(found: OpenJob, settings: Settings) -> Finding:
    job = found.job
    pictures = counted(len(job.items), "picture")
    are = "is" if len(job.items) == 1 else "are"
    called = f"job {job.name}, {job.batch}" if job.batch else f"job {job.name}"
    said = f"{pictures} {are} being drawn in batch since {since(job.time)} ({called})"
    said += f" for about ${job.price:.2f}"
    if job.server != settings.server.url:
        return Finding("note", f"{said}, by {job.server}: only a build with that server collects")
    if not found.proven:
        return Finding("note", f"{said}, ordered on another machine: gemini-images draw collects")
    if not job.batch:
        return Finding(
            "note", f"{said}; its order got no reply, and gemini-images draw looks again"
        )
    return Finding("note", f"{said}; gemini-images draw collects")

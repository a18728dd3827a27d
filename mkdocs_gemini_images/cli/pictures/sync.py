"""`gemini-images sync`: collect batch jobs, and put what waits on this machine into the bucket.

In: a dry run of the site's build, the batch jobs of its journal, and a stock in a bucket with the
local copies that an earlier command could not upload. Out: pictures in stock and in the bucket, and
lines that count them. Nothing is ordered.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mkdocs_gemini_images.cli.conventions import click_errors, config_file_option, say
from mkdocs_gemini_images.core.diagnostics import counted

if TYPE_CHECKING:
    from mkdocs_gemini_images.build.whole_site.site_group import SiteGroup


@click.command("sync")
@config_file_option
def sync_command(config_file: tuple[Path, ...]) -> None:
    """Collect batch jobs, and upload waiting pictures to the bucket.

    Buys nothing. Exits with 1 when some pictures still wait for the bucket.
    """
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.generation.draw_command import DryRun
    from mkdocs_gemini_images.store.buckets.bucket import BucketStore, open_bucket

    group = host_build.build(config_file, DryRun()).group
    stock = group.store
    if group.settings.cache_refusal is not None:  # what waits is in it
        raise click.ClickException(str(group.settings.cache_refusal))
    has_jobs = _collect(group)
    if group.settings.reads_public:  # what waits here waits for the bucket itself
        with click_errors():
            stock = open_bucket(group.settings.bucket, group.settings.cache, os.environ)
    if not isinstance(stock, BucketStore):
        if has_jobs:
            return
        said = "the stock is a folder: commit it; sync is for a bucket such as s3://BUCKET"
        raise click.ClickException(said)
    done = stock.sync()
    first = f"{done.yielded} stored first by another machine"
    say(f"{done.pushed} stored, {first}, {done.waiting} waiting")
    if done.trouble is not None:
        raise click.ClickException(str(done.trouble))


def _collect(group: "SiteGroup") -> bool:
    """Collect the batch jobs that have ended; return whether there were jobs at all."""
    from mkdocs_gemini_images.generation.batch.batch_job import since

    generator = group.statuses[0][0].build.tools.generator
    if not generator.has_batches or not generator.batch.awaited:
        return False
    server = group.settings.server
    if not server.key:
        said = f"there are batch jobs to collect, and no API key: set {server.key_places}"
        raise click.ClickException(said)
    generator.recover(may_draw=True)
    result, awaited = generator.result, generator.batch.awaited
    say(f"{counted(len(result.collected), 'picture')} collected from batch jobs")
    for text in [*result.batch_notes, *result.reasons.values()]:
        say(text)
    for each in awaited.jobs:
        say(f"{counted(len(each.job.items), 'picture')} being drawn since {since(each.job.time)}")
    if awaited.later:
        say(f"{counted(len(awaited.later), 'request')} to be ordered next, by gemini-images draw")
    return True

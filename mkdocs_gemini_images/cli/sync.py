"""`gemini-images sync`: put the pictures that wait on this machine into the bucket.

In: a stock in a bucket, and the local copies that an earlier command could not upload. Out: those
pictures in the bucket, and a line that counts them.
"""

from pathlib import Path

import click

from mkdocs_gemini_images.cli.conventions import config_file_option, say


@click.command("sync")
@config_file_option
def sync_command(config_file: tuple[Path, ...]) -> None:
    """Put pictures that wait on this machine into the bucket.

    Only for a stock in a bucket. Exits with 1 when some still wait.
    """
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.generation.command import DryRun
    from mkdocs_gemini_images.store.bucket import BucketStore

    group = host_build.build(config_file, DryRun()).group
    stock = group.store
    if not isinstance(stock, BucketStore):
        said = "the stock is a folder: commit it; sync is for a bucket such as s3://BUCKET"
        raise click.ClickException(said)
    if group.settings.cache_refusal is not None:  # what waits is in it
        raise click.ClickException(str(group.settings.cache_refusal))
    done = stock.sync()
    say(f"{done.pushed} pushed, {done.yielded} yielded to another's, {done.waiting} waiting")
    if done.trouble is not None:
        raise click.ClickException(str(done.trouble))

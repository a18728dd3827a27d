"""`gemini-images doctor`: whether a site's set-up is in order.

In: a dry run of the site's build, and the server's list of models, whose request is free. Out: a
line for each finding, and an exit code. Writes nothing.
"""

import sys
from itertools import chain
from pathlib import Path

import click

from mkdocs_gemini_images.cli.conventions import config_file_option, say
from mkdocs_gemini_images.core.garbage_collection import rare_collections


@click.command("doctor")
@config_file_option
@rare_collections()
def doctor_command(config_file: tuple[Path, ...]) -> None:
    """Check the set-up.

    Checks key, server, model, stock, write access and versions, and asks the server for its list
    of models, which is free. Lists open batch jobs, and what was or may have been paid and is not
    in stock. Exits with 1 when something is wrong.
    """
    from datetime import UTC, datetime

    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.gemini.failure import RequestFailed
    from mkdocs_gemini_images.gemini.served_models import NoModelList, list_models
    from mkdocs_gemini_images.generation.draw_command import DryRun
    from mkdocs_gemini_images.reports.doctor.diagnosis import ServedModels, examine, listed_models
    from mkdocs_gemini_images.reports.doctor.lying_aside import lying_aside
    from mkdocs_gemini_images.reports.doctor.open_jobs import open_jobs

    build = host_build.build(config_file, DryRun()).group
    server = build.settings.server
    served = ServedModels()
    if server.key and not server.emulated:
        try:
            served = ServedModels(listed_models(list_models(server)))
        except NoModelList as error:
            served = ServedModels(failure=error.failure.what, only_no_list=True)
        except RequestFailed as error:
            served = ServedModels(failure=error.failure.what)
    bad = False
    marks = {"ok": "ok  ", "note": "note", "bad": "BAD "}
    names = {
        key: image.address
        for status, _ in build.statuses
        for (key, _), image in status.named_images()
    }
    findings = examine(build.settings, build.store, served, datetime.now(UTC).date())
    aside = lying_aside(build.settings, build.store, names)
    for finding in chain(findings, open_jobs(build.settings), aside):
        say(f"{marks[finding.state]}  {finding.text}")
        bad = bad or finding.state == "bad"
    sys.exit(1 if bad else 0)

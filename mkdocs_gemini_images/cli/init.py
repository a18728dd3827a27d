"""`gemini-images init`: set a site up.

In: the texts of a project's files, and an answer at the terminal. Out: a diff, and with consent the
files, all of them or none. The configuration is not loaded, and nothing is drawn.
"""

import shlex
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mkdocs_gemini_images.cli.conventions import (
    click_errors,
    config_file_option,
    require_one_configuration,
    say,
    shown_from,
)

if TYPE_CHECKING:
    from mkdocs_gemini_images.hosts.setup.setup_proposal import SetupProposal


@click.command("init")
@click.option("-y", "--yes", is_flag=True, help="Do not ask: write the changes.")
@config_file_option
def init_command(yes: bool, config_file: tuple[Path, ...]) -> None:
    """Set a site up.

    Shows its changes as a diff, and asks before it writes: the plugin in mkdocs.yml, or the
    Markdown extension for Zensical; what pages need; an example page; a line of .gitattributes.
    Comments and order stay. A second init changes nothing. Costs nothing.

    \b
    gemini-images init
    gemini-images init --yes
    """
    from mkdocs_gemini_images.core.diagnostics import DiagnosticError
    from mkdocs_gemini_images.hosts.setup.file_changes import (
        check_writable,
        diff_lines,
        write_changes,
    )
    from mkdocs_gemini_images.hosts.setup.setup_proposal import propose_setup

    require_one_configuration(config_file)
    config = config_file[0] if config_file else _configuration()
    with click_errors():
        try:
            proposal = propose_setup(config, emulated=find_spec("starlette") is not None)
        except DiagnosticError as error:
            for diagnostic in error.diagnostics[:-1]:
                say(f"Error: {diagnostic}", err=True)
            raise DiagnosticError(error.diagnostics[-1]) from error
        for place in proposal.by_hand:
            say(
                f"{place}: add mkdocs-gemini-images there by hand, so that it is installed as well",
                err=True,
            )
        if not proposal.changes:
            say(f"{config} is set up: nothing to change")
            return
        for line in diff_lines(proposal.changes, Path.cwd()):
            say(line)
        if not (yes or _agreed()):
            sys.exit(1)
        check_writable(proposal.changes, proposal.top)
        write_changes(proposal.changes)
    written = [shown_from(each.path, Path.cwd()) for each in proposal.changes]
    say(f"wrote {', '.join(written)}", err=True)
    for line in _next_steps(config, proposal):
        say(line, err=True)


def _configuration() -> Path:
    """Return the configuration in this folder. Raises `click.ClickException` without one."""
    from mkdocs_gemini_images.hosts.host_choice import MKDOCS_FILES, configuration_in

    file, note = configuration_in(Path())
    if note:
        say(note, err=True)
    if file is None:  # MkDocs finds it by itself
        file = next((Path(name) for name in MKDOCS_FILES if Path(name).is_file()), None)
    if file is None:
        new = "zensical new ." if find_spec("mkdocs") is None else "mkdocs new ."
        raise click.ClickException(
            f"no mkdocs.yml, properdocs.yml or zensical.toml is here: make a site with {new}, then "
            "run gemini-images init once more, or name a configuration with -f"
        )
    return file


def _agreed() -> bool:
    """Return whether the person at the terminal wants the changes; false without a terminal."""
    if not sys.stdin.isatty():
        say("nothing is written, since there is no terminal to ask on: add --yes", err=True)
        return False
    agreed = click.confirm("Write these changes?", default=False, err=True)
    if not agreed:
        say("nothing is written", err=True)
    return agreed


def _next_steps(config: Path, proposal: "SetupProposal") -> list[str]:
    """Return what an author does next, up to a site that CI builds."""
    from mkdocs_gemini_images.hosts.host_choice import MKDOCS_FILES, TOML
    from mkdocs_gemini_images.hosts.setup.installers import PACKAGE

    host = "properdocs" if config.name.startswith("properdocs") else "mkdocs"
    serve = "gemini-images serve" if proposal.zensical else f"{host} serve"
    draw, check = "gemini-images draw", "gemini-images check"
    if config.name not in (*MKDOCS_FILES, TOML) or config.absolute().parent != Path.cwd():
        named = f" -f {shlex.quote(str(config))}"
        serve, draw, check = (f"{each}{named}" for each in (serve, draw, check))
    steps = [f"next: {serve} shows {proposal.page or 'the site'}"]
    if proposal.emulated:
        steps[0] += ", with stand-ins that cost nothing"
    if proposal.listing:
        steps.append(f"{proposal.listing} lists the site's pages: add {proposal.page} there")
    if not proposal.is_new:
        return steps
    if proposal.page:
        steps.append(f"delete {proposal.page} before you draw, or its pictures are bought as well")
    if not proposal.zensical and find_spec("zensical") is not None:
        steps.append(f"{config.name} is set up for {host}; to build it with Zensical as well, add")
        steps.append("what the manual's page MkDocs, ProperDocs, Zensical shows")
    if proposal.emulated:
        steps.append(f"for real pictures: take base_url: emulator out of {config.name},")
        steps.append(f"put a key of the Gemini API into GEMINI_API_KEY, then {draw}")
    else:
        steps.append("with a key of the Gemini API in GEMINI_API_KEY,")
        steps.append(f"{draw} and a build then cost money; without a key, install")
        steps.append(f"{PACKAGE}[emulator] and write base_url: emulator, which costs nothing")
    steps.append(f"then commit the folder gemini-images; CI needs no key, and runs {check}")
    steps.append(
        "before the build; jobs for GitHub and GitLab: the manual's page CI and publishing"
    )
    return steps

"""`gemini-images serve`: the site in its host's live preview, with the panel.

In: the site's configuration, and an address. Out: the host's own server, until Ctrl-C. MkDocs and
ProperDocs load the panel with the plugin; Zensical runs behind it.
"""

import runpy
import sys
from importlib.util import find_spec
from pathlib import Path

import click

from mkdocs_gemini_images.cli.conventions import click_errors, say


@click.command("serve")
@click.option(
    "-f", "--config-file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="The site's mkdocs.yml or zensical.toml; without it, the one in this folder.",
)  # fmt: skip
@click.option("-a", "--dev-addr", default="", metavar="HOST:PORT",
              help="Where to listen; without it, where the configuration says.")  # fmt: skip
def serve_command(config_file: Path | None, dev_addr: str) -> None:
    """Show the site while you write, with a panel that draws.

    Runs zensical serve or mkdocs serve, whichever the site has. A picture that is missing is a
    placeholder, and a mistake a box. Nothing is bought before you press Draw.
    """
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.hosts.host_choice import configuration_in, is_zensicals

    file, note = (config_file, "") if config_file else configuration_in(Path())
    if note:
        say(note, err=True)
    if file is None or not is_zensicals(file):
        _serve_with_mkdocs(file, dev_addr)
        return
    from mkdocs_gemini_images.hosts.zensical.serving import serve_site

    with host_build.shown_logs(), click_errors():
        serve_site(file, dev_addr, host_build.log)


def _serve_with_mkdocs(file: Path | None, address: str) -> None:
    """Run the host's own command in this process, as if it had been typed."""
    names = ["properdocs", "mkdocs"]
    is_properdocs = file is not None and file.name.startswith("properdocs")
    host = next((each for each in names[not is_properdocs :] if find_spec(each)), "properdocs")
    if find_spec(host) is None:
        raise click.ClickException("neither MkDocs nor ProperDocs is installed")
    options = [*(["-f", str(file)] if file else []), *(["-a", address] if address else [])]
    sys.argv = [host, "serve", *options]
    runpy.run_module(host, run_name="__main__", alter_sys=True)

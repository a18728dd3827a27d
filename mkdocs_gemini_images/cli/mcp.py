"""`gemini-images mcp`: the commands as tools of an assistant.

In: the site's configuration, and a client on the standard input and output. Out: a server that runs
until the client ends the connection. Needs the packages of the extra `mcp`.
"""

from pathlib import Path

import click


@click.command("mcp")
@click.option(
    "-f", "--config-file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="The site's mkdocs.yml or zensical.toml; without it, the one in this folder.",
)  # fmt: skip
def mcp_command(config_file: Path | None) -> None:
    """Serve an assistant's tools over the Model Context Protocol.

    The assistant starts this command, looks at the site, proposes pictures, and draws within
    max_new and budget, which hold for the whole run. Beyond them, a tool names the command that a
    person can run.
    """
    try:
        from mkdocs_gemini_images.cli.mcp_server.tool_server import serve_tools
    except ImportError as error:
        needed = "pip install 'mkdocs-gemini-images[mcp]'"
        raise click.ClickException(f"mcp needs {needed} ({error})") from error
    serve_tools(None if config_file is None else config_file.absolute())

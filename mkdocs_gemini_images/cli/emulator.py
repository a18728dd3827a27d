"""`gemini-images emulator`: serve a stand-in for Gemini's image API on this machine.

In: a port, and how the server is to answer. Out: a server that runs until it is interrupted, or the
list of its scenarios. Needs the packages of the extra `emulator`, and no site.
"""

import click

from mkdocs_gemini_images.cli.conventions import NumberUpTo


@click.command("emulator")
@click.option("--port", default=8787, show_default=True, type=NumberUpTo(0, 65_535),
              help="The port to listen on; 0 takes any free one.")  # fmt: skip
@click.option("--gateway", is_flag=True, help="Answer like a Bearer gateway, not like Google.")
@click.option("--scenario", multiple=True, metavar="NAME[*N]",
              help="Answer the next N requests like this; see --scenarios.")  # fmt: skip
@click.option(
    "--latency",
    default=0.0,
    type=NumberUpTo(0, 3600, fraction=True),
    metavar="SECONDS",
    help="Wait this long before each answer.",
)
@click.option(
    "--batch-delay",
    default=0.0,
    type=NumberUpTo(0, 172_800, fraction=True),
    metavar="SECONDS",
    help="Let a batch job run this long; without it, a job is done when first asked for.",
)
@click.option("--no-files", is_flag=True, help="Answer like a gateway without the Files API.")
@click.option("--scenarios", "listing", is_flag=True, help="List the scenarios.")
def emulator_command(
    port: int,
    gateway: bool,
    scenario: tuple[str, ...],
    latency: float,
    batch_delay: float,
    no_files: bool,
    listing: bool,
) -> None:
    """Serve a stand-in for Gemini's image API on this machine.

    Needs no key, costs nothing. A site is pointed at it with base_url: http://127.0.0.1:8787; a
    site that only wants stand-in drawings writes base_url: emulator and needs no server.

    \b
    gemini-images emulator --scenario 'overloaded*2' --scenario ok
    """
    try:
        from mkdocs_gemini_images.emulator.app import create_app
        from mkdocs_gemini_images.emulator.batches.batch import Clock
        from mkdocs_gemini_images.emulator.batches.job_scenarios import BATCH_SCENARIOS
        from mkdocs_gemini_images.emulator.http_server import serve_until_interrupted
        from mkdocs_gemini_images.emulator.scenarios import SCENARIOS

        if listing:
            described = [(name, each.description) for name, each in SCENARIOS.items()]
            described += [(name, each.description) for name, each in BATCH_SCENARIOS.items()]
            for name, description in described:
                click.echo(f"{name:24} {description}")
            return
        app = create_app(
            gateway=gateway,
            scenario=scenario,
            latency=latency,
            clock=Clock(seconds=batch_delay),
            files=not no_files,
        )
        serve_until_interrupted(app, port=port)
    except ImportError as error:
        needed = "pip install 'mkdocs-gemini-images[emulator]'"
        raise click.ClickException(f"the emulator needs {needed} ({error})") from error
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        fix = "write another, or --port 0 for any free one"
        raise click.ClickException(
            f"port {port} cannot be used ({error.strerror}): {fix}"
        ) from error

"""The click group `gemini-images` and its commands, in the order in which an author uses them.

In: the arguments of the process. Out: the command that they name, or a usage error.
"""

from typing import Any

import click

from mkdocs_gemini_images import __version__
from mkdocs_gemini_images.cli.conventions import click_errors, print_any_text
from mkdocs_gemini_images.cli.emulator import emulator_command
from mkdocs_gemini_images.cli.init import init_command
from mkdocs_gemini_images.cli.mcp import mcp_command
from mkdocs_gemini_images.cli.pages.alt import alt_command
from mkdocs_gemini_images.cli.pages.eject import eject_command
from mkdocs_gemini_images.cli.pages.pick import pick_command
from mkdocs_gemini_images.cli.pictures.adopt import accept_command, adopt_command
from mkdocs_gemini_images.cli.pictures.draw import draw_command
from mkdocs_gemini_images.cli.pictures.prune import prune_command
from mkdocs_gemini_images.cli.pictures.sync import sync_command
from mkdocs_gemini_images.cli.reports.check import check_command
from mkdocs_gemini_images.cli.reports.costs import costs_command
from mkdocs_gemini_images.cli.reports.doctor import doctor_command
from mkdocs_gemini_images.cli.reports.gallery import gallery_command
from mkdocs_gemini_images.cli.reports.plan import plan_command
from mkdocs_gemini_images.cli.reports.review import review_command
from mkdocs_gemini_images.cli.serve import serve_command
from mkdocs_gemini_images.core.diagnostics import did_you_mean, quoted, single_line


class OrderedGroup(click.Group):
    """A group that lists its commands as they were added, and suggests one for a misspelt name."""

    def main(self, *args: Any, **options: Any) -> Any:
        """Run a command whose output is UTF-8 on every system, but for a terminal of its own."""
        print_any_text()
        return super().main(*args, **options)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which the commands were added."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command named by the first argument; suggest one where none has that name."""
        name = args[0]
        if name not in self.commands and not name.startswith("-") and not ctx.resilient_parsing:
            fix = did_you_mean(name, self.commands)
            raise click.UsageError(f"expected a command, got {quoted(name)}: {fix}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; the message that ends it is printed on one line, whatever it quotes."""
        try:
            with click_errors():
                return super().invoke(ctx)
        except click.UsageError:
            raise  # click's own words, and the arguments of this very command
        except click.ClickException as error:
            raise click.ClickException(single_line(error.message)) from error


@click.group(
    cls=OrderedGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="gemini-images")
def main() -> None:
    """Pictures described in Markdown, drawn once with Gemini, kept with the site.

    Every command but init and emulator runs a build of the site to find its pictures, so run it
    where `mkdocs build` works. Only draw spends money; alt spends a fraction of a cent a question.

    \b
    gemini-images init                    set a site up
    gemini-images plan                    what would be drawn, and what it costs
    gemini-images draw                    draw what is missing
    gemini-images draw fox --takes 3      three drawings of one picture
    gemini-images pick fox 2              show the second
    """


for _command in (
    init_command,
    plan_command,
    draw_command,
    check_command,
    review_command,
    pick_command,
    alt_command,
    adopt_command,
    accept_command,
    gallery_command,
    costs_command,
    prune_command,
    eject_command,
    doctor_command,
    sync_command,
    serve_command,
    mcp_command,
    emulator_command,
):
    main.add_command(_command)

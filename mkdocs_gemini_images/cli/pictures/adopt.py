"""`gemini-images adopt` and `accept`: make a picture that is there the one of today's request.

In: names of pictures, a file for `adopt`, and a dry run of the site's build. Out: new pairs of
files in the stock, and a line for each. Neither command sends anything.
"""

from pathlib import Path

import click

from mkdocs_gemini_images.cli.completion import complete_names
from mkdocs_gemini_images.cli.conventions import click_errors, config_file_option, request_of, say
from mkdocs_gemini_images.config.limits import MAX_TAKES


@click.command("adopt")
@click.argument("name", metavar="ID|FILE|PAGE", shell_complete=complete_names)
@click.argument("picture", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@config_file_option
def adopt_command(name: str, picture: Path, config_file: tuple[Path, ...]) -> None:
    """Put a picture that you have into the stock.

    It becomes the picture of one directive. It is a PNG, JPEG or WebP from any source, or a paid
    answer that was set aside (a file .answer), which doctor lists. Costs nothing.

    \b
    gemini-images adopt fox ~/fox.png
    gemini-images adopt fox /tmp/gemini-images-3f9a1c0b7d2e-x1/3f9a1c....answer
    """
    from mkdocs_gemini_images.build.whole_site.adoption import adopt_answer, adopt_picture
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.generation.draw_command import DryRun

    build = host_build.build(config_file, DryRun()).group
    with click_errors():
        image = build.find_image(name)
        key, request = request_of(build, image)
        if picture.suffix == ".answer":
            takes = (image.request._replace(take=take) for take in range(1, MAX_TAKES + 1))
            keys = {key, *(request_of(build, image, take)[0] for take in takes)}
            file = picture.absolute()
            record = adopt_answer(image, key, request, file, keys, build.settings, build.store)
        else:
            record = adopt_picture(image, key, request, picture.read_bytes(), build.store)
    say(f"adopted {picture} as {build.store.path(record).name}")


@click.command("accept")
@click.argument("names", nargs=-1, metavar="[ID|FILE|PAGE]...", shell_complete=complete_names)
@config_file_option
def accept_command(names: tuple[str, ...], config_file: tuple[Path, ...]) -> None:
    """Keep pictures that have drifted.

    They become the pictures of the current requests, with all their takes. Without a name, the
    command accepts all pictures. Costs nothing.
    """
    from mkdocs_gemini_images.build.whole_site.adoption import accept_drifted
    from mkdocs_gemini_images.build.whole_site.image_lookup import drifted_of
    from mkdocs_gemini_images.cli import host_build
    from mkdocs_gemini_images.generation.draw_command import DryRun

    build = host_build.build(config_file, DryRun()).group
    with click_errors():
        named = [build.find_image(name) for name in dict.fromkeys(names)]
    lights = named or [image for image in build.images if image.light is None]
    nothing = True
    for light in lights:
        drifted = [*drifted_of(build.images, light), *build.spare_takes(light)]
        # The refusal of one that is named and has not drifted says that nothing is to be done.
        for image in drifted or (named and [light]):
            with click_errors():
                request = request_of(build, light, image.request)
                record = accept_drifted(image, *request, build.store)
            spare = image.light is None and image.request.take != light.request.take
            name = build.store.path(record).name
            say(f"accepted {name}" + (f", take {image.request.take}" if spare else ""))
            nothing = False
    if nothing:
        say("nothing has drifted")

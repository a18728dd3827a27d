"""`python -m mkdocs_gemini_images`, the same as `gemini-images`."""

from mkdocs_gemini_images.cli.main import main

main(prog_name="gemini-images")

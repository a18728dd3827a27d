"""The commands that change pages of the site: pick, alt, eject."""

"""Measures this plugin against its peers, on this machine, in one run (`make bench`)."""

"""Moderate numbers of examples, and no deadline for a busy machine."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "rooms",
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("rooms")

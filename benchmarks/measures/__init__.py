"""The measures, one function each, in the order of the results."""

from collections.abc import Callable

from benchmarks.bench import Bench
from benchmarks.figure import Figure
from benchmarks.measures.drawing import cold, durable
from benchmarks.measures.encoding import encoding
from benchmarks.measures.growth import growth
from benchmarks.measures.idle import idle, startup
from benchmarks.measures.memory import large, memory
from benchmarks.measures.pages import pages
from benchmarks.measures.planning import planning
from benchmarks.measures.preview import preview, saving
from benchmarks.measures.repeats import distinct, reencoding
from benchmarks.measures.review import review
from benchmarks.measures.warm import crowded, warm

MEASURES: dict[str, Callable[[Bench], Figure]] = {
    "idle": idle,
    "startup": startup,
    "warm": warm,
    "crowded": crowded,
    "cold": cold,
    "durable": durable,
    "distinct": distinct,
    "memory": memory,
    "large": large,
    "encoding": encoding,
    "reencoding": reencoding,
    "preview": preview,
    "saving": saving,
    "planning": planning,
    "pages": pages,
    "growth": growth,
    "review": review,
}

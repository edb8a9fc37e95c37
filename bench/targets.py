"""What the product is meant to reach, as figures of a run, and whether they are reached."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bench.measuring import Result
from bench.pages import CONNECTIONS

MILLION, BASE = 1_000_000, 10_000
Figures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Target:
    """A bound of one figure: it must be reached, and better is better up to `stretch`."""

    what: str
    figure: str
    must: float
    stretch: float
    is_most: bool = False

    def met(self, value: float) -> str:
        """Tell how far a value reaches."""
        for name, bound in (("stretch", self.stretch), ("must", self.must)):
            if value <= bound if self.is_most else value >= bound:
                return name
        return "no"


TARGETS = (
    Target("question, made anew", "ratio", 0.7, 0.9),
    Target("question, kept", "ratio", 3, 4),
    Target("question, kept", "cpu_ms", 1, 1, is_most=True),
    Target("question, signed in", "ratio", 0.6, 0.8),
    Target("list, made anew", "ratio", 0.85, 1),
    Target("list, kept", "ratio", 4, 6),
    Target("tag, made anew", "ratio", 0.85, 1),
    Target("tag, kept", "ratio", 4, 6),
    Target("search, new words", "ratio", 0.5, 0.8),
    Target("vote", "per_second", 350, 550),
    Target("vote", "p99_ms", 60, 60, is_most=True),
    Target("vote", "errors", 0, 0, is_most=True),
    Target("answer", "per_second", 100, 300),
    Target("answer", "p99_ms", 150, 150, is_most=True),
    Target("answer", "errors", 0, 0, is_most=True),
    Target("page of a question", "kilobytes", 30, 22, is_most=True),
    Target("page of a question", "kilobytes_compressed", 8, 6, is_most=True),
    Target("server", "memory_megabytes", 220, 180, is_most=True),
    Target("server", "first_page_seconds", 1.5, 0.8, is_most=True),
    Target("import", "posts_per_second", 2000, 5000),
)
"""The targets of the site of 10,000 questions, on two cores; ratios on `CONNECTIONS` connections."""
GROWTH = Target("", "growth", 1.5, 1.2, is_most=True)
"""What any page may cost on the largest site, by what it costs on the smallest from `BASE` on."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A target with what was measured."""

    target: Target
    value: float

    @property
    def met(self) -> str:
        """How far it reaches: stretch, must or no."""
        return self.target.met(self.value)


def verdicts(results: Iterable[Result], figures: Mapping[str, float]) -> list[Verdict]:
    """Compare a site's results, and its figures by "what: figure", with those targets that it has."""
    known = dict(figures)
    for result in results:
        if result.connections in {CONNECTIONS, 4}:
            for name in ("ratio", "cpu_ms", "per_second", "p99_ms", "errors"):
                value = getattr(result, name)
                if value is not None:
                    known[f"{result.name}: {name}"] = value
    keys = [(target, f"{target.what}: {target.figure}") for target in TARGETS]
    return [Verdict(target, known[key]) for target, key in keys if key in known]


def growth(sites: Mapping[int, Iterable[Result]]) -> list[Verdict]:
    """Compare what each kind of request costs on the largest site with what it costs on a small one."""
    sizes = sorted(size for size in sites if size >= BASE)
    if len(sizes) < 2:
        return []
    small, large = (
        {(result.name, result.connections): result.cpu_ms for result in sites[size]}
        for size in (sizes[0], sizes[-1])
    )
    found = []
    for (name, connections), cost in sorted(large.items()):
        before = small.get((name, connections))
        if before:
            what = f"{name}, {connections} connections"
            found.append(
                Verdict(Target(what, "growth", GROWTH.must, GROWTH.stretch, is_most=True), cost / before)
            )
    return found

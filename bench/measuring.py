"""Measuring kinds of requests, each in turns with what it is compared with, as machines are noisy."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bench.load import Timing, drive
from bench.pages import Measured
from bench.servers import Server

SLICES = 4
"""So many times a kind and what it is compared with take turns."""
WARM_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Result:
    """What one kind of request cost.

    `ratio` is its rate by that of what it is compared with, on as many connections, measured in turns;
    `cpu_ratio` is the same of processor time, the other way round: both are larger the better.
    """

    name: str
    connections: int
    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    """Processor time of the server with all its children, per request."""
    client_cpu_ms: float
    """Processor time of the client, per request; it shares the machine with the server."""
    kilobytes: float
    errors: int
    against: str | None = None
    ratio: float | None = None
    cpu_ratio: float | None = None


@dataclass(slots=True)
class _Stretch:
    """Everything that was measured of one kind."""

    timing: Timing = field(default_factory=Timing)
    cpu_seconds: float = 0.0

    def add(self, other: "_Stretch") -> None:
        self.timing.add(other.timing)
        self.cpu_seconds += other.cpu_seconds

    @property
    def cpu_ms(self) -> float:
        return self.cpu_seconds / max(1, len(self.timing.seconds)) * 1000

    def result(self, kind: Measured, connections: int, other: "_Stretch | None") -> Result:
        timing = self.timing
        answers = max(1, len(timing.seconds))
        return Result(
            name=kind.name,
            connections=connections,
            per_second=timing.per_second,
            p50_ms=timing.percentile(0.5),
            p99_ms=timing.percentile(0.99),
            cpu_ms=self.cpu_ms,
            client_cpu_ms=timing.client_seconds / answers * 1000,
            kilobytes=timing.size / answers / 1000,
            errors=timing.errors,
            against=kind.against,
            ratio=timing.per_second / other.timing.per_second if other else None,
            cpu_ratio=other.cpu_ms / self.cpu_ms if other and self.cpu_seconds else None,
        )


class Measuring:
    """Two running servers, ours and the bare one, and what was measured so far."""

    def __init__(
        self, server: Server, *, bare_server: Server, bare: Iterable[Measured], seconds: float
    ) -> None:
        self._server = server
        self._seconds = seconds
        self._known = {kind.name: (kind, bare_server) for kind in bare}
        self._bare: dict[tuple[str, int], _Stretch] = {}
        self.results: list[Result] = []

    def know(self, kinds: Iterable[Measured]) -> None:
        """Remember kinds of requests to our server that others may be compared with."""
        self._known |= {kind.name: (kind, self._server) for kind in kinds}

    def measure(self, kind: Measured) -> None:
        """Measure a kind of request on each number of connections."""
        for connections in kind.connections:
            found, other = self._in_turns(kind, connections)
            self.results.append(found.result(kind, connections, other))

    def bare_results(self) -> list[Result]:
        """Return what the bare pages cost, over all turns."""
        return [
            stretch.result(self._known[name][0], connections, None)
            for (name, connections), stretch in sorted(self._bare.items())
        ]

    def _in_turns(self, kind: Measured, connections: int) -> tuple[_Stretch, _Stretch | None]:
        sides = [(kind, self._server)]
        if kind.against:
            sides.append(self._known[kind.against])
        found = [_Stretch() for _ in sides]
        if connections == kind.connections[0]:
            self._warm(sides)
        # What leaves work behind is measured in one go, as the work is counted at its end.
        turns = SLICES if kind.against else 1
        for _ in range(turns):
            for stretch, (side, server) in zip(found, sides, strict=True):
                stretch.add(_measured(side, server, connections, self._seconds / turns))
        other = found[1] if kind.against else None
        if other and kind.against and self._known[kind.against][1] is not self._server:
            self._bare.setdefault((kind.against, connections), _Stretch()).add(other)
        return found[0], other

    def _warm(self, sides: Iterable[tuple[Measured, Server]]) -> None:
        for kind, server in sides:
            seconds = min(WARM_SECONDS, self._seconds)
            drive(server.port, kind.feeds(max(kind.connections)), seconds=seconds, at_least=kind.warm_answers)
            if kind.settles:
                server.settle()


def _measured(kind: Measured, server: Server, connections: int, seconds: float) -> _Stretch:
    before = server.cpu_seconds()
    timing = drive(server.port, kind.feeds(connections), seconds=seconds)
    if kind.settles:
        server.settle()
    return _Stretch(timing, server.cpu_seconds() - before)

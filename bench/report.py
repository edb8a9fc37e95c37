"""Printing what was measured, and keeping it as JSON with a chart beside it."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.table import Table

from bench.chart import cost_chart
from bench.measuring import Result
from bench.running import Measurement, Plan
from bench.targets import Verdict, growth, verdicts

RESULTS = Path(__file__).parent / "results"


def results_table(questions: int, results: Sequence[Result]) -> Table:
    """Return what each kind of request cost."""
    table = Table(
        "what", "connections", "per second", "p50 ms", "p99 ms", "CPU ms", "client CPU ms", "KB", "errors",
        "of", "by rate", "by CPU", title=f"{questions:,} questions",
    )  # fmt: skip
    for row in results:
        table.add_row(
            row.name, str(row.connections), f"{row.per_second:,.0f}", f"{row.p50_ms:.1f}",
            f"{row.p99_ms:.1f}", f"{row.cpu_ms:.2f}", f"{row.client_cpu_ms:.2f}", f"{row.kilobytes:.1f}",
            str(row.errors), row.against or "", _two_digits(row.ratio), _two_digits(row.cpu_ratio),
        )  # fmt: skip
    return table


def verdicts_table(found: Sequence[Verdict]) -> Table:
    """Return the targets, what was measured and how far that reaches."""
    table = Table("target", "figure", "measured", "must", "stretch", "met", title="Targets")
    for verdict in found:
        target = verdict.target
        sign = "≤" if target.is_most else "≥"
        table.add_row(
            target.what, target.figure.replace("_", " "), f"{verdict.value:,.2f}", f"{sign} {target.must:g}",
            f"{sign} {target.stretch:g}", verdict.met,
        )  # fmt: skip
    return table


def all_verdicts(sites: Mapping[int, Measurement], *, judged: int) -> list[Verdict]:
    """Return the verdicts on the site of the size that the targets are for, and on the growth of cost."""
    found = verdicts(sites[judged].results, sites[judged].figures)
    return found + growth({size: measurement.results for size, measurement in sites.items()})


def keep(sites: Mapping[int, Measurement], found: Sequence[Verdict], plan: Plan) -> Path:
    """Write the results down, with a chart when there are several sizes; return the path of the JSON."""
    RESULTS.mkdir(exist_ok=True)
    at = datetime.now(UTC)
    path = RESULTS / f"{at:%Y%m%d-%H%M%S}.json"
    content: dict[str, Any] = {
        "at": at.isoformat(timespec="seconds"),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "database": "postgresql" if plan.database_url else "sqlite",
        "workers": plan.workers,
        "seconds": plan.seconds,
        "sites": [
            {
                "questions": size,
                "figures": measurement.figures,
                "results": [asdict(result) for result in measurement.results],
            }
            for size, measurement in sites.items()
        ],
        "targets": [
            {**asdict(verdict.target), "value": verdict.value, "met": verdict.met} for verdict in found
        ],
    }
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    if len(sites) > 1:
        results = {size: measurement.results for size, measurement in sites.items()}
        chart = cost_chart(results, title="Cost of pages against the size of the site")
        path.with_suffix(".svg").write_text(chart, encoding="utf-8")
    return path


def _two_digits(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"

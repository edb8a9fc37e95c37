"""What is made of results: verdicts on targets, growth between sizes, a chart."""

import pytest
from lxml import etree

from bench.chart import cost_chart
from bench.measuring import Result
from bench.targets import growth, verdicts


def result(name: str, *, connections: int = 16, ratio: float | None = None, cpu_ms: float = 2.0) -> Result:
    return Result(
        name=name,
        connections=connections,
        per_second=400,
        p50_ms=5,
        p99_ms=50,
        cpu_ms=cpu_ms,
        client_cpu_ms=0.1,
        kilobytes=8,
        errors=0,
        against="bare question",
        ratio=ratio,
        cpu_ratio=ratio,
    )


@pytest.mark.parametrize(("ratio", "met"), [(0.69, "no"), (0.7, "must"), (0.89, "must"), (0.9, "stretch")])
def test_a_ratio_is_met_from_its_bound_on(ratio: float, met: str) -> None:
    found = verdicts([result("question, made anew", ratio=ratio)], {})

    assert [verdict.met for verdict in found] == [met]


@pytest.mark.parametrize(("megabytes", "met"), [(221, "no"), (220, "must"), (180, "stretch")])
def test_memory_is_met_up_to_its_bound(megabytes: float, met: str) -> None:
    found = verdicts([], {"server: memory_megabytes": megabytes})

    assert [verdict.met for verdict in found] == [met]


def test_ratios_on_one_connection_are_no_verdict() -> None:
    assert verdicts([result("question, made anew", connections=1, ratio=1)], {}) == []


def test_growth_compares_the_largest_site_with_the_one_of_ten_thousand() -> None:
    sites = {
        1_000: [result("list", cpu_ms=1)],
        10_000: [result("list", cpu_ms=2)],
        1_000_000: [result("list", cpu_ms=2.8)],
    }

    [found] = growth(sites)

    assert found.value == pytest.approx(1.4)
    assert found.met == "must"


def test_the_chart_has_a_line_for_each_kind_of_page() -> None:
    sites = {size: [result("list, <new>"), result("vote", cpu_ms=size / 1000)] for size in (1_000, 100_000)}

    chart = etree.fromstring(cost_chart(sites, title="Cost"))

    lines = [element for element in chart.iter() if element.tag.endswith("polyline")]
    texts = {element.text for element in chart.iter() if element.tag.endswith("text")}
    assert len(lines) == 2
    assert {"list, <new> 2", "vote 100", "1,000", "100,000"} <= texts

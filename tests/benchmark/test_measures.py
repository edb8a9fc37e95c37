from math import log2

import pytest

from forum.benchmark.measures import ndcg, percentile, recall, reciprocal_rank, success


def test_a_perfect_order_counts_one() -> None:
    assert ndcg([1, 2, 9], {1, 2}) == 1.0
    assert ndcg([2, 1], {1, 2, 3}, most=2) == 1.0


def test_later_places_count_less() -> None:
    assert ndcg([9, 1], {1}) == pytest.approx(1 / log2(3))
    assert ndcg([9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 1], {1}) == 0.0
    assert ndcg([], {1}) == ndcg([1], set()) == 0.0


def test_the_first_that_helps_decides_the_reciprocal_rank() -> None:
    assert reciprocal_rank([9, 8, 1, 2], {1, 2}) == pytest.approx(1 / 3)
    assert reciprocal_rank([9], {1}) == 0.0


def test_success_looks_at_the_top_and_recall_at_all() -> None:
    assert (success([1, 9], {1}), success([9, 1], {1})) == (1.0, 0.0)
    assert recall([1, 9, 2], {1, 2, 3, 4}, most=2) == 0.25
    assert recall([], set(), most=2) == 0.0


def test_percentiles_are_of_the_values() -> None:
    assert [percentile([4.0, 1.0, 3.0, 2.0], share) for share in (0, 0.5, 0.95)] == [1.0, 3.0, 4.0]
    assert percentile([], 0.5) == 0.0

"""I11 and I12: the log has no gap, and every projection equals a fold of its source."""

from collections.abc import Iterator
from typing import Any

from contracts.topics import load
from halles_local.invariants.sources import Sources

_OFFERS_THERE = "SELECT offer_id, sequence, status, price_minor AS price, available FROM offer_states"
_OFFERS_HERE = "SELECT offer_id, sequence, status, price, available FROM offers"
_LINES = """
SELECT line_id, seller_order_id, quantity, amount FROM order_lines JOIN sagas USING (order_id) WHERE state = 'confirmed'
"""
_EARNED = "SELECT seller_order_id, gross, commission, net FROM settlements WHERE {condition}"
_RATINGS = """
SELECT r.product_id AS subject_id, count(*) AS reviews, sum(rating) AS points FROM reviews AS r GROUP BY 1
UNION ALL SELECT r.seller_id, count(*), sum(rating) FROM reviews AS r GROUP BY 1
"""
_RATED = """
SELECT subject_id, points_1 + points_2 + points_3 + points_4 + points_5 AS reviews,
       points_1 + 2 * points_2 + 3 * points_3 + 4 * points_4 + 5 * points_5 AS points FROM ratings
"""


async def i11_sequences_have_no_gap(sources: Sources) -> list[str]:
    kinds = {topic.name: topic.kind for topic in load() if topic.kind != "activity"}
    violations = []
    for (topic, key), numbers in (await sources.sequences(list(kinds))).items():
        complete = kinds[topic] == "state" or numbers == list(range(1, len(numbers) + 1))
        if numbers != sorted(numbers) or not complete:
            violations.append(f"{topic} {key}: {numbers}")
    return violations


def i12_projections_equal_their_sources(sources: Sources) -> Iterator[str]:
    offers = (sources.rows("catalog", _OFFERS_THERE), sources.rows("order", _OFFERS_HERE))
    yield from _differences("order.offers", "offer_id", *offers)
    sold = (
        sources.rows("order", _LINES),
        sources.rows("analytics", "SELECT line_id, seller_order_id, quantity, amount FROM sale_lines"),
    )
    yield from _differences("analytics.sale_lines", "line_id", *sold)
    there = sources.rows("payment", _EARNED.format(condition="state NOT IN ('expected', 'frozen', 'cancelled')"))
    here = sources.rows("analytics", _EARNED.format(condition="status <> 'cancelled'"))
    yield from _differences("analytics.settlements", "seller_order_id", there, here)
    rated = (sources.rows("review", _RATINGS), sources.rows("review", _RATED))
    yield from _differences("review.ratings", "subject_id", *rated)


def _differences(name: str, key: str, there: list[dict[str, Any]], here: list[dict[str, Any]]) -> Iterator[str]:
    source, projection = ({row[key]: row for row in rows} for rows in (there, here))
    for identity in sorted({*source, *projection}):
        if source.get(identity) != projection.get(identity):
            yield f"{name} {identity}: source {source.get(identity)}, projection {projection.get(identity)}"

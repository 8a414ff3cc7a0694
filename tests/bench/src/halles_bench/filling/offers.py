"""More offers: copies of the seed's products with ids, titles and times of their own, then told to everybody by ``republish``."""

import subprocess
import sys

from halles_bench.database import Databases
from halles_bench.filling.copying import Copied, copy_rows
from halles_local import environment
from halles_local.secret_files import Secrets
from halles_local.stack import Stack

UNITS = 1_000_000
"""In stock of every offer, so that no run sells out."""
_TITLES = """to_jsonb(t.title_{lang} || ' ' || (array['ambré','bleu','clair','doré','épais','fin','grand','henné','ivoire','joli',
'kaki','léger','mat','noir','olive','pâle','quadrillé','rouge','satin','tendre','uni','vert','week','xérès','yack','zébré'])[1 + k % 26]
|| ' ' || to_char(k, 'FMRN'))"""
_NEW_ID = "left(t.{0}, -8) || lpad(to_hex(k), 8, '0')"


async def fill_offers(stack: Stack, databases: Databases, offers: int) -> int:
    """Bring catalog to about ``offers`` offers; returns how many were added. Only original rows are copied."""
    present, original = (await databases.rows("catalog", _COUNT))[0]
    copies = (offers - present) // original
    if copies <= 0:
        return 0
    begin = present // original
    for table in _TABLES:
        await copy_rows(databases, "catalog", table, begin=begin, copies=copies)
    await databases.run("catalog", "VACUUM ANALYZE")
    republish(stack)
    return int(copies * original)


def republish(stack: Stack) -> None:
    """Tell every offer's state again, by catalog's own command."""
    values = environment.build(stack, "catalog", Secrets(stack))
    subprocess.run([sys.executable, "-m", "catalog", "republish"], env=values, check=True, capture_output=True)


_ORIGINAL = "substr(t.{0}, length(t.{0}) - 7, 2) <> '00'"
"""Copies end in a small number; an original's random end begins with two zeros once in 256 times, and then stays alone."""
_COUNT = f"SELECT count(*), count(*) FILTER (WHERE {_ORIGINAL.format('product_id')}) FROM offers AS t"  # noqa: S608
_TABLES = (
    Copied(
        "products",
        where=_ORIGINAL.format("product_id"),
        ids=("product_id",),
        change={
            "title_fr": _TITLES.format(lang="fr"),
            "title_en": _TITLES.format(lang="en"),
            "created_at": "to_jsonb(t.created_at - k * interval '1 second')",
        },
    ),
    Copied("variants", where=_ORIGINAL.format("product_id"), ids=("product_id", "variant_id")),
    Copied(
        "offers",
        where=_ORIGINAL.format("product_id"),
        ids=("product_id", "variant_id", "offer_id"),
        change={"on_hand": f"to_jsonb({UNITS})", "reserved": "to_jsonb(0)", "sequence": "to_jsonb(1)"},
    ),
    Copied(
        "shelves",
        where=_ORIGINAL.format("product_id"),
        ids=("product_id",),
        change={"created_at": "to_jsonb(t.created_at - k * interval '1 second')"},
    ),
    Copied(
        "stock_movements",
        where=_ORIGINAL.format("offer_id") + " AND t.kind = 'listed'",
        ids=("offer_id",),
        change={"quantity": f"to_jsonb({UNITS})"},
    ),
)

"""Statements on uploads, and on the pictures of shops."""

from collections.abc import Sequence
from typing import Any

from psycopg.types.json import Jsonb

from catalog.domain.pictures import MediaView, Renditions, ShopPicturesView, sizes_of
from chassis.db import HotTransaction
from contracts.catalog import Image

# Doing something on conflict is what makes RETURNING tell of the row that was there.
_ADD = """
INSERT INTO media AS m (media_id, seller_id, digest, width, height, widths)
VALUES (%(media_id)s, %(seller_id)s, %(digest)s, %(width)s, %(height)s, %(widths)s)
ON CONFLICT (seller_id, digest) DO UPDATE SET uploaded_at = m.uploaded_at
RETURNING *
"""
_BY_DIGEST = "SELECT * FROM media WHERE seller_id = %s AND digest = %s"
_COUNT = "SELECT count(*) AS count FROM media WHERE seller_id = %s"
_SOME = "SELECT * FROM media WHERE seller_id = %(seller_id)s AND media_id = ANY(%(ids)s)"
_SHOPS = "SELECT seller_id, logo, banner FROM shop_pictures WHERE seller_id = ANY(%s) ORDER BY seller_id"
_DRESS = """
INSERT INTO shop_pictures AS p (seller_id, logo, banner) VALUES (%(seller_id)s, %(logo)s, %(banner)s)
ON CONFLICT (seller_id) DO UPDATE SET logo = excluded.logo, banner = excluded.banner, sequence = p.sequence + 1
RETURNING sequence
"""


async def add(tx: HotTransaction, media_id: str, made: Renditions, *, seller_id: str, digest: str) -> MediaView:
    """Store an upload; what the shop had uploaded before stays and is returned."""
    size = {"width": made.width, "height": made.height, "widths": list(made.files)}
    row = await tx.row(_ADD, {"media_id": media_id, "seller_id": seller_id, "digest": digest, **size})
    return _view(row or {})


async def find(tx: HotTransaction, digest: str, *, seller_id: str) -> MediaView | None:
    """What a shop has uploaded before, by its content."""
    row = await tx.row(_BY_DIGEST, (seller_id, digest))
    return _view(row) if row else None


async def count(tx: HotTransaction, seller_id: str) -> int:
    row = await tx.row(_COUNT, (seller_id,))
    return int(row["count"]) if row else 0


async def some(tx: HotTransaction, media_ids: Sequence[str], *, seller_id: str) -> dict[str, MediaView]:
    """The shop's own uploads among these ids."""
    rows = await tx.rows(_SOME, {"seller_id": seller_id, "ids": list(media_ids)})
    return {row["media_id"]: _view(row) for row in rows}


async def shop_pictures(tx: HotTransaction, seller_ids: Sequence[str]) -> list[ShopPicturesView]:
    """Logos and banners; shops without any are left out."""
    rows = await tx.rows(_SHOPS, (list(seller_ids),))
    return [
        ShopPicturesView(seller_id=row["seller_id"], logo=_image(row["logo"]), banner=_image(row["banner"]))
        for row in rows
    ]


async def dress_shop(tx: HotTransaction, pictures: ShopPicturesView) -> int:
    """Replace a shop's pictures; returns the sequence of the new state."""
    documents = {
        name: Jsonb(image.model_dump()) if image else None
        for name, image in (("logo", pictures.logo), ("banner", pictures.banner))
    }
    row = await tx.row(_DRESS, {"seller_id": pictures.seller_id, **documents})
    return int(row["sequence"]) if row else 0


def _image(document: dict[str, Any] | None) -> Image | None:
    return Image.model_validate(document) if document else None


def _view(row: dict[str, Any]) -> MediaView:
    sizes = sizes_of(row["digest"], row["widths"])
    return MediaView(media_id=row["media_id"], width=row["width"], height=row["height"], sizes=sizes)

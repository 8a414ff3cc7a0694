"""Pictures: uploads of a shop, where they are shown, and the renditions themselves."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from catalog.api.inputs import Id, ProductPictures, ShopPictureIds
from catalog.api.pages import Page
from catalog.api.sellers import Caller, SellerId, require_member
from catalog.domain.errors import Invalid
from catalog.domain.pictures import (
    MAX_BYTES,
    MEDIA_TYPES,
    MediaView,
    PictureRefused,
    PictureTooLarge,
    ShopPicturesView,
    key_of,
)
from catalog.domain.views import ProductView
from catalog.ports import MediaStore
from catalog.repository import media
from catalog.service.pictures import Intake, dress_shop, hang_pictures
from chassis.db import Database
from edge.auth import anyone
from edge.errors import NotFound

_MOST_SHOPS = 100
_FOR_EVER = "public, max-age=31536000, immutable"
_PICTURE: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_UPLOAD: dict[str, Any] = {"requestBody": {"required": True, "content": dict.fromkeys(MEDIA_TYPES, _PICTURE)}}
Digest = Annotated[str, Path(pattern=r"^[0-9a-f]{40}$")]
FileName = Annotated[str, Path(pattern=r"^[1-9][0-9]{0,4}\.webp$")]


def router(db: Database, *, store: MediaStore, intake: Intake) -> APIRouter:
    """Routes of pictures."""
    router = APIRouter()

    @router.post("/v1/sellers/{seller_id}/media", status_code=201, openapi_extra=_UPLOAD)
    async def upload(caller: Caller, seller_id: SellerId, request: Request) -> MediaView:
        """Keep a picture of at most 10 MiB: the body is the file itself. The same file again is the same picture."""
        require_member(caller, seller_id)
        return await intake.take(await _file(request), seller_id=seller_id)

    @router.put("/v1/sellers/{seller_id}/products/{product_id}/images")
    async def hang(
        caller: Caller, seller_id: SellerId, product_id: Annotated[Id, Path()], body: ProductPictures
    ) -> ProductView:
        """Give a product that the shop described these pictures, in this order."""
        require_member(caller, seller_id)
        async with db.hot_transaction() as tx:
            return await hang_pictures(tx, product_id, seller_id=seller_id, pictures=body.drafts())

    @router.put("/v1/sellers/{seller_id}/pictures")
    async def dress(caller: Caller, seller_id: SellerId, body: ShopPictureIds) -> ShopPicturesView:
        """Give the shop this logo and this banner."""
        require_member(caller, seller_id)
        async with db.hot_transaction() as tx:
            return await dress_shop(tx, seller_id, logo=body.logo, banner=body.banner)

    @router.get("/v1/shop-pictures", dependencies=[anyone()])
    async def shop_pictures(ids: Annotated[str, Query(min_length=1, max_length=6600)]) -> Page[ShopPicturesView]:
        """Logos and banners by shop id, separated by commas, at most 100; shops without any are left out."""
        wanted = [item for item in ids.split(",") if item.isprintable()]
        if len(wanted) > _MOST_SHOPS:
            raise Invalid.at("?ids", "too-many", f"Ask for at most {_MOST_SHOPS} shops at once.")
        async with db.reading() as tx:
            return Page(await media.shop_pictures(tx, wanted), None)

    @router.get(
        "/media/{digest}/{file}",
        dependencies=[anyone()],
        response_class=Response,
        responses={200: {"content": {"image/webp": _PICTURE}}},
    )
    async def rendition(digest: Digest, file: FileName) -> Response:
        """One size of a picture. It never changes, so it may be kept for ever."""
        data = await store.get(key_of(digest, int(file.removesuffix(".webp"))))
        if data is None:
            raise NotFound("There is no such picture.")
        return Response(data, media_type="image/webp", headers={"Cache-Control": _FOR_EVER})

    return router


async def _file(request: Request) -> bytes:
    """The body, never more than a picture may have. Its declared type is checked; its content decides."""
    declared = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if declared not in MEDIA_TYPES:
        raise PictureRefused.because("wrong-media-type", f"Send one of {', '.join(MEDIA_TYPES)}.")
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BYTES:
            raise PictureTooLarge(f"A picture has at most {MAX_BYTES // 1024 // 1024} MiB.")
        chunks.append(chunk)
    return b"".join(chunks)

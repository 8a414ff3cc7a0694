"""Two sellers, two buyers, their helpers and the operators; an order of two sellers with everything that has an id."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import uuid4

from e2e_kit import PASSWORD, World, ask
from internal_tokens import Somebody
from PIL import Image

from halles_local.client import buying
from halles_local.client.api import Caller
from halles_local.client.patience import until


@dataclass
class Story:
    """``people`` by kind; ``ids`` by the names that paths use, all of them the victims'. ``secrets``: what no stranger may read."""

    world: World
    people: dict[str, Somebody]
    callers: dict[str, Caller]
    ids: dict[str, str]
    secrets: dict[str, str]

    async def views(self) -> dict[Any, Any]:
        """Everything that the owners see of what is attacked."""
        buyer, owner, ids = self.callers["buyer"], self.callers["owner"], self.ids
        order, shop = ids["order_id"], f"/v1/sellers/{ids['seller_id']}"
        asked = (
            (buyer, (f"/v1/orders/{order}", f"/v1/payments/{order}", "/v1/me", "/v1/orders", "/v1/me/reviewable")),
            (owner, (f"{shop}/offers?limit=100", f"{shop}/members", f"{shop}/orders", f"{shop}/shipments", "/v1/me")),
        )
        seen = {(caller.name, path): await caller.get(path) for caller, paths in asked for path in paths}
        return {**seen, "town": (await owner.get(shop))["town"]}


async def told(world: World) -> Story:
    """Let it happen: an order of two sellers, one part shipped; staff, support, and somebody else of each kind."""
    shop, neighbour, other = world.shops[0], world.shops[1], world.shops[2]
    callers = {"visitor": world.place.visitor(), "other seller": other.caller, "owner": shop.caller}
    callers |= {"stranger": await world.buyer(), "buyer": await world.buyer(), "admin": world.operator}
    callers |= {"staff": await _staff(world, shop.seller_id, shop.caller), "support": await _support(world)}
    wanted = {await world.offer(shop, stock=5): 1, await world.offer(neighbour, stock=5): 1}
    order = await world.order(callers["buyer"], wanted)
    part = next(part for part in order["seller_orders"] if part["seller_id"] == shop.seller_id)
    shipment = await buying.ship(shop.caller, shop.seller_id, order["order_id"])
    line, email = part["lines"][0], (await callers["buyer"].get("/v1/me"))["email"]
    ids = {name: order["order_id"] for name in ("order_id", "correlation_id")}
    ids |= {"seller_id": shop.seller_id, "seller_order_id": part["seller_order_id"], "code": "not-found"}
    ids |= {"shipment_id": shipment["shipment_id"], "request_id": "mrq_unknown"}
    ids |= {name: line[name] for name in ("offer_id", "line_id", "product_id")}
    ids |= await _picture(shop.caller, shop.seller_id)
    ids["session_id"] = await _session(world, email)
    ids["account_id"] = (await callers["staff"].get("/v1/me"))["account_id"]
    ids["category_id"] = (await world.operator.get("/v1/categories"))["items"][0]["category_id"]
    people = {kind: await somebody(caller) for kind, caller in callers.items()}
    return Story(world, people, callers, ids, {"email": email, "line1": order["shipping_address"]["line1"]})


async def somebody(caller: Caller) -> Somebody:
    if not caller.token:
        return Somebody()
    me = await caller.get("/v1/me")
    memberships = {seller["seller_id"]: seller["role"] for seller in me["sellers"]}
    return Somebody(caller.token, me["account_id"], tuple(me["roles"]), memberships)


async def _staff(world: World, seller_id: str, owner: Caller) -> Caller:
    email = f"aide.{uuid4().hex[:10]}@courriel.example"
    caller = await world.place.register(name="Aide", email=email, password=PASSWORD, locale="fr")
    await owner.post(f"/v1/sellers/{seller_id}/members", {"email": email})

    async def works_there() -> bool:
        await caller.sign_in(email, PASSWORD)
        return bool((await caller.get("/v1/me"))["sellers"])

    await until("the new colleague works for the shop", works_there)
    return caller


async def _support(world: World) -> Caller:
    email = f"soutien.{uuid4().hex[:10]}@courriel.example"
    caller = await world.place.register(name="Soutien", email=email, password=PASSWORD, locale="fr")
    account_id = (await caller.get("/v1/me"))["account_id"]
    await world.operator.call("PUT", f"/v1/operator/accounts/{account_id}/roles", {"roles": ["support"]})
    return await caller.sign_in(email, PASSWORD)


async def _picture(owner: Caller, seller_id: str) -> dict[str, str]:
    """One picture of the shop; the parts of its public address."""
    content, headers = picture("image/png"), {"Content-Type": "image/png"}
    uploaded = await ask(owner, "POST", f"/v1/sellers/{seller_id}/media", content=content, headers=headers)
    assert uploaded.status == 201, uploaded.body
    address: str = uploaded.body["sizes"][0]["url"]
    digest, file = address.rsplit("/", 2)[-2:]
    return {"digest": digest, "file": file}


def picture(media_type: str) -> bytes:
    """A small real picture of that type."""
    made = BytesIO()
    Image.new("RGB", (400, 400), "teal").save(made, media_type.partition("/")[2].upper())
    return made.getvalue()


async def _session(world: World, email: str) -> str:
    """A browser where the buyer is signed in."""
    opened = await ask(world.place.visitor(), "POST", "/v1/sessions", {"email": email, "password": PASSWORD})
    cookie = {"Cookie": opened.headers["set-cookie"].partition(";")[0]}
    listed = await ask(world.place.visitor(), "GET", "/v1/sessions", headers=cookie)
    return next(str(item["session_id"]) for item in listed.body["items"] if item["current"])

"""A new buyer, two sellers, one cart, a card that asks for 3-D Secure, two parcels, a review, two transfers."""

from typing import Any
from urllib.parse import quote

from halles_local.client import buying
from halles_local.client.api import Answer, Caller, Refused
from halles_local.client.patience import until
from halles_local.client.session import Market
from halles_local.demo.cast import Cast
from halles_local.demo.narrator import Narrator

CARD = "pm_card_threeDSecure2Required"
SEARCH = "miel de chataigner"
SECOND_SEARCH = "tisane du soir"


def money(amount: dict[str, Any]) -> str:
    euros, cents = divmod(amount["amount"], 100)
    return f"{euros},{cents:02} {amount['currency']}"


class Journey:
    """The steps in order; each leaves in ``cast`` what later ones and the accounts need."""

    def __init__(self, place: Market, cast: Cast, narrator: Narrator) -> None:
        self._place = place
        self._cast = cast
        self._tell = narrator

    async def play(self) -> None:
        await self._register()
        await self._find()
        await self._fill_cart()
        await self._pay()
        await self._ship()
        await self._deliver()
        await self._review()
        await self._earn()

    async def _get(self, who: Caller, path: str, told: str = "") -> Any:
        answer = await who.call("GET", path)
        self._tell.call(who.name, "GET", path, answer, told or "ok")
        return answer.body

    def _called(self, who: Caller, method: str, path: str, told: str) -> Answer:
        answer = who.last
        self._tell.call(who.name, method, path, answer, told)
        if answer is None:
            raise RuntimeError("nothing was called")
        return answer

    async def _register(self) -> None:
        self._tell.step("A buyer registers and verifies the address from the mailbox")
        cast, buyer = self._cast, self._cast.buyer
        report = await cast.operator.get("/v1/operator/sales")
        cast.sales_before = sum(total["gross"]["amount"] for total in report["totals"])
        body = {"email": cast.buyer_email, "password": cast.password, "display_name": "Léa Fontaine", "locale": "fr"}
        await buyer.post("/v1/accounts", body)
        asked = self._called(buyer, "POST", "/v1/accounts", "accepted, look at your mail")
        token = await self._place.outside.token_for(cast.buyer_email)
        self._tell.say(f"mailbox: a link for {cast.buyer_email}")
        await buyer.post("/v1/accounts/verification", {"token": token})
        verified = self._called(buyer, "POST", "/v1/accounts/verification", "verified")
        await buyer.sign_in(cast.buyer_email, cast.password)
        self._called(buyer, "POST", "/v1/tokens", "signed in, access token for 10 minutes")
        await self._tell.events(asked.request_id, verified.request_id)

    async def _find(self) -> None:
        self._tell.step(f"She searches « {SEARCH} » (no accent, a letter missing) and opens a product")
        found = await self._get(self._cast.buyer, f"/v1/search?q={quote(SEARCH)}&lang=fr")
        self._tell.say(f"{found['total']} found, first: {found['items'][0]['title']['fr']}")
        first = found["items"][0]
        other = (await self._get(self._cast.buyer, f"/v1/search?q={quote(SECOND_SEARCH)}&lang=fr"))["items"][0]
        self._cast.product_id = first["product_id"]
        taken = await self._choose(first["product_id"], 2, other_than="")
        await self._choose(other["product_id"], 1, other_than=taken["seller_id"])

    async def _choose(self, product_id: str, quantity: int, *, other_than: str) -> dict[str, Any]:
        product = await self._get(self._cast.buyer, f"/v1/products/{product_id}")
        offers = [offer for variant in product["variants"] for offer in variant["offers"]]
        offer = next(o for o in offers if o["seller_id"] != other_than and o["available"] >= quantity)
        self._cast.offers.append(offer)
        self._cast.bought[offer["offer_id"]] = quantity
        self._cast.stock_before[offer["offer_id"]] = offer["available"]
        title = product["title"]["fr"]
        self._tell.say(
            f"« {title} »: {len(offers)} offers; takes {quantity} at {money(offer['price'])}, {offer['available']} left"
        )
        return dict(offer)

    async def _fill_cart(self) -> None:
        self._tell.step("Offers of two sellers go into one cart")
        for offer_id, quantity in self._cast.bought.items():
            cart = await buying.put_in_cart(self._cast.buyer, offer_id, quantity)
            told = f"{len(cart['sellers'])} seller(s), total {money(cart['total'])}"
            self._called(self._cast.buyer, "PUT", f"/v1/cart/lines/{offer_id}", told)

    async def _pay(self) -> None:
        self._tell.step("Checkout with a card that asks for 3-D Secure")
        cast, buyer = self._cast, self._cast.buyer
        cart = await buyer.get("/v1/cart")
        ship_to = buying.address("Léa Fontaine", "8 quai des Étroits", "69005", "Lyon")
        body = {"cart_version": cart["version"], "payment_method": CARD, "shipping_address": ship_to}
        accepted = await buyer.post("/v1/checkouts", body, wait=15)
        checkout = self._called(
            buyer, "POST", "/v1/checkouts", f"order {accepted['number']}: {accepted.get('status', 'accepted')}"
        )
        order_id = accepted["order_id"]
        await buying.decided(buyer, order_id, wanted=("action-required",))
        page = await buying.challenge(buyer, order_id)
        await self._tell.events(checkout.request_id)
        self._tell.say(f"the bank's page: {page.split('?')[0]} → Complete")
        await self._place.outside.press(page, "complete")
        await buyer.post(f"/v1/payments/{order_id}/refresh")
        back = self._called(buyer, "POST", f"/v1/payments/{order_id}/refresh", "back from the bank")
        cast.order = await buying.decided(buyer, order_id, wanted=("confirmed", "cancelled"))
        self._tell.say(f"order {cast.order['number']} is {cast.order['status']}: {money(cast.order['total'])}")
        await self._tell.events(checkout.request_id, back.request_id, order_id, *_parts(cast.order))

    async def _ship(self) -> None:
        self._tell.step("Each seller sees only the own part, and ships it")
        order_id = self._cast.order["order_id"]
        for part in self._cast.order["seller_orders"]:
            seller, seller_id = self._cast.sellers[part["seller_id"]], part["seller_id"]
            path = f"/v1/sellers/{seller_id}/orders/{part['seller_order_id']}"
            seen = await self._get(seller, path)
            self._tell.say(f"{seller.name} sees {len(seen['lines'])} line(s), {money(seen['total'])}")
            await self._foreign_part_is_hidden(seller, seller_id)
            shipment = await buying.ship(seller, seller_id, order_id)
            told = f"tracking {shipment['tracking_number']}"
            answer = self._called(seller, "GET", f"/v1/sellers/{seller_id}/shipments/{shipment['shipment_id']}", told)
            await self._tell.events(answer.request_id, shipment["shipment_id"])

    async def _foreign_part_is_hidden(self, seller: Caller, seller_id: str) -> None:
        for other in self._cast.order["seller_orders"]:
            if other["seller_id"] == seller_id:
                continue
            path = f"/v1/sellers/{seller_id}/orders/{other['seller_order_id']}"
            try:
                await seller.get(path)
            except Refused as refused:
                self._tell.call(seller.name, "GET", path, None, f"{refused.status} {refused.code}")
                if refused.status == 404:
                    continue
            raise SystemExit(f"{seller.name} can read a part of another seller")

    async def _deliver(self) -> None:
        self._tell.step("The carrier delivers")
        for part in self._cast.order["seller_orders"]:
            seller, seller_id = self._cast.sellers[part["seller_id"]], part["seller_id"]
            shipment = await buying.ship(seller, seller_id, self._cast.order["order_id"])
            await buying.deliver(self._place.outside, seller, seller_id, shipment)
            self._tell.say(f"{shipment['tracking_number']}: delivered")
            await self._tell.events(shipment["shipment_id"])

    async def _review(self) -> None:
        self._tell.step("She reviews a product, and the rating appears on its page")
        buyer, product_id = self._cast.buyer, self._cast.product_id
        lines = [line for part in self._cast.order["seller_orders"] for line in part["lines"]]
        line = next(line for line in lines if line["product_id"] == product_id)
        before = (await buyer.get(f"/v1/products/{product_id}/reviews"))["rating"]["count"]
        title, text = "Le goût de l'été", "Sombre et boisé, parfait avec un fromage de montagne."
        published = await buying.review(buyer, line["line_id"], rating=5, title=title, text=text)
        answer = self._called(buyer, "POST", "/v1/reviews", published["review_id"])

        async def shown() -> int | None:
            page = await self._cast.buyer.get(f"/v1/products/{product_id}")
            count = ((page["reviews"] or {}).get("rating") or {}).get("count", 0)
            return count if count > before else None

        count = await until("the rating on the product's page", shown)
        self._tell.say(f"product page: {count} review(s)")
        await self._tell.events(answer.request_id)

    async def _earn(self) -> None:
        self._tell.step("The operator's figure moves; after release each seller is paid out")
        operator, order = self._cast.operator, self._cast.order
        path = f"/v1/operator/orders/{order['order_id']}/money"

        async def transferred() -> dict[str, Any] | None:
            told = await operator.get(path)
            done = [s for s in told["settlements"] if s["status"] == "transferred"]
            return told if len(done) == len(order["seller_orders"]) else None

        told = await until("the transfers to the sellers", transferred, seconds=60)
        self._called(
            operator, "GET", path, f"charge {money(told['charge']['amount'])}, commission {money(told['commission'])}"
        )
        for settlement in told["settlements"]:
            seller = self._cast.sellers[settlement["seller_id"]]
            self._tell.say(
                f"{seller.name}: {money(settlement['gross'])} − {money(settlement['commission'])} = {money(settlement['net'])} ({settlement['transfer_id']})"
            )
        report = await self._get(operator, "/v1/operator/sales?group_by=day")
        self._tell.say("sales: " + ", ".join(f"{row['key']} {money(row['gross'])}" for row in report["items"]))
        await self._tell.events(*_parts(order))


def _parts(order: dict[str, Any]) -> list[str]:
    return [part["seller_order_id"] for part in order["seller_orders"]]

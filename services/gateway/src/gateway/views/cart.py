"""Cart: the guest's cookie on the way in, names of the shops on the way out."""

from starlette.responses import Response

from gateway.call import Call
from gateway.credentials.cookies import clear_cart, set_cart
from gateway.credentials.credential import CART_COOKIE, CART_HEADER, Kind
from gateway.passing import Passing
from gateway.views.names import ShopNames
from gateway.views.parts import composed, required


class Cart:
    """Read and change. Required: cart. Optional: ``names`` of its shops."""

    def __init__(self, passing: Passing, names: ShopNames) -> None:
        self._passing = passing
        self._names = names

    async def __call__(self, call: Call) -> Response:
        cart = await required(self._passing, call)
        names = await self._names.of(call, {group["seller_id"] for group in cart["sellers"]})
        response = composed(call, {**cart, "names": names})
        self._keep(call, response, cart.get("cart_token"))
        return response

    def _keep(self, call: Call, response: Response, token: str | None) -> None:
        """Browsers keep a new guest cart in a cookie; a signed-in call has merged the guest's, so the cookie goes."""
        is_app = call.credential.kind is Kind.ACCESS or CART_HEADER in call.request.headers
        if token and not is_app:
            set_cart(response, token)
        elif call.passport is not None and not call.passport.is_anonymous and CART_COOKIE in call.request.cookies:
            clear_cart(response)

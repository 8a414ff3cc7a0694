"""The plain case: one upstream, the same path, its answer as it is."""

from collections.abc import Mapping

from starlette.responses import Response

from gateway.call import Call
from gateway.credentials.credential import CART_HEADER, guest_cart_of
from gateway.upstream.answer import Answer
from gateway.upstream.ask import Ask
from gateway.upstream.client import Upstreams

_FORWARDED = ("content-type", "accept-language", "idempotency-key", "if-none-match", "if-match", "prefer")
_BODILESS = (204, 304)


class Passing:
    """Sends calls upstream as they are; views use it for their own parts too."""

    def __init__(self, upstreams: Upstreams) -> None:
        self._upstreams = upstreams

    async def __call__(self, call: Call) -> Response:
        return respond(await self.send(call))

    async def send(self, call: Call) -> Answer:
        """The call itself, to the upstream that the table names."""
        upstream = call.route.upstream
        ask = Ask(
            method="GET" if call.request.method == "HEAD" else call.request.method,
            path=call.target,
            deadline=call.deadline,
            token=call.token(upstream),
            headers=forwarded(call),
            body=call.body or None,
        )
        return await self._upstreams.send(upstream, ask)

    async def read(self, call: Call, upstream: str, path: str) -> Answer:
        """A read beside the call, as the same caller and within the same deadline."""
        headers = _language(call)
        ask = Ask(method="GET", path=path, deadline=call.deadline, token=call.token(upstream), headers=headers)
        return await self._upstreams.send(upstream, ask)

    async def post(self, call: Call, upstream: str, path: str, body: bytes) -> Answer:
        """A question too long for an address, as the same caller and within the same deadline."""
        headers = {"Content-Type": "application/json"}
        token = call.token(upstream)
        ask = Ask(method="POST", path=path, deadline=call.deadline, token=token, headers=headers, body=body)
        return await self._upstreams.send(upstream, ask)


def respond(answer: Answer, *, body: bytes | None = None) -> Response:
    """The upstream's answer for the client; ``body`` replaces its own."""
    content = answer.body if body is None else body
    headers: Mapping[str, str] = answer.headers
    if body is not None:
        headers = {name: text for name, text in headers.items() if name != "etag"}
    return Response(b"" if answer.status in _BODILESS else content, answer.status, dict(headers))


def forwarded(call: Call) -> dict[str, str]:
    """Only the headers named here go upstream: identity headers of clients never do (S6)."""
    given = call.request.headers
    names = (*_FORWARDED, *call.route.headers)
    headers = {name: text for name in names if (text := given.get(name)) is not None}
    if call.route.upstream == "identity":
        headers |= _whereabouts(call)
    if call.route.path.startswith(("/v1/cart", "/v1/checkouts")) and (cart := guest_cart_of(call.request)):
        headers[CART_HEADER] = cart
    return headers


def _whereabouts(call: Call) -> dict[str, str]:
    """For throttling and for the person's own list of sign-ins."""
    return {
        "Halles-Client-Address": call.request.scope["halles.client"],
        "User-Agent": call.request.headers.get("user-agent", "")[:200],
    }


def _language(call: Call) -> dict[str, str]:
    language = call.request.headers.get("accept-language")
    return {"accept-language": language} if language else {}

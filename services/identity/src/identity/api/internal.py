"""For other services: tokens, and people's addresses at the moment of use."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response

from chassis.db import Database
from edge.auth import unauthenticated
from identity.api.callers import AnyService, SellerId, require_service
from identity.api.schemas import (
    Contact,
    ContactBook,
    Contacts,
    ContactsRequest,
    ExchangeAnswer,
    ExchangeRequest,
    MailOrder,
    PrincipalAnswer,
)
from identity.ports import Callers
from identity.repository import accounts, members
from identity.service.exchange import TokenExchange
from identity.service.mail_requests import open_request

_MAILER = "messaging"
_PAYER = "payment"


def router(
    db: Database, *, clients: Callers, exchange: TokenExchange, published_keys: Callable[[], dict[str, Any]]
) -> APIRouter:
    router = APIRouter(tags=["internal"])

    @router.get("/.well-known/jwks.json", dependencies=[unauthenticated("public keys")])
    async def keys() -> dict[str, Any]:
        """The keys that internal tokens are checked with."""
        return published_keys()

    @router.post(
        "/internal/tokens",
        dependencies=[unauthenticated("proves itself by a client assertion")],
        response_model=ExchangeAnswer,
    )
    async def exchange_tokens(
        body: ExchangeRequest, authorization: Annotated[str, Header(max_length=4000)] = ""
    ) -> Response:
        """Internal tokens for a person (gateway only) or for the calling service itself."""
        caller = clients.caller(authorization.removeprefix("Bearer "))
        done = await exchange.exchange(
            caller, audience=body.audience, kind=body.credential.kind, value=body.credential.value
        )
        who = done.access
        principal = PrincipalAnswer(
            subject=who.subject, roles=list(who.roles), sellers=who.sellers, session=who.session
        )
        answer = ExchangeAnswer(tokens=done.tokens, expires_at=done.expires_at, principal=principal)
        return Response(answer.model_dump_json(), media_type="application/json")

    @router.post("/internal/mail-requests/{request_id}")
    async def open_mail_request(request_id: str, principal: AnyService) -> MailOrder:
        """Whom to write to, with a fresh secret; 410 when the mail is not needed any more."""
        require_service(principal, _MAILER)
        async with db.hot_transaction() as tx:
            row = await open_request(tx, request_id)
        return MailOrder(**{name: row[name] for name in MailOrder.model_fields})

    @router.post("/internal/contacts")
    async def read_contacts(body: ContactsRequest, principal: AnyService) -> ContactBook:
        """Whom a batch of mails goes to: people, and the owners of shops."""
        require_service(principal, _MAILER)
        async with db.reading() as tx:
            people = [Contact(**row) for row in await accounts.contacts(tx, body.accounts)]
            owners = await members.owners(tx, body.sellers)
        return ContactBook(
            accounts={person.account_id: person for person in people},
            owners={seller_id: [Contact(**row) for row in rows] for seller_id, rows in owners.items()},
        )

    @router.get("/internal/sellers/{seller_id}/contacts")
    async def read_seller_contacts(seller_id: SellerId, principal: AnyService) -> Contacts:
        """The owners of a shop, to write to them or to open their account at the payment provider."""
        require_service(principal, _MAILER, _PAYER)
        async with db.reading() as tx:
            return Contacts(items=[Contact(**row) for row in await members.contacts(tx, seller_id)])

    return router

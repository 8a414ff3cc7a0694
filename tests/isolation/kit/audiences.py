"""Who may use each route. A route that is not named here fails the matrix: name it, with its audience."""

from enum import Enum
from typing import Any

EVERYBODY = ("visitor", "stranger", "other seller", "staff", "owner", "buyer", "support", "admin")


class Audience(Enum):
    """The people of the story who may: ``buyer`` placed the order, ``owner`` and ``staff`` belong to the shop that is named."""

    PUBLIC = EVERYBODY
    SELF = EVERYBODY[1:]
    BUYER = ("buyer",)
    BUYER_OR_OPERATOR = ("buyer", "support", "admin")
    STAFF = ("owner", "staff")
    OWNER = ("owner",)
    OWNER_OR_OPERATOR = ("owner", "support", "admin")
    OPERATOR = ("support", "admin")
    ADMIN = ("admin",)
    SERVICE = ()
    PROVED = ("nobody: the body or the header proves the sender",)


A = Audience
ROUTES: dict[str, Audience] = {
    # identity
    "GET /.well-known/jwks.json": A.PUBLIC,
    "POST /internal/tokens": A.PROVED,
    "POST /internal/mail-requests/{request_id}": A.SERVICE,
    "POST /internal/contacts": A.SERVICE,
    "GET /internal/sellers/{seller_id}/contacts": A.SERVICE,
    "POST /v1/accounts": A.PUBLIC,
    "POST /v1/accounts/verification": A.PUBLIC,
    "POST /v1/guests": A.PUBLIC,
    "POST /v1/accounts/verification-requests": A.PUBLIC,
    "POST /v1/password-resets": A.PUBLIC,
    "POST /v1/password-resets/confirmation": A.PUBLIC,
    "POST /v1/sessions": A.PUBLIC,
    "GET /v1/sessions": A.SELF,
    "DELETE /v1/sessions": A.SELF,
    "DELETE /v1/sessions/current": A.SELF,
    "DELETE /v1/sessions/{session_id}": A.BUYER,
    "POST /v1/tokens": A.PUBLIC,
    "POST /v1/tokens/revocation": A.PUBLIC,
    "GET /v1/me": A.SELF,
    "PATCH /v1/me": A.SELF,
    "POST /v1/me/password": A.SELF,
    "POST /v1/sellers": A.SELF,
    "GET /v1/sellers": A.PUBLIC,
    "GET /v1/sellers/{seller_id}": A.PUBLIC,
    "PATCH /v1/sellers/{seller_id}": A.OWNER,
    "GET /v1/sellers/{seller_id}/members": A.STAFF,
    "POST /v1/sellers/{seller_id}/members": A.OWNER,
    "DELETE /v1/sellers/{seller_id}/members/{account_id}": A.STAFF,
    "GET /v1/operator/sellers": A.OPERATOR,
    "POST /v1/operator/sellers/{seller_id}/open": A.ADMIN,
    "POST /v1/operator/sellers/{seller_id}/suspend": A.ADMIN,
    "POST /v1/operator/sellers/{seller_id}/close": A.ADMIN,
    "GET /v1/operator/accounts": A.OPERATOR,
    "PUT /v1/operator/accounts/{account_id}/roles": A.ADMIN,
    # catalog
    "GET /v1/search": A.PUBLIC,
    "GET /v1/suggestions": A.PUBLIC,
    "GET /v1/products": A.PUBLIC,
    "GET /v1/products/{product_id}": A.PUBLIC,
    "GET /v1/offers": A.PUBLIC,
    "GET /v1/categories": A.PUBLIC,
    "POST /v1/operator/categories": A.ADMIN,
    "PATCH /v1/operator/categories/{category_id}": A.ADMIN,
    "POST /v1/sellers/{seller_id}/products": A.STAFF,
    "GET /v1/sellers/{seller_id}/offers": A.STAFF,
    "POST /v1/sellers/{seller_id}/offers": A.STAFF,
    "PATCH /v1/sellers/{seller_id}/offers/{offer_id}": A.STAFF,
    "POST /v1/sellers/{seller_id}/media": A.STAFF,
    "PUT /v1/sellers/{seller_id}/pictures": A.STAFF,
    "PUT /v1/sellers/{seller_id}/products/{product_id}/images": A.STAFF,
    "GET /v1/shop-pictures": A.PUBLIC,
    "GET /media/{digest}/{file}": A.PUBLIC,
    # order
    "GET /v1/cart": A.PUBLIC,
    "PUT /v1/cart/lines/{offer_id}": A.PUBLIC,
    "DELETE /v1/cart/lines/{offer_id}": A.PUBLIC,
    "POST /v1/checkouts": A.SELF,
    "POST /v1/orders/{order_id}/payment": A.BUYER,
    "POST /v1/orders/{order_id}/cancellation": A.BUYER,
    "GET /v1/orders": A.SELF,
    "GET /v1/orders/{order_id}": A.BUYER_OR_OPERATOR,
    "GET /v1/orders/{order_id}/events": A.BUYER_OR_OPERATOR,
    "GET /v1/operator/orders": A.OPERATOR,
    "GET /v1/sellers/{seller_id}/orders": A.STAFF,
    "GET /v1/sellers/{seller_id}/orders/{seller_order_id}": A.STAFF,
    "GET /v1/sellers/{seller_id}/order-counts": A.STAFF,
    # payment
    "GET /v1/payments/{order_id}": A.BUYER_OR_OPERATOR,
    "POST /v1/payments/{order_id}/refresh": A.BUYER_OR_OPERATOR,
    "GET /v1/payment-config": A.PUBLIC,
    "GET /v1/sellers/{seller_id}/payout-account": A.OWNER_OR_OPERATOR,
    "POST /v1/sellers/{seller_id}/payout-account": A.OWNER,
    "GET /v1/sellers/{seller_id}/settlements": A.OWNER_OR_OPERATOR,
    "GET /v1/sellers/{seller_id}/earnings": A.OWNER_OR_OPERATOR,
    "GET /v1/operator/orders/{order_id}/money": A.OPERATOR,
    "POST /v1/operator/settlements/{seller_order_id}/release": A.ADMIN,
    "GET /v1/operator/ledger/balances": A.OPERATOR,
    "POST /webhooks/stripe": A.PROVED,
    # logistics
    "GET /v1/orders/{order_id}/shipments": A.BUYER_OR_OPERATOR,
    "GET /v1/sellers/{seller_id}/shipments": A.STAFF,
    "GET /v1/sellers/{seller_id}/shipments/{shipment_id}": A.STAFF,
    "POST /v1/sellers/{seller_id}/shipments/{shipment_id}/ship": A.STAFF,
    "POST /webhooks/carrier": A.PROVED,
    # review
    "POST /v1/reviews": A.BUYER,
    "GET /v1/me/reviewable": A.SELF,
    "GET /v1/products/{product_id}/reviews": A.PUBLIC,
    "GET /v1/ratings": A.PUBLIC,
    # messaging
    "GET /v1/notifications": A.SELF,
    "POST /v1/notifications/read": A.SELF,
    # analytics
    "GET /v1/operator/sales": A.OPERATOR,
    "GET /v1/sellers/{seller_id}/sales": A.STAFF,
    "GET /v1/operator/audience": A.OPERATOR,
    "GET /v1/operator/pipeline": A.OPERATOR,
    "GET /v1/operator/traces/{correlation_id}": A.OPERATOR,
    # gateway
    "GET /v1/health": A.PUBLIC,
    "POST /v1/activity": A.PUBLIC,
    "GET /docs": A.PUBLIC,
    "GET /docs.css": A.PUBLIC,
    "GET /openapi.json": A.PUBLIC,
    "GET /problems/{code}": A.PUBLIC,
}
SAME_NAME = {"seller_id_or_handle": "seller_id", "anchor": "correlation_id"}
"""Path parameters that services call otherwise than the gateway."""

QUERIES = {
    "GET /v1/suggestions": "?q=miel",
    "GET /v1/offers": "?ids=off_x",
    "GET /v1/ratings": "?ids=prd_x",
    "GET /v1/shop-pictures": "?ids=sel_x",
    "GET /v1/operator/accounts": "?email=emma%40mail.example",
}
_WORDS = {"fr": "Faux", "en": "Fake"}
_PRICE = {"amount": 1, "currency": "EUR"}
BODIES: dict[str, Any] = {
    "POST /internal/tokens": {"audience": ["order"], "credential": {"kind": "anonymous"}},
    "POST /internal/contacts": {"accounts": ["acc_x"], "sellers": ["sel_x"]},
    "POST /v1/guests": {"email": "guest@courriel.example", "display_name": "Ada", "locale": "fr"},
    "POST /v1/accounts": {
        "email": "isolation@courriel.example",
        "password": "un-marche-bien-couvert",
        "display_name": "Ada",
        "locale": "fr",
    },
    "POST /v1/accounts/verification": {"token": "x" * 43},
    "POST /v1/accounts/verification-requests": {"email": "nobody@courriel.example"},
    "POST /v1/password-resets": {"email": "nobody@courriel.example"},
    "POST /v1/password-resets/confirmation": {"token": "x" * 43, "password": "un-marche-bien-couvert"},
    "POST /v1/sessions": {"email": "nobody@courriel.example", "password": "x"},
    "POST /v1/tokens": {"grant_type": "refresh_token", "refresh_token": "x" * 43},
    "POST /v1/tokens/revocation": {"refresh_token": "x" * 43},
    "PATCH /v1/me": {"locale": "fr"},
    "POST /v1/me/password": {"current_password": "wrong", "new_password": "un-marche-bien-couvert"},
    "POST /v1/sellers": {
        "handle": "faux",
        "name": "Faux",
        "description": _WORDS,
        "town": "Lyon",
        "postal_code": "69002",
        "country": "FR",
        "latitude": 45760000,
        "longitude": 4830000,
    },
    "PATCH /v1/sellers/{seller_id}": {"town": "Ailleurs"},
    "POST /v1/sellers/{seller_id}/members": {"email": "moi@courriel.example"},
    "POST /v1/operator/sellers/{seller_id}/suspend": {"reason": "envy"},
    "POST /v1/operator/sellers/{seller_id}/close": {"reason": "envy"},
    "PUT /v1/operator/accounts/{account_id}/roles": {"roles": ["admin"]},
    "POST /v1/operator/categories": {"slug": "faux", "name": _WORDS},
    "PATCH /v1/operator/categories/{category_id}": {"name": _WORDS},
    "POST /v1/sellers/{seller_id}/products": {
        "title": _WORDS,
        "description": _WORDS,
        "category_id": "cat_x",
        "variants": [{"label": _WORDS}],
    },
    "POST /v1/sellers/{seller_id}/offers": {
        "variant_id": "var_x",
        "price": _PRICE,
        "stock": 1,
        "condition": "new",
        "handling_days": 1,
    },
    "PATCH /v1/sellers/{seller_id}/offers/{offer_id}": {"stock": 0},
    "PUT /v1/sellers/{seller_id}/pictures": {"logo": None, "banner": None},
    "PUT /v1/sellers/{seller_id}/products/{product_id}/images": {"images": []},
    "PUT /v1/cart/lines/{offer_id}": {"quantity": 1},
    "POST /v1/checkouts": {
        "cart_version": 0,
        "payment_method": "pm_card_visa",
        "shipping_address": {"name": "A", "line1": "1", "postal_code": "1", "city": "L", "country": "FR"},
    },
    "POST /v1/orders/{order_id}/payment": {"payment_method": "pm_card_visa"},
    "POST /v1/sellers/{seller_id}/shipments/{shipment_id}/ship": {"carrier": "colis-demo"},
    "POST /v1/reviews": {"line_id": "{line_id}", "rating": 1, "title": "Faux", "text": "Faux", "locale": "fr"},
    "POST /v1/notifications/read": {"up_to": "ntf_00000000000000000000000000000000"},
    "POST /v1/activity": {"page": "home", "consent": True},
    "POST /webhooks/stripe": {"id": "evt_x"},
    "POST /webhooks/carrier": {"id": "evt_x"},
}
"""A valid body for each write, so that who asks is what refuses it. Names in braces are ids of the story."""

"""Stripe through its own SDK. The only modules that import it are those of this folder."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from payment.adapters import stripe_facts, stripe_requests
from payment.adapters.stripe_outcomes import failed_read, outcome_of
from payment.adapters.stripe_sdk import stripe
from payment.domain.facts import (
    Answer,
    Done,
    Intent,
    IntentStatus,
    Movement,
    Outcome,
    PayoutAccount,
    PayoutSchedule,
    Refund,
    Transfer,
)
from payment.domain.operation import Kind
from payment.ports import Call

_CONNECT_TIMEOUT, _READ_TIMEOUT = 5, 30
_RETRIES = 2
_CONNECTIONS = 20
_CLOCK_MARGIN = timedelta(minutes=5)
"""Stripe's clock and ours differ; a lookup starts this much earlier."""
_PAGE = 100
_FINAL = (IntentStatus.SUCCEEDED, IntentStatus.CANCELED)
_CONFIRMED = (*_FINAL, IntentStatus.REQUIRES_CAPTURE, IntentStatus.PROCESSING)
"""A challenge or a decline may be an earlier card's: sending the same key again tells which."""


class WrongMode(ValueError):
    """A live key may only meet Stripe itself, and a stand-in's key never does."""


def require_matching_mode(key: str, address: str) -> None:
    """Refuse to start when key and address belong to different worlds.

    :raises WrongMode: a live key with another address than Stripe's, or a stand-in's key with Stripe's.
    """
    is_live = key.startswith(("sk_live_", "rk_live_"))
    if is_live and address:
        raise WrongMode("PAYMENT_STRIPE_KEY is a live key but PAYMENT_STRIPE_ADDRESS is not Stripe's.")
    if "standin" in key and not address:
        raise WrongMode(
            "PAYMENT_STRIPE_KEY belongs to the stand-in but PAYMENT_STRIPE_ADDRESS is empty, which is Stripe's."
        )
    if not is_live and not key.startswith(("sk_test_", "rk_test_")):
        raise WrongMode("PAYMENT_STRIPE_KEY is not a secret key of Stripe.")


class StripeProvider:
    """Implements ``PaymentProvider``. ``address`` empty means Stripe itself."""

    def __init__(self, key: str, *, address: str) -> None:
        require_matching_mode(key, address)
        self._key = key
        self._address = address
        self._http: stripe.AIOHTTPClient | None = None
        self._client: stripe.StripeClient | None = None

    async def open(self) -> None:
        """Make the client, inside the event loop that uses it."""
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_TIMEOUT, sock_read=_READ_TIMEOUT)
        # A stand-in without TLS needs no certificates: reading Stripe's bundle costs memory and start-up time.
        plain = aiohttp.TCPConnector(limit=_CONNECTIONS) if self._address.startswith("http://") else None
        self._http = stripe.AIOHTTPClient(timeout=timeout, connector=plain)
        bases: Any = (
            dict.fromkeys(("api", "files", "connect", "meter_events"), self._address) if self._address else None
        )
        # Without `max_network_retries` a client does not retry at all, whatever the module's default says.
        self._client = stripe.StripeClient(
            self._key, base_addresses=bases, max_network_retries=_RETRIES, http_client=self._http
        )

    async def close(self) -> None:
        """Close its connections."""
        http: Any = self._http
        if http is not None:
            await http.close_async()

    def freeze(self, call: Call) -> tuple[Kind, bytes]:
        """Return the exact request for a call."""
        return stripe_requests.freeze(call)

    async def send(self, kind: Kind, request: bytes, *, key: str) -> Outcome:
        """Make the call under the idempotency key."""
        target, params = stripe_requests.thaw(request)
        try:
            body = await self._calls()[kind](target, params, {"idempotency_key": key})
        except Exception as error:
            return outcome_of(error)
        return Done(_map(kind, body.to_dict(), target))

    async def find(self, kind: Kind, request: bytes, *, since: datetime) -> Answer | None:
        """Look for the effect of a call, by type (payments.md 4.5); never by the Search API, which lags."""
        target, params = stripe_requests.thaw(request)
        try:
            if kind in (Kind.CONFIRM_INTENT, Kind.CAPTURE_INTENT, Kind.CANCEL_INTENT):
                return _effect(kind, await self.read_intent(target))
            if kind is Kind.HOLD_PAYOUTS:
                return await self._held_payouts(target)
            async for body in self._candidates(kind, params, since - _CLOCK_MARGIN):
                if params["metadata"].items() <= (body.get("metadata") or {}).items():
                    return await self._read_again(kind, body["id"])
        except Exception as error:
            raise failed_read(error) from error
        return None

    async def read_intent(self, intent_id: str) -> Intent:
        """Read an intent with its charge and fee."""
        params: Any = {"expand": stripe_requests.WITH_FEE}
        return stripe_facts.intent(await _read(self._stripe.v1.payment_intents.retrieve_async(intent_id, params)))

    async def read_transfer(self, transfer_id: str) -> Transfer:
        params: Any = {"expand": ["balance_transaction"]}
        return stripe_facts.transfer(await _read(self._stripe.v1.transfers.retrieve_async(transfer_id, params)))

    async def read_refund(self, refund_id: str) -> Refund:
        params: Any = {"expand": ["balance_transaction"]}
        return stripe_facts.refund(await _read(self._stripe.v1.refunds.retrieve_async(refund_id, params)))

    async def read_account(self, account_id: str) -> PayoutAccount:
        """Read an account with the parts that say where it stands."""
        params: Any = {"include": stripe_requests.ACCOUNT_PARTS}
        return stripe_facts.account(await _read(self._stripe.v2.core.accounts.retrieve_async(account_id, params)))

    async def read_movement(self, movement_id: str) -> Movement:
        body = await _read(self._stripe.v1.balance_transactions.retrieve_async(movement_id))
        found = stripe_facts.movement(body)
        if found is None:
            raise LookupError(movement_id)
        return found

    async def onboarding_link(self, account_id: str, *, return_url: str) -> str:
        """Mint a single-use address; whoever comes back to ``return_url`` has proved nothing by it."""
        options = {"fields": "eventually_due", "future_requirements": "include"}
        onboarding = {"refresh_url": return_url, "return_url": return_url, "collection_options": options}
        use_case = {"type": "account_onboarding", "account_onboarding": onboarding}
        params: Any = {"account": account_id, "use_case": use_case}
        body = await _read(self._stripe.v2.core.account_links.create_async(params))
        return str(body["url"])

    @property
    def _stripe(self) -> stripe.StripeClient:
        if self._client is None:
            raise RuntimeError("the payment provider is not open")
        return self._client

    def _calls(self) -> dict[Kind, Callable[[str, Any, Any], Awaitable[Any]]]:
        v1, accounts = self._stripe.v1, self._stripe.v2.core.accounts
        intents = v1.payment_intents
        return {
            Kind.CREATE_INTENT: lambda _, params, options: intents.create_async(params, options),
            Kind.CONFIRM_INTENT: intents.confirm_async,
            Kind.CAPTURE_INTENT: intents.capture_async,
            Kind.CANCEL_INTENT: intents.cancel_async,
            Kind.CREATE_REFUND: lambda _, params, options: v1.refunds.create_async(params, options),
            Kind.CREATE_TRANSFER: lambda _, params, options: v1.transfers.create_async(params, options),
            Kind.CREATE_ACCOUNT: lambda _, params, options: accounts.create_async(params, options),
            Kind.HOLD_PAYOUTS: lambda account, params, options: v1.balance_settings.update_async(
                params, _as_account(account, options)
            ),
        }

    async def _held_payouts(self, account_id: str) -> PayoutSchedule | None:
        settings: Any = self._stripe.v1.balance_settings
        body = (await settings.retrieve_async(options={"stripe_account": account_id})).to_dict()
        schedule = stripe_facts.payout_schedule(body, account_id)
        return schedule if schedule.interval == stripe_requests.MANUAL else None

    async def _candidates(self, kind: Kind, params: dict[str, Any], since: datetime) -> AsyncIterator[dict[str, Any]]:
        """List what the call may have made, newest first."""
        created = {"gte": int(since.timestamp())}
        v1: Any = self._stripe.v1
        if kind is Kind.CREATE_TRANSFER:
            page = await v1.transfers.list_async({"transfer_group": params["transfer_group"], "limit": _PAGE})
        elif kind is Kind.CREATE_REFUND:
            page = await v1.refunds.list_async({"payment_intent": params["payment_intent"], "limit": _PAGE})
        elif kind is Kind.CREATE_ACCOUNT:
            accounts: Any = self._stripe.v2.core.accounts
            page = await accounts.list_async({"limit": _PAGE})
        else:
            page = await v1.payment_intents.list_async({"created": created, "limit": _PAGE})
        async for body in page.auto_paging_iter():
            yield body.to_dict()

    async def _read_again(self, kind: Kind, found_id: str) -> Answer:
        """Lists are not expanded; read the one that was found with everything we book from."""
        match kind:
            case Kind.CREATE_TRANSFER:
                return await self.read_transfer(found_id)
            case Kind.CREATE_REFUND:
                return await self.read_refund(found_id)
            case Kind.CREATE_ACCOUNT:
                return await self.read_account(found_id)
            case _:
                return await self.read_intent(found_id)


async def _read(call: Awaitable[Any]) -> dict[str, Any]:
    try:
        return dict((await call).to_dict())
    except Exception as error:
        raise failed_read(error) from error


def _as_account(account_id: str, options: dict[str, Any]) -> Any:
    return {**options, "stripe_account": account_id}


def _map(kind: Kind, body: dict[str, Any], target: str) -> Answer:
    match kind:
        case Kind.HOLD_PAYOUTS:
            return stripe_facts.payout_schedule(body, target)
        case Kind.CREATE_REFUND:
            return stripe_facts.refund(body)
        case Kind.CREATE_TRANSFER:
            return stripe_facts.transfer(body)
        case Kind.CREATE_ACCOUNT:
            return stripe_facts.account(body)
        case _:
            return stripe_facts.intent(body)


def _effect(kind: Kind, intent: Intent) -> Intent | None:
    """Say whether the intent shows that the call took effect, or that it cannot any more."""
    conclusive = _CONFIRMED if kind is Kind.CONFIRM_INTENT else _FINAL
    return intent if intent.status in conclusive else None

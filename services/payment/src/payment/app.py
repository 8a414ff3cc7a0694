"""The wiring of payment: the only place that knows every part."""

from collections.abc import Callable

from chassis.db import Database
from edge.client import ClientKey, ServiceClient
from edge.http import create_api
from payment.adapters.identity_contacts import IdentityContacts
from payment.adapters.stripe_provider import StripeProvider
from payment.adapters.stripe_webhooks import StripeWebhooks
from payment.api import buyer, operator, seller, webhooks
from payment.api.schemas import PaymentConfig
from payment.api.trial_cards import trial_cards
from payment.consumers import subscription
from payment.service.progress import Desk
from payment.settings import Settings
from payment.wakes import Wakes
from payment.workers.accounts import AccountWorker
from payment.workers.operations import OperationWorker
from payment.workers.settlements import SettlementWorker
from payment.workers.webhooks import WebhookWorker
from runtime.loops import Loop
from runtime.run import Service

STRIPE_SCRIPT_URL = "https://js.stripe.com/v3/"


def build(settings: Settings) -> Service:
    """Put the service together."""
    db = Database(settings.database_url.get_secret_value(), name="payment", pool_size=settings.pool_size)
    provider = StripeProvider(settings.stripe_key.get_secret_value(), address=settings.stripe_address)
    identity = _identity(settings)
    loops: dict[str, Loop] = {}
    wakes = _wakes(loops)
    desk = Desk(provider, settings.site_url, wakes.operations, take=lambda planned: operations.take(planned))
    operations, settlements = OperationWorker(db, desk), SettlementWorker(db, desk)
    look_at_balance = _both(settlements.expect_balance, wakes.balance)
    incoming = WebhookWorker(db, desk, wake=wakes.webhooks, wake_balance=look_at_balance)
    accounts = AccountWorker(db, desk, contacts=IdentityContacts(identity), currency=settings.currency)
    loops |= {
        "operations": Loop("payment.operations", operations.work, seconds=5),
        "webhooks": Loop("payment.webhooks", incoming.work, seconds=5),
        "settlements": Loop("payment.settlements", settlements.release, seconds=5),
        "balance": Loop("payment.balance", settlements.settle_balance, seconds=30),
        "accounts": Loop("payment.accounts", accounts.work, seconds=15),
        "doubt": Loop("payment.doubt", operations.measure, seconds=15),
    }
    verifier = _verifier(settings)
    routers = [
        buyer.router(db, desk, config=_config(settings)),
        seller.router(db, desk),
        operator.router(db, wake_settlements=wakes.settlements),
        webhooks.router(db, verifier, wake=wakes.webhooks),
    ]
    return Service(
        name="payment",
        settings=settings,
        db=db,
        api=create_api("payment", routers=routers, db=db, settings=settings),
        subscriptions=[
            subscription(
                desk,
                wakes=wakes,
                commission_basis_points=settings.commission_basis_points,
                hold_seconds=settings.hold_seconds,
            )
        ],
        loops=list(loops.values()),
        resources=[provider, identity, operations],
    )


def _wakes(loops: dict[str, Loop]) -> Wakes:
    """Wake-ups by name; the loops are made after those who wake them."""

    def wake(name: str) -> Callable[[], None]:
        return lambda: loops[name].wake()

    return Wakes(
        operations=wake("operations"),
        webhooks=wake("webhooks"),
        settlements=wake("settlements"),
        balance=wake("balance"),
        accounts=wake("accounts"),
    )


def _both(first: Callable[[], None], second: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        first()
        second()

    return run


def _identity(settings: Settings) -> ServiceClient:
    return ServiceClient(
        key=ClientKey("payment", settings.client_key_file),
        upstream="identity",
        base_url=settings.identity_url,
        identity_url=settings.identity_url,
    )


def _verifier(settings: Settings) -> StripeWebhooks:
    secrets = settings.stripe_webhook_secret.get_secret_value().split(",")
    is_live = settings.stripe_key.get_secret_value().startswith(("sk_live_", "rk_live_"))
    return StripeWebhooks(secrets, is_live=is_live)


def _config(settings: Settings) -> PaymentConfig:
    return PaymentConfig(
        publishable_key=settings.stripe_publishable_key,
        script_url=None if settings.stripe_address else STRIPE_SCRIPT_URL,
        test_methods=[] if settings.environment == "production" else trial_cards(),
    )

"""Puts identity together."""

from fastapi import APIRouter

from chassis.clock import utc_now
from chassis.db import Database
from edge.http import create_api
from identity import consumers
from identity.adapters.argon2_pool import Argon2Pool
from identity.adapters.blocklist import common_words
from identity.adapters.client_keys import read_client_keys
from identity.adapters.keys import read_signing_keys
from identity.adapters.tokens import TokenSigner
from identity.api import accounts, guests, internal, me, members, operator, sellers, sign_in
from identity.commands import republish
from identity.service.account import PasswordChange
from identity.service.app_tokens import AppSignIn
from identity.service.exchange import TokenExchange
from identity.service.housekeeping import Housekeeping
from identity.service.intake import Intake
from identity.service.sign_in import SignIn
from identity.service.verification import PasswordReset
from identity.settings import Settings
from runtime.loops import Loop
from runtime.run import Service


def build(settings: Settings) -> Service:
    """Everything that identity is made of."""
    db = Database(settings.database_url.get_secret_value(), name="identity", pool_size=settings.pool_size)
    hasher = Argon2Pool()
    intake = Intake(db, hasher, common_words())
    intake_loop = Loop("intake", intake.settle_next, seconds=1.0)
    intake.added = intake_loop.wake
    # The token exchange runs for every request of the platform: its routes are matched first.
    routers = [_for_services(settings, db), *_for_people(settings, db, hasher, intake)]
    return Service(
        name="identity",
        settings=settings,
        api=create_api("identity", routers=routers, settings=settings, db=db),
        db=db,
        subscriptions=[consumers.SUBSCRIPTION],
        loops=[intake_loop, Loop("housekeeping", Housekeeping(db).sweep, seconds=600.0)],
        resources=[hasher],
        commands={"republish": republish},
    )


def _for_people(settings: Settings, db: Database, hasher: Argon2Pool, intake: Intake) -> list[APIRouter]:
    blocked, signing_in = common_words(), SignIn(db, hasher)
    signer = TokenSigner(read_signing_keys(settings.signing_key_file, settings.other_signing_key_file))
    reset, admin = PasswordReset(db, hasher, blocked), settings.bootstrap_admin_email
    return [
        accounts.router(db, intake=intake, reset=reset, bootstrap_admin=admin),
        sign_in.router(db, sign_in=signing_in, apps=AppSignIn(db, sign_in=signing_in, signer=signer, clock=utc_now)),
        guests.router(db),
        me.router(db, passwords=PasswordChange(db, hasher, blocked)),
        sellers.router(db),
        members.router(db),
        operator.router(db),
    ]


def _for_services(settings: Settings, db: Database) -> APIRouter:
    keys = read_signing_keys(settings.signing_key_file, settings.other_signing_key_file)
    clients = read_client_keys(settings.client_keys_file)
    exchange = TokenExchange(db, signer=TokenSigner(keys), audiences=clients.names, clock=utc_now)
    return internal.router(db, clients=clients, exchange=exchange, published_keys=keys.published)

"""Puts messaging together."""

from email.utils import parseaddr

from chassis.clock import utc_now
from chassis.db import Database
from edge.client import ClientKey, ServiceClient
from edge.http import create_api
from messaging.adapters.directory import IdentityDirectory
from messaging.adapters.smtp import SmtpMailer, smtp_address
from messaging.adapters.templates import Templates
from messaging.adapters.texts import texts_in
from messaging.api import notifications
from messaging.consumers.subscription import SUBSCRIPTION
from messaging.service.addressing import Addressing
from messaging.service.housekeeping import Housekeeping
from messaging.service.sending import Post, Sender
from messaging.settings import Settings
from runtime.loops import Loop
from runtime.run import Service


def build(settings: Settings) -> Service:
    """Everything that messaging is made of."""
    db = Database(settings.database_url.get_secret_value(), name="messaging", pool_size=settings.pool_size)
    key = ClientKey("messaging", settings.client_key_file)
    identity_url, site_url = settings.identity_url, settings.site_url.rstrip("/")
    identity = ServiceClient(key=key, upstream="identity", base_url=identity_url, identity_url=identity_url)
    directory = IdentityDirectory(identity, clock=utc_now)
    mailer = SmtpMailer(smtp_address(settings.smtp_url.get_secret_value()), sender=parseaddr(settings.sender)[1])
    post = Post(mailer=mailer, renderer=Templates(site_url), texts=texts_in, sender=settings.sender)
    sender = Sender(db, addressing=Addressing(directory, site_url=site_url), post=post, clock=utc_now)
    return Service(
        name="messaging",
        settings=settings,
        api=create_api("messaging", routers=[notifications.router(db, texts=texts_in)], settings=settings, db=db),
        db=db,
        subscriptions=[SUBSCRIPTION],
        loops=[
            Loop("mails", sender.send_due, seconds=1.0),
            Loop("housekeeping", Housekeeping(db).sweep, seconds=3600.0),
        ],
        resources=[identity, mailer],
    )

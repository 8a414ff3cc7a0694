"""Identity asks for mails with secrets."""

from contracts.event import Event
from contracts.identity import AccountMailRequested
from messaging.domain.message import Audience, Mail, Reaction


def react(event: Event) -> Reaction:
    match event:
        case AccountMailRequested():
            audience = Audience("request", event.request_id)
            return Reaction(mails=(Mail(key=f"account:{event.request_id}", kind=event.purpose, audience=audience),))
        case _:
            return Reaction()

"""Sends what is due: marked first, sent outside any transaction, then what became of it is kept."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from chassis import context
from chassis.clock import Clock
from chassis.crash import checkpoint
from chassis.db import Database
from edge.errors import Unavailable
from messaging.domain.delivery import LEASE, MOST_DOUBTS, Outcome, Tries, Verdict, decide
from messaging.ports import Contacts, Mailer, MailOutcomeUnknown, MailRefused, MailServerAway, Renderer, Texts
from messaging.repository import mails
from messaging.repository.mails import ClaimedMail, End
from messaging.service.addressing import Addressed, Addressing, NotNeeded, NotYet, Orders
from messaging.service.envelope import as_bytes
from messaging.service.letters.compose import compose

log = structlog.get_logger()
_AT_ONCE = 16
_SECONDS = 45
"""Bound of one try, shorter than the lease."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """How letters become mail. ``texts`` gives the catalogue of a locale, ``sender`` is the From address."""

    mailer: Mailer
    renderer: Renderer
    texts: Callable[[str], Texts]
    sender: str


class Sender:
    def __init__(self, db: Database, *, addressing: Addressing, post: Post, clock: Clock) -> None:
        self._db = db
        self._addressing = addressing
        self._post = post
        self._clock = clock

    async def send_due(self) -> bool:
        """Send some of what is due; True when there may be more."""
        async with self._db.hot_transaction() as tx:
            claimed = await mails.claim(tx, limit=_AT_ONCE, lease=LEASE)
            orders = await mails.orders_of(tx, claimed)
        checkpoint("mail.after_claim")
        if claimed:
            known = await self._addressing.look_up(claimed, orders)
            ends = await asyncio.gather(*(self._send(mail, orders, known) for mail in claimed))
            async with self._db.hot_transaction() as tx:
                await mails.finish(tx, ends)
        return len(claimed) == _AT_ONCE

    async def _send(self, mail: ClaimedMail, orders: Orders, known: Contacts | None) -> End:
        with context.bound(context.Cause(mail.correlation_id)):
            if mail.lost:
                log.warning("mail.outcome_unknown", mail_id=mail.mail_id, reason="its process did not come back")
            if mail.lost and mail.doubts >= MOST_DOUBTS:
                return End(mail=mail, verdict=Verdict("doubtful"), error="outcome unknown too often", is_doubt=False)
            outcome, error = await self._try(mail, orders, known)
            checkpoint("mail.after_send")
            tries = Tries(attempts=mail.attempts, doubts=mail.doubts, created_at=mail.created_at)
            verdict = decide(outcome, tries, now=self._clock())
            self._tell(mail, outcome, verdict, error)
            return End(mail=mail, verdict=verdict, error=error, is_doubt=outcome is Outcome.UNKNOWN)

    async def _try(self, mail: ClaimedMail, orders: Orders, known: Contacts | None) -> tuple[Outcome, str | None]:
        handing_over = False
        try:
            async with asyncio.timeout(_SECONDS):
                addressed = await self._addressing.address(mail, orders, known)
                message = self._message(mail, addressed)
                handing_over = True
                await self._post.mailer.send(message, recipients=[contact.email for contact in addressed.recipients])
        except MailRefused as refused:
            return (Outcome.REFUSED if refused.for_good else Outcome.LATER), str(refused)
        except (MailServerAway, Unavailable, NotYet) as away:
            return Outcome.LATER, str(away)
        except NotNeeded as gone:
            return Outcome.NOT_NEEDED, str(gone)
        except MailOutcomeUnknown as unknown:
            return Outcome.UNKNOWN, str(unknown)
        except TimeoutError:
            return (Outcome.UNKNOWN if handing_over else Outcome.LATER), f"no answer within {_SECONDS} s"
        except Exception as bug:
            log.exception("mail.not_composed", mail_id=mail.mail_id, kind=mail.kind)
            return Outcome.LATER, repr(bug)
        return Outcome.TOLD, None

    def _message(self, mail: ClaimedMail, addressed: Addressed) -> bytes:
        locale = addressed.recipients[0].locale
        letter = compose(mail.kind, addressed.facts, self._post.texts(locale))
        return as_bytes(mail, letter, addressed.recipients, sender=self._post.sender, renderer=self._post.renderer)

    def _tell(self, mail: ClaimedMail, outcome: Outcome, verdict: Verdict, error: str | None) -> None:
        known = {"mail_id": mail.mail_id, "kind": mail.kind, "attempt": mail.attempts, "status": verdict.status}
        if outcome is Outcome.TOLD:
            log.info("mail.sent", **known)
        elif outcome is Outcome.UNKNOWN or verdict.status == "failed":
            log.warning("mail.not_sent", **known, outcome=outcome.value, error=error)
        else:
            log.info("mail.not_sent", **known, outcome=outcome.value, error=error)

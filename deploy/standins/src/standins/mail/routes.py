"""The mailbox for people (pages) and for tests (JSON)."""

from datetime import UTC, datetime

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from standins.mail.store import Mailbox
from standins.pages.rendering import Pages, stylesheet

_PREVIEW_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data: https: http:; sandbox allow-popups allow-popups-to-escape-sandbox"


class MailRoutes:
    """Routes over one mailbox."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self._pages = Pages("standins.mail")

    def app(self) -> Starlette:
        """Build the application."""
        return Starlette(
            routes=[
                Route("/", self.show_mailbox),
                Route("/messages/{number:int}", self.show_message),
                Route("/messages/{number:int}/html", self.show_html),
                Route("/clear", self.clear_by_hand, methods=["POST"]),
                Route("/api/messages", self.list_messages),
                Route("/api/messages", self.clear, methods=["DELETE"]),
                Route("/api/messages/{number:int}", self.read_message),
                Route("/static/standin.css", stylesheet),
                Route("/readyz", _ready),
            ]
        )

    async def list_messages(self, request: Request) -> Response:
        """List messages, newest first; `to` is an address, `since` an ISO 8601 time of receipt."""
        try:
            since = _moment(request.query_params.get("since"))
        except ValueError:
            return _json({"error": "since must be a time in ISO 8601"}, status=400)
        return _json(self._mailbox.listed(to=request.query_params.get("to"), since=since))

    async def read_message(self, request: Request) -> Response:
        """Return one message."""
        message = self._mailbox.get(request.path_params["number"])
        return _json({"error": "no such message"}, status=404) if message is None else _json(message)

    async def clear(self, _: Request) -> Response:
        """Delete all messages."""
        return _json({"deleted": self._mailbox.clear()})

    async def show_mailbox(self, request: Request) -> Response:
        """Show the newest messages, to one address if asked."""
        to = request.query_params.get("to") or None
        return self._pages.page(request, "mailbox.html", messages=self._mailbox.listed(to=to, since=None), to=to or "")

    async def show_message(self, request: Request) -> Response:
        """Show one message: its HTML in a sandbox, its text below."""
        message = self._mailbox.get(request.path_params["number"])
        if message is None:
            return self._pages.page(request, "missing.html", status=404)
        return self._pages.page(request, "message.html", message=message)

    async def show_html(self, request: Request) -> Response:
        """Serve the HTML part alone; links open in a new tab, scripts never run."""
        message = self._mailbox.get(request.path_params["number"])
        html = "" if message is None else '<base target="_blank">' + str(message["html"])
        headers = {"Content-Security-Policy": _PREVIEW_POLICY, "Referrer-Policy": "no-referrer"}
        return HTMLResponse(html, status_code=404 if message is None else 200, headers=headers)

    async def clear_by_hand(self, _: Request) -> Response:
        """Delete all messages from the page."""
        self._mailbox.clear()
        return RedirectResponse("/", status_code=303)


def _moment(given: str | None) -> str | None:
    """Bring a time to the form in which receipt times are stored and compared."""
    if not given:
        return None
    moment = datetime.fromisoformat(given.replace(" ", "+"))
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="milliseconds")


async def _ready(_: Request) -> Response:
    return _json({"status": "ready", "standin": "mail"})


def _json(body: object, *, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status_code=status, media_type="application/json")

"""What the gateway publishes directly: consented activity, at most once, loss allowed. Key: the visit's id."""

from contracts.event import Event
from contracts.values import Code, Count, Label, Moment, Ref

ACTIVITY = "gateway.activity.v1"


class PageViewed(Event, topic=ACTIVITY, type="gateway.page-viewed.v1"):
    """``visit_id`` is random per visit and tied to no account. ``page`` is a route name, ``object_id`` what it shows."""

    visit_id: Ref
    page: Code
    object_id: Ref | None = None
    at: Moment


class SearchPerformed(Event, topic=ACTIVITY, type="gateway.search-performed.v1"):
    visit_id: Ref
    query: Label
    locale: Code
    hits: Count
    at: Moment


EVENTS = (PageViewed, SearchPerformed)

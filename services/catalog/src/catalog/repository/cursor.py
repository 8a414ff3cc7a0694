"""Where a list goes on: after the last item shown, by time and then id."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Position:
    """``created_at`` None stands for the beginning."""

    created_at: datetime | None
    id: str

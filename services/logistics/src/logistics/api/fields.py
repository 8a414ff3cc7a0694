"""Inputs that several routes take."""

from typing import Annotated

from fastapi import Path, Query

Id = Annotated[str, Path(pattern=r"^[!-~]{1,64}$")]
"""Somebody's id of something; one that nobody knows is a 404."""
OrderFilter = Annotated[str | None, Query(alias="order", pattern=r"^[!-~]{1,64}$")]
Cursor = Annotated[str | None, Query(alias="cursor", max_length=500)]
Limit = Annotated[int, Query(ge=1, le=100)]

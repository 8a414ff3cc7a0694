"""Versioned indices behind the aliases ``products`` and ``shops``."""

import re

import structlog

from catalog.adapters.index_schema import IndexNames
from catalog.adapters.opensearch import Engine, EngineRefusal, NotThere, away_as

log = structlog.get_logger()
_BAD_REQUEST = 400
_VERSION = re.compile(r"-v(\d+)$")


def index_name(alias: str, version: int) -> str:
    return f"{alias}-v{version}"


class IndexAdmin:
    """Creates, switches and drops indices. All calls raise ``edge.errors.Unavailable`` when the engine is away."""

    def __init__(self, engine: Engine, names: IndexNames) -> None:
        self._engine = engine
        self._bodies = names.bodies()

    async def ensure(self) -> None:
        """Make sure that both aliases exist; what is there stays as it is. Safe when several processes do it at once."""
        async with away_as():
            for alias in self._bodies:
                if not await self._engine.exists(f"_alias/{alias}"):
                    name = index_name(alias, await self._newest() or 1)
                    await self._create(alias, name)
                    await self._engine.call("PUT", f"{name}/_alias/{alias}")
                    log.info("search_index.created", index=name)

    async def extend(self) -> None:
        """Add fields that the indices behind the aliases do not have yet; what has to change otherwise needs a rebuild."""
        async with away_as():
            for alias, body in self._bodies.items():
                try:
                    await self._engine.call("PUT", f"{alias}/_mapping", body["mappings"])
                except NotThere:
                    continue
                except EngineRefusal as error:
                    if error.status != _BAD_REQUEST:
                        raise
                    log.warning("search_index.needs_rebuild", index=alias, reason=error.kind)

    async def create_next(self) -> int:
        """Create empty indices of a new version and return it; no alias points at them yet."""
        async with away_as():
            version = await self._newest() + 1
            for alias in self._bodies:
                await self._create(alias, index_name(alias, version))
        return version

    async def switch(self, version: int) -> None:
        """Point both aliases at this version in one step. The older indices stay, for searches that are in them.

        What the new ones hold is made visible first: they refresh once a second, and would answer that there is nothing.
        """
        async with away_as():
            await self._engine.call(
                "POST", f"{','.join(index_name(alias, version) for alias in self._bodies)}/_refresh"
            )
            actions = []
            for alias in self._bodies:
                actions.append({"remove": {"index": f"{alias}-v*", "alias": alias, "must_exist": False}})
                actions.append({"add": {"index": index_name(alias, version), "alias": alias}})
            await self._engine.call("POST", "_aliases", {"actions": actions})

    async def drop_older(self, version: int) -> None:
        """Remove the indices of all versions before this one."""
        async with away_as():
            for name in [name for name in await self._names() if _version(name) < version]:
                await self._engine.call("DELETE", f"{name}?ignore_unavailable=true")

    async def drop_unused(self, version: int) -> None:
        """Remove the indices of a version unless the aliases point at them."""
        async with away_as():
            for alias in self._bodies:
                name = index_name(alias, version)
                if not await self._engine.exists(f"{name}/_alias/{alias}"):
                    await self._engine.call("DELETE", f"{name}?ignore_unavailable=true")

    async def refresh(self) -> None:
        """Make everything written visible to searches now."""
        async with away_as():
            await self._engine.call("POST", f"{','.join(self._bodies)}/_refresh")

    async def _create(self, alias: str, name: str) -> None:
        try:
            await self._engine.call("PUT", name, self._bodies[alias])
        except EngineRefusal as error:
            if error.kind != "resource_already_exists_exception":
                raise

    async def _newest(self) -> int:
        return max((_version(name) for name in await self._names()), default=0)

    async def _names(self) -> list[str]:
        try:
            found = await self._engine.call("GET", ",".join(f"{alias}-v*" for alias in self._bodies))
        except NotThere:
            return []
        return list(found)


def _version(name: str) -> int:
    match = _VERSION.search(name)
    return int(match[1]) if match else 0

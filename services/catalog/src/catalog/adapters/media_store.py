"""Where renditions are kept: a folder of this machine, or any object store by its address.

``file:///var/lib/halles/media`` is a folder; ``s3://bucket/prefix``, ``gs://…`` and ``az://…`` go through obstore, which takes
credentials from the environment as their own tools do. obstore is imported when such an address is used: it costs 9 MB.
"""

import asyncio
import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from catalog.ports import MediaStore
from edge.errors import Unavailable

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_AWAY = "The store of pictures does not answer. Try again in a moment."


def media_store(address: str) -> MediaStore:
    """The store behind an address."""
    parts = urlsplit(address)
    if parts.scheme == "file":
        return FolderStore(Path(unquote(parts.path)))
    return RemoteStore(address)


class FolderStore:
    """One file per rendition; a file appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, key: str, data: bytes) -> None:
        try:
            await asyncio.to_thread(self._write, self._folder / key, data)
        except OSError as error:
            raise Unavailable(_AWAY) from error

    async def get(self, key: str) -> bytes | None:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            try:
                return await asyncio.to_thread((self._folder / key).read_bytes)
            except PermissionError as error:
                raise Unavailable(_AWAY) from error
        return None

    def _write(self, path: Path, data: bytes) -> None:
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{uuid4().hex}")
        with fresh.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(path)


class RemoteStore:
    """S3, Google Cloud Storage, Azure and what speaks like them."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._opened: ObjectStore | None = None

    async def put(self, key: str, data: bytes) -> None:
        from obstore.exceptions import BaseError  # noqa: PLC0415 - 9 MB that a folder does not need

        try:
            await self._store().put_async(key, data)
        except (BaseError, OSError) as error:
            raise Unavailable(_AWAY) from error

    async def get(self, key: str) -> bytes | None:
        from obstore.exceptions import BaseError  # noqa: PLC0415 - as above

        try:
            found = await self._store().get_async(key)
            return bytes(await found.bytes_async())
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as error:
            raise Unavailable(_AWAY) from error

    def _store(self) -> "ObjectStore":
        if self._opened is None:
            from obstore.store import from_url  # noqa: PLC0415 - as above

            self._opened = from_url(self._address)
        return self._opened

"""The photographs on the card: a list, a small picture of each, and the files themselves."""

import asyncio
import contextlib
import errno
import io
import logging
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path

import msgspec
from PIL import Image, ImageOps
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Message, Receive, Scope, Send

from device import sidecars
from device.album import Album, Picture
from device.errors import BadPicture, BadValue, McamError
from device.protocol import ErrorReply, Photo
from ui.picture_damage import DAMAGE

SHOWN = 24
SHOWN_MAX = 200
THUMBNAIL = (480, 480)  # twice what the page shows, for screens with two pixels to a point
CACHED = 256  # thumbnails, some 20 kB each

_TYPES = {".DNG": "image/x-adobe-dng", ".JPG": "image/jpeg"}
_EXIF, _EXPOSURE_TIME, _ISO, _TAKEN, _OFFSET = 0x8769, 0x829A, 0x8827, 0x9003, 0x9011  # tags of EXIF 2.32
_log = logging.getLogger(__name__)


class Listed(Photo, frozen=True):
    """A photograph with its marks."""

    rating: int = 0  # by its sidecars, 0 to 5, -1 for rejected
    protected: bool = False


class Listing(msgspec.Struct, frozen=True):
    """What GET /photos answers: photographs, newest first, or why there are none."""

    photos: list[Listed]
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A file as it is now: photographs are never overwritten, but a card may be changed for another."""

    path: Path
    modified_ns: int
    size: int

    @classmethod
    def of(cls, path: Path) -> "Version":
        """The version on the card. Raises OSError when there is none."""
        status = path.stat()
        return cls(path, status.st_mtime_ns, status.st_size)

    @property
    def etag(self) -> str:
        """For HTTP."""
        return f'"{self.modified_ns:x}-{self.size:x}"'


class Download(FileResponse):
    """A file as it is; where its card is pulled out amidst it, the browser's download fails and the log has a line."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; what is not as long as was told is not ended, so that the server hangs up."""
        left, is_head = 0, scope["method"] == "HEAD"  # whatever body that is given, the server sends none

        async def counted(message: Message) -> None:
            nonlocal left
            if message["type"] == "http.response.start":
                left = int(Headers(raw=message["headers"])["content-length"])
            left -= len(message.get("body", b""))
            if not is_head and (left < 0 or (left and message.get("more_body") is False)):
                raise OSError(errno.EIO, "its length is another than it was")
            await send(message)

        try:
            await super().__call__(scope, receive, counted)
        except (OSError, RuntimeError) as error:  # RuntimeError: of several parts one is not there any more
            _log.warning("%s was not sent whole: %s", self.filename, error)


class Gallery:
    """The card's folder as the page sees it; there need be none."""

    def __init__(self, card: Path) -> None:
        self._card = card
        self._album = Album(card)
        self._making = asyncio.Lock()  # one thumbnail at a time: the panel needs the machine more

    async def photos(self, request: Request) -> Response:
        """GET /photos?limit=24."""
        limit = request.query_params.get("limit", "")
        count = int(limit) if re.fullmatch("[0-9]{1,3}", limit) else SHOWN
        listing = await run_in_threadpool(self._listing, max(1, min(count, SHOWN_MAX)))
        body = msgspec.json.encode(listing)
        return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})

    async def thumbnail(self, request: Request) -> Response:
        """GET /thumbnail/100MCAM_/MCAM0001."""
        try:
            versions = await run_in_threadpool(self._versions, str(request.path_params["name"]))
            headers = {"ETag": versions[0].etag, "Cache-Control": "no-cache"}  # keep it, but ask
            if request.headers.get("if-none-match") == versions[0].etag:
                return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
            async with self._making:
                jpeg = await run_in_threadpool(_first_readable, versions)
        except McamError as error:
            return _missing(error)
        return Response(jpeg, media_type="image/jpeg", headers=headers)

    async def file(self, request: Request) -> Response:
        """GET /file/100MCAM_/MCAM0001.DNG."""
        try:
            path = await run_in_threadpool(self._album.file, str(request.path_params["path"]))
            status = await run_in_threadpool(path.stat)
        except (McamError, OSError, ValueError) as error:  # ValueError: a NUL in the name
            return _missing(error)
        return Download(path, media_type=_TYPES[path.suffix.upper()], filename=path.name, stat_result=status)

    def _listing(self, count: int) -> Listing:
        if not os.path.isdir(self._card):  # noqa: PTH112 - pathlib's raises where a card that was pulled out fails
            return Listing([], f"There is no card at {self._card}: put one in, or start with another --card.")
        try:
            return Listing([self._photo(picture) for picture in self._album.newest(count)])
        except McamError as error:
            return Listing([], str(error))

    def _photo(self, picture: Picture) -> Listed:
        told = next(filter(None, map(_exif, self._found(picture.files[::-1]))), Photo(name="", files=[]))
        rating, protected = sidecars.rating(self._card, picture), any(map(_is_protected, self._found(picture.files)))
        named = msgspec.structs.asdict(told) | {"name": picture.name, "files": list(picture.files)}
        return Listed(**named, rating=rating, protected=protected)

    def _versions(self, name: str) -> list[Version]:
        """The files that can be looked at, the quicker one first. Raises BadValue when there is none."""
        found = self._found([f"{name}.JPG", f"{name}.DNG"])
        if not found:
            raise BadValue(f'No photograph "{name[:40]}" on this card.')
        return found

    def _found(self, paths: Sequence[str]) -> list[Version]:
        found = []
        for path in paths:
            with contextlib.suppress(McamError, OSError, ValueError):  # not there, or gone since it was listed
                found.append(Version.of(self._album.file(path)))
        return found


def _first_readable(versions: list[Version]) -> bytes:
    for version in versions:
        try:
            return _thumbnail(version)
        except DAMAGE:
            continue  # a JPEG cut short leaves the preview in the DNG
    raise BadPicture("This photograph cannot be read; its files can still be downloaded.")


@lru_cache(CACHED)
def _thumbnail(version: Version) -> bytes:
    """A small JPEG of a JPEG, or of the preview that a DNG carries as its first image."""
    # Not by its path, which Pillow would map: reading a mapped file of a card that was pulled out ends the process.
    with version.path.open("rb") as opened, Image.open(opened, formats=("JPEG", "TIFF")) as picture:
        picture.draft("RGB", THUMBNAIL)  # decodes a JPEG at 1/2, 1/4 or 1/8 right away, many times as fast
        small = ImageOps.exif_transpose(picture).convert("RGB")
        small.thumbnail(THUMBNAIL, Image.Resampling.BILINEAR)
    file = io.BytesIO()
    small.save(file, "JPEG", quality=82)
    return file.getvalue()


@lru_cache(4 * CACHED)
def _exif(version: Version) -> Photo | None:
    """What the file says of its exposure; None where it cannot be read."""
    try:
        with Image.open(version.path, formats=("JPEG", "TIFF")) as picture:
            tags = picture.getexif().get_ifd(_EXIF)
        date, _, time = str(tags.get(_TAKEN, "")).partition(" ")
        return Photo(
            name="",
            files=[],
            exposure_us=round(float(tags.get(_EXPOSURE_TIME, 0)) * 1e6),
            iso=int(tags.get(_ISO, 0)),
            taken_at=f"{date.replace(':', '-')}T{time}{tags.get(_OFFSET, '')}" if time else "",
        )
    except DAMAGE:
        return None


def _is_protected(version: Version) -> bool:
    """Whether the file's read-only attribute is set."""
    with contextlib.suppress(OSError):
        return not version.path.stat().st_mode & 0o222
    return False


def _missing(error: Exception) -> Response:
    body = msgspec.json.encode(ErrorReply(message=str(error)))
    return Response(body, HTTPStatus.NOT_FOUND, media_type="application/json")

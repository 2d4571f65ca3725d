"""Puts the key into requests of httpx2, or of httpx where that is what is installed."""

from __future__ import annotations

import asyncio
from typing import Any, AsyncGenerator, Generator

from gemini_key_reader._reader import PLACEHOLDER, KeyReader, means_the_key
from gemini_key_reader._refusals import STATUSES

try:
    import httpx2 as _http
except ImportError:
    import httpx as _http  # type: ignore[no-redef]


def async_transport() -> Any:
    """With a transport of httpx google-genai does not turn to aiohttp, which would ask no `auth`."""
    return _http.AsyncHTTPTransport()


def auth_of(reader: KeyReader) -> Any:
    """The `auth` of one reader."""
    return _ReaderAuth(reader)


class _ReaderAuth(_http.Auth):
    def __init__(self, reader: KeyReader) -> None:
        self._reader = reader

    def sync_auth_flow(self, request: Any) -> Generator[Any, Any, None]:
        places = _places(request)
        if not places:
            yield request
            return
        tried: set[str] = set()
        key: str | None = self._reader.key()
        while key is not None and key not in tried:
            tried.add(key)
            _put(request, places, key)
            response = yield request
            if response.status_code not in STATUSES:
                return
            response.read()
            key = self._after(key, request, response)

    async def async_auth_flow(self, request: Any) -> AsyncGenerator[Any, Any]:
        places = _places(request)
        if not places:
            yield request
            return
        tried: set[str] = set()
        key: str | None = await self._reader.key_async()
        while key is not None and key not in tried:
            tried.add(key)
            _put(request, places, key)
            response = yield request
            if response.status_code not in STATUSES:
                return
            await response.aread()
            key = await asyncio.to_thread(self._after, key, request, response)

    def _after(self, key: str, request: Any, response: Any) -> str | None:
        if not means_the_key(response.status_code, response.text):
            return None
        following = self._reader.refused(key)
        return following if _can_be_sent_again(request) else None


def _can_be_sent_again(request: Any) -> bool:
    try:
        return isinstance(request.content, bytes)
    except _http.RequestNotRead:
        return False


def _places(request: Any) -> dict[str, str]:
    return {name: text for name, text in request.headers.items() if PLACEHOLDER in text}


def _put(request: Any, places: dict[str, str], key: str) -> None:
    for name, text in places.items():
        request.headers[name] = text.replace(PLACEHOLDER, key)

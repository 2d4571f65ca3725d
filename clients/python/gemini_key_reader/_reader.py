"""The reader: one access for all callers, read again behind their backs, and at once when Google refuses the key."""

from __future__ import annotations

import asyncio
import json
import random as _random
import re
import threading
import time
from concurrent.futures import Future
from typing import Any, Callable, TypeVar

from gemini_key_reader._refusals import STATUSES, WORDS

PLACEHOLDER = "set-by-gemini-key-reader"
"""Stands where a library wants a key; `auth` puts the real one in its place, and touches no other header."""

T = TypeVar("T")


class NoKeyError(Exception):
    """No key could be read; `__cause__` is what Secret Manager or the client said."""


def means_the_key(status: int, text: str) -> bool:
    """Whether an answer of the Gemini API means the key itself: a bad prompt, a restriction, billing and a quota do not."""
    said = text.lower()
    return status in STATUSES and any(word.lower() in said for word in WORDS)


class _Held:
    __slots__ = ("key", "refused", "until")

    def __init__(self, key: str, until: float) -> None:
        self.key = key
        self.until = until
        self.refused = False


class KeyReader:
    """A key that may change under the app that uses it; safe for threads.

    `client` is a SecretManagerServiceClient of google-cloud-secret-manager, `secret` is projects/PROJECT/secrets/SECRET.
    `field` is the member of a JSON object, or the variable of an env file, that holds the key. The key is read again behind an
    answer after about `refresh_seconds`; refusals make a read no more often than `again_seconds`.
    """

    def __init__(
        self,
        client: Any,
        secret: str,
        *,
        version: str = "current",
        field: str | None = None,
        refresh_seconds: float = 300,
        again_seconds: float = 30,
        now: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = _random.random,
    ) -> None:
        if not callable(getattr(client, "access_secret_version", None)):
            raise TypeError("client: pass secretmanager.SecretManagerServiceClient() of google-cloud-secret-manager")
        if not re.fullmatch(r"projects/[^/]+(/locations/[^/]+)?/secrets/[^/]+", secret):
            raise TypeError("secret: write projects/PROJECT/secrets/SECRET, without a version")
        self._client = client
        self._secret = secret
        self._version = version
        self._field = field
        self._refresh_seconds = refresh_seconds
        self._again_seconds = again_seconds
        self._now = now
        self._random = random
        self._lock = threading.Lock()
        self._held: _Held | None = None
        self._before: str | None = None
        self._reading: Future[None] | None = None
        self._failed: tuple[NoKeyError, float] | None = None
        self._failures = 0
        self._reread_at = float("-inf")

    def __repr__(self) -> str:
        return f"KeyReader({self._secret!r}, version={self._version!r})"

    def __reduce__(self) -> Any:
        raise TypeError("a KeyReader holds a key and is not pickled")

    def key(self) -> str:
        """The key to use now. Waits for the first read alone; later ones happen behind the answers."""
        now = self._now()
        with self._lock:
            if self._held is not None:
                if now < self._held.until or self._reading is not None:
                    return self._best(self._held)
                if self._held.refused:
                    self._reread_at = now
                best = self._best(self._held)
                mine = self._begin()
            else:
                best = None
                if self._failed is not None and now < self._failed[1]:
                    raise self._failed[0]
        if best is None:
            return self.refresh()
        threading.Thread(target=self._access, args=(mine,), daemon=True, name="gemini-key-reader").start()
        return best

    def refresh(self) -> str:
        """Reads now, or waits for the read that is under way, and says which key to use."""
        self._read()
        with self._lock:
            assert self._held is not None
            return self._best(self._held)

    async def key_async(self) -> str:
        """`key` for asyncio: waits in a thread where there is something to wait for."""
        return self.key() if self._held is not None else await asyncio.to_thread(self.key)

    def refused(self, key: str) -> str | None:
        """Google refused this key for itself: reads again, at most every `again_seconds`, and answers the key to try next, which is
        the one before where there is no newer one; None where there is none."""
        with self._lock:
            if self._before == key:
                self._before = None
            is_held = self._held is not None and self._held.key == key
        if is_held:
            self._reread(key)
        with self._lock:
            best = None if self._held is None else self._best(self._held)
        return None if best == key else best

    def _reread(self, key: str) -> None:
        """What is still the key after the read is refused: the one before stands in for it until it is read and tried again."""
        asked = self._now()
        with self._lock:
            if self._held is not None and self._held.key == key:
                self._held.refused = True
            is_due = asked - self._reread_at >= self._again_seconds
            if is_due and self._reading is None:
                self._reread_at = asked
            reads = is_due or self._reading is not None
        if reads:
            try:
                self._read()
            except NoKeyError:
                pass  # the key in memory may still do
        with self._lock:
            if self._held is not None and self._held.key == key:
                self._held.refused = True
                self._held.until = min(self._held.until, asked + self._again_seconds)

    def run(self, send: Callable[[str], T]) -> T:
        """Sends with the key, and again with another one where Google refused it for itself: `send(key)` raises what google-genai
        or openai raise, and whatever else it raises goes through."""
        tried: set[str] = set()
        key = self.key()
        while True:
            tried.add(key)
            try:
                return send(key)
            except Exception as error:
                if not _is_refusal(error):
                    raise
                following = self.refused(key)
                if following is None or following in tried:
                    raise
                key = following

    def settled(self) -> None:
        """Waits for the read that is under way, if there is one; before an app ends, and in tests."""
        with self._lock:
            reading = self._reading
        if reading is not None:
            reading.exception()

    def auth(self) -> Any:
        """An `auth` for httpx and httpx2 clients whose library was given PLACEHOLDER as its key."""
        from gemini_key_reader._httpx import auth_of

        return auth_of(self)

    def http_options(self) -> dict[str, Any]:
        """For `genai.Client(api_key=PLACEHOLDER, http_options=reader.http_options())`: async calls too, with aiohttp installed or not."""
        from gemini_key_reader._httpx import async_transport

        auth = self.auth()
        return {"client_args": {"auth": auth}, "async_client_args": {"auth": auth, "transport": async_transport()}}

    def _best(self, held: _Held) -> str:
        return (self._before or held.key) if held.refused else held.key

    def _begin(self) -> Future[None]:
        """Under the lock: from now on others wait for this read."""
        self._reading = Future()
        return self._reading

    def _read(self) -> None:
        """One access at a time, whoever asks."""
        with self._lock:
            reading = self._reading
            if reading is None:
                mine = self._begin()
        if reading is not None:
            reading.result()
            return
        self._access(mine)
        mine.result()

    def _access(self, mine: Future[None]) -> None:
        asked = self._now()
        try:
            answer = self._client.access_secret_version(name=f"{self._secret}/versions/{self._version}")
            key = _key_in(answer.payload.data.decode("utf-8"), self._field)
        except BaseException as cause:
            error = cause if isinstance(cause, NoKeyError) else NoKeyError(f"{self._secret} could not be read")
            if error is not cause:
                error.__cause__ = cause
            with self._lock:
                until = asked + min(self._again_seconds, 2**self._failures)
                self._failures += 1
                self._failed = (error, until)
                if self._held is not None:
                    self._held.until = until
                self._reading = None
            mine.set_exception(error)
            return
        with self._lock:
            held = self._held
            if held is not None and held.key != key:
                self._before = None if held.refused else held.key
            self._held = _Held(key, asked + self._refresh_seconds * (0.8 + 0.4 * self._random()))
            self._failed = None
            self._failures = 0
            self._reading = None
        mine.set_result(None)


_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
"""The characters of a bearer token (RFC 6750). What no header can carry would be printed by whoever refuses it."""


def _key_in(text: str, field: str | None) -> str:
    """The key inside the stored text: all of it, or a field of a JSON object or an env file."""
    key = text.strip() if field is None else (_field_of_json(text, field) or _field_of_env(text, field))
    if not key:
        raise NoKeyError("the secret is empty" if field is None else f"the secret has no field {field}")
    if _TOKEN.fullmatch(key) is None:
        raise NoKeyError(
            "the secret holds more than a key: name the field that holds it"
            if field is None
            else f"the field {field} of the secret holds more than a key"
        )
    return key


def _field_of_json(text: str, field: str) -> str | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    value = value.get(field) if isinstance(value, dict) else None
    return value.strip() if isinstance(value, str) else None


def _field_of_env(text: str, field: str) -> str | None:
    for line in text.splitlines():
        found = re.fullmatch(r"\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*", line)
        if found is not None and found[1] == field:
            return re.sub(r"""^(['"])(.*)\1$""", r"\2", found[2])
    return None


def _is_refusal(error: Exception) -> bool:
    """google-genai's errors have `code` and `details`, those of openai `status_code` and `body`."""
    for name in ("code", "status_code"):
        status = getattr(error, name, None)
        if isinstance(status, int):
            said = f"{error} {getattr(error, 'details', '')} {getattr(error, 'body', '')}"
            return means_the_key(status, said)
    return False

"""Requests to an OpenSearch cluster: bounded in time, and with one clear sentence when they fail.

This is the only module that imports the client library.
"""

import logging
import ssl
from collections.abc import Mapping
from typing import Any, TypeAlias
from urllib.parse import unquote, urlsplit

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionError as NoConnection
from opensearchpy.exceptions import ConnectionTimeout, TransportError
from urllib3 import Timeout

from forum.search.engine import SearchUnavailable

Body: TypeAlias = dict[str, Any]
"""A JSON object, sent or received."""

CONNECT_SECONDS = 1.5
READ_SECONDS = 4.0
"""People wait for a search, so a server that says nothing is given up on within five seconds in all."""
WRITE_SECONDS = 60.0
"""Only the worker and commands write, and a cluster that moves parts between nodes confirms slowly."""

_RETRIES = 1
"""A request whose connection fails is tried once more, at another address if several are set."""
_REFUSED = frozenset({401, 403})

# The library logs each failure with a trace that shows the password; what went wrong is in our exceptions.
logging.getLogger("opensearch").setLevel(logging.CRITICAL)


class Missing(SearchUnavailable):
    """What was asked for is not on the server: an index, an alias."""


class Conflict(SearchUnavailable):
    """Somebody else changed the same document, or made the same index, first."""


class Server:
    """A cluster at one address or several, separated by commas; every call is safe from several threads."""

    def __init__(
        self, addresses: str, *, read_seconds: float = READ_SECONDS, write_seconds: float = WRITE_SECONDS
    ) -> None:
        self._named = ", ".join(_without_password(address) for address in _split(addresses))
        self._read_seconds = read_seconds
        self._write_seconds = write_seconds
        self._reading = _client(addresses, read_seconds)
        self._writing = _client(addresses, write_seconds)

    def read(
        self, method: str, path: str, body: Body | None = None, params: Mapping[str, Any] | None = None
    ) -> Body:
        """Return the answer to a request that changes nothing.

        Raises Missing for what is not there, SearchUnavailable for any other failure.
        """
        return self._ask(self._reading, self._read_seconds, method, path, body, params)

    def write(
        self, method: str, path: str, body: Body | str | None = None, params: Mapping[str, Any] | None = None
    ) -> Body:
        """Return the answer to a request that changes something; text is sent as lines of JSON.

        Raises as `read` does, and Conflict when somebody else was faster.
        """
        return self._ask(self._writing, self._write_seconds, method, path, body, params)

    def close(self) -> None:
        """Close all connections."""
        self._reading.close()
        self._writing.close()

    def _ask(
        self,
        client: OpenSearch,
        seconds: float,
        method: str,
        path: str,
        body: Body | str | None,
        params: Mapping[str, Any] | None,
    ) -> Body:
        headers = {"content-type": "application/x-ndjson"} if isinstance(body, str) else None
        # The library would log what is missing or in conflict as a failure, and both are everyday answers.
        asked = {"ignore": (404, 409), **(params or {})}
        try:
            answer = client.transport.perform_request(method, path, params=asked, body=body, headers=headers)
        except ConnectionTimeout:
            raise SearchUnavailable(
                f"The search server at {self._named} did not answer within {seconds:g} seconds."
            ) from None
        except NoConnection as error:
            raise SearchUnavailable(
                f"The search server at {self._named} can't be reached: {_last_words(error)}."
            ) from None
        except TransportError as error:
            raise SearchUnavailable(self._refusal(error)) from error
        return self._checked(answer)

    def _checked(self, answer: Any) -> Body:
        found: Body = answer if isinstance(answer, dict) else {}
        if "error" in found and found.get("status") == 404:
            raise Missing(f"The search server at {self._named} has no such index: {_reason(found)}.")
        if "error" in found and found.get("status") == 409:
            raise Conflict(f"Another process was faster: {_reason(found)}.")
        return found

    def _refusal(self, error: TransportError) -> str:
        if error.status_code in _REFUSED:
            return f"The search server at {self._named} refuses the user or password that is set for it."
        explained = _reason(error.info) if isinstance(error.info, dict) else ""
        return f"The search server at {self._named} answered {error.status_code}: {explained or error.error}."


def _client(addresses: str, seconds: float) -> OpenSearch:
    return OpenSearch(
        hosts=[_host(address) for address in _split(addresses)],
        timeout=Timeout(connect=CONNECT_SECONDS, read=seconds),
        max_retries=_RETRIES,
        retry_on_timeout=False,
        # Certificates are checked against the machine's authorities, to which SSL_CERT_FILE may add.
        ssl_context=ssl.create_default_context() if "https://" in addresses else None,
        http_compress=True,
    )


def _host(address: str) -> Body:
    parts = urlsplit(address)
    is_secure = parts.scheme == "https"
    host: Body = {
        "host": parts.hostname,
        "port": parts.port or (443 if is_secure else 9200),
        "use_ssl": is_secure,
        "url_prefix": parts.path.strip("/"),
    }
    if parts.username:
        host["http_auth"] = (unquote(parts.username), unquote(parts.password or ""))
    return host


def _split(addresses: str) -> list[str]:
    return [address.strip() for address in addresses.split(",")]


def _without_password(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _reason(answer: Body) -> str:
    error = answer.get("error")
    if isinstance(error, dict):
        causes = error.get("root_cause") or [error]
        return str(causes[0].get("reason") or error.get("reason"))
    return str(error)


def _last_words(error: TransportError) -> str:
    """Return the end of the library's message, which is what the operating system said."""
    return str(error.error).rpartition(": ")[2].strip(" .()'\"")

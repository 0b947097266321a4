"""Results on their way to the other side: where they may go, how they are signed. Pure."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Sequence
from urllib.parse import urlsplit

from actions.errors import ConfigurationError

LONGEST = 500
MARK = "hyw_"  # so that a secret that leaked somewhere can be searched for
_INTRANET = (".local", ".lan", ".internal", ".intranet", ".corp", ".home.arpa")


def check_url(url: str, *, intranet: bool) -> str:
    """The address as it is kept. Raises ConfigurationError, one sentence.

    https leads anywhere; http to this machine, and with `intranet` to private addresses and names.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise ConfigurationError(
            "The webhook's address cannot be read; write a whole URL."
        ) from error
    host = (parts.hostname or "").lower()
    if parts.scheme not in ("http", "https") or not host or port == 0 or len(url) > LONGEST:
        raise ConfigurationError("The webhook's address must be a whole URL with https.")
    if any(c.isspace() or not c.isprintable() for c in url.strip()):
        raise ConfigurationError("The webhook's address holds a space; write it without.")
    if parts.username is not None or parts.password is not None:
        raise ConfigurationError(
            "The webhook's address must hold no user or password: each result is signed instead."
        )
    if parts.fragment:
        raise ConfigurationError("The webhook's address must have nothing behind a #.")
    if parts.scheme == "http" and not (_is_here(host) or (intranet and _is_inside(host))):
        raise ConfigurationError(
            "The webhook needs https; http is for this machine, and with --intranet for a private "
            "address of your own network."
        )
    return url.strip()


def _is_here(host: str) -> bool:
    address = _address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def _is_inside(host: str) -> bool:
    address = _address(host)
    if address is not None:
        return address.is_private and not address.is_link_local and not address.is_unspecified
    return "." not in host or host.endswith(_INTRANET)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """The hex HMAC-SHA256 of "timestamp.body"."""
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def signatures(secrets: Sequence[str], timestamp: int, body: bytes) -> str:
    """One for each secret that holds, the newest first, with commas between."""
    return ",".join(signature(secret, timestamp, body) for secret in secrets)

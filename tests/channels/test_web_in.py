"""What a browser posts, as a table: payload in → message out of the parser."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.web import WebConfig, visitors
from bot.channels.web.parse import UnreadableError, attachment, message, read, read_id, scan
from bot.message import Incoming, Kind, Media, MediaKind

NOW = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)
ID = "a1b2c3d4e5f60718"


def incoming(kind: Kind, **fields: Any) -> Incoming:
    return Incoming("web", "chen", f"chen:{ID}", kind, NOW, **fields)


POSTED = [
    ("words", {"text": "等了俩小时"}, incoming(Kind.TEXT, text="等了俩小时")),
    ("words with spaces", {"text": "  好 \r\n 的 "}, incoming(Kind.TEXT, text="好 \n 的")),
    ("control characters", {"text": "a\x00\x08b"}, incoming(Kind.TEXT, text="ab")),
    ("a command is words", {"text": "/restart"}, incoming(Kind.TEXT, text="/restart")),
    ("a tap", {"token": "tok_-1"}, incoming(Kind.CHOICE, token="tok_-1")),
    ("the menu", {"menu": "complain"}, incoming(Kind.MENU, token="complain")),
    (
        "a place",
        {"latitude": 39.9, "longitude": 116.4},
        incoming(Kind.MEDIA, media=Media(MediaKind.LOCATION, "", "", 39.9, 116.4)),
    ),
    ("only a grade", {"grade": "satisfied", "scene": "mdl-hj2-cspc"}, None),
    ("a grade and words", {"grade": "satisfied", "text": "好"}, incoming(Kind.TEXT, text="好")),
]


@pytest.mark.parametrize(("fields", "expected"), [row[1:] for row in POSTED])
def test_what_is_posted_becomes_a_message(
    fields: dict[str, object], expected: Incoming | None
) -> None:
    assert message(read({"id": ID, **fields}), "chen", NOW) == expected


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"id": ID},
        {"text": "no id"},
        {"id": "short", "text": "x"},
        {"id": "../../../../etc", "text": "x"},
        {"id": ID, "text": "x" * 4001},
        {"id": ID, "text": " \x00 "},
        {"id": ID, "token": "a b"},
        {"id": ID, "token": "x" * 33},
        {"id": ID, "menu": "bind"},
        {"id": ID, "latitude": "nan", "longitude": 1},
        {"id": ID, "latitude": 91, "longitude": 1},
        {"id": ID, "latitude": "here", "longitude": "there"},
        {"id": ID, "text": ["x"]},
        {"id": {"$ne": ""}, "text": "x"},
    ],
)
def test_what_our_pages_never_post_is_not_read(fields: dict[str, object]) -> None:
    with pytest.raises(UnreadableError):
        read(fields)


def test_a_strange_code_is_no_code() -> None:
    assert read({"id": ID, "text": "x", "scene": "../../x"}).scene == ""


def test_a_scan_comes_before_what_is_said_on_its_page() -> None:
    posted = read({"id": ID, "scene": "mdl-hj2-cspc", "grade": "satisfied"})
    told = scan(posted, "chen", NOW)
    assert (told.kind, told.scene) == (Kind.SCAN, "mdl-hj2-cspc")
    assert told.message_id != f"chen:{ID}"


def test_two_visitors_with_the_same_id_are_not_mixed_up() -> None:
    posted = read({"id": ID, "text": "x"})
    ids = {m.message_id for who in ("chen", "zhou") if (m := message(posted, who, NOW))}
    assert len(ids) == 2


def test_an_attachment_names_where_its_bytes_are_and_not_its_file() -> None:
    told = attachment("chen", ID, MediaKind.IMAGE, "ref", "", NOW)
    assert told.media == Media(MediaKind.IMAGE, "ref", "")


def test_an_id_of_an_upload_is_read_like_any_other() -> None:
    assert read_id(ID) == ID
    with pytest.raises(UnreadableError):
        read_id("../../x")


# --- who posts ------------------------------------------------------------------------------------


class Request:
    """As much of a request as is looked at."""

    def __init__(self, remote: str = "203.0.113.7", host: str = "h:1", **headers: str) -> None:
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.remote, self.host, self.cookies = remote, host, {}


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"Sec_Fetch_Site": "same-origin"}, True),
        ({"Sec_Fetch_Site": "same-site"}, False),
        ({"Sec_Fetch_Site": "cross-site", "Origin": "http://h:1"}, False),
        ({"Sec_Fetch_Site": "none"}, False),
        ({"Origin": "http://h:1"}, True),
        ({"Origin": "https://bot.example.org"}, True),
        ({"Origin": "https://evil.example.org"}, False),
        ({"Origin": "null"}, False),
        ({"Referer": "http://h:1/s/abc"}, True),
        ({"Referer": "http://evil.example.org/?http://h:1"}, False),
        ({}, False),
    ],
)
def test_only_our_own_page_may_post(headers: dict[str, str], ours: bool) -> None:
    config = WebConfig("https://bot.example.org")
    assert visitors.is_from_our_page(Request(**headers), config) is ours  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("request_", "hops", "address"),
    [
        (Request("203.0.113.7"), 0, "203.0.113.7"),
        (Request("203.0.113.7", X_Forwarded_For="198.51.100.1"), 0, "203.0.113.7"),
        (Request("10.0.0.1", X_Forwarded_For="9.9.9.9, 198.51.100.1"), 1, "198.51.100.1"),
        (Request("10.0.0.1", X_Forwarded_For="9.9.9.9, 198.51.100.1"), 2, "9.9.9.9"),
        (Request("10.0.0.1"), 2, "10.0.0.1"),
        (Request("2001:db8:1:2:3:4:5:6"), 0, "2001:db8:1:2::/64"),
    ],
)
def test_the_address_that_counts(request_: Request, hops: int, address: str) -> None:
    assert visitors.address_of(request_, WebConfig(proxy_hops=hops)) == address  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "language"),
    [
        ({}, "zh"),
        ({"Accept_Language": "zh-CN,zh;q=0.9,en;q=0.8"}, "zh"),
        ({"Accept_Language": "en-US,en;q=0.9"}, "en"),
        ({"Accept_Language": "de,en;q=0.9"}, "en"),
        ({"Accept_Language": "*"}, "zh"),
    ],
)
def test_the_language_of_the_first_page(given: dict[str, str], language: str) -> None:
    assert visitors.language_of(Request(**given)) == language  # type: ignore[arg-type]


def test_whoever_reads_the_senders_id_cannot_make_the_cookie_from_it() -> None:
    token = visitors.new_token()
    assert len(token) == 32
    assert token not in visitors.sender_of(token)
    assert visitors.sender_of(token) == visitors.sender_of(token)


def test_with_https_the_cookie_is_bound_to_our_host() -> None:
    assert visitors.cookie_name(WebConfig("https://h")) == "__Host-huiyin"
    assert visitors.cookie_name(WebConfig("http://h")) == "huiyin"

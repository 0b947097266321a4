"""What browsers send: the web chat, codes, the officers' pages; and what only looks like HTTP."""

from __future__ import annotations

import re
import struct
import zlib
from urllib.parse import quote, urlencode

from bench.fuzzing.edges import Posts
from bench.fuzzing.values import ECHO, Dice, as_json, nested
from bench.fuzzing.wire import Answer, Sending

_PAGES = (
    "/chat",
    "/chat/messages",
    "/chat/language",
    "/chat/end",
    "/chat/files",
    "/chat/files/1",
    "/desk",
    "/desk/units",
    "/desk/phone",
    "/desk/script",
    "/bulletins",
    "/wall",
    "/logout",
    "/login/x",
    "/healthz",
    "/api/openapi.json",
    "/s/mdl-xf8x",
)
_SCENES = ("mdl-xf8x", "mdl-hj2-cspc", "no-such-code")
_CHARSETS = (
    "utf-8",
    "utf-7",
    "utf-16",
    "nosuch",
    "idna",
    "unicode_escape",
    "zlib",
    "\xff",
    "utf-8\x00",
)
_TAG = re.compile(rf"<(?:script|img|a)\b[^>]*>?[^<]*{ECHO}\(|(?:href|src)=.?\s*javascript:", re.I)


def visitor(dice: Dice) -> dict[str, str | bytes]:
    """The headers of one of many browsers, at one of many addresses."""
    headers: dict[str, str | bytes] = {
        "Cookie": f"__Host-huiyin={dice.randrange(400):032x}",
        "X-Forwarded-For": f"10.{dice.randrange(256)}.{dice.randrange(256)}.{dice.randrange(256)}",
        "Origin": "https://bot.example.org",
        "Accept": dice.choice(("text/html", "application/json", "*/*")),
    }
    if dice.chance(0.25):
        name = dice.choice(
            (
                *headers,
                "Referer",
                "Sec-Fetch-Site",
                "Accept-Language",
                "Last-Event-ID",
                "Accept-Encoding",
                "Range",
                "Content-Type",
                "User-Agent",
            )
        )
        headers[name] = dice.choice(
            (
                b"\xff\xfe\x80",
                dice.word()[:2000],
                "http://[",
                "//",
                "http://bot.example.org@evil",
                "null",
            )
        )
        if name == "Origin" and dice.chance(0.5):
            headers["Referer"] = headers.pop("Origin")
    return headers


def chat(dice: Dice) -> Sending:
    """A message, as JSON or as a form."""
    fields = {
        "id": f"{dice.getrandbits(60):016x}",
        "text": dice.text(),
        "scene": dice.choice((*_SCENES, dice.text())),
        "grade": dice.choice(("satisfied", dice.text())),
        "after": dice.text(),
        "token": dice.text(),
        "menu": dice.choice(("help", dice.text())),
        "latitude": dice.text(),
        "longitude": dice.text(),
    }
    kept = {name: fields[name] for name in fields if name == "id" or dice.chance(0.35)}
    headers = visitor(dice)
    if dice.chance(0.5):
        headers.setdefault("Content-Type", _typed("application/json", dice))
        body = as_json(dice.spoil(kept, 0.1))
        return Sending(
            "POST", "/chat/messages", nested(15_000) if dice.chance(0.05) else body, headers
        )
    headers.setdefault("Content-Type", _typed("application/x-www-form-urlencoded", dice))
    body = urlencode(kept, errors="replace").encode()
    return Sending(
        "POST", "/chat/messages", dice.mangle(body) if dice.chance(0.1) else body, headers
    )


def _typed(kind: str, dice: Dice) -> str | bytes:
    if dice.chance(0.85):
        return kind
    return f"{kind}; charset={dice.choice(_CHARSETS)}".encode("latin-1")


def other(dice: Dice) -> Sending:
    """Every page by every method, with anything in path, query, form and headers."""
    path = dice.choice(
        (
            dice.choice(_PAGES),
            f"/s/{quote(dice.word()[:900], safe='')}",
            f"/login/{quote(dice.word()[:900], safe='')}",
            f"/chat/files/{quote(dice.word()[:90], safe='')}",
            f"/chat/static/{quote(dice.word()[:90])}",
            f"/bulletins/{quote(dice.word()[:90], safe='')}.pdf",
            f"/desk/static/{quote('../' * 9)}etc/passwd",
            f"/wall/static/{quote(dice.word()[:90], safe='')}",
        )
    )
    if dice.chance(0.5):
        names = ("after", "wait", "language", "q", "number", "to", "echostr", "here")
        path += "?" + urlencode(
            {dice.choice(names): dice.word()[:700], "to": dice.choice(("desk", "wall", "//evil"))}
        )
    headers = visitor(dice)
    method = dice.choice(
        ("GET", "GET", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PROPFIND")
    )
    if method != "POST":
        return Sending(method, path.replace("wait=", "w="), b"", headers)
    form = {name: dice.text() for name in ("language", "back", "proof", "id", "phone")}
    headers.setdefault("Content-Type", _typed("application/x-www-form-urlencoded", dice))
    return Sending("POST", path, urlencode(form, errors="replace").encode(), headers)


def upload(dice: Dice) -> Sending:
    """A photo that may be none: cut, lying about its size, or a bomb; and forms that are none."""
    headers = visitor(dice)
    headers["Content-Type"] = dice.choice(
        (
            "multipart/form-data; boundary=b",
            "multipart/form-data",
            "multipart/form-data; boundary=" + "b" * 300,
            "multipart/mixed; boundary=b",
        )
        if dice.chance(0.2)
        else ("multipart/form-data; boundary=b",)
    )
    file = picture(dice)
    disposition = f'form-data; name="file"; filename="{dice.word()[:200]}"'.replace(
        "\r", ""
    ).replace("\n", "")
    parts = (
        b'--b\r\nContent-Disposition: form-data; name="id"\r\n\r\n'
        + f"{dice.getrandbits(60):016x}".encode()
        + b"\r\n--b\r\nContent-Disposition: "
        + disposition.encode("utf-8", "replace")
        + b"\r\n"
        + dice.choice(
            (
                b"",
                b"",
                b"Content-Encoding: gzip\r\n",
                b"Content-Transfer-Encoding: base64\r\n",
                b"Content-Type: text/html\r\n",
            )
        )
        + b"\r\n"
        + file
        + b"\r\n--b--\r\n"
    )
    return Sending(
        "POST", "/chat/files", dice.mangle(parts) if dice.chance(0.15) else parts, headers
    )


def picture(dice: Dice) -> bytes:
    """The bytes of a file."""
    kinds = (
        b"\xff\xd8\xff\xe1"
        + struct.pack(">H", dice.randrange(2**16))
        + b"Exif\0\0"
        + dice.randbytes(300),
        b"\xff\xd8" + b"\xff\xe1\x00\x02" * 2_000 + b"\xff\xd9",
        _bomb(dice),
        b"RIFF\xff\xff\xff\xffWEBPEXIF"
        + struct.pack("<I", dice.getrandbits(32))
        + dice.randbytes(40),
        b"GIF89a" + dice.randbytes(40),
        b"\x00\x00\x00\x18ftypM4A " + dice.randbytes(40),
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='zqFuzzMark()'/>",
        b"<html><script>zqFuzzMark()</script>",
        b"MZ" + dice.randbytes(60),
        b"PK\x03\x04" + dice.randbytes(60),
        b"",
        dice.randbytes(200),
    )
    file = dice.choice(kinds)
    return dice.mangle(file) if dice.chance(0.3) else file


def _bomb(dice: Dice) -> bytes:
    """A PNG of a few hundred bytes that says it is 65,535 by 65,535."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        length = dice.choice((len(content), 2**32 - 1, 0))
        return (
            struct.pack(">I", length)
            + kind
            + content
            + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", 65_535, 65_535, 16, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 9_999))
        + chunk(b"IEND", b"")
    )


def broken(dice: Dice) -> Sending:
    """Bytes that are hardly a request."""
    good = (
        f"POST {dice.choice(_PAGES)} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na=b".encode()
    )
    raw = dice.choice(
        (
            dice.randbytes(dice.randrange(1, 300)) + b"\r\n\r\n",
            good.replace(
                b"Length: 3", b"Length: " + dice.word().encode()[:60].replace(b"\n", b"") or b"x"
            ),
            good.replace(b"HTTP/1.1", dice.choice((b"HTTP/9.9", b"", b"HTTP/1.1 x"))),
            good.replace(b"Host: x", b"X: " + b"a" * 20_000),
            good.replace(
                b"Host: x", b"Host: \xff\xfe" + dice.word().encode()[:50].replace(b"\n", b"")
            ),
            b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET /chat\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET http://[/ HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET //evil.example/%2e%2e HTTP/1.1\r\nHost: x\r\n\r\n",
            b"POST /chat/messages HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            good.replace(b"Host: x", b"Host: x\r\nTransfer-Encoding: chunked"),
        )
    )
    return Sending("GET", "", raw=raw if raw.endswith(b"\r\n\r\n") else raw + b"\r\n\r\n")


def safe(sending: Sending, answer: Answer) -> str:
    """What a page must and must not have."""
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return ""
    if _TAG.search(re.sub(r"&\w+;", "", answer.text)):
        return "a person's words became part of the page"
    policy = answer.headers.get("content-security-policy", "")
    if "script-src 'self'" not in policy or "frame-ancestors 'none'" not in policy:
        return "a page without its policy"
    return (
        ""
        if answer.headers.get("x-content-type-options") == "nosniff"
        else "a page without nosniff"
    )


def edges() -> list[Posts]:
    return [
        Posts("web chat", chat, judging=safe),
        Posts("web files", upload, judging=safe),
        Posts("pages, codes, links", other, judging=safe),
        Posts("hardly HTTP", broken),
    ]

"""The values that break programs, and dice that mix them. The same seed gives the same values."""

from __future__ import annotations

import json
import random
from typing import Any

PHONE = "1390000"  # with four digits behind it: every number of the campaign is of nobody
ECHO = "zqFuzzMark"  # in every text: found in a log, it is a leak; bare in a page's tags, an XSS

WORDS = (
    "等了两个小时没人理",
    "谢谢民警同志",
    "1",
    "满意",
    "进度",
    "帮助",
    "Q26-0001",
    "/start",
    '/intent{"a": "b"}',
    "/restart",
    "　/restart",
    "统计 本月 桥西",
    "/stats 上个月 桥东 环比",
    "休假 99999999999999999999天",
    "9999-99-99 到 0000-00-00",
    "２０２６年１３月３２日",
    "二〇二六年十三月",
    "去年今天到明年昨天",
    "第零季度",
    "负三天",
)
NASTY = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "a\udfffb",
    "\ufffe\uffff",
    "\u202eLTR\u202d",
    "\u200f\u200e\u2066x\u2069",
    "\u0301" * 300,
    "👮" * 10_000,
    "👨‍👩‍👧‍👦" * 500,
    "ﷺ" * 400,
    "\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    "\x1b[2J\x1b]0;x\x07",
    "';DROP TABLE cases;--",
    "' OR '1'='1",
    "%' OR id LIKE '%",
    "\\'; SELECT pg_sleep(9); --",
    "$1 %s %(x)s {x} {0} {{}} ${x} #{x}",
    "{event.__class__.__mro__}",
    "<script>zqFuzzMark()</script>",
    '"><img src=x onerror=zqFuzzMark()>',
    "javascript:zqFuzzMark()",
    "]]><Event>x</Event><![CDATA[",
    "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>&a;",
    '=cmd|"/c calc"!A1',
    "+1+1",
    "@SUM(1)",
    "-2+3",
    "\t=1",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/dev/null",
    "file:///etc/passwd",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]:6379/",
    "http://0x7f000001/",
    "C:\\con\\aux",
    "٣٤٥",
    "²³",
    "½",
    "一" * 600,
    "9" * 5_000,
    "-1",
    "0",
    "1e400",
    "NaN",
    "Infinity",
    "0x10",
    "1_000",
    "2147483648",
    "-9223372036854775809",
    "true",
    "null",
    "[]",
    "{}",
    "__proto__",
    "constructor",
)
NUMBERS: tuple[Any, ...] = (
    0,
    -1,
    2**31,
    2**63,
    -(2**63) - 1,
    2**200,
    1.5,
    -0.0,
    1e308,
    float("nan"),
    float("inf"),
    91,
    -181.0,
)


class Dice(random.Random):
    """Chances of one campaign."""

    def chance(self, share: float) -> bool:
        return self.random() < share

    def phone(self) -> str:
        return f"{PHONE}{self.randrange(10_000):04}"

    def text(self) -> str:
        """Words of a person, something nasty, or both; mostly with the mark and a number in it."""
        kind = self.random()
        if kind < 0.25:
            found = self.choice(WORDS)
        elif kind < 0.7:
            found = self.choice(NASTY)
        elif kind < 0.9:
            found = self.choice(WORDS) + self.choice(NASTY)
        else:
            found = "".join(chr(self.randrange(0x110000)) for _ in range(self.randrange(40)))
        return f"{found} {ECHO} {self.phone()}" if self.chance(0.5) else found

    def word(self) -> str:
        """As `text`, without lone surrogates, which UTF-8 cannot carry."""
        return self.text().encode("utf-8", "ignore").decode()

    def value(self, depth: int = 3) -> Any:
        """Any JSON value."""
        kind = self.random()
        if kind < 0.5 or depth == 0:
            return self.text()
        if kind < 0.65:
            return self.choice(NUMBERS)
        if kind < 0.75:
            return self.choice((None, True, False))
        if kind < 0.88:
            return [self.value(depth - 1) for _ in range(self.randrange(4))]
        return {self.text(): self.value(depth - 1) for _ in range(self.randrange(4))}

    def spoil(self, fields: dict[str, Any], share: float = 0.3) -> dict[str, Any]:
        """The fields with some replaced, left out, or added."""
        found = dict(fields)
        for name in fields:
            if self.chance(share):
                found[name] = self.value()
            elif self.chance(share / 4):
                del found[name]
        if self.chance(share / 2):
            found[self.text()] = self.value()
        return found

    def mangle(self, body: bytes) -> bytes:
        """The bytes cut, doubled, flipped or with something put in."""
        if not body:
            return b"\xff"
        at = self.randrange(len(body))
        return self.choice(
            (
                body[:at],
                body[:at] + bytes([body[at] ^ (1 << self.randrange(8))]) + body[at + 1 :],
                body[:at] + self.randbytes(self.randrange(1, 9)) + body[at:],
                body + body,
                body[at:] + body[:at],
                b"\xef\xbb\xbf" + body,
                b"\xff\xfe" + body.decode("utf-8", "ignore").encode("utf-16-le"),
            )
        )


def as_json(value: Any) -> bytes:
    """JSON as a careless or hostile writer sends it: surrogates escaped, NaN and Infinity bare."""
    return json.dumps(value).encode()


def nested(levels: int) -> bytes:
    """A list in a list in a list."""
    return b"[" * levels + b"]" * levels

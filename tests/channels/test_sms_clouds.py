"""The clouds: what goes over the wire, what an answer means, what comes in by callback."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import json
from collections.abc import AsyncIterable, AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from channel_stubs import NOW, StubGateway, StubPlatform
from sms_settings import CLOUD, NUMBER, SECRET, cloud_config

from bot.channels.base import Part, TransportError
from bot.channels.sms import CloudConfig, SmsChannel
from bot.channels.sms.alibaba import authorization as acs3
from bot.channels.sms.alibaba import canonical_query
from bot.channels.sms.tencent import authorization as tc3
from bot.message import Choice, Kind, Outgoing

GOOD = {
    "tencent": {"Response": {"SendStatusSet": [{"SerialNo": "s1", "Code": "Ok"}]}},
    "alibaba": {"Code": "OK", "BizId": "b1^0"},
}


class Cloud(StubPlatform):
    prefix = "/"


@pytest.fixture
async def cloud() -> AsyncIterator[Cloud]:
    stub = Cloud()
    stub.address = await stub.start()  # type: ignore[attr-defined]
    yield stub
    await stub.stop()


def channel(cloud: Cloud, provider: str, **changes: Any) -> SmsChannel:
    return SmsChannel(cloud_config(provider, cloud.address, **changes), lambda: NOW)  # type: ignore[attr-defined]


def test_tc3_as_the_official_sdk_signs() -> None:
    """The signature is what tencentcloud-sdk-python-common 3.1 makes of the same request."""
    assert tc3(CLOUD, "sms.tencentcloudapi.com", b'{"a":1}', 1_790_000_000) == (
        "TC3-HMAC-SHA256 Credential=AKIDexample/2026-09-21/sms/tc3_request, "
        "SignedHeaders=content-type;host, "
        "Signature=880ceb279f1685205021a1fbb7d96b4c7c5800acffdbcb6486ee408342e7b298"
    )


def test_acs3_as_the_platform_explains_it() -> None:
    """The example of the platform's page on request syntax and signature V3."""
    account = CloudConfig("YourAccessKeyId", "YourAccessKeySecret", "https://example.com")
    query = canonical_query(
        {
            "RegionId": "cn-shanghai",
            "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
        }
    )
    headers = {
        "x-acs-version": "2014-05-26",
        "x-acs-action": "RunInstances",
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
    }
    assert acs3(account, headers, query).endswith(
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )
    assert canonical_query({"b": "满 意", "a": "~*"}) == "a=~%2A&b=%E6%BB%A1%20%E6%84%8F"


async def test_tencent_gets_a_template_with_its_words(cloud: Cloud) -> None:
    cloud.replies[""] = [GOOD["tencent"]]
    phone = channel(cloud, "tencent")
    sent = await phone.send(NUMBER, Outgoing("编号Q26-0017有新消息，请致电0000-12345。"))
    await phone.close()
    assert cloud.seen[0].body == {
        "PhoneNumberSet": [NUMBER],
        "SmsSdkAppId": "1400000000",
        "SignName": "平安回音",
        "TemplateId": "T9",
        "TemplateParamSet": ["Q26-0017", "0000-12345"],
    }
    assert cloud.seen[0].headers["X-TC-Version"] == "2021-01-11"
    assert sent.platform_id == "s1"
    assert sent.parts == (Part("s1", 1, Decimal("4.5")),)


@pytest.mark.parametrize("provider", GOOD)
async def test_what_is_out_is_not_sent_again(cloud: Cloud, provider: str) -> None:
    """The database was lost before it was written down that the cloud had taken it."""
    cloud.replies[""] = [GOOD[provider]]
    out: list[int] = []

    async def gone_out(pieces: int) -> None:
        out.append(pieces)

    phone = channel(cloud, provider)
    message = Outgoing("编号Q26-0017有新消息，请致电0000-12345。", gone_out=gone_out)
    await phone.send(NUMBER, message)
    again = await phone.send(NUMBER, dataclasses.replace(message, skip=out[-1]))
    await phone.close()
    assert len(cloud.seen) == 1
    assert (again.platform_id, again.parts) == ("", ())


async def test_alibaba_gets_a_template_in_the_query(cloud: Cloud) -> None:
    cloud.replies[""] = [GOOD["alibaba"]]
    phone = channel(cloud, "alibaba")
    message = Outgoing("满" * 80, (Choice("好", "a"),))
    sent = await phone.send(NUMBER, message)
    await phone.close()
    query = cloud.seen[0].query
    assert query["PhoneNumbers"] == "13900000001"
    assert json.loads(query["TemplateParam"]) == {"text": "满" * 80 + " 回1好"}
    # 【平安回音】 6 + 80 + a line end + 回1好 3 = 90 units: two parts of 67
    assert sent.parts == (Part("b1^0", 2, Decimal("9.0")),)


async def test_what_no_template_says_is_not_sent(cloud: Cloud) -> None:
    config = cloud_config("tencent", cloud.address)  # type: ignore[attr-defined]
    assert config.cloud is not None
    object.__setattr__(config.cloud, "templates", "T9=编号{number}有新消息。")
    phone = SmsChannel(config)
    with pytest.raises(TransportError) as error:
        await phone.send(NUMBER, Outgoing("别的话"))
    await phone.close()
    assert error.value.permanent
    assert not cloud.seen


async def test_numbers_abroad_only_where_that_is_wanted(cloud: Cloud) -> None:
    cloud.replies[""] = [GOOD["alibaba"]]
    shut, open_ = channel(cloud, "alibaba"), channel(cloud, "alibaba", abroad=True)
    with pytest.raises(TransportError, match="abroad"):
        await shut.send("+85291234567", Outgoing("您好"))
    await open_.send("+85291234567", Outgoing("您好"))
    await open_.close()
    assert cloud.seen[0].query["PhoneNumbers"] == "0085291234567"


# code, permanent, gone, seconds to wait. NOW is 22:13:20 in Beijing: 6,700 s to 00:05
REFUSALS: dict[str, list[tuple[str, bool, bool, float | None]]] = {
    "tencent": [
        ("LimitExceeded.PhoneNumberThirtySecondLimit", False, False, 30),
        ("LimitExceeded.PhoneNumberOneHourLimit", False, False, 3600),
        ("LimitExceeded.PhoneNumberDailyLimit", False, False, 6700),
        ("FailedOperation.InsufficientBalanceInSmsPackage", False, False, 3600),
        ("FailedOperation.TemplateIncorrectOrUnapproved", True, False, None),
        ("FailedOperation.PhoneNumberInBlacklist", True, True, None),
        ("InvalidParameterValue.IncorrectPhoneNumber", True, True, None),
        ("AuthFailure.SignatureFailure", False, False, 3600),
        ("InternalError.Timeout", False, False, None),
    ],
    "alibaba": [
        ("isv.BUSINESS_LIMIT_CONTROL", False, False, 3600),
        ("isv.DAY_LIMIT_CONTROL", False, False, 6700),
        ("isv.AMOUNT_NOT_ENOUGH", False, False, 3600),
        ("isv.SMS_TEMPLATE_ILLEGAL", True, False, None),
        ("isv.MOBILE_NUMBER_ILLEGAL", True, True, None),
        ("SignatureDoesNotMatch", False, False, 3600),
        ("isp.SYSTEM_ERROR", False, False, None),
    ],
}


@pytest.mark.parametrize(
    ("provider", "code", "permanent", "gone", "wait"),
    [(provider, *row) for provider, rows in REFUSALS.items() for row in rows],
)
async def test_what_a_refusal_means(
    cloud: Cloud, provider: str, code: str, permanent: bool, gone: bool, wait: float | None
) -> None:
    body: dict[str, Any] = {"Code": code}
    if provider == "tencent":
        body = {"Response": {"SendStatusSet": [{"Code": code, "SerialNo": ""}]}}
    cloud.replies[""] = [body]
    phone = channel(cloud, provider)
    with pytest.raises(TransportError) as error:
        await phone.send(NUMBER, Outgoing("您好"))
    await phone.close()
    found = error.value
    assert (found.code, found.permanent, found.gone, found.retry_after) == (
        code,
        permanent,
        gone,
        wait,
    )
    assert "1390" not in found.message


async def test_the_body_counts_whatever_the_status(cloud: Cloud) -> None:
    cloud.replies[""] = [web.json_response({"Code": "Throttling.User"}, status=503)]
    phone = channel(cloud, "alibaba")
    with pytest.raises(TransportError) as error:
        await phone.send(NUMBER, Outgoing("您好"))
    await phone.close()
    assert (error.value.code, error.value.retry_after) == ("Throttling.User", 1)


# --- callbacks -----------------------------------------------------------------------------------

AT = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)
UPLINKS = {
    "tencent": {
        "extend": "01",
        "mobile": "13900000001",
        "nationcode": "86",
        "sign": "平安回音",
        "text": " 不满意 等了两个小时\u0000",
        "time": int(AT.timestamp()),
    },
    "alibaba": [
        {
            "phone_number": "13900000001",
            "content": " 不满意 等了两个小时\u0000",
            "send_time": "2026-11-20 14:05:00",
            "dest_code": "0001",
            "sequence_id": 77,
        }
    ],
}
REPORTS = {
    "tencent": [
        {"report_status": "SUCCESS", "errmsg": "DELIVRD", "sid": "s1"},
        {"report_status": "FAIL", "errmsg": "UNDELIV", "description": "用户关机", "sid": "s2"},
    ],
    "alibaba": [
        {"success": True, "err_code": "DELIVERED", "err_msg": "", "biz_id": "s1"},
        {"success": False, "err_code": "UNDELIV", "err_msg": "用户关机", "biz_id": "s2"},
    ],
}


class Edge:
    """The callbacks' address of one provider, before a gateway that remembers."""

    def __init__(self, provider: str, **changes: Any) -> None:
        self.gateway = StubGateway()
        self._now = [NOW]
        self.channel = SmsChannel(
            cloud_config(provider, "http://127.0.0.1:1", **changes), lambda: self._now[0]
        )

    async def post(self, what: str, body: Any, secret: str = SECRET) -> tuple[int, Any]:
        app = web.Application()
        self.channel.add_routes(app, self.gateway)
        server = TestServer(app, host="127.0.0.1")
        await server.start_server()
        data = body if isinstance(body, bytes | AsyncIterable) else json.dumps(body).encode()
        async with (
            aiohttp.ClientSession() as session,
            session.post(server.make_url(f"/sms/{secret}/{what}"), data=data) as response,
        ):
            found = response.status, await response.text()
        await server.close()
        await self.channel.close()
        return found[0], json.loads(found[1]) if found[1].startswith("{") else found[1]


@pytest.mark.parametrize("provider", ["tencent", "alibaba"])
async def test_a_reply_is_a_message_of_the_number(provider: str) -> None:
    edge = Edge(provider)
    status, answer = await edge.post("uplink", UPLINKS[provider])
    assert status == 200
    assert answer in ({"result": 0, "errmsg": "OK"}, {"code": 0, "msg": "成功"})
    (message,) = edge.gateway.received
    assert (message.channel, message.sender, message.kind) == ("sms", NUMBER, Kind.TEXT)
    assert (message.text, message.sent_at) == ("不满意 等了两个小时", AT)
    assert set(message.extra) <= {"extend", "sign", "dest_code"}
    assert edge.gateway.waits == [0]


async def test_the_id_of_a_reply_stays_the_same() -> None:
    ids = []
    for change in ({}, {}, {"text": "满意"}, {"mobile": "13900000002"}, {"time": 1}):
        edge = Edge("tencent")
        await edge.post("uplink", {**UPLINKS["tencent"], **change})  # type: ignore[dict-item]
        ids.append(edge.gateway.received[0].message_id)
    assert ids[0] == ids[1]
    assert len(set(ids)) == 4
    edge = Edge("alibaba")
    await edge.post("uplink", UPLINKS["alibaba"])
    assert edge.gateway.received[0].message_id == "up:77"


@pytest.mark.parametrize("provider", ["tencent", "alibaba"])
async def test_receipts_say_what_became_of_each(provider: str) -> None:
    edge = Edge(provider)
    assert (await edge.post("report", REPORTS[provider]))[0] == 200
    told = [(m.kind, m.text, m.extra["platform_id"]) for m in edge.gateway.received]
    assert told == [
        (Kind.RECEIPT, "success", "s1"),
        (Kind.RECEIPT, "failed: UNDELIV 用户关机", "s2"),
    ]


@pytest.mark.parametrize("secret", ["wrong-callback-secret", "x"])
async def test_a_wrong_path_is_nowhere(secret: str) -> None:
    edge = Edge("alibaba")
    assert (await edge.post("uplink", UPLINKS["alibaba"], secret))[0] == 404
    assert not edge.gateway.received


async def test_only_from_its_networks() -> None:
    assert (await Edge("alibaba", sources=("10.0.0.0/8",)).post("uplink", []))[0] == 404
    assert (await Edge("alibaba", sources=("127.0.0.0/8",)).post("uplink", []))[0] == 200


@pytest.mark.parametrize("body", [b"", b"not json", b"{}", b"[1]", b'[{"phone_number": ""}]'])
async def test_rubbish_is_taken_and_forgotten(body: bytes) -> None:
    edge = Edge("alibaba")
    assert (await edge.post("uplink", body))[0] == 200
    assert not edge.gateway.received


async def test_a_body_that_comes_in_pieces() -> None:
    """As a full array does over a real network."""

    async def pieces() -> AsyncIterator[bytes]:
        whole = json.dumps(UPLINKS["alibaba"]).encode()
        for place in range(0, len(whole), 20):
            yield whole[place : place + 20]
            await asyncio.sleep(0)

    edge = Edge("alibaba")
    assert (await edge.post("uplink", pieces()))[0] == 200
    assert len(edge.gateway.received) == 1


async def test_what_cannot_be_stored_is_not_taken() -> None:
    edge = Edge("alibaba")
    edge.gateway.failure = RuntimeError("no database")
    status, answer = await edge.post("uplink", UPLINKS["alibaba"])
    assert status == 500
    assert answer["code"] != 0


async def test_a_number_that_floods_us_is_passed_over() -> None:
    edge = Edge("alibaba")
    many = [
        {**UPLINKS["alibaba"][0], "sequence_id": number}  # type: ignore[index]
        for number in range(25)
    ]
    other = {**UPLINKS["alibaba"][0], "phone_number": "13900000002", "sequence_id": 99}  # type: ignore[index]
    await edge.post("uplink", [*many, other])
    senders = [message.sender for message in edge.gateway.received]
    assert senders.count(NUMBER) == 20
    assert senders[-1] == "+8613900000002"

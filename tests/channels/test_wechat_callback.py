"""Callbacks over HTTP: who is let in, what is answered, and with which key."""

import pytest
from channel_stubs import NOW
from wechat_platform import (
    ACCOUNT,
    APP_ID,
    CITIZEN,
    KEY_FOREIGN,
    KEY_NEW,
    KEY_OLD,
    TOKEN,
    elements,
    event,
    plain_query,
    seal,
    sealed_body,
    sealed_query,
    sha1,
    text_message,
    unseal,
)

from bot.message import Choice, Kind, Outgoing

HELLO = [Outgoing("您好")]


async def post(client, xml, key=KEY_NEW, **query):
    encrypt = seal(xml, key)
    return await client.post(
        "/wechat", params=sealed_query(encrypt, **query), data=sealed_body(encrypt)
    )


async def test_a_sealed_message_gets_a_sealed_answer(make_wechat, serve, gateway):
    client = await serve(make_wechat())
    gateway.answer = HELLO
    response = await post(client, text_message())
    sealed = elements(await response.text())
    xml, app_id = unseal(sealed["Encrypt"])
    said = elements(xml)
    assert response.status == 200
    assert app_id == APP_ID
    assert (said["ToUserName"], said["FromUserName"]) == (CITIZEN, ACCOUNT)
    assert (said["MsgType"], said["Content"]) == ("text", "您好")
    assert said["CreateTime"] == sealed["TimeStamp"] == str(int(NOW))
    assert sealed["MsgSignature"] == sha1(
        TOKEN, sealed["TimeStamp"], sealed["Nonce"], sealed["Encrypt"]
    )
    assert gateway.received[0].text == "我要投诉"
    assert 0 < gateway.waits[0] <= 4.5


async def test_a_plain_message_gets_a_plain_answer(make_wechat, serve, gateway):
    client = await serve(make_wechat(mode="plain", aes_keys=()))
    gateway.answer = HELLO
    response = await client.post("/wechat", params=plain_query(), data=text_message().encode())
    assert elements(await response.text())["Content"] == "您好"


async def test_compatible_mode_trusts_only_the_sealed_part(make_wechat, serve, gateway):
    client = await serve(make_wechat(mode="compat"))
    encrypt = seal(text_message("真的"))
    body = text_message("假的").replace("</xml>", f"<Encrypt>{encrypt}</Encrypt></xml>")
    response = await client.post("/wechat", params=sealed_query(encrypt), data=body.encode())
    assert response.status == 200
    assert [incoming.text for incoming in gateway.received] == ["真的"]


async def test_the_old_key_is_answered_with_the_old_key(make_wechat, serve, gateway):
    client = await serve(make_wechat())
    gateway.answer = HELLO
    response = await post(client, text_message(), KEY_OLD)
    xml, _ = unseal(elements(await response.text())["Encrypt"], KEY_OLD)
    assert elements(xml)["Content"] == "您好"


async def test_no_answer_within_the_budget_is_acknowledged(make_wechat, serve, gateway):
    client = await serve(make_wechat())
    for answer in (None, []):
        gateway.answer = answer
        assert await (await post(client, text_message())).text() == "success"
    assert gateway.pushed == []


async def test_what_does_not_fit_is_pushed_before_the_answer(make_wechat, serve, gateway):
    client = await serve(make_wechat())
    gateway.answer = [Outgoing("一"), Outgoing("长" * 2000, (Choice("好", "t"),))]
    response = await post(client, text_message(msg_id="42"))
    xml, _ = unseal(elements(await response.text())["Encrypt"])
    assert elements(xml)["Content"] == "一"
    assert gateway.pushed == [("42", gateway.answer[1:])]


async def test_a_message_that_was_not_stored_is_not_acknowledged(make_wechat, serve, gateway):
    client = await serve(make_wechat())
    gateway.failure = ConnectionError("no database")
    response = await post(client, text_message())
    assert response.status == 500
    assert "success" not in await response.text()


async def test_receipts_are_stored_but_not_waited_for(make_wechat, serve, gateway):
    client = await serve(make_wechat())
    gateway.answer = HELLO
    xml = event("TEMPLATESENDJOBFINISH", "<MsgID>7</MsgID><Status>success</Status>")
    assert await (await post(client, xml)).text() == "success"
    assert [(i.kind, i.message_id) for i in gateway.received] == [(Kind.RECEIPT, "r-7")]
    assert gateway.waits == [0]


async def test_unknown_and_unreadable_messages_are_acknowledged(make_wechat, serve, gateway):
    client = await serve(make_wechat())
    for xml in (event("moon_landing"), "<xml><oops></xml>", "hello"):
        response = await post(client, xml)
        assert (response.status, await response.text()) == (200, "success")
    assert gateway.received == []


def tampered(**changes):
    """A sealed request with some of its parts replaced; None leaves a part out."""
    encrypt = seal(text_message())
    parts = {**sealed_query(encrypt), "body": sealed_body(encrypt), **changes}
    body = parts.pop("body")
    return {k: v for k, v in parts.items() if v is not None}, body


def _flip(encrypt: str) -> str:
    return encrypt[:40] + ("A" if encrypt[40] != "A" else "B") + encrypt[41:]


OTHER = seal(text_message("别的"))
FORGED = {
    "nothing signed": tampered(msg_signature=None, signature=None),
    "only the signature without the body": tampered(msg_signature=None),
    "the other signature in its place": tampered(msg_signature=plain_query()["signature"]),
    "an empty signature": tampered(msg_signature=""),
    "a signature in Chinese": tampered(msg_signature="签名"),
    "another body": tampered(body=sealed_body(OTHER)),
    "one letter changed": tampered(body=sealed_body(_flip(seal(text_message())))),
    "another nonce": tampered(nonce="n2"),
    "no timestamp": tampered(timestamp=None),
    "a timestamp in words": tampered(timestamp="now"),
    "another token": tampered(**sealed_query(OTHER, token="guess"), body=sealed_body(OTHER)),
    "an empty token": tampered(**sealed_query(OTHER, token=""), body=sealed_body(OTHER)),
    "too old": tampered(**sealed_query(OTHER, NOW - 301), body=sealed_body(OTHER)),
    "from the future": tampered(**sealed_query(OTHER, NOW + 301), body=sealed_body(OTHER)),
    "a plain message": tampered(body=text_message()),
    "two sealed parts": tampered(body=sealed_body(OTHER) + sealed_body(OTHER)),
    "no body": tampered(body=""),
    "no XML": tampered(body="\xff\x00"),
}


@pytest.mark.parametrize("mode", ["aes", "compat"])
@pytest.mark.parametrize(("query", "body"), FORGED.values(), ids=list(FORGED))
async def test_the_forged_are_refused(make_wechat, serve, gateway, mode, query, body):
    client = await serve(make_wechat(mode=mode))
    response = await client.post("/wechat", params=query, data=body.encode())
    assert response.status == 403
    assert gateway.received == []


@pytest.mark.parametrize(
    "query",
    [
        {},
        {**plain_query(), "signature": "0" * 40},
        {**plain_query(), "nonce": "n2"},
        plain_query(token=""),
        plain_query(token="guess"),
        plain_query(NOW - 301),
        plain_query(NOW + 301),
    ],
)
async def test_the_forged_are_refused_in_plain_mode(make_wechat, serve, gateway, query):
    client = await serve(make_wechat(mode="plain"))
    assert (await client.post("/wechat", params=query, data=text_message())).status == 403
    assert (await client.get("/wechat", params={**query, "echostr": "1"})).status == 403
    assert gateway.received == []


async def test_a_foreign_key_and_a_foreign_account_are_refused(make_wechat, serve, gateway):
    client = await serve(make_wechat())
    for encrypt in (
        seal(text_message(), KEY_FOREIGN),
        seal(text_message(), KEY_NEW, "wxanotheraccount"),
        "QUJD",
        "A" * 64,
    ):
        response = await client.post(
            "/wechat", params=sealed_query(encrypt), data=sealed_body(encrypt)
        )
        assert response.status == 403
    assert gateway.received == []


async def test_the_freshness_window_moves_with_the_clock(make_wechat, serve, clock):
    client = await serve(make_wechat(freshness=60))
    clock.now = NOW + 60
    assert (await post(client, text_message())).status == 200
    clock.now = NOW + 61
    assert (await post(client, text_message())).status == 403


async def test_a_body_over_64_kib_is_refused(make_wechat, serve, gateway):
    client = await serve(make_wechat())
    response = await post(client, text_message("长" * 30000))
    assert response.status == 413
    assert gateway.received == []


async def test_the_address_is_verified_in_clear_and_sealed(make_wechat, serve):
    client = await serve(make_wechat())
    response = await client.get("/wechat", params={**plain_query(), "echostr": "<b>59</b>"})
    assert (await response.text(), response.content_type) == ("<b>59</b>", "text/plain")
    encrypt = seal("5927782489442352469")
    query = {**sealed_query(encrypt), "echostr": encrypt}
    assert await (await client.get("/wechat", params=query)).text() == "5927782489442352469"
    query["echostr"] = seal("6")
    assert (await client.get("/wechat", params=query)).status == 403

"""Callbacks over HTTP: who is let in, and what is answered."""

import base64

import pytest
from channel_stubs import NOW
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from wechat_platform import KEY_FOREIGN, KEY_NEW, KEY_OLD
from wecom_platform import LOWER, TOKEN, body, event, message, query, sealed, tap, text_message

from bot.message import Kind

ECHO = "1616140317555161061"


async def post(client, xml, key=KEY_NEW, *, receiver=None, **signed):
    encrypt = sealed(xml, key, receiver) if receiver is not None else sealed(xml, key)
    return await client.post("/wecom", params=query(encrypt, **signed), data=body(encrypt))


async def test_a_message_is_stored_and_answered_by_nothing(make_wecom, serve, gateway):
    client = await serve(make_wecom())
    response = await post(client, text_message())
    assert (response.status, await response.read()) == (200, b"")
    (incoming,) = gateway.received
    assert (incoming.sender, incoming.text) == (LOWER, "接了")
    assert gateway.waits == [0]


async def test_a_tap_is_a_choice(make_wecom, serve, gateway):
    client = await serve(make_wecom())
    await post(client, tap("v1", code="fresh"))
    (incoming,) = gateway.received
    assert (incoming.kind, incoming.token) == (Kind.CHOICE, "v1")
    assert incoming.extra["response_code"] == "fresh"


async def test_a_message_that_was_not_stored_is_not_acknowledged(make_wecom, serve, gateway):
    client = await serve(make_wecom())
    gateway.failure = ConnectionError("no database")
    assert (await post(client, text_message())).status == 500


async def test_what_is_not_for_us_is_acknowledged_and_dropped(make_wecom, serve, gateway):
    client = await serve(make_wecom())
    for xml in (
        event("enter_agent"),
        event("moon_landing"),
        text_message(agent=1000009),
        "<xml><oops></xml>",
        "hello",
    ):
        response = await post(client, xml)
        assert (response.status, await response.read()) == (200, b"")
    assert gateway.received == []


async def test_a_change_in_the_address_book_names_no_app(make_wecom, serve, gateway):
    client = await serve(make_wecom())
    inside = "<ChangeType>delete_user</ChangeType><UserID>ZhangSan</UserID>"
    await post(client, event("change_contact", inside, sender="sys", agent=""))
    assert [(i.kind, i.sender) for i in gateway.received] == [(Kind.UNFOLLOW, "zhangsan")]


async def test_the_old_key_still_opens(make_wecom, serve, gateway):
    client = await serve(make_wecom())
    assert (await post(client, text_message(), KEY_OLD)).status == 200
    assert len(gateway.received) == 1


def badly_padded(padding: int) -> str:
    """A block that decrypts to rubbish whose last byte is `padding`."""
    raw = base64.b64decode(KEY_NEW + "=")
    encryptor = Cipher(algorithms.AES(raw), modes.CBC(raw[:16])).encryptor()
    return base64.b64encode(encryptor.update(bytes(47) + bytes([padding]))).decode()


@pytest.mark.parametrize(
    "encrypt",
    [
        sealed(text_message(), KEY_FOREIGN),
        sealed(text_message(), receiver="ww0000000000000000"),
        sealed(text_message(), receiver=""),
        *map(badly_padded, (0, 1, 31, 200)),
        base64.b64encode(b"short").decode(),
        "====",
    ],
    ids=["key", "company", "no company", "pad 0", "pad 1", "pad 31", "pad 200", "short", "empty"],
)
async def test_what_no_key_opens_is_refused(make_wecom, serve, gateway, encrypt):
    client = await serve(make_wecom())
    posted = await client.post("/wecom", params=query(encrypt), data=body(encrypt))
    got = await client.get("/wecom", params={**query(encrypt), "echostr": encrypt})
    assert (posted.status, got.status) == (403, 403)
    assert gateway.received == []


@pytest.mark.parametrize(
    "signed",
    [{"token": "another"}, {"timestamp": NOW - 301}, {"timestamp": NOW + 301}],
    ids=["token", "too old", "too new"],
)
async def test_forged_and_stale_callbacks_are_refused(make_wecom, serve, gateway, signed):
    client = await serve(make_wecom())
    assert (await post(client, text_message(), **signed)).status == 403
    encrypt = sealed(ECHO)
    params = {**query(encrypt, **signed), "echostr": encrypt}
    assert (await client.get("/wecom", params=params)).status == 403
    assert gateway.received == []


@pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce"])
async def test_nothing_of_the_signature_may_be_missing_or_changed(make_wecom, serve, gateway, name):
    client, encrypt = await serve(make_wecom()), sealed(text_message())
    without = {key: value for key, value in query(encrypt).items() if key != name}
    for params in (without, {**without, name: "1"}):
        response = await client.post("/wecom", params=params, data=body(encrypt))
        assert response.status == 403
    assert gateway.received == []


async def test_a_body_of_another_signature_is_refused(make_wecom, serve, gateway):
    client = await serve(make_wecom())
    signed, other = sealed(text_message()), sealed(text_message("假的"))
    for data in (body(other), body(signed).replace("<Encrypt>", "<Encrypt>x</Encrypt><Encrypt>")):
        assert (await client.post("/wecom", params=query(signed), data=data)).status == 403
    plain = await client.post("/wecom", params=query(""), data=text_message().encode())
    assert plain.status == 403
    assert gateway.received == []


async def test_a_body_without_end_is_refused(make_wecom, serve, gateway):
    client = await serve(make_wecom())
    response = await client.post("/wecom", params=query("x"), data=b"x" * (64 * 1024 + 1))
    assert response.status == 413
    assert gateway.received == []


async def test_the_address_check_gets_the_bare_echo(make_wecom, serve):
    client, encrypt = await serve(make_wecom()), sealed(ECHO)
    response = await client.get("/wecom", params={**query(encrypt), "echostr": encrypt})
    assert (response.status, await response.read()) == (200, ECHO.encode())
    assert TOKEN not in str(response.headers)


async def test_what_is_logged_names_nobody(make_wecom, serve, gateway, capfd):
    client = await serve(make_wecom())
    for xml in (text_message("秘密"), message("hologram", "秘密"), "<xml>秘密"):
        await post(client, xml)
        await post(client, xml, KEY_FOREIGN)
    shown = "".join(capfd.readouterr())
    assert "秘密" not in shown
    assert LOWER not in shown.lower()

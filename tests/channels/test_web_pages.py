"""The web chat over HTTP, without a script in the page: real gateway, inbox, database and Redis."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Callable

import pytest
from aiohttp import FormData
from sqlalchemy import func, select
from yarl import URL

from actions.store.tables import attachments, inbox, web_messages
from bot.web.lines import Place
from tests.web_house import DESK, DESK_LABEL, Browser, WebHouse

type Visit = Callable[..., Browser]
ID = "a1b2c3d4e5f607{:02d}"
PHOTO = b"\xff\xd8\xff\xdb\x00\x04ab\xff\xda\x00\x02photo\xff\xd9"


def said(html: str) -> list[str]:
    """The words of the lines on a page or in a fragment."""
    return re.findall(r"<div class=\"bubble\"><p>(.*?)</p>", html, re.DOTALL)


async def rows(house: WebHouse) -> int:
    async with house.services.engine.connect() as connection:
        return int((await connection.execute(select(func.count()).select_from(inbox))).scalar_one())


# --- a scanned code -------------------------------------------------------------------------------


async def test_a_code_opens_the_chat_with_its_place_and_the_grades(
    house: WebHouse, visit: Visit
) -> None:
    status, html = await visit().get(f"/s/{DESK}")
    assert status == 200
    assert DESK_LABEL in html
    assert re.findall(r'name="grade" value="(\w+)">(\S+?)<', html) == [
        ("satisfied", "满意"),
        ("basically", "基本满意"),
        ("unsatisfied", "不满意"),
    ]
    assert await rows(house) == 0  # looking says nothing


async def test_a_page_is_safe_and_keeps_nothing_of_others(house: WebHouse, visit: Visit) -> None:
    browser = visit()
    async with browser.session.get(f"{house.url}/s/{DESK}") as response:
        headers, cookie = response.headers, response.headers["Set-Cookie"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"
    assert {"HttpOnly", "SameSite=Lax"} <= set(re.split("; ", cookie))


async def test_the_first_view_is_light_and_loads_nothing_from_elsewhere(
    house: WebHouse, visit: Visit
) -> None:
    """60 kB are allowed over the wire; counted are the bodies as they are and as they are zipped."""
    plain = zipped = 0
    _, html = await visit().get(f"/s/{DESK}")
    files = {f"/s/{DESK}", *re.findall(r'(?:src|href)="(/chat/static/[^"]+)"', html)}
    assert len(files) == 4
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', html)
    for path in files:
        for encoding in ("identity", "gzip"):
            session = visit(**{"Accept-Encoding": encoding}).session
            async with session.get(f"{house.url}{path}", auto_decompress=False) as response:
                size = len(await response.read())
                assert (response.headers.get("Content-Encoding") == "gzip") is (encoding == "gzip")
            plain, zipped = (plain, zipped + size) if encoding == "gzip" else (plain + size, zipped)
    assert plain <= 40_000
    assert zipped <= 15_000


async def test_a_grade_without_a_script_is_a_rating(house: WebHouse, visit: Visit) -> None:
    browser = visit()
    await browser.get(f"/s/{DESK}")
    form = {"id": ID.format(1), "scene": DESK, "grade": "unsatisfied", "text": "等了俩小时"}
    response = await browser.post("/chat/messages", data=form)
    assert (response.status, str(response.url.path)) == (200, "/chat")  # led there
    assert house.rasa.words == ["scan", "grade", "等了俩小时"]
    assert said(await response.text()) == [
        f"扫了码：{DESK_LABEL}",
        f"您在评价：{DESK_LABEL}。这次办得怎么样？",
        "不满意",
        "抱歉，没办好。主要是哪方面？",
        "等了俩小时",
        "听到：等了俩小时",
    ]


async def test_sent_again_it_acts_once_and_shows_the_same(house: WebHouse, visit: Visit) -> None:
    browser = visit()
    await browser.get(f"/s/{DESK}")
    fields = {"id": ID.format(1), "scene": DESK, "grade": "satisfied"}
    first = await browser.says(**fields)
    browser.after = 0
    again = await browser.says(**fields)
    assert [line["key"] for line in again] == [line["key"] for line in first]
    assert house.rasa.words == ["scan", "grade"]


async def test_two_at_once_act_once(house: WebHouse, visit: Visit) -> None:
    browser = visit()
    await browser.get("/chat")
    fields = {"id": ID.format(1), "text": "在吗"}
    await asyncio.gather(*(browser.says(**fields) for _ in range(3)))
    _, html = await browser.get("/chat")
    assert said(html) == ["在吗", "听到：在吗"]
    assert house.rasa.words == ["在吗"]


async def test_an_unknown_code_still_opens_the_chat(visit: Visit) -> None:
    for code in ("nowhere-1234", "a" * 200, "..%2F..%2Fx", "%E4%BD%A0"):
        status, html = await visit().get(f"/s/{code}")
        assert status == 404
        assert "这个码我不认得" in html
        assert 'name="menu" value="rate"' in html


async def test_who_guesses_codes_learns_of_none_any_more(visit: Visit) -> None:
    guesser = visit()
    for number in range(20):
        await guesser.get(f"/s/mdl-hj2-{number:04d}")
    unknown, known = await guesser.get("/s/mdl-hj2-zzzz"), await guesser.get(f"/s/{DESK}")
    assert unknown[0] == known[0] == 404

    def shape(html: str) -> str:
        return re.sub(r"[0-9a-f-]{36}", "", html)

    assert shape(unknown[1]) == shape(known[1])
    await guesser.says(id=ID.format(1), scene=DESK, text="试试")
    assert guesser.house.rasa.words == ["试试"]  # nor by the other door


@pytest.mark.parametrize(
    ("place", "says", "grades"),
    [
        (Place(DESK, "户籍 3 号窗口", "moved", "户籍 2 号窗口"), "现在归这里：户籍 3 号窗口", True),
        (
            Place(DESK, "明德里派出所", "retired", "户籍 2 号窗口"),
            "这张码（户籍 2 号窗口）已停用",
            False,
        ),
    ],
    ids=["moved", "retired"],
)
async def test_an_old_sticker_says_politely_where_to_go(
    house: WebHouse, visit: Visit, place: Place, says: str, grades: bool
) -> None:
    class Places:
        async def find(self, scene: str) -> Place:
            return place

    object.__setattr__(house.channel.parts, "places", Places())
    browser = visit()
    status, html = await browser.get("/s/old-code")
    assert status == 200
    assert says in html
    assert ('name="grade"' in html) is grades
    await browser.says(id=ID.format(1), scene="old-code", text="您好")
    assert house.rasa.words == (["scan", "您好"] if grades else ["您好"])


async def test_inside_wechat_without_an_account_the_chat_opens(visit: Visit) -> None:
    _, html = await visit(**{"User-Agent": "Mozilla/5.0 MicroMessenger/8.0"}).get(f"/s/{DESK}")
    assert 'name="grade"' in html


async def test_inside_wechat_our_account_comes_first(house: WebHouse, visit: Visit) -> None:
    class Account:
        async def code_url(self, scene: str) -> str | None:
            return f"http://weixin.qq.com/q/{scene}"

    object.__setattr__(house.channel.parts, "account", Account())
    browser = visit(**{"User-Agent": "Mozilla/5.0 MicroMessenger/8.0"})
    _, html = await browser.get(f"/s/{DESK}")
    assert "<svg" in html
    assert "长按识别" in html
    assert 'name="grade"' not in html
    _, html = await browser.get(f"/s/{DESK}?here=1")
    assert 'name="grade"' in html
    _, html = await visit().get(f"/s/{DESK}")
    assert 'name="grade"' in html


# --- a conversation -------------------------------------------------------------------------------


async def test_what_people_write_is_shown_as_they_wrote_it(house: WebHouse, visit: Visit) -> None:
    browser = visit()
    await browser.get("/chat")
    nasty = "<img src=x onerror=alert(1)> \"'&{{title}} /restart"
    await browser.says(id=ID.format(1), text=nasty)
    _, html = await browser.get("/chat")
    assert "<img src=x" not in html
    assert "{{title}}" in html
    assert house.rasa.words == [nasty]


async def test_a_tap_shows_the_label_that_was_offered(house: WebHouse, visit: Visit) -> None:
    browser = visit()
    await browser.get(f"/s/{DESK}")
    lines = await browser.says(id=ID.format(1), scene=DESK, grade="unsatisfied")
    token = re.findall(r'value="([\w-]+)">太慢<', lines[-1]["html"])[0]
    lines = await browser.says(id=ID.format(2), token=token)
    assert said(lines[0]["html"]) == ["太慢"]
    assert house.rasa.words == ["scan", "grade", "reason"]


async def test_a_choice_that_is_gone_says_so(visit: Visit) -> None:
    browser = visit()
    await browser.get("/chat")
    lines = await browser.says(id=ID.format(1), token="nobodys")
    assert len(lines) == 1
    assert "已经过期" in lines[0]["html"]


async def test_nobody_reads_anothers_conversation(house: WebHouse, visit: Visit) -> None:
    chen, zhou = visit(), visit()
    for browser in (chen, zhou):
        await browser.get("/chat")
    await chen.says(id=ID.format(1), text="只给回音看")
    _, html = await zhou.get("/chat")
    assert "只给回音看" not in html
    status, _ = await zhou.get("/chat/messages?after=0")
    assert status == 410
    async with house.services.engine.connect() as connection:
        sealed = (await connection.execute(select(web_messages.c.content_sealed))).scalars().all()
    assert all("只给回音看".encode() not in bytes(one) for one in sealed)


@pytest.mark.parametrize("path", ["messages", "files", "language", "end"])
async def test_another_site_cannot_post(house: WebHouse, visit: Visit, path: str) -> None:
    browser = visit()
    await browser.get("/chat")
    form = {"id": ID.format(1), "text": "x", "language": "en"}
    foreign = {"Origin": "https://evil.example.org"}
    response = await browser.post(f"/chat/{path}", data=form, headers=foreign)
    assert response.status == 403
    assert await rows(house) == 0


async def test_without_a_cookie_nothing_is_taken(house: WebHouse, visit: Visit) -> None:
    response = await visit().post("/chat/messages", json={"id": ID.format(1), "text": "x"})
    assert response.status == 401
    assert await rows(house) == 0


async def test_who_floods_is_slowed_down(house: WebHouse, visit: Visit) -> None:
    browser = visit()
    await browser.get("/chat")
    for number in range(30):
        await browser.says(id=ID.format(number), menu="help")
    response = await browser.post("/chat/messages", json={"id": ID.format(31), "text": "x"})
    assert response.status == 429
    assert response.headers["Retry-After"] == "10"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff\xfe", b'{"id": "a1b2c3d4e5"}'])
async def test_what_cannot_be_read_is_refused(visit: Visit, body: bytes) -> None:
    browser = visit()
    await browser.get("/chat")
    headers = {"Content-Type": "application/json"}
    response = await browser.post("/chat/messages", data=body, headers=headers)
    assert response.status == 400


async def test_when_the_database_is_gone_nothing_is_acknowledged(
    house: WebHouse, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = visit()
    await browser.get("/chat")

    async def broken(*_: object) -> None:
        raise OSError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(type(house.channel.parts.mailbox), "add", broken)
        fields = {"id": ID.format(1), "text": "还在吗"}
        response = await browser.post("/chat/messages", json=fields)
        assert response.status == 503
        form = await browser.post("/chat/messages", data=fields, headers={"Accept": "text/html"})
        assert "没有记下" in await form.text()
    assert said((await browser.says(**fields))[-1]["html"]) == ["听到：还在吗"]


# --- news -----------------------------------------------------------------------------------------


async def test_a_notice_reaches_an_open_page_from_another_process(
    house: WebHouse, visit: Visit
) -> None:
    browser = visit()
    await browser.get("/chat")
    await browser.says(id=ID.format(1), text="在吗")
    (sender,) = await house.senders()
    async with browser.session.get(f"{house.url}/chat/events?after={browser.after}") as stream:
        assert await stream.content.readuntil(b"\n\n") == b"retry: 3000\nevent: hello\ndata: {}\n\n"
        assert b"still here" in await stream.content.readuntil(b"\n\n")
        await house.pushes(sender, "Q26-0001 已接手")
        event = (await stream.content.readuntil(b"\n\n")).decode()
    assert event.startswith("id: 3\ndata: ")
    assert "Q26-0001 已接手" in event


async def test_a_stream_goes_on_from_the_last_event(house: WebHouse, visit: Visit) -> None:
    browser = visit()
    await browser.get("/chat")
    await browser.says(id=ID.format(1), text="一")
    headers = {"Last-Event-ID": "1"}
    async with browser.session.get(f"{house.url}/chat/events?after=0", headers=headers) as stream:
        await stream.content.readuntil(b"\n\n")
        assert (await stream.content.readuntil(b"\n\n")).startswith(b"id: 2\n")


async def test_without_events_a_page_asks_and_waits(
    house: WebHouse, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = visit()
    await browser.get("/chat")
    await browser.says(id=ID.format(1), text="在吗")
    (sender,) = await house.senders()
    listens = asyncio.Event()

    async def here(_: str) -> None:
        listens.set()

    monkeypatch.setattr(house.channel.parts.bell, "here", here)
    asking = asyncio.create_task(browser.get(f"/chat/messages?after={browser.after}&wait=20"))
    await listens.wait()
    await house.pushes(sender, "有结果了")
    status, answer = await asking
    assert status == 200
    assert "有结果了" in answer


async def test_a_fifth_page_of_one_visitor_asks_instead(house: WebHouse, visit: Visit) -> None:
    browser = visit()
    await browser.get("/chat")
    await browser.says(id=ID.format(1), text="在吗")
    streams = [await browser.session.get(f"{house.url}/chat/events") for _ in range(4)]
    status, _ = await browser.get("/chat/events")
    assert status == 503
    for stream in streams:
        stream.close()


# --- files ----------------------------------------------------------------------------------------


def upload(content: bytes, name: str = "../../x", number: int = 1) -> FormData:
    form = FormData()
    form.add_field("id", ID.format(number))
    form.add_field("file", io.BytesIO(content), filename=name, content_type="text/html")
    return form


async def test_a_photo_is_kept_shown_and_handed_in(house: WebHouse, visit: Visit) -> None:
    browser, other = visit(), visit()
    await browser.get("/chat")
    await other.get("/chat")
    for _ in range(2):  # the answer was lost, it is sent again
        response = await browser.post("/chat/files", data=upload(PHOTO))
        assert response.status == 200
    assert house.rasa.words == ["attach"]
    _, html = await browser.get("/chat")
    (address,) = set(re.findall(r'src="(/chat/files/\d+)"', html))
    async with browser.session.get(house.url + address) as shown:
        assert shown.content_type == "image/jpeg"
        assert shown.headers["X-Content-Type-Options"] == "nosniff"
        assert await shown.read() == PHOTO
    assert (await other.get(address))[0] == 404
    async with house.services.engine.connect() as connection:
        (row,) = (await connection.execute(select(attachments))).all()
    await house.deliverer.keep_media(str(row.inbox_id), 0)
    async with house.services.engine.connect() as connection:
        (row,) = (await connection.execute(select(attachments))).all()
    assert (row.state, row.content_type) == ("kept", "image/jpeg")
    assert house.services.vault.open_bytes(row.content_sealed) == PHOTO


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"<script>alert(1)</script>", 415), (b"\xff\xd8\xff" + bytes(20 * 1024 * 1024), 413)],
    ids=["a script", "too big"],
)
async def test_a_file_that_is_not_taken(
    house: WebHouse, visit: Visit, content: bytes, status: int
) -> None:
    browser = visit()
    await browser.get("/chat")
    response = await browser.post("/chat/files", data=upload(content, "photo.jpg"))
    assert response.status == status
    assert await rows(house) == 0


async def test_the_largest_file_is_taken(house: WebHouse, visit: Visit) -> None:
    browser = visit()
    await browser.get("/chat")
    content = b"\xff\xd8\xff\xdb\x00\x04ab\xff\xda\x00\x02"
    content += bytes(20 * 1024 * 1024 - len(content) - 2) + b"\xff\xd9"
    response = await browser.post("/chat/files", data=upload(content))
    assert response.status == 200


async def test_a_form_without_a_file_is_refused(visit: Visit) -> None:
    browser = visit()
    await browser.get("/chat")
    for data in ({"id": ID.format(1)}, FormData({"file": "x"}), b"x"):
        assert (await browser.post("/chat/files", data=data)).status == 400


# --- language and end -----------------------------------------------------------------------------


async def test_someone_new_is_spoken_to_in_the_language_of_the_page(
    house: WebHouse, visit: Visit
) -> None:
    browser = visit(**{"Accept-Language": "en-GB,en"})
    _, html = await browser.get(f"/s/{DESK}")
    assert '<html lang="en">' in html
    assert ">Not satisfied<" in html
    await browser.says(id=ID.format(1), scene=DESK, grade="unsatisfied")
    (sender,) = await house.senders()
    visit_ = await house.channel.parts.mailbox.look(sender)
    assert visit_ is not None
    assert visit_.language == "en"


async def test_the_language_is_changed_in_the_page_and_in_the_conversation(
    house: WebHouse, visit: Visit
) -> None:
    browser = visit()
    await browser.get("/chat")
    await browser.says(id=ID.format(1), text="在吗")
    form = {"language": "en", "back": "/chat"}
    response = await browser.post("/chat/language", data=form)
    assert '<html lang="en">' in await response.text()
    assert house.rasa.words == ["在吗", "English"]
    response = await browser.post(
        "/chat/language", data={"language": "zh", "back": "//evil.example.org"}
    )
    assert response.url.host == "127.0.0.1"
    assert '<html lang="zh-CN">' in await response.text()


async def test_ended_it_is_gone_from_this_browser_and_stays_with_the_bureau(
    house: WebHouse, visit: Visit
) -> None:
    browser = visit()
    await browser.get("/chat")
    await browser.says(id=ID.format(1), text="我说的话")
    (sender,) = await house.senders()
    cookie = browser.session.cookie_jar.filter_cookies(URL(house.url))["huiyin"].value
    response = await browser.post("/chat/end")
    assert "已清除" in await response.text()
    _, html = await browser.get("/chat")
    assert "我说的话" not in html
    async with house.services.engine.connect() as connection:
        left = (await connection.execute(select(web_messages))).all()
    assert left == []
    assert await rows(house) == 2  # what was said, and the leaving
    assert "我说的话" not in (await visit(Cookie=f"huiyin={cookie}").get("/chat"))[1]
    response = await visit(Cookie=f"huiyin={cookie}").post(
        "/chat/messages", json={"id": ID.format(2), "text": "x"}
    )
    assert response.status == 410
    assert sender == (await house.senders())[0]

"""The web chat in a real browser, as on an old phone: 360 × 740, slow, sometimes without network."""

from __future__ import annotations

import random
import re
import struct
import zlib
from pathlib import Path

import pytest
from chat_pages import ChatPages, heard, pending, says
from playwright.async_api import Page, Route, expect
from sqlalchemy import select

from actions.store.tables import web_files
from tests.web_house import DESK

SCRIPT = Path(__file__).parents[2] / "bot" / "web" / "static" / "chat.js"


async def test_a_rating_a_reason_a_sentence_and_all_of_it_after_a_reload(pages: ChatPages) -> None:
    page = await pages.open()
    await expect(page.get_by_role("heading", name="这次办得怎么样")).to_be_visible()
    await page.get_by_role("button", name="不满意", exact=True).click()
    await heard(page, "主要是哪方面").get_by_role("button", name="太慢").click()
    await expect(heard(page, "一句话说说经过")).to_be_visible()
    await says(page, "等了俩小时没人理")
    await expect(heard(page, "听到：等了俩小时没人理")).to_be_visible()
    assert page.url.endswith("/chat")
    before = await page.locator("#lines li").all_inner_texts()
    await page.reload()
    await page.locator("body.ready").wait_for()
    assert await page.locator("#lines li").all_inner_texts() == before
    assert pages.house.rasa.words == ["scan", "grade", "reason", "等了俩小时没人理"]


async def test_words_on_a_codes_page_come_after_the_scan(pages: ChatPages) -> None:
    page = await pages.open()
    await says(page, "今天办得很快")
    await expect(heard(page, "听到：今天办得很快")).to_be_visible()
    assert pages.house.rasa.words == ["scan", "今天办得很快"]


async def test_a_double_tap_is_one_tap(pages: ChatPages) -> None:
    page = await pages.open()
    await page.get_by_role("button", name="满意", exact=True).dblclick()
    await expect(heard(page, "谢谢，记下了：满意")).to_be_visible()
    assert pages.house.rasa.words == ["scan", "grade"]


async def test_the_menu_opens_what_it_says(pages: ChatPages) -> None:
    page = await pages.open("/chat")
    await page.get_by_role("button", name="投诉").click()
    await expect(heard(page, "办：complain")).to_be_visible()


async def test_without_a_script_it_works_too(pages: ChatPages) -> None:
    phone = await pages.phone(java_script_enabled=False)
    page = await phone.new_page()
    await page.goto(f"{pages.house.url}/s/{DESK}")
    await page.get_by_label("想说一句也行").fill("等了俩小时")
    await page.get_by_role("button", name="不满意", exact=True).click()
    await page.get_by_role("button", name="太慢").click()
    await page.get_by_label("想说的话").fill("就是慢")
    await page.get_by_role("button", name="发送").click()
    await expect(heard(page, "听到：就是慢")).to_be_visible()
    assert pages.house.rasa.words == ["scan", "grade", "等了俩小时", "reason", "就是慢"]


# --- a bad network --------------------------------------------------------------------------------


async def test_what_is_written_without_network_goes_out_once_and_in_order(
    pages: ChatPages,
) -> None:
    page = await pages.open("/chat")
    await says(page, "有网")
    await expect(heard(page, "听到：有网")).to_be_visible()
    await page.context.set_offline(True)
    await expect(page.locator("#line")).to_contain_text("现在没有网络")
    for words in ("一", "二", "三"):
        await says(page, words)
    await expect(pending(page)).to_have_count(3)
    await expect(pending(page).first).to_contain_text("未发出，联网后自动发送")
    await page.context.set_offline(False)
    await expect(heard(page, "听到：三")).to_be_visible()
    await expect(pending(page)).to_have_count(0)
    assert pages.house.rasa.words == ["有网", "一", "二", "三"]


async def test_what_is_not_sent_outlives_the_page(pages: ChatPages) -> None:
    phone = await pages.phone()
    page = await pages.open("/chat", phone)
    await phone.set_offline(True)
    await says(page, "关了网页也在")
    await expect(pending(page)).to_have_count(1)
    await page.close()
    await phone.set_offline(False)
    page = await pages.open("/chat", phone)
    await expect(heard(page, "听到：关了网页也在")).to_be_visible()
    assert pages.house.rasa.words == ["关了网页也在"]


async def test_a_lost_answer_does_not_make_two(pages: ChatPages) -> None:
    page = await pages.open()
    lost = 0

    async def lose(route: Route) -> None:
        nonlocal lost
        lost += 1
        if lost == 1:
            await route.fetch()  # it arrives, its answer does not
            await route.abort()
        else:
            await route.continue_()

    await page.route("**/chat/messages", lose)
    await page.get_by_role("button", name="不满意", exact=True).click()
    await expect(heard(page, "主要是哪方面")).to_have_count(1)
    await expect(pending(page)).to_have_count(0)
    await expect(page.locator("li.mine")).to_have_count(1)
    assert pages.house.rasa.words == ["scan", "grade"]


async def test_while_we_are_down_it_is_kept_and_said_so(pages: ChatPages) -> None:
    page = await pages.open("/chat")
    down = True

    async def answer(route: Route) -> None:
        if down:
            await route.fulfill(status=503, json={"error": "busy"})
        else:
            await route.continue_()

    await page.route("**/chat/messages", answer)
    await says(page, "有人吗")
    await expect(page.locator("#line")).to_contain_text("会自动再发")
    down = False
    await expect(heard(page, "听到：有人吗")).to_be_visible()


async def test_what_is_refused_can_be_dropped_and_the_rest_goes_on(pages: ChatPages) -> None:
    page = await pages.open("/chat")
    await page.route(
        "**/chat/messages", lambda route: route.fulfill(status=400, json={"error": "x"}), times=1
    )
    await says(page, "第一句")
    await expect(pending(page)).to_contain_text("没读出来")
    await says(page, "第二句")
    await expect(heard(page, "听到：第二句")).to_be_visible()
    await page.get_by_role("button", name="不发了").click()
    await expect(pending(page)).to_have_count(0)
    assert pages.house.rasa.words == ["第二句"]


async def test_at_2g_the_first_view_is_light_and_a_rating_goes_through(pages: ChatPages) -> None:
    """Chrome's own throttling: 300 ms away, 6 kB a second down, 3 up. Bytes as they went over."""
    phone = await pages.phone()
    page = await phone.new_page()
    protocol = await phone.new_cdp_session(page)
    sizes: list[float] = []
    protocol.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    await protocol.send("Network.enable")
    await protocol.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 300, "downloadThroughput": 6000, "uploadThroughput": 3000},
    )
    await page.goto(f"{pages.house.url}/s/{DESK}")
    await page.locator("body.ready").wait_for()
    assert sum(sizes) < 20_000, sizes
    await page.get_by_role("button", name="满意", exact=True).click()
    await expect(heard(page, "谢谢，记下了：满意")).to_be_visible(timeout=20_000)


# --- news -----------------------------------------------------------------------------------------


async def test_a_notice_appears_by_itself(pages: ChatPages) -> None:
    page = await pages.open("/chat")
    await says(page, "在吗")
    await expect(heard(page, "听到：在吗")).to_be_visible()
    async with page.expect_event("request", lambda r: "/chat/events" in r.url):
        await page.reload()
    (sender,) = await pages.house.senders()
    await pages.house.pushes(sender, "Q26-0001：李警官接了您的事")
    await expect(heard(page, "李警官接了您的事")).to_be_visible()


async def test_where_events_are_cut_off_the_page_asks(pages: ChatPages) -> None:
    phone = await pages.phone()
    await phone.route("**/chat/events*", lambda route: route.fulfill(status=502))
    page = await pages.open("/chat", phone)
    await says(page, "在吗")
    await expect(heard(page, "听到：在吗")).to_be_visible()
    (sender,) = await pages.house.senders()
    await pages.house.pushes(sender, "有结果了")
    await expect(heard(page, "有结果了")).to_be_visible()


async def test_two_pages_of_one_phone_show_the_same(pages: ChatPages) -> None:
    phone = await pages.phone()
    first = await pages.open("/chat", phone)
    await says(first, "一")
    await expect(heard(first, "听到：一")).to_be_visible()
    second = await pages.open("/chat", phone)
    await says(second, "二")
    await expect(heard(first, "听到：二")).to_be_visible()
    assert await first.locator("#lines li").count() == 4


# --- photos, voice, place -------------------------------------------------------------------------


def noise(width: int, height: int) -> bytes:
    """A PNG of noise: nothing makes it small but drawing it smaller."""
    dice = random.Random(7)
    rows = b"".join(b"\x00" + dice.randbytes(width * 3) for _ in range(height))

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows, 0))
        + chunk(b"IEND", b"")
    )


async def kept(pages: ChatPages) -> list[tuple[str, bytes]]:
    async with pages.house.services.engine.connect() as connection:
        rows = (await connection.execute(select(web_files))).all()
    opened = pages.house.services.vault.open_bytes
    return [(row.content_type, opened(row.content_sealed)) for row in rows]


async def test_a_photo_is_made_smaller_sent_and_shown(pages: ChatPages) -> None:
    page = await pages.open("/chat")
    photo = noise(2000, 1000)
    await page.locator("#photo").set_input_files(
        {"name": "../../x.png", "mimeType": "image/png", "buffer": photo}
    )
    await expect(page.locator("li.mine img")).to_have_js_property("naturalWidth", 1600)
    await expect(pending(page)).to_have_count(0)
    ((kind, content),) = await kept(pages)
    assert kind == "image/jpeg"
    assert len(content) < len(photo) / 2
    assert pages.house.rasa.words == ["attach"]


async def test_what_is_no_photo_is_refused_in_words(pages: ChatPages) -> None:
    page = await pages.open("/chat")
    await page.locator("#photo").set_input_files(
        {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"<script>alert(1)</script>"}
    )
    await expect(pending(page)).to_contain_text("这种文件收不了")
    assert await kept(pages) == []


async def test_a_voice_note_is_recorded_and_words_are_asked_for(pages: ChatPages) -> None:
    phone = await pages.phone(permissions=["microphone"])
    page = await pages.open("/chat", phone)
    await page.get_by_role("button", name="照片、语音、位置").click()
    await page.get_by_role("button", name="语音", exact=True).click()
    await expect(page.locator("#recorded")).to_contain_text("1 s")
    await page.get_by_role("button", name="停止并发送").click()
    await expect(page.locator("li.mine audio")).to_have_count(1)
    await expect(page.locator("#line")).to_contain_text("请再写一句话")
    ((kind, content),) = await kept(pages)
    assert kind == "audio/webm"
    assert len(content) > 500


async def test_the_place_is_only_sent_when_tapped(pages: ChatPages) -> None:
    phone = await pages.phone(
        geolocation={"latitude": 38.04, "longitude": 114.51}, permissions=["geolocation"]
    )
    page = await pages.open("/chat", phone)
    await says(page, "在吗")
    await expect(heard(page, "听到：在吗")).to_be_visible()
    await page.get_by_role("button", name="照片、语音、位置").click()
    await page.get_by_role("button", name="位置", exact=True).click()
    await expect(page.locator("li.mine", has_text="38.04000, 114.51000")).to_be_visible()
    await expect(pending(page)).to_have_count(0)
    asked = pages.house.rasa.asked[-1]
    assert not isinstance(asked, str)
    assert (asked.entities["latitude"], asked.entities["media_kind"]) == (38.04, "location")


# --- language and end -----------------------------------------------------------------------------


async def test_the_language_changes_and_what_was_said_stays(pages: ChatPages) -> None:
    page = await pages.open("/chat")
    await says(page, "在吗")
    await expect(heard(page, "听到：在吗")).to_be_visible()
    await page.get_by_role("button", name="English").click()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.get_by_label("What you want to say")).to_be_visible()
    await expect(heard(page, "听到：在吗")).to_be_visible()
    await expect(heard(page, "听到：English")).to_be_visible()


async def test_on_a_shared_computer_the_conversation_can_be_ended(pages: ChatPages) -> None:
    phone = await pages.phone()
    page = await pages.open("/chat", phone)
    await says(page, "我的事")
    await expect(heard(page, "听到：我的事")).to_be_visible()
    other = await pages.open("/chat", phone)
    await page.locator("#end summary").click()
    await page.get_by_role("button", name="清除", exact=True).click()
    await expect(page.get_by_text("已清除")).to_be_visible()
    await expect(other.get_by_text("我的事")).to_have_count(0)  # the other page hears of it
    await page.get_by_role("link", name="回到对话").click()
    await expect(page.get_by_text("您好，这里是回音")).to_be_visible()
    assert await page.evaluate("localStorage.length") == 0


async def test_a_forgotten_conversation_begins_anew(pages: ChatPages) -> None:
    page = await pages.open("/chat")
    await says(page, "在吗")
    await expect(heard(page, "听到：在吗")).to_be_visible()
    (sender,) = await pages.house.senders()
    await pages.house.channel.parts.mailbox.end(sender)
    await expect(page.get_by_text("您好，这里是回音")).to_be_visible()


# --- without a mouse, and on old browsers ---------------------------------------------------------


async def focused(page: Page) -> str:
    found = await page.evaluate("document.activeElement.textContent || document.activeElement.id")
    return str(found).strip()


async def test_the_keyboard_alone_is_enough(pages: ChatPages) -> None:
    page = await pages.open(has_touch=False)
    for _ in range(12):
        await page.keyboard.press("Tab")
        if await focused(page) == "不满意":
            break
    await page.keyboard.press("Enter")
    await expect(heard(page, "主要是哪方面")).to_be_visible()
    for _ in range(20):
        await page.keyboard.press("Tab")
        if await focused(page) == "words":
            break
    await page.keyboard.type("等了俩小时")
    await page.keyboard.press("Enter")
    await expect(heard(page, "听到：等了俩小时")).to_be_visible()
    assert await focused(page) == "words"


@pytest.mark.parametrize(
    "newer",
    [
        (r"\?\.[a-zA-Z(\[]", "optional chaining"),
        (r"\?\?", "nullish coalescing"),
        (r"catch \{", "a catch without a name"),
        (r"\{ ?\.\.\.", "spread in an object"),
        (r"replaceChildren|replaceAll|\.at\(|\.flat\(|structuredClone", "newer methods"),
        (r"AbortController|event\.submitter", "newer interfaces"),
        (r"^\s*(?:import|export)\b", "modules"),
    ],
    ids=lambda newer: newer[1],
)
def test_the_script_asks_for_nothing_newer_than_chrome_60(newer: tuple[str, str]) -> None:
    code = re.sub(r"//.*", "", SCRIPT.read_text("utf-8"))
    assert not re.search(newer[0], code, re.MULTILINE)

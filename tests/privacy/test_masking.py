"""What points to a person is taken out of a text; what it is about stays."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.org.csv_files import load_city
from actions.privacy.masking import mask_text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话13900000000打不通", "电话139****0000打不通"),
        ("打 139 0000 0000 或 +86 139-0000-0000", "打 139****0000 或 139****0000"),
        ("我叫张伟，来办户口", "我叫张某，来办户口"),
        ("联系人：赵小明", "联系人：赵某"),
        ("本人赵小秀，女，56岁", "本人赵某，女，56岁"),
        ("高警官和刘建国队长", "高某警官和刘某队长"),
        ("王警官态度不好", "王某警官态度不好"),
        ("身份证号110101199001010000拿错了", "身份证号＊＊拿错了"),
        ("身份证号 1101 0119 9001 0100 00 拿错了", "身份证号 ＊＊ 拿错了"),
        ("卡号4000000000000000被盗刷", "卡号＊＊被盗刷"),
        ("护照E00000000丢了", "护照＊＊丢了"),
        ("冀D·00000堵门", "＊＊堵门"),
        ("写信到 somebody@example.com", "写信到 ＊＊"),
        ("加微信号: abc_0000", "加＊＊"),
        ("明德里3栋2单元501漏水", "明德里＊＊漏水"),
        ("１３９００００００００", "139****0000"),
        ("身份证110101199003070000x", "身份证＊＊x"),  # a wrong check digit and a slip behind it
        ("110101-19900307-0000", "＊＊"),
        ("证件号码：110101900307000", "证件号码：＊＊"),  # of fifteen digits
        ("座机0310-0000000", "座机＊＊"),
        ("打0310-3123400没人接", "打0310****400没人接"),
        ("少写一位：1390000000", "少写一位：＊＊"),
        ("冀ad00000停在门口，冀A·0000警也在", "＊＊停在门口，＊＊也在"),
        ("两个邮箱a@example.org和b@example.org", "两个邮箱＊＊和＊＊"),
        ("我叫欧阳小明，联系人上官小红", "我叫欧阳某，联系人上官某"),
        ("我老婆叫李小秀", "我老婆叫李某"),
    ],
)
def test_masked(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "为何民警不来",
        "110打了三次",
        "10月25日11点23分窗口没人",
        "罚了200元,扣3分",
        "周末高铁站路口红绿灯坏了",
        "马路对面烧烤噪音",
        "左转车道太短,高新区麻将馆扰民",
        "左转车道太短，高新区麻将馆扰民。",  # as it was written, full-width
        "Q26-0017 和 Q26-123456、B26-0007 都办了",
        "订单号ORDER12345678901234，编号A4111111111111111",
        "统一社会信用代码91310000552936878J",
        "谢谢领导！蓝天保卫战何时能完，许可证呢，严重污染白马河",
        "打110、12345、96110都行，2026-11-20 办的",
        "高碑店派出所、宋家庄派出所、李家沱派出所、安平县公安局",
        "明德里派出所户籍2号窗口",
    ],
)
def test_left_as_it_is(text: str) -> None:
    assert mask_text(text) == text


def test_doors_stay_for_whoever_has_to_go_there() -> None:
    text = "明德里3栋2单元501漏水，电话13900000000"
    assert mask_text(text, doors=False) == "明德里3栋2单元501漏水，电话139****0000"


def test_names_of_the_sample_city_survive() -> None:
    city = load_city(Path(__file__).parents[2] / "data" / "sample")
    changed = [
        u.name for u in city.units if mask_text(f"{u.name}的人态度差") != f"{u.name}的人态度差"
    ]
    assert changed == []


@given(st.text(st.characters()))
def test_any_text_is_taken(text: str) -> None:
    mask_text(text)


_BESIDE = Path(__file__).parents[3] / "shared" / "data"
EXAMPLES = Path(os.environ.get("HUIYIN_SHARED_DATA", _BESIDE)) / "pii_cases.json"


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the shared examples do not lie beside us")
def test_on_the_shared_examples() -> None:
    """Nothing personal is left, and nothing else is taken: counted over all sentences."""
    given_cases = json.loads(EXAMPLES.read_text(encoding="utf-8"))["text_cases"]
    missed = over = 0
    for each in given_cases:
        found = len(re.findall(r"＊＊|\*{4}", mask_text(each["text"])))
        missed += max(0, each["expected_count"] - found)
        over += max(0, found - each["expected_count"])
    assert (missed, over) == (0, 0)

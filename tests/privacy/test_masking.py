"""What points to a person is taken out of a text; what it is about stays."""

from __future__ import annotations

import pytest

from actions.privacy.masking import mask_text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话13900000000打不通", "电话139****0000打不通"),
        ("打 139 0000 0000 或 +86 139-0000-0000", "打 139****0000 或 139****0000"),
        ("我叫张伟，来办户口", "我叫张某,来办户口"),
        ("联系人：赵小明", "联系人:赵某"),
        ("本人赵小秀，女，56岁", "本人赵某,女,56岁"),
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
    ],
)
def test_left_as_it_is(text: str) -> None:
    assert mask_text(text) == text

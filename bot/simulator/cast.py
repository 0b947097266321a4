"""The fictional people and codes of the demonstration, when nobody gives others.

An officer or supervisor with `channel` holds a phone with that app, else one with Telegram; within
a seat of the page every name is there once.
"""

from __future__ import annotations

from typing import Any

DEFAULT_CAST: dict[str, Any] = {
    "citizens": [
        {"name": "陈女士", "about": "来办身份证"},
        {"name": "周先生", "about": "报过警"},
        {"name": "老吴", "about": "社区老住户"},
        {
            "name": "陈女士 · 短信",
            "about": "同一位的手机短信，139 0000 0001",
            "channel": "sms",
            "number": "8613900000001",
            "try": ["我要投诉", "进度"],
        },
    ],
    "officers": [
        {
            "name": "李警官",
            "role": "民警",
            "unit": "桥西分局明德里派出所",
            "binding_code": "LI7K3M",
        },
        {
            "name": "王警官",
            "role": "民警",
            "unit": "桥西分局明德里派出所",
            "binding_code": "WA5Q8D",
        },
        {
            "name": "郑警官",
            "role": "民警",
            "unit": "桥西分局明德里派出所",
            "channel": "wecom",
            "binding_code": "ZG8C2R",
        },
    ],
    "supervisors": [
        {"name": "赵督察", "role": "督察", "unit": "桥西分局", "binding_code": "ZH2N6P"},
        {"name": "孙督察", "role": "督察", "unit": "云岭县局", "binding_code": "SU9R4T"},
        {
            "name": "何督察",
            "role": "督察",
            "unit": "桥西分局",
            "channel": "wecom",
            "binding_code": "HE6T3W",
        },
    ],
    "codes": [
        {"scene": "demo-window-1", "label": "明德里派出所 · 户籍 1 号窗口", "kind": "desk"},
        {"scene": "demo-window-2", "label": "明德里派出所 · 户籍 2 号窗口", "kind": "desk"},
        {"scene": "demo-station", "label": "南站派出所 · 接待大厅", "kind": "station"},
        {"scene": "demo-car", "label": "桥西分局 · 巡逻车 07", "kind": "car"},
        {"scene": "demo-badge", "label": "李警官 · 胸牌", "kind": "officer"},
    ],
}

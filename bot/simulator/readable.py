"""The transcript for the eye."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.simulator.transcript import Entry

BEIJING = ZoneInfo("Asia/Shanghai")
CHANNELS = {"wechat": "微信", "wecom": "企业微信", "telegram": "Telegram"}
KINDS = {
    "scan": "扫码",
    "tap": "点",
    "press": "点",
    "click": "菜单",
    "image": "图片",
    "voice": "语音",
    "video": "视频",
    "location": "位置",
    "link": "链接",
    "file": "文件",
    "toast": "提示",
    "template": "卡片",
    "join": "加入企业",
    "leave": "离开企业",
    "alert": "弹窗",
}


def readable(entries: Sequence[Entry]) -> str:
    """One line for each message: time in Beijing, channel, who to whom, words, choices."""
    return "\n".join(readable_entry(entry) for entry in entries) + "\n"


def readable_entry(entry: Entry) -> str:
    time = entry.at.astimezone(BEIJING).strftime("%H:%M:%S")
    arrow = {"sent": "→", "received": "←", "notice": "·"}[entry.direction]
    kind = KINDS.get(entry.kind)
    words = (f"〔{kind}〕" if kind else "") + entry.text
    if entry.tail:
        words += f"\n{entry.tail}"
    words = words.replace("\n", "\n" + " " * 25)
    if (entry.choices and entry.kind != "text") or any(c.kind == "button" for c in entry.choices):
        words += "".join(f"〔{choice.label}〕" for choice in entry.choices)
    fate = {"failed": "（没有送到）", "deleted": "（已删除）"}.get(entry.state, "")
    channel = CHANNELS.get(entry.channel, entry.channel)
    who = f"{entry.person} · {entry.member}" if entry.member else entry.person
    return f"{time} {channel} {who} {arrow} {words}{fate}"

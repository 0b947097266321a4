"""Whom nobody may ask: told from the feed's flags, the matter's words and the age. Pure.

The list is for people to review (docs/invitations.md): in doubt a word is on it, because somebody
not asked costs one answer, and somebody asked wrongly may be put in danger.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from actions.invitations.kinds import Flag

MATTERS = {
    Flag.SEXUAL_VIOLENCE: "强奸 猥亵 性侵 性骚扰 强制侮辱 卖淫 嫖娼 偷拍隐私",
    Flag.DOMESTIC_VIOLENCE: "家暴 家庭暴力 虐待 家庭纠纷 婚姻纠纷 感情纠纷 情感纠纷 夫妻",
    Flag.MINOR: "未成年 儿童 拐卖 走失儿童 校园欺凌 学生",
    Flag.SUSPECT: "拘留 逮捕 取保候审 监视居住 嫌疑 吸毒 戒毒 传唤 社区矫正",
    Flag.BEREAVED: "死亡 非正常死亡 自杀 轻生 溺水 坠楼 命案 杀人 遗体 亡人",
}
OF_AGE = 18


def flags_in(matter: str) -> set[Flag]:
    """What the feed's own words for the matter (案由) say about the person."""
    words = re.sub(r"\s", "", matter)
    return {flag for flag, table in MATTERS.items() if any(word in words for word in table.split())}


def is_minor(birth_year: int, year: int) -> bool:
    """Whether somebody born in that year may be under age in `year`: on the birthday's side of
    doubt, so whoever turns 18 that year counts as under age.
    """
    return year - birth_year <= OF_AGE


def all_flags(given: Collection[Flag], matter: str, birth_year: int | None, year: int) -> set[Flag]:
    """Every flag that holds; `year` is that of the service, in Beijing."""
    found = {*given, *flags_in(matter)}
    if birth_year is not None and is_minor(birth_year, year):
        found.add(Flag.MINOR)
    return found

"""The telling words of a text: what it is about, without courtesies, names, places, numbers. Pure.

A word counts once in a text, however often it stands there. Beside its words a text has the
subjects of actions/duplicates/concepts.py, written "#noise": they bring 太吵了 and 噪音扰民
together, and never stand in a name, which is made of words that people wrote.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import rjieba

from actions.duplicates.concepts import SETTINGS, SUBJECTS, concepts
from actions.duplicates.folding import READ, fold
from actions.topics.common_words import COMMON

SUBJECT = "#"  # before a subject

_HAN = re.compile(r"[\u4e00-\u9fff]{2,6}")
_OF_NAMES = frozenset({"nr", "nrt", "nrfg", "ns", "nt", "nz"})  # people, places, firms, brands
_TELLING = frozenset("nvasilj")  # by the tag's first letter: nouns, verbs, adjectives, idioms
_NEW = (  # what the dictionary does not have, beside the words of the subjects
    "扫码 微信 微信群 支付宝 抖音 快手 直播 短视频 网购 退款 退费 充值 网贷 征信 群聊 网暴"
    " 外卖员 快递柜 快递员 充电桩 充电宝 共享单车 三轮车 老年代步车 电动三轮 滴滴 顺风车 代驾"
    " 网签 收房 公摊 空鼓 商贷 提质 拓改 断头路 直排 偷排 底商 住改商 违建 补课费 停车场 消防栓"
    " 监控室 健康码 小程序 身份证 居住证"
)


def _dictionary() -> rjieba.Jieba:
    """The library's words and ours: those by which the subjects are known, and newer ones."""
    dictionary = rjieba.Jieba()
    ours = " ".join([*SUBJECTS.values(), *SETTINGS.values(), _NEW]).split()
    for word in ours:
        if _HAN.fullmatch(word) and not dictionary.has_word(word):
            dictionary.add_word(word, dictionary.suggest_freq(word), "n")
    return dictionary


_DICTIONARY = _dictionary()


def telling_words(text: str) -> list[str]:
    """The text's words in the order in which they first stand there, its subjects behind them."""
    plain = unicodedata.normalize("NFKC", text[:READ]).lower()
    found = [word for word, tag in _DICTIONARY.tag(plain) if _tells(word, tag)]
    subjects = sorted(concept for concept in concepts(fold(text)) if concept in SUBJECTS)
    return list(dict.fromkeys([*found, *(f"{SUBJECT}{concept}" for concept in subjects)]))


def may_name(word: str) -> bool:
    """Whether the word may stand in a group's name."""
    return not word.startswith(SUBJECT)


@cache
def is_noun(word: str) -> bool:
    """Whether the word names a thing: 路灯, not 损坏."""
    tagged = _DICTIONARY.tag(word)
    return len(tagged) == 1 and (tagged[0][1].startswith("n") or tagged[0][1] == "vn")


def _tells(word: str, tag: str) -> bool:
    """A word the dictionary does not know is a name, or two halves of other words."""
    if not _HAN.fullmatch(word) or word in COMMON or tag in _OF_NAMES or tag[0] not in _TELLING:
        return False
    return _DICTIONARY.has_word(word)

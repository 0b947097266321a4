"""What of a text says which matter it is: its wording, its concepts, the places named. Pure."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations

from actions.duplicates.concepts import SUBJECTS, concepts
from actions.duplicates.folding import BREAK, fold

FEWEST_GRAMS = 6  # a text with fewer says too little to be like another

# How much a feature counts; a gram is a pair of neighbouring characters. bench/duplicates.py measures.
GRAM, CHARACTER, PLACE = 1, 3, 6
SUBJECT, SETTING, PAIR = 12, 3, 6
PAIRS = 240  # what all pairs of concepts may weigh: a text about everything is not about their sum

FILLERS = (  # courtesies and what nearly every message says
    "您好 你好 请问 谢谢 感谢 麻烦 打扰 尊敬的 领导 派出所 公安局 公安 分局 交警 民警 警察 警官 同志 希望"
    " 建议 投诉 反映 举报 能不能 是否 可以 我们 你们 他们 一下 就是 但是 因为 所以 什么 怎么 这个 那个"
    " 自己 现在 已经 还是 相关 有关 部门 处理 解决 问题 情况 的 了 吗 呢 吧 啊 呀 嘛"
)
COMMON = frozenset(  # characters that say nothing by themselves
    "的一是了我不人在他有这个上们来到时大地为子中你说生年着就那和要她出也得里后自以会家可下而"
    "过天去能对小多然于心么之都好看起发当没成只如事把还用第样道想作种开总从无情己面最但现前些"
    "所同日手又行意动方期它头经长儿回位分老因很给法间知什两次使身者被已其进此话常与正感见明问"
    "力理点几定本公特做外相果走将实向全信每并别真打太比才便再部像等却加主由先或住难望记处让应"
    "直场平报关放至认接告入内候民往何度觉带边解叫快原通立条呢始完今提求空思切怎非找吗元各即指"
    "合反必该交请晚保及则早院量近坐答视连管类未且久越落尽令吧希留市半送容极随收整取办派拿您似"
    "转诉站领故选另系持谁准联需单举怕共待究跟哪费倒具刚般引仍存众某须查底参除跑建议投警察局安"
    "映题况门决否0123456789号"
)
_FILLERS = re.compile("|".join(sorted(map(fold, FILLERS.split()), key=lambda word: -len(word))))
_PLACES = re.compile(
    r"([^\W\d]{2})(?=派出所|小区|大队|中队|分局|社区|街道|广场|大道|花园|家园|公寓|大厦|小学|中学|学校|学院|医院"
    r"|[路街村镇乡桥站])"
)


def features(text: str) -> Counter[str]:
    """Every feature with its weight; empty when the text is too short to be like another."""
    folded = fold(text)
    grams = _grams(folded)
    if len(grams) < FEWEST_GRAMS:
        return Counter()
    weights = Counter(dict.fromkeys(grams, GRAM))
    weights.update(dict.fromkeys(set("".join(grams)) - COMMON, CHARACTER))
    named = concepts(folded)
    for concept in named:
        weights[f"#{concept}"] = SUBJECT if concept in SUBJECTS else SETTING
    weights.update(_together(named))
    weights.update(dict.fromkeys(_places(folded), PLACE))
    return weights


def _together(named: set[str]) -> dict[str, int]:
    """Every two concepts that are named together, a subject among them."""
    pairs = [
        f"#{first}#{second}"
        for first, second in combinations(sorted(named), 2)
        if first in SUBJECTS or second in SUBJECTS
    ]
    weight = min(PAIR, PAIRS // len(pairs)) if pairs else 0
    return dict.fromkeys(pairs, weight) if weight else {}


def _places(folded: str) -> set[str]:
    """The two characters before 路, 小区, 派出所: a name and its end, and not 这条路."""
    return {f"@{name}" for name in _PLACES.findall(folded) if not set(name) <= COMMON}


def _grams(folded: str) -> set[str]:
    """The pairs of neighbouring characters, none across a filler or punctuation."""
    words = _FILLERS.sub(BREAK, folded)
    pairs = {words[at : at + 2] for at in range(len(words) - 1)}
    return {pair for pair in pairs if BREAK not in pair}

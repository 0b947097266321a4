"""A citizen's words with what points to a person taken out, for eyes that need the matter only.

Masked are phones, ID cards, passports, bank cards, plates, e-mail and chat addresses, doors (3栋
502室), and names where words or the dictionary give them away (我叫…, 联系人…, 王警官). The surname
stays: 王某. A name that looks like any other word is not seen: who may see such a text must still
be somebody who may see the case.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

import rjieba

from actions.phones import find_phones, mask

HIDDEN = "＊＊"

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
    "范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜"
    "倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲"
    "房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙"
    "荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
_RARE = (
    frozenset(  # a surname now and then, and the beginning of many other words: 左转, 麻将, 高新
        "左麻阳车路时门连平明安和计成应关常司农米全池查高金欧华龙白马方石云文水公黄江温海"
    )
)
_ALSO_WORDS = frozenset("高黄马白方江金石龙温左")  # surnames, and words by themselves
_PLACE_ENDS = frozenset("区县镇乡村路街道巷里站园苑城店馆场院校厂湖山桥")
_ADDRESSES = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # mail
    r"|(?:微信号?|wx|vx|qq号?|支付宝账?号?)\s*[:：是为]?\s*[a-z0-9_-]{5,}",
    re.IGNORECASE,
)
_CARDS = re.compile(  # cards of all kinds, in one piece or in groups of four
    r"(?<![0-9A-Za-z])(?:\d{4}[ -]{1,2}){3,4}[\dXx]{1,4}(?![0-9])"
    r"|(?<![0-9A-Za-z])\d{14,18}[\dXx]?(?![0-9])"
    r"|(?<![0-9A-Za-z])[A-Z]{1,2}\d{6,8}(?![0-9])"
)
_PLATES = re.compile(
    r"[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼川贵云渝藏陕甘青宁新使领][A-Z][·\s.-]?[A-Z0-9]{4,5}[A-Z0-9挂学警]"
)
_DOORS = re.compile(r"(?:\d+|[一二三四五六七八九十]+)\s*(?:栋|幢|号楼|单元|室|门牌)(?:\s*\d{2,4})?")
_LONG = re.compile(r"(?<![0-9A-Za-z])\d{6,13}(?![0-9])")  # what is left of numbers
_SAID = re.compile(
    r"((?:我|本人|他|她|名字)叫|叫做|名叫|姓名[:：是为\s]*|联系人[:：是为\s]*|署名[:：是为\s]*)"
    r"([\u4e00-\u9fff])[\u4e00-\u9fff]{1,2}"
)
_SIGNED = re.compile(  # 本人王小明,女,…
    r"(本人|我是|我)([\u4e00-\u9fff])[\u4e00-\u9fff]{1,2}"
    r"(?=[\s,:(、]*(?:男|女|现年|今年|现龄|身份证|电话|手机|联系))"
)
_TITLES = re.compile(
    "先生|女士|小姐|警官|民警|辅警|警员|同志|所长|队长|主任|老师|师傅|经理|老板|医生|科长|局长"
    "|大爷|大妈|阿姨"
)


def mask_text(text: str) -> str:
    """The text, half-width, with ＊＊ where something was taken out and 王某 for a name."""
    plain = unicodedata.normalize("NFKC", text)
    for pattern in (_ADDRESSES, _CARDS):
        plain = pattern.sub(HIDDEN, plain)
    for found in reversed(find_phones(plain)):
        plain = f"{plain[: found.start]}{mask(found.number)}{plain[found.end :]}"
    for pattern in (_PLATES, _DOORS, _LONG):
        plain = pattern.sub(HIDDEN, plain)
    plain = re.sub(rf"(?:{re.escape(HIDDEN)}[\s-]*){{2,}}", HIDDEN, plain)
    return _without_names(_SIGNED.sub(_named, _SAID.sub(_named, plain)))


def _named(found: re.Match[str]) -> str:
    cue, surname = found.groups()
    return f"{cue}{surname}某" if surname in _SURNAMES else found.group()


def _without_names(text: str) -> str:
    tagged = [*rjieba.tag(text), ("", "")]
    return "".join(
        f"{word[0]}某" if _is_name(word, tag, following) else word
        for (word, tag), (following, _) in pairwise(tagged)
    )


def _is_name(word: str, tag: str, following: str) -> bool:
    """A surname and one or two characters more that the dictionary or its model calls a name, and
    that do not end like a place; a surname alone, and a short word with one that begins many words,
    before a title only.
    """
    if word in _ALSO_WORDS:
        return bool(_TITLES.match(following))
    if word[:1] not in _SURNAMES or not tag.startswith("nr") or len(word) > 3:
        return False
    if word[-1] in _PLACE_ENDS:
        return False
    if len(word) == 1 or (len(word) == 2 and word[0] in _RARE):
        return bool(_TITLES.match(following))
    return True

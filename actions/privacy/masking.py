"""A citizen's words with what points to a person taken out, for eyes that need the matter only.

Masked are phones, ID cards (with a wrong check digit, too: people mistype them), passports, bank
cards, plates, e-mail and chat addresses, doors (3栋502室), and names where words or the dictionary
give them away (我叫…, 联系人…, 王警官). The surname stays: 王某. Numbers of cases, names of stations,
short numbers of hotlines and dates stay. A name that looks like any other word is not seen: who may
see such a text must still be somebody who may see the case.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

import rjieba

from actions.phones import find_phones, mask

type Span = tuple[int, int, str]  # from, to, what is shown instead

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
_NO_NAMES = re.compile(  # words that the dictionary or its model takes for names
    "(.)\\1|蓝[天色绿]|何[时原故处况必须以种]|许[可多久]|顾[问客及虑]|张贴|杜绝|卓越|师[生资范]|宁[静愿可]"
    "|陈[述旧列设]|周[转全围边期末]|雷雨|沙[尘石土]|施[工行加]|余震|严[重格禁厉]|丛生|柳树|桂[树花]|兰花"
    "|黄[绿色沙]|段时间|米左右|文[明化件字]|凌[驾晨]|苗圃|古[老人代]|司[法机]|祝|万[幸一分]|齐全|于民|付"
    "|纪[念律委]|阳光|明[显确明]|安[全装排置]|平[时台常]|成[立为功本]|关[于心注闭]|路|高[高新速]|白[铁色天]"
    "|罗非|迟早|谷林|严复|林则徐"
)
_PLACE_ENDS = frozenset(
    "家河湖江溪海岛亭冲岭湾塘宅墩埔屯寨沟区县镇乡村路街道巷里站园苑城店馆场院校厂湖山桥"
)
_DOUBLE = (
    "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐|夏侯|端木|南宫|独孤|长孙|宇文|轩辕|百里"
)
_NUMBERS_OF_OURS = re.compile(r"(?<![0-9A-Za-z])[A-Z]{1,3}\d{2}-\d{4,}(?![0-9A-Za-z])")
_ADDRESSES = re.compile(
    r"[a-z0-9_.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+"  # mail
    r"|(?:微信号?|wx|vx|qq号?|支付宝账?号?)\s*[:是为]?\s*[a-z0-9_-]{5,}",
    re.IGNORECASE,
)
_IDS = re.compile(  # as a date of birth tells, whatever the check digit; in pieces, too
    r"(?<!\d)[1-9]\d{5}[ -]{0,2}(?:18|19|20)\d{2}[ -]{0,2}(?:0[1-9]|1[0-2])[ -]{0,2}"
    r"(?:0[1-9]|[12]\d|3[01])[ -]{0,2}\d{3}[ -]?[\dXx](?!\d)"
)
_CARDS = re.compile(  # cards of all kinds, in one piece or in groups of four
    r"(?<![0-9A-Za-z])(?:\d{4}[ -]{1,2}){3,4}[\dXx]{1,4}(?![0-9])"
    r"|(?<![0-9A-Za-z])(?:\d{14,19}|\d{14,17}[Xx])(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])[A-Z]{1,2}\d{6,8}(?![0-9A-Za-z])"
)
_PLATES = re.compile(
    r"[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼川贵云渝藏陕甘青宁新使领][A-Za-z][·\s.-]?"
    r"(?=[A-Za-z]*\d)[A-Za-z0-9]{4,5}[A-Za-z0-9挂学警港澳]"
)
_DOORS = re.compile(r"(?:\d+|[一二三四五六七八九十]+)\s*(?:栋|幢|号楼|单元|室|门牌)(?:\s*\d{2,4})?")
_MISTYPED = re.compile(  # a digit too few or too many, and local numbers, which begin with 2 to 8
    r"(?<![0-9A-Za-z-])(?:1[3-9]\d{8}|1[3-9]\d{10}|(?!20[0-4]\d[01]\d)[2-8]\d{6,7})(?![0-9A-Za-z-])"
)
_CALLED = re.compile(
    r"(?:电话|手机号?|座机|联系方式|身份证号?码?|证件号码?|卡号|账号|护照号?)[:是为]?\s*"
    r"(\d[\d -]{4,}[\dXx])"
)
_SAID = re.compile(
    r"(?:(?:我|本人|他|她|名字|孩子|老公|老婆|丈夫|妻子|母亲|父亲|女儿|儿子)叫|叫做|名叫|名字是|姓名[:是为\s]*"
    r"|(?:联系|报警|申请|当事|投诉|举报)人[:是为\s]*|署名[:是为\s]*)"
    rf"((?:{_DOUBLE})|[\u4e00-\u9fff])([\u4e00-\u9fff]{{1,2}})"
)
_SIGNED = re.compile(  # 本人王小明,女,…
    rf"(?:本人|我是|我)((?:{_DOUBLE})|[\u4e00-\u9fff])([\u4e00-\u9fff]{{1,2}})"
    r"(?=[\s,:(、]*(?:男|女|现年|今年|现龄|身份证|电话|手机|联系))"
)
_DOUBLE_NAMES = re.compile(  # those that begin no other word and name no town
    r"(欧阳|上官|诸葛|皇甫|尉迟|慕容|司徒|令狐|夏侯|独孤)(?![路街道巷村庄镇乡县区市桥])"
    r"([\u4e00-\u9fff]{1,2})(?![路街道巷村庄镇乡县区市桥])"
)
_TITLES = re.compile(
    "先生|女士|小姐|书记|警官|民警|辅警|警员|同志|所长|队长|主任|老师|师傅|经理|老板|医生|科长|局长"
    "|大爷|大妈|阿姨"
)
_PLACES = re.compile(
    "派出所|分局|公安|警务|社区|[中小]学|小区|大道|新[村城]|公园|[路街冲河亭岭塘支东西南北中道巷村庄镇乡县区市桥站寨屯堡沟湾河湖山里]"
)


def mask_text(text: str, *, doors: bool = True) -> str:
    """The text with ＊＊ where something was taken out and 王某 for a name; `doors` also addresses'
    last parts, which whoever goes there needs.
    """
    plain = _folded(text)
    kept = [(*found.span(), "") for found in _NUMBERS_OF_OURS.finditer(plain)]
    taken: list[Span] = []
    for span in _found(plain, doors=doors):
        if not any(_meet(span, other) for other in (*kept, *taken)):
            taken.append(span)
    masked = text
    for start, end, instead in sorted(taken, reverse=True):
        masked = f"{masked[:start]}{instead}{masked[end:]}"
    return re.sub(rf"(?:{re.escape(HIDDEN)}[\s-]*){{2,}}", HIDDEN, masked)


def _found(plain: str, *, doors: bool) -> Iterator[Span]:
    """What is to be taken out; of two that meet the first one counts."""
    for pattern in (_ADDRESSES, _IDS, _CARDS):
        yield from ((*found.span(), HIDDEN) for found in pattern.finditer(plain))
    yield from ((found.start, found.end, mask(found.number)) for found in find_phones(plain))
    yield from ((*found.span(1), HIDDEN) for found in _CALLED.finditer(plain))
    for pattern in (_PLATES, _MISTYPED, *([_DOORS] if doors else [])):
        yield from ((*found.span(), HIDDEN) for found in pattern.finditer(plain))
    for cue in (_SIGNED, _SAID, _DOUBLE_NAMES):
        for found in cue.finditer(plain):
            if found[1] in _SURNAMES or len(found[1]) > 1:
                yield (*found.span(2), "某")
    yield from _names(plain)


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _folded(text: str) -> str:
    """Half-width, of the same length."""
    folded = (unicodedata.normalize("NFKC", char) for char in text)
    return "".join(new if len(new) == 1 else old for old, new in zip(text, folded, strict=True))


def _names(plain: str) -> Iterator[Span]:
    """All but the surname of what is a name by the dictionary or by what follows."""
    place = 0
    for (word, tag), (following, _) in pairwise([*rjieba.tag(plain), ("", "")]):
        end = place + len(word)
        if _is_name(word, tag, following) and not _PLACES.match(plain, end):
            yield (min(place + 1, end), end, "某")
        place = end


def _is_name(word: str, tag: str, following: str) -> bool:
    """A surname and one or two characters more that the dictionary or its model calls a name, and
    that do not end like a place; a surname alone, and a short word with one that begins many words,
    before a title only.
    """
    if word in _ALSO_WORDS:
        return bool(_TITLES.match(following))
    if word[:1] not in _SURNAMES or not tag.startswith("nr") or len(word) > 3:
        return False
    if word[-1] in _PLACE_ENDS or _NO_NAMES.match(word) or _TITLES.fullmatch(word[1:]):
        return False
    if len(word) == 1 or (len(word) == 2 and word[0] in _RARE):
        return bool(_TITLES.match(following))
    return True

"""Words as the reading of questions expects them: half-width, lower case, simplified. Pure."""

from __future__ import annotations

import re
import unicodedata

# The characters in which such questions differ; names of units are found by either writing.
_SIMPLIFIED = str.maketrans(
    "統計滿趨勢熱點個報時間週辦結應復訪檔單過這幾區縣橋東門開關對變轉為認說誰現實際領導從舉見數據圖號預約級麼樣項總體"
    "給請幫發問題兩們處長慶節勞動際員記錄參評較後來該還沒種渠頭車輛隊廳學際華龍鳳陽陰溝灣島鄉鎮莊廟嶺",
    "统计满趋势热点个报时间周办结应复访档单过这几区县桥东门开关对变转为认说谁现实际领导从举见数据图号预约级么样项总体"
    "给请帮发问题两们处长庆节劳动际员记录参评较后来该还没种渠头车辆队厅学际华龙凤阳阴沟湾岛乡镇庄庙岭",
)
_MARKS = re.compile(r"[?!。;:…\"“”‘’()《》<>【】\[\]{}|*_]+")
ENDS = " .,~-"  # what may stand around a question and means nothing


def folded(text: str) -> str:
    """Half-width, lower case, in simplified characters."""
    return unicodedata.normalize("NFKC", text).lower().translate(_SIMPLIFIED).strip()


def plain_words(text: str) -> str:
    """The same without the marks of a sentence."""
    return _MARKS.sub(" ", folded(text)).strip(ENDS)

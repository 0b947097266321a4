"""What the first sentence already tells: "你们桥西所的人推了我一把 我要投诉" is the matter itself. Pure."""

from __future__ import annotations

import re

from actions.cases.reasons import reason_in

_EMPTY = re.compile(
    r"""你好|您好|在吗|请问|麻烦|帮我|帮忙|我们|我|俺|想要|想|要|需要|打算|准备|能不能|能|可以|可不可以|怎么|如何|哪里|在哪儿?|向谁
    |进行|提交|提出|提一?[个条点]?|写一?[个封条]?|发起|反映|反应|反馈|举报|投诉|申诉|告状|告|投拆|建议|意见|建言|求助|求救|救助|咨询
    |表扬|表杨|点赞|点个赞|夸一?[夸下]?|感谢信?|赞扬|锦旗|送|有[个点件]?|一[个件下些]|个|点|件|下|事儿?|事情|情况|问题|困难
    |窗口|户籍|大厅|车管所?|交警|辅警|民警|警察|警官|你们|你|派出所|公安局?|单位|人|他们|这里|这儿|这|那|是|的|了|吧|啊|呀|呢|吗|嘛|给|把|对|跟|和|来|去|到|也|就
    |\b(?:i|id|we|want|wanna|would|like|to|need|please|can|could|you|me|my|us|have|make|file|submit|report|lodge|a|an|the|some|for|of|about
    |complain|complaint|complaints|suggestion|suggest|help|praise|thank|thanks|hello|hi|problem|issue|something|someone|with|is|it|how|do|police|officer)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_LETTERS = re.compile(r"[A-Za-z]{2,}")
_REQUEST = re.compile(
    r"^(?:你好|您好)?[，,。 ]*我?(?:就是|想|要|想要|得)?(?:投诉|反映|举报|反馈|建议|表扬|求助)(?:一下|一个|个)?[，,：:。 ]*"
    r"|[，,。 ]*我?(?:就)?(?:要|想)(?:投诉|举报|反映|表扬|求助|告)(?:一下|你们|他们|他|她)?[！!。 ]*$"
)
ENOUGH_HAN = 5
ENOUGH_WORDS = 3
A_WRONG = 2  # so much is enough when it says what was wrong: 骂人, 太慢了


def matter_in(sentence: str) -> str | None:
    """The matter that the sentence tells, without "I want to complain"; None if it tells none."""
    rest = _EMPTY.sub(" ", sentence)
    han, words = len(_HAN.findall(rest)), len(_LETTERS.findall(rest))
    wrong = reason_in(sentence) is not None and han + words >= A_WRONG
    if not wrong and han < ENOUGH_HAN and words < ENOUGH_WORDS:
        return None
    told = _REQUEST.sub("", sentence).strip(" ，,。")
    return told if len(told) >= ENOUGH_HAN else sentence.strip()

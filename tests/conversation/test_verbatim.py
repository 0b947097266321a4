"""The words behind a command reach people as they were written."""

from __future__ import annotations

import pytest

from actions.conversation.verbatim import told_officer, words_behind


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/answer Q26-0001 已致歉，增开一个窗口。", "已致歉，增开一个窗口。"),
        ("回复 Ｑ２６－０００１：明天来，带身份证。", "明天来，带身份证。"),
        ("Q26-0001 答复：修好了", "修好了"),
        ("补充 邻居可以作证", "邻居可以作证"),
        ("补充：是上午十点（不是下午）", "是上午十点（不是下午）"),
        ("补充 Q26-0001 第一行\n第二行", "第一行\n第二行"),
        ("答复 Q26-0001", ""),
        ("补充", ""),
        ("接了", ""),
        ("回答 Q26-0001 十五号下午", "十五号下午"),
        ("Q26-0001 回答：十五号下午", "十五号下午"),
        ("回复 Q26-0001 回答得不对", "回答得不对"),
        ("重开 Q26-0001，还是没人", "还是没人"),
        ("reopen Q26-0001 nobody came", "nobody came"),
        ("回答 十五号下午", "十五号下午"),
    ],
)
def test_words_behind(text: str, words: str) -> None:
    assert words_behind(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("跟民警说我上午十点到", "我上午十点到"),
        ("帮我跟那个警官说一下，我住三楼", "我住三楼"),
        ("麻烦你转告他 我儿子替我去", "我儿子替我去"),
        ("tell the officer that I am free at ten", "I am free at ten"),
        ("我要回答警官问的那个", ""),
        ("给民警回个话", ""),
        ("民警没来", ""),
    ],
)
def test_told_officer(text: str, words: str) -> None:
    assert told_officer(text) == words

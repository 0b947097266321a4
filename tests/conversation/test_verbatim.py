"""The words behind a command reach people as they were written."""

from __future__ import annotations

import pytest

from actions.conversation.verbatim import words_behind


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
    ],
)
def test_words_behind(text: str, words: str) -> None:
    assert words_behind(text) == words

"""Speaking English: by choice, by writing it, and through the main paths."""

from __future__ import annotations

import pytest

from tests.dialogue.conftest import Chats
from tests.dialogue.script import play

SCRIPTS = {
    "by choice, and back": """
        chen: /english
        > English from now on
        > 〔Complain〕
        chen: 中文
        > 好，说中文
    """,
    "by writing it": """
        chen: I want to complain
        > What happened?
        chen: the officer at the counter shouted at me
        > When did it happen?
        chen: yesterday afternoon
        > Where was it?
        chen [Skip]
        > Which unit or officer
        chen: 明德里派出所
        > Leave a number
        chen: +86 139 0000 0000
        > photos or recordings
        chen: none
        > Your Complaint, please check
        > What: the officer at the counter shouted at me
        > Phone: 13900000000
        chen: change the phone to 13911112222
        > Phone: 13911112222
        chen [Submit]
        > Received, number Q26-0001
        chen: my cases
        > Q26-0001
        > waiting for an officer
    """,
    "a rating": """
        chen: /english
        chen ~ mdl-hj2-cspc
        > You are rating
        > 〔Satisfied〕
        chen: not satisfied
        > What was it mainly?
        chen [Too slow]
        chen: two hours in the queue
        > Leave a number if you like
        chen: no
        > Received, number Q26-0001
    """,
    "interrupted in the middle of a form": """
        chen: I want to complain
        chen: 中文
        > 好，说中文
        > ——刚才说到：您说，发生了什么事？
    """,
    "never mind": """
        chen: I want to complain
        chen: never mind
        > nothing was submitted
    """,
}


@pytest.mark.parametrize("script", SCRIPTS)
async def test_language(chats: Chats, script: str) -> None:
    await play(chats, SCRIPTS[script])

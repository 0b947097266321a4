"""The acceptance conversation, scene by scene; a later scene builds on the earlier ones."""

from __future__ import annotations

import pytest

from bot.demo.acceptance import SCENES, Play, Scene, play_scene


@pytest.mark.parametrize("scene", SCENES, ids=[scene.run.__name__ for scene in SCENES])
async def test_scene(play: Play, scene: Scene) -> None:
    await play_scene(play, scene)

"""`python -m nlu.server --port 5005 --model models`, from the root, in the nlu environment.

Serves our channel and its health, nothing else of Rasa. Needs NLU_SECRET, ACTIONS_SECRET and
REDIS_URL; ACTIONS_URL says where the action server is (default 127.0.0.1:5055).
"""

# ruff: noqa: E402 - Rasa reads its environment when it is imported
from __future__ import annotations

import argparse
import logging
import os
import socket
import sys
import warnings
from pathlib import Path
from typing import List, NoReturn, Optional

os.environ.update(
    RASA_TELEMETRY_ENABLED="false",
    TF_CPP_MIN_LOG_LEVEL="3",
    SQLALCHEMY_SILENCE_UBER_WARNING="1",
)
# Of Rasa's libraries, some of which turn the filter back on; some of Rasa's own quote what was
# written, and none is a line of the log.
warnings.simplefilter("ignore")
warnings.showwarning = lambda *_, **__: None

import jieba
from rasa.core.channels import channel as channels
from rasa.core.lock_store import InMemoryLockStore
from rasa.exceptions import ModelNotFound
from rasa.model import get_latest_model
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import read_endpoint_config
from rasa.utils.log_utils import configure_structlog
from sanic import Sanic

from nlu import logs
from nlu.action_server import ActionServer, check_shape_only, remember_event_types
from nlu.channel import HuiyinInput
from nlu.trackers import ShortTrackerStore
from nlu.turns import TurnAgent

ACTIONS_URL = "http://127.0.0.1:5055"


def main(arguments: Optional[List[str]] = None) -> None:
    """Serves until SIGINT or SIGTERM; exits with one sentence when something is missing."""
    parser = argparse.ArgumentParser(prog="python -m nlu.server", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--model", default="models", help="a model, or the folder of models")
    parser.add_argument("--endpoints", default="endpoints.yml")
    given = parser.parse_args(arguments)
    logs.configure()
    quiet()
    for name in ("NLU_SECRET", "ACTIONS_SECRET", "REDIS_URL"):
        if not os.environ.get(name):
            stop(f"{name} is not set; see docs/configuration.md.")
    os.environ.setdefault("ACTIONS_URL", ACTIONS_URL)
    listening = listen(given.host, given.port)
    app = create_app(load_agent(given.model, given.endpoints))
    app.run(sock=listening, access_log=False, motd=False, workers=1)


def quiet() -> None:
    """Warnings and errors only: what Rasa logs below that holds people's words."""
    configure_structlog(logging.WARNING)
    jieba.setLogLevel(logging.WARNING)


def listen(host: str, port: int) -> socket.socket:
    """The bound socket; ends the process with a sentence when the port is taken.

    Sanic would end with status 0 then, after the model was loaded.
    """
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        stop(f"Cannot listen on {host}:{port}: {error.strerror or error}.")
    return listening


def load_agent(model: str, endpoints: str) -> TurnAgent:
    """The agent with its newest model; ends the process with a sentence if there is none."""
    path = model if Path(model).is_file() else get_latest_model(model)
    if path is None:
        stop(f"There is no trained model in {model}; run `./huiyin train`.")
    try:
        actions = read_endpoint_config(endpoints, "action_endpoint")
    except RasaException as error:
        stop(f"{endpoints} cannot be read: {error}")
    if actions is None:
        stop(f"{endpoints} names no action_endpoint.")
    server = ActionServer(url=actions.url, headers=actions.headers)
    store = ShortTrackerStore.at(os.environ["REDIS_URL"], os.environ["NLU_SECRET"])
    agent = TurnAgent(tracker_store=store, lock_store=InMemoryLockStore(), action_endpoint=server)
    try:
        agent.load_model(path)
    except ModelNotFound:
        stop(f"The model {path} is damaged; run `./huiyin train`.")
    server.domain_digest = agent.domain.fingerprint()
    return agent


def create_app(agent: TurnAgent) -> Sanic:
    """Our channel on Rasa's web server."""
    check_shape_only()
    remember_event_types()
    app = Sanic("huiyin_nlu", configure_logging=False)
    app.ctx.agent = agent
    channels.register([HuiyinInput()], app, route="/webhooks/")

    @app.after_server_stop
    async def close(*_: object) -> None:
        await agent.action_endpoint.close()

    return app


def stop(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    raise SystemExit(2)


if __name__ == "__main__":
    main()

"""The dialogue model: trained when what it is made of has changed."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

from actions.errors import ConfigurationError
from actions.settings import environment

ROOT = Path(__file__).resolve().parents[2]
NLU_PYTHON = ROOT / "nlu" / ".venv" / "bin" / "python"
MODELS = ROOT / "models"
_SOURCES = ("config.yml", "domain", "data/nlu", "data/rules", "data/stories", "nlu")
TRAINING_DATA = ("data/nlu", "data/rules", "data/stories")


def fingerprint() -> str:
    """A short hash over everything that training reads."""
    digest = hashlib.sha256()
    for source in _SOURCES:
        path = ROOT / source
        files = [path] if path.is_file() else sorted(path.rglob("*"))
        for file in files:
            if file.suffix in {".yml", ".py", ".txt", ".lock"} and ".venv" not in file.parts:
                digest.update(file.relative_to(ROOT).as_posix().encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def model_path() -> Path:
    return MODELS / f"huiyin-{fingerprint()}.tar.gz"


def is_trained() -> bool:
    return model_path().exists()


def train(log: Path | None = None) -> Path:
    """Trains and returns the model's path. Blocking, under a minute. Raises ConfigurationError."""
    if not NLU_PYTHON.exists():
        raise ConfigurationError(
            f"There is no Rasa environment at {NLU_PYTHON}; run ./huiyin once."
        )
    target = model_path()
    data = [part for part in TRAINING_DATA if (ROOT / part).exists()]
    argv = [
        *(str(NLU_PYTHON), "-m", "rasa", "train", "--quiet"),
        *("--config", "config.yml", "--domain", "domain", "--data", *data),
        *("--out", str(MODELS), "--fixed-model-name", target.name.removesuffix(".tar.gz")),
    ]
    env = {
        **environment(),
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(  # noqa: S603 - our own program
        argv, cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    if log is not None:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(done.stdout + done.stderr, encoding="utf-8")
    if done.returncode != 0 or not target.exists():
        where = f"; see {log}" if log else f": {done.stderr.strip()[-500:]}"
        raise ConfigurationError(f"Training the dialogue model failed{where}.")
    return target

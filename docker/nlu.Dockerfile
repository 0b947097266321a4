# Rasa 3.6 on Python 3.10, with the dialogue model trained when the image is built.
FROM python:3.10-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PYTHONPATH=/app HOME=/tmp RASA_TELEMETRY_ENABLED=false TF_CPP_MIN_LOG_LEVEL=3
WORKDIR /app

COPY nlu/requirements.lock nlu/requirements.lock
RUN pip install --require-hashes --requirement nlu/requirements.lock

COPY config.yml endpoints.yml credentials.yml ./
COPY nlu nlu
COPY domain domain
COPY data data
# The data folders are named: Rasa would read any YAML with `responses:` as training data.
RUN python -m rasa train --quiet --config config.yml --domain domain \
        --data $(ls -d data/nlu data/rules data/stories 2>/dev/null) \
        --out models --fixed-model-name huiyin

RUN useradd --system --uid 10001 --no-create-home huiyin
COPY --chmod=755 docker/with-secrets.sh /usr/local/bin/with-secrets
USER huiyin
EXPOSE 5005
ENTRYPOINT ["with-secrets"]
CMD ["python", "-m", "nlu.server", "--host", "0.0.0.0", "--port", "5005", "--model", "models/huiyin.tar.gz"]

# Gateway, worker, action server and command line: everything on Python 3.12.
FROM python:3.12-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app

COPY requirements.lock ./
RUN pip install --require-hashes --requirement requirements.lock

COPY actions actions
COPY bot bot
COPY domain domain
COPY data/policies data/policies
COPY data/sample data/sample
COPY data/sources data/sources
COPY nlu/__init__.py nlu/dangers.py nlu/

RUN useradd --system --uid 10001 --no-create-home huiyin
USER huiyin
EXPOSE 8080
ENTRYPOINT ["python", "-m", "bot"]
CMD ["serve"]

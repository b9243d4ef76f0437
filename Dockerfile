# One image, a role by command: web, bot, worker, or serve for all in one process.

FROM node:24-slim AS frontend
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --silent

FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /mizban
COPY requirements.txt ./
RUN python -m venv .venv && .venv/bin/python -m pip install --quiet --require-hashes -r requirements.txt
COPY . .
COPY --from=frontend /build/node_modules node_modules
RUN .venv/bin/python scripts/copy_frontend.py \
 && rm -rf node_modules \
 && .venv/bin/python -m pip install --quiet --no-build-isolation --no-deps --no-index --editable . \
 && .venv/bin/python -m scripts.messages compile \
 && .venv/bin/python -m compileall -q desk bot backoffice mizban

FROM python:3.12-slim
# The words on the picture of a ticket are set from right to left with it.
RUN apt-get update && apt-get install --yes --no-install-recommends libfribidi0 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --create-home --home-dir /var/lib/mizban --shell /usr/sbin/nologin mizban
WORKDIR /mizban
COPY --from=build /mizban /mizban
ENV PATH=/mizban/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MIZBAN_HOME=/var/lib/mizban \
    MIZBAN_HOST=0.0.0.0 \
    MIZBAN_PORT=8080
USER mizban
VOLUME /var/lib/mizban
EXPOSE 8080
ENTRYPOINT ["mizban"]
CMD ["serve"]

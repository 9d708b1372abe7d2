# One file for all services: docker build --build-arg SERVICE=loader .
# The dbt-runner needs Python too: docker build --target dbt-runner --build-arg SERVICE=dbt-runner .
# Node runs the TypeScript sources as they are, only the dashboard is built; what Node makes of them is kept in the image, which halves the work of
# a start.
ARG NODE_IMAGE=node:24-trixie-slim
ARG BASE_IMAGE=debian:trixie-slim
ARG PYTHON_IMAGE=python:3.13-slim-trixie

# Only the manifests, so that packages are installed again when one of these changes and not with every source file. Without
# devDependencies: npm would install what the tests of the libraries use.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /app
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete && find . -type d -empty -delete \
 && node -e " \
      for (const file of fs.globSync(['package.json', '*/*/package.json'])) { \
        const { devDependencies, ...manifest } = JSON.parse(fs.readFileSync(file)); \
        fs.writeFileSync(file, JSON.stringify(manifest, null, 2)); \
      }"

FROM ${NODE_IMAGE} AS packages
ARG SERVICE
WORKDIR /app
COPY --from=manifests /app .
RUN --mount=type=cache,target=/root/.npm \
    npm ci --workspace=@pipeline/${SERVICE} --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
 && find node_modules -type f -regex '.*\.\(d\.[cm]?ts\|map\|md\|flow\)' -delete

# The dashboard, built once whatever the service. Vite's compiler is an optional package of each platform.
FROM ${NODE_IMAGE} AS web
WORKDIR /app
COPY --from=manifests /app .
RUN --mount=type=cache,target=/root/.npm \
    npm ci --workspace=services/scheduler/web --omit=dev --ignore-scripts --no-audit --no-fund
COPY tsconfig.json .
COPY libs/protocol libs/protocol
COPY services/scheduler/web services/scheduler/web
RUN npm run build:web

# The sources of the service and of the libraries that npm has linked for it.
FROM packages AS app
ARG SERVICE
COPY libs /sources
RUN for link in node_modules/@pipeline/*; do \
      case $(readlink "$link") in ../../libs/*) cp -r "/sources/${link##*/}" libs/ ;; esac; \
    done \
 && for folder in libs/* services/*; do [ -d "$folder/src" ] || rm -rf "$folder"; done
COPY services/${SERVICE} services/${SERVICE}
COPY docker/node docker/node
RUN --mount=type=bind,from=web,source=/app/services/scheduler/web/dist,target=/dashboard \
    if [ "${SERVICE}" = scheduler ]; then rm -rf services/scheduler/web && mkdir services/scheduler/web && cp -r /dashboard services/scheduler/web/dist; fi \
 && ln -s services/${SERVICE} service

FROM ${NODE_IMAGE} AS node

# Node alone: npm and what it is made of stay behind, nothing is installed at run time.
FROM ${BASE_IMAGE} AS runtime
RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --create-home node && install -d -o node -g node /run/pipeline
COPY --from=node /usr/local/bin/node /usr/local/bin/node
# A new volume belongs to whom its folder belongs to in the image that mounts it first: the one that sets up has a folder for every container.
RUN --mount=type=bind,source=services,target=/services \
    cd /run/pipeline && install -d -o node -g node setup postgres rabbitmq scheduler loader dbt-runner sandbox $(cd /services && ls -d tap-*)

FROM ${PYTHON_IMAGE} AS dbt-packages
COPY services/dbt-runner/requirements.txt /tmp/requirements.txt
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m venv /opt/dbt \
 && /opt/dbt/bin/pip install --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: -r /tmp/requirements.txt \
 && /opt/dbt/bin/pip uninstall --quiet --yes pip \
 # dbt speaks English; tests of libraries are not run here.
 && find /opt/dbt -path '*/babel/locale-data/*' ! -name root.dat ! -name en.dat ! -name 'en_US*.dat' -delete \
 && find /opt/dbt -path '*/networkx/*' -type d -name tests -prune -exec rm -r {} +

FROM ${PYTHON_IMAGE} AS dbt-runner
RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --create-home node \
 && install -d -o node -g node /run/pipeline /var/lib/pipeline
COPY --from=dbt-packages /opt/dbt /opt/dbt
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=app /app /app
COPY dbt /app/dbt
WORKDIR /app
ENV NODE_ENV=production NODE_COMPILE_CACHE=/app/.compile-cache HTTP_HOST=0.0.0.0 HTTP_PORT=8080 DBT_PYTHON=/opt/dbt/bin/python DISK_STORAGE_PATH=/var/lib/pipeline
# As the user that runs it: Node keeps a cache for each.
RUN install -d -o node -g node .compile-cache
USER node
RUN node --disable-warning=ExperimentalWarning docker/node/compile-cache.ts
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=90s --retries=6 CMD ["node", "docker/node/healthcheck.ts"]
CMD ["node", "service/src/main.ts"]

FROM runtime AS service
COPY --from=app /app /app
WORKDIR /app
ENV NODE_ENV=production NODE_COMPILE_CACHE=/app/.compile-cache HTTP_HOST=0.0.0.0 HTTP_PORT=8080
# As the user that runs it: Node keeps a cache for each.
RUN install -d -o node -g node .compile-cache
USER node
RUN node --disable-warning=ExperimentalWarning docker/node/compile-cache.ts
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 CMD ["node", "docker/node/healthcheck.ts"]
CMD ["node", "service/src/main.ts"]

# syntax=docker/dockerfile:1
# One file for every image of ours: --build-arg SERVICE=order, or SERVICE=standins FOLDER=deploy. Build from the repository's root.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ARG SERVICE
ARG FOLDER=services
WORKDIR /source
COPY requirements.lock pyproject.toml ./
# uv comes from the lock like everything else, checked by hash.
RUN sed -n '/^uv==/,/[^\\]$/p' requirements.lock > uv.lock \
    && pip install --no-cache-dir --require-hashes --requirement uv.lock \
    && uv venv /app
COPY libs libs
COPY ${FOLDER}/${SERVICE} ${FOLDER}/${SERVICE}
# Only this member and what it declares; the lock as a constraint gives the versions and their hashes.
RUN uv pip install --no-cache --python /app/bin/python --compile-bytecode \
    --constraint requirements.lock --build-constraint requirements.lock ./${FOLDER}/${SERVICE} \
    && /app/bin/python -m compileall -q libs

FROM ${PYTHON_IMAGE}
ARG SERVICE
# /data is there for a volume: it takes over the owner.
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin halles \
    && install --directory --owner=halles --group=halles /data
COPY --from=build /app /app
# Our libraries are linked from here.
COPY --from=build /source/libs /source/libs
ENV PATH=/app/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HALLES_SERVICE=${SERVICE}
USER 10001:10001
WORKDIR /tmp
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=12 \
    CMD ["python", "-c", "import os, urllib.request as web; name = os.environ['HALLES_SERVICE']; web.urlopen('http://127.0.0.1:' + os.environ[name.upper() + '_PORT'] + '/readyz', timeout=2)"]
ENTRYPOINT ["/bin/sh", "-c", "exec python -m \"$HALLES_SERVICE\" \"$@\"", "--"]
CMD ["serve"]

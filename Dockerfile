# docker build -t lintperf .
# docker run --rm --network none --volume "$PWD:/data:ro" lintperf check .
FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY docs/ci/wheelhouse.sh docs/ci/
COPY lintperf lintperf
COPY plugins/lintperf_builtin plugins/lintperf_builtin
COPY schemas schemas
COPY rulesets rulesets
RUN sh docs/ci/wheelhouse.sh /wheels

FROM python:3.12-slim
ENV LANG=C.UTF-8
RUN useradd --create-home --uid 10001 lintperf
# the folder holds one version of each package: nothing to pin
# hadolint ignore=DL3013
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    python -m pip install --no-cache-dir --no-index --find-links /wheels lintperf
USER 10001
WORKDIR /data
ENTRYPOINT ["lintperf"]
CMD ["--help"]

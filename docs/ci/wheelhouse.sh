#!/bin/sh
# 在能联网的机器上收集 lintperf 和它的全部依赖，供离线安装；在仓库根目录运行。
# Collects lintperf and all it depends on, for machines without a network; run in the root of the checkout.
#
#   sh docs/ci/wheelhouse.sh wheelhouse             # 带可选部分 with an extra: sh docs/ci/wheelhouse.sh wheelhouse '.[lsp]'
#   python -m pip install --no-index --find-links wheelhouse lintperf
set -eu
folder=${1:-wheelhouse}
mkdir -p "$folder"
"${PYTHON:-python3}" -m pip wheel --quiet --wheel-dir "$folder" "${2:-.}"

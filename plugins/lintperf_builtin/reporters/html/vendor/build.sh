#!/usr/bin/env bash
# Makes echarts.min.js from the npm packages named in package-lock.json. `build.sh FOLDER` writes it there instead, so
# that a test can hold the vendored file against what npm gives.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/package.json" "$here/package-lock.json" "$here/entry.js" "$work"
npm ci --silent --no-fund --no-audit --prefix "$work"
cd "$work"
version=$(node -p "require('echarts/package.json').version")
node_modules/.bin/esbuild entry.js --bundle --minify --format=iife --global-name=echarts --target=es2020 \
  --charset=utf8 --legal-comments=none --log-level=warning \
  --banner:js="/*! Apache ECharts $version (parts), Copyright The Apache Software Foundation, Apache License 2.0. Contains zrender (BSD-3-Clause, Copyright Baidu Inc.) and tslib (0BSD). */" \
  --outfile="$out/echarts.min.js"

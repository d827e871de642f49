#!/bin/sh
# Gitee（或任何没有现成对接的平台）：在流水线里运行。reviewdog 只报告改动的行，写入日志；摘要发到合并请求。
# For Gitee, or any forge that nothing is made for: run in a pipeline. reviewdog tells of changed lines in the log, the
# summary becomes a comment of the pull request.
#
# 环境变量 Environment: TARGET_BRANCH 目标分支, GITEE_API 接口地址 (…/api/v5), GITEE_OWNER, GITEE_REPO,
# PULL_NUMBER 合并请求编号, GITEE_TOKEN 私人令牌
set -eu
python3 -m pip install lintperf
lintperf check forms --format markdown --output lintperf.md --fail-on never
curl --fail --silent --show-error --output /dev/null \
  --data-urlencode "access_token=$GITEE_TOKEN" --data-urlencode "body@lintperf.md" \
  "$GITEE_API/repos/$GITEE_OWNER/$GITEE_REPO/pulls/$PULL_NUMBER/comments"
lintperf check forms --format rdjson --output lintperf.rdjson --fail-on never
reviewdog -f=rdjson -name=lintperf -reporter=local -diff="git diff origin/$TARGET_BRANCH" \
  -fail-level=error < lintperf.rdjson

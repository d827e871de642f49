// Ten rules of lintperf's catalogue as functions, for Spectral's ruleset and for the script around ajv: each takes the value
// that its path leads to and returns findings, `{message, path?}`, as functions of Spectral do. Numbers are JavaScript's:
// exact decimals and the decimals as written are not to be had here, so sums are compared to a millionth and a rate that
// is a number is taken to have two decimals.

const BLANK = new Set(["", "无", "不适用", "/", "—", "－", "-", "_"]);
const blank = (text) => text == null || BLANK.has(String(text).trim());
const empty = (row) => blank(row.name) && blank(row.target);
const present = (value) => typeof value === "number";
const same = (a, b) => Math.abs(a - b) < 1e-6;
const finding = (message, path) => (path ? [{ message, path }] : [{ message }]);

function sum(form, key) {
  const rows = form.indicators ?? [];
  if (rows.some((row) => !empty(row) && !present(row[key]))) return undefined;
  const top = (form.funds?.rows ?? []).find((row) => row.source === "total");
  return rows.reduce((all, row) => all + (row[key] ?? 0), 0) + (present(top?.[key]) ? top[key] : 0);
}

export function scoreExceedsWeight(row) {
  if (present(row.score) && present(row.weight) && row.score > row.weight)
    return finding(`score ${row.score} above weight ${row.weight}`);
}

export function negativeScore(row) {
  if (present(row.score) && row.score < 0) return finding(`score ${row.score} below 0`);
}

export function missingWeightOrScore(rows, _options, context) {
  const out = [];
  for (const key of ["weight", "score"]) {
    if (!rows.some((row) => present(row[key]))) continue;
    rows.forEach((row, index) => {
      if (!empty(row) && !present(row[key]))
        out.push({ message: `no ${key}`, path: [...context.path, index] });
    });
  }
  return out;
}

// "无" in a row with a name says that nothing happened; blank is a cell without any letter or figure
const saysNothing = (text) => text == null || !/[\p{L}\p{N}]/u.test(text);

export function pointsWithoutEvidence(row) {
  if (present(row.score) && row.score > 0 && !empty(row) && (saysNothing(row.target) || saysNothing(row.actual)))
    return finding(`score ${row.score} without target or actual`);
}

export function weightsNotFullMarks(form) {
  const weights = sum(form, "weight");
  const full = form.total?.weight ?? 100;
  if (weights !== undefined && !same(weights, full)) return finding(`weights add up to ${weights}, not ${full}`);
}

export function scoresNotTotal(form) {
  const scores = sum(form, "score");
  const total = form.total?.score;
  if (scores !== undefined && present(total) && !same(scores, total))
    return finding(`scores add up to ${scores}, not ${total}`);
}

export function weightOnEmptyRow(row) {
  if (!present(row.weight)) return;
  if (empty(row) && row.weight > 0) return finding(`an empty row of weight ${row.weight}`);
  if (!empty(row) && row.weight === 0) return finding("a row of weight 0");
}

export function spentAboveBudget(row) {
  if (present(row.executed) && present(row.annual) && row.executed > row.annual)
    return finding(`executed ${row.executed} above annual ${row.annual}`);
}

function rateOf(row) {
  if (present(row.rate)) return { value: row.rate, decimals: 2 };
  const match = /^([-+]?[0-9]+(?:[.]([0-9]+))?)[%％]$/.exec(row.rate ?? "");
  return match ? { value: Number(match[1]) / 100, decimals: 2 + (match[2]?.length ?? 0) } : undefined;
}

export function rateMiscomputed(row) {
  const rate = rateOf(row);
  if (!rate || !present(row.executed) || !present(row.annual) || row.annual === 0) return;
  const scale = 10 ** rate.decimals;
  const computed = Math.floor((row.executed / row.annual) * scale + 0.5 + 1e-9) / scale;
  if (!same(computed, rate.value)) return finding(`rate ${rate.value}, computed ${computed}`);
}

export function rateWithoutBudget(row) {
  if (row.annual !== 0 || row.executed !== 0) return;
  const rate = rateOf(row);
  if ((rate && rate.value > 0) || (present(row.score) && row.score > 0)) return finding("a rate or points for 0/0");
}

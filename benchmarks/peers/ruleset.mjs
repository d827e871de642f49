// Ten rules of lintperf's catalogue for Spectral, as its authors would write them: a JSONPath and a function each.
// Numbers are JavaScript's: exact decimals and the decimals as written are not to be had here, so sums are compared
// to a millionth and a rate that is a number is taken to have two decimals.

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

function scoreExceedsWeight(row) {
  if (present(row.score) && present(row.weight) && row.score > row.weight)
    return finding(`score ${row.score} above weight ${row.weight}`);
}

function negativeScore(row) {
  if (present(row.score) && row.score < 0) return finding(`score ${row.score} below 0`);
}

function missingWeightOrScore(rows, _options, context) {
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

function pointsWithoutEvidence(row) {
  if (present(row.score) && row.score > 0 && !empty(row) && (saysNothing(row.target) || saysNothing(row.actual)))
    return finding(`score ${row.score} without target or actual`);
}

function weightsNotFullMarks(form) {
  const weights = sum(form, "weight");
  const full = form.total?.weight ?? 100;
  if (weights !== undefined && !same(weights, full)) return finding(`weights add up to ${weights}, not ${full}`);
}

function scoresNotTotal(form) {
  const scores = sum(form, "score");
  const total = form.total?.score;
  if (scores !== undefined && present(total) && !same(scores, total))
    return finding(`scores add up to ${scores}, not ${total}`);
}

function weightOnEmptyRow(row) {
  if (!present(row.weight)) return;
  if (empty(row) && row.weight > 0) return finding(`an empty row of weight ${row.weight}`);
  if (!empty(row) && row.weight === 0) return finding("a row of weight 0");
}

function spentAboveBudget(row) {
  if (present(row.executed) && present(row.annual) && row.executed > row.annual)
    return finding(`executed ${row.executed} above annual ${row.annual}`);
}

function rateOf(row) {
  if (present(row.rate)) return { value: row.rate, decimals: 2 };
  const match = /^([-+]?[0-9]+(?:[.]([0-9]+))?)[%％]$/.exec(row.rate ?? "");
  return match ? { value: Number(match[1]) / 100, decimals: 2 + (match[2]?.length ?? 0) } : undefined;
}

function rateMiscomputed(row) {
  const rate = rateOf(row);
  if (!rate || !present(row.executed) || !present(row.annual) || row.annual === 0) return;
  const scale = 10 ** rate.decimals;
  const computed = Math.floor((row.executed / row.annual) * scale + 0.5 + 1e-9) / scale;
  if (!same(computed, rate.value)) return finding(`rate ${rate.value}, computed ${computed}`);
}

function rateWithoutBudget(row) {
  if (row.annual !== 0 || row.executed !== 0) return;
  const rate = rateOf(row);
  if ((rate && rate.value > 0) || (present(row.score) && row.score > 0)) return finding("a rate or points for 0/0");
}

const rule = (given, fn, severity = "error") => ({ given, severity, message: "{{error}}", then: { function: fn } });
const ROW = "$.indicators[*]";
const FUND = "$.funds.rows[*]";

export default {
  rules: {
    LP103: rule("$.indicators", missingWeightOrScore),
    LP104: rule(ROW, pointsWithoutEvidence, "warn"),
    LP201: rule(ROW, scoreExceedsWeight),
    LP202: rule(ROW, negativeScore),
    LP203: rule("$", weightsNotFullMarks),
    LP204: rule("$", scoresNotTotal),
    LP208: rule(ROW, weightOnEmptyRow, "warn"),
    LP301: rule(FUND, rateMiscomputed),
    LP303: rule(FUND, rateWithoutBudget),
    LP305: rule(FUND, spentAboveBudget, "warn"),
  },
};

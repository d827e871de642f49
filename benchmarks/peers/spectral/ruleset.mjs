// Ten rules of lintperf's catalogue for Spectral, as its authors would write them: a JSONPath and a function each.

import {
  missingWeightOrScore,
  negativeScore,
  pointsWithoutEvidence,
  rateMiscomputed,
  rateWithoutBudget,
  scoreExceedsWeight,
  scoresNotTotal,
  spentAboveBudget,
  weightOnEmptyRow,
  weightsNotFullMarks,
} from "../rules.mjs";

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

// The shape of each form by ajv, with lintperf's own schema; the ten rules by plain JavaScript, since a schema cannot
// compare two values or add up. `node check.mjs SCHEMA FOLDER` prints a JSON array of [file, code, row].

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv/dist/2020.js";
import * as rules from "../rules.mjs";

const [schema, folder] = process.argv.slice(2);
// strict mode would refuse the schema's x- annotations
const valid = new Ajv({ strict: false, allErrors: true }).compile(JSON.parse(readFileSync(schema, "utf8")));

const OF_ROWS = {
  LP104: rules.pointsWithoutEvidence,
  LP201: rules.scoreExceedsWeight,
  LP202: rules.negativeScore,
  LP208: rules.weightOnEmptyRow,
};
const OF_FUNDS = { LP301: rules.rateMiscomputed, LP303: rules.rateWithoutBudget, LP305: rules.spentAboveBudget };
const OF_FORM = { LP203: rules.weightsNotFullMarks, LP204: rules.scoresNotTotal };

function* findings(form) {
  if (!valid(form)) {
    for (const error of valid.errors) yield ["LP002", error.instancePath.slice(1)];
    return;
  }
  for (const { path } of rules.missingWeightOrScore(form.indicators, null, { path: ["indicators"] }))
    yield ["LP103", path.join("/")];
  for (const [index, row] of form.indicators.entries())
    for (const [code, rule] of Object.entries(OF_ROWS)) if (rule(row)) yield [code, `indicators/${index}`];
  for (const [index, row] of (form.funds?.rows ?? []).entries())
    for (const [code, rule] of Object.entries(OF_FUNDS)) if (rule(row)) yield [code, `funds/rows/${index}`];
  for (const [code, rule] of Object.entries(OF_FORM)) if (rule(form)) yield [code, ""];
}

const found = [];
for (const file of readdirSync(folder).sort()) {
  const form = JSON.parse(readFileSync(join(folder, file), "utf8"));
  for (const [code, row] of findings(form)) found.push([file, code, row]);
}
process.stdout.write(JSON.stringify(found) + "\n");

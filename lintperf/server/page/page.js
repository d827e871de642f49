/* The page: files come in, are sent one by one, and are shown drawn; several of them also as a whole. */

import { Problem, ask, askJson, save } from "./requests.js";
import { announce, both, element, label, language, said, size, speak, text, translate } from "./words.js";

const $ = (selector, from = document) => from.querySelector(selector);
const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];

/* Requests at a time: one is read while another is checked. */
const AT_ONCE = 2;
const LEVELS = [["error", text("错误", "errors")], ["warning", text("警告", "warnings")], ["note", text("提示", "notes")]];
const SECTIONS = { files: $("#files"), overview: $("#overview"), document: $("#document") };
const LINKS = Object.fromEntries($$(".top [data-at]").map((link) => [link.dataset.at, link]));
const BRAND = $(".brand");

/* What the service says of itself; without it nothing is refused before it is sent. */
let service = { limits: {}, importers: [], annotatable: [] };
let packs = [];

/* A file: {file, name, state, part, seconds, documents, problem}; documents: {index, title, counts, part}.
   states: waiting, sending, checking, paused, done, failed */
let items = [];
let numbered = 0;
/* counts the changes of settings */
let generation = 0;
let toldOf = "";
let batch = null;
let here = { at: "files" };
let lastDocument = null;

// ---- what is chosen

const chosen = { persona: "author", ruleset: "", parameters: new Map() };

function fields() {
  const form = new FormData();
  form.append("lang", language());
  form.append("persona", chosen.persona);
  if (chosen.ruleset) form.append("ruleset", chosen.ruleset);
  for (const [name, value] of chosen.parameters) form.append("param", `${name}=${value}`);
  return form;
}

/* The body of a request with these files. */
const bodyOf = (list) => () => {
  const form = fields();
  for (const { file, name } of list) form.append("file", file, name);
  return form;
};

// ---- files come in

/* A name as the service takes it: on one line, no folder, nothing that turns the direction of what follows. */
function clean(name) {
  const safe = name.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069"\\/]|%(?:22|0a|0d)/gi, "_");
  return safe.length > 200 ? safe.slice(0, 180) + safe.slice(-20) : safe || "document";
}

function unique(name) {
  const taken = new Set(items.map((item) => item.name));
  const dot = name.lastIndexOf(".") > 0 ? name.lastIndexOf(".") : name.length;
  let result = name;
  for (let number = 2; taken.has(result); number += 1) result = `${name.slice(0, dot)} (${number})${name.slice(dot)}`;
  return result;
}

const suffixOf = (name) => (/\.[^.]+$/.exec(name)?.[0] ?? "").toLowerCase();

/* Why a file need not even be sent. */
function refusal(file) {
  const { max_file: most } = service.limits;
  if (most && file.size > most) {
    return new Problem(413, text(
      `文件有 ${size(file.size)}，超过上限 ${size(most)}，没有上传。请缩小文件（如压缩图片）或分成几份。`,
      `The file has ${size(file.size)}, more than the limit of ${size(most)}, and was not sent. Make it smaller, or split it.`,
    ));
  }
  if (!file.size) return new Problem(422, text("文件是空的。", "The file is empty."));
  const known = service.importers.flatMap((each) => each.suffixes);
  const suffix = suffixOf(file.name);
  if (known.length && !known.includes(suffix)) {
    return new Problem(415, text(
      `不支持${suffix ? ` ${suffix} ` : "没有后缀的"}文件。可以检查 Word、Excel、PDF、网页、JSON 等文件。`,
      `${suffix ? `${suffix} files are` : "A file without a suffix is"} not supported. Word, Excel, PDF, web pages, JSON and others are.`,
    ));
  }
  return null;
}

function add(files) {
  const several = files.length > 1;
  for (const file of files) {
    if (several && /^(\.|~\$|Thumbs\.db$)/i.test(file.name)) continue;
    numbered += 1;
    const item = { id: numbered, file, name: unique(clean(file.name)), documents: [], state: "waiting" };
    items.push(item);
    drawItem(item);
    const problem = refusal(file);
    if (problem) fail(item, problem);
  }
  if (!items.length) return;
  go({ at: "files" });
  showQueue();
  work();
}

async function filesOf(transfer) {
  const entries = [...transfer.items].map((each) => each.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files];
  const found = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

async function walk(entry, found) {
  if (entry.isFile) {
    const file = await new Promise((resolve) => entry.file(resolve, () => resolve(null)));
    const known = service.importers.flatMap((each) => each.suffixes);
    if (file && (!known.length || known.includes(suffixOf(file.name)))) found.push(file);
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (!some.length) return;
    for (const each of some) await walk(each, found);
  }
}

/* Files that are pasted, or a table or text as a file. */
function pasted(data) {
  const markup = data.getData("text/html");
  const plain = data.getData("text/plain").trim();
  const zh = language() === "zh";
  const made = (content, name) => [new File([content], name)];
  /* Excel copies cells as a picture too */
  if (/<table/i.test(markup)) return made(markup, zh ? "粘贴的表格.html" : "pasted table.html");
  if (data.files.length) return [...data.files];
  if (/^[{[]/.test(plain)) return made(plain, zh ? "粘贴的内容.json" : "pasted.json");
  if (plain.length > 30) return made(plain, zh ? "粘贴的文字.txt" : "pasted text.txt");
  return [];
}

// ---- the work

const busy = (item) => ["sending", "checking", "paused"].includes(item.state);

function work() {
  for (const item of items) {
    if (items.filter(busy).length >= AT_ONCE) return;
    if (item.state === "waiting") check(item);
  }
  if (!items.some((item) => busy(item) || item.state === "waiting")) finished();
}

function change(item, values) {
  Object.assign(item, values);
  drawItem(item);
}

function fail(item, problem) {
  change(item, { state: "failed", problem, documents: [] });
  announce(text(`${item.name}：${problem.text.zh}${problem.detail}`, `${item.name}: ${problem.text.en} ${problem.detail}`));
}

async function check(item) {
  item.stop = new AbortController();
  change(item, { state: "sending", part: 0, problem: null });
  try {
    const answer = await askJson("POST", "v1/view", {
      body: bodyOf([item]),
      signal: item.stop.signal,
      progress: (part) => change(item, part < 1 ? { state: "sending", part } : { state: "checking" }),
      waiting: (seconds) => change(item, { state: "paused", seconds }),
    });
    const [file] = answer.files;
    if (!file || !file.documents.length) {
      const why = file?.failures[0] ?? text("文件中没有可检查的文档。", "There is no document in the file that could be checked.");
      throw new Problem(422, why);
    }
    const parts = new Map(answer.parts.map((part) => [part.id, part]));
    const documents = file.documents.map((each) => ({ ...each, part: parts.get(each.part) ?? null }));
    change(item, { state: "done", documents, failures: file.failures });
    announce(text(`${item.name}：${inWords(documents, "zh")}`, `${item.name}: ${inWords(documents, "en")}`));
  } catch (problem) {
    if (problem.status === -1 || !items.includes(item)) return work();
    fail(item, problem instanceof Problem ? problem : new Problem(500, text("答复读不懂。", "The answer makes no sense.")));
    if (!(problem instanceof Problem)) console.warn(problem);
  }
  work();
}

function total(documents, level) {
  return documents.reduce((sum, each) => sum + each.counts[level], 0);
}

function inWords(documents, lang) {
  const found = LEVELS.map(([level, name]) => [total(documents, level), name[lang]]).filter(([count]) => count);
  if (!found.length) return lang === "zh" ? "没有发现问题" : "nothing found";
  return found.map(([count, name]) => (lang === "zh" ? `${name} ${count}` : `${count} ${name}`)).join(lang === "zh" ? "，" : ", ");
}

const done = () => items.filter((item) => item.state === "done");
const everyDocument = () => done().flatMap((item) => item.documents.map((document) => ({ item, document })));

/* All files have been answered: one is opened, several are compared with each other. */
function finished() {
  const every = everyDocument();
  drawHead();
  if (!every.length) return dropBatch();
  const key = `${generation}:${language()}:${done().map((item) => item.id)}`;
  if (every.length === 1) {
    dropBatch();
    const [{ item, document }] = every;
    if (items.length === 1 && !item.opened && here.at === "files") openDocument(item, document);
  } else if (batch?.key !== key) compare(key);
  if (key !== toldOf && items.length > 1) announce(text(`${items.length} 个文件检查完毕`, `${items.length} files checked`));
  toldOf = key;
}

function dropBatch() {
  batch?.stop.abort();
  batch = null;
  LINKS.overview.parentElement.hidden = true;
  $(".holder", SECTIONS.overview).replaceChildren();
  if (here.at === "overview") go({ at: "files" });
  drawHead();
}

async function compare(key) {
  const list = done();
  batch?.stop.abort();
  const mine = { key, stop: new AbortController(), part: null, problem: null, documents: [] };
  batch = mine;
  LINKS.overview.parentElement.hidden = false;
  drawHead();
  fillOverview();
  try {
    const { max_files: most, max_total: largest } = service.limits;
    const bytes = list.reduce((sum, item) => sum + item.file.size, 0);
    if ((most && list.length > most) || (largest && bytes > largest)) {
      throw new Problem(413, text(
        `共 ${list.length} 个文件、${size(bytes)}，超过一次可比较的上限（${most} 个、${size(largest)}），没有总览；各文件的结果不受影响。`,
        `${list.length} files of ${size(bytes)} are more than can be compared at a time (${most}, ${size(largest)}): there is no overview; the results of each file stand.`,
      ));
    }
    const answer = await askJson("POST", "v1/view", { body: bodyOf(list), signal: mine.stop.signal });
    const parts = new Map(answer.parts.map((part) => [part.id, part]));
    mine.part = parts.get("batch") ?? null;
    const byName = new Map(list.map((item) => [item.name, item]));
    for (const file of answer.files) {
      const item = byName.get(file.path);
      for (const document of item ? file.documents : []) {
        const known = item.documents.find((each) => each.index === document.index);
        mine.documents.push([document.number, item, document.index]);
        if (!known) continue;
        known.counts = document.counts;
        if (parts.has(document.part)) known.part = parts.get(document.part);
      }
      if (item) drawItem(item);
    }
  } catch (problem) {
    if (batch !== mine || problem.status === -1) return;
    mine.problem = problem instanceof Problem ? problem : new Problem(500, text("总览没有做成。", "There is no overview."));
  }
  if (batch !== mine) return;
  drawHead();
  fillOverview();
}

// ---- the list of files

const rows = new Map();

function showQueue() {
  const some = items.length > 0;
  $("#queue").hidden = !some;
  document.body.classList.toggle("has-files", some);
  drawHead();
}

function drawHead() {
  const finishedOnes = items.filter((item) => ["done", "failed"].includes(item.state)).length;
  const count = $("#queue .count");
  count.replaceChildren(...both(
    finishedOnes === items.length
      ? text(`${items.length} 个`, `${items.length}`)
      : text(`已检查 ${finishedOnes} 个，共 ${items.length} 个`, `${finishedOnes} of ${items.length} checked`),
  ));
  $("[data-do=overview]").hidden = !batch;
  $("[data-do=overview]").disabled = Boolean(batch && !batch.part && !batch.problem);
}

const WORDS = {
  waiting: () => text("等候", "Waiting"),
  sending: (item) => text(`上传中 ${Math.round(item.part * 100)}%`, `Uploading ${Math.round(item.part * 100)}%`),
  checking: () => text("检查中…", "Checking …"),
  paused: (item) => text(`服务繁忙，${item.seconds} 秒后自动重试`, `The service is busy; trying again in ${item.seconds} s`),
};

function sentence(problem) {
  const nodes = both(problem.text);
  return problem.detail && problem.detail !== problem.text.zh
    ? [element("strong", {}, nodes), " ", element("span", {}, problem.detail)]
    : [element("strong", {}, nodes)];
}

function chips(counts) {
  const list = element("span", { class: "chips" });
  for (const [level, name] of LEVELS) {
    if (counts[level]) list.append(element("span", { class: `chip ${level}` }, both(name), " ", element("b", {}, String(counts[level]))));
  }
  if (!list.children.length) list.append(element("span", { class: "chip fine" }, both(text("没有发现问题", "Nothing found"))));
  return list;
}

function drawItem(item) {
  let row = rows.get(item.id);
  if (!row) {
    row = element("li", { class: "item", id: `item${item.id}` });
    rows.set(item.id, row);
    $("#queue .items").append(row);
  }
  if (item.state === row.dataset.state && ["sending", "paused"].includes(item.state)) {
    /* a tick leaves the focus where it is */
    $(".told", row).replaceChildren(...both(WORDS[item.state](item)));
    if (item.state === "sending") $("progress", row).value = item.part;
    return;
  }
  const focused = row.contains(document.activeElement);
  row.dataset.state = item.state;
  const parts = [
    element("span", { class: "kind", "aria-hidden": "true" }, suffixOf(item.name).slice(1, 6) || "?"),
    element("div", { class: "about" },
      element("p", { class: "name" }, element("bdi", {}, item.name), " ", element("small", {}, size(item.file.size))),
      ...progressOf(item)),
    ...documentsOf(item),
  ];
  const remove = element("button", { type: "button", class: "icon", onclick: () => removeItem(item) }, "✕");
  label(remove, "aria-label", text(`移除 ${item.name}`, `Remove ${item.name}`));
  label(remove, "title", text("移除", "Remove"));
  row.replaceChildren(...parts, remove);
  if (focused) ($(".open", row) ?? remove).focus({ preventScroll: true });
}

function progressOf(item) {
  if (item.state === "failed") {
    const again = element("button", { type: "button", onclick: () => retry([item]) }, both(text("重试", "Try again")));
    return [element("p", { class: "problem" }, sentence(item.problem), " ", [413, 415].includes(item.problem.status) ? null : again)];
  }
  if (item.state === "done") {
    return (item.failures ?? []).map((each) => element("p", { class: "problem" }, both(each)));
  }
  const bar = element("progress", { max: "1" });
  if (item.state === "sending") bar.value = item.part;
  if (item.state === "waiting") bar.value = 0;
  label(bar, "aria-label", text(`${item.name} 的进度`, `Progress of ${item.name}`));
  return [element("p", { class: "progress" }, bar, " ", element("span", { class: "told" }, both(WORDS[item.state](item))))];
}

function documentsOf(item) {
  if (item.state !== "done") return [];
  return [element("ul", { class: "documents" }, ...item.documents.map((each) => {
    const open = element("button", { type: "button", class: "open", onclick: () => openDocument(item, each) },
      both(text("查看", "Open")));
    const name = each.title || item.name;
    label(open, "aria-label", text(`查看 ${name}`, `Open ${name}`));
    const several = item.documents.length > 1 || (each.title && each.title !== item.name);
    return element("li", {}, several ? element("span", { class: "title" }, each.title || `#${each.index + 1}`) : null, chips(each.counts), open);
  }))];
}

function removeItem(item) {
  item.stop?.abort();
  const row = rows.get(item.id);
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  rows.delete(item.id);
  items = items.filter((each) => each !== item);
  if (here.item === item) closeDocument();
  (next ? $("button.icon", next) : $("#drop")).focus();
  showQueue();
  announce(text(`已移除 ${item.name}`, `${item.name} removed`));
  work();
}

function clear() {
  for (const item of items) item.stop?.abort();
  items = [];
  rows.clear();
  $("#queue .items").replaceChildren();
  closeDocument();
  dropBatch();
  showQueue();
  $("#drop").focus();
}

function retry(list) {
  if (!list.length) return;
  if (list.includes(lastDocument?.item)) closeDocument();
  dropBatch();
  for (const item of list) {
    item.stop?.abort();
    const problem = refusal(item.file);
    change(item, { state: "waiting", documents: [], problem: null });
    if (problem) fail(item, problem);
  }
  showQueue();
  work();
}

// ---- parts of the report

const loaded = new Map();

/* Style sheets and scripts of a part, each loaded once, scripts in order. */
async function need(part) {
  for (const name of part.styles) {
    if (loaded.has(name)) continue;
    const link = element("link", { rel: "stylesheet", href: `page/report/${name}` });
    loaded.set(name, new Promise((resolve) => {
      link.addEventListener("load", resolve);
      link.addEventListener("error", resolve);
    }));
    document.head.append(link);
  }
  await Promise.all(part.styles.map((name) => loaded.get(name)));
  for (const name of part.scripts) {
    if (!loaded.has(name)) {
      const script = element("script", { src: `page/report/${name}` });
      loaded.set(name, new Promise((resolve) => {
        script.addEventListener("load", resolve);
        script.addEventListener("error", resolve);
      }));
      document.head.append(script);
    }
    await loaded.get(name);
  }
}

/* Put a part into its place: HTML that the service has written, with all texts of documents escaped. */
async function insert(holder, part) {
  await need(part);
  const section = element("div", { id: part.id, class: "inserted" });
  section.innerHTML = part.html;
  holder.replaceChildren(section);
  translate(section);
  section.dispatchEvent(new CustomEvent("lintperf:inserted", { bubbles: true }));
  return section;
}

function showProblem(section, problem, again) {
  const line = $(":scope > .problem", section);
  line.hidden = !problem;
  if (!problem) return line.replaceChildren();
  line.replaceChildren(...sentence(problem), " ",
    again ? element("button", { type: "button", onclick: again }, both(text("重试", "Try again"))) : "");
}

async function fillOverview() {
  const section = SECTIONS.overview;
  const holder = $(".holder", section);
  showProblem(section, batch?.problem, () => compare(batch.key));
  fillTools(section, batch?.part ? { list: done() } : null);
  if (!batch?.part) {
    holder.replaceChildren(...(batch && !batch.problem ? [element("p", { class: "working" }, both(text("正在相互比较…", "Comparing …")))] : []));
    return;
  }
  /* a batch out of sight has no room to be drawn in */
  if (here.at === "overview" && batch.inserted !== true) {
    batch.inserted = true;
    const mine = batch;
    await insert(holder, batch.part);
    if (mine === batch) section.dispatchEvent(new CustomEvent("lintperf:part", { bubbles: true }));
  }
}

async function openDocument(item, document_, target = null) {
  item.opened = true;
  await go({ at: "document", item, index: document_.index }, { push: true, target });
}

async function fillDocument(where, target) {
  const section = SECTIONS.document;
  const { item, index } = where;
  const document_ = item.documents.find((each) => each.index === index);
  const link = LINKS.document;
  link.textContent = document_.title || item.name;
  link.parentElement.hidden = false;
  showProblem(section, document_.part ? null : new Problem(0, text(
    "文件中的文档太多，这一份没有画出；请看总览，或下载网页报告。",
    "The file holds too many documents: this one is not drawn; see the overview, or download the web page.",
  )));
  fillTools(section, { list: [item], document: document_ });
  const holder = $(".holder", section);
  if (!document_.part) return holder.replaceChildren();
  await need(document_.part);
  if (here !== where) return;
  if (holder.firstChild?.part !== document_.part) {
    const inserted = await insert(holder, document_.part);
    inserted.part = document_.part;
  }
  const head = $("h1", holder);
  if (head) head.tabIndex = -1;
  const spot = target && document.getElementById(target);
  if (spot) {
    spot.tabIndex = -1;
    spot.focus({ preventScroll: true });
    spot.scrollIntoView({ block: "center" });
    spot.classList.add("reached");
  } else {
    scrollTo(0, 0);
    head?.focus({ preventScroll: true });
  }
}

function closeDocument() {
  lastDocument = null;
  LINKS.document.parentElement.hidden = true;
  $(".holder", SECTIONS.document).replaceChildren();
  if (here.at === "document") go({ at: "files" });
}

// ---- where we are

async function go(where, { push = true, target = null } = {}) {
  const before = here;
  const changed = where.at !== here.at || where.item !== here.item || where.index !== here.index;
  here = where;
  for (const [name, section] of Object.entries(SECTIONS)) {
    section.classList.toggle("shown", name === where.at);
    if (name === where.at) LINKS[name].setAttribute("aria-current", "page");
    else LINKS[name].removeAttribute("aria-current");
  }
  if (push && changed) history.pushState({ at: where.at, item: where.item?.id, index: where.index }, "", `#${where.at}`);
  entitle();
  if (where.at === "overview") {
    await fillOverview();
    SECTIONS.overview.dispatchEvent(new CustomEvent("lintperf:part", { bubbles: true }));
  }
  if (where.at === "document") {
    lastDocument = where;
    await fillDocument(where, target);
    entitle();
  } else if (changed) {
    scrollTo(0, 0);
    /* back in the list one is at the file that one comes from */
    const first = where.at === "files" ? $(".open", rows.get(before.item?.id) ?? SECTIONS.files) : $("h1", SECTIONS[where.at]);
    if (first?.tagName === "H1") first.tabIndex = -1;
    first?.focus({ preventScroll: where.at !== "files" });
  }
}

function entitle() {
  const brand = BRAND.innerText.trim();
  const name = here.at === "document" ? LINKS.document.textContent || here.item.name : here.at === "overview" ? LINKS.overview.innerText.trim() : "";
  document.title = name ? `${name} · ${brand}` : brand;
}

/* Back and forward. */
function restore(state) {
  const item = items.find((each) => each.id === state?.item && each.state === "done");
  if (state?.at === "document" && item?.documents.some((each) => each.index === state.index)) {
    go({ at: "document", item, index: state.index }, { push: false });
  } else if (state?.at === "overview" && batch) go({ at: "overview" }, { push: false });
  else go({ at: "files" }, { push: false });
}

/* A link of the batch, or of a document to another: `d3`, or a place in it. */
function follow(hash) {
  const number = /^#(d\d+)/.exec(hash)?.[1];
  const found = batch?.documents.find(([name]) => name === number);
  if (!found) return false;
  const [, item, index] = found;
  const document_ = item.documents.find((each) => each.index === index);
  if (!document_) return false;
  openDocument(item, document_, hash.slice(1) === number ? null : hash.slice(1));
  return true;
}

// ---- what can be taken away

const stem = (name) => name.replace(/\.[^.]+$/, "");

function downloads({ list, document: document_ }) {
  const name = document_ ? stem(list[0].name) : language() === "en" ? `${list.length} documents` : `${list.length}份文档`;
  const zh = language() !== "en";
  const found = [];
  const suffix = document_ ? suffixOf(list[0].name) : "";
  if (document_ && service.annotatable.includes(suffix)) {
    const made = /^\.xls/.test(suffix) ? "Excel" : /^\.doc/.test(suffix) ? "Word" : suffix;
    found.push(["annotated", text(`带批注的 ${made}`, `${made} with comments`), "v1/annotate", {}, `${name}-${zh ? "批注" : "annotated"}${suffix}`]);
  }
  found.push(
    ["html", text("网页报告", "Web page"), "v1/check", { format: "html" }, `${name}-${zh ? "检查报告" : "report"}.html`],
    ["rescore", text("得分复核表", "Re-scoring table"), "v1/rescore", { format: "xlsx" }, `${name}-${zh ? "得分复核" : "rescore"}.xlsx`],
    ["summary", text("汇总表", "Summary"), "v1/summary", { format: "xlsx" }, `${name}-${zh ? "汇总" : "summary"}.xlsx`],
    ["sarif", text("SARIF", "SARIF"), "v1/check", { format: "sarif" }, `${name}.sarif`],
  );
  return found;
}

async function download(button, list, url, more, name) {
  const section = button.closest(".part");
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  try {
    const { content, name: given } = await ask("POST", url, {
      body: () => {
        const form = bodyOf(list)();
        /* scores are the same for everybody: it takes no persona */
        if (url === "v1/rescore") form.delete("persona");
        for (const [key, value] of Object.entries(more)) form.append(key, value);
        return form;
      },
    });
    showProblem(section, null);
    save(content, url === "v1/annotate" ? (given ?? name) : name);
    announce(text("已下载", "Downloaded"));
  } catch (problem) {
    showProblem(section, problem, () => download(button, list, url, more, name));
    announce(problem.text);
  }
  button.disabled = false;
  button.removeAttribute("aria-busy");
}

function fillTools(section, what) {
  const bar = $(".tools", section);
  bar.hidden = !what;
  if (!what) return bar.replaceChildren();
  const back = element("button", { type: "button", onclick: () => go({ at: "files" }) }, both(text("← 全部文件", "← All files")));
  const steps = element("span", { class: "steps" });
  const every = everyDocument();
  if (what.document && every.length > 1) {
    const at = every.findIndex(({ item, document: each }) => item === what.list[0] && each.index === what.document.index);
    for (const [by, zh, en] of [[-1, "上一份", "Previous"], [1, "下一份", "Next"]]) {
      const to = every[at + by];
      steps.append(element("button", { type: "button", disabled: !to, onclick: () => openDocument(to.item, to.document) }, both(text(zh, en))));
    }
    steps.append(element("span", { class: "count" }, `${at + 1} / ${every.length}`));
  }
  const takes = element("span", { class: "downloads", role: "group" });
  label(takes, "aria-label", text("下载", "Downloads"));
  takes.append(element("span", { class: "name", "aria-hidden": "true" }, both(text("下载", "Download"))));
  for (const [kind, words, url, more, name] of downloads(what)) {
    const button = element("button", { type: "button", class: kind === "annotated" ? "main" : null, "data-download": kind }, both(words));
    const mend = element("input", { type: "checkbox", "data-fix": true });
    button.addEventListener("click", () => download(button, what.list, url, mend.checked ? { ...more, fix: "safe" } : more, name));
    takes.append(button);
    if (kind === "annotated") {
      takes.append(element("label", { class: "mend" }, mend, " ", both(text("同时改正能算出的数", "correct what can be computed"))));
    }
  }
  takes.append(element("button", { type: "button", onclick: () => print() }, both(text("打印", "Print"))));
  bar.replaceChildren(back, steps, takes);
}

// ---- settings

/* What is shown is always what the settings say: all files are checked again. */
function settingsChanged() {
  generation += 1;
  tellSettings();
  retry(items);
}

function tellSettings() {
  const pack = packs.find((each) => each.name === chosen.ruleset);
  const personas = { author: text("填报人", "author"), reviewer: text("审核人", "reviewer"), auditor: text("审计", "auditor") };
  const more = chosen.parameters.size;
  const name = pack ? said(pack.title) : text("规则自动选用", "rules chosen for each document");
  const who = personas[chosen.persona];
  $("#settings .chosen").replaceChildren(...both(text(
    `${who.zh}；${name.zh}${more ? `；参数 ${more} 项` : ""}`, `${who.en}; ${name.en}${more ? `; ${more} parameters` : ""}`,
  )));
  $("#parameters").replaceChildren(...[...chosen.parameters].map(([key, value]) => {
    const remove = element("button", {
      type: "button", class: "icon",
      onclick: () => {
        chosen.parameters.delete(key);
        settingsChanged();
        $("#parameter").focus();
      },
    }, "✕");
    const title = parameters().find((each) => each.name === key)?.title ?? key;
    label(remove, "aria-label", text(`不用 ${title}`, `Drop ${title}`));
    return element("li", { class: "chip" }, `${title} = ${value} `, remove);
  }));
}

/* The parameters of the chosen pack, else of those that are used by default; each once. */
function parameters() {
  const used = packs.filter((each) => (chosen.ruleset ? each.name === chosen.ruleset : each.default_for.length));
  return [...new Map(used.flatMap((each) => each.parameters).map((each) => [each.name, each])).values()];
}

const shownValue = (value) => (Array.isArray(value) ? value.join(",") : String(value ?? ""));

function fillParameters() {
  const select = $("#parameter");
  select.replaceChildren(...parameters().map((each) => element("option", { value: each.name }, each.title || each.name)));
  fillValue();
}

function fillValue() {
  const name = $("#parameter").value;
  const found = parameters().find((each) => each.name === name);
  $("#value").value = chosen.parameters.get(name) ?? shownValue(found?.value);
}

function setParameter() {
  const name = $("#parameter").value;
  const found = parameters().find((each) => each.name === name);
  const value = $("#value").value.trim();
  if (!found || value === "") return;
  if (value === shownValue(found.value)) chosen.parameters.delete(name);
  else chosen.parameters.set(name, value);
  settingsChanged();
}

/* What keeps the page as a whole from working, and how to try again. */
function complain(problem, again) {
  const line = $("#offline");
  const button = element("button", { type: "button" }, both(text("重试", "Try again")));
  button.addEventListener("click", () => {
    line.hidden = true;
    again();
  });
  line.replaceChildren(...sentence(problem), " ", button);
  line.hidden = false;
}

async function fillPacks() {
  try {
    [service, { rulesets: packs }] = await Promise.all([askJson("GET", "v1/service"), askJson("GET", "v1/rulesets")]);
    $("#offline").hidden = true;
  } catch (problem) {
    complain(problem instanceof Problem ? problem : new Problem(500, text("答复读不懂。", "The answer makes no sense.")), fillPacks);
    return;
  }
  const select = $("#ruleset");
  select.replaceChildren(select.options[0], ...packs.filter((each) => each.name !== "base").map((each) =>
    element("option", { value: each.name }, each.title || each.name)));
  select.value = chosen.ruleset;
  fillParameters();
  tellSettings();
}

// ---- events

function listen() {
  const chooser = $("#chooser");
  $("#drop").addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", () => {
    add([...chooser.files]);
    chooser.value = "";
  });
  const landing = $("#landing");
  const brings = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  let over = 0;
  addEventListener("dragenter", (event) => {
    if (!brings(event)) return;
    event.preventDefault();
    over += 1;
    landing.hidden = false;
  });
  addEventListener("dragover", (event) => {
    if (brings(event)) event.preventDefault();
  });
  addEventListener("dragleave", (event) => {
    if (brings(event)) over -= 1;
    if (over <= 0) landing.hidden = true;
  });
  addEventListener("drop", async (event) => {
    if (!brings(event)) return;
    event.preventDefault();
    over = 0;
    landing.hidden = true;
    add(await filesOf(event.dataTransfer));
  });
  document.addEventListener("paste", (event) => {
    if (event.target.closest?.("input, select, dialog") || !event.clipboardData) return;
    const files = pasted(event.clipboardData);
    if (files.length) add(files);
  });
  for (const button of $$("[data-sample]")) {
    button.addEventListener("click", async () => {
      try {
        const { content } = await ask("GET", button.dataset.sample);
        add([new File([content], button.dataset.name)]);
      } catch (problem) {
        complain(problem, () => button.click());
      }
    });
  }
  const actions = { overview: () => go({ at: "overview" }), again: () => retry(items), clear, set: setParameter };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const button = event.target.closest("[data-do], [data-set-lang]");
    if (button?.dataset.setLang) {
      /* what was chosen here goes before the address */
      history.replaceState(history.state, "", location.pathname + location.hash);
      speak(button.dataset.setLang);
    }
    else if (button) actions[button.dataset.do]();
    else if (link?.dataset.at) {
      event.preventDefault();
      if (link.dataset.at !== "document") go({ at: link.dataset.at });
      else if (lastDocument) go(lastDocument);
    } else if (link && !event.defaultPrevented && (here.at === "overview" || !document.getElementById(link.hash.slice(1)))) {
      if (follow(link.hash)) event.preventDefault();
    }
  });
  addEventListener("popstate", (event) => {
    if (event.state) restore(event.state);
  });
  document.addEventListener("lintperf:lang", () => {
    fillPacks();
    entitle();
    if (here.at === "document") {
      const { item, index } = here;
      fillTools(SECTIONS.document, { list: [item], document: item.documents.find((each) => each.index === index) });
    }
    /* the words of the batch are in one language */
    if (batch && !items.some((item) => busy(item) || item.state === "waiting")) finished();
  });
  for (const radio of $$("[name=persona]")) {
    radio.addEventListener("change", () => {
      chosen.persona = radio.value;
      settingsChanged();
    });
  }
  $("#ruleset").addEventListener("change", (event) => {
    chosen.ruleset = event.target.value;
    chosen.parameters.clear();
    fillParameters();
    settingsChanged();
  });
  $("#parameter").addEventListener("change", fillValue);
  $("#value").addEventListener("keydown", (event) => {
    if (event.key === "Enter") setParameter();
  });
  addEventListener("online", () => {
    fillPacks();
    const lost = items.filter((item) => item.state === "failed" && item.problem.status === 0);
    if (lost.length) retry(lost);
  });
}

listen();
LINKS.files.setAttribute("aria-current", "page");
history.replaceState({ at: "files" }, "", location.pathname + location.search);
speak(language());
tellSettings();
fillPacks();

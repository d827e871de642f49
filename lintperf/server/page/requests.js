/* Requests to the service: with progress, asked again when it is busy, refused with a sentence. */

import { both, language, text } from "./words.js";

/* Why there is no answer. status: 0 where the service was not reached; text: for people. */
export class Problem extends Error {
  constructor(status, words, detail = "") {
    super(words.en);
    this.status = status;
    this.text = words;
    this.detail = detail;
  }
}

const TRIES = 10;
const LONGEST = 60;
const WORDS = {
  0: text("连不上服务。请检查网络，或请管理员确认服务已启动。", "The service cannot be reached. Check the network, or ask the administrator."),
  400: text("设置有误。", "A setting is wrong."),
  401: text("需要访问令牌。", "A token is needed."),
  403: text("不允许这样使用。", "This is not allowed."),
  404: text("服务没有这项功能。", "The service does not do this."),
  408: text("上传太慢，服务不再等待。请重试。", "The upload took too long. Try again."),
  413: text("文件过大。", "The file is too large."),
  415: text("不支持这种文件。", "This kind of file is not supported."),
  422: text("文件无法处理。", "The file cannot be processed."),
  429: text("服务繁忙。", "The service is busy."),
  500: text("服务出错，请告诉管理员。", "The service failed; tell the administrator."),
  503: text("服务暂时不可用。", "The service is not available just now."),
};
const CHANGED = text(
  "文件读不出来：选择之后可能被改动、移走，或正被其他程序占用。请重新选择。",
  "The file cannot be read: it may have been changed or moved since, or another program holds it. Choose it again.",
);
const STOPPED = text("已停止。", "Stopped.");

let token = "";
let asking = null;

/* The dialog for a token; the same for all that wait for one. Empty: refused. */
function askForToken(why) {
  asking ??= new Promise((resolve) => {
    const dialog = document.getElementById("token");
    const input = document.getElementById("token-value");
    dialog.querySelector(".why").replaceChildren(...both(why));
    input.value = "";
    dialog.returnValue = "";
    dialog.addEventListener("close", () => {
      asking = null;
      resolve(dialog.returnValue === "ok" ? input.value.trim() : "");
    }, { once: true });
    dialog.showModal();
  });
  return asking;
}

function send(method, url, body, progress, signal) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.responseType = "blob";
    request.setRequestHeader("Accept-Language", language() === "en" ? "en" : "zh-CN");
    if (token) request.setRequestHeader("Authorization", `Bearer ${token}`);
    if (progress) {
      request.upload.addEventListener("progress", (event) => progress(event.total ? event.loaded / event.total : 0));
      request.upload.addEventListener("load", () => progress(1));
    }
    request.addEventListener("loadend", () => resolve(request));
    signal?.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

async function problemOf(request) {
  const { status } = request;
  const general = WORDS[status] || WORDS[status >= 500 ? 500 : 422];
  let detail = "";
  try {
    ({ detail } = JSON.parse(await request.response.text()));
  } catch {
    /* no sentence of ours: a proxy's page */
  }
  return new Problem(status, general, typeof detail === "string" ? detail : "");
}

/* Whether the service answers at all. */
async function alive() {
  return (await send("GET", "healthz")).status === 200;
}

const pause = (seconds, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });

/* The answer as a Blob, with the name that the service gives it. Throws a Problem.
   body      makes the body anew for each try
   progress  is told which part of the body has gone, from 0 to 1
   waiting   is told how many seconds are left until it is tried again, every second */
export async function ask(method, url, { body = () => null, progress, waiting, signal } = {}) {
  for (let tried = 1; ; tried += 1) {
    if (signal?.aborted) throw new Problem(-1, STOPPED);
    const request = await send(method, url, body(), progress, signal);
    if (signal?.aborted) throw new Problem(-1, STOPPED);
    const { status } = request;
    if (status >= 200 && status < 300) return { content: request.response, name: nameOf(request) };
    if (status === 0) throw new Problem(0, navigator.onLine !== false && (await alive()) ? CHANGED : WORDS[0]);
    const problem = await problemOf(request);
    if (status === 401) {
      token = await askForToken(problem.detail ? { zh: problem.detail, en: problem.detail } : WORDS[401]);
      if (!token) throw problem;
      continue;
    }
    const after = Number(request.getResponseHeader("Retry-After"));
    if (![429, 503].includes(status) || tried >= TRIES || (status === 503 && !after)) throw problem;
    /* not all at the same moment again */
    const seconds = Math.min(LONGEST, Math.max(1, after || tried)) + Math.random();
    for (let left = Math.ceil(seconds); left > 0 && !signal?.aborted; left -= 1) {
      waiting?.(left);
      await pause(Math.min(1, seconds), signal);
    }
  }
}

export async function askJson(method, url, options) {
  return JSON.parse(await (await ask(method, url, options)).content.text());
}

/* The name of an attachment (RFC 6266). */
function nameOf(request) {
  const header = request.getResponseHeader("Content-Disposition") || "";
  const extended = /filename\*=UTF-8''([^;]+)/i.exec(header);
  if (!extended) return null;
  try {
    return decodeURIComponent(extended[1]);
  } catch {
    return null;
  }
}

export function save(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/* Elements and texts. What the page says is in both languages; one of them is shown. */

export const language = () => (document.documentElement.dataset.lang === "en" ? "en" : "zh");

/* An element: attributes that are false or null are left out, `onclick` is a listener. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "onclick") made.addEventListener("click", value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

/* A text in both languages, as nodes. */
export const both = ({ zh, en }) =>
  zh === en
    ? [document.createTextNode(zh)]
    : [element("span", { class: "zh", lang: "zh-CN" }, zh), element("span", { class: "en", lang: "en" }, en)];

/* A sentence of the service, which is in one language. */
export const said = (sentence) => ({ zh: sentence, en: sentence });

export const text = (zh, en) => ({ zh, en });

/* An attribute that changes with the language: `aria-label`, `title`, `placeholder`. */
export function label(target, name, { zh, en }) {
  target.setAttribute(`data-zh-${name}`, zh);
  target.setAttribute(`data-en-${name}`, en);
  target.setAttribute(name, language() === "en" ? en : zh);
}

/* Everything below `root` in the language of the page. */
export function translate(root) {
  const lang = language();
  for (const name of ["aria-label", "title", "placeholder"]) {
    for (const each of root.querySelectorAll(`[data-${lang}-${name}]`)) {
      each.setAttribute(name, each.getAttribute(`data-${lang}-${name}`));
    }
  }
  for (const each of root.querySelectorAll(`[data-${lang}]`)) each.textContent = each.getAttribute(`data-${lang}`);
}

export function speak(lang) {
  document.documentElement.dataset.lang = lang;
  document.documentElement.lang = lang === "en" ? "en" : "zh-CN";
  for (const each of document.querySelectorAll("[data-set-lang]")) {
    each.setAttribute("aria-pressed", String(each.dataset.setLang === lang));
  }
  translate(document);
  document.getElementById("said").textContent = "";
  try {
    localStorage.setItem("lintperf.lang", lang);
  } catch {
    /* a browser that keeps nothing */
  }
  document.dispatchEvent(new CustomEvent("lintperf:lang", { detail: lang }));
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(bytes < 10 * 1024 * 1024 ? 1 : 0)} MB`;
}

/* What a screen reader is told; the same words twice are told twice. */
export function announce(words) {
  const line = document.getElementById("said");
  line.textContent = "";
  setTimeout(() => {
    line.textContent = words[language()];
  }, 60);
}

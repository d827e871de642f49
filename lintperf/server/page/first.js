/* Before anything is painted: the language, from the address, the last visit or the browser. */
(() => {
  "use strict";
  const known = (lang) => (lang === "zh" || lang === "en" ? lang : null);
  let kept = null;
  try {
    kept = localStorage.getItem("lintperf.lang");
  } catch {
    /* a browser that keeps nothing */
  }
  const asked = new URLSearchParams(location.search).get("lang");
  const lang = known(asked) || known(kept) || (/^en\b/i.test(navigator.language) ? "en" : "zh");
  document.documentElement.dataset.lang = lang;
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  document.documentElement.classList.add("js");
})();

/* The language of the page, and which of its parts is shown. */
(() => {
  "use strict";
  const root = document.documentElement;
  const parts = [...document.querySelectorAll("main > .part")];
  const links = [...document.querySelectorAll(".top nav a")];

  const speak = (lang) => {
    root.dataset.lang = lang;
    root.lang = lang === "zh" ? "zh-CN" : "en";
    for (const name of ["aria-label", "title", "placeholder"]) {
      for (const element of document.querySelectorAll(`[data-${lang}-${name}]`)) {
        element.setAttribute(name, element.getAttribute(`data-${lang}-${name}`));
      }
    }
    for (const element of document.querySelectorAll(`[data-${lang}]`)) {
      element.textContent = element.getAttribute(`data-${lang}`);
    }
    for (const button of document.querySelectorAll("[data-set-lang]")) {
      button.setAttribute("aria-pressed", String(button.dataset.setLang === lang));
    }
    document.dispatchEvent(new CustomEvent("lintperf:lang", { detail: lang }));
  };

  /* The element that the address names, if it is on the page. */
  const named = () => {
    try {
      return document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return null;
    }
  };

  const show = (part) => {
    if (!part || part.classList.contains("shown")) return;
    for (const each of parts) each.classList.toggle("shown", each === part);
    for (const link of links) {
      if (link.hash === `#${part.id}`) {
        link.setAttribute("aria-current", "page");
        link.scrollIntoView({ block: "nearest", inline: "nearest" });
      } else link.removeAttribute("aria-current");
    }
    part.dispatchEvent(new CustomEvent("lintperf:part", { bubbles: true }));
  };

  const follow = () => {
    const target = named();
    const part = target && target.closest("main > .part");
    const changed = part && !part.classList.contains("shown");
    show(part || document.querySelector("main > .part.shown") || parts[0]);
    if (changed && target !== part) target.scrollIntoView({ block: "center" });
    else if (changed) scrollTo(0, 0);
  };

  root.classList.add("js");
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-set-lang]");
    if (button) speak(button.dataset.setLang);
  });
  addEventListener("hashchange", follow);
  addEventListener("DOMContentLoaded", follow);
  follow();
})();

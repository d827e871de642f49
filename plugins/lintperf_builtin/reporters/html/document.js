/* Findings and the drawing brought together: choosing, stepping, filtering, hovering. Works on every .desk of the page. */
(() => {
  "use strict";
  const quiet = matchMedia("(prefers-reduced-motion: reduce)");
  const english = () => document.documentElement.dataset.lang === "en";
  const ids = (element) => (element.dataset.findings || "").split(" ").filter(Boolean);
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true");
  document.body.append(tip);
  let tipped = null;

  /* What can be seen stays where it is; a short way is shown, a long one jumped. */
  const reveal = (element, block) => {
    const { top, bottom } = element.getBoundingClientRect();
    if (top >= 50 && bottom <= innerHeight) return;
    const far = Math.abs(top) > 2 * innerHeight;
    element.scrollIntoView({ block, inline: "nearest", behavior: far || quiet.matches ? "auto" : "smooth" });
  };

  const hide = () => {
    tip.hidden = true;
    tipped = null;
  };

  const point = (desk, spot) => {
    const found = ids(spot)
      .map((id) => document.getElementById(id))
      .filter((each) => each && !each.classList.contains("filtered"))
      .filter((each) => !each.classList.contains("suppressed") || desk.classList.contains("show-ignored"));
    if (!found.length) return hide();
    if (tipped === spot) return;
    tip.replaceChildren(
      ...found.map((each) => {
        const line = document.createElement("p");
        const number = each.querySelector(".number").cloneNode(true);
        const words = [...each.querySelector(".message").childNodes].map((node) => node.cloneNode(true));
        line.append(number, ...words);
        return line;
      }),
    );
    tip.hidden = false;
    tipped = spot;
    const box = spot.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = tip;
    const below = box.bottom + height + 8 < innerHeight || box.top < height + 60;
    tip.style.left = `${scrollX + Math.max(8, Math.min(box.left, innerWidth - width - 16))}px`;
    tip.style.top = `${scrollY + (below ? box.bottom + 4 : box.top - height - 4)}px`;
  };

  const setUp = (desk) => {
    const all = [...desk.querySelectorAll("li.finding")];
    const open = all.filter((each) => !each.classList.contains("suppressed"));
    const spots = [...desk.querySelectorAll(".flag")];
    const marked = (selector, names) => {
      const found = new Map(all.map((each) => [each.id, []]));
      for (const each of desk.querySelectorAll(selector)) for (const id of names(each)) found.get(id).push(each);
      return found;
    };
    const links = marked(".paper a.ref", (each) => [each.hash.slice(1)]);
    const words = marked(".paper mark", ids);
    const output = desk.querySelector("output.shown");
    const count = desk.querySelector(".bar .count");
    let current = null;

    const spotOf = (finding) => (finding.dataset.cell ? document.getElementById(finding.dataset.cell) : null);
    const shown = () => open.filter((each) => !each.classList.contains("filtered"));

    const choose = (finding) => {
      for (const each of desk.querySelectorAll(".current, .related, .reached")) {
        each.classList.remove("current", "related", "reached");
      }
      if (current) current.removeAttribute("aria-current");
      current = finding;
      if (!finding) return;
      finding.classList.add("current");
      finding.setAttribute("aria-current", "true");
      const spot = spotOf(finding);
      if (spot) spot.classList.add("current");
      for (const each of [...links.get(finding.id), ...words.get(finding.id)]) each.classList.add("current");
      for (const id of finding.dataset.related.split(" ").filter(Boolean)) {
        const other = document.getElementById(id);
        if (other) other.classList.add("related");
      }
    };

    /* Choose a finding, show it in the list and its place in the drawing; the focus goes to the one or the other. */
    const go = (finding, to) => {
      hide();
      const holder = finding.closest("details");
      if (holder) holder.open = true;
      choose(finding);
      const spot = spotOf(finding);
      const target = to === "cell" && spot ? spot : finding;
      target.focus({ preventScroll: true });
      if (spot) reveal(spot, "center");
      const list = finding.closest(".list");
      if (getComputedStyle(list).overflowY === "auto") {
        list.scrollTo({ top: finding.offsetTop - 8 });
      } else if (target === finding) reveal(finding, "nearest");
      history.replaceState(history.state, "", `#${finding.id}`);
    };

    const step = (by, to) => {
      const list = shown();
      if (!list.length) return;
      const at = list.indexOf(current);
      const next = at < 0 ? (by > 0 ? 0 : list.length - 1) : (at + by + list.length) % list.length;
      go(list[next], to);
    };

    const filter = () => {
      const off = new Set([...desk.querySelectorAll(".toggle[aria-pressed=false]")].map((each) => each.dataset.severity));
      const rule = desk.querySelector("[data-rule]").value;
      const sought = desk.querySelector("[data-search]").value.trim().toLowerCase();
      for (const each of open) {
        const out =
          off.has(each.dataset.severity) ||
          (rule && each.dataset.code !== rule) ||
          (sought && !each.textContent.toLowerCase().includes(sought));
        each.classList.toggle("filtered", Boolean(out));
        for (const link of links.get(each.id)) link.classList.toggle("filtered", Boolean(out));
      }
      for (const spot of [...spots, ...desk.querySelectorAll("mark")]) {
        const out = ids(spot).every((id) => document.getElementById(id).classList.contains("filtered"));
        spot.classList.toggle("filtered", out);
      }
      if (current && current.classList.contains("filtered")) choose(null);
      tell();
    };

    const tell = () => {
      if (!output) return;
      const left = shown().length;
      count.textContent = left === open.length ? String(left) : `${left} / ${open.length}`;
      if (left === open.length) output.textContent = "";
      else output.textContent = english() ? `${left} of ${open.length} shown` : `显示 ${left} 条，共 ${open.length} 条`;
    };

    desk.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      const toggle = event.target.closest(".toggle");
      const stepper = event.target.closest("[data-step]");
      const finding = event.target.closest("li.finding");
      const spot = event.target.closest(".flag");
      if (stepper) step(Number(stepper.dataset.step), "finding");
      else if (toggle) {
        toggle.setAttribute("aria-pressed", String(toggle.getAttribute("aria-pressed") === "false"));
        filter();
      } else if (link && link.classList.contains("ref")) {
        event.preventDefault();
        go(document.getElementById(link.hash.slice(1)), "finding");
      } else if (link && link.classList.contains("to")) {
        event.preventDefault();
        go(finding, "cell");
      } else if (link) {
        const target = document.getElementById(link.hash.slice(1));
        if (target && desk.contains(target)) {
          event.preventDefault();
          for (const each of desk.querySelectorAll(".reached")) each.classList.remove("reached");
          target.classList.add("reached");
          target.tabIndex = -1;
          target.focus({ preventScroll: true });
          reveal(target, "center");
        }
      } else if (finding) {
        if (finding !== current && !String(getSelection())) go(finding, "finding");
      } else if (spot && !String(getSelection())) {
        const mark = event.target.closest("mark");
        const here = [...new Set([...(mark ? ids(mark) : []), ...ids(spot)])]
          .map((id) => document.getElementById(id))
          .filter((each) => each && !each.classList.contains("filtered"))
          .filter((each) => !each.classList.contains("suppressed") || desk.classList.contains("show-ignored"));
        /* a second click on a cell goes on to its next finding */
        const at = here.indexOf(current);
        if (here.length) go(here[(at + 1) % here.length], "cell");
      }
    });

    desk.addEventListener("keydown", (event) => {
      const finding = event.target.closest("li.finding");
      const spot = event.target.closest(".flag");
      const inside = event.target.matches("a, button, input, select, summary");
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (finding && !inside && ["ArrowDown", "ArrowUp", "Home", "End", "Enter"].includes(event.key)) {
        event.preventDefault();
        const list = shown();
        if (event.key === "ArrowDown") step(1, "finding");
        if (event.key === "ArrowUp") step(-1, "finding");
        if (event.key === "Home" && list.length) go(list[0], "finding");
        if (event.key === "End" && list.length) go(list[list.length - 1], "finding");
        if (event.key === "Enter") go(finding, finding === current ? "cell" : "finding");
      } else if (event.key === "Escape" && !tip.hidden) hide();
      else if (event.key === "Escape" && spot && current) go(current, "finding");
      else if (event.key === "Escape" && finding) choose(null);
    });

    desk.addEventListener("mouseover", (event) => {
      const spot = event.target.closest(".flag");
      if (spot) point(desk, event.target.closest("mark[data-findings]") || spot);
      else if (!event.target.closest(".tip")) hide();
    });
    desk.addEventListener("mouseleave", (event) => {
      if (event.relatedTarget !== tip) hide();
    });
    desk.addEventListener("focusin", (event) => {
      const link = event.target.closest(".ref");
      if (link) point(desk, link.closest(".flag"));
      else hide();
    });
    for (const control of desk.querySelectorAll("[data-rule], [data-search]")) {
      control.addEventListener("input", filter);
    }
    const ignored = desk.querySelector("[data-show-ignored]");
    if (ignored) {
      ignored.addEventListener("change", () => desk.classList.toggle("show-ignored", ignored.checked));
    }
    return { desk, all, go, step, tell };
  };

  let desks = [...document.querySelectorAll(".desk")].map(setUp);
  /* a page that takes documents in and out says so */
  document.addEventListener("lintperf:inserted", (event) => {
    hide();
    desks = desks.filter((each) => each.desk.isConnected);
    desks.push(...[...event.target.querySelectorAll(".desk")].map(setUp));
  });
  document.addEventListener("lintperf:lang", () => {
    for (const each of desks) each.tell();
  });
  const visible = () => desks.find((each) => each.desk.offsetParent !== null);

  addEventListener("keydown", (event) => {
    if (event.key !== "F8") return;
    const here = visible();
    if (!here) return;
    event.preventDefault();
    here.step(event.shiftKey ? -1 : 1, "finding");
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  tip.addEventListener("mouseleave", hide);

  /* An address that names a finding opens it. */
  const follow = () => {
    const id = location.hash.slice(1);
    for (const each of desks) {
      const finding = each.all.find((one) => one.id === id);
      if (finding && !finding.classList.contains("current")) each.go(finding, "finding");
    }
  };
  addEventListener("hashchange", follow);
  /* after the browser has scrolled to it in its own way */
  if (document.readyState === "complete") follow();
  else addEventListener("load", () => setTimeout(follow));
})();

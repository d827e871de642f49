// The batch: charts above the tables, filters that all figures follow, the list of documents with their findings.
(() => {
  "use strict";
  /* `signal` ends all that listens beyond the batch itself */
  const begin = (signal) => {
    const root = document.getElementById("batch");
    const source = document.getElementById("batch-data");
    if (!root || !source) return;
    const data = JSON.parse(source.textContent);
    const [UNIT, SCORE, EXECUTION, OUTPUT, STRUCTURE, BIN, BAND, MISMATCH, ODD, COUNTS, ASPECTS, LEFT, DETAILS] =
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    const NAMES = { 3: "error", 2: "warning", 1: "note" };
    const forms = data.forms;
    const PAGE_SIZES = [50, 200, 0];
    const MOST_NAMED = 4;

    const WORDS = {
      zh: {
        error: "错误", warning: "警告", note: "提示", others: "其他", documents: "份文档", chosen: (n, of) => `${n} / ${of} 份文档`,
        rows: (a, b, n) => `第 ${a}–${b} 份，共 ${n} 份`, none: "没有符合条件的文档", previous: "上一页", next: "下一页",
        perPage: "每页", all: "全部", remove: "取消筛选：", unit: "单位", rule: "规则", level: "级别", text: "文字", bin: "得分",
        band: "等级", structure: "分值结构", odd: "离群文档", execution: "预算执行率", output: "产出得分率", score: "总得分",
        apart: "相差", points: "个百分点", cell: (u, r, n, of) => `${u}，${r}：${n} 份，共 ${of} 份`, left: (n) => `另有 ${n} 条未在本页列出`,
        nothing: "没有发现问题", remedy: "建议：", see: "另见 ", equal: "执行率与得分率相同", weight: "分值", mismatch: "等级与得分不符",
        comma: "，", colon: "：", lenient: "花钱不多而产出得分高", poor: "钱已花而产出得分低", dot: "两率", fresh: "新出现", still: "仍在", gone: "已消失", open: "展开", sort: "排序",
      },
      en: {
        error: "error", warning: "warning", note: "note", others: "Others", documents: "documents", chosen: (n, of) => `${n} of ${of} documents`,
        rows: (a, b, n) => `${a}–${b} of ${n}`, none: "No document fits", previous: "Previous", next: "Next",
        perPage: "Per page", all: "all", remove: "Remove filter: ", unit: "Unit", rule: "Rule", level: "Level", text: "Text", bin: "Score",
        band: "Grade", structure: "Structure", odd: "Stand out", execution: "Execution", output: "Output score", score: "Total score",
        apart: "Apart", points: "points", cell: (u, r, n, of) => `${u}, ${r}: ${n} of ${of} documents`, left: (n) => `${n} more are not listed on this page`,
        nothing: "Nothing was found", remedy: "Remedy: ", see: "See ", equal: "execution equals output", weight: "points", mismatch: "grade not that of the score",
        comma: ", ", colon: ": ", lenient: "little spent, scored high", poor: "spent, scored low", dot: "Rates", fresh: "New", still: "Still there", gone: "Gone", open: "Open", sort: "Sort",
      },
    };
    const lang = () => (document.documentElement.dataset.lang === "en" ? "en" : "zh");
    const words = () => WORDS[lang()];
    const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");
    const $ = (selector, from = root) => from.querySelector(selector);
    const $$ = (selector, from = root) => [...from.querySelectorAll(selector)];

    function element(name, attributes = {}, ...children) {
      const made = document.createElement(name);
      for (const [key, value] of Object.entries(attributes)) {
        if (key === "onclick") made.addEventListener("click", value);
        else if (value === true) made.setAttribute(key, "");
        else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
      }
      made.append(...children.filter((child) => child !== null && child !== ""));
      return made;
    }

    // ---- what is chosen

    const chosen = { unit: null, level: null, rule: null, text: "", bin: null, band: null, structure: null, odd: null, dot: null };
    const rows = forms.map((_, number) => document.getElementById(`f${number}`));
    const unitName = (number) => data.units[number] || data.noUnit[lang()];
    const ruleName = (number) => `${data.rules[number].code} ${data.rules[number][lang()]}`;
    let searched = null;

    // project, unit, file and the words of the findings of each document, made at the first search
    function searchable() {
      searched ??= forms.map((form, number) => {
        const found = form[DETAILS].map((each) => `${data.strings[each[0]]} ${data.strings[each[3]]} ${message(each)}`);
        return [rows[number].textContent, data.units[form[UNIT]], ...found].join("\n").toLowerCase();
      });
      return searched;
    }

    function fits(form, number, except) {
      const is = (name) => chosen[name] !== null && !except.includes(name);
      if (is("unit") && form[UNIT] !== chosen.unit) return false;
      if (is("bin") && form[BIN] !== chosen.bin) return false;
      if (is("band") && form[BAND] !== chosen.band) return false;
      if (is("structure") && form[STRUCTURE] !== chosen.structure) return false;
      if (is("dot") && dotOf(form) !== chosen.dot) return false;
      if (is("odd") && !(chosen.odd === 1 ? form[ODD] : form[MISMATCH])) return false;
      if (is("level") || is("rule")) {
        const level = is("level") ? chosen.level : null;
        const rule = is("rule") ? chosen.rule : null;
        if (level === 0 && rule === null) {
          if (form[COUNTS].length) return false;
        } else if (!matching(form, rule, level)) return false;
      }
      return !chosen.text || searchable()[number].includes(chosen.text);
    }

    function matching(form, rule, level) {
      const counts = form[COUNTS];
      for (let at = 0; at < counts.length; at += 3) {
        if ((rule === null || counts[at] === rule) && (level === null || counts[at + 1] === level)) return true;
      }
      return false;
    }

    function passing(...except) {
      const found = [];
      forms.forEach((form, number) => {
        if (fits(form, number, except)) found.push(number);
      });
      return found;
    }

    function choose(name, value) {
      chosen[name] = chosen[name] === value ? null : value;
      if (name === "text") chosen.text = value;
      page = 0;
      update();
    }

    // ---- figures

    const counted = (numbers, of) => {
      const counts = new Map();
      for (const number of numbers) {
        const key = of(forms[number]);
        if (key !== null && key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      return counts;
    };

    function rulesOf(numbers, level) {
      const documents = new Array(data.rules.length).fill(0);
      const findings = new Array(data.rules.length).fill(0);
      for (const number of numbers) {
        const counts = forms[number][COUNTS];
        const seen = new Set();
        for (let at = 0; at < counts.length; at += 3) {
          if (level !== null && level !== 0 && counts[at + 1] !== level) continue;
          findings[counts[at]] += counts[at + 2];
          seen.add(counts[at]);
        }
        for (const rule of seen) documents[rule] += 1;
      }
      return { documents, findings };
    }

    const put = (node, value) => {
      if (node && node.textContent !== value) node.textContent = value;
    };

    // Where nothing is chosen the tiles count the whole run, also what is not listed.
    const wholeRun = $$("[data-tile]").map((tile) => [tile, tile.textContent]);

    function updateTiles(numbers) {
      if (!Object.values(chosen).some((value) => value !== null && value !== "")) {
        for (const [tile, value] of wholeRun) put(tile, value);
        return;
      }
      const found = { 3: 0, 2: 0, 1: 0 };
      let clean = 0;
      const units = new Set();
      const scores = [];
      for (const number of numbers) {
        const form = forms[number];
        const counts = form[COUNTS];
        for (let at = 0; at < counts.length; at += 3) found[counts[at + 1]] += counts[at + 2];
        clean += counts.length === 0;
        if (data.units[form[UNIT]]) units.add(form[UNIT]);
        if (form[SCORE] !== null) scores.push(form[SCORE]);
      }
      const tile = (name, value) => put($(`[data-tile=${name}]`), value);
      tile("forms", grouped(numbers.length));
      tile("units", grouped(units.size));
      for (const level of [3, 2, 1]) tile(NAMES[level], grouped(found[level]));
      tile("clean", grouped(clean));
      tile("share", numbers.length ? `${((clean * 100) / numbers.length).toFixed(1)}%` : "—");
      tile("score", scores.length ? String(+median(scores).toFixed(2)) : "—");
    }

    function median(values) {
      const ordered = [...values].sort((a, b) => a - b);
      const middle = ordered.length >> 1;
      return ordered.length % 2 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2;
    }

    const shade = (count, of) => (count ? 1 + [10, 25, 50, 75].filter((bound) => count * 100 >= of * bound).length : 0);
    const heat = $$("table.heat tbody tr").map((row) => ({
      row, unit: +row.dataset.unit, of: $("[data-of]", row), name: $("button", row), cells: $$("td", row),
    }));

    // a cell of the heat map can be chosen: a button each, of which the arrow keys walk one tab stop
    for (const { unit, cells } of heat) {
      cells.forEach((cell, rule) => {
        const button = element("button", { type: "button", tabindex: "-1", "data-cell": `${unit},${rule}` }, cell.textContent);
        cell.replaceChildren(button);
      });
    }
    const firstCell = $("[data-cell]");
    if (firstCell) firstCell.tabIndex = 0;

    function updateHeat() {
      const numbers = passing("unit", "rule");
      const of = counted(numbers, (form) => form[UNIT]);
      const counts = data.units.map(() => new Array(data.heat).fill(0));
      const level = chosen.level === 0 ? null : chosen.level;
      for (const number of numbers) {
        const form = forms[number];
        const seen = new Set();
        for (let at = 0; at < form[COUNTS].length; at += 3) {
          const rule = form[COUNTS][at];
          if (rule < data.heat && (level === null || form[COUNTS][at + 1] === level)) seen.add(rule);
        }
        for (const rule of seen) counts[form[UNIT]][rule] += 1;
      }
      for (const { row, unit, of: label, name, cells } of heat) {
        const total = of.get(unit) ?? 0;
        put(label, grouped(total));
        name.setAttribute("aria-pressed", String(chosen.unit === unit));
        row.classList.toggle("dim", chosen.unit !== null && chosen.unit !== unit);
        cells.forEach((cell, rule) => {
          const count = counts[unit][rule];
          cell.className = `h${shade(count, total)}`;
          const button = cell.firstChild;
          put(button, count ? grouped(count) : "");
          button.setAttribute("aria-label", words().cell(unitName(unit), ruleName(rule), count, total));
          button.setAttribute("title", words().cell(unitName(unit), ruleName(rule), count, total));
          button.setAttribute("aria-pressed", String(chosen.unit === unit && chosen.rule === rule));
        });
      }
      for (const button of $$("[data-pick-rule]")) {
        button.setAttribute("aria-pressed", String(chosen.rule === +button.dataset.pickRule));
      }
    }

    const defects = $$("table.defects tbody tr");
    const defectsBody = $("table.defects tbody");

    function updateDefects() {
      const level = chosen.level === 0 ? null : chosen.level;
      const { documents, findings } = rulesOf(passing("rule"), level);
      const most = Math.max(1, ...documents);
      const ranked = defects.map((row) => ({ row, rule: +row.dataset.rule }));
      ranked.sort((a, b) => documents[b.rule] - documents[a.rule] || a.rule - b.rule);
      ranked.forEach(({ row, rule }, place) => {
        row.hidden = documents[rule] === 0;
        row.classList.toggle("more", place >= 16);
        row.classList.toggle("picked", chosen.rule === rule);
        $("rect", row).setAttribute("width", String(documents[rule] ? Math.max(1, (documents[rule] * 100) / most) : 0));
        put($("[data-count]", row), `${grouped(documents[rule])} (${grouped(findings[rule])})`);
      });
      defectsBody?.append(...ranked.map(({ row }) => row));
    }

    // ---- charts

    const charts = new Map();
    const COLOUR = { ink: "var(--ink)", soft: "var(--soft)", line: "var(--line)", dot: "var(--chart)", far: "var(--chart-far)" };
    const CLASSES = ["var(--c0)", "var(--c1)", "var(--c2)", "var(--c3)", "var(--c4)", "var(--c5)", "var(--c6)", "var(--c7)"];
    const FONT = { color: COLOUR.ink, fontSize: 12, fontFamily: "inherit" };
    const axis = (name, more = {}) => ({
      type: "value", name, nameLocation: "middle", nameTextStyle: FONT, axisLabel: { color: COLOUR.soft, hideOverlap: true },
      axisLine: { show: true, lineStyle: { color: COLOUR.line } }, splitLine: { lineStyle: { color: COLOUR.line, opacity: 0.5 } }, ...more,
    });
    const tooltip = {
      renderMode: "html", confine: true, backgroundColor: "var(--paper)", borderColor: "var(--line)", textStyle: { color: COLOUR.ink, fontSize: 12 },
    };
    const lines = (...texts) => {
      const box = element("div", { class: "tip" });
      texts.filter(Boolean).forEach((text, number) => box.append(element(number ? "div" : "strong", {}, text)));
      return box;
    };
    const still = { emphasis: { disabled: true }, animation: false };
    const rate = (value) => `${(value * 100).toFixed(1)}%`;
    const title = (number) => $("[data-open]", rows[number])?.textContent ?? rows[number].id;

    // Documents within one percentage point of each other both ways are one dot, whose area is their number.
    const dotOf = (form) =>
      form[EXECUTION] === null || form[OUTPUT] === null ? null : `${Math.floor(form[EXECUTION] * 100)},${Math.floor(form[OUTPUT] * 100)}`;
    const gap = (number) => forms[number][OUTPUT] - forms[number][EXECUTION] - data.odd.centre;

    // Far ones on either side, which bear numbers on the chart and names below it.
    function named(shown) {
      const far = shown.filter((number) => forms[number][ODD]).sort((a, b) => Math.abs(gap(b)) - Math.abs(gap(a)) || a - b);
      return [...spread(far.filter((number) => gap(number) > 0)), ...spread(far.filter((number) => gap(number) < 0))];
    }

    // the first few that leave each other room for a number
    function spread(ranked) {
      const apart = (a, b) => Math.max(Math.abs(forms[a][EXECUTION] - forms[b][EXECUTION]), Math.abs(forms[a][OUTPUT] - forms[b][OUTPUT]));
      const found = [];
      for (const number of ranked) {
        if (found.length < MOST_NAMED && found.every((other) => apart(number, other) >= 0.07)) found.push(number);
      }
      return found;
    }

    function drawScatter() {
      const w = words();
      const shown = passing("dot", "odd").filter((number) => dotOf(forms[number]) !== null);
      const dots = new Map();
      for (const number of shown) {
        const form = forms[number];
        const key = `${dotOf(form)},${form[ODD]}`;
        if (!dots.has(key)) dots.set(key, []);
        dots.get(key).push(number);
      }
      const middle = (numbers, column) => (numbers.reduce((sum, number) => sum + forms[number][column], 0) / numbers.length) * 100;
      const points = [...dots.values()].map((numbers) => ({
        value: [middle(numbers, EXECUTION), middle(numbers, OUTPUT)], numbers,
        symbolSize: Math.min(30, 3 + 4 * Math.sqrt(numbers.length)),
      }));
      const far = points.filter(({ numbers }) => forms[numbers[0]][ODD]);
      const labels = named(shown).map((number, place) => ({
        value: [forms[number][EXECUTION] * 100, forms[number][OUTPUT] * 100], numbers: [number], place,
      }));
      const highest = (column) => Math.ceil(Math.max(100, ...shown.map((number) => forms[number][column] * 100)) / 20) * 20;
      const low = Math.floor(Math.min(0, ...shown.map((number) => Math.min(forms[number][EXECUTION], forms[number][OUTPUT]) * 100)) / 20) * 20;
      const scale = { min: low, axisLabel: { color: COLOUR.soft, formatter: "{value}%", hideOverlap: true } };
      fillNamed(labels.map(({ numbers }) => numbers[0]));
      return {
        ...still,
        grid: { left: 56, right: 24, top: 16, bottom: 44 },
        tooltip: {
          ...tooltip,
          formatter: ({ data: { numbers } }) => {
            if (numbers.length > 1) {
              const more = numbers.length > 5 ? "…" : "";
              return lines(`${grouped(numbers.length)} ${w.documents}`, ...numbers.slice(0, 5).map(title), more);
            }
            const [number] = numbers;
            const form = forms[number];
            return lines(title(number), unitName(form[UNIT]), `${w.execution} ${rate(form[EXECUTION])}`, `${w.output} ${rate(form[OUTPUT])}`, apart(number));
          },
        },
        xAxis: axis(w.execution, { ...scale, max: highest(EXECUTION), nameGap: 28 }),
        yAxis: axis(w.output, { ...scale, max: highest(OUTPUT), nameGap: 42 }),
        series: [
          {
            type: "scatter", ...still, cursor: "pointer", data: points.filter(({ numbers }) => !forms[numbers[0]][ODD]),
            itemStyle: { color: COLOUR.dot, opacity: 0.5 },
            markLine: {
              silent: true, symbol: "none", ...still, lineStyle: { color: COLOUR.soft, type: "dashed" },
              label: { show: true, position: "middle", formatter: w.equal, color: COLOUR.soft, fontSize: 11 },
              data: [[{ coord: [Math.max(0, low), Math.max(0, low)] }, { coord: [100, 100] }]],
            },
          },
          { type: "scatter", ...still, symbol: "diamond", data: far, cursor: "pointer", itemStyle: { color: COLOUR.far, opacity: 0.6 } },
          {
            type: "scatter", ...still, symbolSize: 17, data: labels, cursor: "pointer",
            itemStyle: { color: COLOUR.far, borderColor: "var(--paper)", borderWidth: 1 },
            label: { show: true, color: "var(--on-class)", fontSize: 11, fontWeight: 600, formatter: ({ data: { place } }) => String(place + 1) },
          },
        ],
      };
    }

    const apart = (number) => {
      const points = (forms[number][OUTPUT] - forms[number][EXECUTION]) * 100;
      return `${words().apart} ${points > 0 ? "+" : ""}${points.toFixed(1)} ${words().points}`;
    };

    function fillNamed(numbers) {
      const list = $("[data-named]");
      if (!list) return;
      list.replaceChildren(...numbers.map((number) => element("li", {},
        element("button", { type: "button", onclick: () => reveal(number) }, title(number)),
        ` ${rate(forms[number][EXECUTION])} → ${rate(forms[number][OUTPUT])}${words().comma}${gap(number) > 0 ? words().lenient : words().poor}`)));
    }

    // The axis counts points, so a bar stands in the middle of its bin and is as wide as it.
    function drawHistogram(width) {
      const counts = counted(passing("bin"), (form) => form[BIN]);
      const w = words();
      const first = data.bins[0][0];
      const last = data.bins.at(-1)[1];
      const sides = { left: 56, right: 24 };
      const wide = ((width - sides.left - sides.right) * (data.bins[0][1] - first)) / (last - first);
      const edges = data.bands.map((band) => band.lower).filter((lower) => lower !== null);
      const areas = data.bands.map((band, number) => [
        { xAxis: Math.max(first, band.lower ?? first), name: band.grade, itemStyle: { color: `var(--band${Math.min(number, 3)})`, opacity: 1 } },
        { xAxis: number ? edges[number - 1] : last },
      ]);
      return {
        ...still,
        grid: { ...sides, top: 28, bottom: 44 },
        tooltip: {
          ...tooltip,
          formatter: ({ data: { bin } }) => lines(`${data.bins[bin][0]}–${data.bins[bin][1]}`, `${grouped(counts.get(bin) ?? 0)} ${w.documents}`),
        },
        xAxis: axis(w.score, { min: first, max: last, interval: 10, nameGap: 28, splitLine: { show: false } }),
        yAxis: axis(w.documents, { min: 0, minInterval: 1, nameGap: 42 }),
        series: [
          {
            type: "bar", ...still, barWidth: Math.max(2, wide - 1), cursor: "pointer",
            markArea: {
              silent: true, ...still, data: areas.filter(([low, high]) => high.xAxis > low.xAxis),
              label: { color: COLOUR.soft, position: "insideTop", fontSize: 12 },
            },
            data: data.bins.map(([low, high], bin) => ({
              value: [(low + high) / 2, counts.get(bin) ?? 0], bin,
              itemStyle: { color: chosen.bin === null || chosen.bin === bin ? COLOUR.dot : COLOUR.line },
            })),
          },
        ],
      };
    }

    function drawWeights() {
      const counts = counted(passing("structure"), (form) => form[STRUCTURE]);
      const w = words();
      const order = data.structures.map((_, number) => number).filter((number) => counts.get(number));
      const names = order.map((number) => `${grouped(counts.get(number))} ${lang() === "zh" ? "份" : ""}`.trim());
      return {
        ...still,
        grid: { left: 72, right: 24, top: 36, bottom: 28 },
        legend: { top: 0, textStyle: { color: COLOUR.ink, fontSize: 12 }, selectedMode: false, itemWidth: 14, itemHeight: 10 },
        tooltip: {
          ...tooltip,
          formatter: ({ seriesIndex, dataIndex }) => {
            const points = data.structures[order[dataIndex]];
            return lines(names[dataIndex], ...data.classes.map((each, n) => points[n] && `${n === seriesIndex ? "▸ " : ""}${each[lang()]} ${points[n]}`));
          },
        },
        xAxis: axis("", { min: 0, max: Math.max(100, ...order.map((n) => data.structures[n].reduce((a, b) => a + b, 0))) }),
        yAxis: {
          type: "category", inverse: true, data: names, axisTick: { show: false },
          axisLabel: { color: COLOUR.ink }, axisLine: { lineStyle: { color: COLOUR.line } },
        },
        series: data.classes.map((each, position) => ({
          type: "bar", stack: "points", name: each[lang()], ...still, cursor: "pointer", barMaxWidth: 22,
          itemStyle: { color: CLASSES[each.number], borderColor: "var(--paper)", borderWidth: 1 },
          label: { show: true, color: "var(--on-class)", fontSize: 11, formatter: ({ value }) => (value >= 4 ? String(value) : "") },
          data: order.map((number) => ({
            value: data.structures[number][position], number,
            itemStyle: chosen.structure !== null && chosen.structure !== number ? { opacity: 0.3 } : {},
          })),
        })),
        rows: order.length,
      };
    }

    function drawTrend() {
      const w = words();
      const ranked = [...data.trend].sort((a, b) => b[1] + b[2] + b[3] - (a[1] + a[2] + a[3])).slice(0, 12);
      const size = (value) => grouped(Math.abs(value));
      // what is gone stands to the left of zero, what is there to the right
      const series = [[w.gone, 3, -1, "var(--ok)"], [w.still, 2, 1, COLOUR.dot], [w.fresh, 1, 1, COLOUR.far]];
      return {
        ...still,
        grid: { left: 72, right: 24, top: 36, bottom: 28 },
        legend: { top: 0, textStyle: { color: COLOUR.ink }, selectedMode: false, itemWidth: 14, itemHeight: 10 },
        tooltip: {
          ...tooltip, trigger: "axis", axisPointer: { type: "none" },
          formatter: ([{ axisValue }]) => {
            const counts = ranked.find((each) => each[0] === axisValue);
            return lines(axisValue, ...series.map(([name, column]) => `${name} ${grouped(counts[column])}`));
          },
        },
        xAxis: axis("", { minInterval: 1, axisLabel: { color: COLOUR.soft, hideOverlap: true, formatter: size } }),
        yAxis: {
          type: "category", inverse: true, data: ranked.map((each) => each[0]), axisTick: { show: false },
          axisLabel: { color: COLOUR.ink }, axisLine: { onZero: false, lineStyle: { color: COLOUR.line } },
        },
        series: series.map(([name, column, sign, color]) => ({
          type: "bar", stack: "all", name, ...still, barMaxWidth: 20, itemStyle: { color },
          data: ranked.map((each) => sign * each[column]),
        })),
        rows: ranked.length,
      };
    }

    const DRAW = { scatter: drawScatter, histogram: drawHistogram, weights: drawWeights, trend: drawTrend };

    function draw(name) {
      const box = $(`[data-chart=${name}]`);
      if (!box || !box.clientWidth || !window.echarts) return;
      const option = DRAW[name](box.clientWidth);
      if (option.rows !== undefined) box.style.height = `${Math.max(150, 76 + option.rows * 30)}px`;
      let chart = charts.get(name);
      if (!chart) {
        chart = window.echarts.init(box, null, { renderer: "svg" });
        charts.set(name, chart);
        chart.on("click", (event) => picked(name, event.data));
      } else chart.resize();
      delete option.rows;
      chart.setOption(option, true);
    }

    function picked(name, item) {
      if (!item) return;
      if (name === "scatter" && item.numbers.length > 1) choose("dot", dotOf(forms[item.numbers[0]]));
      else if (name === "scatter") reveal(item.numbers[0]);
      else if (name === "histogram") choose("bin", item.bin);
      else if (name === "weights") choose("structure", item.number);
    }

    // A chart out of sight is drawn when it comes near.
    const near = new Set();
    const waitingToDraw = new Set();
    const watch = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const name = target.dataset.chart;
        near[isIntersecting ? "add" : "delete"](name);
        if (isIntersecting && waitingToDraw.delete(name)) draw(name);
      }
    }, { rootMargin: "400px" });

    function drawAll() {
      root.style.setProperty("--top", `${document.querySelector("header.top")?.offsetHeight ?? 0}px`);
      for (const name of Object.keys(DRAW)) {
        if (near.has(name)) draw(name);
        else waitingToDraw.add(name);
      }
    }

    // On paper charts have a size of their own, because the paper's is not known before it is printed.
    function drawForPrint() {
      root.classList.add("printing");
      waitingToDraw.clear();
      Object.keys(DRAW).forEach(draw);
    }

    function drawForScreen() {
      root.classList.remove("printing");
      Object.keys(DRAW).forEach(draw);
    }

    // ---- the list

    const table = $("[data-forms-table]");
    const tbody = $("tbody", table);
    const SORTED = {
      title: (number) => title(number), unit: (number) => data.units[forms[number][UNIT]],
      year: (number) => +cell(number, 1) || null, score: (number) => forms[number][SCORE], grade: (number) => cell(number, 3),
      execution: (number) => forms[number][EXECUTION], output: (number) => forms[number][OUTPUT],
      error: (number) => +cell(number, 6) || 0, warning: (number) => +cell(number, 7) || 0, note: (number) => +cell(number, 8) || 0,
    };
    const cell = (number, column) => $$("td", rows[number])[column].textContent;
    const collator = new Intl.Collator("zh-Hans-CN");
    let order = { key: null, down: false };
    let page = 0;
    let size = PAGE_SIZES[0];
    const details = new Map();

    function sorted(numbers) {
      if (!order.key) return numbers;
      const keys = new Map(numbers.map((number) => [number, SORTED[order.key](number)]));
      const sign = order.down ? -1 : 1;
      return [...numbers].sort((a, b) => {
        const [x, y] = [keys.get(a), keys.get(b)];
        if (x === y) return a - b;
        if (x === null || x === "") return 1; // what is unknown stands last, either way
        if (y === null || y === "") return -1;
        return sign * (typeof x === "string" ? collator.compare(x, y) : x - y) || a - b;
      });
    }

    function updateList(numbers) {
      const shown = sorted(numbers);
      const pages = size ? Math.max(1, Math.ceil(shown.length / size)) : 1;
      page = Math.min(page, pages - 1);
      const part = size ? shown.slice(page * size, (page + 1) * size) : shown;
      tbody.replaceChildren(...part.flatMap((number) => (details.has(number) ? [rows[number], details.get(number)] : [rows[number]])));
      for (const pager of $$("[data-pager]")) fillPager(pager, shown.length, part.length, pages);
    }

    function fillPager(pager, all, part, pages) {
      const w = words();
      const from = page * (size || all);
      const turn = (step) => () => {
        page += step;
        updateList(passing());
      };
      const sizes = PAGE_SIZES.map((each) =>
        element("button", {
          type: "button", "aria-pressed": String(each === size),
          onclick: () => {
            size = each;
            page = 0;
            updateList(passing());
          },
        }, each ? String(each) : w.all));
      pager.replaceChildren(
        element("span", {}, all ? w.rows(grouped(from + 1), grouped(from + part), grouped(all)) : w.none),
        element("button", { type: "button", disabled: page === 0, onclick: turn(-1) }, w.previous),
        element("button", { type: "button", disabled: page >= pages - 1, onclick: turn(1) }, w.next),
        element("span", { class: "sizes", role: "group", "aria-label": w.perPage }, `${w.perPage} `, ...sizes),
      );
    }

    function message(detail) {
      const pieces = data.strings[detail[5]].split("\u001f");
      return pieces.map((piece, number) => piece + (number < detail[6].length ? data.strings[detail[6][number]] : "")).join("");
    }

    function finding(detail) {
      const [code, level, place, row, see, , , heads, cells, marked] = detail;
      const text = (number) => data.strings[number];
      const rule = data.rules.find((each) => each.code === text(code));
      const w = words();
      const item = element("li", { class: `finding ${NAMES[level]}` });
      const head = element("p", { class: "head" }, element("span", { class: `chip ${NAMES[level]}` }, w[NAMES[level]]), " ",
        element("strong", {}, text(code)), " ", rule ? rule[lang()] : "");
      const where = [text(place), text(row) && `「${text(row)}」`].filter(Boolean).join(" ");
      if (where) head.append(" ", element("span", { class: "where" }, where));
      item.append(head, element("p", { class: "said" }, message(detail)));
      const names = text(heads) ? text(heads).split("\u001f") : [];
      if (names.length) {
        const mark = (number) => (marked.includes(number + 1) ? "flagged" : marked.includes(-number - 1) ? "beside" : null);
        item.append(element("div", { class: "scroll" }, element("table", { class: "row" },
          element("thead", {}, element("tr", {}, ...names.map((name, n) => element("th", { scope: "col", class: mark(n) }, name)))),
          element("tbody", {}, element("tr", {}, ...cells.map((each, n) => element("td", { class: mark(n) === "flagged" ? `flagged ${NAMES[level]}` : mark(n) }, text(each))))))));
      }
      if (text(see)) item.append(element("p", { class: "see" }, w.see + text(see)));
      if (rule?.remedy) item.append(element("p", { class: "remedy" }, w.remedy + rule.remedy));
      return item;
    }

    function open(number, opened) {
      const toggle = $("button[data-open]", rows[number]);
      toggle.setAttribute("aria-expanded", String(opened));
      if (!opened) {
        details.get(number)?.remove();
        details.delete(number);
        return;
      }
      if (details.has(number)) return;
      const form = forms[number];
      const list = element("ul", { class: "findings" }, ...form[DETAILS].map(finding));
      if (form[LEFT]) list.append(element("li", { class: "left" }, words().left(form[LEFT])));
      if (!list.children.length) list.append(element("li", {}, words().nothing));
      const row = element("tr", { class: "details", id: `f${number}-findings` }, element("td", { colspan: "10" }, list));
      details.set(number, row);
      rows[number].after(row);
    }

    // brings a document into view, whatever page of the list it is on
    function reveal(number) {
      if (!fits(forms[number], number, [])) reset();
      const place = sorted(passing()).indexOf(number);
      if (size) page = Math.floor(place / size);
      updateList(passing());
      open(number, true);
      rows[number].scrollIntoView({ block: "center", behavior: "instant" });
      $("button[data-open]", rows[number]).focus({ preventScroll: true });
    }

    rows.forEach((row, number) => {
      const name = $("[data-open]", row);
      const button = element("button", { type: "button", "data-open": true, "aria-expanded": "false" }, name.textContent);
      name.replaceWith(button);
      button.addEventListener("click", () => open(number, button.getAttribute("aria-expanded") !== "true"));
    });

    for (const head of $$("[data-sort]", table)) {
      const button = element("button", { type: "button" }, ...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const numeric = head.classList.contains("number");
        const key = head.dataset.sort;
        order = { key, down: order.key === key ? !order.down : numeric };
        for (const other of $$("[data-sort]", table)) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", order.down ? "descending" : "ascending");
        page = 0;
        updateList(passing());
      });
    }

    // ---- filters

    const controls = { unit: $("[data-filter=unit]"), level: $("[data-filter=level]"), rule: $("[data-filter=rule]") };
    for (const [name, control] of Object.entries(controls)) {
      control.addEventListener("change", () => {
        chosen[name] = control.value === "" ? null : +control.value;
        page = 0;
        update();
      });
    }
    const search = $("[data-filter=text]");
    let waiting = 0;
    search.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        chosen.text = search.value.trim().toLowerCase();
        page = 0;
        update();
      }, 120);
    });

    function reset() {
      for (const name of Object.keys(chosen)) chosen[name] = name === "text" ? "" : null;
      search.value = "";
      page = 0;
      update();
    }
    $("[data-reset]").addEventListener("click", reset);

    function label(name) {
      const w = words();
      const value = chosen[name];
      if (name === "unit") return unitName(value);
      if (name === "rule") return ruleName(value);
      if (name === "level") return controls.level.options[controls.level.selectedIndex]?.textContent;
      if (name === "bin") return `${data.bins[value][0]}–${data.bins[value][1]}`;
      if (name === "band") return data.bands[value].grade;
      if (name === "structure") return data.structures[value]?.filter(Boolean).join("/") ?? w.others;
      if (name === "dot") return value.split(",").map((percent) => `${percent}%`).join(" → ");
      if (name === "odd") return value === 1 ? w.odd : w.mismatch;
      return value;
    }

    function updateChosen(numbers) {
      const w = words();
      for (const [name, control] of Object.entries(controls)) control.value = chosen[name] === null ? "" : String(chosen[name]);
      const active = Object.keys(chosen).filter((name) => chosen[name] !== null && chosen[name] !== "");
      $("[data-chosen]").replaceChildren(...active.map((name) => element("li", {}, element("button", {
        type: "button", "aria-label": `${w.remove}${w[name]} ${label(name)}`,
        onclick: () => {
          if (name === "text") search.value = "";
          chosen[name] = name === "text" ? "" : null;
          update();
        },
      }, `${w[name]}${w.colon}${label(name)} ✕`))));
      $("[data-reset]").disabled = !active.length;
      put($("[data-status]"), w.chosen(grouped(numbers.length), grouped(forms.length)));
    }

    function updateTables(numbers) {
      const histogram = counted(passing("bin"), (form) => form[BIN]);
      for (const each of $$("[data-bin]")) put(each, grouped(histogram.get(+each.dataset.bin) ?? 0));
      const bands = counted(passing("band"), (form) => form[BAND]);
      for (const each of $$("[data-band]")) {
        put(each, grouped(bands.get(+each.dataset.band) ?? 0));
      }
      put($("[data-mismatch]"), grouped(passing("odd").filter((number) => forms[number][MISMATCH]).length));
      const structures = counted(passing("structure"), (form) => form[STRUCTURE]);
      for (const each of $$("[data-structure]")) put(each, grouped(structures.get(+each.dataset.structure) ?? 0));
      for (const row of $$("[data-aspect]")) {
        const values = numbers.map((number) => forms[number][ASPECTS]?.[+row.dataset.aspect]).filter(Boolean);
        row.hidden = !values.length;
        const cells = $$("td", row);
        if (values.length) {
          [grouped(values.length), median(values), Math.min(...values), Math.max(...values)].forEach((value, n) => put(cells[n], String(value)));
        }
      }
      const inside = new Set(numbers);
      for (const row of $$("[data-form]")) row.hidden = !inside.has(+row.dataset.form);
      for (const row of $$("[data-forms]")) row.hidden = !row.dataset.forms.split(" ").some((number) => inside.has(+number));
    }

    function update() {
      const numbers = passing();
      updateTiles(numbers);
      updateChosen(numbers);
      updateTables(numbers);
      updateHeat();
      updateDefects();
      updateList(numbers);
      drawAll();
    }

    // ---- clicks and keys

    // what a click on a bar chooses, a button in its table chooses too
    for (const name of ["bin", "structure"]) {
      for (const each of $$(`[data-${name}]`)) {
        const head = each.parentElement.firstElementChild;
        const button = element("button", { type: "button" }, ...head.childNodes);
        head.append(button);
        button.addEventListener("click", () => choose(name, +each.dataset[name]));
      }
    }

    for (const [number, item] of $$(".bands .band").entries()) {
      const button = element("button", { type: "button" }, ...item.childNodes);
      item.append(button);
      button.addEventListener("click", () => choose("band", number));
    }
    const mismatch = $(".bands .mismatch");
    if (mismatch) {
      const button = element("button", { type: "button" }, ...mismatch.childNodes);
      mismatch.append(button);
      button.addEventListener("click", () => choose("odd", 2));
    }

    root.addEventListener("click", (event) => {
      const at = (selector) => event.target.closest(selector);
      const link = at("a[href^='#f']");
      if (link) {
        event.preventDefault();
        reveal(+link.hash.slice(2));
        return;
      }
      const unit = at("[data-pick-unit]");
      if (unit) choose("unit", +unit.dataset.pickUnit);
      const rule = at("[data-pick-rule]");
      if (rule) choose("rule", +rule.dataset.pickRule);
      const both = at("[data-cell]");
      if (both) {
        const [u, r] = both.dataset.cell.split(",").map(Number);
        const same = chosen.unit === u && chosen.rule === r;
        chosen.unit = same ? null : u;
        chosen.rule = same ? null : r;
        page = 0;
        update();
      }
      for (const [name, key] of [["allUnits", "heat"], ["allRules", "defects"]]) {
        const button = at(name === "allUnits" ? "[data-all-units]" : "[data-all-rules]");
        if (button) {
          const opened = button.getAttribute("aria-expanded") !== "true";
          button.setAttribute("aria-expanded", String(opened));
          $(`table.${key}`).classList.toggle("whole", opened);
        }
      }
    });

    $("table.heat")?.addEventListener("keydown", (event) => {
      const from = event.target.closest("[data-cell]");
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (!from || !step) return;
      const [unit, rule] = from.dataset.cell.split(",").map(Number);
      const to = $(`[data-cell="${unit + step[0]},${rule + step[1]}"]`);
      if (to && to.offsetParent) {
        event.preventDefault();
        from.tabIndex = -1;
        to.tabIndex = 0;
        to.focus();
      }
    });

    // ---- the page around it

    document.addEventListener("lintperf:lang", () => {
      for (const number of [...details.keys()]) {
        open(number, false);
        open(number, true);
      }
      update();
    }, { signal });
    document.addEventListener("lintperf:part", drawAll, { signal });
    let resizing = 0;
    window.addEventListener("resize", () => {
      clearTimeout(resizing);
      resizing = setTimeout(drawAll, 150);
    }, { signal });
    window.addEventListener("beforeprint", drawForPrint, { signal });
    window.addEventListener("afterprint", drawForScreen, { signal });
    const toDocument = () => {
      const found = /^#f(\d+)$/.exec(location.hash);
      if (found && rows[+found[1]]) reveal(+found[1]);
    };
    window.addEventListener("hashchange", toDocument, { signal });
    signal.addEventListener("abort", () => {
      watch.disconnect();
      for (const chart of charts.values()) chart.dispose();
    });
    root.classList.add("live");
    update();
    $$("[data-chart]").forEach((box) => watch.observe(box));
    toDocument();
  };

  let ending = new AbortController();
  begin(ending.signal);
  /* a page that takes the batch in and out says so */
  document.addEventListener("lintperf:inserted", (event) => {
    if (event.target.id !== "batch") return;
    ending.abort();
    ending = new AbortController();
    begin(ending.signal);
  });
})();

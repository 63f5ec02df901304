// SPDX-License-Identifier: MIT
// Interaction for an explanation page. Everything shown is in the page already; this file shows,
// hides, recolours and sorts it.
"use strict";

document.documentElement.classList.add("js");

// What the parts of the page share; page_map.js and page_layers.js add theirs.
const page = { opened: [], chosen: [] };

document.addEventListener("DOMContentLoaded", () => {
  const root = document.documentElement;
  const table = document.querySelector("table.items");
  const tip = document.getElementById("tip");
  const items = [...table.tBodies];
  const many = items.length !== 1;
  root.classList.add(many ? "many" : "single");

  // ---- scores: read once per text, when first needed ----

  const scoresOf = new WeakMap();
  function attributions(item) {
    if (!scoresOf.has(item)) {
      scoresOf.set(item, JSON.parse(item.querySelector("article > script").textContent));
    }
    return scoresOf.get(item);
  }

  function chosen(item) {
    return Number(item.dataset.chosen || 0);
  }

  // ---- the score beside the pointer ----

  function describe(mark) {
    const item = mark.closest(".item");
    const shown = mark.closest(".detail") ? chosen(item) : 0;
    const attribution = attributions(item)[shown];
    const kind = attribution.classes[mark.dataset.u];
    const score = attribution.scores[mark.dataset.u];
    const effect = attribution.unsigned ? "matters to " : score.startsWith("+") ? "pushes toward " : "pushes away from ";
    const name = document.createElement("b");
    name.textContent = mark.dataset.name ? `${mark.dataset.name}: ${score}` : score;
    const sentence = kind === "unseen" ? " by the target" :
        /[1-9]/.test(score) ? "  " + effect + attribution.target : "  no effect to speak of";
    return [name, sentence];
  }

  function showTip(mark, content) {
    tip.replaceChildren(...(content || describe(mark)));
    tip.hidden = false;
    mark.setAttribute("aria-describedby", "tip");
    const box = mark.getClientRects()[0];
    const edge = document.documentElement.clientWidth - tip.offsetWidth - 8;
    const left = Math.max(8, Math.min(box.left, edge));
    const above = box.top - tip.offsetHeight - 6;
    tip.style.left = `${left + scrollX}px`;
    tip.style.top = `${(above < 4 ? box.bottom + 6 : above) + scrollY}px`;
  }

  function hideTip() {
    tip.hidden = true;
    table.querySelectorAll("[aria-describedby]").forEach(
        (mark) => mark.removeAttribute("aria-describedby"));
  }

  table.addEventListener("mouseover", (event) => {
    const mark = event.target.closest("mark");
    if (mark) showTip(mark);
  });
  table.addEventListener("mouseout", (event) => {
    if (event.target.closest("mark")) hideTip();
  });
  table.addEventListener("focusin", (event) => {
    if (event.target.matches("mark")) showTip(event.target);
  });
  table.addEventListener("focusout", hideTip);

  // ---- targets ----

  function choose(item, index) {
    const attribution = attributions(item)[index];
    item.dataset.chosen = index;
    const own = new Set(attribution.own);
    item.querySelectorAll(".detail .text mark").forEach((mark) => {
      const added = mark.classList.contains("added") ? " added" : "";
      mark.className = attribution.classes[mark.dataset.u] + added +
          (own.has(Number(mark.dataset.u)) ? " own" : "");
    });
    item.querySelectorAll("[role=tab]").forEach((tab, at) => {
      tab.setAttribute("aria-selected", String(at === index));
      tab.tabIndex = at === index ? 0 : -1;
    });
    item.querySelectorAll(".ranking").forEach((list, at) => {
      list.hidden = at !== index;
    });
    item.querySelectorAll(".sums tbody tr").forEach((row, at) => {
      row.classList.toggle("chosen", at === index && attributions(item).length > 1);
    });
    for (const end of ["lowest", "highest"]) {
      const label = item.querySelector(`.panel .${end}`);
      if (label) label.textContent = attribution[end];
    }
    page.chosen.forEach((tell) => tell(item, index));
  }

  // A word of the output leads to the target that holds it.
  function targetAt(mark) {
    const unit = Number(mark.dataset.u);
    return attributions(mark.closest(".item")).findIndex((one) => one.own.includes(unit));
  }

  function chooseAt(mark) {
    const target = targetAt(mark);
    if (target < 0) return false;
    const item = mark.closest(".item");
    choose(item, target);
    item.querySelectorAll("[role=tab]")[target]?.scrollIntoView({ block: "nearest" });
    showTip(mark);
    return true;
  }

  // Arrow keys walk inside a group; the group itself is one stop of the tab key.
  function neighbour(list, current, key) {
    const at = list.indexOf(current);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: list.length - 1 }[key];
    return to === undefined ? undefined : list[(to + list.length) % list.length];
  }

  table.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hideTip();
    const here = event.target;
    if ((event.key === "Enter" || event.key === " ") && here.matches(".detail mark")) {
      if (chooseAt(here)) event.preventDefault();
      return;
    }
    const group = here.matches("[role=tab]") ? "[role=tab]" :
        here.matches(".detail mark") ? ".detail mark" : null;
    if (!group) return;
    const list = [...here.closest(".item").querySelectorAll(group)];
    const next = neighbour(list, here, event.key);
    if (!next) return;
    event.preventDefault();
    here.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
    if (group === "[role=tab]") choose(here.closest(".item"), list.indexOf(next));
  });

  // ---- opening ----

  let panels = 0;
  function prepare(item) {
    const panel = item.querySelector(".panel");
    if (item.dataset.chosen !== undefined || !panel) return;
    panel.querySelectorAll("mark").forEach((mark, at) => {
      mark.removeAttribute("title");
      mark.tabIndex = at === 0 ? 0 : -1;
      if (targetAt(mark) >= 0) mark.dataset.target = "";
    });
    const tabs = item.querySelectorAll("[role=tab]");
    if (tabs.length > 0) {
      panel.id = `panel-${++panels}`;
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-label", "Scores of the chosen target");
      tabs.forEach((tab) => tab.setAttribute("aria-controls", panel.id));
    }
    page.opened.forEach((tell) => tell(item));
    choose(item, 0);
  }

  function toggle(item) {
    prepare(item);
    const opened = item.classList.toggle("opened");
    item.querySelector(".open").setAttribute("aria-expanded", String(opened));
  }

  table.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    const row = event.target.closest(".row");
    const mark = event.target.closest(".detail mark");
    if (mark) {
      chooseAt(mark);
    } else if (tab) {
      const item = tab.closest(".item");
      choose(item, [...item.querySelectorAll("[role=tab]")].indexOf(tab));
    } else if (row && String(getSelection()) === "") {
      toggle(row.parentElement);
    }
  });

  // ---- the table of many texts ----

  function press(button) {
    button.parentElement.querySelectorAll("button").forEach(
        (other) => other.setAttribute("aria-pressed", String(other === button)));
  }

  const counts = { all: items.length, right: 0, wrong: 0, unknown: 0 };
  items.forEach((item, at) => {
    counts[item.dataset.verdict] += 1;
    item.dataset.order = at;
    const open = item.querySelector(".open");
    if (open.textContent === "") open.textContent = String(at + 1);
  });

  const thousands = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");
  function show(which) {
    table.dataset.show = which;
    const judged = counts.right + counts.wrong;
    const status = document.querySelector(".shown");
    status.textContent = judged === 0 ? "No true labels are known" :
        `${(100 * counts.right / judged).toFixed(1)} % of ${thousands(judged)} labelled texts right`;
  }
  document.querySelectorAll("[data-show]").forEach((button) => {
    if (button === table) return;
    button.querySelector("b").textContent = thousands(counts[button.dataset.show]);
    button.addEventListener("click", () => {
      press(button);
      show(button.dataset.show);
    });
  });
  show("all");

  const headings = [...table.tHead.rows[0].cells];
  function sortKey(item, column) {
    const cell = item.rows[0].cells[column];
    if (cell.dataset.v !== undefined) return Number(cell.dataset.v);
    return column === 0 && !many ? Number(item.dataset.order) : cell.textContent;
  }
  const collator = new Intl.Collator("en", { numeric: true });
  function compare(a, b) {
    if (typeof a === "number" && typeof b === "number") return a - b;
    if (a === "" || b === "") return Number(a === "") - Number(b === "");
    return collator.compare(String(a), String(b));
  }
  headings.forEach((heading, column) => {
    const button = heading.querySelector("button");
    if (!button) return;
    button.addEventListener("click", () => {
      const down = heading.getAttribute("aria-sort") === "ascending";
      headings.forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", down ? "descending" : "ascending");
      const keyed = items.map((item) => ({ item, key: sortKey(item, column) }));
      keyed.sort((a, b) => (down ? -1 : 1) * compare(a.key, b.key) ||
                 a.item.dataset.order - b.item.dataset.order);
      table.append(...keyed.map((entry) => entry.item));
    });
  });

  // ---- palette and theme ----

  document.querySelectorAll("[data-palette-is]").forEach((button) => {
    button.addEventListener("click", () => {
      press(button);
      root.dataset.palette = button.dataset.paletteIs;
    });
  });
  document.querySelectorAll("[data-theme-is]").forEach((button) => {
    button.addEventListener("click", () => {
      press(button);
      root.dataset.theme = button.dataset.themeIs;
    });
  });

  Object.assign(page, { table, attributions, choose, showTip, hideTip });
  if (!many) toggle(items[0]);
});

// SPDX-License-Identifier: MIT
// Layer views: any token through the layers, any layer token by token, and the flow to a token.

page.opened.push((item) => {
  const section = item.querySelector(".layers");
  if (!section) return;
  const data = JSON.parse(section.querySelector("script").textContent);
  const tokens = data.tokens;
  const view = section.querySelector(".view");
  const chooser = {};
  section.querySelectorAll("[data-choose]").forEach((choice) => {
    chooser[choice.dataset.choose] = choice;
    choice.addEventListener("change", draw);
  });
  const SVG = "http://www.w3.org/2000/svg";
  const LEVELS = 16;

  function make(tag, attributes, text, space) {
    const element = space ? document.createElementNS(space, tag) : document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    if (text !== undefined) element.textContent = text;
    return element;
  }

  const share = (table, layer, to, from) =>
      (table.data[(layer * tokens.length + to) * tokens.length + from] || 0) / 10000;

  function heatMap(title, rows, values) {
    const largest = Math.max(...values.flat().map(Math.abs), 0);
    const size = tokens.length <= 24 ? "large" : tokens.length <= 48 ? "medium" : "small";
    const figure = make("figure", { class: `map ${size}`, "data-layers": "" });
    figure.append(make("figcaption", {}, `${title}, strongest ${largest.toFixed(3)}`));
    const grid = make("table", { role: "grid", "aria-label": title });
    const head = grid.createTHead().insertRow();
    head.insertCell();
    tokens.forEach((token) => {
      const cell = make("th", { scope: "col" });
      cell.append(make("span", {}, token));
      head.append(cell);
    });
    const body = grid.createTBody();
    rows.forEach((name, at) => {
      const row = body.insertRow();
      row.append(make("th", { scope: "row" }, name));
      values[at].forEach((value) => {
        const level = largest > 0 ? Math.round(Math.abs(value) / largest * LEVELS) : 0;
        const cell = row.insertCell();
        cell.className = level === 0 ? "z" : (value < 0 ? "n" : "p") + level;
        cell.dataset.v = value;
      });
    });
    const scroller = make("div", { class: "scroller" });
    scroller.append(grid);
    figure.append(scroller);
    return figure;
  }

  // The share of each stretch of the way to one token: see layers.cpp.
  function flows(table, row) {
    let held = tokens.map((_, token) => Number(token === row));
    const all = [];
    for (let layer = table.layers - 1; layer >= 0; layer--) {
      const below = tokens.map(() => 0);
      held.forEach((weight, to) => {
        if (weight === 0) return;
        tokens.forEach((_, from) => {
          const part = weight * share(table, layer, to, from);
          below[from] += part;
          if (part > 0) all.push({ layer, from, to, part });
        });
      });
      held = below;
    }
    const strongest = all.reduce((most, flow) => Math.max(most, flow.part), 0);
    return { strongest, all: all.filter((flow) => flow.part >= 0.02 * strongest) };
  }

  function flowPicture(table, row) {
    const high = 22, wide = 72, left = 112, top = 28;
    const width = left + table.layers * wide + 120, height = top + tokens.length * high + 8;
    const picture = make("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img",
                                  "aria-label": `How information flowed to ${tokens[row]}` },
                         undefined, SVG);
    const x = (layer) => left + layer * wide;
    const y = (token) => top + (token + 0.5) * high;
    const { strongest, all } = flows(table, row);
    all.forEach(({ layer, from, to, part }) => {
      const middle = (x(layer) + x(layer + 1)) / 2;
      const line = make("path", {
        class: "flow",
        d: `M${x(layer)} ${y(from)}C${middle} ${y(from)} ${middle} ${y(to)} ${x(layer + 1)} ${y(to)}`,
        "stroke-width": Math.max(0.4, 9 * part / strongest).toFixed(2),
        "stroke-opacity": (0.25 + 0.6 * part / strongest).toFixed(2),
      }, undefined, SVG);
      line.append(make("title", {}, `${tokens[from]} \u2192 ${tokens[to]} in layer ${layer}: ` +
                       `${(100 * part).toFixed(1)} %`, SVG));
      picture.append(line);
    });
    for (let layer = 0; layer < table.layers; layer++) {
      picture.append(make("text", { x: x(layer) + wide / 2, y: 14, "text-anchor": "middle",
                                    class: "fine" }, `layer ${layer}`, SVG));
    }
    tokens.forEach((token, at) => {
      picture.append(make("text", { x: left - 10, y: y(at) + 4, "text-anchor": "end" }, token, SVG));
    });
    picture.append(make("text", { x: x(table.layers) + 10, y: y(row) + 4, class: "end" },
                        tokens[row], SVG));
    const figure = make("figure", { class: "flows" });
    const scroller = make("div", { class: "scroller" });
    scroller.append(picture);
    figure.append(make("figcaption", {}, `Where "${tokens[row]}" after the last layer came from, ` +
                       "stretches of 2 % of the strongest and more"), scroller);
    return figure;
  }

  function draw() {
    const value = (name) => Number(chooser[name].value);
    const table = data.tables[value("table")], row = value("row");
    const layer = Math.min(value("layer"), table.layers - 1);
    const down = [...Array(table.layers).keys()].reverse();
    chooser.row.parentElement.hidden = value("view") === 2;
    chooser.layer.parentElement.hidden = value("view") !== 2;
    if (value("view") === 0) {
      view.replaceChildren(flowPicture(table, row));
      return;
    }
    const across = (at, to) => tokens.map((_, from) => share(table, at, to, from));
    view.replaceChildren(value("view") === 1 ?
        heatMap(`${table.name} of "${tokens[row]}", layers by tokens`,
                down.map((at) => `layer ${at}`), down.map((at) => across(at, row))) :
        heatMap(`${table.name} in layer ${layer}, tokens by tokens`, tokens,
                tokens.map((_, to) => across(layer, to))));
    page.walkMap(item, view.querySelector(".map"));
    view.querySelectorAll(".map tbody tr").forEach((line, at) => line.addEventListener("click", () => {
      if (value("view") !== 2) return;
      chooser.row.value = at;
      chooser.view.value = 1;
      draw();
    }));
  }

  draw();
});

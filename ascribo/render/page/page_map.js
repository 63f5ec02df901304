// SPDX-License-Identifier: MIT
// Heat maps: the score under the pointer, its row and column, and walking among cells by keyboard.

page.walkMap = (item, map) => {
  const grid = map.querySelector("table");
  const first = grid.tBodies[0].rows[0]?.cells[1];
  if (first) first.tabIndex = 0;
  let hot = [];

  const parts = (cell) => [cell.parentElement.cells[0],
                           grid.tHead.rows[0].cells[cell.cellIndex]];
  function score(cell) {
    if (map.dataset.layers !== undefined) return Number(cell.dataset.v).toFixed(4);
    return page.attributions(item)[cell.parentElement.sectionRowIndex].scores[cell.cellIndex - 1];
  }
  function show(cell) {
    cool();
    hot = parts(cell);
    hot.forEach((head) => head.classList.add("hot"));
    const [row, column] = hot.map((head) => head.textContent);
    const number = document.createElement("b");
    number.textContent = score(cell);
    const rest = cell.className === "unseen" ? ` by ${row}: ${column}` :
        ` ${column} \u2192 ${row}`;
    page.showTip(cell, [number, rest]);
  }
  function cool() {
    hot.forEach((head) => head.classList.remove("hot"));
    page.hideTip();
  }

  grid.addEventListener("mouseover", (event) => {
    const cell = event.target.closest("tbody td");
    if (cell) show(cell);
  });
  grid.addEventListener("mouseout", cool);
  grid.addEventListener("focusin", (event) => show(event.target));
  grid.addEventListener("focusout", cool);
  grid.addEventListener("keydown", (event) => {
    const here = event.target;
    const row = here.parentElement;
    const rows = row.parentElement.rows;
    const to = {
      ArrowRight: here.nextElementSibling,
      ArrowLeft: here.previousElementSibling,
      ArrowDown: rows[row.sectionRowIndex + 1]?.cells[here.cellIndex],
      ArrowUp: rows[row.sectionRowIndex - 1]?.cells[here.cellIndex],
      Home: row.cells[1],
      End: row.cells[row.cells.length - 1],
    }[event.key];
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      here.click();
    }
    if (!to || to.matches("th")) return;
    event.preventDefault();
    here.tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  });
  grid.addEventListener("click", (event) => {
    const row = event.target.closest("tbody tr");
    if (row && map.dataset.layers === undefined) page.choose(item, row.sectionRowIndex);
  });
};

page.opened.push((item) => {
  item.querySelectorAll(".map").forEach((map) => page.walkMap(item, map));
});

page.chosen.push((item, index) => {
  item.querySelectorAll(".map:not([data-layers]) tbody tr").forEach((row, at) => {
    row.classList.toggle("chosen", at === index);
  });
});

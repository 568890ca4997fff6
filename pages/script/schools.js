// The list of schools: find as you type, and sort by a column. Without it the whole list stands.
"use strict";

{
  const RISING = "ascending";

  const order = (table, head) => {
    const column = head.cellIndex;
    const falling = head.getAttribute("aria-sort") === RISING;
    const key = (row) => row.cells[column].textContent.trim();
    const number = (text) => parseFloat(text.replace(/,/g, ""));
    const compared = (one, other) => {
      const [a, b] = [key(one), key(other)];
      const apart = number(a) - number(b) || a.localeCompare(b, "en", { numeric: true });
      return (a === "–") - (b === "–") || (falling ? -apart : apart);
    };
    for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", falling ? "descending" : RISING);
    table.tBodies[0].append(...[...table.tBodies[0].rows].sort(compared));
  };

  const sortable = (table) => {
    for (const head of table.tHead.rows[0].cells) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.addEventListener("click", () => order(table, head));
      head.replaceChildren(button);
    }
  };

  const parts = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

  // A word is found where one begins so; a number where it stands whole.
  const finds = (row, words) => {
    const cells = [...row.cells].map((cell) => cell.textContent);
    const told = parts(cells.join(" "));
    return words.every((word) =>
      told.some((one) => (/^\d/.test(word) ? one === word : one.startsWith(word))),
    );
  };

  const findable = (table) => {
    const label = document.createElement("label");
    const field = document.createElement("input");
    const found = document.createElement("span");
    label.className = "find";
    field.type = "search";
    field.autocomplete = "off";
    found.className = "place";
    found.setAttribute("role", "status");
    label.append("Find a school", field);
    table.before(label, found);
    field.addEventListener("input", () => {
      const words = parts(field.value);
      let count = 0;
      for (const row of table.tBodies[0].rows) {
        row.hidden = !finds(row, words);
        count += !row.hidden;
      }
      found.textContent = field.value ? `${count} found` : "";
    });
  };

  for (const table of document.querySelectorAll("table.schools")) {
    sortable(table);
    findable(table);
  }
}

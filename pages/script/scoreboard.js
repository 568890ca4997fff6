// The scoreboard: its rows sorted by a column and filtered, with the reader's choice in the address.
"use strict";

{
  const table = document.querySelector("table.sortable");
  if (table) board(table);

  function board(table) {
    const KEY = "#scoreboard&";
    const heads = [...table.tHead.rows[0].cells];
    const homes = [...table.tBodies].map((body) => [body, body.querySelector("tr.group th")?.textContent ?? ""]);
    const words = (row, css, none) => row.querySelector(css)?.textContent ?? none;
    const rows = homes.flatMap(([home, area]) =>
      [...home.querySelectorAll("tr:not(.group)")].map((row) => ({
        row,
        home,
        area,
        verdict: words(row, "[class*='verdict-']", ""),
        basis: words(row, "[class*='basis-']", "measured"),
      })),
    );
    const claims = new Set([...table.querySelectorAll(".claim-id")].map((name) => name.textContent)).size;
    const all = `All ${rows.length} findings${claims ? ` on ${claims} claims` : ""}`;
    const flat = table.appendChild(document.createElement("tbody"));
    flat.setAttribute("role", "rowgroup");

    const made = (tag, text = "", css = "") => {
      const element = document.createElement(tag);
      element.textContent = text;
      if (css) element.className = css;
      return element;
    };

    // Which choices there are follows from the rows; what all rows share is no choice.
    const bar = made("div", "", "controls");
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "Which findings are shown");
    const choices = {};
    for (const [name, all] of [["area", "All areas"], ["verdict", "All verdicts"], ["basis", "All bases"]]) {
      const values = [...new Set(rows.map((one) => one[name]))].filter(Boolean);
      const title = name[0].toUpperCase() + name.slice(1);
      if (values.length > 1) choices[name] = select(name, title, [["", all], ...values.map((value) => [value, value])]);
    }
    const orders = heads.flatMap((head, at) => (ranked(at) ? [[`${at}`, head.textContent]] : []));
    choices.sort = select("sort", "Sorted by", [["", "Area"], ...orders.flatMap(([at, text]) => [[at, text], [`-${at}`, `${text}, reversed`]])]);
    choices.sort.parentElement.classList.add("sorting");
    const reset = made("button", "Show all");
    reset.type = "button";
    const count = made("output");
    bar.append(reset, count);
    table.before(bar);

    function ranked(at) {
      return rows.some((one) => one.row.cells[at].dataset.rank !== undefined);
    }

    function select(name, title, options) {
      const [box, label, list] = [made("span"), made("label", `${title} `), made("select")];
      list.id = label.htmlFor = `scoreboard-${name}`;
      for (const [value, text] of options) {
        const option = made("option", text);
        option.value = value;
        list.append(option);
      }
      box.append(label, list);
      bar.append(box);
      list.addEventListener("change", () => show(true));
      return list;
    }

    heads.forEach((head, at) => {
      if (!ranked(at)) return;
      const button = made("button", head.textContent);
      button.type = "button";
      head.replaceChildren(button);
      // The whole head of a column sorts by it; a click on the button comes by here, too.
      head.addEventListener("click", () => {
        const up = `${at}`;
        choices.sort.value = choices.sort.value === up ? `-${up}` : choices.sort.value === `-${up}` ? "" : up;
        show(true);
      });
    });
    reset.addEventListener("click", () => {
      for (const list of Object.values(choices)) list.value = "";
      show(true);
    });

    function show(chosen) {
      const { sort, ...filters } = choices;
      const fits = (one) => Object.entries(filters).every(([name, list]) => !list.value || one[name] === list.value);
      let told = 0;
      for (const one of rows) told += !(one.row.hidden = !fits(one));
      const at = Math.abs(sort.value);
      const turn = sort.value.startsWith("-") ? -1 : 1;
      if (sort.value) {
        // What has no rank, such as a figure that there is none of, comes last either way.
        const rank = (one) => Number(one.row.cells[at].dataset.rank ?? turn * Infinity);
        flat.append(...[...rows].sort((one, other) => turn * (rank(one) - rank(other))).map((one) => one.row));
      } else for (const one of rows) one.home.append(one.row);
      for (const [home] of homes) home.hidden = ![...home.querySelectorAll("tr:not(.group)")].some((row) => !row.hidden);
      heads.forEach((head, column) => {
        if (!ranked(column)) return;
        if (sort.value && column === at) head.setAttribute("aria-sort", turn > 0 ? "ascending" : "descending");
        else head.removeAttribute("aria-sort");
      });
      count.textContent = told === rows.length ? all : `${told} of ${rows.length} findings`;
      const set = Object.entries(choices).filter(([, list]) => list.value);
      reset.disabled = !set.length;
      if (!chosen) return;
      const address = new URLSearchParams(set.map(([name, list]) => [name, list.value]));
      history.replaceState(null, "", set.length ? KEY + address : "#scoreboard");
    }

    function read() {
      if (!location.hash.startsWith(KEY)) return;
      const asked = new URLSearchParams(location.hash.slice(KEY.length));
      for (const [name, list] of Object.entries(choices)) {
        list.value = asked.get(name) ?? "";
        if (list.selectedIndex < 0) list.value = "";
      }
      show(false);
      bar.scrollIntoView();
    }

    // A count of the tally leads to the findings that it counts.
    for (const name of document.querySelectorAll(".tally li b[data-verdict]")) {
      const way = made("a", name.textContent);
      way.href = KEY + new URLSearchParams({ verdict: name.dataset.verdict });
      name.replaceChildren(way);
    }

    addEventListener("hashchange", read);
    show(false);
    read();
  }
}

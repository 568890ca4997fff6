// The page of all districts: choosing one marks it in every picture and opens its figures; the table
// can be sorted and narrowed. The address keeps the choice and the order, so that it can be sent.
// Everything that is shown stands in the page.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const table = document.querySelector("table.atlas");
  if (!table) return;
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  const own = document.querySelector("circle.own")?.dataset.d ?? "";
  const names = new Map(rows.map((row) => [row.dataset.d, row.cells[0].textContent]));
  const state = { district: "", sort: "" };

  const made = (name, told = {}, ...inside) => {
    const element = Object.assign(document.createElement(name), told);
    element.append(...inside);
    return element;
  };

  // What a dot says of a district stands in the strip itself.
  const words = (section, code) =>
    section.querySelector(`.along [data-d="${code}"] title`)?.textContent ??
    `${names.get(code)}: not measured`;

  const show = (section, code) => {
    section.querySelectorAll("circle.near").forEach((dot) => dot.classList.remove("near"));
    const shown = code || state.district || own;
    if (code) section.querySelectorAll(`[data-d="${code}"]`).forEach((dot) => dot.classList.add("near"));
    section.querySelector(".readout").textContent = shown ? words(section, shown) : "";
  };

  const sections = [...document.querySelectorAll("section.headline")];
  const choose = (code) => {
    state.district = names.has(code) ? code : "";
    document.querySelectorAll(".chosen").forEach((each) => each.classList.remove("chosen"));
    const marked = state.district || own;
    document.querySelectorAll("circle.own").forEach((dot) => dot.classList.toggle("own", false));
    document.querySelectorAll(`[data-d="${marked}"]`).forEach((each) => {
      each.classList.add("chosen");
      if (each instanceof SVGElement) each.parentNode.append(each); // drawn last, it lies on top
    });
    sections.forEach((section) => show(section, ""));
    picker.value = state.district;
    more.hidden = !state.district;
    more.href = `#district-${state.district}`;
    more.textContent = `All figures of ${names.get(state.district) ?? ""}`;
  };

  const order = (key) => {
    const column = Number(key.replace("-", ""));
    if (!key || !(column in heads)) return;
    const way = key.startsWith("-") ? -1 : 1;
    const value = (row) => (column ? Number(row.cells[column].dataset.v ?? NaN) : row.cells[0].textContent);
    const compare = (one, other) => {
      const [a, b] = [value(one), value(other)];
      if (!column) return way * a.localeCompare(b);
      return isNaN(a) - isNaN(b) || way * (a - b) || 0; // what is not measured comes last, either way
    };
    body.append(...[...rows].sort(compare));
    heads.forEach((head) => head.removeAttribute("aria-sort"));
    heads[column].setAttribute("aria-sort", way < 0 ? "descending" : "ascending");
    state.sort = key;
  };

  const keep = () => {
    const told = Object.entries(state).filter(([, value]) => value);
    history.replaceState(null, "", `#${told.map((pair) => pair.join("=")).join("&")}`);
  };

  const open = (code) => {
    const box = document.getElementById(`district-${code}`);
    if (!box) return;
    box.parentElement.open = true;
    box.parentElement.scrollIntoView();
  };

  const follow = () => {
    const hash = location.hash.slice(1);
    if (hash.startsWith("district-")) {
      const code = hash.slice("district-".length);
      choose(code);
      open(code);
      return;
    }
    const told = new URLSearchParams(hash);
    order(told.get("sort") ?? "");
    choose(told.get("district") ?? "");
  };

  const options = [...names].map(([code, name]) => made("option", { value: code, textContent: name }));
  const picker = made("select", { id: "district" }, made("option", { value: "", textContent: "–" }), ...options);
  const more = made("a", { hidden: true });
  const label = made("label", { htmlFor: "district", textContent: "Your district" });
  document.querySelector("p.ways").before(made("p", { className: "choose" }, label, picker, more));
  picker.addEventListener("change", () => {
    choose(picker.value);
    keep();
  });

  const filter = made("input", { type: "search", id: "narrow", autocomplete: "off" });
  const narrow = made("label", { htmlFor: "narrow", textContent: "Find a district" });
  const count = made("span", { className: "place" });
  count.setAttribute("role", "status");
  table.parentElement.before(made("p", { className: "choose" }, narrow, filter, count));
  filter.addEventListener("input", () => {
    const wanted = filter.value.trim().toLowerCase();
    rows.forEach((row) => (row.hidden = !names.get(row.dataset.d).toLowerCase().includes(wanted)));
    count.textContent = wanted ? `${rows.filter((row) => !row.hidden).length} districts` : "";
  });

  heads.forEach((head, column) => {
    const button = made("button", { type: "button", textContent: head.textContent });
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      // Names begin with the first, numbers with the largest.
      const turned = { [`${column}`]: `-${column}`, [`-${column}`]: `${column}` };
      order(turned[state.sort] ?? (column ? `-${column}` : "0"));
      keep();
    });
  });

  // A finger is wider than a dot: the nearest one within reach is meant.
  const nearest = (svg, event) => {
    let found = null;
    let least = 14;
    svg.querySelectorAll("circle").forEach((dot) => {
      const box = dot.getBoundingClientRect();
      const away = Math.hypot(
        event.clientX - box.left - box.width / 2,
        event.clientY - box.top - box.height / 2,
      );
      if (away < least) [found, least] = [dot, away];
    });
    return found?.dataset.d ?? "";
  };

  sections.forEach((section) => {
    section.querySelectorAll("svg").forEach((svg) => {
      svg.addEventListener("pointermove", (event) => show(section, nearest(svg, event)));
      svg.addEventListener("pointerleave", () => show(section, ""));
      svg.addEventListener("click", (event) => {
        const code = nearest(svg, event);
        if (!code) return;
        choose(code);
        keep();
      });
    });
    // With the keyboard, the arrows walk along the dots of a strip.
    const strip = section.querySelector(".along svg");
    const along = [...strip.querySelectorAll("circle")].map((dot) => dot.dataset.d);
    let at = -1;
    strip.setAttribute("tabindex", "0");
    strip.setAttribute("aria-label", `${strip.getAttribute("aria-label")} The arrow keys walk along them.`);
    strip.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) {
        at = at < 0 ? along.indexOf(state.district || own) : at + step;
        at = Math.min(Math.max(at, 0), along.length - 1);
        show(section, along[at]);
      } else if (event.key === "Enter" && at >= 0) {
        choose(along[at]);
        keep();
      } else return;
      event.preventDefault();
    });
    strip.addEventListener("blur", () => show(section, ""));
  });

  window.addEventListener("hashchange", follow);
  follow();
});

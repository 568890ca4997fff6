// Search over the pages of a study. Its index is a script beside the pages, read when it is first
// wanted: it sets one name, since a page that was opened from the disk can load nothing else.
"use strict";

{
  const top = new URL("..", document.currentScript.src);
  const MOST = 7; // Of each kind, until the reader asks for all.
  const GROUPS = {
    School: "Schools",
    Finding: "Findings",
    Page: "Pages",
    Section: "Sections of pages",
    Table: "Tables of data",
    Code: "Code",
  };
  const [NAMED, TOLD, WRITTEN] = [10, 4, 1];

  const made = (tag, attributes = {}, ...inside) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...inside);
    return element;
  };
  const wordsOf = (text) =>
    text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").match(/[a-z0-9]+/g) ?? [];
  // Who types "savings" finds what was saved.
  const stem = (word) => word.replace(/(?<=[a-z]{3})(ings?|es?|ed|s)$/, "");

  // ---- The index, and what it gives for some words.

  let reading;
  const read = () =>
    (reading ??= new Promise((done, failed) => {
      const script = made("script", { src: new URL("search-index.js", top) });
      script.addEventListener("load", () => done(prepared(globalThis.searchIndex)));
      script.addEventListener("error", failed);
      document.head.append(script);
    }));

  const prepared = ({ kinds, places, words }) => ({
    places: places.map(([kind, title, detail, address]) => ({
      kind: kinds[kind],
      title,
      detail,
      address,
      named: wordsOf(title),
      told: wordsOf(detail),
    })),
    words: Object.entries(words),
    common: new Set(Object.keys(words).filter((word) => !words[word])),
  });

  // What each place is worth for one word of the reader's: a name counts more than a mention.
  const worth = (whole, { places, words, common }) => {
    const typed = stem(whole);
    const points = new Map();
    const raise = (place, by) => points.set(place, Math.max(points.get(place) ?? 0, by));
    for (const [word, numbers] of words) {
      if (!numbers || !word.startsWith(typed)) continue;
      for (const number of numbers.split(",")) raise(Number(number), WRITTEN);
    }
    places.forEach((place, number) => {
      if (common.has(whole)) raise(number, 0);
      for (const [all, by] of [[place.named, NAMED], [place.told, TOLD]]) {
        for (const word of all) if (word.startsWith(typed)) raise(number, by + (word === whole));
      }
    });
    return points;
  };

  const search = (text, index) => {
    const each = wordsOf(text).map((typed) => worth(typed, index));
    const sums = index.places.map((place, number) => [
      place,
      each.every((points) => points.has(number)) &&
        each.reduce((sum, points) => sum + points.get(number), 0),
    ]);
    const found = sums.filter(([, sum]) => sum).sort(([, one], [, other]) => other - one);
    const groups = new Map();
    for (const [place] of found) groups.set(place.kind, [...(groups.get(place.kind) ?? []), place]);
    return groups;
  };

  // ---- What is shown of it.

  const marked = (text, typed) => {
    const parts = text.split(/([\p{L}\p{N}\p{M}]+)/u).map((part) => {
      const start = typed.find((one) => (wordsOf(part)[0] ?? "").startsWith(stem(one)));
      return start ? made("mark", {}, part) : part;
    });
    return made("span", {}, ...parts);
  };

  const item = (place, typed) => {
    const link = made("a", { href: new URL(place.address, top) }, marked(place.title, typed));
    return made("li", {}, link, made("span", { class: "detail" }, marked(place.detail, typed)));
  };

  const group = (kind, places, typed) => {
    const list = made("ul", {}, ...places.slice(0, MOST).map((place) => item(place, typed)));
    const section = made("section", {}, made("h2", {}, GROUPS[kind] ?? kind), list);
    if (places.length > MOST) {
      const more = made("button", { type: "button" }, `All ${places.length}`);
      more.addEventListener("click", () => {
        list.append(...places.slice(MOST).map((place) => item(place, typed)));
        list.children[MOST].querySelector("a").focus();
        more.remove();
      });
      section.append(more);
    }
    return section;
  };

  const field = made("input", {
    type: "search",
    id: "search-field",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "A school, a finding, a word",
  });
  const said = made("p", { role: "status" });
  const results = made("div", { class: "search-results" });
  const close = made("button", { type: "button", class: "search-close" }, "Close");
  const dialog = made(
    "dialog",
    { class: "search", "aria-label": "Search" },
    made("label", { for: "search-field" }, "Search this site"),
    made("div", { class: "search-head" }, field, close),
    said,
    results,
  );

  const show = async () => {
    const typed = wordsOf(field.value);
    let index;
    try {
      index = await read();
    } catch {
      said.textContent = "The index of this site could not be read.";
      return;
    }
    if (typed.join() !== wordsOf(field.value).join()) return; // The reader typed on.
    const found = typed.join("").length > 1 ? search(field.value, index) : new Map();
    const count = [...found.values()].reduce((sum, places) => sum + places.length, 0);
    const counted = count === 1 ? "1 result" : `${count} results`;
    said.textContent = !typed.length ? "" : count ? counted : "Nothing found. Try a school’s name.";
    const kinds = Object.keys(GROUPS).filter((kind) => found.has(kind));
    results.replaceChildren(...kinds.map((kind) => group(kind, found.get(kind), typed)));
  };

  const open = () => {
    if (!dialog.isConnected) document.body.append(dialog);
    if (!dialog.open) dialog.showModal();
    field.select();
    show();
  };

  field.addEventListener("input", show);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("a")) dialog.close();
  });
  // The arrows lead from one result to the next, Enter in the field to the first.
  dialog.addEventListener("keydown", (event) => {
    const links = [...results.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "Enter" && event.target === field) links[0]?.click();
    else if (event.key === "ArrowDown") links[Math.min(at + 1, links.length - 1)]?.focus();
    else if (event.key === "ArrowUp") (at > 0 ? links[at - 1] : field).focus();
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const writing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || writing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    open();
  });

  const button = made("button", { type: "button", class: "search-open" }, "Search");
  button.title = "Search this site (key: /)";
  button.addEventListener("click", open);
  document.querySelector(".site-tools")?.prepend(button);
}

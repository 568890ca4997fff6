// What the frame of every page does: menus that close, the choice of colours, the table of contents
// of a narrow screen, boxes that scroll, and folded parts that open where a reader is led into them.
"use strict";

{
  const root = document.documentElement;

  const made = (tag, attributes = {}, ...inside) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...inside);
    return element;
  };

  // ---- Menus: one that is open closes when the reader goes on.

  const menus = () => document.querySelectorAll(".site-nav details[open]");
  document.addEventListener("click", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // ---- Colours: as the system, light, dark.

  const WORDS = { "": "as the system", light: "light", dark: "dark" };
  const NEXT = { "": "dark", dark: "light", light: "" };
  const button = made("button", { class: "theme-switch", type: "button" });
  const show = () => {
    const words = `Colours: ${WORDS[root.dataset.theme ?? ""]}`;
    button.setAttribute("aria-label", words);
    button.title = words;
  };
  button.addEventListener("click", () => {
    const chosen = NEXT[root.dataset.theme ?? ""];
    if (chosen) root.dataset.theme = chosen;
    else delete root.dataset.theme;
    try {
      localStorage.setItem("theme", chosen);
    } catch {
      // It holds for this page.
    }
    show();
  });
  show();
  const tools = made("div", { class: "site-tools" }, button);
  const bar = document.querySelector(".site-nav, .navbar-container");
  // On paper, the address of the page.
  const title = bar?.querySelector(".site-title, .navbar-title");
  if (title && location.protocol !== "file:") title.dataset.address = location.href;
  bar?.insertBefore(tools, bar.querySelector(".site-menu"));

  // ---- The table of contents, which a narrow screen has no room for beside the text.

  const list = document.querySelector("#TOC ul")?.cloneNode(true);
  if (list) {
    for (const named of list.querySelectorAll("[id]")) named.removeAttribute("id");
    for (const part of list.querySelectorAll("[class]")) part.removeAttribute("class");
    const words = document.getElementById("toc-title")?.textContent ?? "On this page";
    const folded = made("details", { class: "toc-folded" }, made("summary", {}, words), list);
    folded.addEventListener("click", (event) => {
      if (event.target.closest("a")) folded.open = false;
    });
    document.getElementById("title-block-header")?.after(folded);
  }

  // ---- Folded parts open where an address leads into them, and on paper.

  const unfold = () => {
    const name = decodeURIComponent(location.hash.slice(1));
    const target = name && document.getElementById(name);
    if (!target) return;
    let folded = target.closest("details:not([open])");
    if (!folded) return;
    for (; folded; folded = folded.parentElement.closest("details:not([open])")) folded.open = true;
    target.scrollIntoView();
  };
  unfold();
  addEventListener("hashchange", unfold);
  // The same address once more is no change.
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("a[href*='#']")) setTimeout(unfold);
  });

  // ---- What scrolls in its box can be scrolled by the keyboard, and only that.

  const BOXES = "main :is(.scroll, .drawing:not([role]), .sourceCode, pre, details[open], figure, div.flow)";
  const reach = () => {
    for (const box of document.querySelectorAll(BOXES)) {
      const { overflowX, overflowY } = getComputedStyle(box);
      const scrolls = [
        [overflowX, box.scrollWidth - box.clientWidth],
        [overflowY, box.scrollHeight - box.clientHeight],
      ].some(([how, hidden]) => hidden > 1 && ["auto", "scroll"].includes(how));
      if (scrolls) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  reach();
  addEventListener("resize", reach);
  document.addEventListener("toggle", reach, true);

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("main details.part:not([open])")];
    for (const part of closed) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of closed) part.open = false;
  });
}

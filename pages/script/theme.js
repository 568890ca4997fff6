// The colours that the reader chose stand before the page is drawn: this script is not put off.
"use strict";

{
  const root = document.documentElement;
  root.classList.add("scripted");
  try {
    const kept = localStorage.getItem("theme");
    if (["light", "dark"].includes(kept)) root.dataset.theme = kept;
  } catch {
    // A browser that keeps nothing: the system's choice holds.
  }
}

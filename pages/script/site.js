// What the frame of every page does: so far, it keeps the reader's choice of light or dark.
"use strict";

const kept = () => {
  try {
    return localStorage.getItem("theme");
  } catch {
    return null; // A browser that keeps nothing: the system's choice holds.
  }
};

if (["light", "dark"].includes(kept())) document.documentElement.dataset.theme = kept();

// Tells of a chart's dots what they are: under a pointer, by a tap, and by the arrow keys.
"use strict";

{
  const NEAR = 24; // pixels, so that a finger finds a dot
  const MOST = 4; // names of dots that lie upon each other

  const away = (box, x, y) =>
    Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));

  const prepare = (svg) => {
    const marks = [...svg.querySelectorAll("title")].map((title) => {
      const [element, words] = [title.parentNode, title.textContent];
      title.remove(); // The browser would show it too, later and elsewhere.
      return { element, words };
    });
    if (!marks.length) return;

    const drawing = svg.parentNode;
    const tip = document.createElement("p");
    tip.className = "tip";
    tip.hidden = true;
    tip.setAttribute("role", "status");
    drawing.append(tip);
    drawing.tabIndex = 0;
    drawing.setAttribute("role", "group");
    drawing.setAttribute("aria-label", `Chart with ${marks.length} values: arrow keys lead through them`);
    let at = -1;

    const hide = () => {
      tip.hidden = true;
      svg.querySelectorAll(".here").forEach((one) => one.classList.remove("here"));
    };

    const write = (chosen) => {
      tip.replaceChildren();
      for (const { words } of chosen.slice(0, MOST)) {
        const [name, ...values] = words.split("\n");
        tip.append(Object.assign(document.createElement("strong"), { textContent: name }));
        values.forEach((value) =>
          tip.append(Object.assign(document.createElement("span"), { textContent: value })));
      }
      if (chosen.length > MOST) tip.append(`and ${chosen.length - MOST} more`);
    };

    const show = (chosen) => {
      hide();
      write(chosen);
      chosen.forEach(({ element }) => element.classList.add("here"));
      tip.hidden = false;
      const [frame, box] = [drawing.getBoundingClientRect(), chosen[0].element.getBoundingClientRect()];
      const middle = (box.left + box.right) / 2 - frame.left + drawing.scrollLeft;
      const most = drawing.scrollLeft + drawing.clientWidth - tip.offsetWidth;
      tip.style.left = `${Math.max(drawing.scrollLeft, Math.min(middle - tip.offsetWidth / 2, most))}px`;
      const above = box.top - frame.top - tip.offsetHeight - 8;
      const below = Math.min(box.bottom - frame.top + 8, drawing.clientHeight - tip.offsetHeight);
      tip.style.top = `${above >= 0 ? above : Math.max(0, below)}px`;
    };

    const nearest = (x, y) => {
      const found = marks
        .map((mark) => ({ ...mark, box: mark.element.getBoundingClientRect() }))
        .map((mark) => ({ ...mark, far: away(mark.box, x, y), size: mark.box.width * mark.box.height }))
        .filter(({ far }) => far <= NEAR)
        .sort((a, b) => a.far - b.far || a.size - b.size);
      const [first] = found;
      return found.filter(({ box }) =>
        Math.hypot(box.left - first.box.left, box.top - first.box.top) < 2
        && Math.abs(box.width - first.box.width) < 2);
    };

    const point = (event) => {
      const chosen = nearest(event.clientX, event.clientY);
      if (chosen.length) show(chosen);
      else hide();
    };

    svg.addEventListener("pointermove", (event) => event.pointerType === "mouse" && point(event));
    svg.addEventListener("click", point);
    drawing.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && hide());
    drawing.addEventListener("focusout", hide);
    drawing.addEventListener("keydown", (event) => {
      const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
      if (event.key in steps) at = (at + steps[event.key] + marks.length) % marks.length;
      else if (event.key === "Home") at = 0;
      else if (event.key === "End") at = marks.length - 1;
      else if (event.key === "Escape") return hide();
      else return undefined;
      event.preventDefault();
      return show([marks[at]]);
    });
  };

  document.querySelectorAll(".drawing > svg.chart").forEach(prepare);
}

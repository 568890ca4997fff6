// Turning the knobs: a panel whose choices show another row of the sweep's own table. Nothing is
// computed here; the page is complete without.
"use strict";

(() => {
  const ANCHOR = "#knobs";
  const AFTER = 700; // milliseconds without a change until it is announced

  const made = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  class Panel {
    constructor(root, told) {
      this.root = root;
      this.told = told;
      this.chosen = this.own();
      this.controls = []; // functions that show what is chosen
      this.figures = [...root.querySelectorAll("[data-finding]")].map((at) => new Figure(at, told));
      root.querySelectorAll(".knobs-group").forEach((group, n) => this.fill(group, n));
      this.build();
      this.restore();
      addEventListener("hashchange", () => this.restore());
    }

    own() {
      return Object.fromEntries(Object.entries(this.told.axes).map(([name, axis]) => [name, axis.own]));
    }

    // The choices of one group of figures, and what they now show where these are out of sight.
    fill(group, number) {
      const form = made("form", { onsubmit: (event) => event.preventDefault() });
      for (const name of group.dataset.axes.split(" ").filter(Boolean)) form.append(this.control(name, number));
      const now = made("p", { className: "knobs-now", ariaHidden: "true" });
      group.querySelector(".knobs-choices").append(form);
      group.querySelector(".knobs-choices").after(now);
      const inside = this.figures.filter((figure) => group.contains(figure.at));
      this.controls.push(() => {
        now.replaceChildren(...inside.map((figure) => made("span", {}, figure.row[0])));
      });
    }

    control(name, number) {
      const axis = this.told.axes[name];
      const numbers = axis.labels.every((label) => label.trim() && !Number.isNaN(Number(label)));
      if (numbers && axis.labels.length > 4) return this.slider(name, axis, number);
      return this.radios(name, axis, number);
    }

    radios(name, axis, number) {
      const set = made("fieldset", {}, made("legend", {}, axis.asks));
      const inputs = axis.answers.map((answer, n) => {
        const input = made("input", { type: "radio", name: `knob-${number}-${name}`, value: axis.labels[n] });
        input.addEventListener("change", () => this.choose(name, n));
        const mark = n === axis.own ? [made("span", { className: "knob-own" }, " the study’s")] : [];
        set.append(made("label", {}, input, made("span", {}, answer, ...mark)));
        return input;
      });
      this.controls.push(() => inputs.forEach((input, n) => (input.checked = n === this.chosen[name])));
      return set;
    }

    slider(name, axis, number) {
      const id = `knob-${number}-${name}`;
      const input = made("input", { type: "range", id, name, min: 0, max: axis.labels.length - 1, step: 1 });
      const said = made("output", { htmlFor: id });
      said.setAttribute("aria-live", "off");
      input.addEventListener("input", () => this.choose(name, Number(input.value)));
      const ends = made("span", { className: "knob-ends", ariaHidden: "true" });
      ends.append(made("span", {}, axis.labels[0]), made("span", {}, axis.labels.at(-1)));
      this.controls.push(() => {
        const n = this.chosen[name];
        input.value = n;
        input.setAttribute("aria-valuetext", axis.answers[n]);
        const mark = n === axis.own ? [made("span", { className: "knob-own" }, " the study’s")] : [];
        said.replaceChildren(axis.answers[n], ...mark);
      });
      const label = made("label", { htmlFor: id }, axis.asks);
      return made("div", { className: "knob-slider" }, label, said, input, ends);
    }

    // What stands once, below all groups.
    build() {
      const say = (button, text) => {
        const words = button.textContent;
        button.textContent = text;
        setTimeout(() => (button.textContent = words), 2000);
      };
      const copying = (words, what) => {
        const button = made("button", { type: "button" }, words);
        button.addEventListener("click", () =>
          navigator.clipboard.writeText(what()).then(
            () => say(button, "Copied"),
            () => say(button, "The browser did not allow it"),
          ),
        );
        return navigator.clipboard ? [button] : [];
      };
      this.back = made("button", { type: "button" }, "Back to the study’s own choices");
      this.back.addEventListener("click", () => {
        this.chosen = this.own();
        this.changed();
      });
      this.note = made("p", { className: "knobs-note", role: "status" });
      this.live = made("p", { className: "knobs-live", role: "status" });
      this.code = made("code");
      const buttons = made("p", { className: "knobs-buttons" }, this.back, ...copying("Copy the address of this choice", () => location.href));
      const run = made("details", { className: "knobs-run" }, made("summary", {}, "Run this choice yourself"),
        made("pre", { className: "output", tabIndex: 0 }, this.code), ...copying("Copy these lines", () => this.code.textContent));
      this.root.prepend(this.note);
      this.root.append(buttons, run, this.live);
    }

    choose(name, n) {
      this.chosen[name] = n;
      this.changed();
    }

    // A choice was made here: the address keeps it, and it is told to those who can't see it.
    changed() {
      const departures = this.departures();
      const query = new URLSearchParams(departures.map(([name, n]) => [name, this.told.axes[name].labels[n]]));
      history.replaceState(null, "", departures.length ? `${ANCHOR}?${query}` : ANCHOR);
      this.note.textContent = "";
      const before = this.figures.map((figure) => figure.row);
      this.show();
      const news = this.figures.filter((figure, n) => figure.row !== before[n]).map((figure) => figure.spoken());
      clearTimeout(this.telling);
      this.telling = setTimeout(() => (this.live.textContent = news.join(" ") || "No figure changes."), AFTER);
    }

    departures() {
      return Object.entries(this.chosen).filter(([name, n]) => n !== this.told.axes[name].own);
    }

    // The choices that the address names; those that are no longer offered are not made.
    restore() {
      const [anchor, query = ""] = location.hash.split("?");
      if (anchor !== ANCHOR) return this.show();
      const asked = [...new URLSearchParams(query)].map(([name, label]) => {
        const axis = Object.hasOwn(this.told.axes, name) ? this.told.axes[name] : { labels: [] };
        return [name, axis.labels.indexOf(label)];
      });
      const good = asked.every(([, n]) => n >= 0);
      this.chosen = good ? { ...this.own(), ...Object.fromEntries(asked) } : this.own();
      this.note.textContent = good ? "" : "The address names a choice that is not offered here. These are the study’s own choices.";
      this.show();
      if (query) (document.getElementById("knobs") ?? this.root).scrollIntoView();
    }

    show() {
      for (const figure of this.figures) figure.show(this.chosen);
      for (const control of this.controls) control();
      const departures = this.departures();
      this.back.disabled = !departures.length;
      const lines = departures.map(([name, n]) => this.told.axes[name].lines[n]);
      this.code.textContent = [
        `# In a copy of params/${this.told.study}.yml, saved as params/my-choice.yml,`,
        "# these lines in place of its own:",
        "study: my-choice",
        ...lines,
        "# Then: dme run params/my-choice.yml && dme findings my-choice",
      ].join("\n");
    }
  }

  // One finding: what the page shows of it, and the rows that it can show instead.
  class Figure {
    constructor(at, told) {
      const part = (css) => at.querySelector(css);
      Object.assign(this, { at, axes: told.axes, told: told.findings[at.dataset.finding] });
      this.value = part(".knob-value b");
      this.interval = part(".finding-interval");
      this.chip = part(".knob-chips .chip");
      this.place = part(".knob-place");
      this.line = part("line.interval");
      this.now = part("line.now");
      this.dot = part("circle.now");
      this.name = part(".knob-head").textContent;
      // The study's own figure, as its card has it, stands in the page.
      const [, , verdict, place, ...places] = this.told.rows[this.told.cells[this.told.own]];
      this.ownRow = [this.value.textContent, this.interval.textContent, verdict, place, ...places];
      this.ownChip = this.chip && [this.chip.textContent, this.chip.className];
      this.ownEnds = ["x1", "x2"].map((end) => this.line.getAttribute(end));
      this.row = this.ownRow;
    }

    show(chosen) {
      let cell = 0;
      for (const name of this.told.axes) cell = cell * this.axes[name].labels.length + chosen[name];
      const own = cell === this.told.own;
      this.row = own ? this.ownRow : this.told.rows[this.told.cells[cell]];
      const [value, interval, verdict, place, x, low, high] = this.row;
      this.value.textContent = value;
      this.interval.textContent = interval || "no interval";
      this.place.textContent = this.told.places[place];
      if (this.told.verdicts.length) {
        const [words, css, note] = this.told.verdicts[verdict];
        this.place.append(note);
        [this.chip.textContent, this.chip.className] = own ? this.ownChip : [words, `chip ${css}`];
      }
      this.at.classList.toggle("unmeasured", x === null);
      if (x === null) return;
      const ends = own ? this.ownEnds : [`${low ?? x}%`, `${high ?? x}%`];
      [this.line, this.now].forEach((line, n) => {
        line.setAttribute("x1", n ? `${x}%` : ends[0]);
        line.setAttribute("x2", n ? `${x}%` : ends[1]);
      });
      this.dot.setAttribute("cx", `${x}%`);
    }

    spoken() {
      const verdict = this.told.verdicts.length ? `, ${this.chip.textContent}` : "";
      return `${this.name}: ${this.value.textContent}, ${this.interval.textContent}${verdict}.`;
    }
  }

  const root = document.querySelector(".knobs[data-choices]");
  if (!root) return;
  const script = made("script", { src: root.dataset.choices });
  script.addEventListener("load", () => new Panel(root, globalThis.KNOBS));
  document.head.append(script);
})();

"use strict";

const DATA = JSON.parse(document.getElementById("data").textContent);

const element = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

// A task's controls and charts, all of one view.
class TaskView {
  constructor(task, place) {
    const ends = task.groups.flatMap((group) => Object.values(group.curves).map((curve) => curve.steps.at(-1)));
    this.task = task;
    this.whole = [0, Math.max(1, ...ends)];
    Object.assign(this, { hidden: new Set(), range: this.whole, scale: "linear", step: null, chosen: null, near: null });
    place.append(this.controls());
    const charts = place.appendChild(element("div", { className: "charts" }));
    this.charts = task.quantities.map((quantity, index) => this.chart(charts, quantity, index === 0));
    this.spoken = place.appendChild(element("div", { className: "spoken" }));
    this.spoken.setAttribute("aria-live", "polite");
    new ResizeObserver(() => this.draw()).observe(charts);
  }

  controls() {
    const bar = element("div", { className: "controls" });
    this.task.groups.forEach((group, index) => {
      const swatch = element("span", { className: "swatch" });
      swatch.style.borderColor = groupColour(index);
      if (groupDash(index).length) swatch.style.borderTopStyle = "dashed";
      const button = element("button", { type: "button" }, swatch, `${group.name}, ${this.seeds(group)}`);
      button.setAttribute("aria-pressed", "true");
      button.dataset.group = group.name;
      button.onclick = () => {
        if (!this.hidden.delete(index)) this.hidden.add(index);
        button.setAttribute("aria-pressed", String(!this.hidden.has(index)));
        this.near = null;
        this.draw();
      };
      bar.append(button);
    });
    const scale = element("select", { onchange: () => { this.scale = scale.value; this.draw(); } });
    for (const name of Object.keys(SCALES)) scale.append(element("option", { value: name }, name));
    bar.append(element("label", {}, "axis of regret ", scale));
    this.reset = element("button", { type: "button", className: "tool", onclick: () => this.zoom(this.whole) }, "all steps");
    bar.append(this.reset);
    return bar;
  }

  seeds(group) {
    return group.runs.length === 1 ? `seed ${group.runs[0].seed}` : `${group.runs.length} seeds`;
  }

  chart(place, quantity, isMain) {
    const plot = element("div", { className: "plot", tabIndex: 0 });
    plot.setAttribute("role", "img");
    plot.setAttribute(
      "aria-label",
      `${quantity.label} by step, ${this.task.name}; the arrow keys read values, + and − zoom, 0 shows all steps`);
    place.append(element("div", { className: isMain ? "chart main" : "chart" }, element("h3", {}, quantity.label), plot));
    const chart = new Chart(plot, this.task, quantity, this);
    chart.readout = plot.appendChild(element("div", { className: "readout", hidden: true }));
    this.listen(chart);
    return chart;
  }

  listen(chart) {
    const { plot } = chart;
    const place = (event) => {
      const box = plot.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    plot.onpointerdown = (event) => {
      if (event.pointerType === "mouse") plot.setPointerCapture(event.pointerId);
      this.from = event.pointerType === "mouse" ? place(event)[0] : null;
    };
    plot.onpointermove = (event) => {
      const [x, y] = place(event);
      if (this.from != null && Math.abs(x - this.from) > 5) this.chosen = [chart.stepAt(this.from), chart.stepAt(x)];
      this.point(chart, chart.stepAt(x), y);
    };
    plot.onpointerup = () => {
      const chosen = this.chosen;
      this.from = this.chosen = null;
      if (chosen) this.zoom(chosen.toSorted((a, b) => a - b));
    };
    plot.onpointerleave = () => this.point(chart, null);
    plot.ondblclick = () => this.zoom(this.whole);
    plot.onkeydown = (event) => this.key(chart, event);
  }

  key(chart, event) {
    const [first, last] = this.range;
    const stride = (last - first) / (event.shiftKey ? 10 : 100);
    const middle = this.step ?? (first + last) / 2;
    const window = (factor) => {
      const half = Math.max(5, ((last - first) * factor) / 2);
      return [Math.max(this.whole[0], middle - half), Math.min(this.whole[1], middle + half)];
    };
    const move = (by) => this.point(chart, Math.min(last, Math.max(first, middle + by)), chart.y(chart.high));
    const actions = {
      ArrowLeft: () => move(-stride), ArrowRight: () => move(stride), "+": () => this.zoom(window(0.5)),
      "-": () => this.zoom(window(2)), "0": () => this.zoom(this.whole), Escape: () => this.point(chart, null),
    };
    if (!actions[event.key]) return;
    actions[event.key]();
    event.preventDefault();
  }

  zoom(range) {
    this.range = range[1] - range[0] < 2 ? this.range : range;
    this.draw();
  }

  // Moves the pointer of all charts to a step that the logs were read at, and reads the values there.
  point(chart, step, y) {
    const grid = this.task.grids[0];
    this.step = step === null ? null : grid[nearest(grid, step)];
    this.near = step === null ? null : chart.nearestRun(this.step, y);
    for (const other of this.charts) {
      other.drawPointer();
      if (other !== chart) other.readout.hidden = true;
    }
    chart.readout.hidden = step === null;
    if (step !== null) this.read(chart);
  }

  read(chart) {
    const column = chart.quantity.column;
    const rows = chart.shownGroups.flatMap(([group, index]) => {
      const curve = group.curves[column];
      const at = curve.steps.indexOf(this.step);
      if (at < 0 || curve.mean[at] === null) return [];
      const interval = curve.lower ? `${short(curve.lower[at])} to ${short(curve.upper[at])}` : "";
      return [[group.name, grouped(curve.mean[at]), interval, index]];
    });
    const body = element("table", {}, element("tr", {}, element("th", {}, `step ${grouped(this.step)}`)));
    for (const [name, mean, interval, index] of rows) {
      const head = element("td", {}, "■ ", name);
      head.style.color = groupColour(index);
      body.append(element("tr", {}, head, element("td", {}, mean), element("td", {}, interval)));
    }
    let words = `step ${this.step}: ` + rows.map(([name, mean]) => `${name} ${mean}`).join(", ");
    if (this.near && this.near.group.runs.length > 1) {
      const value = this.near.run.values[column]?.[nearest(chart.steps(this.near.run), this.step)];
      if (value != null) {
        const name = `${this.near.group.name}, seed ${this.near.run.seed}`;
        body.append(element("tr", {}, element("td", {}, name), element("td", { className: "near" }, String(value))));
        words += `; ${name} ${value}`;
      }
    }
    chart.readout.replaceChildren(body);
    const x = chart.x(this.step);
    const room = chart.width - chart.readout.offsetWidth;
    const left = x > chart.width / 2 ? x - 12 - chart.readout.offsetWidth : x + 12;
    chart.readout.style.left = `${Math.max(0, Math.min(room, left))}px`;
    this.spoken.textContent = words;
  }

  draw() {
    // What was drawn for the screen is printed: a canvas that is drawn again while the page is printed stays empty.
    if (matchMedia("print").matches) return;
    this.reset.disabled = this.range === this.whole;
    for (const chart of this.charts) chart.draw();
  }
}

const views = DATA.tasks.map((task, index) => new TaskView(task, document.getElementById(`curves-${index}`)));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => views.forEach((view) => view.draw()));
document.body.dataset.drawn = String(Math.round(performance.now()));

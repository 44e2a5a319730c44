"use strict";

// Colours told apart by most eyes, on light and on dark paper; the thirteenth group begins again, dashed.
const COLOURS = [
  "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#a07800", "#3aa5e0", "#7b52c7", "#c0392b", "#5f7a1f", "#8c564b", "#17909c",
  "#7f7f7f",
];

const groupColour = (index) => COLOURS[index % COLOURS.length];
const groupDash = (index) => (index < COLOURS.length ? [] : [6, 4]);

// Each scale has its way to a straight ruler, and its ticks.
const SCALES = {
  linear: { place: (value) => value, ticks: (low, high, count) => evenTicks(low, high, count) },
  log: {
    place: (value) => Math.log10(Math.max(value, 1e-9)),
    ticks: (low, high) => {
      const ticks = [];
      for (let power = Math.floor(Math.log10(Math.max(low, 1e-9))); power <= Math.ceil(Math.log10(high)); power++)
        for (const first of [1, 2, 5]) ticks.push(first * 10 ** power);
      const inside = ticks.filter((tick) => tick >= low && tick <= high);
      return inside.length > 8 ? inside.filter((tick) => Number.isInteger(Math.log10(tick))) : inside;
    },
  },
  // 0 to 1,000, to 10,000 and to 100,000 have the same length.
  piecewise: {
    place: (value) => {
      if (value < 1000) return value / 1000;
      if (value < 10000) return 1 + (value - 1000) / 9000;
      if (value < 100000) return 2 + (value - 10000) / 90000;
      return 3 + (value - 100000) / 900000;
    },
    ticks: (low, high) =>
      [0, 250, 500, 750, 1000, 2500, 5000, 7500, 10000, 25000, 50000, 75000, 100000, 500000, 1000000].filter(
        (tick) => tick >= low && tick <= high),
  },
};

function evenTicks(low, high, count) {
  if (!(high > low)) return [low];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((width) => width >= rough);
  const ticks = [];
  for (let index = Math.ceil(low / step); index * step <= high * (1 + 1e-12); index++)
    ticks.push(Number((index * step).toPrecision(12)));
  return ticks;
}

const grouped = (value) => value.toLocaleString("en", { maximumFractionDigits: 4 });
const short = (value) => value?.toLocaleString("en", { maximumSignificantDigits: Math.abs(value) < 1e5 ? 4 : 6 }) ?? "none";

// The index of the step nearest to one asked for, in ascending steps.
function nearest(steps, step) {
  let [low, high] = [0, steps.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle] < step) low = middle + 1;
    else high = middle;
  }
  return low > 0 && step - steps[low - 1] <= steps[low] - step ? low - 1 : low;
}

// The curves of one quantity of a task. What is shown of them (groups, steps, scale, pointer) is the task's view.
class Chart {
  constructor(plot, task, quantity, view) {
    Object.assign(this, { plot, task, quantity, view });
    this.curves = plot.appendChild(document.createElement("canvas"));
    this.pointer = plot.appendChild(document.createElement("canvas"));
  }

  get margin() {
    return { left: 64, right: 12, top: 8, bottom: 34 };
  }

  // Sizes both canvases to the plot and draws everything.
  draw() {
    const { clientWidth: width, clientHeight: height } = this.plot;
    Object.assign(this, { width, height });
    for (const canvas of [this.curves, this.pointer]) {
      canvas.width = width * devicePixelRatio;
      canvas.height = height * devicePixelRatio;
    }
    this.fitValues();
    const context = this.begin(this.curves);
    this.drawAxes(context);
    context.save();
    const { left, right, top, bottom } = this.margin;
    context.beginPath();
    context.rect(left, top, width - left - right, height - top - bottom);
    context.clip();
    for (const paint of [this.drawBand, this.drawRuns, this.drawMean])
      this.shownGroups.forEach(([group, index]) => paint.call(this, context, group, index));
    context.restore();
    this.drawPointer();
  }

  begin(canvas) {
    const context = canvas.getContext("2d");
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    return context;
  }

  get shownGroups() {
    return this.task.groups.map((group, index) => [group, index]).filter(([group, index]) =>
      !this.view.hidden.has(index) && group.curves[this.quantity.column]);
  }

  get scale() {
    return SCALES[this.quantity.isRegret ? this.view.scale : "linear"];
  }

  // The range of what is shown: lines whole, intervals as far as a quarter beyond them. The first steps, in which a rate
  // is one of a few, do not count where the whole run is shown.
  fitValues() {
    const [first, last] = this.view.range;
    const start = Math.max(first, first > this.view.whole[0] ? first : 0.02 * last);
    let [low, high] = [Infinity, -Infinity];
    const take = (steps, values) => {
      for (let index = 0; index < steps.length; index++) {
        const value = values[index];
        if (steps[index] < start || steps[index] > last || value === null) continue;
        if (this.view.scale === "log" && this.quantity.isRegret && value <= 0) continue;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    };
    for (const [group] of this.shownGroups) {
      const curve = group.curves[this.quantity.column];
      take(curve.steps, curve.mean);
      for (const run of group.runs) if (run.values[this.quantity.column]) take(this.steps(run), run.values[this.quantity.column]);
    }
    if (!(low < Infinity)) [low, high] = [0, 1];
    if (high === low) high = low + (Math.abs(low) || 1);
    const isLog = this.view.scale === "log" && this.quantity.isRegret;
    if (!isLog && first === this.view.whole[0] && low > 0) low = 0;
    this.low = isLog ? low : Math.min(low, low === 0 ? 0 : low - 0.04 * (high - low));
    this.high = isLog ? high * 1.05 : high + 0.06 * (high - low);
  }

  steps(run) {
    return this.task.grids[run.grid];
  }

  x(step) {
    const { left, right } = this.margin;
    const [first, last] = this.view.range;
    return left + ((step - first) / Math.max(last - first, 1)) * (this.width - left - right);
  }

  y(value) {
    const { top, bottom } = this.margin;
    const [low, high] = [this.scale.place(this.low), this.scale.place(this.high)];
    const share = (this.scale.place(value) - low) / (high - low);
    return this.height - bottom - share * (this.height - top - bottom);
  }

  stepAt(x) {
    const { left, right } = this.margin;
    const [first, last] = this.view.range;
    const share = (x - left) / (this.width - left - right);
    return first + Math.min(1, Math.max(0, share)) * (last - first);
  }

  drawAxes(context) {
    const style = getComputedStyle(document.body);
    const [faint, line] = [style.getPropertyValue("--faint"), style.getPropertyValue("--line")];
    const { left, right, top, bottom } = this.margin;
    context.font = "12px system-ui, sans-serif";
    context.lineWidth = 1;
    context.strokeStyle = line;
    context.fillStyle = faint;
    context.textAlign = "right";
    context.textBaseline = "middle";
    let free = Infinity;
    for (const tick of this.scale.ticks(this.low, this.high, 6)) {
      const y = Math.round(this.y(tick)) + 0.5;
      if (free - y < 14) continue;
      free = y;
      context.beginPath();
      context.moveTo(left, y);
      context.lineTo(this.width - right, y);
      context.stroke();
      context.fillText(grouped(tick), left - 6, y);
    }
    context.textAlign = "center";
    context.textBaseline = "top";
    for (const tick of evenTicks(...this.view.range, Math.max(2, Math.floor(this.width / 110)))) {
      context.fillText(grouped(tick), Math.min(this.x(tick), this.width - 24), this.height - bottom + 4);
    }
    context.fillText("step", (left + this.width - right) / 2, this.height - 15);
    context.strokeRect(left + 0.5, top + 0.5, this.width - left - right, this.height - top - bottom);
  }

  trace(context, steps, values) {
    context.beginPath();
    let isOpen = false;
    for (let index = 0; index < steps.length; index++) {
      if (values[index] === null) continue;
      const [x, y] = [this.x(steps[index]), this.y(values[index])];
      if (isOpen) context.lineTo(x, y);
      else context.moveTo(x, y);
      isOpen = true;
    }
  }

  drawBand(context, group, index) {
    const { steps, lower, upper } = group.curves[this.quantity.column];
    if (!lower) return;
    this.trace(context, [...steps, ...steps.toReversed()], [...upper, ...lower.toReversed()]);
    context.globalAlpha = 0.14;
    context.fillStyle = groupColour(index);
    context.fill();
    context.globalAlpha = 1;
  }

  drawRuns(context, group, index) {
    if (group.runs.length < 2) return;
    context.globalAlpha = 0.4;
    context.lineWidth = 0.75;
    context.strokeStyle = groupColour(index);
    for (const run of group.runs) {
      const values = run.values[this.quantity.column];
      if (!values) continue;
      this.trace(context, this.steps(run), values);
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  drawMean(context, group, index) {
    const { steps, mean } = group.curves[this.quantity.column];
    this.trace(context, steps, mean);
    context.lineWidth = 2;
    context.strokeStyle = groupColour(index);
    context.setLineDash(groupDash(index));
    context.stroke();
    context.setLineDash([]);
  }

  // The line at the pointer's step, the run nearest to the pointer, and the part of the steps being chosen.
  drawPointer() {
    const context = this.begin(this.pointer);
    const { left, right, top, bottom } = this.margin;
    const { step, chosen, near } = this.view;
    context.fillStyle = context.strokeStyle = getComputedStyle(document.body).getPropertyValue("--accent");
    if (chosen) {
      context.globalAlpha = 0.15;
      const [from, to] = chosen.map((end) => this.x(end));
      context.fillRect(Math.min(from, to), top, Math.abs(to - from), this.height - top - bottom);
      context.globalAlpha = 1;
    }
    if (step === null) return;
    context.beginPath();
    context.moveTo(this.x(step), top);
    context.lineTo(this.x(step), this.height - bottom);
    context.stroke();
    if (!near || !near.run.values[this.quantity.column]) return;
    context.save();
    context.beginPath();
    context.rect(left, top, this.width - left - right, this.height - top - bottom);
    context.clip();
    context.strokeStyle = groupColour(near.index);
    context.lineWidth = 1.5;
    this.trace(context, this.steps(near.run), near.run.values[this.quantity.column]);
    context.stroke();
    context.restore();
  }

  // The run whose value at the step is nearest to a height, and that value.
  nearestRun(step, y) {
    let found = null;
    for (const [group, index] of this.shownGroups)
      for (const run of group.runs) {
        const values = run.values[this.quantity.column];
        if (!values) continue;
        const value = values[nearest(this.steps(run), step)];
        if (value === null) continue;
        const distance = Math.abs(this.y(value) - y);
        if (!found || distance < found.distance) found = { group, index, run, distance };
      }
    return found;
  }
}

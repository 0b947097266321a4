"use strict";
/* The trend: a line, its interval as a band around it, and a gap where too few people rated. */
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const STEPS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];

  function node(name, attributes, text) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  /* The pieces of the line: consecutive days that have a share. */
  function pieces(points) {
    const found = [];
    points.forEach((point, at) => {
      if (point.share === null) return;
      const last = found[found.length - 1];
      if (last && last[last.length - 1].at === at - 1) last.push({ ...point, at });
      else found.push([{ ...point, at }]);
    });
    return found;
  }

  /* From a round percentage below the lowest to one above the highest, with `most` steps between. */
  function scale(points, most) {
    const lowest = Math.min(...points.map((p) => p.low)), highest = Math.max(...points.map((p) => p.high));
    const begin = (step) => Math.max(0, Math.floor(lowest / step + 1e-9) * step);
    const end = (step) => Math.min(1, Math.ceil(highest / step - 1e-9) * step);
    const step = STEPS.find((each) => (end(each) - begin(each)) / each <= most + 1e-9) || 1;
    const from = begin(step), to = end(step);
    return { from, to: to > from ? to : from + step, step };
  }

  function percent(share, step) {
    return (share * 100).toFixed(step < 0.01 ? 1 : 0) + "%";
  }

  function dayOf(text) {
    return `${Number(text.slice(5, 7))}/${Number(text.slice(8, 10))}`;
  }

  function line(piece, x, y) {
    return piece.map((p, i) => `${i ? "L" : "M"}${x(p.at).toFixed(1)} ${y(p.share).toFixed(1)}`).join("");
  }

  function band(piece, x, y) {
    const above = piece.map((p) => `${x(p.at).toFixed(1)} ${y(p.high).toFixed(1)}`);
    const below = piece.map((p) => `${x(p.at).toFixed(1)} ${y(p.low).toFixed(1)}`).reverse();
    return `M${above.concat(below).join("L")}Z`;
  }

  /* Draws into `place`; `u` is the page's unit in pixels. False when there is nothing to draw. */
  window.wallChart = (place, points, u) => {
    place.replaceChildren();
    const known = points.filter((point) => point.share !== null);
    if (!known.length) return false;
    const width = place.clientWidth, height = place.clientHeight;
    const left = 8 * u, right = width - 2.5 * u, top = 1.4 * u, bottom = height - 3.6 * u;
    const { from, to, step } = scale(known, Math.min(4, Math.max(1, Math.floor((bottom - top) / (3.6 * u)))));
    const x = (at) => left + ((right - left) * at) / Math.max(points.length - 1, 1);
    const y = (share) => bottom - ((bottom - top) * (share - from)) / (to - from);
    const svg = node("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": place.previousElementSibling.textContent });
    for (let share = from; share <= to + 1e-9; share += step) {
      svg.append(node("line", { class: "grid", x1: left, x2: right, y1: y(share), y2: y(share) }));
      svg.append(node("text", { x: left - u, y: y(share) + 0.85 * u, "text-anchor": "end" }, percent(share, step)));
    }
    for (const at of [0, Math.floor((points.length - 1) / 2), points.length - 1]) {
      const anchor = at === 0 ? "start" : at === points.length - 1 ? "end" : "middle";
      svg.append(node("text", { x: x(at), y: height - 0.5 * u, "text-anchor": anchor }, dayOf(points[at].day)));
    }
    for (const piece of pieces(points)) {
      svg.append(node("path", { class: "band", d: band(piece, x, y) }));
      svg.append(node("path", { class: "path", d: line(piece, x, y) }));
      const last = piece[piece.length - 1];
      svg.append(node("circle", { class: "dot", cx: x(last.at), cy: y(last.share), r: 0.7 * u }));
    }
    place.append(svg);
    return true;
  };
})();

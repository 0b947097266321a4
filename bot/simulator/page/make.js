// Small helpers to build the page. Text is always set as text, never as HTML.

export function make(tag, className = "", text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

export function button(className, text, onPress) {
  const node = make("button", className, text);
  node.type = "button";
  node.addEventListener("click", onPress);
  return node;
}

export function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

const clock = new Intl.DateTimeFormat("zh-CN", {
  hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai",
});
const clockSeconds = new Intl.DateTimeFormat("zh-CN", {
  hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false, timeZone: "Asia/Shanghai",
});
const day = new Intl.DateTimeFormat("zh-CN", {
  month: "numeric", day: "numeric", timeZone: "Asia/Shanghai",
});

export const hour = (at) => clock.format(new Date(at));
export const second = (at) => clockSeconds.format(new Date(at));

export function moment(at) {
  const then = day.format(new Date(at));
  return then === day.format(new Date()) ? hour(at) : `${then} ${hour(at)}`;
}

export function safeLink(address) {
  return /^https?:\/\//.test(address) ? address : null;
}

// What went over the wire between the platforms and the gateway.

import { make, second } from "./make.js";
import { word, words } from "./words.js";

const KEPT = 120;
const PLATFORMS = { wechat: "WeChat", wecom: "WeCom", telegram: "Telegram", sms: "SMS" };
const GOOD = new Set(["passive", "success", "empty", "ok", "0"]);

export class Strip {
  constructor() {
    this.lines = [];
    this.fold = document.getElementById("strip-fold");
    this.list = document.getElementById("strip-lines");
    this.latest = document.getElementById("strip-latest");
    this.fold.addEventListener("click", () => this.open(this.list.hidden));
    this.open(localStorage.getItem("huiyin.strip") === "open");
  }

  open(opened) {
    this.list.hidden = !opened;
    this.fold.setAttribute("aria-expanded", String(opened));
    document.getElementById("strip").classList.toggle("open", opened);
    localStorage.setItem("huiyin.strip", opened ? "open" : "folded");
  }

  set(lines) {
    this.lines = lines.slice(-KEPT);
    this.draw();
  }

  add(line) {
    this.lines.push(line);
    this.list.prepend(item(line));
    while (this.list.children.length > KEPT) this.list.lastChild.remove();
    this.drawLatest();
  }

  draw() {
    this.list.replaceChildren(...this.lines.map(item).reverse());
    this.drawLatest();
  }

  drawLatest() {
    const line = this.lines.at(-1);
    this.latest.textContent = line ? `${second(line.at)}　${sentence(line)}` : word("nothingYet");
    this.latest.classList.toggle("bad", Boolean(line) && !GOOD.has(line.outcome));
  }
}

function item(line) {
  const row = make("li", GOOD.has(line.outcome) ? "" : "bad");
  row.append(
    make("time", "", second(line.at)),
    make("span", `way ${line.way}`, line.way === "api" ? "←" : "→"),
    make("span", "platform", PLATFORMS[line.channel] ?? line.channel),
    make("span", "who", line.person || "—"),
    make("span", "what", what(line)),
    make("span", "outcome", outcome(line)),
    make("span", "ms", `${line.milliseconds} ms`),
  );
  return row;
}

export function sentence(line) {
  const who = line.person ? `${line.person}　` : "";
  return `${who}${[what(line), outcome(line), `${line.milliseconds} ms`].join(" · ")}`;
}

function what(line) {
  const all = words();
  const repeated = line.attempt > 0
    ? ` · ${line.attempts ? `${all.resend} ${line.attempt}/${line.attempts}` : `${all.again} ${line.attempt}`}`
    : "";
  if (["wecom", "sms"].includes(line.channel) && line.way === "callback") {
    return `${all.callback} ${all.events[line.what] ?? line.what}${repeated}`;
  }
  if (line.way === "callback") return `${all.callback} ${all.modes[line.what]}${repeated}`;
  if (line.way === "update") return `${all.update} ${all.updates[line.what] ?? line.what}${repeated}`;
  return all.api[line.what] ?? line.what;
}

function outcome(line) {
  if (line.way === "api" && line.outcome !== "dropped") {
    return ["telegram", "sms"].includes(line.channel) ? line.outcome : `errcode ${line.outcome}`;
  }
  const status = line.status ? `${line.status} · ` : "";
  return `${status}${words().outcomes[line.outcome] ?? line.outcome}`;
}

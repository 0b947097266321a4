// The demo page: a wall of codes, three phones, the strip, kept live by the simulator's events.

import { act, listen, post } from "./feed.js";
import { button, make } from "./make.js";
import { Phone } from "./phone.js";
import { Strip } from "./strip.js";
import { showWords, switchLanguage, word, words } from "./words.js";

const TABS = ["wall", "citizen", "officer", "supervisor", "strip"];
const NARROW = matchMedia("(max-width: 900px)");
const ROLES = {
  citizen: { channel: "wechat", cast: "citizens", tries: ["我要投诉", "我上次那个投诉咋样了"] },
  officer: { channel: "telegram", cast: "officers", tries: ["我的件", "帮助"] },
  supervisor: { channel: "telegram", cast: "supervisors", tries: ["案件", "回访", "/stats 今天"] },
};

const state = { cast: {}, menu: [], groups: [], account: "", bot: "", app: "", sms: "" };
const strip = new Strip();
const phones = {};

for (const [role, { channel, tries }] of Object.entries(ROLES)) {
  const section = document.querySelector(`[data-role="${role}"]`);
  phones[role] = new Phone(section, {
    channel, role, tries, codeLabel,
    title: (app) => ({ wechat: state.account, wecom: state.app, sms: state.sms })[app] ?? state.bot,
    menu: () => state.menu,
    visible: () => !NARROW.matches || document.body.dataset.tab === role,
    onUnread: drawTabs,
  });
}

// An officer's seat also shows the groups that the bot is in.
function peopleOf(role) {
  const people = state.cast[ROLES[role].cast] ?? [];
  return role === "officer" ? [...people, ...state.groups] : people;
}

function codeLabel(scene) {
  return state.cast.codes?.find((code) => code.scene === scene)?.label ?? scene;
}

function drawWall() {
  const codes = document.getElementById("codes");
  codes.replaceChildren(...(state.cast.codes ?? []).map((code) => {
    const node = button("code", "", () => scan(code, node));
    const picture = make("img");
    picture.src = `/control/code/${encodeURIComponent(code.scene)}.svg`;
    picture.alt = "";
    const label = make("span", "code-label", code.label);
    node.append(make("span", "code-kind", words().kinds[code.kind] ?? code.kind), picture, label);
    node.setAttribute("aria-label", `${word("scanning")}：${code.label}`);
    return node;
  }));
  drawWebChat(state.cast.codes?.[0]);
}

// Whoever has no WeChat opens the same code in a browser: the code that was scanned last.
function drawWebChat(code) {
  const link = document.getElementById("web-chat");
  link.hidden = !state.cast.web_chat || !code;
  if (!link.hidden) link.href = `${state.cast.web_chat}/s/${encodeURIComponent(code.scene)}`;
}

function scan(code, node) {
  drawWebChat(code);
  node.classList.add("scanned");
  setTimeout(() => node.classList.remove("scanned"), 900);
  const scanner = phones.citizen.channel === "wechat"
    ? phones.citizen.person
    : peopleOf("citizen").find((person) => !person.channel)?.name;
  if (scanner !== phones.citizen.person) phones.citizen.choose(scanner);
  act("wechat", scanner, "scan", { scene: code.scene });
  if (NARROW.matches) showTab("citizen");
}

function drawTabs() {
  const tabs = document.getElementById("tabs");
  tabs.replaceChildren(...TABS.map((tab) => {
    const node = button("tab", words().tabs[tab], () => showTab(tab));
    node.setAttribute("role", "tab");
    node.setAttribute("aria-selected", String(document.body.dataset.tab === tab));
    node.classList.toggle("unread", Boolean(phones[tab]?.unread.size));
    return node;
  }));
}

function showTab(tab) {
  document.body.dataset.tab = tab;
  if (tab === "strip") strip.open(true);
  phones[tab]?.seen();
  phones[tab]?.drawLog();
  drawTabs();
}

function drawAll() {
  showWords();
  document.getElementById("language").textContent = word("language");
  drawTabs();
  drawWall();
  for (const role of Object.keys(ROLES)) phones[role].setPeople(peopleOf(role));
  strip.draw();
}

function place(entry, fresh) {
  for (const phone of Object.values(phones)) {
    if (phone.holds(entry)) phone.take(entry, fresh);
  }
}

function swipe() {
  const order = ["wall", "citizen", "officer", "supervisor"];
  let from = null;
  const stage = document.querySelector(".stage");
  stage.addEventListener("touchstart", (event) => {
    const { clientX: x, clientY: y } = event.touches[0];
    from = { x, y };
  }, { passive: true });
  stage.addEventListener("touchend", (event) => {
    const { clientX: x, clientY: y } = event.changedTouches[0];
    if (!from || !NARROW.matches || Math.abs(x - from.x) < 80) return;
    if (Math.abs(y - from.y) > Math.abs(x - from.x) / 2) return;
    const at = order.indexOf(document.body.dataset.tab);
    const next = order[at + (x < from.x ? 1 : -1)];
    if (at >= 0 && next) showTab(next);
  });
}

document.getElementById("language").addEventListener("click", () => { switchLanguage(); drawAll(); });
document.getElementById("clear").addEventListener("click", () => post("/control/clear"));
document.addEventListener("visibilitychange", () => phones[document.body.dataset.tab]?.seen());
setInterval(() => Object.values(phones).forEach((phone) => phone.drawState()), 20000);
swipe();
showWords();

listen({
  line(up) {
    const line = document.getElementById("line");
    line.dataset.word = up ? "live" : "lost";
    line.textContent = word(line.dataset.word);
    line.classList.toggle("lost", !up);
  },
  snapshot(snapshot) {
    Object.assign(state, snapshot);
    for (const phone of Object.values(phones)) phone.entries.clear();
    for (const role of Object.keys(ROLES)) phones[role].people = peopleOf(role);
    for (const entry of snapshot.entries) place(entry, false);
    strip.set(snapshot.wire);
    drawAll();
    document.body.classList.add("ready");
  },
  entry: (entry) => place(entry, true),
  wire: (line) => strip.add(line),
  typing: ({ channel, person, on }) => {
    for (const phone of Object.values(phones)) if (on && phone.channel === channel) phone.typing(person);
  },
  cast(cast) { state.cast = cast; drawAll(); },
  menu({ menu }) { state.menu = menu; phones.citizen.drawMenu(); },
  commands() {},
  groups({ groups }) { state.groups = groups; drawAll(); },
  cleared() {
    for (const phone of Object.values(phones)) phone.clear();
    strip.set([]);
  },
});

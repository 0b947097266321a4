// A seat: several people of one role, one of them on the phone.

import { bubble } from "./bubble.js";
import { fillDrawer } from "./drawer.js";
import { act } from "./feed.js";
import { button, hour, make, moment } from "./make.js";
import { word } from "./words.js";

const GAP = 5 * 60 * 1000;
const TYPING = 5000;
const BOUND = /^\/bind\b|^绑定/;

export class Phone {
  // scene: { channel, role, codeLabel(scene), title(), onUnread() }
  constructor(section, scene) {
    this.scene = scene;
    this.role = scene.role;
    this.people = [];
    this.entries = new Map();
    this.unread = new Set();
    this.typingUntil = 0;
    section.append(document.getElementById("seat").content.cloneNode(true));
    const find = (query) => section.querySelector(query);
    this.parts = {
      section, title: find("h2"), people: find(".people"), about: find(".about"),
      phone: find(".phone"), face: find(".face"), name: find(".chat-name b"),
      sub: find(".chat-name small"), clock: find(".clock"), log: find(".log"),
      toast: find(".toast"), tries: find(".tries"), composer: find(".composer"),
      input: find("input"), attach: find(".attach"), send: find(".send"),
      drawer: find(".drawer"), menu: find(".fixed-menu"),
    };
    this.parts.composer.addEventListener("submit", (event) => this.submit(event));
    new ResizeObserver(() => this.stayDown()).observe(this.parts.log);
    this.parts.log.addEventListener("load", () => this.stayDown(), true); // a picture came
    this.parts.log.addEventListener("scroll", () => { this.down = this.atEnd(); }, { passive: true });
    this.parts.attach.addEventListener("click", () => this.fold(!this.parts.drawer.hidden));
  }

  // The app on the phone depends on who holds it.
  get channel() { return this.channelOf(this.who); }
  channelOf(person) { return person.channel ?? this.scene.channel; }
  holds(entry) {
    return this.people.some((one) => one.name === entry.person && this.channelOf(one) === entry.channel);
  }
  get key() { return `huiyin.${this.role}`; }
  // In a group somebody of its members is at the phone.
  get member() {
    const { members } = this.who;
    return members?.includes(this.speaker) ? this.speaker : members?.[0];
  }
  get who() { return this.people.find((person) => person.name === this.person) ?? {}; }

  setPeople(people) {
    this.people = people;
    const kept = localStorage.getItem(this.key);
    const known = people.some((person) => person.name === (this.person ?? kept));
    this.person = known ? this.person ?? kept : people[0]?.name;
    this.draw();
  }

  choose(name) {
    this.person = name;
    localStorage.setItem(this.key, name);
    this.typingUntil = 0;
    this.fold(true);
    this.draw();
  }

  take(entry, fresh) {
    const mine = this.entries.get(entry.person) ?? new Map();
    this.entries.set(entry.person, mine);
    const before = mine.get(entry.seq);
    entry.reworded = before !== undefined && (before.reworded || before.text !== entry.text);
    mine.set(entry.seq, entry);
    if (!fresh || !this.people.some((person) => person.name === entry.person)) return;
    if (entry.direction === "received") this.typingUntil = 0;
    const background = entry.person !== this.person || !this.scene.visible();
    if (background && entry.direction !== "sent") this.markUnread(entry.person);
    if (entry.person === this.person) this.show(entry, before);
  }

  markUnread(person) {
    this.unread.add(person);
    this.drawPeople();
    this.scene.onUnread();
  }

  seen() {
    if (this.unread.delete(this.person)) this.drawPeople();
    this.scene.onUnread();
  }

  clear() {
    this.entries.clear();
    this.unread.clear();
    this.draw();
  }

  typing(person) {
    if (person !== this.person) return;
    this.typingUntil = Date.now() + TYPING;
    this.drawState();
    setTimeout(() => this.drawState(), TYPING + 50);
  }

  tap(entry, choice) { this.do("tap", { entry: entry.seq, key: choice.key }); }
  codeLabel(scene) { return this.scene.codeLabel(scene); }
  do(verb, body) {
    const by = this.who.members ? { member: this.member } : {};
    return act(this.channel, this.person, verb, { ...body, ...by });
  }

  submit(event) {
    event.preventDefault();
    const text = this.parts.input.value.trim();
    if (!text) return;
    this.parts.input.value = "";
    this.do("say", { text });
  }

  fold(folded) {
    this.parts.drawer.hidden = folded;
    this.parts.attach.setAttribute("aria-expanded", String(!folded));
    if (!folded) fillDrawer(this.parts.drawer, this, () => this.fold(true));
  }

  draw() {
    const { title, input, send, attach, name, face, phone } = this.parts;
    title.textContent = word(this.role);
    input.placeholder = word("write");
    input.setAttribute("aria-label", `${this.person} · ${word("write")}`);
    send.textContent = word("send");
    attach.setAttribute("aria-label", word("attach"));
    attach.hidden = Boolean(this.who.members) || this.channel === "sms";
    name.textContent = this.who.members ? this.person : this.scene.title(this.channel);
    face.classList.toggle("bot", this.channel === "telegram");
    phone.className = `phone ${this.channel}`;
    phone.setAttribute("aria-label", `${word(this.role)} ${this.person}`);
    this.unread.delete(this.person);
    this.drawPeople();
    this.drawAbout();
    this.drawLog();
    this.drawTries();
    this.drawMenu();
    this.drawState();
    this.scene.onUnread();
  }

  drawPeople() {
    this.parts.people.replaceChildren(...this.people.map((person) => {
      const node = button("person", person.name, () => this.choose(person.name));
      node.setAttribute("aria-pressed", String(person.name === this.person));
      if (this.unread.has(person.name)) {
        node.classList.add("unread");
        node.setAttribute("aria-label", `${person.name} · ${word("unread")}`);
      }
      return node;
    }));
  }

  drawAbout() {
    const { unit, role, about, members } = this.who;
    this.parts.about.textContent = [role, unit, about].filter(Boolean).join(" · ");
    if (!members) return;
    this.parts.about.append(word("groupAs"), ...members.map((name) => {
      const node = button("speaker", name, () => { this.speaker = name; this.draw(); });
      node.setAttribute("aria-pressed", String(name === this.member));
      return node;
    }));
  }

  drawLog() {
    const { log } = this.parts;
    log.replaceChildren();
    this.lastAt = 0;
    const entries = [...(this.entries.get(this.person) ?? new Map()).values()];
    entries.sort((one, other) => one.seq - other.seq);
    if (!entries.length) log.append(this.emptyState());
    for (const entry of entries) this.append(entry);
    log.scrollTop = log.scrollHeight;
  }

  append(entry) {
    const at = new Date(entry.at).getTime();
    if (at - this.lastAt > GAP) this.parts.log.append(make("time", "day", moment(entry.at)));
    this.lastAt = at;
    this.parts.log.append(bubble(entry, this));
  }

  show(entry, before) {
    const { log } = this.parts;
    log.querySelector(".empty")?.remove();
    const shown = log.querySelector(`[data-seq="${entry.seq}"]`);
    if (shown) shown.replaceWith(bubble(entry, this));
    else this.append(entry);
    const mine = !entry.member || entry.member === this.member;
    if (["toast", "alert"].includes(entry.kind) && mine && !before) this.showToast(entry.text);
    if (entry.direction === "received") {
      for (const key of log.querySelectorAll(".key.waiting")) key.classList.remove("waiting");
    }
    this.drawTries();
    this.drawState();
    this.stayDown();
    if (!before) log.scrollTop = log.scrollHeight;
  }

  atEnd() {
    const { log } = this.parts;
    return log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  }

  stayDown() {
    if (this.down !== false) this.parts.log.scrollTop = this.parts.log.scrollHeight;
  }

  showToast(text) {
    const { toast } = this.parts;
    toast.textContent = text;
    toast.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => { toast.hidden = true; }, 3200);
  }

  emptyState() {
    const telegram = this.channel === "telegram";
    const box = make("div", "empty");
    if (this.who.members) {
      box.append(make("p", "", word("emptyGroup")));
      return box;
    }
    const hints = { telegram: "emptyTelegram", wecom: "emptyWecom", sms: "emptySms" };
    box.append(make("p", "", word(hints[this.channel] ?? "emptyWechat")));
    if (["wecom", "sms"].includes(this.channel)) return box;
    if (!telegram) {
      box.append(button("begin", word("follow"), () => this.do("follow")));
    } else if (!this.who.binding_code) {
      box.append(button("begin", word("start"), () => this.do("start")));
    }
    return box;
  }

  drawTries() {
    const { tries, input } = this.parts;
    tries.replaceChildren();
    const code = this.who.binding_code;
    const said = [...(this.entries.get(this.person) ?? new Map()).values()];
    const bound = said.some((entry) => entry.direction === "sent" && BOUND.test(entry.text));
    if (code && !bound) {
      const node = button("try bind", "", () => this.do("say", { text: `/bind ${code}` }));
      node.append(make("span", "", word("bindHint")), make("b", "", code), make("em", "", word("bind")));
      tries.append(node);
      return;
    }
    for (const text of this.who.members ? ["/bind_group"] : this.who.try ?? this.scene.tries) {
      tries.append(button("try", text, () => { input.value = text; input.focus(); }));
    }
  }

  drawMenu() {
    const { menu } = this.parts;
    const buttons = this.channel === "wechat" ? this.scene.menu() : [];
    menu.hidden = !buttons.length;
    const entries = buttons.flatMap((one) => one.sub_button ?? [one]).filter((one) => one.key);
    menu.replaceChildren(...entries.map((one) =>
      button("menu-key", one.name, () => this.do("click", { key: one.key }))));
  }

  drawState() {
    const { sub, clock, log } = this.parts;
    clock.textContent = hour(new Date());
    const entries = [...(this.entries.get(this.person) ?? new Map()).values()];
    const waiting = this.channel === "wechat" && entries.some((entry) => entry.state === "sending");
    const typing = waiting || Date.now() < this.typingUntil;
    sub.textContent = word(typing ? "typing" : this.who.members ? "groupSub" : `${this.channel}Sub`);
    log.querySelector(".dots-row")?.remove();
    if (typing) {
      const row = make("div", "row theirs dots-row");
      const dots = make("div", "bubble dots");
      dots.append(make("i"), make("i"), make("i"));
      row.append(dots);
      log.append(row);
      this.stayDown();
    }
  }
}

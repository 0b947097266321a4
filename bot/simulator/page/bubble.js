// One message, as the app of the phone shows it.

import { button, hour, icon, make, safeLink } from "./make.js";
import { word, words } from "./words.js";

const PIN = "M12 21s7-6.2 7-11.5A7 7 0 0 0 5 9.5C5 14.800 12 21 12 21zM12 12a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z";
const WAVES = "M6 9.500v5M10 7v10M14 9v6M18 5.500v13";
const FILE = "M7 3h7l4 4v14H7zM14 3v5h4";
const FILM = "M4 6h16v12H4zM10.500 9.500v5l4.200-2.500z";

const NOTES = {
  scan: (entry, phone) => `${word("scanned")} · ${phone.codeLabel(entry.text)}`,
  click: (entry) => `${word("clicked")} · ${entry.text}`,
  press: (entry) => `${entry.member}${word("pressed")} · ${entry.text}`,
  follow: () => word("followed"),
  unfollow: () => word("unfollowed"),
  join: () => word("joined"),
  leave: () => word("left"),
  block: (entry) => word(entry.text === "kicked" ? "blocked" : "unblocked"),
  membership: (entry) => word(entry.text === "kicked" ? "thrownOut" : "addedBot"),
  toast: (entry) => seenBy(entry),
  alert: (entry) => seenBy(entry),
};

function seenBy(entry) {
  return entry.member ? `${entry.text}（${word("onlySeenBy")}${entry.member}）` : entry.text;
}

const UNDER = ["button", "url", "reply", "grey"];

// phone: { channel, member, codeLabel(scene), tap(entry, choice) }
export function bubble(entry, phone) {
  if (NOTES[entry.kind] || entry.direction === "notice" || entry.state === "deleted") {
    return note(entry, phone);
  }
  const mine = isMine(entry, phone);
  const row = make("div", `row ${mine ? "mine" : "theirs"} ${entry.state}`);
  row.dataset.seq = entry.seq;
  const column = make("div", "column");
  if (entry.member && !mine) column.append(make("span", "author", entry.member));
  column.append(body(entry, phone));
  const buttons = entry.choices.filter((choice) => UNDER.includes(choice.kind));
  const place = entry.kind === "template" ? column.lastChild : column; // a card holds its buttons
  if (buttons.length) place.append(keyboard(entry, buttons, phone));
  row.append(column);
  if (mine) row.prepend(fate(entry, phone));
  return row;
}

function isMine(entry, phone) {
  return entry.direction === "sent" && (!entry.member || entry.member === phone.member);
}

function note(entry, phone) {
  const trouble = entry.direction === "notice" && entry.kind === "text";
  const row = make("div", `note ${entry.state} ${trouble ? "trouble" : ""}`);
  row.dataset.seq = entry.seq;
  const write = entry.state === "deleted" ? () => word("deleted") : NOTES[entry.kind] ?? ((e) => e.text);
  row.append(make("span", "", write(entry, phone)));
  if (entry.state === "failed") row.append(make("span", "undelivered", word("failed")));
  return row;
}

function fate(entry, phone) {
  if (entry.state === "sending") return make("span", "spinner");
  if (entry.state !== "failed") return make("span");
  const mark = make("span", "undelivered-mark", "!");
  mark.title = word(phone.channel === "telegram" ? "resending" : "failed");
  mark.setAttribute("role", "img");
  mark.setAttribute("aria-label", mark.title);
  return mark;
}

function body(entry, phone) {
  const box = make("div", `bubble ${entry.kind}`);
  const shape = SHAPES[entry.kind] ?? plain;
  shape(box, entry, phone);
  if (phone.channel === "telegram") {
    const foot = make("span", "foot", hour(entry.at));
    if (entry.reworded) foot.prepend(`${word("edited")} `);
    if (isMine(entry, phone) && entry.state === "delivered") foot.append(make("i", "ticks"));
    box.append(foot);
  }
  return box;
}

function plain(box, entry, phone) {
  const text = make("p", "words");
  const parts = entry.parts.length ? entry.parts : [{ text: entry.text }];
  for (const part of parts) text.append(piece(part, entry, phone));
  box.append(text);
}

function piece(part, entry, phone) {
  if (part.tap !== undefined) {
    const choice = entry.choices.find((one) => one.key === part.tap);
    return button("link", part.text, () => phone.tap(entry, choice));
  }
  const link = part.href && safeLink(part.href);
  if (link) return anchor(part.text, link);
  return make("span", part.style ? `style-${part.style}` : "", part.text);
}

function anchor(text, address) {
  const node = make("a", "link", text);
  node.href = address;
  node.target = "_blank";
  node.rel = "noopener noreferrer";
  return node;
}

const SHAPES = {
  menu(box, entry, phone) {
    if (entry.text) plain(box, entry, phone);
    for (const choice of entry.choices) {
      box.append(button("link menu-item", choice.label, () => phone.tap(entry, choice)));
    }
    if (entry.tail) box.append(make("p", "words tail", entry.tail));
  },
  card(box, entry) {
    box.append(make("p", "card-kind", words()[entry.via] ?? ""));
    box.append(make("p", "words", entry.text));
    const link = entry.parts.map((part) => part.href && safeLink(part.href)).find(Boolean);
    if (link) box.append(anchor(word("open"), link));
  },
  image(box, entry) {
    const picture = make("img");
    picture.src = `/control/media/${encodeURIComponent(entry.media)}`;
    picture.alt = word("photo");
    box.append(picture);
    if (entry.text) box.append(make("p", "words", entry.text));
  },
  voice(box, entry) {
    const line = make("div", "voice-line");
    line.append(icon(WAVES), make("span", "", "3″"));
    box.append(line);
    if (entry.text) box.append(make("p", "words recognised", entry.text));
  },
  video(box) {
    box.append(icon(FILM));
  },
  file(box, entry) {
    box.append(icon(FILE), make("p", "words", entry.text));
  },
  location(box, entry) {
    const map = make("div", "map");
    map.append(icon(PIN));
    box.append(map, make("p", "words", entry.text));
  },
};

function keyboard(entry, choices, phone) {
  const board = make("div", "keyboard");
  const rows = new Map();
  for (const choice of choices) {
    if (!rows.has(choice.row)) rows.set(choice.row, board.appendChild(make("div", "keys")));
    rows.get(choice.row).append(key(entry, choice, phone));
  }
  return board;
}

function key(entry, choice, phone) {
  const link = choice.kind === "url" && safeLink(choice.key);
  if (link) {
    const node = anchor(choice.label, link);
    node.className = "key";
    return node;
  }
  if (choice.kind === "grey") {
    const node = make("button", "key grey", choice.label);
    node.disabled = true;
    return node;
  }
  const node = button("key", choice.label, () => {
    node.classList.add("waiting");
    phone.tap(entry, choice);
  });
  return node;
}

// What can be attached: a photo, a voice message, a place.

import { base64 } from "./feed.js";
import { button, icon, make } from "./make.js";
import { word } from "./words.js";

const CAMERA = "M4 8h4l1.500-2.500h5L16 8h4v11H4zM12 16.500a3.300 3.300 0 1 0 0-6.600 3.300 3.300 0 0 0 0 6.600z";
const LANDSCAPE = "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.500 9.500h.01";
const MICROPHONE = "M12 4a2.500 2.500 0 0 1 2.500 2.500v5a2.500 2.500 0 0 1-5 0v-5A2.500 2.500 0 0 1 12 4zM6.500 11.500a5.500 5.500 0 0 0 11 0M12 17v3.500";
const PIN = "M12 21s7-6.200 7-11.500A7 7 0 0 0 5 9.500C5 14.800 12 21 12 21zM12 12a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z";
const PLACE = { latitude: 40.7981, longitude: 114.8866 };
const SILENCE = btoa("#!AMR\n");

// phone: { channel, do(verb, body) }
export function fillDrawer(drawer, phone, close) {
  drawer.replaceChildren();
  const send = (verb, body) => { phone.do(verb, body); close(); };
  const choose = make("input");
  choose.type = "file";
  choose.accept = "image/*";
  choose.hidden = true;
  choose.addEventListener("change", async () => {
    const [file] = choose.files;
    if (file) send("photo", { data: await base64(file), content_type: file.type });
    choose.value = "";
  });
  const items = make("div", "drawer-items");
  items.append(
    choose,
    item("sample", LANDSCAPE, async () => {
      send("photo", { data: await base64(await samplePhoto()), content_type: "image/jpeg" });
    }),
    item("photo", CAMERA, () => choose.click()),
    item("voice", MICROPHONE, () => drawer.replaceChildren(voiceForm(phone, send))),
    item("location", PIN, () => send("location", { ...PLACE, label: word("place") })),
  );
  drawer.append(items);
}

function item(key, path, onPress) {
  const node = button(`drawer-item ${key}`, "", onPress);
  node.append(icon(path), make("span", "", word(key)));
  return node;
}

function voiceForm(phone, send) {
  const form = make("form", "voice-form");
  const input = make("input");
  input.name = "voice";
  input.placeholder = word("voiceWords");
  input.setAttribute("aria-label", word("voiceWords"));
  const go = make("button", "send", word("voiceSend"));
  const bare = button("quiet", word("voiceBare"), () => send("voice", { data: SILENCE }));
  form.append(input, go, ...(phone.channel === "wechat" ? [bare] : []));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send("voice", { data: SILENCE, recognition: input.value });
  });
  queueMicrotask(() => input.focus());
  return form;
}

function samplePhoto() {
  const canvas = make("canvas");
  canvas.width = 640;
  canvas.height = 420;
  const paint = canvas.getContext("2d");
  const rectangle = (colour, ...box) => { paint.fillStyle = colour; paint.fillRect(...box); };
  rectangle("#cfdbe4", 0, 0, 640, 420);
  rectangle("#e9e4d8", 0, 270, 640, 150);
  rectangle("#8a9aa8", 60, 90, 520, 190);
  for (let n = 0; n < 4; n += 1) rectangle(n === 1 ? "#f4d98b" : "#dbe6ee", 84 + n * 124, 120, 100, 110);
  rectangle("#5c6b78", 60, 270, 520, 26);
  for (let n = 0; n < 9; n += 1) {
    paint.fillStyle = "#3c4a57";
    paint.beginPath();
    paint.arc(180 + n * 34, 316 + (n % 2) * 6, 11, 0, 7);
    paint.fill();
    rectangle("#3c4a57", 168 + n * 34, 328 + (n % 2) * 6, 24, 56);
  }
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
}

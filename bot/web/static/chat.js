// The web chat's script. The page works without it; with it nothing reloads, what is written while
// there is no network is kept and sent later, and photos, voice notes and places can be sent.
// Written for Chrome 60 and later (ES2017).
(function () {
  "use strict";

  const body = document.body;
  const byId = (id) => document.getElementById(id);
  const WORDS = JSON.parse(byId("words-said").textContent);
  const KEPT = "huiyin.outbox";
  const LANGUAGE = body.dataset.language;
  const SMOOTH = 1600; // pixels: the longer side of a photo that is sent
  let after = Number(body.dataset.after);
  let scene = body.dataset.scene;
  let outbox = [];
  let sending = false;
  let listening = false;
  let ending = false;
  let tries = 0;

  document.documentElement.classList.add("script");

  // --- small things -----------------------------------------------------------------------------

  function newId() {
    const bytes = new Uint8Array(16);
    crypto.getRandomValues(bytes);
    return Array.from(bytes, (byte) => ("0" + byte.toString(16)).slice(-2)).join("");
  }

  function make(tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  }

  function say(words) {
    byId("line").textContent = words || "";
  }

  function later(seconds) {
    return new Promise((done) => setTimeout(done, seconds * 1000));
  }

  function isNearEnd() {
    const root = document.documentElement;
    return root.scrollHeight - window.pageYOffset - window.innerHeight < 320;
  }

  function toEnd() {
    window.scrollTo(0, document.documentElement.scrollHeight);
  }

  // --- lines: drawn by the server, put in their places here --------------------------------------

  function apply(lines) {
    const follow = isNearEnd();
    for (const line of lines) {
      after = Math.max(after, line.change);
      const known = byId("m" + line.number);
      if (known && Number(known.dataset.change) >= line.change) continue;
      const holder = make("ol");
      holder.innerHTML = line.html; // escaped where it is made, bot/web/pages.py
      const node = holder.firstElementChild;
      if (known) known.parentNode.replaceChild(node, known);
      else place(node, line.number);
    }
    if (!lines.length) return;
    if (isAnswered()) think(false);
    tidy();
    if (follow) toEnd();
  }

  function place(node, number) {
    const list = byId("lines");
    let next = null;
    for (let at = list.lastElementChild; at; at = at.previousElementSibling) {
      if (Number(at.id.slice(1)) < number) break;
      next = at;
    }
    list.insertBefore(node, next);
  }

  // Choices above what was said last step back, but still work: they may be of another case.
  function tidy() {
    let past = false;
    for (let at = byId("lines").lastElementChild; at; at = at.previousElementSibling) {
      const form = at.querySelector("form.choices");
      if (form) form.classList.toggle("past", past);
      if (at.classList.contains("mine")) past = true;
    }
    byId("end").hidden = !byId("lines").children.length;
  }

  function isAnswered() {
    const last = byId("lines").lastElementChild;
    return Boolean(last) && !last.classList.contains("mine");
  }

  function think(on) {
    byId("thinking").textContent = on ? WORDS.thinking : "";
  }

  // --- what is not sent yet ------------------------------------------------------------------------

  function keep() {
    const lasting = outbox.filter((item) => !item.blob);
    const plain = lasting.map((item) => ({ id: item.id, fields: item.fields, shown: item.shown }));
    try {
      localStorage.setItem(KEPT, JSON.stringify(plain));
    } catch (error) {
      // No room, or none allowed: then it is kept as long as the page is open.
    }
  }

  function restore() {
    try {
      for (const item of JSON.parse(localStorage.getItem(KEPT) || "[]")) put(item);
    } catch (error) {
      localStorage.removeItem(KEPT);
    }
  }

  function put(item) {
    const node = make("li", "said mine");
    node.appendChild(make("span", "who", WORDS.me));
    const bubble = make("div", "bubble");
    if (item.preview) bubble.appendChild(item.preview);
    if (item.shown) bubble.appendChild(make("p", "", item.shown));
    item.state = make("span", "state");
    node.appendChild(bubble);
    node.appendChild(item.state);
    byId("pending").appendChild(node);
    item.node = node;
    outbox.push(item);
    show(item, navigator.onLine ? WORDS.sending : WORDS.pending);
  }

  function show(item, words, bad) {
    item.state.className = bad ? "state bad" : "state";
    item.state.textContent = words;
  }

  function drop(item) {
    outbox = outbox.filter((other) => other !== item);
    item.node.parentNode.removeChild(item.node);
    if (item.form) delete item.form.dataset.busy;
    keep();
  }

  function enqueue(fields, shown, more) {
    const item = Object.assign({ id: newId(), fields: fields, shown: shown }, more);
    const arrives = scene && !item.blob; // a photo alone does not say what the place is about
    if (arrives) item.fields.scene = scene;
    if (arrives) scene = "";
    put(item);
    keep();
    if (!scene) greet();
    toEnd();
    flush();
  }

  // The page stands for the conversation now: what greeted is put away, a reload shows what was said.
  function greet() {
    byId("greeting").textContent = "";
    byId("tray").textContent = "";
    document.querySelector("#composer [name=scene]").value = "";
    if (location.pathname !== "/chat") history.replaceState(null, "", "/chat");
  }

  function next() {
    return outbox.find((item) => !item.refused);
  }

  // One after the other, so that they arrive in the order they were said.
  async function flush() {
    if (sending) return;
    sending = true;
    for (let item = next(); item; item = next()) {
      show(item, item.blob ? WORDS.uploading : WORDS.sending);
      const done = await (item.blob ? upload(item) : post(item));
      if (done.lines) {
        tries = 0;
        say(item.hint);
        drop(item);
        apply(done.lines);
        think(!isAnswered());
        listen();
      } else if (done.final) {
        refuse(item, done.final);
      } else {
        show(item, WORDS.pending);
        say(done.words || (navigator.onLine ? WORDS.slow : WORDS.offline));
        tries += 1;
        await Promise.race([later(Math.min(2 * tries, 20)), online()]);
      }
    }
    sending = false;
  }

  function online() {
    return new Promise((done) => window.addEventListener("online", done, { once: true }));
  }

  function refuse(item, words) {
    item.refused = true;
    show(item, words, true);
    const again = make("button", "", WORDS.again);
    const away = make("button", "", WORDS.drop);
    again.onclick = () => {
      item.refused = false;
      flush();
    };
    away.onclick = () => {
      drop(item);
      flush();
    };
    item.state.appendChild(again);
    item.state.appendChild(away);
  }

  // What came of it: the new lines, or final words, or neither: then it is tried again.
  function outcome(status, text) {
    if (status === 200) return JSON.parse(text);
    if (status === 410) {
      localStorage.removeItem(KEPT);
      location.reload();
    }
    const final = { 400: WORDS.unreadable, 401: WORDS.no_cookie, 403: WORDS.failed, 413: WORDS.too_big, 415: WORDS.unknown_kind };
    if (final[status]) return { final: final[status] };
    return { words: status === 429 ? WORDS.too_fast : status ? WORDS.busy : "" };
  }

  function request(url, content, seconds, onProgress) {
    return new Promise((done) => {
      const call = new XMLHttpRequest();
      call.open("POST", url);
      if (typeof content === "string") call.setRequestHeader("Content-Type", "application/json");
      call.timeout = seconds * 1000;
      call.onload = () => done(outcome(call.status, call.responseText));
      call.onerror = call.ontimeout = call.onabort = () => done({});
      if (onProgress) call.upload.onprogress = onProgress;
      call.send(content);
    });
  }

  function post(item) {
    return request("/chat/messages", JSON.stringify(Object.assign({ id: item.id, after: after }, item.fields)), 30);
  }

  function upload(item) {
    const form = new FormData();
    form.append("id", item.id);
    form.append("file", item.blob, "file");
    const bar = make("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", WORDS.uploading);
    item.state.appendChild(bar);
    return request("/chat/files?after=" + after, form, 600, (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    });
  }

  // --- what comes from the other side --------------------------------------------------------------

  function question() {
    return "after=" + after + "&language=" + LANGUAGE;
  }

  function listen() {
    if (listening) return;
    listening = true;
    if (!window.EventSource) {
      ask();
      return;
    }
    const source = new EventSource("/chat/events?" + question());
    // Some proxies hold events back: who hears no hello asks instead.
    const silence = setTimeout(() => {
      source.close();
      ask();
    }, 12000);
    source.addEventListener("hello", () => clearTimeout(silence));
    source.addEventListener("ended", () => {
      if (!ending) location.reload(); // it was ended on another page
    });
    source.onmessage = (event) => apply([JSON.parse(event.data)]);
    source.onerror = () => {
      if (source.readyState !== 2) return; // it connects again by itself
      clearTimeout(silence);
      ask();
    };
  }

  async function ask() {
    let wait = 20;
    for (;;) {
      try {
        const answer = await fetch("/chat/messages?wait=" + wait + "&" + question(), { credentials: "same-origin" });
        if (answer.status === 410) return;
        if (!answer.ok) throw new Error(String(answer.status));
        apply((await answer.json()).lines);
        wait = 20;
      } catch (error) {
        await later(5);
      }
    }
  }

  // --- what people do --------------------------------------------------------------------------------

  const words = byId("words");

  function fit() {
    words.style.height = "auto";
    words.style.height = words.scrollHeight + 2 + "px";
  }

  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = words.value.trim();
    if (!text) return;
    words.value = "";
    fit();
    enqueue({ text: text }, text);
    words.focus();
  });
  words.addEventListener("input", fit);
  words.addEventListener("keydown", (event) => {
    const isTyped = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (!isTyped || !window.matchMedia("(hover: hover)").matches) return;
    event.preventDefault();
    byId("send").click();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest(".choices button, .card button");
    if (!button) return;
    event.preventDefault();
    const form = button.form;
    if (form.dataset.busy) return; // tapped twice
    form.dataset.busy = "1";
    const fields = {};
    fields[button.name] = button.value;
    const inTray = byId("tray").contains(form);
    enqueue(fields, button.textContent, { form: form });
    if (inTray) byId("log").focus({ preventScroll: true }); // the field would open the keyboard
  });

  document.querySelector("#end form").addEventListener("submit", () => {
    ending = true;
    localStorage.removeItem(KEPT);
  });

  byId("attach").addEventListener("click", () => {
    const drawer = byId("drawer");
    drawer.hidden = !drawer.hidden;
    byId("attach").setAttribute("aria-expanded", String(!drawer.hidden));
  });

  function closeDrawer() {
    byId("drawer").hidden = true;
    byId("attach").setAttribute("aria-expanded", "false");
  }

  // --- photos ------------------------------------------------------------------------------------------

  byId("photo").addEventListener("change", async (event) => {
    const file = event.target.files[0];
    event.target.value = "";
    if (!file) return;
    closeDrawer();
    const blob = await smaller(file);
    const preview = make("img");
    preview.alt = WORDS.photo_of_mine;
    preview.src = URL.createObjectURL(blob);
    enqueue({}, "", { blob: blob, preview: preview });
  });

  // A photo small enough for a slow network. Old browsers would turn it: they send it as it is.
  async function smaller(file) {
    const turns = window.CSS && CSS.supports && CSS.supports("image-orientation", "from-image");
    if (!turns || file.size < 300000 || file.type === "image/gif") return file;
    const image = make("img");
    const loaded = new Promise((done, failed) => {
      image.onload = done;
      image.onerror = failed;
    });
    image.src = URL.createObjectURL(file);
    try {
      await loaded;
      const share = Math.min(1, SMOOTH / Math.max(image.naturalWidth, image.naturalHeight));
      const canvas = make("canvas");
      canvas.width = Math.round(image.naturalWidth * share);
      canvas.height = Math.round(image.naturalHeight * share);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
      return blob && blob.size < file.size ? blob : file;
    } catch (error) {
      return file;
    } finally {
      URL.revokeObjectURL(image.src);
    }
  }

  // --- voice notes -----------------------------------------------------------------------------------

  let recorder = null;
  let clock = 0;

  byId("voice").hidden = !(window.MediaRecorder && navigator.mediaDevices);
  byId("voice").addEventListener("click", async () => {
    closeDrawer();
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      record(stream);
    } catch (error) {
      say(WORDS.voice_refused);
    }
  });

  function record(stream) {
    const pieces = [];
    let seconds = 0;
    recorder = new MediaRecorder(stream);
    recorder.ondataavailable = (event) => pieces.push(event.data);
    recorder.onstop = () => {
      clearInterval(clock);
      for (const track of stream.getTracks()) track.stop();
      byId("recorder").hidden = true;
      byId("composer").hidden = false;
      words.focus();
      if (recorder.wanted && pieces.length) {
        const blob = new Blob(pieces, { type: recorder.mimeType });
        enqueue({}, WORDS.voice_sent, { blob: blob, hint: WORDS.voice_hint });
      }
    };
    clock = setInterval(() => {
      seconds += 1;
      byId("recorded").textContent = WORDS.recording + " " + seconds + " s";
      if (seconds >= 180) stop(true);
    }, 1000);
    byId("recorder").hidden = false;
    byId("composer").hidden = true;
    recorder.start();
    byId("stop").focus();
  }

  function stop(wanted) {
    if (!recorder || recorder.state === "inactive") return;
    recorder.wanted = wanted;
    recorder.stop();
  }

  byId("stop").addEventListener("click", () => stop(true));
  byId("cancel").addEventListener("click", () => stop(false));

  // --- the place, only when asked for by a tap -------------------------------------------------------

  byId("place").hidden = !navigator.geolocation;
  byId("place").addEventListener("click", () => {
    closeDrawer();
    say(WORDS.place_asking);
    navigator.geolocation.getCurrentPosition(
      (found) => {
        say("");
        const at = { latitude: found.coords.latitude, longitude: found.coords.longitude };
        const shown = at.latitude.toFixed(5) + ", " + at.longitude.toFixed(5);
        enqueue(at, WORDS.place_sent.replace("{place}", shown));
      },
      () => say(WORDS.place_refused),
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 }
    );
  });

  // --- the network comes and goes --------------------------------------------------------------------

  window.addEventListener("offline", () => say(WORDS.offline));
  window.addEventListener("online", () => {
    say(outbox.length ? "" : WORDS.online);
    if (!outbox.length) setTimeout(() => say(""), 4000);
    flush();
  });

  tidy();
  restore();
  if (byId("lines").children.length) {
    listen();
    toEnd();
  }
  if (outbox.length) {
    greet();
    flush();
  }
  body.classList.add("ready");
})();

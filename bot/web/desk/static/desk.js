/* The entry page without which it works too: suggestions, a kept draft, keys, a known number. */
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("script");
  const KEPT = "huiyin-desk";
  const form = document.querySelector("form.entry");
  if (document.querySelector("[data-done]")) sessionStorage.removeItem(KEPT);
  if (!form) return;
  const words = form.dataset;
  const field = (name) => form.elements[name];
  const live = document.getElementById("live");
  const tell = (text) => { live.textContent = text; };
  const ask = (path, options = {}) => fetch(path, {
    credentials: "same-origin", headers: { Accept: "application/json", ...options.headers }, ...options,
  }).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)));

  // --- the draft: kept in this tab only, gone when it is closed or sent
  const NAMES = ["id", "source", "kind", "grade", "unit", "unit_id", "what", "when", "badge", "phone"];
  const keep = () => {
    const draft = { news: field("news").checked };
    NAMES.forEach((name) => { draft[name] = field(name) ? field(name).value : ""; });
    sessionStorage.setItem(KEPT, JSON.stringify(draft));
    tell(words.saved);
  };
  const restore = () => {
    const draft = JSON.parse(sessionStorage.getItem(KEPT) || "null");
    if (!draft || form.dataset.filled) return;
    NAMES.forEach((name) => { if (field(name) && draft[name]) field(name).value = draft[name]; });
    field("news").checked = draft.news;
    if (draft.what) tell(words.restored);
  };
  restore();
  let waiting = 0;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(keep, 300); });
  form.addEventListener("reset", () => sessionStorage.removeItem(KEPT));

  // --- units as they are typed
  const unit = field("unit");
  const list = document.getElementById("units");
  let chosen = -1, asked = 0, found = [];
  const close = () => {
    list.hidden = true; chosen = -1;
    unit.setAttribute("aria-expanded", "false"); unit.removeAttribute("aria-activedescendant");
  };
  const take = (place) => {
    unit.value = found[place].label; field("unit_id").value = found[place].id; close(); keep();
  };
  const mark = (place) => {
    chosen = (place + found.length) % found.length;
    [...list.children].forEach((each, n) => each.setAttribute("aria-selected", String(n === chosen)));
    unit.setAttribute("aria-activedescendant", `unit-${chosen}`);
  };
  const show = (units) => {
    found = units; list.textContent = "";
    if (!units.length) { close(); return; }
    units.forEach((each, n) => {
      const item = document.createElement("li");
      item.id = `unit-${n}`; item.setAttribute("role", "option"); item.setAttribute("aria-selected", "false");
      item.textContent = each.label;
      item.addEventListener("mousedown", (event) => { event.preventDefault(); take(n); });
      list.append(item);
    });
    list.hidden = false; chosen = -1; unit.setAttribute("aria-expanded", "true");
  };
  unit.setAttribute("role", "combobox"); unit.setAttribute("aria-autocomplete", "list");
  unit.setAttribute("aria-controls", "units"); unit.setAttribute("aria-expanded", "false");
  unit.addEventListener("input", () => {
    field("unit_id").value = "";
    const mine = ++asked, said = unit.value.trim();
    if (said.length < 2) { close(); return; }
    setTimeout(() => {
      if (mine !== asked) return;
      ask(`/desk/units?q=${encodeURIComponent(said)}`)
        .then((answer) => { if (mine === asked && document.activeElement === unit) show(answer.units); })
        .catch(close);
    }, 150);
  });
  unit.addEventListener("blur", () => { asked += 1; close(); });
  unit.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") { event.preventDefault(); mark(chosen + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); mark(chosen - 1); }
    else if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); take(chosen); }
    else if (event.key === "Escape") { event.preventDefault(); close(); }
  });

  // --- a number that has an open case already
  field("phone").addEventListener("change", () => {
    const box = document.getElementById("known"), body = new FormData();
    body.set("proof", field("proof").value); body.set("phone", field("phone").value);
    ask("/desk/phone", { method: "POST", body }).then((answer) => {
      box.textContent = answer.sentence; box.hidden = !answer.sentence; field("seen").value = answer.seen;
    }).catch(() => { box.hidden = true; });
  });

  // --- keys, and one sending
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
    if (event.altKey && /^[1-6]$/.test(event.key)) {
      const kinds = form.querySelectorAll("[name=kind]"), one = kinds[Number(event.key) - 1];
      if (one) { event.preventDefault(); one.checked = true; keep(); }
    }
  });
  form.addEventListener("submit", (event) => {
    keep();
    if (!navigator.onLine) { event.preventDefault(); tell(words.offline); return; }
    const button = form.querySelector(".main");
    setTimeout(() => { button.disabled = true; }, 0);
    setTimeout(() => { button.disabled = false; }, 8000);
    tell(words.sending);
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) form.querySelector(".main").disabled = false; });
})();

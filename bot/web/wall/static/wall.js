"use strict";
/* The stream, the clock, and what is said when figures stop coming. The time is the server's: the
   clock of the computer behind a wall is often wrong. */
(() => {
  const { words, fill, draw, fires, clear } = window.wallPanels;
  const at = (id) => document.getElementById(id);
  /* Milliseconds: without a beat the connection counts as lost, is made anew, or was refused. */
  const SILENT = 12000, DEAD = 30000, STALE = 60000, SOON = 3 * 86400000, BEIJING = 8 * 3600000;
  const RELOADED = "huiyin-wall-reloaded", RELOAD_AFTER = 600000;
  const FULL = 90000;
  let waiting = 0, lostAt = null;
  let stream = null, board = null, beat = null, heard = performance.now(), ahead = null, ended = false;

  const now = () => (ahead === null ? Date.now() : performance.now() + ahead);
  const two = (n) => String(n).padStart(2, "0");
  const local = (moment) => new Date(moment + BEIJING);
  const minute = (moment) => `${two(local(moment).getUTCHours())}:${two(local(moment).getUTCMinutes())}`;
  const second = (moment) => `${minute(moment)}:${two(local(moment).getUTCSeconds())}`;
  const dated = (moment) => fill("date", { month: local(moment).getUTCMonth() + 1, day: local(moment).getUTCDate() });

  function connect() {
    if (ended) return;
    clearTimeout(waiting);
    if (stream) stream.close();
    heard = performance.now();
    stream = new EventSource("/wall/events");
    stream.addEventListener("board", (event) => {
      board = JSON.parse(event.data);
      document.querySelector("main").hidden = document.querySelector("footer").hidden = false;
      draw(board, now());
    });
    stream.addEventListener("beat", (event) => hear(JSON.parse(event.data)));
    stream.addEventListener("full", () => document.body.classList.add("full"));
    stream.addEventListener("over", end);
    stream.addEventListener("error", () => {
      if (stream.readyState === EventSource.CLOSED) later();  // a proxy's error page: it will not try again
    });
  }

  function later() {
    stream.close();
    waiting = setTimeout(connect, 5000 + Math.random() * 10000);
  }

  function hear(said) {
    beat = said;
    heard = performance.now();
    ahead = Date.parse(said.now) - heard;
    document.body.classList.remove("full");
    if (said.version !== document.body.dataset.version) renew();
    tick();
  }

  /* The gateway has a newer page; not again and again while two versions answer in turn. */
  function renew() {
    const last = Number(sessionStorage.getItem(RELOADED) || 0);
    if (Date.now() - last < RELOAD_AFTER) return;
    sessionStorage.setItem(RELOADED, String(Date.now()));
    location.reload();
  }

  /* Nothing of the figures stays on the screen. */
  function end() {
    ended = true;
    stream.close();
    board = null;
    clear();
    at("over").hidden = false;
    at("unit").textContent = at("state").textContent = "";
    document.querySelector("footer").hidden = true;
  }

  function tick() {
    const moment = now(), today = local(moment), silent = performance.now() - heard;
    at("time").textContent = minute(moment);
    at("day").textContent = `${dated(moment)} ${words.weekdays.split(" ")[today.getUTCDay()]}`;
    if (ended) return;
    if (beat) tell(moment, silent);
    else if (document.body.classList.contains("full")) at("state").textContent = words.full;
    if (silent > (document.body.classList.contains("full") ? FULL : DEAD)) connect();
  }

  function tell(moment, silent) {
    if (silent > SILENT) lostAt = lostAt || Date.parse(beat.now);
    else if (lostAt !== null && Date.parse(beat.now) > lostAt) lostAt = null;
    const asOf = beat.as_of ? Date.parse(beat.as_of) : null;
    const stale = asOf !== null && Date.parse(beat.now) - asOf > STALE;
    const classes = document.body.classList;
    classes.toggle("lost", lostAt !== null);
    classes.toggle("stale", lostAt === null && stale);
    at("state").textContent = classes.contains("full") ? words.full
      : lostAt !== null ? fill("lost", { time: minute(lostAt) })
      : stale ? fill("stale", { time: minute(asOf) })
      : board ? "" : at("state").textContent;
    at("as-of").textContent = asOf === null ? "" : fill("as_of", { time: second(asOf) });
    until(moment);
  }

  function until(moment) {
    const ends = Date.parse(beat.until), soon = ends - moment < SOON;
    at("until").textContent = fill(soon ? "closing" : "until", { date: dated(ends) });
    at("until").classList.toggle("soon", soon);
  }

  connect();
  tick();
  setInterval(tick, 1000);
  setInterval(() => board && fires(board, now()), 10000);
  addEventListener("resize", () => board && draw(board, now()));
})();

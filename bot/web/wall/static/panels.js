"use strict";
/* What each panel shows of a snapshot. Whatever comes from outside is put in as text, never as HTML. */
(() => {
  const words = JSON.parse(document.getElementById("words").textContent);
  const at = (id) => document.getElementById(id);
  const MOST_WAYS = 6, ONE_COLUMN = 7, FEW = 4, TURN = 15000;
  let pages = [], page = 0;

  const fill = (key, gaps) => words[key].replace(/\{(\w+)\}/g, (_, name) => gaps[name]);
  const number = (n) => n.toLocaleString("en");
  const chinese = document.documentElement.lang !== "en";
  /* How many, as long as that is short: 8,773 条, 12.3 万条. */
  const count = (n) => (n < 100000 ? fill("count", { n: number(n) })
    : fill("count_many", { n: (n / (chinese ? 10000 : 1000)).toFixed(chinese ? 1 : 0) }));
  const unit = () => parseFloat(getComputedStyle(document.body).fontSize) / 2.6;

  function make(tag, name, text) {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  /* A share with its n and interval, or that there are too few; nothing that may be shown is a dash. */
  function rate(figure, withInterval) {
    const made = make("p", figure.percent ? "rate" : "rate few");
    if (!figure.n) made.append("—");
    else if (!figure.percent) made.append(words.few, make("small", "", count(figure.n)));
    else {
      made.append(make("strong", "", figure.percent), make("small", "", count(figure.n)));
      if (withInterval) made.append(make("small", "interval", figure.interval));
    }
    return made;
  }

  const channel = (way) => words[`channel_${way.channel}`] || words.channel_other;
  const how = (way) => words[`way_${way.way}`] || way.way;
  const called = (way) => (way.channel === "desk" ? how(way) : fill("called", { channel: channel(way), way: how(way) }));

  function ways(board) {
    const rows = board.ways.slice(0, MOST_WAYS).map((way) => {
      const row = make("div", "way"), desk = way.channel === "desk";
      row.dataset.way = `${way.channel}/${way.way}`;
      const name = make("b", "", desk ? how(way) : channel(way));
      if (!desk) name.append(make("small", "", how(way)));
      row.append(name, rate(way.today, true), rate(way.month, true));
      return row;
    });
    if (!rows.length) rows.push(make("p", "way calm", words.no_ratings));
    at("way-rows").replaceChildren(...rows);
    const others = board.ways.slice(MOST_WAYS);
    const n = board.ways.slice(0, MOST_WAYS).reduce((left, way) => left - way.month.n, board.month_count);
    at("way-rest").textContent = others.length && n > 0 ? fill("more_ways", { ways: others.length, n: number(n) }) : "";
  }

  function trend(board) {
    const main = board.ways[0];
    at("trend-by").textContent = main ? fill("trend_by", { way: called(main) }) : "";
    if (!window.wallChart(at("chart"), board.trend, unit())) at("chart").append(make("p", "calm", words.no_trend));
  }

  function tile(below, withInterval) {
    const made = make("div", "tile"), figure = rate(below.rate, withInterval);
    const arrow = below.trend && make("span", below.trend, below.trend === "up" ? "▲" : "▼");
    if (arrow && withInterval) figure.querySelector("strong").append(arrow);
    made.append(make("b", "", below.label), figure);
    if (arrow && !withInterval) made.append(arrow);
    return made;
  }

  function tiles(board) {
    const some = board.below.length > 0, place = at("tiles");
    at("middle").hidden = !some;
    document.querySelector("main").classList.toggle("narrow", !some);
    at("below-by").textContent = some && board.ways[0] ? fill("below_by", { way: called(board.ways[0]) }) : "";
    const one = board.below.length <= ONE_COLUMN;
    const rows = one ? Math.max(board.below.length, 1) : Math.max(1, Math.floor(place.clientHeight / (9.4 * unit())));
    const fit = one ? rows : rows * 2, shown = one ? rows : Math.min(rows, Math.ceil(board.below.length / 2));
    const tall = board.below.length <= FEW;
    place.className = one ? (tall ? "one tall" : "one") : "two";
    place.style.gridTemplateColumns = one ? "minmax(0, 1fr)" : "repeat(2, minmax(0, 1fr))";
    place.style.gridTemplateRows = `repeat(${shown}, minmax(0, ${(tall ? 24 : 13) * unit()}px))`;
    pages = [];
    for (let from = 0; from < board.below.length; from += fit) {
      pages.push(board.below.slice(from, from + fit).map((each) => tile(each, one)));
    }
    turn(0);
  }

  /* More units than fit are shown in turn. */
  function turn(step) {
    if (!pages.length) return at("tiles").replaceChildren();
    page = (page + step) % pages.length;
    at("tiles").replaceChildren(...pages[page]);
    at("below-page").textContent = pages.length > 1 ? fill("page", { page: page + 1, pages: pages.length }) : "";
  }
  setInterval(() => pages.length > 1 && turn(1), TURN);

  function cases(board) {
    const { open, merged } = board.cases;
    at("open").textContent = fill(merged ? "merged" : "open", { n: number(open), merged: number(merged) });
    for (const name of ["opened", "closed", "new", "accepted", "waiting", "reviewing", "answered"]) {
      at(`n-${name}`).textContent = number(board.cases[name]);
    }
    at("n-late").textContent = number(board.late);
    at("n-late").parentNode.classList.toggle("some", board.late > 0);
  }

  /* 20 分, 3 小时 20 分, 2 天 3 小时, 12 天. */
  function span(milliseconds) {
    const minutes = Math.floor(milliseconds / 60000), hours = Math.floor(minutes / 60), days = Math.floor(hours / 24);
    const parts = days ? [["days", days], ["hours", days < 10 ? hours % 24 : 0]] : [["hours", hours], ["minutes", minutes % 60]];
    const said = parts.filter(([, n]) => n).map(([name, n]) => fill(name, { n }));
    return said.join(chinese ? "" : " ") || fill("minutes", { n: 0 });
  }

  function fire(each, now) {
    const left = Date.parse(each.due_at) - now, row = make("div", left < 0 ? "fire late" : "fire");
    const clock = words[`clock_${each.clock}`];
    row.append(make("span", each.number ? "no" : "no calm", each.number || words.hidden));
    const where = make("span", "", each.unit);
    if (clock) where.append(make("small", "", ` ${clock}`));
    row.append(where);
    row.append(make("span", "due", fill(left < 0 ? "late" : "soon", { time: span(Math.abs(left)) })));
    return row;
  }

  /* Called again as time goes on: how late they are moves by itself. */
  function fires(board, now) {
    const place = at("fires"), fit = Math.max(1, Math.floor(place.clientHeight / (4.3 * unit())));
    const rows = board.burning.slice(0, fit).map((each) => fire(each, now));
    const rest = board.late + board.soon - rows.length;
    place.replaceChildren(...(rows.length ? rows : [make("p", "calm", words.none_burning)]));
    at("fires-rest").textContent = rest > 0 ? fill("more_cases", { n: number(rest) }) : "";
  }

  function topics(board) {
    at("topics").hidden = !board.topics.length;
    at("topic-list").replaceChildren(...board.topics.map((each) => {
      const known = each.before !== null, made = make("p", "topic");
      if (known && each.count > each.before) made.classList.add("rising");
      made.append(make("span", "", each.label));
      made.append(make("b", "", known ? `${number(each.before)} → ${number(each.count)}` : number(each.count)));
      return made;
    }));
  }

  window.wallPanels = {
    words, fill, fires,
    clear() {
      pages = [];
      document.querySelector("main").remove();
    },
    draw(board, now) {
      at("unit").textContent = board.unit;
      document.title = board.unit;
      at("formula").textContent = document.documentElement.lang === "en" ? board.formula_en : board.formula;
      for (const panel of [ways, tiles, cases, topics, trend]) panel(board);
      fires(board, now);
    },
  };
})();

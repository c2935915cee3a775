// What is added to pages that are complete without a script. Nothing is hidden that it cannot show again.
"use strict";
const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const words = JSON.parse(one("#words")?.textContent ?? "{}");
const say = (key, values = {}) => (words["js-" + key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name]);
const article = one(".transcript");
// The kind and topics of notes, by id
const notedIn = (list = "") => new Map(list.split(";").map((line) => line.split(" ")).map(([id, kind, ...topics]) => ["n-" + id, { kind, topics }]));
const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};
const remember = {
  get: (key) => { try { return localStorage.getItem("sitegen-" + key); } catch { return null; } },
  set: (key, value) => { try { localStorage.setItem("sitegen-" + key, value); } catch { /* not allowed */ } },
};

// On a server, links need not name index.html.
if (location.protocol !== "file:") {
  for (const link of all('a[href*="index.html"]')) {
    if (link.origin === location.origin) link.pathname = link.pathname.replace(/\/index\.html$/, "/");
  }
}

// Folding, as in sitegen/folding.py (F1)
// folds: begin
const FOLDS = {
  "spaces": "\t\n\u000b\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000",
  "invisible": "\u00ad\u200b\u2060\ufeff",
  "dashes": "\\-\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d",
  "single": "'\u0060\u00b4\u02b9\u02bb\u02bc\u02bd\u2018\u2019\u201a\u201b\u2032\u2035\u2039\u203a\uff07",
  "double": "\"\u00ab\u00bb\u02ba\u201c-\u201f\u2033\u2036\u301d-\u301f\uff02",
  "ligatures": {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st"
  }
};
// folds: end
const gap = `[${FOLDS.spaces}]*`;
const ellipsis = `(?:\\u2026|\\.(?:${gap}\\.){2,})`;
const TYPOGRAPHIC = new RegExp(
  `(?<ellipsis>${gap}${ellipsis}(?:${gap}${ellipsis})*${gap})` +
  `|(?<dash>${gap}[${FOLDS.dashes}](?:${gap}[${FOLDS.dashes}])*${gap})|(?<space>[${FOLDS.spaces}]+)` +
  `|(?<double>[${FOLDS.single}]{2}|\\xab[\\xa0\\u202f]|[\\xa0\\u202f]\\xbb|[${FOLDS.double}])|(?<single>[${FOLDS.single}])` +
  "|(?<joiner>(?<=[A-Za-z\\xc0-\\u024f])\\u200c(?=[A-Za-z\\xc0-\\u024f]))", "gu");
const FORMS = { ellipsis: "\u2026", dash: "-", space: " ", double: '"', single: "'", joiner: "" };
const CLUSTER = new RegExp(`[^][\\p{M}\\u1161-\\u11ff${FOLDS.invisible}]*`, "gu");
const INVISIBLE = new RegExp(`[${FOLDS.invisible}]`, "gu");
const WORD = /[\p{L}\p{M}\p{Nd}]/u;
const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u;

// The folded text; where the characters of each begin and end
function fold(text) {
  const composed = rewrite(text, text.matchAll(CLUSTER), (match) =>
    match[0].replace(INVISIBLE, "").replace(/[\ufb00-\ufb06]/g, (c) => FOLDS.ligatures[c]).normalize("NFC"));
  const folded = rewrite(composed.text, composed.text.matchAll(TYPOGRAPHIC), (match) =>
    FORMS[Object.keys(match.groups).find((name) => match.groups[name] !== undefined)]);
  return {
    text: folded.text,
    starts: folded.starts.map((i) => composed.starts[i]),
    ends: folded.ends.map((i) => composed.ends[i - 1]),
  };
}

function rewrite(text, matches, form) {
  const pieces = [], starts = [], ends = [];
  let position = 0;
  const keep = (end) => {
    for (let i = position; i < end; i++) { starts.push(i); ends.push(i + 1); }
    pieces.push(text.slice(position, end));
  };
  for (const match of matches) {
    const end = match.index + match[0].length, made = form(match);
    if (made === match[0]) continue;
    keep(match.index);
    pieces.push(made);
    for (let i = 0; i < made.length; i++) { starts.push(match.index); ends.push(end); }
    position = end;
  }
  keep(text.length);
  return { text: pieces.join(""), starts, ends };
}

// Whether a word may begin or end here
function boundary(text, position) {
  const before = [...text.slice(Math.max(0, position - 2), position)].pop(), after = text.codePointAt(position);
  if (!before || after === undefined || !WORD.test(before) || !WORD.test(String.fromCodePoint(after))) return true;
  return UNSPACED.test(before) || UNSPACED.test(String.fromCodePoint(after));
}

// Every place of a quote, in the stream's own text
function occurrences(stream, quote) {
  const wanted = fold(quote).text.trim(), { text, starts, ends } = stream.folded, found = [];
  for (let at = wanted ? text.indexOf(wanted) : -1; at >= 0; at = text.indexOf(wanted, at + 1)) {
    const end = at + wanted.length;
    if (boundary(text, at) && boundary(text, end)) found.push(trimmed(stream.text, starts[at], ends[end - 1]));
  }
  return found;
}

function trimmed(text, start, end) {
  while (start < end && /\s/.test(text[start])) start++;
  while (start < end && /\s/.test(text[end - 1])) end--;
  return { start, end };
}

// Paragraphs of a turn joined by a blank line, turns by U+001D
function streamOf(turns) {
  const paragraphs = [];
  let text = "";
  turns.forEach((turn, number) => turn.paragraphs.forEach((paragraph, i) => {
    text += i ? "\n\n" : number ? "\x1d" : "";
    paragraphs.push({ ...paragraph, turn: turn.id, start: text.length, end: (text += paragraph.text).length });
  }));
  return { text, paragraphs, folded: fold(text) };
}

const paragraphAt = (stream, offset) => stream.paragraphs.findLast((paragraph) => paragraph.start <= offset);

// The quote by turns, and the least narrowing
function selectorFor(stream, start, end) {
  ({ start, end } = trimmed(stream.text, start, end));
  while (start > 0 && !boundary(stream.text, start)) start--;
  while (end < stream.text.length && !boundary(stream.text, end)) end++;
  const quotes = stream.text.slice(start, end).split("\x1d").map((part) => part.replace(/\s+/g, " ").trim()).filter(Boolean);
  if (!quotes.length) return null;
  const home = paragraphAt(stream, start), selector = { quote: quotes.length > 1 ? quotes : quotes[0], start, end, home };
  const places = occurrences(stream, quotes[0]);
  const others = places.filter((place) => place.start !== start);
  const inTurn = others.filter((place) => paragraphAt(stream, place.start).turn === home.turn);
  if (!others.length) {
    const bare = fold(quotes[0]).text;
    if (!UNSPACED.test(bare) && (bare.match(/[\p{L}\p{N}_]+(?:['-][\p{L}\p{N}_]+)*/gu) ?? []).length < 3) selector.at = home.turn;
  } else if (!inTurn.length) selector.at = home.turn;
  else if (quotes.length > 1 || !inTurn.some((place) => paragraphAt(stream, place.start).id === home.id)) selector.at = home.id;
  else Object.assign(selector, context(stream, start, end, others) ??
    { occurrence: `${places.findIndex((place) => place.start === start) + 1}/${places.length}` });
  return selector;
}

function context(stream, start, end, others) {
  const before = (at) => stream.text.slice(0, at).split("\x1d").pop();
  const after = (at) => stream.text.slice(at).split("\x1d")[0];
  const left = before(start).trim().split(/\s+/), right = after(end).trim().split(/\s+/);
  for (let count = 1; count <= 6; count++) {
    const prefix = left.slice(-count).join(" "), suffix = right.slice(0, count).join(" ");
    const folds = [fold(prefix).text.trim(), fold(suffix).text.trim()];
    if (prefix && !others.some((one) => fold(before(one.start)).text.trimEnd().endsWith(folds[0]))) return { prefix: prefix + " " };
    if (suffix && !others.some((one) => fold(after(one.end)).text.trimStart().startsWith(folds[1]))) return { suffix: " " + suffix };
  }
  return null;
}

function yamlOf(selector) {
  const quoted = JSON.stringify, { quote, at, prefix, suffix, occurrence } = selector;
  const lines = [Array.isArray(quote) ? ["- quote:", ...quote.map((part) => `    - ${quoted(part)}`)].join("\n") : `- quote: ${quoted(quote)}`];
  if (at) lines.push(`  at: ${at}`);
  if (prefix) lines.push(`  prefix: ${quoted(prefix)}`);
  if (suffix) lines.push(`  suffix: ${quoted(suffix)}`);
  if (occurrence) lines.push(`  occurrence: ${occurrence}`);
  return lines.join("\n") + "\n";
}

// Every page
async function copy(text) {
  let done = true;
  try { await navigator.clipboard.writeText(text); } catch {
    const area = make("textarea", { value: text });
    document.body.append(area);
    area.select();
    done = document.execCommand("copy");
    area.remove();
  }
  tell(say(done ? "copied" : "failed"));
  return done;
}

const toast = make("output", { className: "toast", hidden: true });
document.body.append(toast);
function tell(text) {
  toast.hidden = false;
  toast.textContent = text;
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => { toast.hidden = true; }, 4000);
}

document.documentElement.classList.add("scripted");
for (const element of all(".js")) element.hidden = false;
for (const block of all(".after pre")) {
  block.after(make("button", { type: "button", textContent: say("copy"), onclick: () => copy(block.textContent) }));
}
document.addEventListener("click", (event) => {
  for (const open of all(".jump details[open]")) if (!open.contains(event.target) || event.target.closest(".panel a")) open.open = false;
});
document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && one(".jump details[open]");
  if (open) { open.open = false; one("summary", open).focus(); }
});

// A transcript
if (article) {
  const turns = all(".turn", article), notes = all(".note", article), refs = all(".ref", article), marks = all("mark", article);
  const about = notedIn(article.dataset.noted);
  const byHash = (hash) => document.getElementById(decodeURIComponent(hash.slice(1)));
  const noteOf = (hash) => hash.startsWith("#n-") && byHash(hash);
  const idOf = (element) => element.hash ? decodeURIComponent(element.hash.slice(3)) : element.id.slice(2);
  let from = null; // the reference that a note was reached by, of several
  const refOf = (note) => from && idOf(from) === idOf(note) ? from : document.getElementById("r-" + idOf(note));
  const paragraphs = () => all(":is(.turn, .introduction) .para > :first-child[id]", article);
  const address = (id) => location.href.split(/[?#]/)[0] + (id ? "#" + encodeURIComponent(id) : "");
  const seen = (element) => { const box = element.getBoundingClientRect(); return box.height > 0 && box.top > 50 && box.top < innerHeight - 120; };

  // Reading options
  const panel = one(".options"), controls = panel ? all("input, select", panel) : [];
  const readState = () => new URLSearchParams(controls.flatMap((control) => {
    if (control.name === "kind") return control.checked ? [] : [["hide", control.value]];
    if (control.type === "radio") return control.checked && control.value !== "all" ? [["notes", control.value]] : [];
    const value = control.type === "checkbox" ? (control.checked ? "yes" : "") : control.value;
    return value ? [[control.name, value]] : [];
  }));
  const writeState = (state) => {
    for (const control of controls) {
      if (control.name === "kind") control.checked = !state.getAll("hide").includes(control.value);
      else if (control.type === "radio") control.checked = control.value === (state.get("notes") ?? "all");
      else if (control.type === "checkbox") control.checked = state.has(control.name);
      else {
        control.value = state.get(control.name);
        if (control.selectedIndex < 0) control.value = "";
      }
    }
    if (panel && !controls.some((control) => control.name === "notes" && control.checked)) one("#o-all").checked = true;
  };
  function applyOptions() {
    const state = readState(), hidden = new Set(state.getAll("hide")), topic = state.get("topic"), speaker = state.get("speaker");
    const out = new Set();
    for (const note of notes) {
      const { kind, topics } = about.get(note.id), wrong = hidden.has(kind) || Boolean(topic) && !topics.includes(topic);
      note.classList.toggle("out", wrong);
      if (wrong) out.add(idOf(note));
    }
    for (const ref of refs) ref.classList.toggle("out", out.has(idOf(ref)));
    for (const mark of marks) mark.classList.toggle("plain", mark.dataset.notes.split(" ").every((id) => out.has(id)));
    for (const turn of turns) turn.classList.toggle("dimmed", Boolean(speaker) && !turn.dataset.speaker.split(" ").includes(speaker));
    for (const size of ["large", "larger"]) document.documentElement.classList.toggle(size, state.get("size") === size);
    setSheets();
    const left = { key: ".key:not(.out)", none: ":not(*)" }[state.get("notes")] ?? ":not(.out)";
    if (panel) one("output", panel).textContent = say("shown", { n: notes.filter((note) => note.matches(left)).length, all: notes.length });
  }
  panel?.addEventListener("change", () => {
    applyOptions();
    const state = readState(), shared = new URLSearchParams(state);
    remember.set("options", state.toString());
    for (const own of ["keys", "size"]) shared.delete(own);
    try { history.replaceState(null, "", (shared.size ? "?" + shared : location.pathname) + location.hash); } catch { /* from disk */ }
  });
  panel && one("[name=reset]", panel).addEventListener("click", () => {
    writeState(new URLSearchParams());
    panel.dispatchEvent(new Event("change"));
  });

  // Notes
  const narrow = matchMedia("(max-width: 45em)");
  function setSheets(off) {
    const sheets = narrow.matches && !off && !one("#o-full")?.checked;
    for (const note of notes) sheets ? note.setAttribute("popover", "auto") : note.removeAttribute("popover");
  }
  function show(note) {
    const more = one("details", note);
    if (more) more.open = true;
    if (note.popover) note.showPopover();
    else if (!seen(note)) return false;
    note.tabIndex = -1;
    note.focus({ preventScroll: true });
    return true;
  }
  narrow.addEventListener("change", () => setSheets());
  addEventListener("beforeprint", () => setSheets(true));
  addEventListener("afterprint", () => setSheets());
  article.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const inside = link.closest(".note"), note = noteOf(link.hash), back = link.matches(".back");
    if (link.matches(".ref")) from = link;
    else if (back) from = byHash(link.hash);
    if (note && note !== inside && show(note)) event.preventDefault();
    else if (back) {
      if (inside.popover) inside.hidePopover();
      if (seen(from)) {
        event.preventDefault();
        from.focus({ preventScroll: true });
      }
    } else if (link.matches(".permalink, .label .acts a, .number")) copy(address(link.hash.slice(1)));
  });
  article.addEventListener("toggle", (event) => {
    if (event.newState === "closed" && event.target.matches(".note")) refOf(event.target)?.focus({ preventScroll: true });
  }, true);
  const openHash = () => {
    const note = noteOf(location.hash);
    if (note && show(note) && note.popover) refOf(note)?.scrollIntoView({ block: "center" });
  };
  addEventListener("hashchange", openHash);
  for (const kind of ["pointerover", "focusin"]) article.addEventListener(kind, (event) => {
    const near = event.target.closest(".note, .ref"), id = near && idOf(near);
    for (const mark of marks) mark.classList.toggle("lit", mark.dataset.notes.split(" ").includes(id));
  });

  // Progress and keys
  const last = (list) => {
    let low = 0, high = list.length;
    while (low < high) { const middle = (low + high) >> 1; list[middle].getBoundingClientRect().top <= innerHeight / 3 ? low = middle + 1 : high = middle; }
    return low;
  };
  const numbered = refs.filter((ref) => !ref.matches(".later"));
  // A new node would make the browser place all notes again; new text in one does not.
  const place = one(".progress .place")?.appendChild(new Text()), key = "place:" + location.pathname;
  let waiting = false;
  function progress() {
    waiting = false;
    const turn = last(turns), note = last(numbered);
    const text = say("place", { turn, turns: turns.length }) + (notes.length ? " · " + say("place-note", { note, notes: notes.length }) : "");
    if (place.data !== text) place.data = text;
    if (turn > 1) remember.set(key, turns[turn - 1].id);
  }
  const left = turns.findIndex((turn) => turn.id === remember.get(key));
  if (left > 0 && !location.hash && !location.search) {
    Object.assign(one(".progress .resume"), {
      hidden: false, href: "#" + turns[left].id, textContent: say("continue", { turn: left + 1 }), onclick: (event) => { event.target.hidden = true; },
    });
  }
  if (place && turns.length) {
    addEventListener("scroll", () => { if (!waiting) { waiting = true; setTimeout(progress, 150); } }, { passive: true });
    place.data = say("place", { turn: 1, turns: turns.length });
  }
  const go = (element) => {
    if (!element) return;
    element.scrollIntoView({ block: "start" });
    if (!element.matches("a")) element.tabIndex = -1;
    element.focus({ preventScroll: true });
  };
  const beyond = (list, step) => {
    const line = one(".jump").getBoundingClientRect().bottom + 32;
    const shown = list.filter((element) => element.getClientRects().length);
    const here = shown.indexOf(document.activeElement);
    if (here >= 0 && seen(shown[here])) return shown[here + step];
    return step > 0 ? shown.find((element) => element.getBoundingClientRect().top > line) : shown.findLast((element) => element.getBoundingClientRect().top < line - 24);
  };
  one(".next-note")?.addEventListener("click", (event) => {
    event.preventDefault();
    go(beyond(refs, 1));
  });
  const keys = {
    j: () => go(beyond(turns, 1)), k: () => go(beyond(turns, -1)), n: () => go(beyond(refs, 1)), p: () => go(beyond(refs, -1)),
    "[": () => one("[rel=prev]")?.click(), "]": () => one("[rel=next]")?.click(), "/": () => all("header.site nav a").pop().click(), "?": () => tell(say("keys")),
  };
  document.addEventListener("keydown", (event) => {
    const on = controls.some((control) => control.name === "keys" && control.checked);
    if (!on || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, [contenteditable]")) return;
    if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
  });

  // ?from=ID&to=ID
  const query = new URLSearchParams(location.search);
  if (query.has("from")) {
    const list = paragraphs(), find = (id, end) => {
      const element = id && document.getElementById(id);
      return element ? list[end ? "findLastIndex" : "findIndex"]((p) => element.contains(p)) : -1;
    };
    const first = find(query.get("from")), end = Math.max(first, find(query.get("to"), true));
    if (first >= 0) {
      for (const paragraph of list.slice(first, end + 1)) paragraph.parentElement.classList.add("in-range");
      if (!location.hash) list[first].scrollIntoView();
    }
  }

  // The selection menu
  let stream = null;
  const plain = (copied) => {
    for (const br of all("br", copied)) br.replaceWith("\n");
    return copied.textContent;
  };
  const readStream = () => streamOf(all(".turn, .introduction", article).map((block) => ({
    id: block.id || "intro",
    paragraphs: all(".para > :first-child[id]", block).map((element) => ({ id: element.id, element, text: plain(element.cloneNode(true)) })),
  })));
  function selected() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!range.intersectsNode(one(".text")) || !range.toString().trim()) return null;
    stream ??= readStream();
    const touched = stream.paragraphs.filter((paragraph) => range.intersectsNode(paragraph.element));
    const offset = (paragraph, node, position, missing) => {
      if (!paragraph.element.contains(node)) return missing;
      const before = new Range();
      before.selectNodeContents(paragraph.element);
      before.setEnd(node, position);
      return paragraph.start + plain(before.cloneContents()).length;
    };
    if (!touched.length) return null;
    const start = offset(touched[0], range.startContainer, range.startOffset, touched[0].start);
    const end = offset(touched.at(-1), range.endContainer, range.endOffset, touched.at(-1).end);
    const selector = start < end ? selectorFor(stream, start, end) : null;
    return selector && { selector, range, touched: touched.filter((p) => p.start < selector.end && p.end > selector.start) };
  }
  // A long passage, or one over a paragraph, is named by its first and last words: a browser takes the first
  // start from the top, and the first end after it.
  function passageLink(selector) {
    const { start, end, home } = selector, passage = stream.text.slice(start, end);
    const blocks = passage.split(/[\n\x1d]+/).map((block) => block.trim().split(/\s+/));
    const [opening, closing] = [blocks[0], blocks.at(-1)];
    const piece = (list) => encodeURIComponent(list.join(" ")).replace(/-/g, "%2D");
    const startsHere = (list) => occurrences(stream, list.join(" "))[0]?.start === start;
    const before = stream.text.slice(home.start, start).trim().split(/\s+/).filter(Boolean);
    const prefix = (list) => {
      if (startsHere(list)) return "";
      const count = before.findIndex((_, n) => occurrences(stream, [...before.slice(-n - 1), ...list].join(" "))[0]?.end >= start);
      return before.length ? piece(before.slice(count < 0 ? 0 : -count - 1)) + "-," : "";
    };
    let directive = prefix(opening) + piece(opening);
    if (blocks.length > 1 || passage.length > 300) {
      let first = 4, last = 4;
      while (first < opening.length && !startsHere(opening.slice(0, first))) first++;
      const endsHere = (list) => occurrences(stream, list.join(" ")).find((place) => place.start > start)?.end === end;
      while (last < closing.length && !endsHere(closing.slice(-last))) last++;
      const named = opening.slice(0, blocks.length > 1 ? first : Math.min(first, opening.length - 1));
      directive = `${prefix(named)}${piece(named)},${piece(closing.slice(-last))}`;
    }
    return `${address(home.id)}:~:text=${directive}`;
  }
  // The id of a new note, and the name of its file
  function noteId(selector) {
    const slug = [selector.quote].flat()[0].toLowerCase().replace(/['’]/g, "").split(/[^\p{L}\p{M}\p{Nd}]+/u);
    return [selector.home.turn, ...slug.filter(Boolean).slice(0, 6)].join("-");
  }
  function suggestion(selector) {
    const today = new Date().toISOString().slice(0, 10);
    const note = ["  kind: context", "  note: |", "    Two to five sentences.", "  # A source, without the signs at the start of the lines:", "  # sources:", "  #   - title:", "  #     url:"];
    return yamlOf(selector).replace(/^- /, `- id: ${noteId(selector)}\n  `) + note.join("\n") + "\n" + ("strict" in article.dataset ? `  author: ""\n  created: ${today}\n` : "");
  }
  function suggestAddress(selector) {
    const name = `annotations/${article.dataset.id}/${noteId(selector)}.yaml`;
    return `${article.dataset.new}?filename=${encodeURIComponent(name).replace(/%2F/g, "/")}&value=${encodeURIComponent(suggestion(selector))}`;
  }
  const menu = make("div", { className: "menu", popover: "manual", role: "group", ariaLabel: say("menu"), lang: document.documentElement.lang });
  function openMenu() {
    const found = selected();
    if (!found) return menu.remove();
    const { selector, range, touched } = found;
    const action = (name, onclick) => make("button", { type: "button", textContent: say(name), onclick });
    menu.replaceChildren(action("link", () => copy(passageLink(selector))));
    if (touched.length > 1) {
      const span = `?from=${encodeURIComponent(touched[0].id)}&to=${encodeURIComponent(touched.at(-1).id)}`;
      menu.append(action("range", () => copy(address("") + span)));
    }
    const speaker = one(".label b", touched[0].element.closest(".turn") ?? menu)?.textContent;
    const source = one(".citation").textContent.replace(/\s+/g, " ").trim();
    const quote = [selector.quote].flat().join(" … ");
    menu.append(
      action("cite", () => copy(`“${quote}” ${speaker ? `(${speaker}) ` : ""}– ${source} #${selector.home.id}`)),
      action("yaml", () => copy(yamlOf(selector))));
    if (article.dataset.new) {
      const href = suggestAddress(selector);
      if (href.length <= 6000) menu.append(make("a", { href, rel: "external", textContent: say("suggest") }));
      else menu.append(action("suggest", async () => {
        if (await copy(suggestion(selector))) tell(say("long"));
        open(`${article.dataset.new}?filename=annotations/${article.dataset.id}/${selector.home.turn}-note.yaml`, "_blank", "noopener");
      }));
    }
    touched.at(-1).element.after(menu);
    menu.showPopover();
    const box = range.getBoundingClientRect();
    menu.style.top = `${box.bottom + scrollY + 8}px`;
    menu.style.left = `${Math.max(16, Math.min(box.left, document.body.clientWidth - menu.offsetWidth - 16))}px`;
  }
  let soon = 0;
  document.addEventListener("selectionchange", () => {
    if (menu.contains(document.activeElement)) return;
    clearTimeout(soon);
    soon = setTimeout(openMenu, 250);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") menu.remove(); });

  const stored = new URLSearchParams(remember.get("options") ?? "");
  for (const [name, value] of query) stored.set(name, value);
  if (query.has("hide")) { stored.delete("hide"); for (const kind of query.getAll("hide")) stored.append("hide", kind); }
  writeState(stored);
  applyOptions();
  openHash();
}

// Search
const form = one("#search");
if (form) {
  const status = one("#found"), list = one("#results"), further = one("#further");
  let engine = null, results = [], shown = 0, run = 0;
  further.hidden = true;
  const choices = () => Object.fromEntries(all("select", form).filter((select) => select.value).map((select) => [select.name, select.value]));
  async function load() {
    if (location.protocol === "file:") throw new Error("from-disk");
    try {
      engine = await import(new URL(form.dataset.bundle, location.href).href);
      await engine.init();
    } catch { throw new Error("no-index"); }
  }
  async function search() {
    const mine = ++run, query = form.q.value.trim(), filters = choices();
    const state = new URLSearchParams([["q", query], ...Object.entries(filters)]);
    try { history.replaceState(null, "", "?" + state); } catch { /* from disk */ }
    list.replaceChildren();
    further.hidden = true;
    if (!query) { status.textContent = ""; return; }
    status.textContent = say("searching");
    list.ariaBusy = "true";
    try { if (!engine) await load(); } catch (error) { status.textContent = say(error.message); list.ariaBusy = "false"; return; }
    const found = await engine.search(query, { filters });
    if (mine !== run) return;
    results = found.results;
    shown = 0;
    await more(filters);
    status.textContent = list.children.length ? say("found", { n: results.length }) : say("nothing");
    list.ariaBusy = "false";
  }
  async function more(filters) {
    const mine = run;
    for (const result of results.slice(shown, shown + 10)) {
      const data = await result.data();
      if (mine !== run) return;
      const item = describe(data, filters);
      if (item) list.append(item);
    }
    shown += 10;
    further.hidden = shown >= results.length;
  }
  function describe(data, filters) {
    const noted = notedIn(data.meta.noted), places = data.anchors.filter((anchor) => /-p\w+$|^n-/.test(anchor.id)).sort((a, b) => a.location - b.location);
    const text = data.content.split(/\s+/), hits = new Map();
    for (const at of data.locations) {
      const anchor = places.findLast((place) => place.location <= at);
      if (!anchor) continue;
      const note = noted.get(anchor.id);
      if (filters.speaker && !`-${anchor.id}`.includes(`-${filters.speaker}-`)) continue;
      if (filters.kind && note?.kind !== filters.kind) continue;
      if (filters.topic && !note?.topics.includes(filters.topic)) continue;
      (hits.get(anchor.id) ?? hits.set(anchor.id, { anchor, note, at: [] }).get(anchor.id)).at.push(at);
    }
    if (!hits.size) return null;
    const inner = [...hits.values()].sort((a, b) => b.at.length - a.at.length).slice(0, 5).map(({ anchor, note, at }) => {
      const next = places.find((place) => place.location > anchor.location)?.location ?? text.length;
      const from = Math.max(anchor.location, at[0] - 12), to = Math.min(next, at[0] + 22);
      const link = make("a", { className: "locator", href: `${data.url}#${anchor.id}` });
      if (from > anchor.location) link.append("… ");
      for (let i = from; i < to; i++) link.append(at.includes(i) ? make("mark", { textContent: text[i] }) : text[i], " ");
      if (to < next) link.append("…");
      return make("li", {}, link, " ", make("span", { className: "where", textContent: note ? say("and-note") : anchor.id }));
    });
    return make("li", { className: "line" }, make("p", { className: "title" }, make("a", { href: data.url, textContent: data.meta.title })), make("p", { className: "where", textContent: data.meta.date ?? "" }), make("ul", {}, ...inner));
  }
  form.addEventListener("submit", (event) => { event.preventDefault(); search(); });
  form.addEventListener("change", search);
  one("button", further).addEventListener("click", () => more(choices()));
  const query = new URLSearchParams(location.search);
  form.q.value = query.get("q") ?? "";
  for (const select of all("select", form)) if (query.has(select.name)) select.value = query.get(select.name);
  form.q.focus();
  if (form.q.value) search();
}

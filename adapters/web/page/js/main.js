// Puts the page together and shows what the state says.

import { pressLine, say, send } from "./actions.js";
import { showForm } from "./dialogs.js";
import { segments } from "./dom.js";
import { keep, recall } from "./kept.js";
import { askPane, roomPane, threadPane } from "./panes.js";
import { sidebar } from "./sidebar.js";
import { draft, entriesIn, keepDraft, markRead, myDm, on, rootOf, state, unread } from "./state.js";
import { today } from "./today.js";
import { connect, restart } from "./wire.js";

const at = (id) => document.getElementById(id);
const [main, side, away] = [at("main"), at("side"), at("away")];
const narrow = matchMedia("(max-width: 820px)");
const FOLLOWS = 10_000; // ms after one's own press in which a thread that opens is one's own to follow

const bar = sidebar(at("sidebar"), at("tabs"), { go, pane: showPane });
let centre = null;
let beside = null;
let pressedAt = 0;

// --- where one is ----------------------------------------------------------------------------------------------------

function go(room) {
  if (room === myDm() && narrow.matches) return openThread(null);
  state.room = room;
  state.pane = room === "today" ? "today" : "room";
  place();
  centre.focus();
}

function openThread(thread) {
  state.thread = thread;
  state.pane = "side";
  place();
  beside.focus();
}

function closeThread() {
  const root = rootOf(state.thread);
  state.thread = null;
  if (narrow.matches) state.pane = state.room === "today" ? "today" : "room";
  place();
  const opener = root && main.querySelector(`[data-entry="${CSS.escape(root.id)}"] .replies`);
  (opener ?? centre).focus();
}

function showPane(name) {
  state.pane = name;
  place();
  if (name === "side") beside.focus();
}

/** Where one's own room is in the centre, it need not stand beside itself. */
const nothing = () => ({ element: "", place: null, title: "Ask", draw() {}, toEnd() {}, focus: () => centre.focus() });

/** Builds whichever pane is not the right one yet, and remembers where we are. */
function place() {
  if (state.room === myDm() && narrow.matches) Object.assign(state, { room: "today", pane: "side" });
  keep(`where.${state.me.key}`, { room: state.room, thread: state.thread });
  const room = state.places.find((one) => one.place === state.room);
  const who = `${state.me.key} ${state.room}`;
  if (centre?.key !== who) {
    centre = Object.assign(room ? roomPane(room, { openThread }) : today(), { key: who });
    main.replaceChildren(centre.element);
  }
  const kind = state.thread ?? (state.room === myDm() ? "nothing" : "ask");
  const other = `${state.me.key} ${kind}`;
  if (beside?.key !== other) {
    const made = state.thread ? threadPane(state.thread, { close: closeThread }) : kind === "ask" ? askPane({ openThread }) : nothing();
    beside = Object.assign(made, { key: other });
    side.replaceChildren(beside.element);
    side.setAttribute("aria-label", beside.title);
  }
  document.body.dataset.pane = state.pane;
  document.body.dataset.side = kind === "nothing" ? "none" : "shown";
  draw();
}

function draw() {
  if (!state.me) return;
  for (const place of visible()) markRead(place);
  centre.draw();
  beside.draw();
  bar.draw();
  const news = state.places.reduce((sum, one) => sum + unread(one.place), 0);
  document.title = news ? `(${news}) Loopcoach` : "Loopcoach";
}

/** The places that are being looked at. */
function visible() {
  if (document.hidden) return [];
  const inCentre = !narrow.matches || ["today", "room"].includes(state.pane);
  const inSide = narrow.matches ? state.pane === "side" : document.body.dataset.side === "shown";
  const there = state.room === "today" ? centre.showsNewest() && myDm() : state.room;
  const root = inSide && state.thread && rootOf(state.thread); // stands on top of its thread
  const above = root && entriesIn(root.place).at(-1) === root && root.place;
  return [inCentre && there, inSide && beside.place, above].filter(Boolean);
}

// --- what happens ----------------------------------------------------------------------------------------------------

on("welcome", () => {
  const { room = "today", thread = null } = recall(`where.${state.me.key}`, {});
  state.room = room === "today" || state.places.some((one) => one.place === room) ? room : "today";
  state.thread = thread && rootOf(thread) ? thread : null;
  state.pane = state.room === "today" ? "today" : "room";
  at("reviewer").textContent = state.reviewer;
  at("notice").textContent = state.notice;
  segments(at("levels"), "level", state.levels, recall(`level.${state.me.key}`, "sde2"), chooseLevel);
  centre = beside = null;
  place();
  centre.focus();
  beside.toEnd();
});

on("entries", ({ fresh }) => {
  const mine = fresh.find((entry) => entry.thread && entry.author.bot && entry.place === myDm());
  if (mine && Date.now() - pressedAt < FOLLOWS) return openThread(mine.thread);
  draw();
});

for (const topic of ["outbox", "sign"]) on(topic, draw);
on("outbox", () => {
  pressedAt = Date.now();
});

on("away", () => {
  away.hidden = !state.away;
  away.textContent = state.away ? "Loopcoach is not running; I try again every second. What you write is kept here." : "";
});

on("form", ({ answer, item }) => item && showForm(answer.form, item.message));

on("problem", ({ answer, item }) => {
  say(answer.text);
  if (!answer.retry && item?.message.type === "say")
    keepDraft(item.message.place, [item.message.text, draft(item.message.place)].filter(Boolean).join("\n"));
});

function chooseLevel(level) {
  keep(`level.${state.me.key}`, level);
  send(`settings level:${level}`);
}

function chooseView(view) {
  state.view = view;
  keep("view", view);
  restart();
}

segments(at("views"), "view", { web: "Web", slack: "as Slack", discord: "as Discord" }, state.view, chooseView);
at("preview").addEventListener("click", ({ currentTarget }) => {
  state.thread = null; // what comes lands in one's own room: there it is to be seen
  if (narrow.matches) state.pane = "side";
  place();
  pressLine(currentTarget, "preview");
});
document.addEventListener("visibilitychange", () => state.ready && draw());
narrow.addEventListener("change", () => state.ready && place());
setInterval(() => state.ready && state.signs.size && draw(), 5000);
connect();

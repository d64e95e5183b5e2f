// What was done and is not yet safe with Loopcoach. It lives in localStorage under its ids, goes out one at a time in
// order, and leaves only when the server has answered: `heard`, a form, errors, or a problem that is final.

import { uuid } from "./dom.js";
import { keep, recall } from "./kept.js";
import { state, tell } from "./state.js";

const KEY = "outbox";
const ADOPT_AFTER = 10_000; // ms: another tab's leftovers are ours then
const AGAIN_AFTER = 1500; // ms: the server could not store it

const tab = tabName();
const handlers = new Map();
let send = null; // the open connection's
let flying = null; // id of what was sent and not answered
let timer = null;

const all = () => recall(KEY, []);
const mine = () => all().filter((item) => item.as === state.me?.key && (item.tab === tab || Date.now() - item.since > ADOPT_AFTER));

/** Do it: now, or as soon as Loopcoach is there. `answers`: functions by type of answer. Returns the id. */
export function act(message, answers = {}) {
  const id = uuid();
  keep(KEY, [...all(), { as: state.me.key, tab, since: Date.now(), message: { ...message, id } }]);
  handlers.set(id, answers);
  tell("outbox");
  flush();
  return id;
}

/** What this person said and Loopcoach has not confirmed, oldest first. */
export const unsent = () => all().filter((item) => item.as === state.me?.key);

export const isUnsent = (id) => unsent().some((item) => item.message.id === id);

/** A connection is there: whatever waits goes out again. */
export function opened(sender) {
  send = sender;
  flying = null;
  flush();
}

export function closed() {
  send = null;
  flying = null;
  clearTimeout(timer);
}

/** The server answered something of ours. Returns the item it was about, and whether somebody had been waiting for it. */
export function answered(answer) {
  const item = all().find((one) => one.message.id === answer.id);
  if (answer.id === flying) flying = null;
  if (answer.type === "problem" && answer.retry) {
    const waiting = handlers.get(answer.id)?.waiting;
    waiting?.(answer);
    clearTimeout(timer);
    timer = setTimeout(flush, AGAIN_AFTER);
    return { item, handled: Boolean(waiting) };
  }
  keep(
    KEY,
    all().filter((one) => one.message.id !== answer.id),
  );
  const handler = handlers.get(answer.id);
  handlers.delete(answer.id);
  handler?.settled?.(answer);
  handler?.[answer.type]?.(answer, item);
  tell("outbox");
  flush();
  return { item, handled: Boolean(handler?.[answer.type]) };
}

/** The same across a reload, so that a tab goes on with its own leftovers at once. */
function tabName() {
  try {
    return (sessionStorage["loopcoach.tab"] ||= uuid());
  } catch {
    return uuid();
  }
}

setInterval(flush, ADOPT_AFTER);

function flush() {
  const next = mine()[0];
  if (!send || flying || !next) return;
  flying = next.message.id;
  send(next.message);
}

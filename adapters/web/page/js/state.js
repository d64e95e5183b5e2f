// What this window knows. Everything that is drawn is drawn from here.

import { keep, recall } from "./kept.js";

export const state = {
  me: null,
  people: [],
  places: [],
  commands: [],
  levels: {},
  free: true,
  version: null,
  away: true,
  ready: false,
  room: "today", // or a place
  thread: null, // the place of the open thread
  pane: "today", // of the narrow page: today, room, side, more
  view: recall("view", "web"),
  signs: new Map(), // place → {sign, until}
  last: 0,
};

const entries = new Map();
const listeners = new Map();

/** Calls `listener` whenever `topic` is told: entries, room, people, outbox, sign, away, welcome. */
export function on(topic, listener) {
  listeners.set(topic, [...(listeners.get(topic) ?? []), listener]);
}

export function tell(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

/** Takes entries in; an older version of one never replaces a newer. Returns those that were news. */
export function take(news) {
  const taken = news.filter((entry) => (entries.get(entry.id)?.seq ?? -1) < entry.seq);
  const fresh = taken.filter((entry) => !entries.has(entry.id));
  for (const entry of taken) {
    entries.set(entry.id, entry);
    state.last = Math.max(state.last, entry.seq);
  }
  return fresh;
}

export function forget() {
  entries.clear();
  state.last = 0;
}

export const entryOf = (id) => entries.get(id);

const inTime = (a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.seq - b.seq);

/** What was said in exactly this place, oldest first. Passing notes that were put away are not there any more. */
export function entriesIn(place) {
  return [...entries.values()].filter((entry) => entry.place === place && !(entry.gone && entry.audience === "passing")).sort(inTime);
}

export const everything = () => [...entries.values()].sort(inTime);

/** The entry that opened a thread. */
export const rootOf = (thread) => [...entries.values()].find((entry) => entry.thread === thread);

export const outside = (place) => place.split("/").slice(0, 3).join("/");

export const myDm = () => state.places.find((place) => place.kind === "dm")?.place;

export const roomName = (place) => {
  const room = state.places.find((known) => known.place === outside(place));
  return room ? (room.kind === "channel" ? `#${room.name}` : room.name) : "";
};

// --- what was read ------------------------------------------------------------------------------------------------

const readKey = () => `read.${state.me.key}`;

/** Everything up to now in this place was seen. */
export function markRead(place) {
  const read = recall(readKey(), {});
  const newest = entriesIn(place).at(-1)?.at;
  if (newest && newest > (read[place] ?? read["*"] ?? "")) keep(readKey(), { ...read, [place]: newest });
}

/** On a first visit nothing that is already there is new. */
export function startReading() {
  if (!recall(readKey())) keep(readKey(), { "*": everything().at(-1)?.at ?? "" });
}

export function unread(place) {
  const read = recall(readKey(), {});
  const since = read[place] ?? read["*"] ?? "";
  return entriesIn(place).filter((entry) => !entry.gone && entry.at > since && entry.author.key !== state.me.key).length;
}

// --- drafts: what was typed and not yet sent -------------------------------------------------------------------------

const draftKey = (name) => `draft.${state.me.key}.${name}`;
export const draft = (name) => recall(draftKey(name), "");
export const keepDraft = (name, value) => keep(draftKey(name), value);

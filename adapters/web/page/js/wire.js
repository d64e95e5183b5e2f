// The connection: says hello, comes back every second while Loopcoach is away, catches up by the last seq.

import { answered, closed, opened } from "./outbox.js";
import { erase, keep, recall } from "./kept.js";
import { forget, startReading, state, take, tell } from "./state.js";

const AGAIN = 1000; // ms
let socket = null;
let slow = null;

export function connect() {
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`);
  socket.onopen = () => hello(state.wanted ?? state.me?.key ?? recall("as"));
  socket.onmessage = ({ data }) => receive(JSON.parse(data));
  socket.onclose = lost;
  clearTimeout(slow);
  slow = setTimeout(() => state.away && tell("away"), 700);
}

/** Be this person and see through this view; also how a window becomes somebody else. */
export function hello(as) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  closed();
  socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify({ type: "hello", as, last: state.last, zone, view: state.view }));
}

/** Look again at everything, as somebody or through another view. */
export function restart(as = state.me.key) {
  state.wanted = as; // should the connection be away just now
  state.last = 0;
  hello(as);
}

function lost() {
  closed();
  const was = state.away;
  state.away = true;
  if (!was || state.ready) tell("away");
  if (!state.free) checkLogin();
  setTimeout(connect, AGAIN);
}

/** A cookie may have run out: then the page itself leads to the way in. */
async function checkLogin() {
  const answer = await fetch("/", { method: "HEAD", redirect: "manual" }).catch(() => null);
  if (answer?.type === "opaqueredirect") location.reload();
}

const receivers = {
  welcome(welcome) {
    if (state.version && state.version !== welcome.version) return location.reload();
    state.wanted = null;
    const same = state.me?.key === welcome.me.key;
    if (welcome.reset || !same) forget();
    Object.assign(state, {
      me: welcome.me,
      people: welcome.people,
      places: welcome.places,
      commands: welcome.commands,
      levels: welcome.levels,
      reviewer: welcome.reviewer,
      notice: welcome.notice,
      free: welcome.free,
      version: welcome.version,
    });
    keep("as", welcome.me.key);
    state.away = false;
    state.arriving = !same || !state.ready;
  },
  entries({ entries }) {
    take(entries);
    startReading();
    const arriving = state.arriving;
    state.arriving = false;
    state.ready = true;
    tell("away");
    if (arriving) tell("welcome");
    tell("entries", { fresh: [], all: true });
    opened((message) => socket.send(JSON.stringify(message)));
  },
  entry({ entry }) {
    if (!state.ready) return; // everything is on its way anyhow
    const fresh = take([entry]);
    if (entry.author.bot) state.signs.delete(entry.place);
    tell("entries", { fresh });
  },
  sign({ place, sign }) {
    state.signs.set(place, { sign, until: Date.now() + 15_000 });
    tell("sign", place);
  },
  erased({ person }) {
    if (person === state.me.key) {
      erase(person);
      state.ready = false; // the boxes on the page are emptied too
    }
    restart();
  },
  people({ people }) {
    state.people = people;
    tell("people");
  },
  heard: answered,
  errors: answered,
  form(answer) {
    const { item, handled } = answered(answer);
    if (!handled) tell("form", { answer, item });
  },
  problem(answer) {
    const { item, handled } = answer.id ? answered(answer) : {};
    if (!handled) tell("problem", { answer, item });
  },
};

function receive(message) {
  receivers[message.type]?.(message);
}

/** Not through the outbox: meeting somebody is not worth keeping. */
export const meet = (name) => socket.send(JSON.stringify({ type: "meet", name }));

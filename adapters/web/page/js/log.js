// What has been said in one place: messages with their authors, days, threads, and what is still on its way.

import { drawCards } from "./cards.js";
import { ask } from "./dialogs.js";
import { arrange, freshId, h, keepFocus } from "./dom.js";
import { act, isUnsent, unsent } from "./outbox.js";
import { entriesIn, state, unread } from "./state.js";
import { dayKey, dayName, fullTime, timeOf } from "./time.js";

const TOGETHER = 5 * 60_000; // ms between two messages of one author that stand together

/** {element, draw()}. `openThread` opens a thread; `lead` returns an entry to stand on top. */
export function log(place, label, { openThread, lead = () => null, empty = "" }) {
  const element = h("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": label, tabindex: "0" });
  const signs = h("div", { class: "signs", "aria-live": "polite" });
  const drawn = new Map(); // key → {signature, node}
  let stuck = true; // to the end
  let last = null; // the node that stands there
  element.addEventListener("scroll", () => {
    stuck = beneath() < 60 + beyond();
  });
  new ResizeObserver(() => stuck && (beyond() === 0 || beneath() < 60) && toBottom()).observe(element);

  /** How much lies below what is in view; how much of the newest message does not fit into the view at all. */
  const beneath = () => element.scrollHeight - element.scrollTop - element.clientHeight;
  const beyond = () => Math.max(0, (element.lastElementChild?.offsetHeight ?? 0) - element.clientHeight);
  const toBottom = () => {
    element.scrollTop = element.scrollHeight;
  };

  /** To the newest message: to its end, or to its beginning where it is longer than the view. */
  const toEnd = () => {
    toBottom();
    element.scrollTop -= beyond();
  };

  function once(key, signature, make) {
    const known = drawn.get(key);
    if (known?.signature === signature) return known.node;
    const node = make();
    drawn.set(key, { signature, node });
    return node;
  }

  function draw() {
    const top = lead();
    const said = [...(top ? [top] : []), ...entriesIn(place)];
    const known = new Set(said.map((entry) => entry.id));
    const sending = unsent()
      .filter(({ message }) => message.type === "say" && message.place === place && !known.has(message.id))
      .map(asEntry);
    const nodes = [];
    let before = null;
    for (const entry of [...said, ...sending]) {
      const at = new Date(entry.at);
      if (!before || dayKey(new Date(before.at)) !== dayKey(at))
        nodes.push(once(`day ${dayKey(at)}`, dayName(at), () => h("div", { class: "day", role: "separator" }, dayName(at))));
      const follow = Boolean(
        before &&
        nodes.at(-1).classList.contains("message") &&
        before.author.key === entry.author.key &&
        at - new Date(before.at) < TOGETHER &&
        !before.thread &&
        !entry.thread,
      );
      const pending = entry.sending || isUnsent(entry.id);
      const replies = entry.thread && entry.thread !== place ? entriesIn(entry.thread).filter((reply) => !reply.gone) : null;
      const news = replies ? unread(entry.thread) : 0;
      const signature = [entry.seq, state.view, follow, pending, replies?.length, news].join();
      nodes.push(once(entry.id, signature, () => message(entry, place, { follow, pending, replies, news, openThread })));
      before = entry;
    }
    if (!nodes.length && empty) nodes.push(once("empty", "", () => h("p", { class: "empty" }, empty)));
    keepFocus(element, () => arrange(element, nodes), element);
    for (const key of drawn.keys()) if (!nodes.includes(drawn.get(key).node)) drawn.delete(key);
    drawSigns(signs, place);
    if (stuck && (last !== element.lastElementChild || beyond() === 0)) toEnd();
    last = element.lastElementChild;
  }

  return {
    element,
    signs,
    draw,
    toEnd: () => {
      stuck = true;
      toEnd();
    },
  };
}

/** Somebody is heard, or an answer is being thought about. */
export function drawSigns(element, place) {
  const now = state.signs.get(place);
  const word = now && now.until > Date.now() ? ({ heard: "✓ heard", thinking: "Loopcoach is reading" }[now.sign] ?? "") : "";
  if (element.textContent !== word) element.replaceChildren(word && h("span", { class: now.sign === "thinking" ? "thinking" : "" }, word));
}

const asEntry = ({ message, since }) => ({
  id: message.id,
  seq: 0,
  place: message.place,
  text: message.text,
  cards: [],
  at: new Date(since).toISOString(),
  author: { key: state.me.key, name: state.me.name, bot: false },
  only: null,
  audience: "everyone",
  sending: true,
});

export function avatar(author, small = false) {
  if (author.bot) return h("span", { class: "avatar", "aria-hidden": "true" }, h("img", { src: "/page/mark.svg", alt: "" }));
  const initials = author.name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0])
    .join("")
    .toLocaleUpperCase();
  const hue = [...author.key].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) >>> 0, 7) % 6;
  return h("span", { class: `avatar hue-${hue}${small ? " small" : ""}`, "aria-hidden": "true" }, initials);
}

function message(entry, place, { follow, pending, replies, news, openThread }) {
  const at = new Date(entry.at);
  const mine = entry.author.key === state.me.key;
  const passing = entry.audience === "passing" && !mine;
  const personal = entry.only && !place.includes("/@");
  const body = h("div", { class: "body" }, said(entry, place));
  const element = h(
    "article",
    {
      class: `message${follow ? " follow" : ""}${personal || passing ? " own-only" : ""}`,
      tabindex: "-1",
      "data-entry": entry.id,
      "data-state": pending ? "sending" : null,
      "aria-label": `${entry.author.name}, ${timeOf(at)}`,
    },
    avatar(entry.author),
    h(
      "p",
      { class: "byline" },
      h("strong", { dir: "auto" }, entry.author.name),
      h("time", { datetime: entry.at, title: fullTime(at) }, timeOf(at)),
    ),
    body,
  );
  if (pending) body.append(h("span", { class: "mark-small" }, "sending…"));
  if (entry.edited && !entry.gone) body.append(h("span", { class: "mark-small" }, "(edited)"));
  if (personal || passing) {
    body.append(
      h(
        "p",
        { class: "private" },
        "Only you can see this",
        passing &&
          h(
            "button",
            { type: "button", class: "quiet", "data-line": "dismiss", onclick: () => act({ type: "delete", entry: entry.id }) },
            "Dismiss",
          ),
      ),
    );
  }
  if (replies) {
    const words = replies.length ? `${replies.length} ${replies.length === 1 ? "reply" : "replies"}` : "Open thread";
    body.append(
      h(
        "button",
        { type: "button", class: "replies", "data-line": "thread", onclick: () => openThread(entry.thread) },
        words,
        news > 0 && h("span", { class: "badge" }, `${news} new`),
      ),
    );
  }
  if (mine && !entry.gone && !entry.sending && entry.text) element.append(own(entry, body, element));
  return element;
}

function said(entry, place) {
  if (entry.gone) return h("p", { class: "gone" }, entry.author.bot ? "This is gone." : "Deleted by its author.");
  return entry.cards.length ? drawCards(entry, place) : h("p", { class: "said", dir: "auto" }, entry.text);
}

/** What one may do with one's own words. */
function own(entry, body, element) {
  return h(
    "div",
    { class: "own", role: "group", "aria-label": "Your message" },
    h("button", { type: "button", "data-line": "edit", onclick: () => reword(entry, body, element) }, "Edit"),
    h(
      "button",
      {
        type: "button",
        "data-line": "delete",
        onclick: async () => (await ask("Delete this message?", "Delete", true)) && act({ type: "delete", entry: entry.id }),
      },
      "Delete",
    ),
  );
}

function reword(entry, body, element) {
  const id = freshId("reword");
  const before = [...body.childNodes];
  const box = h("textarea", { id, dir: "auto", "aria-label": "Your message" });
  box.value = entry.text;
  const back = () => {
    body.replaceChildren(...before);
    element.focus();
  };
  const save = () => {
    const text = box.value.trimEnd();
    if (text.trim() && text !== entry.text) act({ type: "edit", entry: entry.id, text });
    back();
  };
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") back();
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      save();
    }
  });
  body.replaceChildren(
    h(
      "div",
      { class: "rewording" },
      box,
      h(
        "div",
        {},
        h("button", { type: "button", class: "primary", onclick: save }, "Save"),
        h("button", { type: "button", class: "plain", onclick: back }, "Cancel"),
      ),
    ),
  );
  box.focus();
}

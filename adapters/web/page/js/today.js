// The first view: one question, a box that is ready to be typed into, and below it what came of it.

import { pressLine, say } from "./actions.js";
import { drawCards } from "./cards.js";
import { arrange, busy, freshId, h, keepFocus } from "./dom.js";
import { keep, recall } from "./kept.js";
import { drawSigns } from "./log.js";
import { act } from "./outbox.js";
import { draft, entriesIn, everything, keepDraft, myDm, on, outside, state } from "./state.js";
import { longDay } from "./time.js";

const memory = () => recall(`today.${state.me.key}`, {});
const remember = (change) => keep(`today.${state.me.key}`, { ...memory(), ...change });
const answerLine = (entry) =>
  entry.cards
    .flatMap((card) => card.buttons ?? [])
    .flatMap((button) => button.buttons ?? button)
    .find((button) => button.line.startsWith("answer "))?.line;
const spansOf = (entry) => (entry && memory().results?.[entry.id]) ?? []; // of time: [from, to], null while it lasts
const newestAt = () => everything().at(-1)?.at ?? "";

/** {element, draw(), showsNewest(), focus()} */
export function today() {
  const id = freshId("answer");
  const another = h("button", { type: "button", class: "quiet", onclick: takeAnother }, "Another question");
  const heading = h("h2", {}, `Today · ${longDay(new Date())}`);
  const lead = h("section", { class: "lead", "aria-label": "Today’s question" });
  const box = h("textarea", {
    id,
    dir: "auto",
    placeholder: "Three to six sentences, as you would say them.",
    "aria-describedby": `${id}-keys ${id}-problem`,
  });
  const problem = h("p", { class: "problem", id: `${id}-problem`, role: "alert" });
  const review = h("button", { class: "primary" }, "Review my answer");
  const keys = h("span", { class: "grow", id: `${id}-keys` }, h("span", { class: "wide" }, "Ctrl+Enter reviews. "), "Only you see it.");
  const signs = h("div", { class: "signs", "aria-live": "polite" });
  const form = h(
    "form",
    { class: "answer", onsubmit: submit },
    h("label", { class: "sr", for: id }, "Your answer"),
    box,
    problem,
    h("div", { class: "row" }, review, keys, signs),
  );
  const results = h("section", { class: "results", role: "log", "aria-live": "polite", "aria-label": "What came of it", tabindex: "-1" });
  const element = h(
    "div",
    { class: "today" },
    h("div", { class: "today-inner" }, h("div", { class: "today-line" }, heading, another), lead, form, results),
  );

  let shown = null; // the entry on top
  let signature = "";
  let seen = new Set();
  const drawn = new Map();

  box.addEventListener("input", () => {
    if (shown) keepDraft(`answer.${shown.id}`, box.value);
    problem.textContent = "";
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  on("pressed", ({ from, place }) => outside(place) === myDm() && (element.contains(from) ? expect() : enough()));

  /** The newest daily question; after *Another question* the one that was asked for, until the next daily one comes. */
  function question() {
    const daily = everything()
      .filter((entry) => entry.id.startsWith("daily/") && !entry.gone && answerLine(entry))
      .at(-1);
    const { since } = memory();
    if (!since || (daily && daily.at > since)) return daily ?? asked("");
    return asked(since) ?? daily;
  }

  const asked = (since) =>
    entriesIn(myDm())
      .filter((entry) => entry.at > since && !entry.gone && answerLine(entry))
      .at(-1);

  function takeAnother() {
    remember({ since: newestAt() || new Date(0).toISOString() });
    pressLine(another, "question");
  }

  /** From now on what comes is an answer to something done here … */
  function expect() {
    const spans = spansOf(shown);
    if (shown && spans.at(-1)?.[1] !== null) remember({ results: { [shown.id]: [...spans, [newestAt(), null]] } });
  }

  /** … until something is asked elsewhere. */
  function enough() {
    const spans = spansOf(shown);
    if (spans.length && spans.at(-1)[1] === null)
      remember({ results: { [shown.id]: [...spans.slice(0, -1), [spans.at(-1)[0], newestAt()]] } });
  }

  function submit(event) {
    event.preventDefault();
    box.focus({ preventScroll: true });
    if (!shown || review.getAttribute("aria-disabled") === "true") return;
    if (!box.value.trim()) return void (problem.textContent = "Write a few sentences first, or press I pass to see the bullets.");
    expect();
    problem.textContent = "";
    busy(review, true);
    act(
      { type: "submit", place: myDm(), line: answerLine(shown), fields: { text: box.value }, entry: shown.id },
      {
        settled: () => busy(review, false),
        heard: () => {
          review.textContent = "Review again";
        },
        errors: ({ errors }) => {
          problem.textContent = Object.values(errors).join(" ");
          box.focus();
        },
        problem: ({ text }) => {
          problem.textContent = text;
        },
        waiting: ({ text }) => {
          problem.textContent = text;
        },
      },
    );
    if (state.away) say("Kept. I send it as soon as Loopcoach is back.");
  }

  function draw() {
    const entry = question();
    if (entry?.id !== shown?.id) {
      shown = entry;
      box.value = entry ? draft(`answer.${entry.id}`) : "";
      review.textContent = "Review my answer";
      problem.textContent = "";
      element.scrollTop = 0;
    }
    form.hidden = another.hidden = !entry;
    const now = [entry?.id, entry?.seq, state.view, state.me.key].join();
    if (now !== signature) {
      signature = now;
      keepFocus(
        lead,
        () =>
          lead.replaceChildren(
            ...(entry ? drawCards(entry, myDm(), { hide: (button) => button.line?.startsWith("answer ") }) : [nothing()]),
          ),
        box,
      );
    }
    drawResults(entry);
    drawSigns(signs, myDm());
  }

  function cameOf(one) {
    const within = ([from, to]) => one.at > from && (to === null || one.at <= to);
    return one.author.bot && !one.gone && !one.thread && one.id !== shown?.id && spansOf(shown).some(within);
  }

  /** What arrived in one's own room for what was done here, newest first: right below the box. A thread has its own pane. */
  function drawResults(entry) {
    const arrived = entriesIn(myDm()).filter(cameOf).reverse();
    const news = arrived.filter((one) => !seen.has(one.id)).length > 0 && seen.size > 0;
    const nodes = arrived.map((one) => {
      const mark = [one.seq, state.view].join();
      if (drawn.get(one.id)?.mark !== mark) drawn.set(one.id, { mark, node: result(one) });
      return drawn.get(one.id).node;
    });
    keepFocus(results, () => arrange(results, nodes), box);
    seen = new Set(["", ...arrived.map((one) => one.id)]);
    if (news) reveal(nodes[0]);
  }

  /** Into view, as far as that leaves the box in view. */
  function reveal(node) {
    const below = node.getBoundingClientRect().top + Math.min(node.offsetHeight, 340) - element.getBoundingClientRect().bottom;
    const room = box.getBoundingClientRect().top - element.getBoundingClientRect().top - 8;
    if (below > 0) element.scrollBy({ top: Math.min(below, Math.max(0, room)), behavior: "smooth" });
  }

  function result(one) {
    const passing = one.audience === "passing";
    return h(
      "article",
      { class: `result${passing ? " own-only" : ""}`, tabindex: "-1", "data-entry": one.id },
      drawCards(one, myDm()),
      passing &&
        h(
          "p",
          { class: "private" },
          "Only you can see this",
          h("button", { type: "button", class: "quiet", onclick: () => act({ type: "delete", entry: one.id }) }, "Dismiss"),
        ),
    );
  }

  function nothing() {
    return h(
      "div",
      { class: "card" },
      h("h3", { class: "title" }, "No question yet today"),
      h("p", { class: "text" }, "Take one now, or set up a daily one in #backend-interviews with /drill setup."),
      h("div", { class: "buttons" }, h("button", { type: "button", class: "primary", onclick: takeAnother }, "Give me a question")),
    );
  }

  /** Whether the newest of one's own room stands among what came of it. */
  const showsNewest = () => entriesIn(myDm()).slice(-1).some(cameOf);

  return { element, draw, showsNewest, focus: () => (form.hidden ? lead.querySelector("button") : box)?.focus({ preventScroll: true }) };
}

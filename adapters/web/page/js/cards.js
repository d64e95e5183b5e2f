// A card as the server drew it → elements. The server's fragments are safe HTML; a person's words go in as text.

import { press, openMenu } from "./actions.js";
import { drawBlocks } from "./blocks.js";
import { drawComponents } from "./components.js";
import { h } from "./dom.js";
import { state } from "./state.js";
import { localise } from "./time.js";

const MARKS = {
  covered: ["✓", "covered"],
  maybe: ["?", "maybe"],
  missing: ["✗", "missing"],
  not_asked: ["–", "not asked"],
  claimed: ["☞", "claimed by you"],
};

/** All cards of an entry, in the place where its buttons count as pressed. */
export function drawCards(entry, place, { hide = () => false } = {}) {
  return entry.cards.map((card, i) =>
    drawCard(card, entry, place, hide, entry.cards.length > 1 ? `Message ${i + 1} of ${entry.cards.length}` : ""),
  );
}

function drawCard(card, entry, place, hide, part) {
  if (card.blocks || card.components) return drawMessage(card, entry, place, hide, part);
  const buttons = (card.buttons ?? []).filter((button) => !hide(button));
  const plain = Object.keys(card).every((name) => name === "text");
  const element = h(
    "div",
    { class: plain ? "card bare" : "card", "data-look": state.view === "web" ? null : state.view },
    part && h("p", { class: "part" }, part),
    card.eyebrow && h("p", { class: "eyebrow", html: card.eyebrow }),
    card.title && h("h3", { class: "title", html: card.title }),
    card.quote && h("blockquote", { class: "quote" }, h("b", {}, "You said:"), h("q", { dir: "auto" }, card.quote)),
    card.text && h("div", { class: "text prose", html: card.text }),
    card.facts &&
      h(
        "dl",
        { class: "facts" },
        card.facts.map((fact) => h("div", {}, h("dt", {}, fact.label), h("dd", { html: fact.value }))),
      ),
    card.bullets && h("ul", { class: "bullets" }, card.bullets.map(bullet)),
    card.after && h("div", { class: "prose", html: card.after }),
    card.chart && chart(card.chart, entry),
    buttons.length > 0 &&
      h(
        "div",
        { class: "buttons", role: "group", "aria-label": "What you can do" },
        buttons.map((button) => draw(button, entry, place)),
      ),
    card.file && save(card.file, entry),
    card.footer && h("p", { class: "footer", html: card.footer }),
  );
  localise(element);
  return element;
}

/** As another platform shows it: what is really sent there. */
function drawMessage(card, entry, place, hide, part) {
  const at = { entry, place, hide, chart: chartOf(entry) };
  const element = h(
    "div",
    { class: "card", "data-look": state.view },
    part && h("p", { class: "part" }, part),
    card.blocks ? drawBlocks(card.blocks, at) : drawComponents(card.components, at),
    card.file && save(card.file, entry),
  );
  localise(element);
  return element;
}

function bullet(line) {
  const [sign, word] = MARKS[line.mark] ?? [];
  return h(
    "li",
    { "data-mark": line.mark },
    h("span", { class: sign ? "mark" : "dot", "aria-hidden": "true" }, sign ?? "•"),
    h(
      "div",
      {},
      h("span", { html: line.text }),
      word && h("span", { class: "status" }, word),
      line.quote && h("q", { class: "cited", dir: "auto" }, line.quote),
      line.note && h("span", { class: "note", html: line.note }),
    ),
  );
}

function chart({ title, alt }, entry) {
  const image = h("img", { src: chartOf(entry), alt, loading: "lazy", width: "720", height: "360" });
  return h("figure", { class: "chart" }, h("figcaption", {}, title), image);
}

const chartOf = (entry) => address(`/chart/${encodeURIComponent(entry.id)}.png`, { v: entry.seq });

const save = (file, entry) =>
  h(
    "a",
    { class: "plain file", href: address(`/file/${encodeURIComponent(entry.id)}/${encodeURIComponent(file)}`), download: file },
    `Save ${file}`,
  );

function draw(button, entry, place) {
  if (button.buttons) {
    return h(
      "button",
      {
        type: "button",
        class: "plain menu-button",
        "aria-haspopup": "true",
        "data-line": button.label,
        onclick: ({ currentTarget }) => openMenu(currentTarget, button, entry, place),
      },
      button.label,
    );
  }
  return h(
    "button",
    {
      type: "button",
      class: button.style,
      "data-line": button.line,
      onclick: ({ currentTarget }) => press(currentTarget, button, { entry: entry.id, place }),
    },
    button.label,
  );
}

/** Without a password the address says who looks. */
function address(path, params = {}) {
  const query = new URLSearchParams({ ...params, ...(state.free ? { as: state.me.key } : {}) });
  return `${path}?${query}`;
}

// Slack's blocks as elements: the ones that are really sent, drawn as Slack draws them. Texts go in as texts.

import { openMenu, press } from "./actions.js";
import { h } from "./dom.js";

const STYLES = { bold: "b", italic: "i", strike: "s", code: "code" };
const TOKENS = { "{time}": "time", "{date_short_pretty}": "date", "{date_short_pretty} {time}": "datetime" };

/** The blocks of one message. `hide` leaves out buttons by their line. */
export function drawBlocks(blocks, { entry, place, hide, chart }) {
  return blocks.map((block) => drawers[block.type]?.(block, { entry, place, hide, chart }));
}

const drawers = {
  header: ({ text }) => h("h3", { class: "title" }, text.text),
  context: ({ elements }) => h("p", { class: "eyebrow" }, elements.flatMap(text)),
  section: ({ text: said, fields }) =>
    h("div", { class: "section" }, said && h("p", {}, text(said)), fields && h("div", { class: "fields" }, fields.map((field) => h("p", {}, text(field))))),
  markdown: ({ html }) => h("div", { class: "text prose", html }),
  rich_text: ({ elements }) => h("div", { class: "rich" }, elements.map(rich)),
  image: ({ alt_text, title }, { chart }) =>
    h("figure", { class: "chart" }, h("figcaption", {}, title?.text), h("img", { src: chart, alt: alt_text, loading: "lazy" })),
  actions: ({ elements }, at) => row(elements.map((element) => control(element, at))),
  context_actions: ({ elements }, at) => row(elements.flatMap((element) => rating(element, at))),
  divider: () => h("hr"),
};

const row = (buttons) => {
  const shown = buttons.filter(Boolean);
  return shown.length ? h("div", { class: "buttons", role: "group", "aria-label": "What you can do" }, shown) : null;
};

// --- texts ---

const text = (object) => (object.type === "mrkdwn" ? mrkdwn(object.text) : object.text);

const MARKUP = /<!date\^(\d+)\^([^|>]*)\|([^>]*)>|<(https?:[^|>]*)\|?([^>]*)>|`([^`\n]+)`|(?<!\w)\*([^*\n]+)\*(?!\w)|(?<!\w)_([^_\n]+)_(?!\w)|(?<!\w)~([^~\n]+)~(?!\w)/g;

function mrkdwn(source) {
  const nodes = [];
  let done = 0;
  for (const match of source.matchAll(MARKUP)) {
    nodes.push(...lines(source.slice(done, match.index)), markup(match));
    done = match.index + match[0].length;
  }
  return [...nodes, ...lines(source.slice(done))];
}

function markup([, at, tokens, fallback, url, label, code, bold, italic, struck]) {
  if (at) return moment(Number(at), tokens, fallback);
  if (url) return link(unescape(url), unescape(label || url));
  if (code) return h("code", {}, unescape(code));
  if (bold) return h("b", {}, mrkdwn(bold));
  return italic ? h("i", {}, mrkdwn(italic)) : h("s", {}, mrkdwn(struck));
}

const unescape = (source) => source.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
const lines = (source) => unescape(source).split("\n").flatMap((line, i) => (i ? [h("br"), line] : [line]));
const link = (href, label) => h("a", { href, target: "_blank", rel: "noopener noreferrer" }, label);
const moment = (seconds, tokens, fallback) =>
  h("time", { datetime: new Date(seconds * 1000).toISOString(), "data-style": TOKENS[tokens] ?? "datetime" }, fallback);

// --- rich text ---

function rich(element) {
  const inside = element.elements.flatMap((part) => (part.elements ? [rich(part)] : piece(part)));
  switch (element.type) {
    case "rich_text_quote":
      return h("blockquote", { class: "cited", dir: "auto" }, inside);
    case "rich_text_preformatted":
      return h("pre", {}, inside);
    case "rich_text_list":
      return h(element.style === "ordered" ? "ol" : "ul", { start: element.offset ? element.offset + 1 : null }, inside.map((item) => h("li", {}, item)));
    default:
      return h("div", {}, inside);
  }
}

function piece(part) {
  const shown =
    part.type === "date"
      ? [moment(part.timestamp, part.format, part.fallback)]
      : part.type === "link"
        ? [link(part.url, part.text ?? part.url)]
        : (part.text ?? "").split("\n").flatMap((line, i) => (i ? [h("br"), line] : [line]));
  const tags = Object.keys(STYLES).filter((style) => part.style?.[style]);
  return tags.length ? [tags.reduce((node, style) => h(STYLES[style], {}, node), shown)] : shown;
}

// --- buttons ---

const button = (label, line, more) => ({ label: label.text, line, style: "plain", ...more });

function control(element, { entry, place, hide }) {
  if (element.type === "static_select") {
    const menu = { label: element.placeholder.text, buttons: element.options.map((option) => button(option.text, option.value)) };
    return h(
      "button",
      {
        type: "button",
        class: "plain menu-button",
        "aria-haspopup": "true",
        "data-line": menu.label,
        onclick: ({ currentTarget }) => openMenu(currentTarget, menu, entry, place),
      },
      menu.label,
    );
  }
  const made = button(element.text, element.value, { style: element.style ?? "plain", confirm: element.confirm?.text.text });
  return hide(made) ? null : pressable(made, entry, place);
}

const rating = ({ positive_button: yes, negative_button: no }, { entry, place }) =>
  [yes, no].map((side) => pressable(button(side.text, side.value), entry, place));

const pressable = (made, entry, place) =>
  h(
    "button",
    {
      type: "button",
      class: made.style,
      "data-line": made.line,
      onclick: ({ currentTarget }) => press(currentTarget, made, { entry: entry.id, place }),
    },
    made.label,
  );

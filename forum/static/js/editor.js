// The tools above a text in Markdown: buttons and keys for what is hard to type, code blocks, tables, full screen.
import "../vendor/markdown-toolbar-element-2.2.3/markdown-toolbar-element.js";
import { define } from "./attach.js";
import { insert } from "./insert.js";
import { gettext } from "./texts.js";

const KEYS = { b: "bold", i: "italic", e: "code", k: "link" };

define("editor", attach);

function attach(editor) {
  const text = editor.querySelector("textarea");
  const tools = editor.querySelector("markdown-toolbar");
  const languages = tools.querySelector("details");
  const full = tools.querySelector("[data-full-screen]");

  text.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || !(event.ctrlKey || event.metaKey)) return;
    const name = event.shiftKey ? undefined : KEYS[event.key.toLowerCase()];
    if (event.key === "Enter") text.form.requestSubmit();
    else if (name) tools.querySelector(`[data-md-button="${name}"]`).click();
    else return;
    event.preventDefault();
  });

  languages.addEventListener("click", ({ target }) => {
    const chosen = target.closest("[data-language]");
    if (!chosen) return;
    languages.open = false;
    codeBlock(text, chosen.dataset.language);
  });
  languages.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !languages.open) return;
    languages.open = false;
    languages.querySelector("summary").focus();
    event.stopPropagation();
  });
  languages.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !languages.contains(relatedTarget)) languages.open = false;
  });

  tools.querySelector("[data-table]").addEventListener("click", () => table(text));
  full.addEventListener("click", () => fill(full.ariaPressed !== "true"));
  editor.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && full.ariaPressed === "true" && !event.defaultPrevented) fill(false);
  });
  text.form.addEventListener("submit", () => fill(false));

  function fill(isFull) {
    full.ariaPressed = String(isFull);
    editor.classList.toggle("editor-full", isFull);
    document.documentElement.classList.toggle("has-full-editor", isFull);
    if (isFull) text.focus();
  }
}

function codeBlock(text, language) {
  const { selectionStart: start, selectionEnd: end, value } = text;
  const code = value.slice(start, end);
  // A fence must be longer than any inside, and stand on a line of its own.
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  const before = start && value[start - 1] !== "\n" ? "\n\n" : "";
  const after = value[end] && value[end] !== "\n" ? "\n\n" : "\n";
  const opening = `${before}${fence}${language}\n`;
  insert(text, `${opening}${code}\n${fence}${after}`, start, end);
  text.setSelectionRange(start + opening.length, start + opening.length + code.length);
}

function table(text) {
  const { selectionStart: start, value } = text;
  const before = start && !value.slice(0, start).endsWith("\n\n") ? (value[start - 1] === "\n" ? "\n" : "\n\n") : "";
  // Translators: it is the heading of each column of a new table, to be written over.
  const column = gettext("Column");
  insert(text, `${before}| ${column} | ${column} |\n| --- | --- |\n|  |  |\n|  |  |\n`, start, start);
  const first = start + before.length + 2;
  text.setSelectionRange(first, first + column.length);
}

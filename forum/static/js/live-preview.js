// Shows below a text what it will look like, as the server renders it, shortly after the last key.
import { define } from "./attach.js";

const PAUSE = 600; // milliseconds; a request for every key would cost the server more than it tells the writer

define("live-preview", attach);

function attach(editor) {
  const text = editor.querySelector("textarea");
  const section = editor.querySelector("[data-preview]");
  const shown = section.querySelector("[id]");
  let timer = 0;
  let former = null;
  let asked = null;

  text.form.querySelector("[data-preview-button]")?.setAttribute("hidden", "");
  text.addEventListener("input", later);
  if (text.value) refresh();

  function later() {
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  }

  async function refresh() {
    if (text.value === asked) return;
    former?.abort();
    former = new AbortController();
    asked = text.value;
    section.hidden = asked.trim() === "";
    if (section.hidden) return;
    const body = new URLSearchParams({
      source: asked,
      flavour: editor.dataset.flavour,
      csrf_token: text.form.elements.csrf_token.value,
    });
    const headers = { "HX-Request": "true" };
    try {
      const response = await fetch(editor.dataset.previewAddress, { method: "POST", body, headers, signal: former.signal });
      // What comes back has passed the same sanitising as everything that is stored.
      if (response.ok || response.status < 500) shown.innerHTML = await response.text();
    } catch (error) {
      if (error.name !== "AbortError") asked = null;
    }
  }
}

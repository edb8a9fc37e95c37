// Takes images that are chosen, dropped or pasted, sends them with progress, and puts them where the caret was.
import "../vendor/file-attachment-element-3.2.0/file-attachment-element.js";
import { announce } from "./announce.js";
import { define } from "./attach.js";
import { insert, replace } from "./insert.js";
import { gettext } from "./texts.js";

// Translators: it stands where an image is described, to be written over.
const DESCRIPTION = gettext("describe this image");
const NOT_SENT = gettext("It did not arrive. Check your connection and add it again.");
const BROKEN = gettext("The site could not take it at the moment. Try again later.");

define("images", attach);

function attach(attachment) {
  const text = attachment.querySelector("textarea");
  const chooser = attachment.querySelector("[data-choose-images]");
  const under = attachment.querySelector("[data-sending]");
  let number = 0;

  chooser.addEventListener("click", () => attachment.querySelector("input[type=file]").click());
  attachment.addEventListener("file-attachment-accepted", async ({ detail }) => {
    // One after the other: several at once would only share the same line, and arrive in any order.
    for (const { file } of detail.attachments) await add(file);
  });

  async function add(file) {
    number += 1;
    const told = gettext("Sending %(name)s (%(number)s)…", { name: plain(file.name), number });
    const place = `![${told}]()`;
    insert(text, `${place}\n`);
    const line = progressLine(file.name);
    under.append(line);
    addEventListener("beforeunload", ask);
    try {
      const { url, markdown } = await send(file, (part) => (line.querySelector("progress").value = part));
      const shown = markdown ?? `![](${url})`;
      const described = shown.replace(/^!\[[^\]]*\]/, `![${DESCRIPTION}]`);
      if (!replace(text, place, described)) return;
      askForDescription(described);
      announce(gettext("%(name)s is added. Describe it for those who can't see it.", { name: file.name }));
    } catch (error) {
      replace(text, `${place}\n`, "");
      refuse(`${file.name}: ${error.message}`);
    } finally {
      line.remove();
      if (!under.querySelector("progress")) removeEventListener("beforeunload", ask);
    }
  }

  function askForDescription(described) {
    const at = text.value.indexOf(described);
    // Not while somebody writes on elsewhere in the text.
    if (document.activeElement !== text || text.selectionStart > at + described.length + 1) return;
    text.setSelectionRange(at + 2, at + 2 + DESCRIPTION.length);
  }

  function send(file, progress) {
    const body = new FormData();
    body.set("csrf_token", text.form.elements.csrf_token.value);
    body.set("file", file);
    const request = new XMLHttpRequest();
    return new Promise((resolve, reject) => {
      request.upload.addEventListener("progress", ({ loaded, total }) => progress(total ? loaded / total : 0));
      request.addEventListener("error", () => reject(new Error(NOT_SENT)));
      request.addEventListener("load", () => {
        const answer = readable(request.responseText);
        if (request.status === 201 && answer.url) resolve(answer);
        else reject(new Error(answer.error ?? BROKEN));
      });
      request.open("POST", attachment.dataset.images);
      request.setRequestHeader("HX-Request", "true");
      request.send(body);
    });
  }

  function refuse(message) {
    const notice = Object.assign(document.createElement("p"), { role: "alert", className: "notice notice-error", textContent: message });
    under.replaceChildren(notice);
    text.addEventListener("input", () => notice.remove(), { once: true });
  }
}

// A page that is left while it sends an image keeps the text as a draft, but not the image.
function ask(event) {
  event.preventDefault();
}

function progressLine(name) {
  const line = Object.assign(document.createElement("p"), { className: "sending" });
  const shown = Object.assign(document.createElement("span"), { textContent: name, dir: "auto" });
  const label = gettext("Sending %(name)s", { name });
  line.append(shown, Object.assign(document.createElement("progress"), { max: 1, value: 0, ariaLabel: label }));
  return line;
}

function plain(name) {
  return name.replace(/[[\]()]/g, "");
}

function readable(json) {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}

// Offers tags for the word at the caret: a combobox with a listbox, after the pattern of the ARIA guide.
const PAUSE = 150; // milliseconds

export function attach(field) {
  const input = field.querySelector("input");
  const list = Object.assign(document.createElement("ul"), { id: `${input.id}-offers`, className: "offers", hidden: true });
  let timer = 0;
  let current = -1;
  list.role = "listbox";
  list.ariaLabel = "Tags";
  input.after(list);
  input.role = "combobox";
  input.ariaAutoComplete = "list";
  input.setAttribute("aria-controls", list.id);
  close();

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(offer, PAUSE);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose((current + step + list.children.length) % list.children.length);
    else if ((event.key === "Enter" || event.key === "Tab") && current >= 0) take(list.children[current]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  // Taking focus away from the field would close the list before the click arrives.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => take(event.target.closest("[role=option]")));

  function word() {
    const end = input.selectionStart;
    return { start: input.value.slice(0, end).search(/[^\s,;]*$/), end };
  }

  async function offer() {
    const { start, end } = word();
    const typed = input.value.slice(start, end);
    if (!typed) return close();
    const response = await fetch(`${field.dataset.completionAddress}?${new URLSearchParams({ q: typed })}`);
    if (!response.ok || input.value.slice(start, end) !== typed) return close();
    const tags = await response.json();
    const isKnown = tags.length === 1 && tags[0].name === typed.toLowerCase();
    // Who has moved on in the meantime, or has typed all of the only name, would find the list in the way.
    if (tags.length === 0 || isKnown || document.activeElement !== input) return close();
    list.replaceChildren(...tags.map(option));
    list.hidden = false;
    input.ariaExpanded = "true";
    choose(-1);
  }

  function option({ name, excerpt, count }, index) {
    const line = Object.assign(document.createElement("li"), { id: `${list.id}-${index}`, role: "option" });
    const parts = [["b", name], ["span", `${count}×`], ["small", excerpt]];
    line.append(...parts.map(([kind, text]) => Object.assign(document.createElement(kind), { textContent: text })));
    line.dataset.name = name;
    return line;
  }

  function choose(index) {
    current = index;
    [...list.children].forEach((line, at) => (line.ariaSelected = String(at === index)));
    if (index >= 0) input.setAttribute("aria-activedescendant", list.children[index].id);
    else input.removeAttribute("aria-activedescendant");
  }

  function take(line) {
    if (!line) return;
    const { start, end } = word();
    input.setRangeText(`${line.dataset.name} `, start, end, "end");
    close();
  }

  function close() {
    list.hidden = true;
    input.ariaExpanded = "false";
    choose(-1);
  }
}

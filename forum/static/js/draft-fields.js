// The fields of a form that belong to its draft, and how the site is told of them.
const FIELDS = ["title", "source", "tags", "summary"];
const KEEPALIVE_BYTES = 60_000; // browsers send no more than 64 KiB once a page is left

export class DraftFields {
  #form;
  #names;
  #turn = 0;

  constructor(form) {
    this.#form = form;
    this.#names = FIELDS.filter((name) => form.elements[name]);
  }

  get place() {
    return this.#form.elements.place.value;
  }

  get version() {
    return this.#form.elements.draft_version.value;
  }

  set version(version) {
    this.#form.elements.draft_version.value = version;
    const notice = this.#form.previousElementSibling;
    if (notice?.matches("[data-draft-notice]")) notice.elements.draft_version.value = version;
  }

  get texts() {
    return Object.fromEntries(this.#names.map((name) => [name, this.#form.elements[name].value]));
  }

  get isEmpty() {
    return Object.values(this.texts).every((text) => text.trim() === "");
  }

  get hasText() {
    return this.#form.elements.source.value.trim() !== "";
  }

  // What two states of the form are compared by.
  get written() {
    return JSON.stringify(this.texts);
  }

  // The state in which the page came. Browsers that go back in history put what was typed into it, sooner or later.
  get served() {
    return JSON.stringify(this.#servedTexts);
  }

  get #servedTexts() {
    return Object.fromEntries(this.#names.map((name) => [name, this.#form.elements[name].defaultValue]));
  }

  isServed(draft) {
    return this.#names.every((name) => draft[name] === this.#servedTexts[name]);
  }

  hold(draft) {
    return this.#names.every((name) => draft[name] === this.texts[name]);
  }

  // All that the site must know of the text, to be sent now or later.
  get draft() {
    const { submission, based_on: basedOn } = this.#form.elements;
    const revision = basedOn ? { based_on: basedOn.value } : {};
    return { ...this.texts, ...revision, submission: submission.value, draft_version: this.version };
  }

  fill(texts) {
    for (const name of this.#names) {
      this.#form.elements[name].value = texts[name] ?? "";
      // The preview and the like follow what is typed.
      this.#form.elements[name].dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (texts.based_on && this.#form.elements.based_on) this.#beginWith(texts.based_on);
    this.#form.closest("details")?.setAttribute("open", "");
  }

  // The revision that an edit began with; where that is not the saved one any more, the page says so.
  #beginWith(revision) {
    this.#form.elements.based_on.value = revision;
    const older = this.#form.parentElement.querySelector("[data-saved]");
    if (older) older.hidden = Number(revision) >= Number(older.dataset.saved);
  }

  // Lets another form send the text, too.
  addTo(formData) {
    for (const [name, value] of Object.entries({ ...this.draft, turn: this.#nextTurn() })) formData.set(name, value);
  }

  #nextTurn() {
    return (this.#turn = Math.max(this.#turn + 1, Date.now()));
  }

  // Returns what the site says, or the refusal with its reason, or nothing when it can't be reached.
  async tell(draft, address, options = {}) {
    try {
      const response = await this.#send(draft, address, options);
      if (response.headers.get("Content-Type")?.startsWith("application/json")) return await response.json();
      const template = document.createElement("template");
      template.innerHTML = response.status < 500 ? await response.text() : "";
      // Without its session the form's token is worthless, too, which is told by 400.
      const isSignedOut = response.status === 400 || template.content.querySelector("a") !== null;
      return { isSignedOut, reason: template.content.textContent.trim() };
    } catch {
      return null;
    }
  }

  #send(draft, address, { isLeaving = false, signal }) {
    const token = this.#form.elements.csrf_token.value;
    const body = new URLSearchParams({ ...draft, place: this.place, turn: this.#nextTurn(), csrf_token: token });
    const keepalive = isLeaving && body.toString().length < KEEPALIVE_BYTES;
    return fetch(address, { method: "POST", body, keepalive, signal, headers: { "HX-Request": "true" } });
  }
}
